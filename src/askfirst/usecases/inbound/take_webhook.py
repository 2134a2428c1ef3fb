"""Take what Meta tells us: durable and acted on before it is acknowledged."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple, Protocol

from askfirst.domain.codes.code_signal import DID_NOT_REQUEST_CODE, CodeSignal
from askfirst.domain.consent.event import Event, EventKind
from askfirst.domain.consent.number_confirmation import Proof, ProofStep
from askfirst.domain.consent.stop_confirmation import (
    CONFIRMATION_NAME,
    QUESTION_NAME,
    ConfirmationFate,
)
from askfirst.domain.entry_points.arrival import Arrival
from askfirst.domain.entry_points.chat_code import find_codes
from askfirst.domain.inbound.dead_letter import LetterFate
from askfirst.domain.inbound.delivery import NO_ENVELOPE, Envelope
from askfirst.domain.inbound.delivery_parts import parts_of
from askfirst.domain.inbound.inbound_event import (
    BrakeSignalled,
    DeliveryReported,
    InboundEvent,
    ReplyTapped,
    TextReceived,
)
from askfirst.domain.inbound.link_wish import LINK_NAME
from askfirst.domain.inbound.named_media import NamedMedia
from askfirst.domain.value import replace
from askfirst.domain.values.ids import BusinessId
from askfirst.domain.values.purpose import AUTHENTICATION
from askfirst.domain.values.timestamp import Instant
from askfirst.ports.brakes.brakes import HasBrakes, Report
from askfirst.ports.consent.change import (
    AliasesLinked,
    AliasesMoved,
    Command,
    Forwarding,
    MediaObserved,
    Reached,
    Statement,
    WriteBatch,
    WriteEntry,
)
from askfirst.ports.inbound.dead_letters import HasDeadLetters
from askfirst.ports.platform.phone_numbers import HasNumbering
from askfirst.ports.platform.telemetry import HasTelemetry
from askfirst.ports.tenants.directory import UNROUTED
from askfirst.usecases.brakes.note_signals import arrival_of, note_webhook
from askfirst.usecases.codes.handle_delivery_status import (
    ApproveCodeNeeds,
    CodeReport,
    NoToCodes,
    SuppressCodesNeeds,
    approve_by_message,
    report_of,
    suppress_codes,
)
from askfirst.usecases.contacts.read_number import with_canonical_names
from askfirst.usecases.entry_points.attribution import (
    AttributionNeeds,
    confirmations,
    find_arrivals,
    find_proofs,
)
from askfirst.usecases.inbound.handle_event import (
    HandleEventNeeds,
    item_of,
    item_of_report,
    said_at,
)
from askfirst.usecases.inbound.observe_clock import observe_clock
from askfirst.usecases.inbound.plain_reports import take_plain
from askfirst.usecases.inbound.route_events import Share, route_notices, route_of
from askfirst.usecases.sending.delivery_status import ARRIVED, FAILED, reached


class TakeWebhookNeeds(
    ApproveCodeNeeds,
    AttributionNeeds,
    HandleEventNeeds,
    SuppressCodesNeeds,
    HasBrakes,
    HasDeadLetters,
    HasNumbering,
    Protocol,
):
    """What this use case needs from the world."""


@dataclass(slots=True)
class Taken:
    """What a delivery made: events, and what is to be done once it is acknowledged."""

    events: int = 0
    arrivals: list[Arrival] = field(default_factory=list)
    reports: list[CodeReport] = field(default_factory=list)

    def add(self, other: Taken) -> None:
        """Take in what another part of the delivery made."""
        self.events += other.events
        self.arrivals += other.arrivals
        self.reports += other.reports


class _Rest(NamedTuple):
    """What is kept of a delivery beside what its notices amount to."""

    body: bytes = b""
    forwarding: Forwarding | None = None
    sightings: tuple[WriteEntry, ...] = ()


@dataclass(slots=True)
class _Batch:
    """What one business gets out of a delivery."""

    items: list[WriteEntry] = field(default_factory=list)
    reached: list[Reached] = field(default_factory=list)
    arrived: list[Report] = field(default_factory=list)
    proofs: list[Proof] = field(default_factory=list)
    texts: list[TextReceived] = field(default_factory=list)
    noes_to_codes: list[NoToCodes] = field(default_factory=list)
    reports: list[CodeReport] = field(default_factory=list)
    alarming: list[InboundEvent] = field(default_factory=list)


async def take_webhook(
    services: TakeWebhookNeeds,
    notices: Sequence[InboundEvent],
    body: bytes,
    media: Iterable[NamedMedia] = (),
    envelope: Envelope = NO_ENVELOPE,
) -> Taken:
    """Store one delivery, act on each notice and keep whose the files are that it names.

    Returns only when everything is durable and every stop in it is in force, or, where nobody
    registered its sender or WABA, waits in the dead-letter queue. It is forwarded after that, to
    receivers of those who own a part of it.

    Raises:
        Unavailable: do not acknowledge; Meta will deliver again.
    """
    now = services.clock.now()
    if not media and await take_plain(services, notices, body, now, envelope):
        return Taken()
    owned, unowned = await route_notices(services, notices, media)
    observe_clock(services, notices, now)
    if not owned and not unowned.notices:
        owned = {UNROUTED: Share()}  # nothing to act on: only the body is kept, for its time
    taken = await act_on(services, owned, body, now, envelope)
    if unowned.notices:
        taken.add(await _keep_unowned(services, unowned, body, now, envelope))
    return taken


async def _keep_unowned(
    services: TakeWebhookNeeds, share: Share, body: bytes, now: Instant, envelope: Envelope
) -> Taken:
    """Keep a delivery for whoever registers its sender or WABA.

    A registration that came meanwhile may have looked for letters before this one was there. Then
    it is durable by now, and is found here: one of the two always sees the other.
    """
    routes = frozenset(map(route_of, share.notices))
    letter, is_new = await services.dead_letters.keep(body, routes, now)
    if is_new:
        services.telemetry.dead_letters(LetterFate.KEPT, 1, routes)
    owned, rest = await route_notices(services, share.notices, share.media)
    taken = await act_on(services, owned, body, now, envelope)
    if owned:
        await services.dead_letters.settle(letter, frozenset(map(route_of, rest.notices)))
    return taken


async def act_on(
    services: TakeWebhookNeeds,
    owned: Mapping[BusinessId, Share],
    body: bytes,
    heard_at: Instant,
    envelope: Envelope = NO_ENVELOPE,
) -> Taken:
    """Act on what came at a moment, in parts; it is recorded now.

    Returns only when everything is durable and every stop is in force.
    """
    taken = Taken()
    for business_id, share in owned.items():
        # The files are kept once for each business, with its first part. The body comes with the
        # last: it goes on to receivers once every part is durable, and every stop in force.
        *parts, last = parts_of(share.notices)
        sightings: tuple[WriteEntry, ...] = ()
        if share.media:
            sightings = tuple([_sighting(file, heard_at) for file in share.media])
        events: tuple[Event, ...] = ()
        for part in parts:
            rest, sightings = _Rest(sightings=sightings), ()
            events += await _act_on_part(services, business_id, part, heard_at, rest, taken)
        rest = _Rest(body, _forwarding(envelope, share, events), sightings)
        await _act_on_part(services, business_id, last, heard_at, rest, taken)
    return taken


def _forwarding(envelope: Envelope, share: Share, events: tuple[Event, ...]) -> Forwarding | None:
    """Say how a delivery goes on; its signatures are of use where it is the business's alone."""
    own, routes = envelope.places, share.routes
    if len(own) != 1 or own[0][:2] not in routes:
        own = tuple([place for place in own if place[:2] in routes])
    if not own:
        return None
    signatures = envelope.signatures if len(own) == len(envelope.places) else ""
    return Forwarding(places=own, signatures=signatures, events=events)


