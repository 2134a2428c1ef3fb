"""Take what Meta tells us: durable and acted on before it is acknowledged.

A typed stop ends everything, or marketing where the words say so. A tap counts by its payload.
A typed yes is no consent: only the answer to a prompt is. Meta's own switch is a layer of its
own. Failed deliveries never make an opt-in.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from askfirst.domain.chat_code import find_codes
from askfirst.domain.code_signal import DID_NOT_REQUEST_CODE, CodeSignal
from askfirst.domain.event import RESTRICTIVE, Assurance, EventKind, NumberProof, Source
from askfirst.domain.ids import BusinessId
from askfirst.domain.instant import SECOND, Instant
from askfirst.domain.keywords import (
    StopScope,
    languages_of_stop,
    read_tapped_stop,
    read_typed_stop,
)
from askfirst.domain.named_media import NamedMedia
from askfirst.domain.notice import (
    ContentReceived,
    DeliveryReported,
    Notice,
    NumberChanged,
    Preference,
    PreferenceChanged,
    ReplyTapped,
    TemplateChanged,
    TextReceived,
)
from askfirst.domain.prompt import PromptHash, Surface
from askfirst.domain.prompt_sizes import CHAT_SURFACES
from askfirst.domain.proof import Proof, ProofStep
from askfirst.domain.purpose import AUTHENTICATION, MARKETING
from askfirst.domain.reply import Reply, ReplyVerb, read_reply
from askfirst.domain.sender import is_template_name
from askfirst.domain.stop_confirmation import (
    CONFIRMATION_NAME,
    ConfirmationFate,
    can_be_named,
)
from askfirst.ports.change import (
    Act,
    Change,
    Item,
    MediaSighting,
    Move,
    Opening,
    Statement,
    TemplateSighting,
    Unreachable,
)
from askfirst.ports.dead_letters import LetterFate
from askfirst.ports.directory import UNROUTED
from askfirst.usecases.delivery_parts import parts_of
from askfirst.usecases.hear_of_codes import (
    CodeReport,
    NoToCodes,
    approve_by_message,
    report_of,
    suppress_codes,
)
from askfirst.usecases.read_number import with_canonical_names
from askfirst.usecases.recognise_codes import (
    Arrival,
    confirmations,
    find_arrivals,
    find_proofs,
)
from askfirst.usecases.route_notices import Share, route_notices, route_of
from askfirst.usecases.services import Services
from askfirst.usecases.spoken_evidence import spoken_evidence

USER_STOPPED_MARKETING = 131050
UNDELIVERABLE = 131026
IDENTITY_CHANGED = 137000
_NO_NEW_MESSAGE = frozenset({"edit", "revoke"})
"""What is done to an older message; Meta opens the window for a new one, and doubt means no."""
_MARKETING = (MARKETING.name,)


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


@dataclass(slots=True)
class _Batch:
    """What one business gets out of a delivery."""

    items: list[Item] = field(default_factory=list)
    proofs: list[Proof] = field(default_factory=list)
    texts: list[TextReceived] = field(default_factory=list)
    noes_to_codes: list[NoToCodes] = field(default_factory=list)
    reports: list[CodeReport] = field(default_factory=list)


async def take_webhook(
    services: Services, notices: Iterable[Notice], body: bytes, media: Iterable[NamedMedia] = ()
) -> Taken:
    """Store one delivery, act on each notice and keep whose the files are that it names.

    Returns only when everything is durable and every stop in it is in force, or, where nobody
    registered its sender or WABA, waits in the dead-letter queue.

    Raises:
        Unavailable: do not acknowledge; Meta will deliver again.
    """
    now = services.clock.now()
    owned, unowned = await route_notices(services, notices, media)
    if not owned and not unowned.notices:
        owned = {UNROUTED: Share()}  # nothing to act on: only the body is kept, for its time
    taken = await act_on(services, owned, body, now)
    if unowned.notices:
        taken.add(await _keep_unowned(services, unowned, body, now))
    return taken


async def _keep_unowned(services: Services, share: Share, body: bytes, now: Instant) -> Taken:
    """Keep a delivery for whoever registers its sender or WABA.

    A registration that came meanwhile may have looked for letters before this one was there. Then
    it is durable by now, and is found here: one of the two always sees the other.
    """
    routes = frozenset(map(route_of, share.notices))
    letter, is_new = await services.dead_letters.keep(body, routes, now)
    if is_new:
        services.signals.dead_letters(LetterFate.KEPT, 1, routes)
    owned, rest = await route_notices(services, share.notices, share.media)
    taken = await act_on(services, owned, body, now)
    if owned:
        await services.dead_letters.settle(letter, frozenset(map(route_of, rest.notices)))
    return taken


async def act_on(
    services: Services, owned: Mapping[BusinessId, Share], body: bytes, heard_at: Instant
) -> Taken:
    """Act on what came at a moment, in parts; it is recorded now.

    Returns only when everything is durable and every stop is in force.
    """
    taken = Taken()
    for business_id, share in owned.items():
        # The body and the files are kept once for each business, with its first part.
        rest = (body, tuple(_sighting(file, heard_at) for file in share.media))
        for part in parts_of(share.notices):
            taken.add(await _act_on_part(services, business_id, part, heard_at, *rest))
            rest = (b"", ())
    return taken


async def _act_on_part(
    services: Services,
    business_id: BusinessId,
    notices: Sequence[Notice],
    heard_at: Instant,
    body: bytes,
    sightings: tuple[Item, ...],
) -> Taken:
    now = services.clock.now()
    batch = _Batch()
    for notice in notices:
        named = with_canonical_names(services.numbering, notice)
        await _add(services, business_id, named, heard_at, batch)
    items = (*batch.items, *sightings)
    change = Change(business_id=business_id, recorded_at=now, items=items, body=body)
    taken = Taken(events=len((await services.ledger.commit(change)).events), reports=batch.reports)
    for proof in batch.proofs:
        # The mark comes last: where something fails before it, Meta's next delivery goes on.
        await approve_by_message(services, proof, now)
        if await services.proofs.prove(proof, now):
            services.signals.number_proof(ProofStep.CONFIRMED, proof.surface)
    # Together: many stops in one part are one write.
    await asyncio.gather(*(suppress_codes(services, no) for no in batch.noes_to_codes))
    for text in batch.texts:
        taken.arrivals += await find_arrivals(services, business_id, text, heard_at)
    return taken


def _sighting(file: NamedMedia, now: Instant) -> Item:
    """A file is named anew by each delivery, so a second one does not have to be known."""
    sighting = MediaSighting(media_id=file.media_id, sender=file.phone_number_id or "", at=now)
    return Item(acts=(sighting,))


async def _add(
    services: Services, business_id: BusinessId, notice: Notice, now: Instant, batch: _Batch
) -> None:
    if isinstance(notice, DeliveryReported):
        _hear_report(services, business_id, notice, batch)
    item = await _item(services, business_id, notice, now)
    if item is None:
        return
    if signal := _no_to_codes(notice, item):
        at = notice.occurred_at or now
        no = NoToCodes(business_id=business_id, names=notice.aliases, signal=signal, at=at)
        batch.noes_to_codes.append(no)
    if isinstance(notice, TextReceived) and find_codes(notice.text):
        proofs = await find_proofs(services, business_id, notice, now)
        at = Instant(min(notice.occurred_at, now)) if notice.occurred_at is not None else now
        item = replace(item, acts=(*item.acts, *confirmations(proofs, notice, at)))
        batch.proofs += proofs
        batch.texts.append(notice)
    batch.items.append(item)


def _hear_report(
    services: Services, business_id: BusinessId, notice: DeliveryReported, batch: _Batch
) -> None:
    if report := report_of(business_id, notice):
        batch.reports.append(report)
    if notice.reference == CONFIRMATION_NAME and notice.status == "failed":
        reason = str(notice.codes[0]) if notice.codes else ""
        services.signals.stop_confirmation(business_id, ConfirmationFate.FAILED, reason)


def _no_to_codes(notice: Notice, item: Item) -> CodeSignal | None:
    """Tell whether the number's holder wants no codes: they asked for none, or stopped them all."""
    if isinstance(notice, ReplyTapped) and notice.payload == DID_NOT_REQUEST_CODE:
        return CodeSignal.NOT_REQUESTED
    return CodeSignal.STOPPED if any(map(_stops_codes, item.acts)) else None


