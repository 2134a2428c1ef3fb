"""Rows and values: the one mapping that both backends share."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import Any, Final, NamedTuple, Protocol

from askfirst.domain.consent.choice import choice_text, parse_choice
from askfirst.domain.consent.event import (
    LEAF_FORMAT,
    Assurance,
    Event,
    EventFilter,
    EventKind,
    NumberProof,
    Source,
    leaf_bytes,
    leaf_hash,
)
from askfirst.domain.prompts.prompt import PromptHash, Surface
from askfirst.domain.tenants.api_key import ApiScope, Key
from askfirst.domain.tenants.sender import Sender, SenderState
from askfirst.domain.tenants.sender_health import NumberReading, Quality, SenderHealth
from askfirst.domain.values.alias import Alias, AliasKind
from askfirst.domain.values.ids import (
    BusinessId,
    ContactId,
    EventId,
    KeyId,
    PhoneNumberId,
    Position,
    WabaId,
)
from askfirst.domain.values.purpose import chain_of
from askfirst.domain.values.timestamp import Instant
from askfirst.storage.platform.keyring import Keyring


class Row(Protocol):
    """A row of either driver: values by place."""

    def __getitem__(self, place: Any, /) -> Any:
        """Return the value of a column, or a tuple of those in a slice."""

    def __iter__(self) -> Iterator[Any]:
        """Yield the values in the order of the columns."""


class EventRow(NamedTuple):
    """The columns of an event as statements read it; some read more behind them."""

    business_id: str
    position: int
    event_id: str
    contact_id: str
    kind: str
    occurred_at: int
    recorded_at: int
    source: str
    surface: str
    purposes: str
    assurance: int
    sender: str
    prompt: str
    absorbed: str
    evidence_digest: bytes
    number_proof: int | None
    choice: str | None


def filter_row(wanted: EventFilter) -> tuple[str, str, str, int]:
    """Return what `find_events` asks of kind, purposes, surface and time.

    A purpose is found by itself, by its topics, and by its parent, between the commas of a list.
    """
    names = {f",{name}," for one in wanted.purposes for name in chain_of(one)}
    topics = {f",{one}." for one in wanted.purposes}
    return (
        ",".join(sorted(wanted.kinds)),
        json.dumps(sorted(names | topics)),
        wanted.surface or "",
        wanted.since or 0,
    )


class SenderRow(NamedTuple):
    """The columns of statement `senders`."""

    business_id: str
    phone_number_id: str
    waba_id: str
    digits: str
    name: str
    state: str


class KeyRow(NamedTuple):
    """The columns of statements `keys` and `key_by_digest`."""

    business_id: str
    key_id: str
    name: str
    scopes: str
    created_at: int
    revoked_at: int | None


_EVENT_COLUMNS: Final = len(EventRow._fields)


def event_row(event: Event) -> tuple[Any, ...]:
    """Return the columns of an event as the table has them, the leaf hash last."""
    kind, source, surface, purposes = _texts(
        event.kind, event.source, event.surface, event.purposes
    )
    return (
        event.business_id,
        event.position,
        event.event_id,
        event.contact_id,
        kind,
        event.occurred_at,
        event.recorded_at,
        source,
        surface,
        purposes,
        int(event.assurance),
        event.sender,
        event.prompt,
        event.absorbed,
        event.evidence_digest,
        int(event.number_proof),
        choice_text(event.choice) or None,
        leaf_hash(leaf_bytes(event)),
    )


@lru_cache(maxsize=1024)
def _texts(
    kind: EventKind, source: Source, surface: Surface, purposes: tuple[str, ...]
) -> tuple[str, str, str, str]:
    """Write what many events have in common."""
    return kind.value, source.value, surface.value, ",".join(purposes)


def row_event(columns: Row) -> Event:
    """Read the columns of an event; what comes after them is left alone."""
    row = EventRow._make(columns[:_EVENT_COLUMNS])
    return Event(
        business_id=BusinessId(row.business_id),
        position=Position(row.position),
        event_id=EventId(row.event_id),
        contact_id=ContactId(row.contact_id),
        kind=EventKind(row.kind),
        occurred_at=Instant(row.occurred_at),
        recorded_at=Instant(row.recorded_at),
        source=Source(row.source),
        surface=Surface(row.surface),
        purposes=tuple(row.purposes.split(",")) if row.purposes else (),
        assurance=Assurance(row.assurance),
        sender=row.sender,
        prompt=PromptHash(row.prompt) if row.prompt else None,
        absorbed=ContactId(row.absorbed) if row.absorbed else None,
        evidence_digest=bytes(row.evidence_digest),
        number_proof=number_proof_of(row.number_proof, Source(row.source)),
        choice=parse_choice(row.choice or ""),
        leaf_format=LEAF_FORMAT if row.number_proof is not None else 1,
    )


def number_proof_of(column: int | None, source: Source) -> NumberProof:
    """Return the number proof; what format 1 left unsaid followed from the door alone."""
    if column is not None:
        return NumberProof(column)
    if source is Source.FORM:
        return NumberProof.TYPED
    return NumberProof.PROVEN if source is Source.WEBHOOK else NumberProof.VOUCHED


def row_alias(row: Row, business_id: BusinessId, keyring: Keyring) -> Alias:
    """Read kind and sealed value."""
    return Alias(AliasKind(row[0]), keyring.open(bytes(row[1]), business_id.encode()).decode())


def row_sender(columns: Row) -> Sender:
    """Read a row of statement `senders`."""
    row = SenderRow._make(columns)
    return Sender(
        business_id=BusinessId(row.business_id),
        phone_number_id=PhoneNumberId(row.phone_number_id),
        waba_id=WabaId(row.waba_id),
        digits=row.digits,
        name=row.name,
        state=SenderState(row.state),
    )


def row_key(columns: Row) -> Key:
    """Read a row of statement `keys` or `key_by_digest`."""
    row = KeyRow._make(columns)
    return Key(
        business_id=BusinessId(row.business_id),
        key_id=KeyId(row.key_id),
        name=row.name,
        scopes=frozenset(ApiScope(scope) for scope in row.scopes.split(",") if scope),
        created_at=Instant(row.created_at),
        revoked_at=Instant(row.revoked_at) if row.revoked_at is not None else None,
    )


def key_row(key: Key, secret_digest: bytes) -> tuple[Any, ...]:
    """Columns of statement `add_key`."""
    scopes = ",".join(sorted(key.scopes))
    return (key.business_id, key.key_id, key.name, scopes, secret_digest, key.created_at)


def sender_row(sender: Sender, sealed_token: bytes | None, now: Instant) -> tuple[Any, ...]:
    """Columns of the table."""
    return (
        sender.business_id,
        sender.phone_number_id,
        sender.waba_id,
        sender.digits,
        sender.name,
        sender.state.value,
        sealed_token,
        now,
    )


def health_row(health: SenderHealth) -> tuple[object, ...]:
    """Columns of `sender_health`, in the order of the table."""
    reading = health.reading
    place = (health.business_id, health.phone_number_id)
    return (*place, reading.quality.value, reading.messaging_limit, health.seen_at)


def row_health(row: Sequence[Any]) -> SenderHealth:
    """Read a row of `sender_health`."""
    business_id, phone_number_id, quality, limit, seen_at = row
    return SenderHealth(
        business_id=BusinessId(business_id),
        phone_number_id=PhoneNumberId(phone_number_id),
        reading=NumberReading(Quality(quality), limit),
        seen_at=Instant(seen_at),
    )