async def _act_on_part(
    services: TakeWebhookNeeds,
    business_id: BusinessId,
    notices: Sequence[InboundEvent],
    heard_at: Instant,
    rest: _Rest,
    taken: Taken,
) -> tuple[Event, ...]:
    now = services.clock.now()
    batch = _Batch()
    for notice in notices:
        named = with_canonical_names(services.numbering, notice)
        if isinstance(named, DeliveryReported):
            _add_report(services, business_id, named, heard_at, batch)
        else:
            await _add(services, business_id, named, heard_at, batch)
    items = (*batch.items, *rest.sightings)
    change = WriteBatch(
        business_id=business_id,
        recorded_at=now,
        items=items,
        reached=tuple(batch.reached),
        reports=tuple(batch.arrived),
        body=rest.body,
        forwarding=rest.forwarding,
    )
    committed = await services.ledger.commit(change)
    if items and not committed.duplicates:
        _learn(services, business_id, items, now)
    if batch.alarming:
        await note_webhook(services, business_id, batch.alarming, now)
    taken.events += len(committed.events)
    taken.reports += batch.reports
    for proof in batch.proofs:
        # The mark comes last: where something fails before it, Meta's next delivery goes on.
        await approve_by_message(services, proof, now)
        if await services.proofs.prove(proof, now):
            services.telemetry.number_proof(ProofStep.CONFIRMED, proof.surface)
    if batch.noes_to_codes:  # together: many stops in one part are one write
        await asyncio.gather(*(suppress_codes(services, no) for no in batch.noes_to_codes))
    for text in batch.texts:
        taken.arrivals += await find_arrivals(services, business_id, text, heard_at)
    return committed.events


