"""What one person's events come to in figures: a pure count of their part of the ledger.

The figures of a business are the sum over its people, so they are corrected by counting a person
anew: whatever came late, was merged or erased, what was counted of them before is taken away, and
what they come to now is added.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final, NamedTuple

from askfirst.domain.consent.event import Event, EventKind, NumberProof
from askfirst.domain.consent.standing import (
    EVERYTHING,
    NOTHING_SAID,
    Answer,
    Standing,
    doubt_about,
    native_stop,
    step,
    view,
)
from askfirst.domain.stats.figures import (
    ALL_PURPOSES,
    FIGURES,
    KEPT_AFTER,
    Cell,
    Counts,
    Dimension,
    Figure,
)
from askfirst.domain.stats.local_days import LocalDays
from askfirst.domain.values.ids import ContactId
from askfirst.domain.values.purpose import MARKETING, Category, Purpose, chain_of
from askfirst.domain.values.timestamp import DAY, Instant

ATTRIBUTED_WITHIN: Final = DAY
"""An answer belongs to the entry point that the person came in by, if they came within a day."""
_ANSWERS: Final = {EventKind.GRANTED: Figure.OPT_INS, EventKind.REFUSED: Figure.REFUSALS}
_STOPS: Final = frozenset({EventKind.WITHDRAWN, EventKind.NATIVE_STOPPED})


class PersonFacts(NamedTuple):
    """What is counted of a person and does not stand in the ledger.

    `country` of their number, empty where it is not known or they were erased. `complaints`:
    positions of messages in which they complained. `arrivals`: when they came in by which entry
    point, the earliest first. `written_to`: when the newest message left for them.
    """

    country: str = ""
    complaints: tuple[int, ...] = ()
    arrivals: tuple[tuple[int, str], ...] = ()
    written_to: int | None = None


NO_FACTS: Final = PersonFacts()


class Origin(NamedTuple):
    """Where an act was said."""

    surface: str
    entry_id: str
    prompt: str
    locale: str


@dataclass(slots=True)
class _Cohort:
    """A first yes of one contact at one surface, and whether it stands thirty days later."""

    yes: Event
    contact_id: ContactId
    turned_at: int
    is_in: bool = False
    is_kept: bool = False

    def follow(self, event: Event, *, is_in: bool) -> None:
        """Take a change, dated as changes of reach are."""
        if is_in == self.is_in:
            return
        self.is_in = is_in
        self.turned_at = max(self.turned_at, event.occurred_at)
        if self.turned_at <= self.yes.occurred_at + KEPT_AFTER:
            self.is_kept = is_in


def people_of(events: Iterable[Event]) -> dict[ContactId, list[Event]]:
    """Sort events, given by position, by the person that their contacts turned out to be."""
    people: dict[ContactId, list[Event]] = {}
    for event in events:
        own = people.setdefault(event.contact_id, [])
        if event.kind is EventKind.LINKED and event.absorbed and event.absorbed in people:
            own += people.pop(event.absorbed)
        own.append(event)
    for own in people.values():
        own.sort(key=lambda event: event.position)
    return people


def awaits_message(events: Iterable[Event], facts: PersonFacts) -> bool:
    """Whether a message to the person would change the figures: none left since their last yes."""
    said = [one.occurred_at for one in events if one.kind is EventKind.GRANTED]
    return bool(said) and (facts.written_to is None or facts.written_to < max(said))


def count_person(
    events: Sequence[Event], facts: PersonFacts, days: LocalDays, locales: Mapping[str, str]
) -> Counts:
    """Count a person's events, given by position; `locales` has the language of each prompt."""
    count = _PersonCount(facts, days, locales)
    for event in events:
        count.take(event)
    count.end(is_proven=any(one.number_proof is NumberProof.PROVEN for one in events))
    return count.counts


