"""Erasing people and telling them what is held, for either backend.

The transaction that writes the event takes the rows that lead to the person; see `erasing`. What
was kept as it came is looked through afterwards: bodies are sealed, and no index says whom they
name.
"""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Iterator, Sequence
from typing import Any, Final

import msgspec

from askfirst.domain.brakes.verdicts import Mark
from askfirst.domain.consent.erasure import PersonMarks, without_person
from askfirst.domain.held.held_message import HeldMessage
from askfirst.domain.prompts.prompt import Surface
from askfirst.domain.values.alias import Alias, AliasKind
from askfirst.domain.values.ids import BusinessId, ContactId
from askfirst.domain.values.timestamp import Instant
from askfirst.ports.consent.change import WriteBatch
from askfirst.ports.consent.erase_requests import EraseRequest
from askfirst.ports.consent.erasures import (
    CountedMessage,
    HeldData,
    MarketingMessage,
    OperatorLook,
    Removed,
)
from askfirst.ports.tenants.directory import UNROUTED
from askfirst.storage.codes.code_rows import CodeRows
from askfirst.storage.consent.time_zones import split_zones
from askfirst.storage.consent.workspace import ErasedContact
from askfirst.storage.held.held_messages import HeldRows
from askfirst.storage.opt_out.reviews import row_review
from askfirst.storage.platform.keyring import Keyring
from askfirst.storage.platform.rows import Row
from askfirst.storage.platform.statements import Statements
from askfirst.storage.sending.decision_rows import row_decision

_PAGE: Final = 200
_ROWS_OF_PERSON: Final = (
    "erase_aliases",
    "erase_stop_confirmations",
    "erase_reviews",
    "erase_windows",
    "erase_sent_messages",
    "erase_held",
    "erase_time_zones",
    "erase_marketing_sends",
    "erase_asked",
    "erase_links",
    "erase_requests_of",
    "erase_late_stops",
)


def erasing(
    business_id: BusinessId, erased: ErasedContact, person: Sequence[str]
) -> Iterator[tuple[str, tuple[object, ...]]]:
    """Return the statements that take the rows of a contact, and of those merged into it."""
    row = (business_id, erased.contact_id, erased.at, erased.sealed)
    yield "add_erasure", row
    for contact_id in person:
        place = (business_id, contact_id)
        yield "suppress_aliases", (*place, erased.at)
        yield "erase_evidence", (*place, erased.position)
        for name in _ROWS_OF_PERSON:
            yield name, place


def parts_of(changes: Sequence[WriteBatch]) -> Iterator[Sequence[WriteBatch]]:
    """Cut a batch so that each erasure is planned alone: it is about rows, not values."""
    start = 0
    for end, change in enumerate(changes):
        if change.items and change.is_erasure:
            if changes[start:end]:
                yield changes[start:end]
            yield [change]
            start = end + 1
    if changes[start:]:
        yield changes[start:]


