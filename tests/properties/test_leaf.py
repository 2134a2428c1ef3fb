"""The bytes that stand for an event: no two events share them, and nobody can be read in them."""

from hypothesis import given
from hypothesis import strategies as st

from askfirst.domain.consent.event import Assurance, Event, EventKind, Source, leaf_bytes, leaf_hash
from askfirst.domain.prompts.prompt import Surface
from askfirst.domain.value import replace
from tests.properties.histories import event, frequencies, untils
from tests.support import builders
from tests.support.services import World

TEXTS = ("business_id", "event_id", "contact_id", "sender")
texts = st.text(max_size=4)


@st.composite
def any_events(draw: st.DrawFn) -> Event:
    """Events with whatever text in them: the encoding must not rest on what ids look like."""
    return event(
        draw(st.sampled_from(EventKind)),
        draw(st.integers(0, 12)),
        business_id=draw(texts),
        event_id=draw(texts),
        contact_id=draw(texts),
        position=draw(st.integers(1, 12)),
        source=draw(st.sampled_from(Source)),
        surface=draw(st.sampled_from(Surface)),
        purposes=tuple(draw(st.lists(texts, max_size=3))),
        assurance=draw(st.sampled_from(Assurance)),
        sender=draw(texts),
        prompt=draw(st.none() | texts.filter(bool)),
        absorbed=draw(st.none() | texts.filter(bool)),
        evidence_digest=draw(st.binary(max_size=4)),
        choice=draw(st.none() | untils | frequencies),
    )


@given(any_events(), any_events())
def test_equal_bytes_mean_equal_events(one: Event, other: Event) -> None:
    assert (leaf_bytes(one) == leaf_bytes(other)) == (one == other)


@given(any_events(), any_events(), st.sampled_from(Event.__struct_fields__))
def test_changing_one_field_changes_the_bytes(one: Event, other: Event, name: str) -> None:
    changed = replace(one, **{name: getattr(other, name)})
    assert (leaf_bytes(one) == leaf_bytes(changed)) == (one == changed)


@given(any_events(), st.integers(0, len(TEXTS) - 2))
def test_moving_a_character_to_the_next_field_changes_the_bytes(one: Event, index: int) -> None:
    this, after = TEXTS[index], TEXTS[index + 1]
    text = "x" + getattr(one, this)
    full = replace(one, **{this: text})
    moved = replace(one, **{this: text[:-1], after: text[-1] + getattr(one, after)})
    assert leaf_bytes(full) != leaf_bytes(moved)


@given(any_events(), st.lists(texts, min_size=1, max_size=3))
def test_moving_a_character_between_purposes_changes_the_bytes(
    one: Event, names: list[str]
) -> None:
    split = replace(one, purposes=("a", "b", *names))
    joined = replace(one, purposes=("ab", "", *names))
    fewer = replace(one, purposes=("ab", *names))
    assert len({leaf_bytes(split), leaf_bytes(joined), leaf_bytes(fewer)}) == 3


def test_the_hash_is_the_one_of_rfc_9162() -> None:
    empty_leaf = "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d"
    assert leaf_hash(b"").hex() == empty_leaf


async def test_nobody_can_be_read_in_a_leaf(sqlite_world: World) -> None:
    act = builders.grant(builders.ANA, builders.ANA_BSUID, evidence=b'{"name":"Ana Silva"}')
    (kept,) = (await sqlite_world.services.ledger.commit(builders.change(act))).events
    leaf = leaf_bytes(kept)
    for secret in (builders.ANA.value, builders.ANA_BSUID.value, "Ana Silva", "7700900"):
        assert secret.encode() not in leaf
