"""The names by which a contact can be found."""

import pytest

from askfirst.domain.values.alias import Alias, AliasKind, parse_alias, phone_alias, wa_id_alias
from askfirst.domain.values.errors import InvalidInput


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("+447700900123", AliasKind.WA_ID),
        ("447700900123", AliasKind.WA_ID),
        ("GB.13491208655302741918", AliasKind.BSUID),
        ("US.aBc123", AliasKind.BSUID),
        ("US.ENT.11815799212886844830", AliasKind.PARENT_BSUID),
    ],
)
def test_a_name_tells_its_kind(text: str, kind: AliasKind) -> None:
    assert parse_alias(text).kind is kind


@pytest.mark.parametrize(
    "text",
    [
        "",
        "ada",
        "+",
        "gb.134",
        "GB.",
        "GBR.134",
        "GB.13 49",
        "GB." + "1" * 129,
        "GB.\u0661",
        "a\0b",
    ],
)
def test_what_is_no_name_is_refused_by_field(text: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        parse_alias(text, "to")
    assert refused.value.field == "to"
    assert len(text) < len("ada") or text not in refused.value.message


def test_phone_and_wa_id_are_two_spellings_of_one_thing() -> None:
    assert phone_alias("447700900123").key == wa_id_alias("+447700900123").key


def test_a_bsuid_keeps_its_case_and_its_kind() -> None:
    spelt = {
        Alias(AliasKind.BSUID, "US.abc").key,
        Alias(AliasKind.BSUID, "US.ABC").key,
        Alias(AliasKind.PARENT_BSUID, "US.abc").key,
        wa_id_alias("447700900123").key,
    }
    assert len(spelt) == 4


def test_a_bsuid_has_no_neighbours() -> None:
    assert parse_alias("AR.5491123456789").neighbour_keys == ()


def test_a_name_is_not_shown_by_accident() -> None:
    assert repr(wa_id_alias("447700900123")) == "Alias(wa_id, …)"
    assert "7700" not in f"{wa_id_alias('447700900123')}"
