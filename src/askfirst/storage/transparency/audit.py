"""Checks of what was written, in pages, for either backend."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import groupby

import msgspec

from askfirst.domain.consent.event import (
    Assurance,
    Event,
    EventKind,
    NumberProof,
    Source,
    evidence_digest,
)
from askfirst.domain.consent.standing import fold
from askfirst.domain.prompts.prompt import Surface
from askfirst.domain.transparency.ledger_check import LEDGER_ITSELF, Acceptance, Damage, DamageKind
from askfirst.domain.values.errors import UnsafeStorage
from askfirst.domain.values.ids import BusinessId, ContactId, Position
from askfirst.domain.values.timestamp import Instant
from askfirst.ports.platform.clock import Ids
from askfirst.ports.transparency.audit import Known, Page
from askfirst.storage.consent.standing_codec import decode_standing, encode_standing
from askfirst.storage.platform.keyring import Keyring
from askfirst.storage.platform.rows import Row, event_row, row_event
from askfirst.storage.platform.statements import Statements, TransactionScript
from askfirst.storage.transparency.event_check import check_contacts, check_events, computed_hash


class StoredAudit:
    """See ports.audit.Audit. `guards` are names and texts, `mending` what makes them."""

    def __init__(
        self,
        statements: Statements,
        keyring: Keyring,
        ids: Ids,
        guards: Mapping[str, str],
        mending: Sequence[str],
    ) -> None:
        self._statements = statements
        self._keyring = keyring
        self._ids = ids
        self._guards = guards
        self._mending = mending

    async def database(self) -> tuple[str, bool]:
        rows = await self._statements.fetch("audit_database")
        return rows[0][0], bool(rows[0][1])

    async def note_head(self) -> None:
        await self._statements.talk("", _note_head)

    async def newest(self) -> Mapping[BusinessId, Position]:
        rows = await self._statements.fetch("audit_newest")
        return {BusinessId(row[0]): Position(row[1]) for row in rows}

    async def leaf_upto(
        self, business_id: BusinessId, position: Position
    ) -> tuple[Position, bytes] | None:
        rows = await self._statements.fetch("audit_leaf", business_id, position)
        return (Position(rows[0][0]), bytes(rows[0][1])) if rows else None

    async def leaves(
        self, business_id: BusinessId, after: Position, limit: int
    ) -> Sequence[tuple[Position, bytes]]:
        rows = await self._statements.fetch("leaves", business_id, after, limit)
        return [(Position(row[0]), bytes(row[1])) for row in rows]

    async def events(
        self, business_id: BusinessId, after: Position, limit: int, known: Known
    ) -> Page:
        rows = await self._statements.fetch("audit_events", business_id, after, limit)
        found = list(check_events(business_id, rows, known.leaves))
        found += await self.strays(business_id, after, limit)
        return Page(
            count=len(rows),
            damages=tuple(found),
            positions=tuple(row[1] for row in rows),
            contacts=tuple({ContactId(row[3]) for row in rows} - {LEDGER_ITSELF}),
            after=str(rows[-1][1]) if len(rows) == limit else None,
        )

    async def contacts(
        self, business_id: BusinessId, after: ContactId, limit: int, known: Known
    ) -> Page:
        rows = await self._statements.fetch("audit_contacts", business_id, after, limit)
        contacts = tuple(ContactId(name) for name, _ in groupby(rows, key=lambda row: row[0]))
        return Page(
            count=len(rows),
            damages=tuple(check_contacts(business_id, rows, known.leaves)),
            contacts=contacts,
            after=contacts[-1] if len(contacts) == limit else None,
        )

    async def contact(
        self, business_id: BusinessId, contact_id: ContactId, known: Known
    ) -> tuple[Damage, ...]:
        rows = await self._statements.fetch("audit_contact", business_id, contact_id)
        if not rows:
            missing = DamageKind.CONTACT_MISSING
            return (Damage(kind=missing, business_id=business_id, what=contact_id),)
        return tuple(check_contacts(business_id, rows, known.leaves))

    async def names(self, business_id: BusinessId, after: str, limit: int) -> Page:
        rows = await self._statements.fetch("audit_names", business_id, bytes.fromhex(after), limit)
        astray = dict.fromkeys(row[1] for row in rows if not row[2])
        return Page(
            count=len(rows),
            damages=tuple(
                Damage(kind=DamageKind.NAME_ASTRAY, business_id=business_id, what=contact_id)
                for contact_id in astray
            ),
            after=bytes(rows[-1][0]).hex() if len(rows) == limit else None,
        )

    async def is_astray(self, business_id: BusinessId, contact_id: ContactId) -> bool:
        return bool(await self._statements.fetch("audit_astray", business_id, contact_id))

    async def guards(self) -> tuple[Damage, ...]:
        rows = await self._statements.fetch("audit_guards")
        there = {row[0]: row[1] for row in rows}
        missing = [name for name, text in self._guards.items() if there.get(name) != text]
        return tuple(Damage(kind=DamageKind.GUARD_MISSING, what=name) for name in missing)

    async def known(self, business_id: BusinessId) -> Known:
        rows = await self._statements.fetch("acceptances", business_id)
        told = [(row[2], self._acceptance(row)) for row in rows]
        ours = [(position, one) for position, one in told if one is not None]
        upto = max((position for position, _ in ours), default=0)
        return Known(acceptances=tuple(one for _, one in ours), upto=upto)

    def _acceptance(self, row: Row) -> Acceptance | None:
        """Open an operator's word; one that our keyring did not seal is nobody's."""
        sealed, event_id = row[0], row[3]
        try:
            opened = self._keyring.open(bytes(sealed), event_id.encode())
            return msgspec.json.decode(opened, type=Acceptance)
        except (UnsafeStorage, ValueError, msgspec.DecodeError):
            return None

    async def leaf_now(self, business_id: BusinessId, position: Position) -> bytes:
        after = Position(position - 1)
        rows = await self._statements.fetch("audit_events", business_id, after, 1)
        return computed_hash(rows[0]) if rows and rows[0][1] == position else b""

    async def strays(
        self, business_id: BusinessId, after: Position, limit: int
    ) -> tuple[Damage, ...]:
        rows = await self._statements.fetch("audit_strays", business_id, after, limit)
        return tuple(_stray(business_id, row[0], row[1]) for row in rows)

    async def reserve(self, business_id: BusinessId, position: Position, now: Instant) -> None:
        await self._statements.talk(business_id, lambda: _reserve(business_id, position, now))

    async def accept(self, business_id: BusinessId, acceptance: Acceptance, now: Instant) -> Event:
        return await self._statements.talk(
            business_id, lambda: self._accept(business_id, acceptance, now)
        )

    def _accept(
        self, business_id: BusinessId, acceptance: Acceptance, now: Instant
    ) -> TransactionScript[Event]:
        rows = yield "audit_hold", (business_id,)
        told, salt = msgspec.json.encode(acceptance), self._ids.salt()
        event = Event(
            event_id=self._ids.event(),
            business_id=business_id,
            contact_id=LEDGER_ITSELF,
            position=Position(rows[0][0] + 1),
            kind=EventKind.ACCEPTED,
            occurred_at=now,
            recorded_at=now,
            source=Source.CLI,
            surface=Surface.API,
            assurance=Assurance.ASSERTED,
            evidence_digest=evidence_digest(told, salt),
            number_proof=NumberProof.VOUCHED,
        )
        yield "accept_event", event_row(event)
        sealed = self._keyring.seal(told, event.event_id.encode())
        yield "accept_evidence", (business_id, event.position, sealed, salt)
        yield "reserve_positions", (business_id, event.position)
        return event

    async def mend(self, business_id: BusinessId, damages: Sequence[Damage]) -> None:
        kinds = {damage.kind for damage in damages}
        if DamageKind.GUARD_MISSING in kinds:
            await self._statements.talk(business_id, self._guard)
        broken = [damage for damage in damages if damage.kind in _OF_A_CONTACT and damage.what]
        # Whoever was merged into another has the younger id, and has to be right first.
        for contact_id in sorted({damage.what for damage in broken}, reverse=True):
            await self._statements.talk(
                business_id,
                lambda name=contact_id: _rebuild(business_id, name),  # type: ignore[misc]
            )

    def _guard(self) -> TransactionScript[None]:
        for name in self._mending:
            yield name, ()


_OF_A_CONTACT = frozenset(
    {DamageKind.STANDING_DIFFERS, DamageKind.CONTACT_MISSING, DamageKind.NAME_ASTRAY}
)


def _stray(business_id: BusinessId, position: int, contact_id: str) -> Damage:
    return Damage(
        kind=DamageKind.CONTACT_MISSING,
        business_id=business_id,
        first=position,
        last=position,
        what=contact_id,
    )


def _note_head() -> TransactionScript[None]:
    yield "note_head_kept", ()


def _reserve(business_id: BusinessId, position: Position, now: Instant) -> TransactionScript[None]:
    yield "ensure_business", (business_id, business_id, now)
    yield "reserve_positions", (business_id, position)


def _rebuild(business_id: BusinessId, contact_id: str) -> TransactionScript[None]:
    """Fold a contact's events anew, while nobody else writes."""
    yield "audit_hold", (business_id,)
    rows = yield "contact_events", (business_id, contact_id)
    events, others = [row_event(row) for row in rows], {}
    for event in events:
        if event.absorbed:
            yield "mend_merge", (business_id, event.absorbed, contact_id)
            found = yield "load_contact", (business_id, event.absorbed)
            if found:
                others[event.absorbed] = decode_standing(bytes(found[0][1]))
    standing = encode_standing(fold(events, others))
    yield "rebuild_standing", (business_id, contact_id, standing)
    yield "mend_names", (business_id, contact_id)