def _sighting(file: NamedMedia, now: Instant) -> WriteEntry:
    """A file is named anew by each delivery, so a second one does not have to be known."""
    sighting = MediaObserved(media_id=file.media_id, sender=file.phone_number_id or "", at=now)
    return WriteEntry(acts=(sighting,))


def _learn(
    services: TakeWebhookNeeds, business_id: BusinessId, items: tuple[WriteEntry, ...], now: Instant
) -> None:
    """Remember what was taught, and say what an operator has to look at."""
    for item in items:
        for act in item.acts:
            if isinstance(act, AliasesLinked):
                services.known_names.remember(business_id, act.aliases, now)
            elif isinstance(act, AliasesMoved):
                services.known_names.forget()
            elif isinstance(act, Statement) and act.about:
                services.telemetry.review_opened(act.about)


async def _add(
    services: TakeWebhookNeeds,
    business_id: BusinessId,
    notice: InboundEvent,
    now: Instant,
    batch: _Batch,
) -> None:
    if isinstance(notice, BrakeSignalled):
        batch.alarming.append(notice)
    item = await item_of(services, business_id, notice, now)
    if item is None:
        return
    if signal := _no_to_codes(notice, item):
        at = notice.occurred_at or now
        no = NoToCodes(business_id=business_id, names=notice.aliases, signal=signal, at=at)
        batch.noes_to_codes.append(no)
    if isinstance(notice, TextReceived) and find_codes(notice.text):
        proofs = await find_proofs(services, business_id, notice, now)
        at = said_at(notice, now)
        item = replace(item, acts=(*item.acts, *confirmations(proofs, notice, at)))
        batch.proofs += proofs
        batch.texts.append(notice)
    batch.items.append(item)


def _add_report(
    services: TakeWebhookNeeds,
    business_id: BusinessId,
    notice: DeliveryReported,
    now: Instant,
    batch: _Batch,
) -> None:
    """Take a status, the commonest of all: what went well asks for nothing and sets no brake."""
    if arrival := arrival_of(notice):
        batch.arrived.append(arrival)
    at = said_at(notice, now)
    if notice.status in ARRIVED:
        batch.reached += reached(notice, at)
    if notice.reference and (report := report_of(business_id, notice)):
        batch.reports.append(report)
    if notice.codes:
        batch.alarming.append(notice)
    if notice.status == FAILED:
        _hear_failure(services, business_id, notice)
    if item := item_of_report(services, business_id, notice, at, now):
        batch.items.append(item)


def _hear_failure(
    services: HasTelemetry, business_id: BusinessId, notice: DeliveryReported
) -> None:
    tell = {
        CONFIRMATION_NAME: services.telemetry.stop_confirmation,
        QUESTION_NAME: services.telemetry.stop_question,
        LINK_NAME: services.telemetry.preference_link,
    }.get(notice.reference)
    if tell is not None:
        reason = str(notice.codes[0]) if notice.codes else ""
        tell(business_id, ConfirmationFate.FAILED, reason)


def _no_to_codes(notice: InboundEvent, item: WriteEntry) -> CodeSignal | None:
    """Return whether the number's holder wants no codes: asked for none, or stopped all."""
    if isinstance(notice, ReplyTapped) and notice.payload == DID_NOT_REQUEST_CODE:
        return CodeSignal.NOT_REQUESTED
    return CodeSignal.STOPPED if any(map(_stops_codes, item.acts)) else None


def _stops_codes(act: Command) -> bool:
    if not isinstance(act, Statement) or act.kind is not EventKind.WITHDRAWN:
        return False
    return not act.purposes or AUTHENTICATION.name in act.purposes
