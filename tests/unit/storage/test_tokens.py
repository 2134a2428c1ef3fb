"""Tokens: what we signed, and nothing else, in one spelling."""

from __future__ import annotations

import os

import pytest
from hypothesis import given
from hypothesis import strategies as st

from askfirst.domain.values.errors import InvalidInput
from askfirst.ports.tenants.tokens import TokenKind
from askfirst.storage.platform.keyring import Keyring
from askfirst.storage.prompts.tokens import KeyringTokens
from tests.support.stores import fixed_keyring

TOKENS = KeyringTokens(fixed_keyring())
TEXT = TOKENS.sign(TokenKind.PROMPT, {"b": "acme", "n": 7})


@pytest.mark.parametrize("place", range(len(TEXT)))
def test_any_changed_character_is_refused(place: int) -> None:
    for other in ("A", "B", "."):
        changed = TEXT[:place] + other + TEXT[place + 1 :]
        if changed != TEXT:
            with pytest.raises(InvalidInput):
                TOKENS.read(TokenKind.PROMPT, changed)


@given(st.text(max_size=200))
def test_whatever_is_made_up_is_refused(text: str) -> None:
    with pytest.raises(InvalidInput):
        TOKENS.read(TokenKind.PROMPT, text)


@pytest.mark.parametrize("added", ["=", "\n", " ", ".", "A"])
def test_nothing_may_be_added(added: str) -> None:
    for changed in (TEXT + added, added + TEXT):
        with pytest.raises(InvalidInput):
            TOKENS.read(TokenKind.PROMPT, changed)


@pytest.mark.parametrize("kind", [kind for kind in TokenKind if kind is not TokenKind.PROMPT])
def test_one_kind_never_passes_for_another(kind: TokenKind) -> None:
    with pytest.raises(InvalidInput):
        TOKENS.read(kind, TEXT)


def test_a_token_of_an_older_key_is_read_after_a_rotation() -> None:
    rotated = KeyringTokens(fixed_keyring().rotated())
    assert rotated.read(TokenKind.PROMPT, TEXT) == {"b": "acme", "n": 7}
    assert rotated.sign(TokenKind.PROMPT, {}).startswith("2.")


def test_a_token_of_another_keyring_is_refused() -> None:
    other = KeyringTokens(Keyring.generate(os.urandom))
    with pytest.raises(InvalidInput):
        TOKENS.read(TokenKind.PROMPT, other.sign(TokenKind.PROMPT, {"b": "acme"}))
