"""Numbers: their shape, who is surely the same subscriber, and who only may be."""

import pytest

from askfirst.adapters.phone_numbers import WorldNumbering
from askfirst.domain.values.alias import phone_alias, wa_id_alias
from askfirst.domain.values.errors import InvalidInput
from askfirst.domain.values.phone import (
    PhoneNumber,
    counted,
    neighbours,
    number_from_wa_id,
    subscriber,
)
from askfirst.usecases.contacts.read_number import read_typed_number

# Dialled number, wa_id as Meta delivers it. Sources: research/clients.md; vendors' support
# pages (Gupshup, Zoho, whapi, green-api), Chatwoot's and waha's normalisers.
SAME = [
    ("+5511987654321", "5511987654321"),  # Brazil, 11 to 28: the ninth digit stays
    ("+5541988887777", "554188887777"),  # elsewhere older accounts lack it
    ("+5541988887777", "5541988887777"),
    ("+5592981723241", "559281723241"),
    ("+5521987654321", "552187654321"),
    ("+554132345678", "554132345678"),  # a landline has none
    ("+525512345678", "5215512345678"),  # Mexico: the old mobile 1 survives
    ("+525512345678", "525512345678"),
    ("+5491123456789", "5491123456789"),
    ("+54 11 15 2345-6789", "5491123456789"),  # Argentina: dialled with 15
    ("+390612345678", "390612345678"),  # Italy keeps its zero
    ("+447700900123", "447700900123"),  # not valid in libphonenumber's eyes, and yet
    ("+15551234567", "15551234567"),
    ("+16505551234", "16505551234"),
    ("+1 (631) 555-1234", "16315551234"),
]
DIFFERENT = [
    ("+5541932345678", "554132345678"),  # without its 9 it would be a landline
    ("+39612345678", "390612345678"),
]
MAYBE = [
    ("+541123456789", "5491123456789"),  # may be somebody's landline
    ("+2290197123456", "22997123456"),  # Benin before its ten-digit plan
    ("+2250707123456", "22507123456"),  # Ivory Coast likewise
]


def keys(typed: str, wa_id: str) -> tuple[str, str]:
    dialled = read_typed_number(WorldNumbering(), typed, "phone")
    return phone_alias(dialled.digits).key, wa_id_alias(wa_id).key


@pytest.mark.parametrize(("typed", "wa_id"), SAME)
def test_two_spellings_of_one_subscriber_share_a_key(typed: str, wa_id: str) -> None:
    one, other = keys(typed, wa_id)
    assert one == other


@pytest.mark.parametrize(("typed", "wa_id"), DIFFERENT)
def test_two_subscribers_share_nothing(typed: str, wa_id: str) -> None:
    digits = typed.removeprefix("+")
    assert subscriber(digits) != subscriber(wa_id)
    assert subscriber(wa_id) not in map(subscriber, neighbours(digits))
    assert subscriber(digits) not in map(subscriber, neighbours(wa_id))


@pytest.mark.parametrize(("typed", "wa_id"), MAYBE)
def test_who_may_be_the_same_subscriber_is_a_neighbour_both_ways(typed: str, wa_id: str) -> None:
    one, other = keys(typed, wa_id)
    assert one != other
    assert wa_id_alias(wa_id).key in phone_alias(typed.removeprefix("+")).neighbour_keys
    assert phone_alias(typed.removeprefix("+")).key in wa_id_alias(wa_id).neighbour_keys


@pytest.mark.parametrize(("typed", "wa_id"), [*SAME, *MAYBE])
def test_spellings_that_may_be_one_subscriber_are_counted_as_one(typed: str, wa_id: str) -> None:
    digits = read_typed_number(WorldNumbering(), typed, "phone").digits
    assert counted(digits) == counted(wa_id) == counted(counted(digits))


@pytest.mark.parametrize(("typed", "wa_id"), DIFFERENT)
def test_two_subscribers_are_counted_apart(typed: str, wa_id: str) -> None:
    assert counted(typed.removeprefix("+")) != counted(wa_id)


@pytest.mark.parametrize(
    "digits",
    [
        "5521987654321",
        "552187654321",
        "5215512345678",
        "447700900123",
        "2250707123456",
        "22507123456",
    ],
)
def test_the_key_of_a_key_is_itself(digits: str) -> None:
    assert subscriber(subscriber(digits)) == subscriber(digits)


@pytest.mark.parametrize("digits", ["447700900123", "5511987654321", "15551234567", "22912"])
def test_most_numbers_have_no_neighbours(digits: str) -> None:
    assert neighbours(digits) == ()


@pytest.mark.parametrize(
    "text",
    [
        "",
        "+",
        "0447700900123",
        "44770090012345678",
        "44 7700",
        "4٤7700900123",
        "4４7700900123",
        "4477x0900123",
        "\u0664" * 9,
        "123456",
    ],
)
def test_what_has_not_the_shape_of_a_number_is_refused(text: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        number_from_wa_id(text, "from")
    assert refused.value.field == "from"


@pytest.mark.parametrize("text", ["1234567", "123456789012345", "+447700900123"])
def test_seven_to_fifteen_digits_are_a_number(text: str) -> None:
    assert number_from_wa_id(text, "from").e164 == "+" + text.removeprefix("+")


def test_a_number_is_not_shown_by_accident() -> None:
    assert "7700" not in f"{PhoneNumber('447700900123')!r} {PhoneNumber('447700900123')}"
