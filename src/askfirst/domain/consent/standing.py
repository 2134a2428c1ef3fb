"""What a contact's events amount to, per purpose: a pure fold of the ledger.

The fold goes in the order of recording, so no clock, no delay and no `occurred_at` can make an
acknowledged no void:

* A no ends every yes that was recorded before it, whenever either was said.
* A yes lifts a no only if it was recorded later and said later. One that is only `asserted`, or
  for a number that anybody may have `typed`, lifts none.
* History (an import, a chat from before) is folded by time instead: it lifts no no, and its noes
  end only what was said no later than they were.
* A pause is a no that ends by itself, at its moment: see `pauses`.
* A notice is no answer. It stands beside the answers, and for nothing where there ever was a no or
  a suspension, of whatever age, lifted or not: see `notices`.
* A message that may be a stop is a doubt: marketing rests, whatever yes there is, and nothing else
  changes. Only the person ends it, by what the number itself says later: that all may stay
  (`kept`), a yes, or a stop, which then takes its place.

A standing holds only yeses that are alive at their own purpose, or at a topic's parent; `view`
sets a parent's yes against the topic's no. Laws, each a property test: in whatever order events
arrive, the standing allows nothing that the fold by time would not, and the same where they
arrive in order; Meta's own stop is a second layer that only Meta's resume lifts; merging keeps
every no of either side, and no yes of one side lifts a no of the other; erasing keeps every no.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from enum import StrEnum
from operator import attrgetter
from types import MappingProxyType
from typing import Final, NamedTuple

from askfirst.domain.consent.event import Assurance, Event, EventKind, NumberProof
from askfirst.domain.consent.frequency import Frequency
from askfirst.domain.consent.pauses import (
    Pauses,
    both,
    chosen_frequency,
    end_of_pause,
    rarer,
    with_pause,
    without_pauses,
)
from askfirst.domain.consent.stamp import (
    Doubt,
    Grant,
    Notice,
    Stamp,
    can_lift,
    joined,
    lifts,
    newer_of,
    newest_notices,
    raise_grant,
    stamp_of,
    with_grant,
)
from askfirst.domain.value import Value, field, replace
from askfirst.domain.values.ids import ContactId
from askfirst.domain.values.purpose import MARKETING, Category, Purpose, chain_of
from askfirst.domain.values.timestamp import Instant

EVERYTHING = "*"
ANY_SENDER = "*"


class Answer(StrEnum):
    """What the person's acts amount to for one purpose."""

    UNASKED = "unasked"
    GRANTED = "granted"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"
    SUSPENDED = "suspended"
    ERASED = "erased"


class PurposeState(NamedTuple):
    """What was said of one purpose (or everything): the noes as one, the yeses that are alive.

    `is_suspended`: a yes to it was ended, or kept from counting, by a suspension. `notices` are
    those that were shown of it, whatever they are worth.
    """

    no: Stamp | None = None
    yeses: tuple[Grant, ...] = ()
    is_suspended: bool = False
    notices: tuple[Notice, ...] = ()


class Standing(Value, frozen=True, kw_only=True):
    """The fold so far. `through` is the position of the newest event in it.

    `frequency` is how often the person chose to get marketing, where they did.
    """

    scopes: Mapping[str, PurposeState]
    suspended: Stamp | None = None
    native_stops: Mapping[str, Stamp]
    doubt: Doubt | None = None
    through: int = 0
    frequency: Frequency | None = None
    pauses: Pauses = field(default_factory=dict)


class EffectiveConsent(Value, frozen=True):
    """A standing seen for one purpose: the answer, since when, and the yeses that are alive."""

    answer: Answer
    since: Stamp | None = None
    alive: tuple[Grant, ...] = ()

    @property
    def assurance(self) -> Assurance | None:
        """The best assurance of the yeses that are alive."""
        return max((yes.assurance for yes in self.alive), default=None)

    @property
    def number_proof(self) -> NumberProof | None:
        """The best number proof of the yeses that are alive."""
        return max((yes.number_proof for yes in self.alive), default=None)


NOTHING_SAID = Standing(scopes={}, native_stops={})
_NOTHING = PurposeState()
_UNASKED = EffectiveConsent(Answer.UNASKED)

