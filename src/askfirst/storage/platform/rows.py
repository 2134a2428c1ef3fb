"""Rows and values: the one mapping that both backends share."""

from __future__ import annotations

from typing import Any, Protocol

from askfirst.domain.consent.event import (
    LEAF_FORMAT,
    Assurance,
    Event,
    EventKind,
    NumberProof,
    Source,
    leaf_bytes,
    leaf_hash,
)
from askfirst.domain.prompts.prompt import PromptHash, Surface
from askfirst.domain.tenants.api_key import ApiScope, Key
from askfirst.domain.tenants.sender import Sender, SenderState, Template, TemplateState
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
from askfirst.domain.values.purpose import Category
from askfirst.domain.values.timestamp import Instant
from askfirst.storage.platform.keyring import Keyring


class Row(Protocol):
    """A row of either driver: values by place."""

    def __getitem__(self, place: int, /) -> Any:
        """Give the value of a column."""


def event_row(event: Event) -> tuple[Any, ...]:
    """Give the columns of an event as the table has them, the leaf hash last."""
    return (
        event.business_id,
        event.position,
        event.event_id,
        event.contact_id,
        event.kind.value,
        event.occurred_at,
        event.recorded_at,
        event.source.value,
        event.surface.value,
        ",".join(event.purposes),
        int(event.assurance),
        event.sender,
        event.prompt,
        event.absorbed,
        event.evidence_digest,
        int(event.number_proof),
        leaf_hash(leaf_bytes(event)),
    )


def row_event(row: Row) -> Event:
    """Read the columns of an event; what comes after them is left alone."""
    return Event(
        business_id=BusinessId(row[0]),
        position=Position(row[1]),
        event_id=EventId(row[2]),
        contact_id=ContactId(row[3]),
        kind=EventKind(row[4]),
        occurred_at=Instant(row[5]),
        recorded_at=Instant(row[6]),
        source=Source(row[7]),
        surface=Surface(row[8]),
        purposes=tuple(row[9].split(",")) if row[9] else (),
        assurance=Assurance(row[10]),
        sender=row[11],
        prompt=PromptHash(row[12]) if row[12] else None,
        absorbed=ContactId(row[13]) if row[13] else None,
        evidence_digest=bytes(row[14]),
        number_proof=_number_proof(row[15], Source(row[7])),
        leaf_format=LEAF_FORMAT if row[15] is not None else 1,
    )


def _number_proof(column: int | None, source: Source) -> NumberProof:
    """Return the number proof; what format 1 left unsaid followed from the door alone."""
    if column is not None:
        return NumberProof(column)
    if source is Source.FORM:
        return NumberProof.TYPED
    return NumberProof.PROVEN if source is Source.WEBHOOK else NumberProof.VOUCHED


def row_alias(row: Row, business_id: BusinessId, keyring: Keyring) -> Alias:
    """Read kind and sealed value."""
    return Alias(AliasKind(row[0]), keyring.open(bytes(row[1]), business_id.encode()).decode())


def row_sender(row: Row) -> Sender:
    """Read business_id, phone_number_id, waba_id, digits, name, state."""
    return Sender(
        business_id=BusinessId(row[0]),
        phone_number_id=PhoneNumberId(row[1]),
        waba_id=WabaId(row[2]),
        digits=row[3],
        name=row[4],
        state=SenderState(row[5]),
    )


def row_template(row: Row) -> Template:
    """Read business_id, waba_id, name, language, category, state, seen_at."""
    return Template(
        business_id=BusinessId(row[0]),
        waba_id=WabaId(row[1]),
        name=row[2],
        language=row[3],
        category=Category(row[4]),
        state=TemplateState(row[5]),
        seen_at=Instant(row[6]),
    )


def row_key(row: Row) -> Key:
    """Read business_id, key_id, name, scopes, created_at, revoked_at."""
    return Key(
        business_id=BusinessId(row[0]),
        key_id=KeyId(row[1]),
        name=row[2],
        scopes=frozenset(ApiScope(scope) for scope in row[3].split(",") if scope),
        created_at=Instant(row[4]),
        revoked_at=Instant(row[5]) if row[5] is not None else None,
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


def template_row(template: Template) -> tuple[Any, ...]:
    """Columns of the table."""
    return (
        template.business_id,
        template.waba_id,
        template.name,
        template.language,
        template.category.value,
        template.state.value,
        template.seen_at,
    )
