"""Stops that wait for their confirmation, for either backend."""

from __future__ import annotations

from typing import NamedTuple

from askfirst.domain.consent.stop_confirmation import UnconfirmedStop
from askfirst.domain.values.ids import BusinessId, PhoneNumberId, Position
from askfirst.domain.values.timestamp import Instant
from askfirst.ports.opt_out.stop_confirmations import stop_task
from askfirst.storage.consent.workspace import SaidStop
from askfirst.storage.platform.keyring import Keyring
from askfirst.storage.platform.rows import Row, row_alias
from askfirst.storage.platform.statements import Statements, TransactionScript
from askfirst.storage.tasks.tasks import enqueue_row, schedule_step


class StopConfirmationRow(NamedTuple):
    """The columns of statement `find_stop_confirmation`."""

    position: int
    alias_kind: str
    sealed: bytes
    sender: str
    purposes: str
    languages: str
    said_at: int
    is_doubt: bool


def opened_row(said: SaidStop) -> tuple[object, ...]:
    """Parameters of statement `open_stop`, behind the business."""
    return (said.contact_id, said.position, said.said_at, said.lived)


def confirmation_row(said: SaidStop) -> tuple[object, ...]:
    """Parameters of statement `add_stop_confirmation`, behind the business."""
    person = (said.alias_kind, said.sealed)
    words = (",".join(said.purposes), ",".join(said.languages))
    return (said.position, *person, said.sender, *words, said.said_at, said.is_doubt)


def confirmation_task_row(business_id: BusinessId, said: SaidStop) -> tuple[object, ...]:
    """Parameters of statement `enqueue_task`, which goes with it; due at once."""
    return enqueue_row(stop_task(business_id, said.position), said.said_at)


class StoredStopConfirmations:
    """See ports.stop_confirmations.StopConfirmations."""

    def __init__(self, statements: Statements, keyring: Keyring) -> None:
        self._statements = statements
        self._keyring = keyring

    async def find(self, business_id: BusinessId, position: Position) -> UnconfirmedStop | None:
        rows = await self._statements.fetch("find_stop_confirmation", business_id, position)
        return self._read(business_id, rows[0]) if rows else None

    async def settle(self, stop: UnconfirmedStop) -> None:
        place = (stop.business_id, stop.position)

        def talk() -> TransactionScript[None]:
            yield "settle_stop_confirmation", place
            yield schedule_step(stop_task(*place), None)

        await self._statements.talk(stop.business_id, talk)

    def _read(self, business_id: BusinessId, columns: Row) -> UnconfirmedStop:
        row = StopConfirmationRow._make(columns)
        return UnconfirmedStop(
            business_id=business_id,
            position=Position(row.position),
            alias=row_alias((row.alias_kind, row.sealed), business_id, self._keyring),
            sender=PhoneNumberId(row.sender),
            purposes=_parts(row.purposes),
            languages=_parts(row.languages),
            said_at=Instant(row.said_at),
            is_doubt=bool(row.is_doubt),
        )


def _parts(text: str) -> tuple[str, ...]:
    return tuple(text.split(",")) if text else ()
