"""What a notice of Meta's amounts to: the acts that are written for it.

A typed stop ends everything, or marketing where the words say so; what may be one lets marketing
rest until its writer says what was meant. A tap counts by its payload.
A typed yes is no consent: only the answer to a prompt is. Meta's own switch is a layer of its
own. Failed deliveries never make an opt-in. All that Meta signed is evidence: captions, edits,
what stands in a group, synchronised history, forms, calls, and names told in passing.
"""

from __future__ import annotations

from typing import Protocol

from askfirst.domain.codes.code_signal import DID_NOT_REQUEST_CODE
from askfirst.domain.consent.event import RESTRICTIVE, Assurance, EventKind, NumberProof, Source
from askfirst.domain.consent.stop_confirmation import (
    can_be_named,
)
from askfirst.domain.entry_points.chat_code import without_codes
from askfirst.domain.inbound.chat_evidence import spoken_evidence
from askfirst.domain.inbound.inbound_event import (
    CallReceived,
    ContentReceived,
    DeliveryReported,
    FlowAnswered,
    InboundEvent,
    MessageContext,
    MessagingLimitChanged,
    NumberChanged,
    PersonNamed,
    Preference,
    PreferenceChanged,
    ReplyTapped,
    RestrictedMessage,
    TemplateChanged,
    TextReceived,
)
from askfirst.domain.inbound.link_wish import locales_of_wish
from askfirst.domain.opt_out.classifier import OptOutClassifier
from askfirst.domain.opt_out.flow_stop import read_flow_no
from askfirst.domain.opt_out.list_row import read_row_stop
from askfirst.domain.opt_out.reading import Certainty, OptOutReading
from askfirst.domain.prompts.catalogue import Catalogue
from askfirst.domain.prompts.prompt import CHAT_SURFACES, PromptHash, Surface
from askfirst.domain.prompts.quick_reply import Reply, ReplyVerb, read_reply
from askfirst.domain.tenants.sender import is_template_name
from askfirst.domain.tenants.template_lint import read_template
from askfirst.domain.value import replace
from askfirst.domain.values.ids import BusinessId
from askfirst.domain.values.purpose import AUTHENTICATION, MARKETING
from askfirst.domain.values.timestamp import SECOND, Instant
from askfirst.ports.consent.change import (
    AliasesLinked,
    AliasesMoved,
    Command,
    LinkWished,
    MessagingLimitObserved,
    Statement,
    TemplateObserved,
    WindowOpened,
    WriteEntry,
)
from askfirst.ports.consent.ledger import HasLedger
from askfirst.ports.prompts.catalogue import HasCatalogue
from askfirst.ports.prompts.prompts import HasProfiles, HasPrompts
from askfirst.ports.sending.asking_policy import HasAskingPolicy
from askfirst.ports.tenants.directory import HasDirectory
from askfirst.ports.tenants.site import ConfirmsStops
from askfirst.usecases.memory.known_names import HasKnownNames
from askfirst.usecases.opt_out.read_opt_out import read_opt_out
from askfirst.usecases.sending.delivery_status import acquaintance, acts_of_report

_NOES = frozenset({EventKind.WITHDRAWN, EventKind.REFUSED})
_ANSWERED = frozenset({EventKind.WITHDRAWN, EventKind.DOUBTED})
_MARKETING = (MARKETING.name,)
_DATED = (TemplateObserved, AliasesMoved)


class HandleEventNeeds(
    HasCatalogue,
    HasDirectory,
    HasKnownNames,
    HasLedger,
    HasAskingPolicy,
    HasProfiles,
    HasPrompts,
    ConfirmsStops,
    Protocol,
):
    """What this use case needs from the world."""


