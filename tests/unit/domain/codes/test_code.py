"""One-time codes: how they are made, spelt, shown, and what becomes of them."""

from __future__ import annotations

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from askfirst.domain.codes.code import (
    DIGITS_MAX,
    DIGITS_MIN,
    Channel,
    CodeState,
    Result,
    area_of,
    canonical,
    make_code,
    masked,
    parse_channels,
)
from askfirst.domain.value import replace
from askfirst.domain.values.alias import Alias, AliasKind, phone_alias, wa_id_alias
from askfirst.domain.values.errors import InvalidInput
from tests.support.builders import ANA
from tests.support.clocks import at
from tests.support.codes import code

digits = st.integers(DIGITS_MIN, DIGITS_MAX)


@given(st.binary(min_size=16, max_size=16), digits)
def test_a_code_has_as_many_digits_as_it_should(entropy: bytes, count: int) -> None:
    made = make_code(entropy, count)
    assert len(made) == count
    assert made.isascii()
    assert made.isdigit()


def test_every_digit_comes_up_as_often_as_the_others() -> None:
    """What 4,000 codes of a counter, hashed, have in their first and last place."""
    import hashlib

    made = [
        make_code(hashlib.blake2b(n.to_bytes(8, "big"), digest_size=16).digest(), 8)
        for n in range(4_000)
    ]
    for place in (0, 7):
        counts = Counter(one[place] for one in made)
        assert len(counts) == 10
        # Chi-squared with 9 degrees of freedom: 27.9 is passed once in a thousand times.
        assert sum((count - 400) ** 2 / 400 for count in counts.values()) < 27.9


@pytest.mark.parametrize(("entropy", "count"), [(b"x" * 15, 8), (b"x" * 16, 5), (b"x" * 16, 11)])
def test_a_code_that_could_be_guessed_is_not_made(entropy: bytes, count: int) -> None:
    with pytest.raises(ValueError, match="16 random bytes"):
        make_code(entropy, count)


@pytest.mark.parametrize(
    "typed",
    [
        "12345678",
        " 1234 5678\n",
        "1234-5678",
        "1234–5678",
        "12 34 56 78",
        "1234\u00a05678",
        "1234.5678",
        "１２３４５６７８",
        "١٢٣٤٥٦٧٨",
        "۱۲۳۴۵۶۷۸",
        "१२३४५६७८",
        "1234\u200a5678",
        "①②③④⑤⑥⑦⑧",
        "\u200f12345678\u200e",
        "\u200b12345678",
        "1234\u20605678\ufeff",
        "\u20671234\u00ad5678\u2069",
        "*12345678*",
        "*1234*5678",
        "_12345678_",
        "~12345678~",
        "```12345678```",
        '"12345678"',
        "“12345678”",
        "«1234 5678»",
        "'12345678'",
        "(12345678)",
        "1️⃣2️⃣3️⃣4️⃣5️⃣6️⃣7️⃣8️⃣",
    ],
)
def test_one_code_has_one_form_however_it_is_typed(typed: str) -> None:
    assert canonical(typed) == "12345678"


@pytest.mark.parametrize(
    "typed",
    [
        "",
        " ",
        "abcdefgh",
        "1234567O",
        "12345678901",
        "1234+5678",
        "½",
        "1" * 65,
        "12\x005678",
        "**",
        "\u200b",
        "1234,5678",
        "#12345678",
        "12345678 or 87654321",
    ],
)
def test_what_can_be_no_code_is_empty(typed: str) -> None:
    assert canonical(typed) == ""


@given(st.text(max_size=70))
def test_a_canonical_form_is_digits_and_its_own_form(typed: str) -> None:
    form = canonical(typed)
    assert not form or (form.isascii() and form.isdigit())
    assert canonical(form) == form


def test_a_number_shows_its_end_only() -> None:
    assert masked(ANA) == "+••••••••0123"
    assert ANA.value[:8] not in masked(ANA)


def test_both_spellings_of_a_number_are_in_one_block() -> None:
    assert area_of(ANA) == "44770090"
    assert area_of(phone_alias("5541988887777")) == area_of(wa_id_alias("554188887777"))


@pytest.mark.parametrize(
    ("text", "channels"),
    [
        ("whatsapp", (Channel.WHATSAPP,)),
        ("whatsapp,sms", (Channel.WHATSAPP, Channel.SMS)),
        ("sms, whatsapp", (Channel.SMS, Channel.WHATSAPP)),
        ("whatsapp_inbound", (Channel.WHATSAPP_INBOUND,)),
    ],
)
def test_a_chain_keeps_its_order(text: str, channels: tuple[Channel, ...]) -> None:
    assert parse_channels(text) == channels


@pytest.mark.parametrize(
    "text",
    ["", "email", "whatsapp,whatsapp", "whatsapp;sms", "WHATSAPP", "whatsapp_inbound,sms", ","],
)
def test_a_chain_of_anything_else_is_refused(text: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        parse_channels(text)
    assert refused.value.field == "channel"


@pytest.mark.parametrize(
    ("parts", "field"),
    [
        ({"number": Alias(AliasKind.BSUID, "GB.1")}, "to"),
        ({"purpose": "Log in"}, "purpose"),
        ({"purpose": ""}, "purpose"),
        ({"reference": "x" * 129}, "reference"),
        ({"reference": "a\nb"}, "reference"),
    ],
)
def test_a_request_is_checked_when_it_is_made(parts: dict[str, object], field: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        code(**parts)
    assert refused.value.field == field


WAITING = code()
CASES = [
    (WAITING, 0, None),
    (WAITING, 299.999999, None),
    (WAITING, 300, Result.EXPIRED),
    (replace(WAITING, tries=2), 10, None),
    (replace(WAITING, tries=3), 10, Result.LOCKED),
    (replace(WAITING, tries=3), 300, Result.EXPIRED),
    (replace(WAITING, tries=3, tries_max=6), 10, None),
    (replace(WAITING, state=CodeState.VOID), 10, Result.EXPIRED),
    (replace(WAITING, state=CodeState.APPROVED), 10, Result.USED),
    (replace(WAITING, state=CodeState.APPROVED), 86_400, Result.USED),
    (replace(WAITING, state=CodeState.APPROVED, tries=3), 10, Result.USED),
    (replace(WAITING, channels=(Channel.WHATSAPP_INBOUND,), tries_max=0), 10, None),
]


@pytest.mark.parametrize(("request_", "moment", "result"), CASES)
def test_what_a_try_comes_to(request_: object, moment: float, result: Result | None) -> None:
    assert request_.result(at(moment)) is result  # type: ignore[attr-defined]
    assert request_.is_open(at(moment)) is (result is None)  # type: ignore[attr-defined]


def test_neither_number_nor_reference_shows_in_a_repr() -> None:
    shown = repr(code(reference="session-4711", token="1.secret"))
    assert not any(secret in shown for secret in (ANA.value, "session-4711", "1.secret"))
