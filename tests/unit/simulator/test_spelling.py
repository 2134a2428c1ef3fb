import pytest

from askfirst.domain.values.errors import InvalidInput
from askfirst.simulator.state.spelling import user_id_of, wa_id_of


@pytest.mark.parametrize(
    ("dialled", "wa_id"),
    [
        ("+5541988887777", "554188887777"),
        ("+5511987654321", "5511987654321"),
        ("+554132345678", "554132345678"),
        ("+525512345678", "5215512345678"),
        ("+5215512345678", "5215512345678"),
        ("+44 (7700) 900-123", "447700900123"),
        ("447700900123", "447700900123"),
    ],
)
def test_whatsapp_spells_some_numbers_in_its_own_way(dialled: str, wa_id: str) -> None:
    assert wa_id_of(dialled) == wa_id


@pytest.mark.parametrize("text", ["", "+", "anna", "+0123456789", "+1234567890123456"])
def test_what_is_no_number_is_refused(text: str) -> None:
    with pytest.raises(InvalidInput):
        wa_id_of(text)


def test_another_number_has_another_user_id() -> None:
    assert user_id_of("447700900123").startswith("GB.")
    assert user_id_of("447700900123") == user_id_of("447700900123")
    assert user_id_of("447700900123") != user_id_of("447700900124")
    assert user_id_of("8613800000000").startswith("ZZ.")
