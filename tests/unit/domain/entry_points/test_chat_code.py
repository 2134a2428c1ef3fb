"""Codes in WhatsApp texts are found whatever else the customer changed."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from askfirst.domain.entry_points.chat_code import (
    CODES_MAX,
    ENTROPY_BYTES,
    entry_code,
    find_codes,
    is_proof,
    proof_code,
)

ENTROPY = bytes(range(ENTROPY_BYTES))
ENTRY, PROOF = entry_code(ENTROPY), proof_code(ENTROPY)


@pytest.mark.parametrize("code", [ENTRY, PROOF])
@pytest.mark.parametrize(
    "text",
    [
        "{}",
        "Hello Café Lune! ({})",
        "مرحبا ({})",
        "我想咨询（{}）谢谢",
        "{}.",
        "is this {}?",
        "line\n{}\nline",
        "*{}*",
    ],
)
def test_a_code_is_found_wherever_it_stands(code: str, text: str) -> None:
    assert find_codes(text.format(code)) == (code,)


@pytest.mark.parametrize("change", [str.lower, lambda text: text.replace("-", "–")])
def test_keyboards_may_change_case_and_dash(change: object) -> None:
    assert callable(change)
    assert find_codes(change(ENTRY)) == (ENTRY,)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "STOP",
        "AF-1234567",
        "AF-123456789",
        f"X{ENTRY}",
        f"{ENTRY}X",
        ENTRY.replace("-", " "),
        "AF-UUUUUUUU",
    ],
)
def test_what_is_no_code_is_none(text: str) -> None:
    assert find_codes(text) == ()


def test_letters_that_people_confuse_are_read_as_what_was_meant() -> None:
    assert find_codes("af-oil00000") == ("AF-01100000",)


def test_an_entry_is_short_and_a_proof_is_not_to_be_guessed() -> None:
    assert (len(ENTRY), len(PROOF)) == (11, 29)
    assert not is_proof(ENTRY)
    assert is_proof(PROOF)


@given(st.binary(min_size=ENTROPY_BYTES, max_size=ENTROPY_BYTES))
def test_every_code_that_is_made_is_found(entropy: bytes) -> None:
    assert find_codes(f"Hi {entry_code(entropy)}, {proof_code(entropy)}") == (
        entry_code(entropy),
        proof_code(entropy),
    )


@given(st.text(max_size=300))
def test_any_text_is_read(text: str) -> None:
    assert isinstance(find_codes(text), tuple)


def test_too_little_chance_is_refused() -> None:
    with pytest.raises(ValueError, match="random bytes"):
        proof_code(ENTROPY[1:])


def test_of_a_text_full_of_codes_only_the_first_ones_are_looked_at() -> None:
    assert find_codes("AF-7K2M9QXT " * 300) == ("AF-7K2M9QXT",) * CODES_MAX