_NO_ANSWER = {
    EventKind.REFUSED: Answer.REFUSED,
    EventKind.WITHDRAWN: Answer.WITHDRAWN,
    EventKind.ERASED: Answer.ERASED,
}
_SURENESS = attrgetter("assurance", "number_proof", "mark")
_KIND_OF = {answer: kind for kind, answer in _NO_ANSWER.items()}


def fold(events: Iterable[Event], absorbed: Mapping[ContactId, Standing] | None = None) -> Standing:
    """Fold a contact's events, given in any order, by position.

    `absorbed` has the standing of each merged contact as it was when it was merged.
    """
    standing = NOTHING_SAID
    for event in sorted(events, key=lambda event: event.position):
        other = (absorbed or {}).get(event.absorbed) if event.absorbed else None
        standing = step(standing, event, other)
    return standing


def fold_all(events: Iterable[Event]) -> dict[ContactId, Standing]:
    """Fold a business's whole ledger, given in the order of positions: one standing a contact."""
    standings: dict[ContactId, Standing] = {}
    for event in events:
        absorbed = standings.get(event.absorbed) if event.absorbed else None
        old = standings.get(event.contact_id, NOTHING_SAID)
        standings[event.contact_id] = step(old, event, absorbed)
    return standings


def step(standing: Standing, event: Event, absorbed: Standing | None = None) -> Standing:
    """Take the next event recorded; one that is not newer than `through` raises ValueError."""
    if event.position <= standing.through:
        message = "events are folded in the order of their positions"
        raise ValueError(message)
    return replace(_take(standing, event, absorbed), through=event.position)


def _take(standing: Standing, event: Event, absorbed: Standing | None) -> Standing:
    if event.kind is EventKind.LINKED:
        return merge(standing, absorbed, stamp_of(event)) if absorbed else standing
    return _STEPS[event.kind](standing, event)


def _stop_natively(standing: Standing, event: Event) -> Standing:
    key = event.sender or ANY_SENDER
    stop = joined(standing.native_stops.get(key), stamp_of(event))
    return replace(standing, native_stops={**standing.native_stops, key: stop})


def _grant(standing: Standing, event: Event) -> Standing:
    return _explained(_with_yes(standing, event))


def _with_yes(standing: Standing, event: Event) -> Standing:
    sure = (event.assurance, event.surface, event.number_proof)
    yes = Grant(stamp_of(event), *sure, can_lift=can_lift(event))
    scopes = dict(standing.scopes)
    for purpose in event.purposes:
        scope = scopes.get(purpose, _NOTHING)
        noes = (scopes.get(name, _NOTHING).no for name in (*chain_of(purpose), EVERYTHING))
        if all(no is None or lifts(yes, no) for no in noes):
            if standing.suspended is None or lifts(yes, standing.suspended):
                scopes[purpose] = scope._replace(yeses=with_grant(scope.yeses, yes))
            else:
                scopes[purpose] = scope._replace(is_suspended=True)
    return replace(standing, scopes=scopes, pauses=without_pauses(standing.pauses, event, yes))


def _inform(standing: Standing, event: Event) -> Standing:
    notice = Notice(stamp_of(event), event.surface, event.number_proof)
    scopes = dict(standing.scopes)
    for purpose in event.purposes:
        scope = scopes.get(purpose, _NOTHING)
        scopes[purpose] = scope._replace(notices=newest_notices((*scope.notices, notice)))
    return replace(standing, scopes=scopes)


def notices(standing: Standing, purpose: Purpose) -> tuple[Notice, ...]:
    """Return the notices for a purpose, its parent's included, that nothing speaks against.

    Nobody answered them, so they count for less than any answer: there are none where anything was
    refused or withdrawn on the way, or the number was suspended, at whatever time, even if a yes
    has lifted that since.
    """
    scopes = standing.scopes
    on_the_way = [scopes[name] for name in (*purpose.chain, EVERYTHING) if name in scopes]
    if standing.suspended or any(scope.no for scope in on_the_way):
        return ()
    return tuple(notice for scope in on_the_way for notice in scope.notices)


