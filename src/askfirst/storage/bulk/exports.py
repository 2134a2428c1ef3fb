"""What is exported, for either backend: rows as they are, names and evidence opened by the page."""

from __future__ import annotations

import hmac
from collections.abc import Awaitable, Callable, Iterable, Sequence
from contextlib import AbstractAsyncContextManager
from typing import TypeAlias

import msgspec

from askfirst.domain.bulk.export import (
    ExportedContact,
    ExportedDecision,
    ExportedErasure,
    ExportedEvent,
    ExportedEvidence,
    ExportedName,
    ExportOrder,
    LoneYes,
    positions_of,
)
from askfirst.domain.consent.event import Source, evidence_digest
from askfirst.domain.consent.standing import Standing
from askfirst.domain.values.ids import BusinessId, Position
from askfirst.storage.consent.standing_codec import only_yes, read_standing
from askfirst.storage.platform.keyring import Keyring
from askfirst.storage.platform.rows import Row, number_proof_of

Fetch: TypeAlias = Callable[..., Awaitable[Sequence[Row]]]
_PROOF = ExportedEvent._fields.index("number_proof")
_SOURCE = ExportedEvent._fields.index("source")


class ExportReader:
    """See ports.bulk.exports.ExportSnapshot."""

    def __init__(self, fetch: Fetch, keyring: Keyring) -> None:
        self._fetch = fetch
        self._keyring = keyring

    async def head(self, business_id: BusinessId) -> Position:
        rows = await self._fetch("export_head", business_id)
        return Position(rows[0][0] if rows else 0)

    async def events(self, order: ExportOrder, after: int, limit: int) -> tuple[ExportedEvent, ...]:
        rows = await self._fetch("export_events", order.business_id, after, limit)
        events = tuple(
            [ExportedEvent(*(row if row[_PROOF] is not None else _with_proof(row))) for row in rows]
        )
        if not order.with_evidence or not events:
            return events
        stretch = (order.business_id, after, events[-1].position)
        kept = {row[0]: row[1:] for row in await self._fetch("export_events_evidence", *stretch)}
        return tuple([self._with_evidence(event, kept.get(event.position)) for event in events])

    async def contacts(
        self, order: ExportOrder, after: str, limit: int
    ) -> tuple[ExportedContact, ...]:
        rows = await self._fetch("export_contacts", order.business_id, after, limit)
        names = {}
        if order.with_numbers and rows:
            names = await self._names(order.business_id, after, rows[-1][0])
        people = tuple(
            [
                ExportedContact(who, _standing(kept), into, gone, later, apart, names.get(who, ()))
                for who, kept, into, gone, later, apart in rows
            ]
        )
        if order.with_evidence and people:
            resting = [sorted(positions_of(one.standing)) for one in people]
            kept = await self._evidence(order.business_id, {at for each in resting for at in each})
            people = tuple(
                one._replace(evidence=tuple(kept[at] for at in each if at in kept))
                for one, each in zip(people, resting, strict=True)
            )
        return people

    async def erasures(
        self, order: ExportOrder, after: str, limit: int
    ) -> tuple[ExportedErasure, ...]:
        place = (order.business_id, bytes.fromhex(after), limit)
        rows = await self._fetch("export_erasures", *place)
        return tuple([ExportedErasure(bytes(row[0]).hex(), row[1]) for row in rows])

    async def decisions(
        self, order: ExportOrder, after: str, through: str, limit: int
    ) -> tuple[ExportedDecision, ...]:
        place = (order.business_id, after, through, limit)
        rows = await self._fetch("export_decisions", *place)
        return tuple([ExportedDecision(*row) for row in rows])

    async def _names(
        self, business_id: BusinessId, after: str, through: str
    ) -> dict[str, tuple[ExportedName, ...]]:
        found: dict[str, tuple[ExportedName, ...]] = {}
        sealed_for = business_id.encode()
        for contact_id, kind, sealed in await self._fetch(
            "export_names", business_id, after, through
        ):
            value = self._keyring.open(bytes(sealed), sealed_for).decode()
            found[contact_id] = (*found.get(contact_id, ()), ExportedName(kind, value))
        return found

    async def _evidence(
        self, business_id: BusinessId, positions: Iterable[int]
    ) -> dict[int, ExportedEvidence]:
        asked = msgspec.json.encode(list(positions)).decode()
        rows = await self._fetch("export_evidence", business_id, asked)
        return {row[0]: self._opened(*row) for row in rows}

    def _with_evidence(self, event: ExportedEvent, kept: Row | None) -> ExportedEvent:
        if kept is None:
            return event
        of_event = (Position(event.position), event.event_id, event.evidence_digest)
        return ExportedEvent(*event[:-1], self._opened(*of_event, *kept))

    def _opened(
        self, position: Position, event_id: str, committed: bytes, sealed: bytes, salt: bytes
    ) -> ExportedEvidence:
        content = self._keyring.open(bytes(sealed), event_id.encode())
        digest = evidence_digest(content, bytes(salt))
        return ExportedEvidence(position, content, hmac.compare_digest(digest, bytes(committed)))


class StoredExports:
    """See ports.bulk.exports.Exports."""

    def __init__(self, snapshot: Callable[[], AbstractAsyncContextManager[ExportReader]]) -> None:
        self.snapshot = snapshot


def _standing(kept: bytes) -> Standing | LoneYes:
    """Read a standing; that of most people is one yes, of which no more is needed than it says."""
    return only_yes(kept) or read_standing(bytes(kept))


def _with_proof(row: Row) -> Row:
    """Say what events of the first format left unsaid."""
    values = list(row)
    values[_PROOF] = int(number_proof_of(None, Source(row[_SOURCE])))
    return values
