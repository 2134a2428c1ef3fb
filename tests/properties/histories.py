"""Histories of a contact, drawn by hypothesis: few moments, so that ties are common."""

from collections.abc import Iterable, Sequence

from hypothesis import strategies as st

from askfirst.domain.consent.choice import Choice, PauseUntil
from askfirst.domain.consent.event import Assurance, Event, EventKind, NumberProof, Source
from askfirst.domain.consent.frequency import Frequency
from askfirst.domain.consent.standing import NOTHING_SAID, Answer, Standing, step, view
from askfirst.domain.prompts.prompt import Surface
from askfirst.domain.value import replace
from askfirst.domain.values.ids import BusinessId, ContactId, EventId, Position
from askfirst.domain.values.purpose import Purpose
from askfirst.domain.values.timestamp import Instant

NAMES = ("marketing", "marketing.offers", "marketing.news", "utility", "authentication")
ORDER = "utility.order"
PURPOSES = tuple(Purpose(name) for name in NAMES)
LATEST = 9
RECORDED = Instant(1000)

YESES = (EventKind.GRANTED, EventKind.CONFIRMED)
NOES = (EventKind.REFUSED, EventKind.WITHDRAWN, EventKind.ERASED, EventKind.SUSPENDED)
NATIVE = (EventKind.NATIVE_STOPPED, EventKind.NATIVE_RESUMED)
DOUBTS = (EventKind.DOUBTED, EventKind.KEPT)
CHOICES = (EventKind.PAUSED, EventKind.LIMITED)
SPOKEN = (EventKind.GRANTED, EventKind.REFUSED, EventKind.WITHDRAWN)
"""What history tells, too."""
SOURCES = (Source.API, Source.API, Source.IMPORT, Source.HISTORY)
_NAMED = frozenset({EventKind.GRANTED, EventKind.REFUSED, EventKind.INFORMED})
EVERY_KIND = (*YESES, *NOES, *NATIVE, *DOUBTS, *CHOICES, EventKind.INFORMED, EventKind.INFORMED)
"""With notices, often: what they are worth is little, and seldom."""

moments = st.integers(0, LATEST).map(Instant)
purposes = st.sampled_from(PURPOSES)


def event(kind: EventKind, at: int, **parts: object) -> Event:
    """Make an event about marketing; its position is given by `arrange`."""
    whole = Event(
        event_id=EventId("evt_"),
        business_id=BusinessId("ada-shop"),
        contact_id=ContactId("con_1"),
        position=Position(0),
        kind=kind,
        occurred_at=Instant(at),
        recorded_at=RECORDED,
        source=Source.API,
        surface=Surface.SIGNUP,
        number_proof=NumberProof.VOUCHED,
        purposes=("marketing",),
        assurance=Assurance.SHOWN,
    )
    return replace(whole, **parts)  # type: ignore[arg-type]


@st.composite
def events(
    draw: st.DrawFn, kinds: Sequence[EventKind] = (*YESES, *NOES, *NATIVE, *DOUBTS, *CHOICES)
) -> Event:
    kind = draw(st.sampled_from(kinds))
    fewest = 1 if kind in _NAMED else 0
    if kind in DOUBTS:
        proof = draw(st.sampled_from(NumberProof)) if kind is EventKind.KEPT else NumberProof.PROVEN
        return event(kind, draw(moments), number_proof=proof, assurance=Assurance.CONFIRMED)
    known = (*NAMES, ORDER) if EventKind.INFORMED in kinds else NAMES
    names = draw(st.lists(st.sampled_from(known), min_size=fewest, max_size=2, unique=True))
    return event(
        kind,
        draw(moments),
        purposes=() if kind in {EventKind.ERASED, EventKind.SUSPENDED} else tuple(names),
        assurance=draw(st.sampled_from(Assurance)),
        number_proof=draw(st.sampled_from(NumberProof)),
        source=draw(st.sampled_from(SOURCES if kind in SPOKEN else SOURCES[:1])),
        surface=draw(st.sampled_from([Surface.SIGNUP, Surface.IMPORT, Surface.CODE])),
        sender=draw(st.sampled_from(["", "1", "2"])) if kind in NATIVE else "",
        choice=draw(CHOSEN[kind]) if kind in CHOICES else None,
    )


def histories(
    kinds: Sequence[EventKind] = (*YESES, *NOES, *NATIVE, *DOUBTS, *CHOICES),
) -> st.SearchStrategy[list[Event]]:
    return st.lists(events(kinds), max_size=8).map(arrange)


untils = moments.map(PauseUntil)
frequencies = st.sampled_from([None, Frequency(1, 7), Frequency(1, 30), Frequency(4, 30)])
CHOSEN: dict[EventKind, st.SearchStrategy[Choice | None]] = {
    EventKind.PAUSED: untils,
    EventKind.LIMITED: frequencies,
}


def arrange(arrived: Iterable[Event], first: int = 1) -> list[Event]:
    """Return positions in the order of arrival."""
    return [replace(e, position=Position(first + i)) for i, e in enumerate(arrived)]


def answer(standing: Standing, purpose: Purpose) -> Answer:
    return view(standing, purpose).answer


def granted(standing: Standing, purpose: Purpose) -> bool:
    return answer(standing, purpose) is Answer.GRANTED


def in_time(history: Iterable[Event]) -> list[Event]:
    """The same acts as if each had been recorded the moment it was said; at a tie a no is last."""
    return arrange(sorted(history, key=lambda one: one.order))


def stored(arrived: Sequence[Event]) -> Standing:
    """Fold as storage does: each event as it comes."""
    standing = NOTHING_SAID
    for one in arrived:
        standing = step(standing, one)
    return standing