def newest_notice(standing: Standing, purpose: Purpose) -> Notice | None:
    """Return the newest of the notices that nothing speaks against."""
    return max(notices(standing, purpose), default=None)


def _confirm(standing: Standing, event: Event) -> Standing:
    """Raise what stands, as of when it was said: proving a number is not a yes of its own.

    With the moment of the proof, a yes to a purpose would lift a newer no to one of its topics.
    """
    scopes = dict(standing.scopes)
    for purpose in event.purposes or tuple(scopes):
        if purpose == EVERYTHING:
            continue
        raised = [
            raise_grant(yes, event.number_proof)
            for yes in view(standing, Purpose(purpose)).alive
            if yes.mark.at <= event.occurred_at
        ]
        if raised:
            scope, best = scopes.get(purpose, _NOTHING), max(raised, key=_SURENESS)
            scopes[purpose] = scope._replace(yeses=with_grant(scope.yeses, best))
    return _explained(replace(standing, scopes=scopes))


def _deny(standing: Standing, event: Event) -> Standing:
    scopes = dict(standing.scopes)
    for purpose in event.purposes or (EVERYTHING,):
        if event.is_history:
            _deny_in_the_past(scopes, purpose, event)
        else:
            _deny_now(scopes, purpose, event)
    return replace(standing, scopes=scopes)


def _deny_now(scopes: dict[str, PurposeState], purpose: str, event: Event) -> None:
    """End every yes that is recorded; remember where one was said later than this no."""
    ended = [yes.mark.at for name in _below(scopes, purpose) for yes in scopes[name].yeses]
    newer = max((at for at in ended if at > event.occurred_at), default=None)
    _keep(scopes, purpose, lambda _: False)
    scope = scopes.get(purpose, _NOTHING)
    scopes[purpose] = scope._replace(no=joined(scope.no, stamp_of(event)._replace(ended=newer)))


def _deny_in_the_past(scopes: dict[str, PurposeState], purpose: str, event: Event) -> None:
    """Let a no of history end what was said no later; what was said since stands."""
    no = Stamp(event.occurred_at, 0, event.kind)
    _keep(scopes, purpose, lambda yes: lifts(yes, no))
    scope = scopes.get(purpose, _NOTHING)
    if scope.no is None:
        scopes[purpose] = scope._replace(no=no)
    elif scope.no.at < no.at:
        scopes[purpose] = scope._replace(no=scope.no._replace(at=no.at, kind=no.kind))


def _below(scopes: Mapping[str, PurposeState], purpose: str) -> list[str]:
    """Return the purposes whose answers a no to this one ends: itself and its topics."""
    if purpose == EVERYTHING:
        return list(scopes)
    return [name for name in scopes if name == purpose or name.startswith(purpose + ".")]


def _keep(scopes: dict[str, PurposeState], purpose: str, stays: Callable[[Grant], bool]) -> None:
    for name in _below(scopes, purpose):
        scope = scopes[name]
        scopes[name] = scope._replace(yeses=tuple(filter(stays, scope.yeses)))


def _suspend(standing: Standing, event: Event) -> Standing:
    """End every yes: the number may have a new owner, who was never asked."""
    scopes = {
        name: scope._replace(yeses=(), is_suspended=True) if scope.yeses else scope
        for name, scope in standing.scopes.items()
    }
    return replace(standing, scopes=scopes, suspended=joined(standing.suspended, stamp_of(event)))


def _resume(standing: Standing, event: Event) -> Standing:
    """Lift Meta's stop of one sender, or of all where the resume names none, if said later."""
    stops = standing.native_stops
    lifted = stops if not event.sender else {event.sender}
    left = {
        key: stop
        for key, stop in stops.items()
        if key not in lifted or event.occurred_at <= stop.at or event.is_history
    }
    return replace(standing, native_stops=left)


def _limit(standing: Standing, event: Event) -> Standing:
    return replace(standing, frequency=chosen_frequency(standing.frequency, event))


def _doubt(standing: Standing, event: Event) -> Standing:
    old = standing.doubt
    mark = joined(old.mark if old else None, stamp_of(event))
    return replace(standing, doubt=Doubt(mark, old.first if old else event.position))