def _stops_codes(act: Act) -> bool:
    if not isinstance(act, Statement) or act.kind is not EventKind.WITHDRAWN:
        return False
    return not act.purposes or AUTHENTICATION.name in act.purposes


async def _item(
    services: Services, business_id: BusinessId, notice: Notice, now: Instant
) -> Item | None:
    at = Instant(min(notice.occurred_at, now)) if notice.occurred_at is not None else now
    if isinstance(notice, TemplateChanged):
        acts = _template(notice, at)
    elif not notice.aliases:
        return None
    else:
        acts = _acts(notice, at)
        if isinstance(notice, ReplyTapped) and (reply := read_reply(notice.payload)):
            acts += await _replied(services, business_id, notice, reply, at)
    acts = tuple(_to_the_end_of_its_second(act, now) for act in acts)
    if services.confirms_stops:
        acts = _to_be_confirmed(notice, acts)
    if not acts:
        return None
    return Item(acts=acts, source_id=notice.source_id, source_at=notice.occurred_at or 0)


def _to_the_end_of_its_second(act: Act, now: Instant) -> Act:
    """Meta tells whole seconds: a no counts as said at the end of its own, or when it came.

    Taken at its beginning, a STOP would be older than a yes given half a second before it, and
    a template's pause older than a list that was read just before.
    """
    if isinstance(act, TemplateSighting | Move):
        return replace(act, at=Instant(min(act.at + SECOND - 1, now)))
    if isinstance(act, Statement) and act.kind in RESTRICTIVE:
        return replace(act, occurred_at=Instant(min(act.occurred_at + SECOND - 1, now)))
    return act


