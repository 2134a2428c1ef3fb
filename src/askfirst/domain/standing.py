"""What a contact's events amount to, per purpose: a pure fold of the ledger.

The fold goes in the order of when the person acted (`Event.order`), so a STOP that is
delivered late does not undo a newer yes, and an old yes delivered late never overrides a
newer no. `step` takes the next event in that order; whoever holds an event that is older
than `through` folds the contact's history again.

Laws, each a property test: the order of arrival does not matter; a no is never undone by an
older yes; an `asserted` yes never lifts a no, nor does one for a number that was only typed into a
form, whichever of the two arrives first; merging takes the most restrictive answer;
Meta's own stop is a second layer that only Meta's resume lifts; erasing keeps every no.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import NamedTuple

from askfirst.domain.event import Assurance, Event, EventKind, Source
from askfirst.domain.ids import ContactId
from askfirst.domain.instant import Instant
from askfirst.domain.prompt import Surface
from askfirst.domain.purpose import Purpose

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


class Mark(NamedTuple):
    """One act that counts: when, at which position, what kind. Marks compare in the fold's order.

    Marks, yeses and views are tuples: they are made on every decision, and a tuple is the
    frozen value that costs least.
    """

    at: Instant
    no: bool
    position: int
    kind: EventKind


class Yes(NamedTuple):
    """The newest yes of one assurance, typed or not."""

    mark: Mark
    assurance: Assurance
    surface: Surface
    is_typed: bool = False
    """The number was typed into a form, by anybody: no more than a claim about whose yes it is."""

    @property
    def is_the_holders(self) -> bool:
        """Tell whether it can speak against what the number's holder said, or a former one."""
        return self.assurance is not Assurance.ASSERTED and not self.is_typed