async def item_of(
    services: HandleEventNeeds, business_id: BusinessId, notice: InboundEvent, now: Instant
) -> WriteEntry | None:
    """Return what is to be written for a notice that came at a moment; None: nothing."""
    if isinstance(notice, DeliveryReported):
        return item_of_report(services, business_id, notice, said_at(notice, now), now)
    at = said_at(notice, now)
    if isinstance(notice, TemplateChanged):
        acts = _template(services.catalogue, notice, at)
    elif isinstance(notice, MessagingLimitChanged):
        acts = (MessagingLimitObserved(limit=notice.limit or None),)
    elif not notice.aliases:
        return None
    else:
        acts = await _heard(services, business_id, notice, at)
    if not acts:
        return None
    if services.confirms_stops:
        acts = _to_be_confirmed(services.catalogue.opt_out, notice, acts)
    return _entry(notice, acts, now)


def item_of_report(
    services: HasKnownNames,
    business_id: BusinessId,
    notice: DeliveryReported,
    at: Instant,
    now: Instant,
) -> WriteEntry | None:
    """Return what is to be written for a status: mostly nothing, and nothing is asked for it."""
    if not notice.aliases:
        return None
    known = services.known_names.has(business_id, notice.aliases, now)
    if notice.codes:
        acts = acts_of_report(notice, at, is_acquainted=known)
        return _entry(notice, acts, now) if acts else None
    if known or not (lesson := acquaintance(notice.aliases, at)):
        return None
    return WriteEntry(
        acts=lesson,
        source_id=notice.source_id,
        source_at=notice.occurred_at or 0,
        is_lesson=True,
    )


def _entry(notice: InboundEvent, acts: tuple[Command, ...], now: Instant) -> WriteEntry:
    acts = tuple([_to_the_end_of_its_second(act, now) for act in acts])
    return WriteEntry(
        acts=acts,
        source_id=notice.source_id,
        source_at=notice.occurred_at or 0,
        is_lesson=len(acts) == 1 and isinstance(acts[0], AliasesLinked),
    )


def said_at(notice: InboundEvent, now: Instant) -> Instant:
    """Return when it was said, as Meta tells; never later than it came."""
    return Instant(min(notice.occurred_at, now)) if notice.occurred_at is not None else now


async def _heard(
    services: HandleEventNeeds, business_id: BusinessId, notice: InboundEvent, at: Instant
) -> tuple[Command, ...]:
    match notice:
        case RestrictedMessage():
            message = replace(notice.message, aliases=notice.aliases)
            acts = await _heard(services, business_id, message, at)
            return _noes(notice, acts, at)
        case ReplyTapped():
            acts = _acts(services.catalogue.opt_out, notice, at)
            if reply := read_reply(notice.payload):
                acts += await _replied(services, business_id, notice, reply, at)
            return acts
        case FlowAnswered():
            return _opened(notice, at) + await _filled_in(services, business_id, notice, at)
        case PersonNamed():
            return acquaintance(notice.aliases, at)
        case TextReceived() | ContentReceived():
            words = notice.text if isinstance(notice, TextReceived) else notice.words
            reading = await read_opt_out(services, business_id, words)
            wished = _wished(services.catalogue, notice, at, reading)
            return _opened(notice, at) + wished + _stopped(notice, at, reading)
        case _:
            return _acts(services.catalogue.opt_out, notice, at)


def _noes(notice: RestrictedMessage, acts: tuple[Command, ...], at: Instant) -> tuple[Command, ...]:
    """Keep the noes of a message, and whose it was. What may be one is not asked about.

    History counts by when it was said, and says nothing of whose the names are by now.
    """
    noes = tuple(act for act in acts if isinstance(act, Statement) and act.kind in _NOES)
    if notice.context is MessageContext.HISTORY:
        return tuple(replace(no, source=Source.HISTORY) for no in noes)
    return noes or acquaintance(notice.aliases, at)


