"""The dead-letter queue, for either backend."""

from __future__ import annotations

import hashlib
from collections.abc import Collection

from askfirst.domain.inbound.dead_letter import Route
from askfirst.domain.values.ids import BusinessId, PhoneNumberId, WabaId
from askfirst.domain.values.timestamp import Instant
from askfirst.ports.inbound.dead_letters import (
    REPLAYED_AFTER,
    Backlog,
    DeadLetter,
    Place,
    account_task,
    number_task,
)
from askfirst.ports.tenants.directory import UNROUTED
from askfirst.storage.platform.keyring import Keyring
from askfirst.storage.platform.statements import Statements, TransactionScript
from askfirst.storage.tasks.tasks import enqueue_row


class StoredDeadLetters:
    """See ports.dead_letters.DeadLetters.

    A letter is named by the keyed hash of its body, so the same delivery is kept once.
    """

    def __init__(self, statements: Statements, keyring: Keyring) -> None:
        self._statements = statements
        self._keyring = keyring

    async def keep(
        self, body: bytes, routes: Collection[Route], now: Instant
    ) -> tuple[DeadLetter, bool]:
        name = "dead letter:" + hashlib.sha256(body).hexdigest()
        letter_id = self._keyring.lookup(name).hex()
        sealed = self._keyring.seal(body, UNROUTED.encode())

        def begin() -> TransactionScript[bool]:
            rows = yield "keep_dead_letter", (UNROUTED, letter_id, now, sealed)
            for route in routes:
                yield "route_dead_letter", (UNROUTED, letter_id, *_texts(route))
            return bool(rows)

        is_new = await self._statements.talk(UNROUTED, begin)
        letter = DeadLetter(
            letter_id=letter_id, received_at=now, body=body, routes=frozenset(routes)
        )
        return letter, is_new

    async def find(self, letter_id: str) -> DeadLetter | None:
        rows = await self._statements.fetch("dead_letter", UNROUTED, letter_id)
        if not rows:
            return None
        routes = await self._statements.fetch("dead_letter_routes", UNROUTED, letter_id)
        return DeadLetter(
            letter_id=letter_id,
            received_at=Instant(rows[0][0]),
            body=self._keyring.open(bytes(rows[0][1]), UNROUTED.encode()),
            routes=frozenset(_route(row[0], row[1]) for row in routes),
        )

    async def of_account(self, waba_id: WabaId, after: Place, limit: int) -> tuple[Place, ...]:
        return await self._page("dead_letters_of_account", waba_id, after, limit)

    async def of_number(
        self, phone_number_id: PhoneNumberId, after: Place, limit: int
    ) -> tuple[Place, ...]:
        return await self._page("dead_letters_of_number", phone_number_id, after, limit)

    async def next_account(self, after: str) -> WabaId | None:
        rows = await self._statements.fetch("next_dead_account", UNROUTED, after)
        return WabaId(rows[0][0]) if rows else None

    async def backlog(self, waba_id: WabaId | None, limit: int) -> Backlog | None:
        row = (UNROUTED, waba_id or "", limit)
        found = (await self._statements.fetch("count_dead_letters", *row))[0]
        if not found[0]:
            return None
        number = PhoneNumberId(found[2]) if found[2] else None
        return Backlog(waba_id, number, found[0], Instant(found[1]))

    async def settle(self, letter: DeadLetter, rest: Collection[Route]) -> None:
        def begin() -> TransactionScript[None]:
            yield "lock_dead_letter", (UNROUTED, letter.letter_id)
            for route in rest:
                yield "route_dead_letter", (UNROUTED, letter.letter_id, *_texts(route))
            for route in letter.routes.difference(rest):
                yield "unroute_dead_letter", (UNROUTED, letter.letter_id, *_texts(route))
            yield "drop_dead_letter", (UNROUTED, letter.letter_id)

        await self._statements.talk(UNROUTED, begin)

    async def sweep(self, before: Instant, limit: int) -> int:
        rows = await self._statements.fetch("old_dead_letters", UNROUTED, before, limit)
        for row in rows:
            await self._forget(row[0])
        return len(rows)

    async def _forget(self, letter_id: str) -> None:
        def begin() -> TransactionScript[None]:
            yield "lock_dead_letter", (UNROUTED, letter_id)
            yield "unroute_dead_letter_wholly", (UNROUTED, letter_id)
            yield "drop_dead_letter", (UNROUTED, letter_id)

        await self._statements.talk(UNROUTED, begin)

    async def _page(self, name: str, node: str, after: Place, limit: int) -> tuple[Place, ...]:
        rows = await self._statements.fetch(name, UNROUTED, node, *after, limit)
        return tuple(Place(Instant(row[0]), row[1]) for row in rows)


def _texts(route: Route) -> tuple[str, str]:
    return (route.waba_id or "", route.phone_number_id or "")


def _route(waba_id: str, phone_number_id: str) -> Route:
    return Route(
        WabaId(waba_id) if waba_id else None,
        PhoneNumberId(phone_number_id) if phone_number_id else None,
    )


def replay_rows(
    business_id: BusinessId, waba_id: WabaId, phone_number_id: PhoneNumberId | None, now: Instant
) -> list[tuple[object, ...]]:
    """Return the parameters of statement `enqueue_task` for what is registered now."""
    tasks = [account_task(business_id, waba_id)]
    if phone_number_id is not None:
        tasks.append(number_task(business_id, phone_number_id))
    return [enqueue_row(task, Instant(now + REPLAYED_AFTER)) for task in tasks]
