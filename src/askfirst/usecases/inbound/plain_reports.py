"""Take a delivery of nothing but plain statuses: seven of ten that Meta sends, by a short way.

A status is plain where the message did not fail, nothing is told of an error, and it answers none
of askfirst's own codes. It means the same as by the long way (`take_webhook`), which takes whatever
is not plain, or not one business's.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from askfirst.domain.inbound.delivery import Envelope
from askfirst.domain.inbound.delivery_parts import PART_UPDATES_MAX
from askfirst.domain.inbound.inbound_event import DeliveryReported, InboundEvent
from askfirst.domain.values.ids import BusinessId
from askfirst.domain.values.timestamp import Instant
from askfirst.ports.consent.change import Forwarding, PlainReport, WriteBatch
from askfirst.ports.consent.ledger import HasLedger
from askfirst.ports.platform.phone_numbers import HasNumbering
from askfirst.ports.platform.telemetry import HasTelemetry
from askfirst.ports.tenants.directory import HasDirectory
from askfirst.usecases.brakes.note_signals import mark_of
from askfirst.usecases.codes.handle_delivery_status import report_of
from askfirst.usecases.contacts.read_number import with_canonical_names
from askfirst.usecases.inbound.observe_clock import observe_clock
from askfirst.usecases.memory.known_names import HasKnownNames
from askfirst.usecases.sending.delivery_status import FAILED


class TakePlainNeeds(HasDirectory, HasKnownNames, HasLedger, HasNumbering, HasTelemetry, Protocol):
    """What this use case needs from the world."""


async def take_plain(
    services: TakePlainNeeds,
    notices: Sequence[InboundEvent],
    body: bytes,
    now: Instant,
    envelope: Envelope,
) -> bool:
    """Store a delivery and act on its statuses; False, and nothing is done: it is not plain.

    Raises:
        Unavailable: do not acknowledge; Meta will deliver again.
    """
    if not notices or len(notices) > PART_UPDATES_MAX or len(envelope.places) > 1:
        return False
    route = notices[0].waba_id, notices[0].phone_number_id
    if envelope.places and envelope.places[0][:2] != route:
        return False
    for notice in notices:
        if not isinstance(notice, DeliveryReported) or notice.codes or notice.status == FAILED:
            return False
        if (notice.waba_id, notice.phone_number_id) != route:
            return False
    owner = await services.directory.owner(route[1], route[0])
    if owner is None:
        return False
    reports: list[PlainReport] = []
    for notice in notices:
        if (report := _plain(services, owner, notice, now)) is None:
            return False
        reports.append(report)
    observe_clock(services, notices, now)
    await _commit(services, owner, tuple(reports), body, now, envelope)
    return True


async def _commit(
    services: TakePlainNeeds,
    business_id: BusinessId,
    reports: tuple[PlainReport, ...],
    body: bytes,
    now: Instant,
    envelope: Envelope,
) -> None:
    places, signatures = envelope.places, envelope.signatures
    change = WriteBatch(
        business_id=business_id,
        recorded_at=now,
        items=(),
        plain=reports,
        body=body,
        forwarding=Forwarding(places=places, signatures=signatures) if places else None,
    )
    committed = await services.ledger.commit(change)
    if committed.duplicates:
        return
    for report in reports:
        if report.is_lesson:
            services.known_names.remember(business_id, report.aliases, now)


def _plain(
    services: TakePlainNeeds, business_id: BusinessId, notice: InboundEvent, now: Instant
) -> PlainReport | None:
    named = with_canonical_names(services.numbering, notice)
    if not isinstance(named, DeliveryReported):
        return None
    if named.reference and report_of(business_id, named):
        return None
    names, said = named.aliases, named.occurred_at
    return PlainReport(
        names,
        now if said is None or said > now else said,
        named.message_id,
        mark_of(named.status),
        len(names) > 1 and not services.known_names.has(business_id, names, now),
        named.source_id,
        said or 0,
    )
