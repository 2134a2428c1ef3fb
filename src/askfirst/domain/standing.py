"""What a contact's events amount to, per purpose: a pure fold of the ledger.

The fold goes in the order of when the person acted (`Event.order`), so a STOP that is
delivered late does not undo a newer yes, and an old yes delivered late never overrides a
newer no. `step` takes the next event in that order; whoever holds an event that is older
than `through` folds the contact's history again.

Laws, each a property test: the order of arrival does not matter; a no is never undone by an
older yes; an `asserted` yes never lifts a no; merging takes the most restrictive answer;
Meta's own stop is a second layer that only Meta's resume lifts; erasing keeps every no.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum

from askfirst.domain.event import Assurance, Event, EventKind
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


@dataclass(frozen=True, slots=True)
class Mark:
    """One act that counts: when, at which position, what kind."""

    at: Instant
    no: bool
    position: int
    kind: EventKind

    @property
    def order(self) -> tuple[int, bool, int]:
        """Same key as the event it stands for."""
        return (self.at, self.no, self.position)


@dataclass(frozen=True, slots=True)
class Yes:
    """The newest yes of one assurance."""

    mark: Mark
    assurance: Assurance
    surface: Surface


@dataclass(frozen=True, slots=True)
class Scope:
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


@dataclass(frozen=True, slots=True, kw_only=True)
class View:
    """A standing seen for one purpose: the answer, since when, and the yeses that are alive."""

    answer: Answer
    since: Mark | None = None
    alive: tuple[Yes, ...] = ()

    @property
    def assurance(self) -> Assurance | None:
        """The best assurance of the yeses that are alive."""
        return max((yes.assurance for yes in self.alive), default=None)


NOTHING_SAID = Standing(scopes={}, native_stops={})

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
            return _confirm(standing, event, mark)
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


def _grant(standing: Standing, event: Event, mark: Mark) -> Standing:
    yes = Yes(mark, event.assurance, event.surface)
    scopes = dict(standing.scopes)
    for purpose in event.purposes:
        scopes[purpose] = _with_yes(scopes.get(purpose, Scope()), yes)
    return replace(standing, scopes=scopes)


def _confirm(standing: Standing, event: Event, mark: Mark) -> Standing:
    """Raise what stands; proving a number is not a yes of its own."""
    scopes = dict(standing.scopes)
    yes = Yes(mark, Assurance.CONFIRMED, event.surface)
    for purpose in event.purposes or tuple(scopes):
        if purpose != EVERYTHING and view(standing, Purpose(purpose)).answer is Answer.GRANTED:
            scopes[purpose] = _with_yes(scopes.get(purpose, Scope()), yes)
    return replace(standing, scopes=scopes)


def _with_yes(scope: Scope, yes: Yes) -> Scope:
    others = tuple(old for old in scope.yeses if old.assurance != yes.assurance)
    return Scope(scope.no, (*others, yes))


def _deny(standing: Standing, purposes: tuple[str, ...], mark: Mark) -> Standing:
    scopes = dict(standing.scopes)
    for purpose in purposes:
        scopes[purpose] = replace(scopes.get(purpose, Scope()), no=mark)
    return replace(standing, scopes=scopes)


def _resume(stops: Mapping[str, Mark], sender: str) -> dict[str, Mark]:
    """Lift Meta's stop of one sender, or of all where the resume names none."""
    if not sender:
        return {}
    return {key: mark for key, mark in stops.items() if key != sender}


def view(standing: Standing, purpose: Purpose) -> View:
    """Answer for one purpose: the newest act along purpose, parent and everything counts."""
    chain = [standing.scopes[name] for name in purpose.chain if name in standing.scopes]
    over_all = standing.scopes.get(EVERYTHING)
    noes = [scope.no for scope in chain if scope.no]
    if over_all and over_all.no:
        noes.append(over_all.no)
    no = max(noes, key=lambda mark: mark.order) if noes else None
    yeses = [yes for scope in chain for yes in scope.yeses]
    lifted = [yes for yes in yeses if _lifts(yes, no)]
    closed = standing.suspended
    alive = tuple(yes for yes in lifted if closed is None or yes.mark.order > closed.order)
    if closed and not any(yes.assurance > Assurance.ASSERTED for yes in alive):
        alive = ()  # an import does not know the new owner
    return _seen(no, lifted, alive, closed)


def _lifts(yes: Yes, no: Mark | None) -> bool:
    if no is None:
        return True
    return yes.assurance > Assurance.ASSERTED and yes.mark.order > no.order


def _seen(no: Mark | None, lifted: list[Yes], alive: tuple[Yes, ...], closed: Mark | None) -> View:
    if alive:
        newest = max(alive, key=lambda yes: yes.mark.order)
        return View(answer=Answer.GRANTED, since=newest.mark, alive=alive)
    if lifted and closed:
        return View(answer=Answer.SUSPENDED, since=closed)
    if no:
        return View(answer=_NO_ANSWER[no.kind], since=no)
    return View(answer=Answer.UNASKED)


def native_stop(standing: Standing, sender: str | None) -> Mark | None:
    """Meta's own marketing stop: of one sender, or (None) of any sender of the business."""
    stops = standing.native_stops
    if not stops:
        return None
    keys = stops if sender is None else (sender, ANY_SENDER)
    found = [stops[key] for key in keys if key in stops]
    return max(found, key=lambda mark: mark.order) if found else None


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
        return Scope(Mark(Instant(through[0]), True, through[2], _KIND_OF[closed.pop()]))
    if closed:
        return Scope(no)
    yeses: dict[Assurance, Yes] = {}
    for yes in sorted((*mine.yeses, *theirs.yeses), key=lambda yes: yes.mark.order, reverse=True):
        yeses[yes.assurance] = yes  # the older of two equals: the shorter life
    return Scope(no, tuple(yeses.values()))


def _newest(one: Mark | None, other: Mark | None) -> Mark | None:
    if one is None or other is None:
        return one or other
    return max(one, other, key=lambda mark: mark.order)


def restrict(own: Standing, neighbour: Standing) -> Standing:
    """Let the noes of a number that may be the same subscriber count; its yeses never do.

    They count as if said here: a yes given to this number after the neighbour's no stands.
    """
    scopes = dict(own.scopes)
    for name, theirs in neighbour.scopes.items():
        mine = scopes.get(name, Scope())
        scopes[name] = replace(mine, no=_newest(mine.no, theirs.no))
    natives = dict(own.native_stops)
    for sender, mark in neighbour.native_stops.items():
        natives[sender] = _newest(natives.get(sender), mark) or mark
    return replace(own, scopes=scopes, native_stops=natives)