def _to_be_confirmed(notice: Notice, acts: tuple[Act, ...]) -> tuple[Act, ...]:
    """Mark the stops that a person said in the chat, typed or tapped, with the language they used.

    Whoever says that they asked for no code stopped nothing that they would miss.
    """
    if not isinstance(notice, TextReceived | ReplyTapped):
        return acts
    words = notice.text if isinstance(notice, TextReceived) else notice.label
    if isinstance(notice, ReplyTapped) and notice.payload == DID_NOT_REQUEST_CODE:
        return acts
    return tuple(_marked(act, words) for act in acts)


def _marked(act: Act, words: str) -> Act:
    if not isinstance(act, Statement) or act.kind is not EventKind.WITHDRAWN:
        return act
    return (
        replace(act, stop_languages=languages_of_stop(words)) if can_be_named(act.purposes) else act
    )


def _acts(notice: Notice, at: Instant) -> tuple[Act, ...]:
    match notice:
        case TextReceived():
            return _opened(notice, at) + _stopped(notice, at, read_typed_stop(notice.text))
        case ReplyTapped():
            return _opened(notice, at) + _tapped(notice, at)
        case ContentReceived():
            return () if notice.kind in _NO_NEW_MESSAGE else _opened(notice, at)
        case PreferenceChanged():
            return _preference(notice, at)
        case DeliveryReported():
            return _delivery(notice, at)
        case NumberChanged():
            new = tuple(alias for alias in notice.new_aliases if alias not in notice.aliases)
            sender = notice.phone_number_id or ""
            return (Move(old=notice.aliases, new=new, at=at, sender=sender),)
        case _:
            return ()


def _opened(notice: Notice, at: Instant) -> tuple[Act, ...]:
    if notice.phone_number_id is None:
        return ()
    return (Opening(aliases=notice.aliases, sender=notice.phone_number_id, at=at),)


def _stopped(
    notice: TextReceived | ReplyTapped, at: Instant, scope: StopScope | None
) -> tuple[Act, ...]:
    if scope is None:
        return ()
    purposes = _MARKETING if scope is StopScope.MARKETING else ()
    words = notice.text if isinstance(notice, TextReceived) else notice.label
    evidence = spoken_evidence(notice, words)
    return (_statement(notice, at, EventKind.WITHDRAWN, purposes, evidence=evidence),)


def _tapped(notice: ReplyTapped, at: Instant) -> tuple[Act, ...]:
    """Read a button that is none of ours; what is on ours counts by its prompt (`_replied`)."""
    if read_reply(notice.payload):
        return ()
    if notice.payload == DID_NOT_REQUEST_CODE:
        return _denied(notice, at)
    return _stopped(notice, at, read_tapped_stop(notice.payload, notice.label))


