"""Figures counted the slow way: a full scan of the ledger, with the states of every moment."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Final

from askfirst.domain.consent.event import Event, EventKind
from askfirst.domain.consent.late_stops import LateStop
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
from askfirst.domain.stats.figures import Figure
from askfirst.domain.values.ids import ContactId
from askfirst.domain.values.purpose import Category, Purpose, chain_of
from askfirst.domain.values.timestamp import DAY

CATEGORIES: Final = ("authentication", "utility", "marketing")
Scan = Counter[tuple[Figure, str, int]]
"""What is counted, of which purpose (`*`: of any), on which day (UTC)."""


def scan(events: Iterable[Event]) -> Scan:
    """Count acts and reach of all people at once, event by event."""
    found: Scan = Counter()
    standings: dict[ContactId, Standing] = {}
    turned: dict[tuple[ContactId, str], int] = {}
    for event in sorted(events, key=lambda one: one.position):
        before = dict(standings)
        absorbed = before.get(event.absorbed) if event.absorbed else None
        old = before.get(event.contact_id, NOTHING_SAID)
        standings[event.contact_id] = step(old, event, absorbed)
        if event.absorbed:
            standings.pop(event.absorbed, None)
        _count_acts(found, event, old)
        _count_reach(found, event, (before, standings), turned)
    return +found


def _count_acts(found: Scan, event: Event, before: Standing) -> None:
    day = event.occurred_at // DAY
    named = {part for name in event.purposes for part in (name, name.split(".")[0])}
    known = {name for name in before.scopes if name != EVERYTHING}
    if event.kind is EventKind.GRANTED:
        found.update((Figure.OPT_INS, name, day) for name in named | {"*"})
    if event.kind is EventKind.REFUSED:
        found.update((Figure.REFUSALS, name, day) for name in named | {"*"})
    if event.kind is EventKind.NATIVE_STOPPED:
        named = {"marketing"}
    if event.kind in {EventKind.WITHDRAWN, EventKind.NATIVE_STOPPED}:
        if event.kind is EventKind.WITHDRAWN and not event.purposes:
            named = known | {name.split(".")[0] for name in known}
        tops = {name for name in named if "." not in name}
        if event.kind is EventKind.WITHDRAWN and event.purposes:
            tops &= set(event.purposes)
        if event.purposes or event.kind is EventKind.NATIVE_STOPPED:
            named |= {name for name in known if name.split(".")[0] in tops}
        found.update((Figure.STOPS, name, day) for name in named | {"*"})


def _count_reach(
    found: Scan,
    event: Event,
    states: tuple[dict[ContactId, Standing], dict[ContactId, Standing]],
    turned: dict[tuple[ContactId, str], int],
) -> None:
    """Say who could be written to before and after, and date each difference."""
    before, after = states
    contact, other = event.contact_id, event.absorbed
    names = _names([state for side in states for state in side.values()])
    for name in names:
        was = can_reach(before.get(contact), name)
        was_other = other is not None and can_reach(before.get(other), name)
        now = can_reach(after.get(contact), name)
        if now and not was and was_other and other is not None:
            last = turned.get((contact, name), 0)
            turned[contact, name] = max(last, turned.get((other, name), 0))
            continue
        if was_other and other is not None:
            _turn(found, event, turned, (Figure.LOST, other, name))
        if now != was:
            figure = Figure.GAINED if now else Figure.LOST
            _turn(found, event, turned, (figure, contact, name))


def _turn(
    found: Scan,
    event: Event,
    turned: dict[tuple[ContactId, str], int],
    what: tuple[Figure, ContactId, str],
) -> None:
    figure, contact, name = what
    at = max(event.occurred_at, turned.get((contact, name), 0))
    turned[contact, name] = at
    found[figure, name, at // DAY] += 1


def _names(standings: Iterable[Standing]) -> set[str]:
    scopes = {name for one in standings for name in one.scopes if name != EVERYTHING}
    return {*CATEGORIES, *scopes, "*"}


def can_reach(standing: Standing | None, name: str) -> bool:
    """Whether a yes stands: to this, to a topic of it, or (`*`) to anything."""
    if standing is None:
        return False
    scopes = [one for one in standing.scopes if one != EVERYTHING]
    if name == "*":
        return any(can_reach(standing, one) for one in (*CATEGORIES, *scopes))
    if "." not in name:
        topics = [one for one in scopes if one.startswith(name + ".")]
        return any(_has_yes(standing, one) for one in (name, *topics))
    return name in scopes and _has_yes(standing, name)


def _has_yes(standing: Standing, name: str) -> bool:
    purpose = Purpose(name)
    if view(standing, purpose).answer is not Answer.GRANTED:
        return False
    rests = native_stop(standing, None) or doubt_about(standing, purpose)
    return purpose.category is not Category.MARKETING or not rests


def reached(found: Scan, name: str) -> int:
    """Return how many can be written to in the end."""
    gained = sum(count for (what, of, _), count in found.items() if (what, of) == (4, name))
    lost = sum(count for (what, of, _), count in found.items() if (what, of) == (5, name))
    return gained - lost


def people_reachable(events: Sequence[Event], name: str) -> int:
    """Return how many people can be written to, by their standings alone."""
    standings: dict[ContactId, Standing] = {}
    for event in events:
        absorbed = standings.pop(event.absorbed, None) if event.absorbed else None
        old = standings.get(event.contact_id, NOTHING_SAID)
        standings[event.contact_id] = step(old, event, absorbed)
    return sum(can_reach(one, name) for one in standings.values())


def scan_late_stops(events: Sequence[Event]) -> set[LateStop]:
    """Find late stops the slow way: a full scan of the ledger, by the marks of the fold."""
    found: set[LateStop] = set()
    standings: dict[ContactId, Standing] = {}
    for event in events:
        absorbed = standings.get(event.absorbed) if event.absorbed else None
        before = standings.get(event.contact_id, NOTHING_SAID)
        after = standings[event.contact_id] = step(before, event, absorbed)
        if event.kind not in {EventKind.REFUSED, EventKind.WITHDRAWN} or event.is_history:
            continue
        named = event.purposes or ("*",)
        if any((no := after.scopes[name].no) is not None and no.ended for name in named):
            purposes = _newer(before, event)
            moments = (event.occurred_at, event.recorded_at)
            found.add(LateStop(event.contact_id, event.position, *moments, purposes))
    owners = {one.absorbed: one.contact_id for one in events if one.absorbed}
    gone = {one.contact_id for one in events if one.kind is EventKind.ERASED}
    moved = {one._replace(contact_id=_owner(owners, one.contact_id)) for one in found}
    return {one for one in moved if one.contact_id not in gone}


def _newer(before: Standing, no: Event) -> tuple[str, ...]:
    """Return the purposes that a no is about which had a yes that was said after it."""
    return tuple(
        sorted(
            name
            for name, scope in before.scopes.items()
            if (not no.purposes or set(chain_of(name)) & set(no.purposes))
            and any(yes.mark.at > no.occurred_at for yes in scope.yeses)
        )
    )


def _owner(owners: Mapping[ContactId, ContactId], contact: ContactId) -> ContactId:
    while contact in owners:
        contact = owners[contact]
    return contact