class _PersonCount:
    """One pass over a person's events."""

    __slots__ = (
        "_answers",
        "_cohorts",
        "_complaints",
        "_days",
        "_facts",
        "_locales",
        "_reach",
        "_standings",
        "_turned",
        "counts",
    )

    def __init__(self, facts: PersonFacts, days: LocalDays, locales: Mapping[str, str]) -> None:
        self.counts: Counts = {}
        self._facts = facts
        self._complaints = frozenset(facts.complaints)
        self._days = days
        self._locales = locales
        self._standings: dict[ContactId, Standing] = {}
        self._reach: dict[ContactId, dict[str, Origin]] = {}
        self._turned: dict[tuple[ContactId, str], int] = {}
        self._answers: dict[str, Event] = {}
        self._cohorts: list[_Cohort] = []

    def take(self, event: Event) -> None:
        before = self._standings.get(event.contact_id, NOTHING_SAID)
        absorbed = self._standings.get(event.absorbed) if event.absorbed else None
        after = self._standings[event.contact_id] = step(before, event, absorbed)
        self._count_act(event, before)
        self._count_reach(event, after)
        self._follow_cohorts(event)

    def end(self, *, is_proven: bool) -> None:
        """Count the person once for each surface, by their first answer and first yes there."""
        for event in self._answers.values():
            self._add(event, event.occurred_at, _with_parents(event.purposes), Figure.ANSWERED)
        firsts: dict[str, _Cohort] = {}
        for cohort in self._cohorts:
            firsts.setdefault(cohort.yes.surface, cohort)
        written_to = self._facts.written_to
        for cohort in firsts.values():
            yes = cohort.yes
            figures = [Figure.AGREED]
            if is_proven:
                figures.append(Figure.PROVEN)
            if written_to is not None and written_to >= yes.occurred_at:
                figures.append(Figure.MESSAGED)
            if not cohort.is_kept:
                figures.append(Figure.LEFT_EARLY)
            self._add(yes, yes.occurred_at, _with_parents(yes.purposes), *figures)

    def _count_act(self, event: Event, before: Standing) -> None:
        figure = _ANSWERS.get(event.kind)
        if figure is not None:
            self._add(event, event.occurred_at, _with_parents(event.purposes), figure)
            self._answers.setdefault(event.surface, event)
        elif event.kind in _STOPS:
            self._add(event, event.occurred_at, _stopped(event, before), Figure.STOPS)
        if event.position in self._complaints:
            names = _with_parents(event.purposes) | {MARKETING.name}
            self._add(event, event.occurred_at, names, Figure.COMPLAINTS)

    def _count_reach(self, event: Event, standing: Standing) -> None:
        contact = event.contact_id
        old = self._reach.get(contact, {})
        other = self._reach.pop(event.absorbed, {}) if event.absorbed else {}
        new: dict[str, Origin] = {}
        for name in reachable(standing):
            new[name] = old.get(name) or other.get(name) or self._origin(event)
            if name not in old and name not in other:
                self._turn(contact, name, event, new[name], Figure.GAINED)
            elif name not in old:  # what was the other's is theirs from now on
                self._turned[contact, name] = self._last_turn(event.absorbed, contact, name)
        for name, origin in old.items():
            if name not in new:
                self._turn(contact, name, event, origin, Figure.LOST)
        for name, origin in other.items():
            if name not in new or name in old:  # both were counted
                self._turn(event.absorbed or contact, name, event, origin, Figure.LOST)
        self._reach[contact] = new

    def _turn(
        self, contact: ContactId, name: str, event: Event, origin: Origin, figure: Figure
    ) -> None:
        """Date a change by when it was said, but not before the change that it follows."""
        at = max(event.occurred_at, self._turned.get((contact, name), 0))
        self._turned[contact, name] = at
        self._add_at(origin, at, (name,), figure)

    def _last_turn(self, absorbed: ContactId | None, contact: ContactId, name: str) -> int:
        contacts = (absorbed or contact, contact)
        return max(self._turned.get((one, name), 0) for one in contacts)

    def _follow_cohorts(self, event: Event) -> None:
        contact = event.contact_id
        if event.kind is EventKind.GRANTED:
            self._begin_cohort(event)
        reach = self._reach[contact]
        for cohort in self._cohorts:
            if cohort.contact_id == event.absorbed:
                cohort.contact_id = contact
            if cohort.contact_id == contact:
                cohort.follow(event, is_in=any(name in reach for name in cohort.yes.purposes))

    def _begin_cohort(self, yes: Event) -> None:
        place = (yes.contact_id, yes.surface)
        if all((one.contact_id, one.yes.surface) != place for one in self._cohorts):
            self._cohorts.append(_Cohort(yes, yes.contact_id, yes.occurred_at))

    def _origin(self, event: Event) -> Origin:
        prompt = event.prompt or ""
        entry_id, locale = self._entry_at(event.occurred_at), self._locales.get(prompt, "")
        return Origin(event.surface.value, entry_id, prompt, locale)

    def _entry_at(self, moment: Instant) -> str:
        before = [one for one in self._facts.arrivals if one[0] <= moment]
        if before and before[-1][0] > moment - ATTRIBUTED_WITHIN:
            return before[-1][1]
        return ""

    def _add(self, event: Event, at: int, names: Iterable[str], *figures: Figure) -> None:
        self._add_at(self._origin(event), at, (*names, ALL_PURPOSES), *figures)

    def _add_at(self, origin: Origin, at: int, names: Iterable[str], *figures: Figure) -> None:
        day = self._days.day(Instant(at))
        values = (
            (Dimension.TOTAL.value, ""),
            (Dimension.SURFACE.value, origin.surface),
            (Dimension.ENTRY_POINT.value, origin.entry_id),
            (Dimension.PROMPT.value, origin.prompt),
            (Dimension.LOCALE.value, origin.locale),
            (Dimension.COUNTRY.value, self._facts.country),
        )
        counts = self.counts
        for name in names:
            for dimension, value in values:
                cell = Cell(dimension, name, value, day)
                numbers = counts.get(cell)
                if numbers is None:
                    numbers = counts[cell] = [0] * FIGURES
                for figure in figures:
                    numbers[figure] += 1