def _denied(notice: ReplyTapped, at: Instant) -> tuple[Act, ...]:
    """Whoever did not ask for a code has not said yes to codes: somebody else typed the number."""
    evidence = spoken_evidence(notice, notice.label)
    purposes = (AUTHENTICATION.name,)
    return (_statement(notice, at, EventKind.WITHDRAWN, purposes, evidence=evidence),)


async def _replied(
    services: Services, business_id: BusinessId, notice: ReplyTapped, reply: Reply, at: Instant
) -> tuple[Act, ...]:
    """A tap on a button of ours: a stop always counts, a no to any prompt that is known here.

    A yes counts for a question that we wrote for the chat ourselves: only of that do we know what
    stood above the button.
    """
    evidence = spoken_evidence(notice, notice.label)
    if reply.verb is ReplyVerb.STOP:
        return (_statement(notice, at, EventKind.WITHDRAWN, reply.purposes, evidence=evidence),)
    if reply.prompt is None:
        return ()
    asked = await services.ledger.prompt_purposes(business_id, reply.prompt)
    if asked is None or not asked.issuperset(reply.purposes):
        return ()
    is_yes = reply.verb is ReplyVerb.YES
    if is_yes and not await _is_asked_in_chat(services, business_id, reply.prompt):
        return ()
    kind = EventKind.GRANTED if is_yes else EventKind.REFUSED
    return (
        Statement(
            aliases=notice.aliases,
            kind=kind,
            occurred_at=at,
            source=Source.WEBHOOK,
            surface=Surface.CHAT,
            number_proof=NumberProof.PROVEN,
            purposes=reply.purposes,
            assurance=Assurance.CONFIRMED,
            sender=notice.phone_number_id or "",
            prompt=reply.prompt,
            evidence=evidence,
        ),
    )


async def _is_asked_in_chat(
    services: Services, business_id: BusinessId, prompt: PromptHash
) -> bool:
    return await services.prompts.current_surface(business_id, prompt) in CHAT_SURFACES


def _preference(notice: PreferenceChanged, at: Instant) -> tuple[Act, ...]:
    match notice.preference:
        case Preference.STOP:
            return (_statement(notice, at, EventKind.NATIVE_STOPPED, _MARKETING),)
        case Preference.RESUME:
            return (_statement(notice, at, EventKind.NATIVE_RESUMED, _MARKETING),)
        case Preference.SIGNUP:
            return (
                _statement(notice, at, EventKind.NATIVE_RESUMED, _MARKETING),
                _statement(notice, at, EventKind.GRANTED, _MARKETING, surface=Surface.LINK),
            )


def _delivery(notice: DeliveryReported, at: Instant) -> tuple[Act, ...]:
    acts: list[Act] = []
    if USER_STOPPED_MARKETING in notice.codes:
        acts.append(_statement(notice, at, EventKind.NATIVE_STOPPED, _MARKETING))
    if IDENTITY_CHANGED in notice.codes:
        acts.append(_statement(notice, at, EventKind.SUSPENDED, ()))
    if UNDELIVERABLE in notice.codes:
        acts.append(Unreachable(aliases=notice.aliases, at=at))
    return tuple(acts)


def _template(notice: TemplateChanged, at: Instant) -> tuple[Act, ...]:
    names = (notice.name, notice.language)
    if notice.waba_id is None or not all(map(is_template_name, names)):
        return ()
    return (
        TemplateSighting(
            waba_id=notice.waba_id,
            name=notice.name,
            language=notice.language,
            state=notice.state,
            category=notice.category,
            at=at,
        ),
    )


def _statement(
    notice: Notice,
    at: Instant,
    kind: EventKind,
    purposes: tuple[str, ...],
    *,
    surface: Surface = Surface.CHAT,
    evidence: bytes = b"",
) -> Statement:
    return Statement(
        aliases=notice.aliases,
        kind=kind,
        occurred_at=at,
        source=Source.WEBHOOK,
        surface=surface,
        number_proof=NumberProof.PROVEN,
        purposes=purposes,
        assurance=Assurance.CONFIRMED,
        sender=notice.phone_number_id or "",
        evidence=evidence,
    )
