"""Changing the keys at rest, and telling the database: it fences off whoever has old ones."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path

from askfirst.bootstrap.keyring_store import read_keyring, rotate_keyring
from askfirst.bootstrap.settings import Settings
from askfirst.domain.values.errors import Conflict, InvalidInput, Unavailable
from askfirst.storage.platform.errors import StorageInUse
from askfirst.storage.platform.keyring import Keyring

Register = Callable[[Keyring], Awaitable[None]]


def add_version(settings: Settings) -> tuple[Path, int]:
    """Add a version that writes from now on; gives the file and the version.

    A server that went on with the old file would not find what the new version hashed, stops
    included. On SQLite none may run meanwhile. On PostgreSQL those that run stop writing and
    deciding as soon as the database knows of the new version, and say so.

    Raises:
        Conflict: a server runs on the SQLite file.
        InvalidInput: there is no keyring yet.
        UnsafeStorage: the file cannot be read or replaced, or it is not the database's.
        Unavailable: the database cannot be reached.
    """
    return asyncio.run(_add_version(settings))


async def _add_version(settings: Settings) -> tuple[Path, int]:
    path = settings.keyring_path
    keyring = read_keyring(path)
    if keyring is None:
        message = f"there is no keyring at {path}; askfirst makes it together with a database"
        raise InvalidInput("", message)
    try:
        # First the database is opened, then the file replaced, then the database told: whatever
        # fails, no version is ever known to the database that is in no file.
        async with _registering(settings, keyring) as register:
            rotated = rotate_keyring(path, keyring)
            await _told(register, rotated)
    except StorageInUse as error:
        raise Conflict("a server runs on this database; stop it first") from error
    return path, rotated.current


async def _told(register: Register, rotated: Keyring) -> None:
    try:
        await register(rotated)
    except Unavailable as error:
        message = (
            f"the keyring has version {rotated.current}, but the database could not be told; "
            "start a server with it, which does that, before any other server goes on"
        )
        raise Unavailable(message) from error


@asynccontextmanager
async def _registering(settings: Settings, keyring: Keyring) -> AsyncIterator[Register]:
    """Open the database for keys to be registered; a SQLite file that is not there has no use."""
    database = settings.sqlite_path
    if database is None:
        from askfirst.storage.postgres.store import registering as in_postgres

        async with in_postgres(settings.database_url, keyring) as register:
            yield register
        return
    if not database.exists():
        yield _nobody_to_tell
        return
    from askfirst.storage.sqlite.file import open_file

    with open_file(database, keyring) as file:

        async def register(rotated: Keyring) -> None:
            file.register(rotated)

        yield register


async def _nobody_to_tell(_: Keyring) -> None:
    """A keyring may be made anew before its database is."""
