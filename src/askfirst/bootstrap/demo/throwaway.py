"""A world for one run, which leaves nothing behind: its database, its policy."""

from __future__ import annotations

import asyncio
import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.resources import files
from pathlib import Path
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

import asyncpg

from askfirst.bootstrap.settings import Settings, isolated_settings
from askfirst.domain.values.errors import InvalidInput, Unavailable

_POSTGRES = ("postgresql://", "postgres://")
_NAME_BYTES = 6


def demo_policy() -> Path:
    """Return the policy of worlds that are looked at: no visitor has to come by day."""
    return Path(str(files("askfirst.bootstrap").joinpath("demo_policy.toml")))


@contextmanager
def throwaway_world(database_url: str | None) -> Iterator[Settings]:
    """Yield settings of a fresh world: a SQLite file, or a schema of its own in PostgreSQL.

    Raises:
        InvalidInput: the address is not PostgreSQL's.
        Unavailable: the database cannot be reached.
    """
    with tempfile.TemporaryDirectory(prefix="askfirst-") as folder:
        keyring_file = Path(folder) / "keys"
        if database_url is None:
            url = f"sqlite:///{Path(folder) / 'askfirst.db'}"
            yield isolated_settings(database_url=url, keyring_file=keyring_file)
            return
        if not database_url.startswith(_POSTGRES):
            message = "must be postgresql://…; without it a SQLite file is made and thrown away"
            raise InvalidInput("database_url", message)
        with _schema(database_url) as url:
            yield isolated_settings(database_url=url, keyring_file=keyring_file)


@contextmanager
def _schema(database_url: str) -> Iterator[str]:
    name = "askfirst_tour_" + os.urandom(_NAME_BYTES).hex()
    asyncio.run(_run(database_url, f"CREATE SCHEMA {name}"))
    try:
        yield _searching(database_url, name)
    finally:
        asyncio.run(_run(database_url, f"DROP SCHEMA {name} CASCADE"))


def _searching(database_url: str, schema: str) -> str:
    parts = urlsplit(database_url)
    query = dict(parse_qsl(parts.query)) | {"search_path": schema}
    return urlunsplit(parts._replace(query=urlencode(query)))


async def _run(database_url: str, statement: str) -> None:
    try:
        connection = await asyncpg.connect(database_url, timeout=5)
        try:
            await connection.execute(statement)
        finally:
            await connection.close()
    except (OSError, asyncpg.PostgresError, asyncpg.InterfaceError, TimeoutError) as error:
        message = f"the PostgreSQL database cannot be used: {type(error).__name__}"
        raise Unavailable(message) from error
