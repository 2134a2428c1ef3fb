"""Opens the database with its keyring."""

from __future__ import annotations

from askfirst.bootstrap.database.store import Store
from askfirst.bootstrap.keyring_store import make_keyring, read_keyring
from askfirst.bootstrap.settings import Settings
from askfirst.domain.values.errors import UnsafeStorage
from askfirst.ports.platform.clock import Clock, Ids
from askfirst.storage.platform.errors import KeyMissing
from askfirst.storage.platform.keyring import Keyring


async def open_store(settings: Settings, ids: Ids, clock: Clock) -> Store:
    """Open the database with its keyring; a keyring is made only where the database is new."""
    path = settings.keyring_path
    keyring = read_keyring(path)
    if keyring is not None:
        return await _open_backend(settings, keyring, ids, clock)
    if not _may_be_new(settings):
        raise UnsafeStorage(f"the keyring {path} is missing; without it no number can be found")
    keyring = make_keyring(path)
    try:
        return await _open_backend(settings, keyring, ids, clock)
    except KeyMissing as error:
        path.unlink(missing_ok=True)  # the database is not new: it waits for its own keyring
        raise UnsafeStorage(
            f"the keyring {path} is missing; without it no number can be found"
        ) from error


def _may_be_new(settings: Settings) -> bool:
    path = settings.sqlite_path
    return path is None or not path.exists() or path.stat().st_size == 0


async def _open_backend(settings: Settings, keyring: Keyring, ids: Ids, clock: Clock) -> Store:
    is_telling = settings.events_url is not None
    if settings.sqlite_path is not None:
        from askfirst.storage.sqlite.store import SqliteStore

        return await SqliteStore.open(
            settings.sqlite_path, keyring, ids, clock, is_telling=is_telling
        )
    from askfirst.storage.postgres.store import PostgresStore

    return await PostgresStore.open(
        settings.database_url, keyring, ids, clock, is_telling=is_telling
    )