def reachable(standing: Standing) -> frozenset[str]:
    """Return the purposes and topics for which a person has a yes that stands.

    A purpose counts where it, or one of its topics, has one. Marketing rests while Meta's own stop
    of any sender is in force, or a message that may be a stop was not explained. A pause is no end
    of a yes. `*` is there where anything is.
    """
    found: set[str] = set()
    for name in standing.scopes:
        if name == EVERYTHING:
            continue
        for one in chain_of(name):
            if one not in found and _is_reachable(standing, _purpose(one)):
                found.update(chain_of(one))
    return frozenset(found | {ALL_PURPOSES}) if found else frozenset()


def _is_reachable(standing: Standing, purpose: Purpose) -> bool:
    if view(standing, purpose).answer is not Answer.GRANTED:
        return False
    if purpose.category is not Category.MARKETING:
        return True
    return native_stop(standing, None) is None and doubt_about(standing, purpose) is None


@lru_cache(maxsize=1024)
def _purpose(name: str) -> Purpose:
    return Purpose(name)


def _with_parents(purposes: Iterable[str]) -> set[str]:
    return {one for name in purposes for one in chain_of(name)}


def _stopped(event: Event, before: Standing) -> set[str]:
    """Return what a stop is about: what it names, and what the person had ever answered of it."""
    known = {name for name in before.scopes if name != EVERYTHING}
    named = (MARKETING.name,) if event.kind is EventKind.NATIVE_STOPPED else event.purposes
    if not named:
        return _with_parents(known)
    below = {name for name in known if any(one in named for one in chain_of(name))}
    return _with_parents(named) | below
