"""Changing the keys at rest, while no server uses them."""

from __future__ import annotations

from contextlib import nullcontext
from pathlib import Path

from askfirst.bootstrap.keyring_file import rotate_keyring
from askfirst.bootstrap.settings import Settings
from askfirst.domain.errors import Conflict, InvalidInput
from askfirst.storage.errors import StorageInUse
from askfirst.storage.sqlite.connection import lock_file


def add_version(settings: Settings) -> tuple[Path, int]:
    """Add a version that writes from now on; gives the file and the version.

    A server that went on with the old file would not find what the new version hashed, stops
    included. Of a SQLite file it is known whether one runs; of PostgreSQL only its operator knows.

    Raises:
        Conflict: a server runs.
        InvalidInput: there is no keyring yet.
        UnsafeStorage: the file cannot be read or replaced.
    """
    path, database = settings.keyring_path, settings.sqlite_path
    try:
        with lock_file(database) if database and database.exists() else nullcontext():
            keyring = rotate_keyring(path)
    except StorageInUse as error:
        raise Conflict("a server runs on this database; stop it first") from error
    if keyring is None:
        message = f"there is no keyring at {path}; askfirst makes it together with a database"
        raise InvalidInput("", message)
    return path, keyring.current
