"""A standing comes back from its bytes as it went in."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from askfirst.domain.consent.event import Assurance, Event, EventKind, NumberProof, Source
from askfirst.domain.consent.standing import NOTHING_SAID, fold
from askfirst.domain.prompts.prompt import Surface
from askfirst.domain.values.ids import BusinessId, ContactId, EventId, Position
from askfirst.domain.values.timestamp import Instant
from askfirst.storage.consent.standing_codec import NOTHING, decode_standing, encode_standing

BUSINESS, CONTACT = BusinessId("acme"), ContactId("con_1")
LATEST = Instant(253_402_300_799_999_999)

acts = st.tuples(
    st.sampled_from([kind for kind in EventKind if kind is not EventKind.LINKED]),
    st.integers(0, LATEST),
    st.lists(st.sampled_from(["marketing", "utility", "marketing.offers"]), unique=True),
    st.sampled_from(Assurance),
    st.sampled_from(Surface),
    st.sampled_from(["", "200", "201"]),
)


def events(told: list[tuple[EventKind, int, list[str], Assurance, Surface, str]]) -> list[Event]:
    return [
        Event(
            event_id=EventId(f"evt_{position}"),
            business_id=BUSINESS,
            contact_id=CONTACT,
            position=Position(position),
            kind=kind,
            occurred_at=Instant(moment),
            recorded_at=LATEST,
            source=Source.API,
            surface=surface,
            number_proof=NumberProof.VOUCHED,
            purposes=tuple(purposes),
            assurance=assurance,
            sender=sender,
        )
        for position, (kind, moment, purposes, assurance, surface, sender) in enumerate(told, 1)
    ]


@given(st.lists(acts, max_size=12))
def test_every_standing_comes_back(
    told: list[tuple[EventKind, int, list[str], Assurance, Surface, str]],
) -> None:
    standing = fold(events(told))
    assert decode_standing(encode_standing(standing)) == standing


def test_nothing_said_is_no_bytes() -> None:
    assert encode_standing(NOTHING_SAID) == NOTHING
    assert decode_standing(NOTHING) == NOTHING_SAID
