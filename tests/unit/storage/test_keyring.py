"""Numbers are found by a keyed hash and kept sealed, under every version of the keys."""

from __future__ import annotations

import json
import os

import pytest

from askfirst.domain.values.errors import InvalidInput, UnsafeStorage
from askfirst.storage.platform.keyring import LOOKUP_BYTES, Keyring, KeyVersion
from tests.support.stores import fixed_keyring

NUMBER = "number:447700900123"


def test_the_same_name_gives_the_same_look_up_on_every_machine() -> None:
    assert fixed_keyring().lookup(NUMBER) == fixed_keyring().lookup(NUMBER)
    assert len(fixed_keyring().lookup(NUMBER)) == LOOKUP_BYTES


def test_another_key_gives_another_look_up() -> None:
    other = Keyring({1: KeyVersion(b"m" * 32, b"s" * 32)}, os.urandom)
    assert other.lookup(NUMBER) != fixed_keyring().lookup(NUMBER)


def test_a_rotated_keyring_writes_with_the_new_key_and_finds_with_all() -> None:
    old = fixed_keyring()
    new = old.rotated()
    assert new.current == 2
    assert new.lookups(NUMBER) == [new.lookup(NUMBER), old.lookup(NUMBER)]
    assert new.lookup(NUMBER) != old.lookup(NUMBER)
    assert new.open(old.seal(b"447700900123", b"acme"), b"acme") == b"447700900123"
    with pytest.raises(UnsafeStorage):
        old.open(new.seal(b"447700900123", b"acme"), b"acme")


@pytest.mark.parametrize("content", [b"", b"a word or two", "退订 🛑".encode(), b"\0" * 100_000])
def test_what_was_sealed_opens_to_the_same_bytes(content: bytes) -> None:
    keyring = fixed_keyring()
    sealed = keyring.seal(content, b"acme")
    assert keyring.open(sealed, b"acme") == content
    assert not content or content not in sealed


def test_sealed_bytes_open_only_where_they_belong() -> None:
    keyring = fixed_keyring()
    with pytest.raises(UnsafeStorage):
        keyring.open(keyring.seal(b"447700900123", b"acme"), b"rival")


@pytest.mark.parametrize("place", [0, 1, 2, 13, 14, -1])
def test_a_changed_byte_is_noticed(place: int) -> None:
    keyring = fixed_keyring()
    sealed = bytearray(keyring.seal(b"447700900123", b"acme"))
    sealed[place] ^= 1
    with pytest.raises(UnsafeStorage):
        keyring.open(bytes(sealed), b"acme")


def test_no_two_seals_are_alike() -> None:
    keyring = fixed_keyring()
    assert len({keyring.seal(b"the same", b"") for _ in range(5000)}) == 5000


def test_nonces_do_not_repeat_over_restarts() -> None:
    nonces = {fixed_keyring().seal(b"", b"")[2:14] for _ in range(500)}
    assert len(nonces) == 500


def test_a_keyring_survives_its_file() -> None:
    keyring = fixed_keyring().rotated()
    again = Keyring.load(keyring.dump(), os.urandom)
    assert again.fingerprints == keyring.fingerprints
    assert again.lookups(NUMBER) == keyring.lookups(NUMBER)
    assert again.open(keyring.seal(b"x", b"y"), b"y") == b"x"


def test_fingerprints_name_keys_without_revealing_them() -> None:
    keyring = fixed_keyring()
    file = json.loads(keyring.dump())["versions"]["1"]
    (fingerprint,) = keyring.fingerprints.values()
    assert fingerprint not in (file["lookup"], file["seal"])
    assert len(fingerprint) == 16


@pytest.mark.parametrize(
    "text",
    [
        "",
        "[]",
        "{}",
        '{"versions": {}}',
        '{"versions": []}',
        '{"versions": {"one": {"lookup": "00", "seal": "00"}}}',
        '{"versions": {"1": {"lookup": "00", "seal": "00"}}}',
        '{"versions": {"1": {"lookup": "zz", "seal": "zz"}}}',
        '{"versions": {"1": {"lookup": "' + "00" * 32 + '"}}}',
        '{"versions": {"1": "secret words"}}',
    ],
)
def test_a_file_that_is_no_keyring_is_refused_without_showing_it(text: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        Keyring.load(text, os.urandom)
    assert refused.value.field == "keyring"
    assert "secret words" not in str(refused.value)


def test_generated_keyrings_differ() -> None:
    assert Keyring.generate(os.urandom).fingerprints != Keyring.generate(os.urandom).fingerprints