class Scope(NamedTuple):
    """The acts that named one purpose (or everything): the newest no, the newest yeses."""

    no: Mark | None = None
    yeses: tuple[Yes, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """The fold so far. `through` is the order of the newest act in it."""

    scopes: Mapping[str, Scope]
    suspended: Mark | None = None
    native_stops: Mapping[str, Mark]
    through: tuple[int, bool, int] = (0, False, 0)


class View(NamedTuple):
    """A standing seen for one purpose: the answer, since when, and the yeses that are alive."""

    answer: Answer
    since: Mark | None = None
    alive: tuple[Yes, ...] = ()

    @property
    def assurance(self) -> Assurance | None:
        """The best assurance of the yeses that are alive."""
        return max((yes.assurance for yes in self.alive), default=None)


NOTHING_SAID = Standing(scopes={}, native_stops={})
_UNASKED = View(Answer.UNASKED)

_NO_ANSWER = {
    EventKind.REFUSED: Answer.REFUSED,
    EventKind.WITHDRAWN: Answer.WITHDRAWN,
    EventKind.ERASED: Answer.ERASED,
    EventKind.SUSPENDED: Answer.SUSPENDED,
}
_KIND_OF = {answer: kind for kind, answer in _NO_ANSWER.items()}


def fold(events: Iterable[Event], absorbed: Mapping[ContactId, Standing] | None = None) -> Standing:
    """Fold a contact's events, in any order; `absorbed` are the standings of merged contacts."""
    standing = NOTHING_SAID
    for event in sorted(events, key=lambda event: event.order):
        other = (absorbed or {}).get(event.absorbed) if event.absorbed else None
        standing = step(standing, event, other)
    return standing


def step(standing: Standing, event: Event, absorbed: Standing | None = None) -> Standing:
    """Take the next event in order; `event.order` must not be older than `standing.through`."""
    if event.order < standing.through:
        message = "an older event needs the whole history"
        raise ValueError(message)
    mark = Mark(event.occurred_at, event.order[1], event.position, event.kind)
    taken = _take(standing, event, mark, absorbed)
    return replace(taken, through=event.order)


def _take(standing: Standing, event: Event, mark: Mark, absorbed: Standing | None) -> Standing:
    match event.kind:
        case EventKind.GRANTED:
            return _grant(standing, event, mark)
        case EventKind.CONFIRMED:
            return _confirm(standing, event)
        case EventKind.REFUSED | EventKind.WITHDRAWN | EventKind.ERASED:
            return _deny(standing, event.purposes or (EVERYTHING,), mark)
        case EventKind.SUSPENDED:
            return replace(standing, suspended=mark)
        case EventKind.NATIVE_STOPPED:
            stops = {**standing.native_stops, event.sender or ANY_SENDER: mark}
            return replace(standing, native_stops=stops)
        case EventKind.NATIVE_RESUMED:
            return replace(standing, native_stops=_resume(standing.native_stops, event.sender))
        case EventKind.LINKED:
            return merge(standing, absorbed) if absorbed else standing
        case EventKind.ACCEPTED:
            return standing


def _grant(standing: Standing, event: Event, mark: Mark) -> Standing:
    yes = Yes(mark, event.assurance, event.surface, event.source is Source.FORM)
    scopes = dict(standing.scopes)
    for purpose in event.purposes:
        scopes[purpose] = _with_yes(scopes.get(purpose, Scope()), yes)
    return replace(standing, scopes=scopes)


def _confirm(standing: Standing, event: Event) -> Standing:
    """Raise what stands, as of when it was said: proving a number is not a yes of its own.

    With the moment of the proof, a yes to a purpose would lift a newer no to one of its topics.
    """
    scopes = dict(standing.scopes)
    for purpose in event.purposes or tuple(scopes):
        if purpose == EVERYTHING:
            continue
        seen = view(standing, Purpose(purpose))
        if seen.answer is Answer.GRANTED and seen.since:
            yes = Yes(seen.since, Assurance.CONFIRMED, event.surface)
            scopes[purpose] = _with_yes(scopes.get(purpose, Scope()), yes)
    return replace(standing, scopes=scopes)


def _with_yes(scope: Scope, yes: Yes) -> Scope:
    others = tuple(old for old in scope.yeses if _kind_of(old) != _kind_of(yes))
    return Scope(scope.no, (*others, yes))


def _kind_of(yes: Yes) -> tuple[Assurance, bool]:
    """A stranger's yes must not take the place of the holder's, nor the other way round."""
    return (yes.assurance, yes.is_typed)


def _deny(standing: Standing, purposes: tuple[str, ...], mark: Mark) -> Standing:
    scopes = dict(standing.scopes)
    for purpose in purposes:
        scopes[purpose] = scopes.get(purpose, Scope())._replace(no=mark)
    return replace(standing, scopes=scopes)


def _resume(stops: Mapping[str, Mark], sender: str) -> dict[str, Mark]:
    """Lift Meta's stop of one sender, or of all where the resume names none."""
    if not sender:
        return {}
    return {key: mark for key, mark in stops.items() if key != sender}


def view(standing: Standing, purpose: Purpose) -> View:
    """Answer for one purpose: the newest act along purpose, parent and everything counts."""
    scopes = standing.scopes
    no = None
    if EVERYTHING in scopes:
        no = scopes[EVERYTHING].no
    yeses: tuple[Yes, ...] = ()
    for name in purpose.chain:
        if name in scopes:
            scope = scopes[name]
            yeses += scope.yeses
            no = _newest(no, scope.no)
    if no is not None and yeses:
        yeses = tuple(yes for yes in yeses if _lifts(yes, no))
    if not yeses:
        return View(_NO_ANSWER[no.kind], no) if no else _UNASKED
    closed = standing.suspended
    alive = _after(yeses, closed) if closed else yeses
    if not alive:
        return View(Answer.SUSPENDED, closed)
    newest = alive[0].mark if len(alive) == 1 else max(yes.mark for yes in alive)
    return View(Answer.GRANTED, newest, alive)


def _lifts(yes: Yes, no: Mark) -> bool:
    """An import, or whoever types a number, can add or take away, never revive."""
    return yes.is_the_holders and yes.mark > no


def _after(yeses: tuple[Yes, ...], closed: Mark) -> tuple[Yes, ...]:
    """Give the yeses that came after a suspension; an import does not know the new owner."""
    alive = tuple(yes for yes in yeses if yes.mark > closed)
    return alive if any(yes.is_the_holders for yes in alive) else ()


def native_stop(standing: Standing, sender: str | None) -> Mark | None:
    """Meta's own marketing stop: of one sender, or (None) of any sender of the business."""
    stops = standing.native_stops
    if not stops:
        return None
    keys = stops if sender is None else (sender, ANY_SENDER)
    found = [stops[key] for key in keys if key in stops]
    return max(found) if found else None


def merge(one: Standing, other: Standing) -> Standing:
    """Join two contacts that are one person: for each purpose the most restrictive answer.

    A yes survives only where the other side said yes, too, or was never asked: silence is not
    an answer. Every no, suspension and native stop of either side stays, and where the sides
    disagree the no counts as said at the merge, so that no older yes can lift it.
    """
    through = max(one.through, other.through)
    names = {name for side in (one, other) for name in side.scopes}
    scopes = {name: _merge_scope(name, one, other, through) for name in names}
    natives = dict(one.native_stops)
    for sender, mark in other.native_stops.items():
        natives[sender] = _newest(natives.get(sender), mark) or mark
    suspended = _newest(one.suspended, other.suspended)
    return Standing(scopes=scopes, suspended=suspended, native_stops=natives, through=through)


def _merge_scope(
    name: str, one: Standing, other: Standing, through: tuple[int, bool, int]
) -> Scope:
    mine, theirs = one.scopes.get(name, Scope()), other.scopes.get(name, Scope())
    no = _newest(mine.no, theirs.no)
    if name == EVERYTHING:
        return Scope(no)
    answers = {view(side, Purpose(name)).answer for side in (one, other)}
    closed = answers - {Answer.GRANTED, Answer.UNASKED}
    if closed and Answer.GRANTED in answers:
        kind = _KIND_OF[closed.pop()]
        return Scope(Mark(Instant(through[0]), no=True, position=through[2], kind=kind))
    if closed:
        return Scope(no)
    yeses: dict[tuple[Assurance, bool], Yes] = {}
    for yes in sorted((*mine.yeses, *theirs.yeses), key=lambda yes: yes.mark, reverse=True):
        yeses[_kind_of(yes)] = yes  # the older of two equals: the shorter life
    return Scope(no, tuple(yeses.values()))


def _newest(one: Mark | None, other: Mark | None) -> Mark | None:
    if one is None or other is None:
        return one or other
    return max(one, other)


def restrict(own: Standing, neighbour: Standing) -> Standing:
    """Let the noes of a number that may be the same subscriber count; its yeses never do.

    They count as if said here: a yes given to this number after the neighbour's no stands.
    """
    scopes = dict(own.scopes)
    for name, theirs in neighbour.scopes.items():
        mine = scopes.get(name, Scope())
        scopes[name] = mine._replace(no=_newest(mine.no, theirs.no))
    natives = dict(own.native_stops)
    for sender, mark in neighbour.native_stops.items():
        natives[sender] = _newest(natives.get(sender), mark) or mark
    return replace(own, scopes=scopes, native_stops=natives)
