"""Names of things."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from askfirst.domain.values.errors import InvalidInput
from askfirst.domain.values.ids import (
    ENTROPY_BYTES,
    Prefix,
    mint,
    parse_business_id,
    parse_id,
    parse_node_id,
)
from askfirst.ports.tenants.directory import UNROUTED

times = st.integers(0, 2**48 - 1)
chances = st.binary(min_size=ENTROPY_BYTES, max_size=ENTROPY_BYTES)


@given(times, chances)
def test_a_minted_id_has_the_shape_of_one(milliseconds: int, entropy: bytes) -> None:
    name = mint("evt", milliseconds, entropy)
    assert parse_id(Prefix.EVENT, name, "id") == name


@given(times, times, chances, chances)
def test_ids_sort_by_time(one: int, other: int, chance: bytes, other_chance: bytes) -> None:
    if one < other:
        assert mint("evt", one, chance) < mint("evt", other, other_chance)


@given(times, chances, chances)
def test_ids_of_one_moment_differ_by_chance(at: int, one: bytes, other: bytes) -> None:
    assert (mint("con", at, one) == mint("con", at, other)) == (one == other)


def test_an_id_is_a_ulid() -> None:
    assert mint("evt", 1_469_922_850_259, bytes(16)) == "evt_01ARZ3NDEK" + "0" * 16


@pytest.mark.parametrize(
    "text", ["", "evt_", "con_" + "0" * 26, "evt_" + "0" * 25, "evt_" + "I" * 26, "evt_" + "a" * 26]
)
def test_what_is_no_id_is_refused(text: str) -> None:
    with pytest.raises(InvalidInput):
        parse_id(Prefix.EVENT, text, "id")


@pytest.mark.parametrize("text", ["acme", "a", "bens-bikes-2", "a" * 63])
def test_a_business_has_a_short_name(text: str) -> None:
    assert parse_business_id(text) == text


@pytest.mark.parametrize("text", ["", "Acme", "1a", "-a", "a_b", "a" * 64, "acmé", "a\n"])
def test_other_names_of_a_business_are_refused(text: str) -> None:
    with pytest.raises(InvalidInput):
        parse_business_id(text)


@pytest.mark.parametrize("text", ["", "12a", "\u0661", "1" * 33, "-1", "1 "])
def test_what_is_no_id_of_metas_is_refused(text: str) -> None:
    with pytest.raises(InvalidInput):
        parse_node_id(text, "sender")


def test_an_id_of_metas_is_digits() -> None:
    assert parse_node_id("106540352242922", "sender") == "106540352242922"


def test_what_is_nobodys_is_no_business() -> None:
    with pytest.raises(InvalidInput, match="another name") as refused:
        parse_business_id("unrouted", "business")
    assert refused.value.field == "business"
    assert UNROUTED == "unrouted"  # rows of this name are in every database
