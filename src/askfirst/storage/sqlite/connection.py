"""One SQLite file, opened so that it keeps its promises."""

from __future__ import annotations

import sqlite3
from pathlib import Path

from askfirst.domain.consent.standing import fold_all
from askfirst.domain.values.errors import UnsafeStorage
from askfirst.storage.consent.standing_codec import encode_standing
from askfirst.storage.platform.keyring import Keyring
from askfirst.storage.platform.rows import row_event
from askfirst.storage.platform.sql_files import FOLDED_BY_POSITION, load_migrations, load_statements

_SYNCHRONOUS_FULL = 2
_CACHE_KIB = 65_536
_CHECKPOINT_PAGES = 8_000  # the same pages are written again and again: copy them back seldom


def connect(path: Path) -> sqlite3.Connection:
    """Open a connection with write-ahead log and full synchronisation, or refuse."""
    connection = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
    connection.execute("PRAGMA busy_timeout = 5000")
    (mode,) = connection.execute("PRAGMA journal_mode = WAL").fetchone()
    connection.execute("PRAGMA synchronous = FULL")
    connection.execute(f"PRAGMA cache_size = -{_CACHE_KIB}")
    connection.execute(f"PRAGMA wal_autocheckpoint = {_CHECKPOINT_PAGES}")
    (synchronous,) = connection.execute("PRAGMA synchronous").fetchone()
    if mode != "wal" or synchronous != _SYNCHRONOUS_FULL:
        connection.close()
        raise UnsafeStorage("SQLite must run with journal_mode WAL and synchronous FULL")
    return connection


def migrate(connection: sqlite3.Connection) -> None:
    """Bring the schema up to date, one transaction a migration; a newer schema is refused."""
    migrations = load_migrations("askfirst.storage.sqlite")
    (version,) = connection.execute("PRAGMA user_version").fetchone()
    if version > migrations[-1][0]:
        raise UnsafeStorage("the database was written by a newer askfirst")
    for number, script in migrations:
        if number > version:
            connection.executescript(f"BEGIN IMMEDIATE;\n{script}\nPRAGMA user_version = {number};")
            if number == FOLDED_BY_POSITION and version:
                _refold(connection)
            connection.execute("COMMIT")


def _refold(connection: sqlite3.Connection) -> None:
    """Fold every ledger anew: standings of before were folded by another rule."""
    sql = load_statements("askfirst.storage.sqlite")
    for (business_id,) in connection.execute(sql["businesses"]).fetchall():
        rows = connection.execute(sql["events"], (business_id, 0, -1))
        for contact, standing in fold_all(map(row_event, rows)).items():
            connection.execute(sql["refold"], (encode_standing(standing), business_id, contact))


def register_keys(connection: sqlite3.Connection, keyring: Keyring) -> None:
    """Tell the database every version of the keyring, before anything is written with it.

    Raises:
        KeyMissing: a key that wrote here is not in it: its suppressions could not be found.
    """
    known = dict(connection.execute("SELECT version, fingerprint FROM key_version").fetchall())
    fresh = keyring.unknown_to(known).items()
    connection.executemany("INSERT INTO key_version (version, fingerprint) VALUES (?, ?)", fresh)