def _to_the_end_of_its_second(act: Command, now: Instant) -> Command:
    """Meta tells whole seconds: a no counts as said at the end of its own, or when it came.

    Taken at its beginning, a STOP would be older than a yes given half a second before it, and
    a template's pause older than a list that was read just before.
    """
    if isinstance(act, _DATED):
        return replace(act, at=Instant(min(act.at + SECOND - 1, now)))
    if isinstance(act, Statement) and act.kind in RESTRICTIVE:
        return replace(act, occurred_at=Instant(min(act.occurred_at + SECOND - 1, now)))
    return act


def _to_be_confirmed(
    opt_out: OptOutClassifier, notice: InboundEvent, acts: tuple[Command, ...]
) -> tuple[Command, ...]:
    """Mark the stops that a person said in the chat, typed or tapped, with the language they used.

    So is what may be a stop: stops are confirmed, and those are asked about.

    Whoever says that they asked for no code stopped nothing that they would miss.
    """
    match notice:
        case TextReceived():
            words = notice.text
        case ReplyTapped():
            words = notice.label
        case ContentReceived():
            words = notice.words
        case _:
            return acts
    if isinstance(notice, ReplyTapped) and notice.payload == DID_NOT_REQUEST_CODE:
        return acts
    return tuple(_marked(opt_out, act, words) for act in acts)


def _marked(opt_out: OptOutClassifier, act: Command, words: str) -> Command:
    if not isinstance(act, Statement) or act.kind not in _ANSWERED:
        return act
    if not can_be_named(act.purposes):
        return act
    return replace(act, stop_languages=opt_out.languages_of(without_codes(words)))


def _acts(opt_out: OptOutClassifier, notice: InboundEvent, at: Instant) -> tuple[Command, ...]:
    match notice:
        case ReplyTapped():
            return _opened(notice, at) + _tapped(opt_out, notice, at)
        case CallReceived():
            return _opened(notice, at)
        case PreferenceChanged():
            return _preference(notice, at)
        case NumberChanged():
            new = tuple(alias for alias in notice.new_aliases if alias not in notice.aliases)
            sender = notice.phone_number_id or ""
            return (AliasesMoved(old=notice.aliases, new=new, at=at, sender=sender),)
        case _:
            return ()


def _opened(notice: InboundEvent, at: Instant) -> tuple[Command, ...]:
    if notice.phone_number_id is None:
        return ()
    return (WindowOpened(aliases=notice.aliases, sender=notice.phone_number_id, at=at),)


def _stopped(
    notice: TextReceived | ReplyTapped | ContentReceived, at: Instant, reading: OptOutReading
) -> tuple[Command, ...]:
    """Write down a stop, or a doubt. Advertising is what may have been meant: it rests."""
    is_doubt = reading.certainty is Certainty.UNSURE
    purposes = _MARKETING if is_doubt else reading.purposes
    if purposes is None:
        return ()
    kind = EventKind.DOUBTED if is_doubt else EventKind.WITHDRAWN
    evidence = spoken_evidence(notice, *_words(notice))
    said = _statement(notice, at, kind, purposes, evidence=evidence)
    return (replace(said, about=reading.about),)


def _wished(
    catalogue: Catalogue,
    notice: TextReceived | ContentReceived,
    at: Instant,
    reading: OptOutReading,
) -> tuple[Command, ...]:
    """Write down that somebody asks for their preference page. What may be a stop is none."""
    if reading.certainty is not Certainty.NONE or not isinstance(notice, TextReceived):
        return ()
    locales = locales_of_wish(catalogue, notice.text)
    if not locales or notice.phone_number_id is None:
        return ()
    sender = notice.phone_number_id
    return (LinkWished(aliases=notice.aliases, sender=sender, locales=locales, at=at),)


def _words(notice: TextReceived | ReplyTapped | ContentReceived) -> tuple[str, ...]:
    match notice:
        case TextReceived():
            return (notice.text,)
        case ReplyTapped():
            return (notice.label, notice.description)
        case ContentReceived():
            return (notice.words,)