def _without_doubt(standing: Standing, event: Event) -> Standing:
    """End a doubt by what the number itself said later."""
    doubt = standing.doubt
    is_answer = event.number_proof is NumberProof.PROVEN and not event.is_history
    if doubt is None or not is_answer or event.occurred_at <= doubt.mark.at:
        return standing
    return replace(standing, doubt=None)


def _refuse(standing: Standing, event: Event) -> Standing:
    """Take a no; one to all marketing takes the place of a doubt, one to a topic leaves it."""
    denied = _deny(standing, event)
    is_whole = not event.purposes or MARKETING.name in event.purposes
    return _without_doubt(denied, event) if is_whole else denied


def _explained(standing: Standing) -> Standing:
    """End a doubt where a yes to all marketing, from the number itself, came after it."""
    is_over = standing.doubt is not None and doubt_about(standing, MARKETING) is None
    return replace(standing, doubt=None) if is_over else standing


def doubt_about(standing: Standing, purpose: Purpose) -> Stamp | None:
    """Return since when marketing rests because of a message that may be a stop; None: it does not.

    A later yes to a topic, from the number itself, is enough for that topic.
    """
    doubt = standing.doubt
    if doubt is None or purpose.category is not Category.MARKETING:
        return None
    alive = view(standing, purpose).alive
    proven = (yes for yes in alive if yes.number_proof is NumberProof.PROVEN)
    return None if any(lifts(yes, doubt.mark) for yes in proven) else doubt.mark


def view(standing: Standing, purpose: Purpose) -> EffectiveConsent:
    """Return the answer for one purpose: what was said of it, of its parent and of everything."""
    scopes = standing.scopes
    no: Stamp | None = None
    alive: tuple[Grant, ...] = ()
    is_suspended = False
    for name in purpose.chain:
        if name in scopes:
            scope = scopes[name]
            yeses = scope.yeses
            if yeses and no is not None:  # a topic's no against its parent's yes
                yeses = tuple(yes for yes in yeses if lifts(yes, no))
            alive += yeses
            no = newer_of(no, scope.no)
            is_suspended = is_suspended or scope.is_suspended
    if alive:
        newest = alive[0].mark if len(alive) == 1 else max(yes.mark for yes in alive)
        return EffectiveConsent(Answer.GRANTED, newest, alive)
    if EVERYTHING in scopes:
        no = newer_of(no, scopes[EVERYTHING].no)
    suspended = standing.suspended
    if is_suspended and suspended and (no is None or suspended.position > no.position):
        return EffectiveConsent(Answer.SUSPENDED, suspended)
    return EffectiveConsent(_NO_ANSWER[no.kind], no) if no else _UNASKED


_STEPS: Final[Mapping[EventKind, Callable[[Standing, Event], Standing]]] = MappingProxyType(
    {
        EventKind.GRANTED: _grant,
        EventKind.INFORMED: _inform,
        EventKind.CONFIRMED: _confirm,
        EventKind.REFUSED: _refuse,
        EventKind.WITHDRAWN: _refuse,
        EventKind.ERASED: _deny,
        EventKind.SUSPENDED: _suspend,
        EventKind.NATIVE_STOPPED: _stop_natively,
        EventKind.NATIVE_RESUMED: _resume,
        EventKind.DOUBTED: _doubt,
        EventKind.KEPT: _without_doubt,
        EventKind.PAUSED: lambda old, event: replace(old, pauses=with_pause(old.pauses, event)),
        EventKind.LIMITED: _limit,
        EventKind.ACCEPTED: lambda standing, _: standing,
    }
)


def paused_until(standing: Standing, purpose: Purpose, now: Instant) -> Instant | None:
    """Return until when the person paused a purpose, or its parent; None where they did not."""
    return end_of_pause(standing.pauses, purpose.chain, now)


def native_stop(standing: Standing, sender: str | None) -> Stamp | None:
    """Return Meta's own marketing stop: of one sender, or (None) of any sender of the business."""
    stops = standing.native_stops
    if not stops:
        return None
    keys = stops if sender is None else (sender, ANY_SENDER)
    found = [stops[key] for key in keys if key in stops]
    return max(found) if found else None


