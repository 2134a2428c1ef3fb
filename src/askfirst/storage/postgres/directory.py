"""Businesses, keys, senders and templates in PostgreSQL."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any, Literal

import asyncpg

from askfirst.domain.tasks.task import numbers_task
from askfirst.domain.tenants.api_key import Business, Key
from askfirst.domain.tenants.sender import Sender, Template
from askfirst.domain.tenants.sender_health import SenderHealth
from askfirst.domain.values.errors import Conflict, Unavailable
from askfirst.domain.values.ids import BusinessId, KeyId, PhoneNumberId, WabaId
from askfirst.domain.values.timestamp import SECOND, Instant
from askfirst.ports.platform.clock import Clock
from askfirst.ports.tenants.directory import CLAIMED
from askfirst.storage.consent.deliveries import media_name
from askfirst.storage.inbound.dead_letters import replay_rows
from askfirst.storage.platform.keyring import Keyring
from askfirst.storage.platform.rows import (
    health_row,
    key_row,
    row_health,
    row_key,
    row_sender,
    sender_row,
)
from askfirst.storage.postgres.connection import Connection
from askfirst.storage.postgres.lane import DedicatedConnection
from askfirst.storage.postgres.platform.shared_reads import SharedReads
from askfirst.storage.postgres.writer import enqueue_notices
from askfirst.storage.tasks.tasks import enqueue_row
from askfirst.storage.tenants.template_rows import (
    change_row,
    row_template,
    template_row,
)

_LIFE = SECOND
_REMEMBERED_MAX = 10_000


class PostgresDirectory:
    """See ports.directory.Directory.

    A live key and a business are remembered for a second, since other processes may revoke one or
    rename the other; the owner of a sender or WABA for ever, since neither changes hands.
    """

    def __init__(
        self, lane: DedicatedConnection, sql: Mapping[str, str], keyring: Keyring, clock: Clock
    ) -> None:
        self._lane = lane
        self._reads = SharedReads(lane, sql)
        self._sql = sql
        self._keyring = keyring
        self._clock = clock
        self._businesses: dict[BusinessId, tuple[int, Business]] = {}
        self._live_keys: dict[bytes, tuple[int, Key]] = {}
        self._owners: dict[tuple[str, str], BusinessId] = {}
        self._tokens: dict[tuple[BusinessId, PhoneNumberId], tuple[int, str]] = {}

    async def put_business(self, business: Business, now: Instant) -> None:
        await self._write("put_business", business.business_id, business.name, now)
        self._businesses.clear()

    async def business(self, business_id: BusinessId) -> Business | None:
        now = self._clock.steady()
        found = self._businesses.get(business_id)
        if found and now - found[0] < _LIFE:
            return found[1]
        rows = await self._fetch("business", business_id)
        if not rows:
            return None
        business = Business(business_id=business_id, name=rows[0][1])
        self._businesses[business_id] = (now, business)
        return business

    async def businesses(self) -> tuple[BusinessId, ...]:
        return tuple(BusinessId(row[0]) for row in await self._fetch("businesses"))

    async def add_key(self, key: Key, secret_digest: bytes) -> None:
        await self._write("add_key", *key_row(key, secret_digest))

    async def key(self, secret_digest: bytes) -> Key | None:
        now = self._clock.steady()
        found = self._live_keys.get(secret_digest)
        if found and now - found[0] < _LIFE:
            return found[1]
        rows = await self._fetch("key_by_digest", secret_digest)
        self._live_keys.pop(secret_digest, None)
        if not rows:
            return None
        if len(self._live_keys) >= _REMEMBERED_MAX:
            self._live_keys.clear()
        key = row_key(rows[0])
        self._live_keys[secret_digest] = (now, key)
        return key

    async def keys(self, business_id: BusinessId) -> tuple[Key, ...]:
        return tuple(row_key(row) for row in await self._fetch("keys", business_id))

    async def revoke_key(self, business_id: BusinessId, key_id: KeyId, now: Instant) -> bool:
        rows = await self._write("revoke_key", now, business_id, key_id)
        self._live_keys.clear()
        return bool(rows)

    async def claim_waba(self, business_id: BusinessId, waba_id: WabaId, now: Instant) -> None:
        waiting = replay_rows(business_id, waba_id, None, now)

        async def work(connection: Connection) -> None:
            await connection.execute(self._sql["claim_waba"], business_id, waba_id, now)
            await connection.executemany(self._sql["enqueue_task"], waiting)

        with _conflicts():
            await self._lane.write(work)

    async def put_sender(self, sender: Sender, token: str | None, now: Instant) -> None:
        sealed = self._keyring.seal(token.encode(), sender.business_id.encode()) if token else None
        row = sender_row(sender, sealed, now)
        account = (sender.business_id, sender.waba_id, now)
        waiting = replay_rows(sender.business_id, sender.waba_id, sender.phone_number_id, now)
        waiting.append(enqueue_row(numbers_task(sender.business_id), now))

        async def work(connection: Connection) -> None:
            await connection.execute(self._sql["claim_waba"], *account)
            await connection.execute(self._sql["put_sender"], *row)
            await connection.executemany(self._sql["enqueue_task"], waiting)

        with _conflicts():
            await self._lane.write(work)
        self._tokens.clear()

    async def senders(self, business_id: BusinessId) -> tuple[Sender, ...]:
        return tuple(row_sender(row) for row in await self._fetch("senders", business_id))

    async def put_health(self, health: SenderHealth) -> None:
        await self._write("put_health", *health_row(health))

    async def health(self, business_id: BusinessId) -> tuple[SenderHealth, ...]:
        return tuple(row_health(row) for row in await self._fetch("health", business_id))

    async def token(self, business_id: BusinessId, sender: PhoneNumberId) -> str | None:
        now, place = self._clock.steady(), (business_id, sender)
        found = self._tokens.get(place)
        if found and now - found[0] < _LIFE:
            return found[1]
        rows = await self._fetch("sender_token", business_id, sender)
        if not rows or rows[0][0] is None:
            return None
        token = self._keyring.open(rows[0][0], business_id.encode()).decode()
        self._tokens[place] = (now, token)
        return token

    async def owner(
        self, phone_number_id: PhoneNumberId | None, waba_id: WabaId | None
    ) -> BusinessId | None:
        found = await self._owner("owner_by_number", phone_number_id) if phone_number_id else None
        if found is None and waba_id:
            found = await self._owner("owner_by_waba", waba_id)
        return found

    async def _owner(self, name: str, node: str) -> BusinessId | None:
        if known := self._owners.get((name, node)):
            return known
        rows = await self._fetch(name, node)
        if not rows:
            return None
        owner = self._owners[name, node] = BusinessId(rows[0][0])
        return owner

    async def media_sender(
        self, business_id: BusinessId, media_id: str
    ) -> PhoneNumberId | Literal[""] | None:
        lookups = self._keyring.lookups(media_name(media_id))
        rows = await self._fetch("media_sender", business_id, lookups)
        if not rows:
            return None
        return PhoneNumberId(rows[0][0]) if rows[0][0] else ""

    async def put_templates(self, templates: tuple[Template, ...]) -> None:
        rows = [template_row(template) for template in templates]
        changes = [change_row(template) for template in templates]
        business_ids = {template.business_id: template.seen_at for template in templates}

        async def work(connection: Connection) -> None:
            await connection.executemany(self._sql["note_template_change"], changes)
            await connection.executemany(self._sql["put_template"], rows)
            for business_id, now in business_ids.items():
                await enqueue_notices(connection, self._sql, business_id, now)

        await self._lane.write(work)

    async def templates(
        self, business_id: BusinessId, after: str, limit: int
    ) -> tuple[Template, ...]:
        rows = await self._fetch("templates", business_id, after, limit)
        return tuple(row_template(tuple(row)) for row in rows)

    async def templates_of_name(self, business_id: BusinessId, name: str) -> tuple[Template, ...]:
        rows = await self._fetch("templates_of_name", business_id, name)
        return tuple(row_template(tuple(row)) for row in rows)

    async def accept_template(self, business_id: BusinessId, name: str, language: str) -> bool:
        return bool(await self._write("accept_template", business_id, name, language))

    async def _fetch(self, name: str, *parameters: object) -> Sequence[Any]:
        return await self._reads.fetch(name, *parameters)

    async def _write(self, name: str, *parameters: object) -> list[Any]:
        statement = self._sql[name]
        return await self._lane.write(lambda connection: connection.fetch(statement, *parameters))


@contextmanager
def _conflicts() -> Iterator[None]:
    """Tell a claim that is in the way from other trouble."""
    try:
        yield
    except Unavailable as error:
        if isinstance(error.__cause__, asyncpg.UniqueViolationError):
            raise Conflict(CLAIMED) from error
        raise