async def _filled_in(
    services: HandleEventNeeds, business_id: BusinessId, notice: FlowAnswered, at: Instant
) -> tuple[Command, ...]:
    """Read a form: what the business declared to be a no, and what says stop by itself."""
    profile = await services.profiles.profile(business_id)
    no = read_flow_no(notice.answers, profile.flow_stops, services.catalogue.opt_out)
    if no is None:
        return ()
    evidence = spoken_evidence(
        notice, *(f"{answer.key}={','.join(answer.values)}" for answer in no.answers)
    )
    return (_statement(notice, at, EventKind.WITHDRAWN, no.purposes, evidence=evidence),)


def _tapped(opt_out: OptOutClassifier, notice: ReplyTapped, at: Instant) -> tuple[Command, ...]:
    """Read a button that is none of ours; what is on ours counts by its prompt (`_replied`)."""
    if read_reply(notice.payload):
        return ()
    if notice.payload == DID_NOT_REQUEST_CODE:
        return _denied(notice, at)
    reading = read_row_stop(opt_out, notice.payload, notice.label, notice.description)
    return _stopped(notice, at, reading)


def _denied(notice: ReplyTapped, at: Instant) -> tuple[Command, ...]:
    """Whoever did not ask for a code has not said yes to codes: somebody else typed the number."""
    evidence = spoken_evidence(notice, notice.label)
    purposes = (AUTHENTICATION.name,)
    return (_statement(notice, at, EventKind.WITHDRAWN, purposes, evidence=evidence),)


async def _replied(
    services: HandleEventNeeds,
    business_id: BusinessId,
    notice: ReplyTapped,
    reply: Reply,
    at: Instant,
) -> tuple[Command, ...]:
    """A tap on a button of ours: a stop always counts, a no to any prompt that is known here.

    That nothing was to stop counts for the question that is open (the planner looks).

    A yes counts for a question that we wrote for the chat ourselves: only of that do we know what
    stood above the button.
    """
    evidence = spoken_evidence(notice, notice.label)
    if reply.verb is ReplyVerb.STOP:
        return (_statement(notice, at, EventKind.WITHDRAWN, reply.purposes, evidence=evidence),)
    if reply.verb is ReplyVerb.KEEP:
        kept = _statement(notice, at, EventKind.KEPT, _MARKETING, evidence=evidence)
        return (replace(kept, answers=reply.doubt),)
    if reply.prompt is None:
        return ()
    asked = await services.ledger.prompt_purposes(business_id, reply.prompt)
    if asked is None or not asked.issuperset(reply.purposes):
        return ()
    is_yes = reply.verb is ReplyVerb.YES
    if is_yes and not await _is_asked_in_chat(services, business_id, reply.prompt):
        return ()
    kind = EventKind.GRANTED if is_yes else EventKind.REFUSED
    said = _statement(notice, at, kind, reply.purposes, evidence=evidence)
    return (replace(said, prompt=reply.prompt),)


async def _is_asked_in_chat(
    services: HasPrompts, business_id: BusinessId, prompt: PromptHash
) -> bool:
    return await services.prompts.current_surface(business_id, prompt) in CHAT_SURFACES


def _preference(notice: PreferenceChanged, at: Instant) -> tuple[Command, ...]:
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


def _template(catalogue: Catalogue, notice: TemplateChanged, at: Instant) -> tuple[Command, ...]:
    names = (notice.name, notice.language)
    if notice.waba_id is None or not all(map(is_template_name, names)):
        return ()
    content = notice.content if notice.language else None  # what it says, it says in a language
    reading = None
    if content is not None:
        patterns, opt_out = catalogue.patterns, catalogue.opt_out
        reading = read_template(content, notice.language, patterns, opt_out)
    return (
        TemplateObserved(
            waba_id=notice.waba_id,
            name=notice.name,
            language=notice.language,
            state=notice.state,
            category=notice.category,
            at=at,
            quality=notice.quality,
            content=content,
            reading=reading,
        ),
    )


def _statement(
    notice: InboundEvent,
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
