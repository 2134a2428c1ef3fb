"""Tokens: what we signed, and nothing else, in one spelling."""

from __future__ import annotations

import base64
import json
import os
from collections.abc import Mapping

import pytest
import rfc8785
from hypothesis import given
from hypothesis import strategies as st
from joserfc import jws
from joserfc.jwk import OctKey, OKPKey

from askfirst.adapters.jws_tokens import JwsTokens
from askfirst.domain.values.errors import InvalidInput
from askfirst.ports.tenants.tokens import TokenKind
from askfirst.storage.consent.evidence.receipts import sign_receipt, verify_receipt
from askfirst.storage.platform.keyring import Keyring
from tests.support.stores import fixed_keyring

TOKENS = JwsTokens(fixed_keyring().token_keys())
TEXT = TOKENS.sign(TokenKind.PROMPT, {"b": "acme", "n": 7})
KEY = fixed_keyring().token_keys()[1]
HEADER = {"alg": "HS256", "kid": "1", "typ": "prompt-token+jws"}


def header_of(text: str) -> Mapping[str, str]:
    part = text.partition(".")[0]
    header: Mapping[str, str] = json.loads(base64.urlsafe_b64decode(part + "=="))
    return header


def part_of(value: object) -> str:
    return base64.urlsafe_b64encode(json.dumps(value).encode()).decode().rstrip("=")


def made(**header: object) -> str:
    """Sign with the right key, under another header."""
    whole = {name: value for name, value in {**HEADER, **header}.items() if value}
    algorithm = str(whole["alg"])
    return jws.serialize_compact(whole, b"{}", OctKey.import_key(KEY), algorithms=[algorithm])


def test_a_token_is_a_compact_jws_with_a_type_of_its_own() -> None:
    assert header_of(TEXT) == HEADER
    signed = jws.deserialize_compact(TEXT, OctKey.import_key(KEY), algorithms=["HS256"])
    assert json.loads(signed.payload) == {"b": "acme", "n": 7}


FIELDS = st.dictionaries(st.text(max_size=4), st.text() | st.integers() | st.lists(st.text()))


@given(FIELDS, st.sampled_from(TokenKind))
def test_it_is_written_as_joserfc_writes_it(fields: Mapping[str, object], kind: TokenKind) -> None:
    content = json.dumps(fields, separators=(",", ":"), sort_keys=True).encode()
    header = {**HEADER, "typ": f"{kind.value}-token+jws"}
    expected = jws.serialize_compact(header, content, OctKey.import_key(KEY), algorithms=["HS256"])
    assert TOKENS.sign(kind, fields) == expected


def test_what_is_made_with_the_right_key_and_header_is_read() -> None:
    assert TOKENS.read(TokenKind.PROMPT, made()) == {}


@pytest.mark.parametrize(
    "header",
    [
        {"alg": "HS384"},
        {"alg": "HS512"},
        {"typ": "consent-receipt+jws"},
        {"typ": "JWT"},
        {"typ": ""},
        {"kid": ""},
        {"kid": "2"},
        {"cty": "json"},
    ],
)
def test_another_algorithm_type_or_key_id_is_refused(header: Mapping[str, str]) -> None:
    with pytest.raises(InvalidInput):
        TOKENS.read(TokenKind.PROMPT, made(**header))


@pytest.mark.parametrize("algorithm", ["none", "None", "NONE", "", None])
@pytest.mark.parametrize("signature", ["", TEXT.rpartition(".")[2]])
def test_a_token_that_asks_not_to_be_checked_is_refused(
    algorithm: str | None, signature: str
) -> None:
    header = part_of({**HEADER, "alg": algorithm})
    with pytest.raises(InvalidInput):
        TOKENS.read(TokenKind.PROMPT, ".".join((header, TEXT.split(".")[1], signature)))


def test_a_token_with_other_fields_is_refused() -> None:
    header, _, signature = TEXT.split(".")
    with pytest.raises(InvalidInput):
        TOKENS.read(TokenKind.PROMPT, ".".join((header, part_of({"b": "rival"}), signature)))


@pytest.mark.parametrize("kind", list(TokenKind))
def test_a_receipt_is_no_token(kind: TokenKind) -> None:
    receipt = sign_receipt({"b": "acme", "n": 7}, OKPKey.generate_key("Ed25519"))
    with pytest.raises(InvalidInput):
        TOKENS.read(kind, receipt)


def test_a_token_is_no_receipt_whatever_key_it_names() -> None:
    key = OKPKey.generate_key("Ed25519")
    public = {name: str(value) for name, value in key.as_dict(private=False).items()}
    with pytest.raises(InvalidInput):
        verify_receipt(TEXT, [public | {"kid": "1", "alg": "Ed25519"}])


def test_what_a_receipts_key_signed_as_a_token_is_neither() -> None:
    key = OKPKey.generate_key("Ed25519")
    header = {**HEADER, "alg": "Ed25519", "kid": key.thumbprint()}
    text = jws.serialize_compact(header, rfc8785.dumps({}), key, algorithms=["Ed25519"])
    public = {name: str(value) for name, value in key.as_dict(private=False).items()}
    with pytest.raises(InvalidInput):
        TOKENS.read(TokenKind.PROMPT, text)
    with pytest.raises(InvalidInput):
        verify_receipt(text, [public | {"kid": key.thumbprint()}])


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
    rotated = JwsTokens(fixed_keyring().rotated().token_keys())
    assert rotated.read(TokenKind.PROMPT, TEXT) == {"b": "acme", "n": 7}
    assert header_of(rotated.sign(TokenKind.PROMPT, {}))["kid"] == "2"


def test_a_token_of_another_keyring_is_refused() -> None:
    other = JwsTokens(Keyring.generate(os.urandom).token_keys())
    with pytest.raises(InvalidInput):
        TOKENS.read(TokenKind.PROMPT, other.sign(TokenKind.PROMPT, {"b": "acme"}))
