"""Keys are changed with the database told of it, so that whoever has old ones is noticed."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from askfirst.bootstrap.commands import keyring_commands as keyring_desk
from askfirst.bootstrap.commands.keyring_commands import add_version
from askfirst.bootstrap.keyring_store import make_keyring, read_keyring
from askfirst.bootstrap.settings import Settings, isolated_settings
from askfirst.domain.values.errors import Conflict, Unavailable
from askfirst.storage.platform.errors import KeyMissing, Superseded
from tests.support.builders import change, grant, question, stop
from tests.support.stores import Home, PostgresHome, SqliteHome, fixed_keyring


@pytest.fixture
def settings(home: Home, tmp_path: Path) -> Settings:
    url = home.url if isinstance(home, PostgresHome) else f"sqlite:///{home.path}"  # type: ignore[attr-defined]
    return isolated_settings(database_url=url, keyring_file=keys_in(tmp_path))


def keys_in(folder: Path) -> Path:
    """The keys that a test's database knows, in a file."""
    path = folder / "keys"
    path.touch(0o600)
    path.write_text(fixed_keyring().dump())
    return path


async def versions(home: Home) -> list[int]:
    return [row[0] for row in await home.raw("SELECT version FROM key_version ORDER BY version")]


async def rotate(settings: Settings) -> int:
    return (await asyncio.to_thread(add_version, settings))[1]


async def test_the_database_knows_of_a_version_before_anything_is_written_with_it(
    home: Home, settings: Settings
) -> None:
    old = read_keyring(settings.keyring_path)
    await (await home.open(old)).close()
    assert await rotate(settings) == 2
    assert await versions(home) == [1, 2]
    with pytest.raises(KeyMissing):
        await home.open(old)
    store = await home.open(read_keyring(settings.keyring_path))
    await store.ledger.commit(change(stop()))
    await store.close()


async def test_each_rotation_is_told(home: Home, settings: Settings) -> None:
    await (await home.open(read_keyring(settings.keyring_path))).close()
    for expected in (2, 3):
        assert await rotate(settings) == expected
    assert await versions(home) == [1, 2, 3]


async def test_a_keyring_that_is_not_the_databases_is_left_as_it_is(
    home: Home, settings: Settings
) -> None:
    await (await home.open()).close()
    settings.keyring_path.unlink()
    make_keyring(settings.keyring_path)
    before = settings.keyring_path.read_bytes()
    with pytest.raises(KeyMissing):
        await rotate(settings)
    assert settings.keyring_path.read_bytes() == before


async def test_where_the_database_could_not_be_told_the_next_start_tells_it(
    home: Home, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    await (await home.open(read_keyring(settings.keyring_path))).close()

    async def fails(*_: object) -> None:
        raise Unavailable("it went away")

    told = keyring_desk._told

    async def told_in_vain(_: object, rotated: object) -> None:
        await told(fails, rotated)  # type: ignore[arg-type]

    monkeypatch.setattr(keyring_desk, "_told", told_in_vain)
    with pytest.raises(Unavailable, match="the keyring has version 2, but the database could not"):
        await rotate(settings)
    assert await versions(home) == [1]
    await (await home.open(read_keyring(settings.keyring_path))).close()
    assert await versions(home) == [1, 2]


@pytest.mark.postgres
async def test_a_server_that_runs_stops_writing_and_deciding_at_once(
    postgres_home: PostgresHome, tmp_path: Path
) -> None:
    settings = isolated_settings(database_url=postgres_home.url, keyring_file=keys_in(tmp_path))
    store = await postgres_home.open()
    await store.ledger.commit(change(grant()))
    await rotate(settings)
    with pytest.raises(Superseded, match="newer keyring"):
        await store.ledger.commit(change(grant()))
    with pytest.raises(Superseded):
        await store.gate.look(question())
    with pytest.raises(Superseded):
        await store.ready()
    await store.close()


async def test_no_server_may_run_on_a_file_whose_keys_are_changed(
    sqlite_home: SqliteHome, tmp_path: Path
) -> None:
    url = f"sqlite:///{sqlite_home.path}"
    settings = isolated_settings(database_url=url, keyring_file=keys_in(tmp_path))
    store = await sqlite_home.open()
    before = settings.keyring_path.read_bytes()
    with pytest.raises(Conflict, match="stop it first"):
        await rotate(settings)
    assert settings.keyring_path.read_bytes() == before
    await store.ledger.commit(change(grant()))
    await store.close()