class StoredErasures:
    """See ports.erasures.Erasures."""

    def __init__(self, statements: Statements, keyring: Keyring) -> None:
        self._statements = statements
        self._keyring = keyring
        self._codes = CodeRows(keyring)

    async def finish(self, business_id: BusinessId) -> Removed:
        rows = await self._statements.fetch("erasures", business_id)
        if not rows:
            return Removed()
        people = [row[0] for row in rows]
        names = [name for row in rows for name in self._names(row)]
        marks = PersonMarks(names)
        removed = Removed(
            webhooks=await self._drop_webhooks(business_id, marks),
            messages=await self._empty_decisions(business_id, people, marks),
            number_confirmations=await self._drop_proofs(business_id, marks),
            codes=await self._drop_codes(business_id, names),
            dead_letters=await self._rewrite_letters(business_id, marks),
        )
        for contact_id in people:
            await self._statements.write("end_erasure", business_id, contact_id)
        return removed

    async def request(self, wish: EraseRequest) -> bool:
        row = (wish.business_id, wish.contact_id, wish.requested_at, wish.surface.value)
        return bool(await self._statements.write("request_erasure", *row))

    async def requests(
        self, business_id: BusinessId, after: str, limit: int
    ) -> tuple[EraseRequest, ...]:
        rows = await self._statements.fetch("erase_requests", business_id, after, limit)
        return tuple(
            EraseRequest(
                business_id=business_id,
                contact_id=ContactId(row[0]),
                requested_at=Instant(row[1]),
                surface=Surface(row[2]),
            )
            for row in rows
        )

    async def held(
        self, business_id: BusinessId, contact_id: ContactId, names: Sequence[Alias]
    ) -> HeldData:
        fetch, marks = self._statements.fetch, PersonMarks(names)
        people = [row[0] for row in await fetch("person", business_id, contact_id)]

        async def rows(statement: str) -> list[Row]:
            return [row for one in people for row in await fetch(statement, business_id, one)]

        requested = await rows("requested_at")
        unreachable = await rows("unreachable_of")
        evidence = {
            int(row[0]): self._keyring.open(bytes(row[2]), row[1].encode())
            for row in await rows("evidence_of")
        }
        return HeldData(
            evidence=evidence,
            decisions=tuple(row_decision(row) for row in await rows("decisions_of")),
            messages=await self._messages(business_id, people, marks),
            webhooks=await self._webhooks(business_id, marks),
            codes=await self._codes_of(business_id, names),
            confirmations=await self._proofs(business_id, marks),
            counted=[
                CountedMessage(decision_id=row[0], sent_at=row[1], purpose=row[2])
                for row in await rows("counted_messages_of")
            ],
            marketing=[
                MarketingMessage(decision_id=row[0], sent_at=row[1], marks=Mark.of_bits(row[2]))
                for row in await rows("marketing_messages_of")
            ],
            looks=[
                OperatorLook(at=row[0], act=row[1], reason=row[2]) for row in await rows("looks_of")
            ],
            unreachable_at=Instant(unreachable[0][0]) if unreachable else None,
            windows=[(row[0], Instant(row[1])) for row in await rows("windows_of")],
            links=[(row[0], row[1], row[2]) for row in await rows("links_of")],
            asked=[(row[0], Instant(row[1])) for row in await rows("asked_of")],
            arrivals=[(row[0], Instant(row[1])) for row in await rows("arrivals_of")],
            time_zones=[
                zone for (zones,) in await rows("time_zones") for zone in split_zones(zones)
            ],
            held=self._held_messages(business_id, await rows("held_of")),
            reviews=[row_review(business_id, row) for row in await rows("reviews_of")],
            erase_requested_at=Instant(requested[0][0]) if requested else None,
        )

    def _held_messages(
        self, business_id: BusinessId, rows: Sequence[Row]
    ) -> list[tuple[HeldMessage, bytes]]:
        held = HeldRows(self._keyring)
        found = [(held.read(business_id, row), held.content(business_id, row)) for row in rows]
        return [(one, content.body if content else b"") for one, content in found]

    def _names(self, row: Row) -> list[Alias]:
        opened = self._keyring.open(bytes(row[1]), row[0].encode())
        return [Alias(AliasKind(kind), value) for kind, value in json.loads(opened)]

    async def _pages(self, statement: str, business_id: str) -> AsyncIterator[Row]:
        """Go through what is kept, in the order of its ids, a page at a time."""
        after = ""
        while page := await self._statements.fetch(statement, business_id, after, _PAGE):
            for row in page:
                yield row
            after = page[-1][0]

    async def _drop_webhooks(self, business_id: BusinessId, marks: PersonMarks) -> int:
        count = 0
        async for row in self._pages("kept_webhooks", business_id):
            if marks.are_in(self._keyring.open(bytes(row[2]), business_id.encode())):
                await self._statements.write("drop_webhook", business_id, row[0])
                count += 1
        return count

    async def _empty_decisions(
        self, business_id: BusinessId, people: Sequence[str], marks: PersonMarks
    ) -> int:
        count = 0
        async for row in self._pages("kept_decisions", business_id):
            if row[2] in people or marks.are_in(self._keyring.open(bytes(row[3]), row[0].encode())):
                await self._statements.write("empty_decision", business_id, row[0])
                count += 1
        return count

    async def _drop_proofs(self, business_id: BusinessId, marks: PersonMarks) -> int:
        count = 0
        async for row in self._pages("kept_proofs", business_id):
            if marks.are_in(self._keyring.open(bytes(row[1]), row[0].encode())):
                await self._statements.write("drop_proof", business_id, row[0])
                count += 1
        return count

    async def _drop_codes(self, business_id: BusinessId, names: Sequence[Alias]) -> int:
        """Forget requests for codes. That the holder wants none stays, as a keyed hash."""
        count = 0
        for number in self._numbers(names):
            for row in await self._statements.fetch("codes_of_number", business_id, number):
                await self._statements.write("drop_code", business_id, row[0])
                count += 1
            await self._statements.write("drop_code_number", business_id, number)
        return count

    async def _rewrite_letters(self, business_id: BusinessId, marks: PersonMarks) -> int:
        """Cut what is for this business out of deliveries that wait for another part of them.

        What waits for an account that nobody registered may be a stop: it is not cut.
        """
        rows = await self._statements.fetch("own_nodes", business_id)
        nodes, count = frozenset(row[0] for row in rows), 0
        async for row in self._pages("kept_dead_letters", UNROUTED):
            body = self._keyring.open(bytes(row[2]), UNROUTED.encode())
            if marks.are_in(body) and (cut := _cut(body, marks, nodes)) != body:
                sealed = self._keyring.seal(cut, UNROUTED.encode())
                await self._statements.write("rewrite_dead_letter", UNROUTED, row[0], sealed)
                count += 1
        return count

    def _numbers(self, names: Sequence[Alias]) -> list[bytes]:
        return [hash_ for name in names if name.is_number for hash_ in self._codes.numbers(name)]

    async def _webhooks(
        self, business_id: BusinessId, marks: PersonMarks
    ) -> list[tuple[Instant, Any]]:
        found = []
        async for row in self._pages("kept_webhooks", business_id):
            body = self._keyring.open(bytes(row[2]), business_id.encode())
            if marks.are_in(body) and (told := _parsed(body)) is not None:
                found.append((Instant(row[1]), marks.only_theirs(told)))
        return found

    async def _messages(
        self, business_id: BusinessId, people: Sequence[str], marks: PersonMarks
    ) -> dict[str, bytes]:
        found: dict[str, bytes] = {}
        async for row in self._pages("kept_decisions", business_id):
            opened = self._keyring.open(bytes(row[3]), row[0].encode())
            if row[2] in people or marks.are_in(opened):
                found[row[0]] = msgspec.msgpack.decode(opened)[1]
        return found

    async def _proofs(self, business_id: BusinessId, marks: PersonMarks) -> list[dict[str, Any]]:
        """Tell of confirmations of the number; never the code, which would prove it."""
        found = []
        async for row in self._pages("kept_proofs", business_id):
            opened = self._keyring.open(bytes(row[1]), row[0].encode())
            if marks.are_in(opened):
                content = json.loads(opened)
                times = {"created_at": row[2], "expires_at": row[3], "proven_at": row[4]}
                found.append({"purposes": content["purposes"], **times})
        return found

    async def _codes_of(
        self, business_id: BusinessId, names: Sequence[Alias]
    ) -> list[dict[str, Any]]:
        found = []
        for number in self._numbers(names):
            for row in await self._statements.fetch("codes_of_number", business_id, number):
                code = self._codes.read(business_id, row)
                address = code.address.value if code.address else None
                history = [(line.what.value, line.channel.value, line.at) for line in code.history]
                found.append(
                    {
                        "id": code.code_id,
                        "purpose": code.purpose,
                        "state": code.state.value,
                        "created_at": code.created_at,
                        "network_address": address,
                        "history": history,
                    }
                )
        return found


def _parsed(body: bytes) -> Any:
    try:
        return json.loads(body)
    except ValueError:
        return None


def _cut(body: bytes, marks: PersonMarks, nodes: frozenset[str]) -> bytes:
    told = _parsed(body)
    rest = without_person(told, marks, nodes)
    return body if rest == told else json.dumps(rest, ensure_ascii=False).encode()
