"""Rule 7 for brakes: what people object to, or Meta punishes, is held for a time.

Yellow lets half of the people have marketing each day. It halves people and not caps: a cap of one
message a day has no half. Which half is told by a hash of the contact, and the halves take turns by
the day (UTC): equal questions get equal answers, and nobody waits for longer than a day.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from zlib import crc32

from askfirst.decision.decision import COUNTED
from askfirst.decision.question import MessageKind
from askfirst.decision.reason import Reason
from askfirst.decision.rules.rule import PASS, Answer, Case, Deny, Fact, Rule, Wait
from askfirst.domain.brakes.brake import Brake, Cause, Colour, Hold
from askfirst.domain.brakes.subject import BrakeScope, Subject
from askfirst.domain.consent.event import Assurance
from askfirst.domain.consent.stamp import Grant
from askfirst.domain.consent.standing import Standing, view
from askfirst.domain.prompts.prompt import Surface
from askfirst.domain.values.purpose import SERVICE, Category, Purpose
from askfirst.domain.values.timestamp import DAY, Instant, to_minute

LIST_SIZE = 10_000


def _judge(case: Case) -> Answer:
    if not case.facts.brakes:
        return PASS
    answers = [
        (colour.rank, answer)
        for brake, colour in _holding(case)
        if (answer := _answer(case, brake, colour)) is not PASS
    ]
    return max(answers, key=_hardness)[1] if answers else PASS


def _hardness(found: tuple[int, Answer]) -> tuple[bool, int, int]:
    """A no without an end speaks first, then what ends last."""
    rank, answer = found
    return isinstance(answer, Deny), answer.until if isinstance(answer, Wait) else 0, rank


def _holding(case: Case) -> Iterator[tuple[Brake, Colour]]:
    """Yield the brakes that are about this message, and how hard they hold it now."""
    for brake in case.facts.brakes:
        if _is_on(brake.subject, case) and _is_about(brake.holds, case):
            colour = brake.colour_at(case.now)
            if colour is not None:
                yield brake, colour


def _is_on(subject: Subject, case: Case) -> bool:
    """Return whether a brake names this message: by what it is sent from, with, or rests on."""
    scope, name = subject
    sender, question = case.facts.sender, case.request
    if scope is BrakeScope.TEMPLATE:
        spelt = (question.template, f"{question.template}/{question.language}")
        return bool(question.template) and name in spelt
    if scope is BrakeScope.CAMPAIGN:
        return bool(question.campaign) and name == question.campaign
    if scope is BrakeScope.SENDER:
        return sender is not None and name == question.sender
    if scope is BrakeScope.WABA:
        return sender is not None and name == sender.waba_id
    if scope is BrakeScope.BUSINESS:
        return not name
    return subject in opt_in_subjects(case.facts.standing, case.purpose)


def opt_in_subjects(standing: Standing, purpose: Purpose) -> tuple[Subject, ...]:
    """Return the way of the opt-in that a message rests on, and its list if it was imported."""
    if purpose is SERVICE:
        return ()
    alive = view(standing, purpose).alive
    if not alive:
        return ()
    yes = alive[0] if len(alive) == 1 else max(alive, key=_sureness)
    found = _ways_of(yes.surface, yes.assurance)
    if yes.surface is Surface.IMPORT:
        found += (Subject(BrakeScope.LIST, list_of(yes.mark.position)),)
    return found


def _sureness(yes: Grant) -> tuple[int, int, int]:
    return yes.assurance, yes.number_proof, yes.mark.position


@lru_cache(maxsize=256)
def _ways_of(surface: Surface, assurance: Assurance) -> tuple[Subject, ...]:
    return (Subject(BrakeScope.METHOD, f"{surface.value}.{assurance.name.lower()}"),)


def list_of(position: int) -> str:
    """Name the list that an imported yes counts as part of: so many events together."""
    return f"from-{(position - 1) // LIST_SIZE * LIST_SIZE + 1}"


def counted_subjects(case: Case) -> tuple[Subject, ...]:
    """Return what a marketing message is counted under; none for other messages."""
    if case.purpose.category is not Category.MARKETING or not case.request.sender:
        return ()
    question = case.request
    found = _subjects_of(question.sender, question.template, question.campaign)
    return found + opt_in_subjects(case.facts.standing, case.purpose)


@lru_cache(maxsize=4096)
def _subjects_of(sender: str, template: str, campaign: str) -> tuple[Subject, ...]:
    """Return what a message is counted under whoever gets it: made once, not for each message."""
    found = [Subject(BrakeScope.SENDER, sender)]
    if template:
        found.append(Subject(BrakeScope.TEMPLATE, template))
    if campaign:
        found.append(Subject(BrakeScope.CAMPAIGN, campaign))
    return tuple(found)


def _is_about(holds: Hold, case: Case) -> bool:
    category = case.purpose.category
    match holds:
        case Hold.EVERYTHING:
            return True
        case Hold.MARKETING:
            return category is Category.MARKETING
        case Hold.STARTED:
            return case.purpose is not SERVICE
        case Hold.REPLIES:
            return case.purpose is SERVICE
        case Hold.UTILITY:
            return category is Category.UTILITY and case.request.kind is not MessageKind.DIRECT
        case Hold.DIRECT_UTILITY:
            return category is Category.UTILITY and case.request.kind is MessageKind.DIRECT


def _answer(case: Case, brake: Brake, colour: Colour) -> Answer:
    if colour is Colour.YELLOW:
        return _halved(case)
    if brake.cause is Cause.HAND:
        return _by_hand(brake)
    until = brake.retry_at(case.now)
    if until is None:
        return Deny(Reason.BRAKE_HELD, said=said_of(brake))
    reason = Reason.NEW_AND_WATCHED if brake.cause is Cause.NEW else Reason.BRAKE
    return Wait(until, reason, said=said_of(brake))


def _halved(case: Case) -> Answer:
    """Let half of the people through; the other half waits for tomorrow, when it is their turn."""
    today = case.now // DAY
    contact = case.facts.contacts[0] if case.facts.contacts else ""
    if (crc32(contact.encode()) + today) % 2 == 0:
        return PASS
    return Wait(Instant((today + 1) * DAY), Reason.BRAKE_HALVED)


def _by_hand(brake: Brake) -> Answer:
    if brake.lifts_at is None:
        return Deny(Reason.PAUSED_BY_OPERATOR, said=said_of(brake))
    return Wait(brake.lifts_at, Reason.PAUSED_BY_OPERATOR_UNTIL, said=said_of(brake))


def said_of(brake: Brake) -> str:
    """Say what a brake is on, and why, in words: who paused it, where somebody did."""
    scope, name = brake.subject
    what = scope.value if scope is BrakeScope.BUSINESS else f"{scope.value} {name}"
    if brake.cause is Cause.HAND:
        why = f"{brake.set_by} paused it at {to_minute(brake.since)}: {brake.reason}"
    else:
        why = f"{brake.cause.value.replace('_', ' ')} since {to_minute(brake.since)}"
        why += f": {brake.detail}" if brake.detail else ""
    return f"{what} ({brake.brake_id}): {why}."


def _looks_at(case: Case) -> tuple[Fact, ...]:
    found = tuple(
        Fact(f"{colour.value} brake on {brake.holds.value.replace('_', ' ')}", said_of(brake))
        for brake, colour in _holding(case)
    )
    return found or (Fact("brakes on this message", "none"),)


BRAKES = Rule(
    number=COUNTED,
    name="brake",
    says="No brake holds the message: yellow lets half of the people have marketing each day, red "
    "stops it, a restriction of Meta's holds what it names and nothing else, and a pause by hand "
    "what was asked for. A template, a way of opting in and an imported list that are new rest "
    "after their first 200 marketing messages until people had time to answer.",
    judge=_judge,
    looks_at=_looks_at,
)
