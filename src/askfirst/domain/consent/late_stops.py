"""Which noes of a person came late and ended a yes that was said after them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final, NamedTuple

from askfirst.domain.consent.event import Event, EventKind
from askfirst.domain.consent.standing import NOTHING_SAID, Standing, step
from askfirst.domain.values.ids import ContactId, Position
from askfirst.domain.values.timestamp import Instant

_NOES: Final = frozenset({EventKind.REFUSED, EventKind.WITHDRAWN})


class LateStop(NamedTuple):
    """A no that ended a newer yes. `purposes`: those whose yes was said later than the no."""

    contact_id: ContactId
    position: Position
    said_at: Instant
    recorded_at: Instant
    purposes: tuple[str, ...]


def late_stops(events: Sequence[Event]) -> tuple[LateStop, ...]:
    """Return the late stops of one person, whose events are given by position.

    `contact_id` is that of the newest event: the contact as which the person is known by now. Of a
    person who was erased there are none: nobody can ask them again.
    """
    if not _may_have_any(events) or any(one.kind is EventKind.ERASED for one in events):
        return ()
    person, found = events[-1].contact_id, []
    standings: dict[ContactId, Standing] = {}
    for event in events:
        before = standings.get(event.contact_id, NOTHING_SAID)
        absorbed = standings.get(event.absorbed) if event.absorbed else None
        after = standings[event.contact_id] = step(before, event, absorbed)
        if event.kind in _NOES and _is_marked(after, event.position):
            moments = (event.occurred_at, event.recorded_at)
            found.append(LateStop(person, event.position, *moments, _ended(before, after, event)))
    return tuple(found)


def _may_have_any(events: Iterable[Event]) -> bool:
    """Whether a no was said before a yes that was recorded earlier: most people need no fold."""
    newest_yes = Instant(0)
    for event in events:
        if event.kind is EventKind.GRANTED:
            newest_yes = max(newest_yes, event.occurred_at)
        elif event.kind in _NOES and event.occurred_at < newest_yes:
            return True
    return False


def _is_marked(standing: Standing, position: Position) -> bool:
    noes = (scope.no for scope in standing.scopes.values())
    return any(no and no.position == position and no.ended is not None for no in noes)


def _ended(before: Standing, after: Standing, no: Event) -> tuple[str, ...]:
    """Return the purposes whose newer yes the no ended."""
    newer = {
        name: {yes for yes in scope.yeses if yes.mark.at > no.occurred_at}
        for name, scope in before.scopes.items()
    }
    return tuple(sorted(name for name in newer if newer[name] - set(after.scopes[name].yeses)))
