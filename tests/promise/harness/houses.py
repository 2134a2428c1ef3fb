"""Where the servers of a run live: a database of its own, a business, a key, a sender."""

from __future__ import annotations

import asyncio
import sqlite3
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import asyncpg

from askfirst.bootstrap.settings import Settings, isolated_settings
from askfirst.bootstrap.wiring import open_services
from askfirst.domain.tenants.api_key import ApiScope, Business
from askfirst.domain.tenants.sender import Sender, SenderState
from askfirst.domain.values.ids import BusinessId, PhoneNumberId, WabaId
from askfirst.usecases.tenants.authenticate import create_key
from benchmarks.setup.seasoned import season
from tests.promise.harness import letters
from tests.promise.harness.actor import Part
from tests.support.processes import OPEN_HOURS
from tests.support.throwaway_postgres import ThrowawayPostgres

BUSINESS = BusinessId("race")
BACKENDS = ("sqlite", "postgres")
WITHOUT_LIMITS = """
[caps.marketing]
day = 0
week = 0
month = 0
[duplicates]
marketing = 0
utility = 0
[pace]
pair_seconds = 0
messages_per_second = 0
"""
"""Stops are raced by sending far more than anybody may be sent."""


@dataclass(frozen=True, slots=True, kw_only=True)
class House:
    """A database with one business in it. `postgres` is its server, where it has one."""

    folder: Path
    settings: Settings
    key: str
    postgres: ThrowawayPostgres | None

    @property
    def journals(self) -> Path:
        return self.folder / "journals"

    @property
    def server_count(self) -> int:
        """One process may serve a SQLite file; two show what a PostgreSQL database allows."""
        return 2 if self.postgres else 1

    def environment(self, upstream_port: int) -> dict[str, str]:
        return {
            "ASKFIRST_DATABASE_URL": self.settings.database_url,
            "ASKFIRST_KEYRING_FILE": str(self.settings.keyring_path),
            "ASKFIRST_GRAPH_URL": f"http://127.0.0.1:{upstream_port}",
            "ASKFIRST_WEBHOOK_SECRETS": letters.APP_SECRET,
            "ASKFIRST_LOG_LEVEL": "warning",
            "ASKFIRST_POLICY_FILE": str(self.folder / "policy.toml"),
        }

    def part(
        self,
        name: str,
        ports: list[int],
        people: Sequence[str] = (),
        *,
        crowd: int = 1,
        seed: int = 0,
    ) -> Part:
        """Write the part of an actor who plays here."""
        return {
            "name": name,
            "ports": ports,
            "key": self.key,
            "contacts": list(people),
            "crowd": crowd,
            "seed": seed,
            "folder": str(self.journals),
        }

    def read(self, *statements: str) -> list[list[Sequence[Any]]]:
        """Run queries on one snapshot, past askfirst; a SQLite file may be in use meanwhile."""
        if self.postgres:
            return asyncio.run(_read_postgres(self.postgres.url, statements))
        return _read_sqlite(self.settings.sqlite_path or Path(), statements)


@contextmanager
def house(backend: str, policy: str = WITHOUT_LIMITS) -> Iterator[House]:
    """Make a database with a business, and remove it afterwards."""
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="askfirst-promise-")))
        (folder / "journals").mkdir()
        (folder / "policy.toml").write_text(f"{OPEN_HOURS.read_text()}\n{policy}")
        postgres = stack.enter_context(ThrowawayPostgres()) if backend == "postgres" else None
        settings = isolated_settings(
            database_url=postgres.url if postgres else f"sqlite:///{folder / 'askfirst.db'}",
            keyring_file=folder / "keys",
        )
        key = asyncio.run(_furnish(settings))
        season(settings, BUSINESS, (letters.TEMPLATE,), letters.SENDERS)
        yield House(folder=folder, settings=settings, key=key, postgres=postgres)


async def _furnish(settings: Settings) -> str:
    senders = [
        Sender(
            business_id=BUSINESS,
            phone_number_id=PhoneNumberId(phone_number_id),
            waba_id=WabaId(letters.WABA_ID),
            digits=digits,
            name="Race",
            state=SenderState.ACTIVE,
        )
        for phone_number_id, digits in letters.SENDERS.items()
    ]
    async with open_services(settings) as wired:
        business = Business(business_id=BUSINESS, name="Race")
        _, secret = await create_key(wired.services, business, "tests", frozenset(ApiScope))
        now = wired.services.clock.now()
        for sender in senders:
            await wired.services.directory.put_sender(sender, "a token of Meta's", now)
    return secret


def _read_sqlite(path: Path, statements: Sequence[str]) -> list[list[Sequence[Any]]]:
    connection = sqlite3.connect(path, isolation_level=None)
    try:
        connection.execute("BEGIN")
        return [connection.execute(statement).fetchall() for statement in statements]
    finally:
        connection.close()


async def _read_postgres(url: str, statements: Sequence[str]) -> list[list[Sequence[Any]]]:
    connection = await asyncpg.connect(url)
    try:
        async with connection.transaction(isolation="repeatable_read", readonly=True):
            return [
                [tuple(row) for row in await connection.fetch(statement)]
                for statement in statements
            ]
    finally:
        await connection.close()
