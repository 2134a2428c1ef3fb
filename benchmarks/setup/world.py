"""A server of the benchmark's own, and the baseline beside it."""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Awaitable, Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import TypeVar

import uvloop

from askfirst.bootstrap.demo.throwaway import throwaway_world
from askfirst.bootstrap.listening import address_of, listen
from askfirst.bootstrap.settings import Settings
from askfirst.bootstrap.wiring import open_services
from askfirst.cli.tour.children import call, child
from askfirst.domain.values.errors import Unavailable
from askfirst.usecases.context.services import Services
from benchmarks.setup.machine import Running
from benchmarks.setup.webhook_bodies import APP_SECRET

T = TypeVar("T")

_OK = 200
_LOG_LINES = 5
_ROOT = Path(__file__).resolve().parents[2]
_OPEN_HOURS = Path(__file__).with_name("open_hours.toml")
_NOBODY = "http://127.0.0.1:9"

_WITHOUT_LIMITS = """
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
"""More is sent to the same people than anybody may be sent; it is counted all the same."""


@contextmanager
def own_world(database_url: str | None) -> Iterator[tuple[Settings, Path]]:
    """Yield a fresh database and a folder for everything else; both are gone afterwards."""
    with (
        throwaway_world(database_url) as settings,
        tempfile.TemporaryDirectory(prefix="askfirst-bench-") as folder,
    ):
        yield settings, Path(folder)


def prepare(settings: Settings, work: Callable[[Services], Awaitable[T]]) -> T:
    """Work on the database before its server starts."""

    async def run() -> T:
        async with open_services(settings) as wired:
            return await work(wired.services)

    return uvloop.run(run())


@contextmanager
def server(
    settings: Settings,
    folder: Path,
    upstream: str = _NOBODY,
    more: Mapping[str, str] | None = None,
) -> Iterator[Running]:
    """Run askfirst on the database; `more` are further variables."""
    policy = folder / "policy.toml"
    policy.write_text(f"{_OPEN_HOURS.read_text()}\n{_WITHOUT_LIMITS}")
    environment = {
        "ASKFIRST_DATABASE_URL": settings.database_url,
        "ASKFIRST_KEYRING_FILE": str(settings.keyring_path),
        "ASKFIRST_GRAPH_URL": upstream,
        "ASKFIRST_WEBHOOK_SECRETS": APP_SECRET,
        "ASKFIRST_POLICY_FILE": str(policy),
        "ASKFIRST_LOG_LEVEL": "error",
        **(more or {}),
    }
    with _child(["serve"], environment, folder / "server.log", "/readyz") as running:
        yield running


@contextmanager
def bare(folder: Path, app: str = "hello") -> Iterator[Running]:
    """Run a server that does nothing, on the same configuration."""
    environment = {"PYTHONPATH": str(_ROOT)}
    log = folder / f"{app}.log"
    with _child(["bare", app], environment, log, "/", program="benchmarks") as running:
        yield running


@contextmanager
def _child(
    arguments: list[str],
    environment: dict[str, str],
    log: Path,
    path: str,
    program: str = "askfirst",
) -> Iterator[Running]:
    listener = listen("127.0.0.1", 0)
    address = address_of(listener)
    with child(arguments, listener, environment, log, program) as process:
        try:
            status = call("GET", address + path).status
        except Unavailable:
            status = 0
        if status != _OK:
            print(*log.read_text(errors="replace").splitlines()[-_LOG_LINES:], file=sys.stderr)
            raise Unavailable(f"{log.stem} did not start")
        yield Running(address, process.pid)
