"""Businesses, keys, senders and templates in SQLite."""

from __future__ import annotations

import sqlite3
from collections.abc import Awaitable, Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any, Literal

from askfirst.domain.tasks.task import numbers_task
from askfirst.domain.tenants.api_key import Business, Key
from askfirst.domain.tenants.sender import Sender, Template
from askfirst.domain.tenants.sender_health import SenderHealth
from askfirst.domain.values.errors import Conflict, Unavailable
from askfirst.domain.values.ids import BusinessId, KeyId, PhoneNumberId, WabaId
from askfirst.domain.values.timestamp import Instant
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
from askfirst.storage.sqlite.writer import Work, enqueue_notices
from askfirst.storage.tasks.tasks import enqueue_row
from askfirst.storage.tenants.template_rows import (
    change_row,
    row_template,
    template_row,
)


class SqliteDirectory:
    """See ports.directory.Directory.

    Businesses, live keys, owners, tokens and senders are remembered: every write goes through this
    one process.
    """

    def __init__(
        self,
        reading: sqlite3.Connection,
        sql: Mapping[str, str],
        keyring: Keyring,
        submit: Callable[[Work], Awaitable[object]],
    ) -> None:
        self._read = reading.execute
        self._sql = sql
        self._keyring = keyring
        self._submit = submit
        self._businesses: dict[BusinessId, Business] = {}
        self._live_keys: dict[bytes, Key] = {}
        self._owners: dict[tuple[str, str], BusinessId] = {}
        self._tokens: dict[tuple[BusinessId, PhoneNumberId], str] = {}
        self._senders: dict[BusinessId, tuple[Sender, ...]] = {}

    async def put_business(self, business: Business, now: Instant) -> None:
        await self._write("put_business", (business.business_id, business.name, now))
        self._businesses.clear()

    async def business(self, business_id: BusinessId) -> Business | None:
        if found := self._businesses.get(business_id):
            return found
        row = self._read(self._sql["business"], (business_id,)).fetchone()
        if row is None:
            return None
        found = self._businesses[business_id] = Business(business_id=business_id, name=row[1])
        return found

    async def businesses(self) -> tuple[BusinessId, ...]:
        rows = self._read(self._sql["businesses"]).fetchall()
        return tuple(BusinessId(row[0]) for row in rows)

    async def add_key(self, key: Key, secret_digest: bytes) -> None:
        await self._write("add_key", key_row(key, secret_digest))

    async def key(self, secret_digest: bytes) -> Key | None:
        if found := self._live_keys.get(secret_digest):
            return found
        row = self._read(self._sql["key_by_digest"], (secret_digest,)).fetchone()
        if row is None:
            return None
        key = self._live_keys[secret_digest] = row_key(row)
        return key

    async def keys(self, business_id: BusinessId) -> tuple[Key, ...]:
        rows = self._read(self._sql["keys"], (business_id,)).fetchall()
        return tuple(row_key(row) for row in rows)

    async def revoke_key(self, business_id: BusinessId, key_id: KeyId, now: Instant) -> bool:
        count = await self._write("revoke_key", (now, business_id, key_id))
        self._live_keys.clear()
        return bool(count)

    async def claim_waba(self, business_id: BusinessId, waba_id: WabaId, now: Instant) -> None:
        claim, enqueue = self._sql["claim_waba"], self._sql["enqueue_task"]
        waiting = replay_rows(business_id, waba_id, None, now)

        def work(connection: sqlite3.Connection) -> None:
            connection.execute(claim, (business_id, waba_id, now))
            _run_each(connection, enqueue, waiting)

        with _conflicts():
            await self._submit(work)

    async def put_sender(self, sender: Sender, token: str | None, now: Instant) -> None:
        sealed = self._keyring.seal(token.encode(), sender.business_id.encode()) if token else None
        row = sender_row(sender, sealed, now)
        account = (sender.business_id, sender.waba_id, now)
        claim, put = self._sql["claim_waba"], self._sql["put_sender"]
        enqueue = self._sql["enqueue_task"]
        waiting = replay_rows(sender.business_id, sender.waba_id, sender.phone_number_id, now)
        waiting.append(enqueue_row(numbers_task(sender.business_id), now))

        def work(connection: sqlite3.Connection) -> None:
            connection.execute(claim, account)
            connection.execute(put, row)
            _run_each(connection, enqueue, waiting)

        with _conflicts():
            await self._submit(work)
        self._owners.clear()
        self._tokens.clear()
        self._senders.clear()

    async def senders(self, business_id: BusinessId) -> tuple[Sender, ...]:
        if known := self._senders.get(business_id):
            return known
        rows = self._read(self._sql["senders"], (business_id,)).fetchall()
        senders = self._senders[business_id] = tuple(row_sender(row) for row in rows)
        return senders

    async def put_health(self, health: SenderHealth) -> None:
        await self._write("put_health", health_row(health))

    async def health(self, business_id: BusinessId) -> tuple[SenderHealth, ...]:
        rows = self._read(self._sql["health"], (business_id,)).fetchall()
        return tuple(row_health(row) for row in rows)

    async def token(self, business_id: BusinessId, sender: PhoneNumberId) -> str | None:
        place = (business_id, sender)
        if found := self._tokens.get(place):
            return found
        row = self._read(self._sql["sender_token"], place).fetchone()
        if row is None or row[0] is None:
            return None
        token = self._keyring.open(bytes(row[0]), business_id.encode()).decode()
        self._tokens[place] = token
        return token

    async def owner(
        self, phone_number_id: PhoneNumberId | None, waba_id: WabaId | None
    ) -> BusinessId | None:
        if phone_number_id and (known := self._owners.get(("owner_by_number", phone_number_id))):
            return known
        found = self._owner("owner_by_number", phone_number_id) if phone_number_id else None
        if found is None and waba_id:
            found = self._owner("owner_by_waba", waba_id)
        return found

    def _owner(self, name: str, node: str) -> BusinessId | None:
        if known := self._owners.get((name, node)):
            return known
        row = self._read(self._sql[name], (node,)).fetchone()
        if row is None:
            return None
        owner = self._owners[name, node] = BusinessId(row[0])
        return owner

    async def media_sender(
        self, business_id: BusinessId, media_id: str
    ) -> PhoneNumberId | Literal[""] | None:
        for lookup in self._keyring.lookups(media_name(media_id)):
            row = self._read(self._sql["media_sender"], (business_id, lookup)).fetchone()
            if row is not None:
                return PhoneNumberId(row[0]) if row[0] else ""
        return None

    async def put_templates(self, templates: tuple[Template, ...]) -> None:
        rows = [template_row(template) for template in templates]
        changes = [change_row(template) for template in templates]
        business_ids = {template.business_id: template.seen_at for template in templates}

        def work(connection: sqlite3.Connection) -> None:
            connection.executemany(self._sql["note_template_change"], changes)
            connection.executemany(self._sql["put_template"], rows)
            for business_id, now in business_ids.items():
                enqueue_notices(connection, self._sql, business_id, now)

        await self._submit(work)

    async def templates(
        self, business_id: BusinessId, after: str, limit: int
    ) -> tuple[Template, ...]:
        rows = self._read(self._sql["templates"], (business_id, after, limit)).fetchall()
        return tuple(row_template(row) for row in rows)

    async def templates_of_name(self, business_id: BusinessId, name: str) -> tuple[Template, ...]:
        rows = self._read(self._sql["templates_of_name"], (business_id, name)).fetchall()
        return tuple(row_template(row) for row in rows)

    async def accept_template(self, business_id: BusinessId, name: str, language: str) -> bool:
        statement, row = self._sql["accept_template"], (business_id, name, language)
        return bool(
            await self._submit(
                lambda connection: len(connection.execute(statement, row).fetchall())
            )
        )

    async def _write(self, name: str, row: tuple[Any, ...]) -> object:
        statement = self._sql[name]
        return await self._submit(lambda connection: connection.execute(statement, row).rowcount)


def _run_each(
    connection: sqlite3.Connection, statement: str, rows: Sequence[tuple[object, ...]]
) -> None:
    """Run a statement that returns rows; `executemany` takes none such."""
    for row in rows:
        connection.execute(statement, row).fetchall()


@contextmanager
def _conflicts() -> Iterator[None]:
    """Tell a claim that is in the way from other trouble."""
    try:
        yield
    except Unavailable as error:
        if isinstance(error.__cause__, sqlite3.IntegrityError):
            raise Conflict(CLAIMED) from error
        raise
