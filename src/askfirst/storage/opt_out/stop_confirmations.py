"""Stops that wait for their confirmation, for either backend."""

from __future__ import annotations

from typing import NamedTuple

from askfirst.domain.consent.stop_confirmation import UnconfirmedStop
from askfirst.domain.values.ids import BusinessId, PhoneNumberId, Position
from askfirst.domain.values.timestamp import Instant
from askfirst.storage.consent.workspace import SaidStop
from askfirst.storage.platform.keyring import Keyring
from askfirst.storage.platform.rows import Row, row_alias
from askfirst.storage.platform.statements import Statements


class StopConfirmationRow(NamedTuple):
    """The columns of statement `due_stop_confirmations`."""

    business_id: str
    position: int
    alias_kind: str
    sealed: bytes
    sender: str
    purposes: str
    languages: str
    said_at: int
    due_at: int


def opened_row(said: SaidStop) -> tuple[object, ...]:
    """Parameters of statement `open_stop`, behind the business."""
    return (said.contact_id, said.position, said.said_at, said.lived)


def confirmation_row(said: SaidStop) -> tuple[object, ...]:
    """Parameters of statement `add_stop_confirmation`, behind the business; due at once."""
    person = (said.alias_kind, said.sealed)
    words = (",".join(said.purposes), ",".join(said.languages))
    return (said.position, *person, said.sender, *words, said.said_at, said.said_at)


class StoredStopConfirmations:
    """See ports.stop_confirmations.StopConfirmations."""

    def __init__(self, statements: Statements, keyring: Keyring) -> None:
        self._statements = statements
        self._keyring = keyring

    async def due(self, now: Instant, limit: int) -> tuple[UnconfirmedStop, ...]:
        rows = await self._statements.fetch("due_stop_confirmations", now, limit)
        return tuple(self._read(row) for row in rows)

    async def lease(self, stop: UnconfirmedStop, until: Instant) -> bool:
        row = (stop.business_id, stop.position, stop.due_at, until)
        return bool(await self._statements.write("lease_stop_confirmation", *row))

    async def settle(self, stop: UnconfirmedStop) -> None:
        place = (stop.business_id, stop.position)
        await self._statements.write("settle_stop_confirmation", *place)

    def _read(self, columns: Row) -> UnconfirmedStop:
        row = StopConfirmationRow._make(columns)
        business_id = BusinessId(row.business_id)
        return UnconfirmedStop(
            business_id=business_id,
            position=Position(row.position),
            alias=row_alias((row.alias_kind, row.sealed), business_id, self._keyring),
            sender=PhoneNumberId(row.sender),
            purposes=_parts(row.purposes),
            languages=_parts(row.languages),
            said_at=Instant(row.said_at),
            due_at=Instant(row.due_at),
        )


def _parts(text: str) -> tuple[str, ...]:
    return tuple(text.split(",")) if text else ()