def merge(one: Standing, other: Standing, link: Stamp) -> Standing:
    """Join two contacts that are one person; `link` is the event that says so.

    Every no, suspension, native stop, notice and doubt (as if said just now) of either side stays.
    For each purpose, a side that objects outdoes the other: its answer counts as said at the merge,
    so that no older yes lifts it. A side that was never asked, or whose yes is weak or old,
    restricts nothing: the better yes counts, with its own assurance, number proof and age.
    """
    scopes: dict[str, PurposeState] = {}
    suspended = newer_of(one.suspended, other.suspended)
    for name in {**one.scopes, **other.scopes}:
        mine, theirs = one.scopes.get(name, _NOTHING), other.scopes.get(name, _NOTHING)
        was_suspended = mine.is_suspended or theirs.is_suspended
        shown = newest_notices((*mine.notices, *theirs.notices))
        scope = PurposeState(newer_of(mine.no, theirs.no), (), was_suspended, shown)
        answers = set() if name == EVERYTHING else _answers((one, other), Purpose(name))
        if answers <= {Answer.GRANTED, Answer.UNASKED}:
            for yes in (*mine.yeses, *theirs.yeses):
                scope = scope._replace(yeses=with_grant(scope.yeses, yes))
        elif Answer.GRANTED in answers:
            scope, suspended = _closed(scope, suspended, answers, link)
        scopes[name] = scope
    natives = dict(one.native_stops)
    for sender, mark in other.native_stops.items():
        natives[sender] = newer_of(natives.get(sender), mark) or mark
    return Standing(
        scopes=scopes,
        suspended=suspended,
        native_stops=natives,
        doubt=_merged_doubt(one.doubt, other.doubt, link),
        through=link.position,
        frequency=rarer(one.frequency, other.frequency),
        pauses=both(one.pauses, other.pauses),
    )


def _merged_doubt(one: Doubt | None, other: Doubt | None, link: Stamp) -> Doubt | None:
    doubts = [doubt for doubt in (one, other) if doubt]
    at = max([link.at, *(doubt.mark.at for doubt in doubts)])
    mark = Stamp(at, link.position, EventKind.DOUBTED)
    return Doubt(mark, min(doubt.first for doubt in doubts)) if doubts else None


def _answers(sides: Iterable[Standing], purpose: Purpose) -> set[Answer]:
    return {view(side, purpose).answer for side in sides}


def _closed(
    scope: PurposeState, suspended: Stamp | None, answers: set[Answer], link: Stamp
) -> tuple[PurposeState, Stamp | None]:
    """Let what one side objects to count as said at the merge."""
    kind = next((_KIND_OF[answer] for answer in _KIND_OF if answer in answers), None)
    if kind is None:
        closed = joined(suspended, link._replace(kind=EventKind.SUSPENDED))
        return scope._replace(is_suspended=True), closed
    return scope._replace(no=joined(scope.no, link._replace(kind=kind))), suspended


def restrict(own: Standing, neighbour: Standing) -> Standing:
    """Let the noes of a number that may be the same subscriber count; its yeses never do.

    They count as if said here: a yes given to this number after the neighbour's no stands.
    """
    scopes = dict(own.scopes)
    for name, theirs in neighbour.scopes.items():
        if theirs.no is not None:
            no = theirs.no
            _keep(scopes, name, lambda yes, no=no: lifts(yes, no))  # type: ignore[misc]
            mine = scopes.get(name, _NOTHING)
            scopes[name] = mine._replace(no=newer_of(mine.no, no))
    natives = dict(own.native_stops)
    for sender, mark in neighbour.native_stops.items():
        natives[sender] = newer_of(natives.get(sender), mark) or mark
    doubts = [doubt for doubt in (own.doubt, neighbour.doubt) if doubt]
    doubt = max(doubts, key=lambda doubt: doubt.mark, default=None)
    restricted = replace(
        own,
        scopes=scopes,
        native_stops=natives,
        doubt=doubt,
        pauses=both(own.pauses, neighbour.pauses),
        frequency=rarer(own.frequency, neighbour.frequency),
    )
    return _explained(restricted)
