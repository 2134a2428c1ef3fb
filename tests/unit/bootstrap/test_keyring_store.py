"""The keyring's file: private, made once, never made anew for a database that has one."""

from __future__ import annotations

from pathlib import Path

import pytest

from askfirst.bootstrap.keyring_store import make_keyring, read_keyring, rotate_keyring
from askfirst.bootstrap.settings import Settings, isolated_settings
from askfirst.bootstrap.wiring import open_services
from askfirst.domain.values.errors import InvalidInput, UnsafeStorage


def settings_in(folder: Path) -> Settings:
    return isolated_settings(database_url=f"sqlite:///{folder / 'ledger.db'}")


def test_it_is_readable_by_its_owner_only(tmp_path: Path) -> None:
    path = tmp_path / "new" / "keys"
    made = make_keyring(path)
    assert path.stat().st_mode & 0o777 == 0o600
    read = read_keyring(path)
    assert read is not None
    assert read.fingerprints == made.fingerprints


def test_one_that_others_may_read_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "keys"
    make_keyring(path)
    path.chmod(0o640)
    with pytest.raises(UnsafeStorage, match="chmod 600"):
        read_keyring(path)


def test_one_that_exists_is_never_overwritten(tmp_path: Path) -> None:
    path = tmp_path / "keys"
    make_keyring(path)
    before = path.read_bytes()
    with pytest.raises(UnsafeStorage):
        make_keyring(path)
    assert path.read_bytes() == before


def test_a_broken_one_is_refused_without_showing_it(tmp_path: Path) -> None:
    path = tmp_path / "keys"
    path.write_text('{"versions": {"1": {"lookup": "abcd"}}}')
    path.chmod(0o600)
    with pytest.raises(InvalidInput) as refusal:
        read_keyring(path)
    assert "abcd" not in str(refusal.value)


async def test_a_new_database_gets_one(tmp_path: Path) -> None:
    settings = settings_in(tmp_path)
    async with open_services(settings) as wired:
        await wired.store.ready()
    assert settings.keyring_path.stat().st_mode & 0o777 == 0o600
    async with open_services(settings) as wired:
        await wired.store.ready()


async def test_a_database_without_its_keyring_is_refused(tmp_path: Path) -> None:
    settings = settings_in(tmp_path)
    async with open_services(settings):
        pass
    settings.keyring_path.unlink()
    with pytest.raises(UnsafeStorage, match="is missing"):
        async with open_services(settings):
            pass
    assert not settings.keyring_path.exists()


async def test_another_keyring_is_refused_and_kept(tmp_path: Path) -> None:
    settings = settings_in(tmp_path)
    async with open_services(settings):
        pass
    settings.keyring_path.unlink()
    make_keyring(settings.keyring_path)
    with pytest.raises(UnsafeStorage):
        async with open_services(settings):
            pass
    assert settings.keyring_path.exists()


async def test_a_policy_that_is_not_understood_refuses_to_start(tmp_path: Path) -> None:
    policy = tmp_path / "policy.toml"
    policy.write_text("gate = false\n")
    settings = settings_in(tmp_path).model_copy(update={"policy_file": policy})
    with pytest.raises(InvalidInput) as refusal:
        async with open_services(settings):
            pass
    assert refusal.value.field == "policy.gate"
    missing = settings.model_copy(update={"policy_file": tmp_path / "none.toml"})
    with pytest.raises(InvalidInput, match="cannot be read"):
        async with open_services(missing):
            pass


def test_a_rotated_one_keeps_its_old_keys_and_is_as_private(tmp_path: Path) -> None:
    path = tmp_path / "keys"
    old = make_keyring(path)
    rotate_keyring(path, old)
    assert [file.name for file in tmp_path.iterdir()] == ["keys"]
    assert path.stat().st_mode & 0o777 == 0o600
    new = read_keyring(path)
    assert new is not None
    assert (new.current, new.fingerprints[1]) == (2, old.fingerprints[1])
    assert new.open(old.seal(b"Ana", b"name"), b"name") == b"Ana"


def test_a_rotation_that_cannot_be_finished_leaves_the_keys_as_they_were(tmp_path: Path) -> None:
    path = tmp_path / "keys"
    keyring = make_keyring(path)
    before = path.read_bytes()
    path.with_name("keys.new").write_text("of somebody else")
    with pytest.raises(UnsafeStorage, match=r"keys\.new"):
        rotate_keyring(path, keyring)
    assert path.read_bytes() == before
