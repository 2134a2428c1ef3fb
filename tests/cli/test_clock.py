"""A server does not start behind its newest event, until an operator says that it may."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from askfirst.bootstrap.settings import isolated_settings
from askfirst.bootstrap.wiring import open_services
from askfirst.domain.values.timestamp import DAY, Instant
from tests.cli.shell import Shell
from tests.support.builders import BUSINESS, change, grant
from tests.support.processes import run, running


@pytest.fixture
def shell(tmp_path: Path) -> Shell:
    """A ledger whose newest event was stamped by a clock that ran a day ahead."""
    shell = Shell(tmp_path)

    async def say() -> None:
        async with open_services(isolated_settings(database_url=shell.url)) as wired:
            ahead = Instant(wired.services.clock.now() + DAY)
            await wired.services.ledger.commit(change(grant(at=ahead), at=ahead))

    asyncio.run(say())
    return shell


def test_it_does_not_start_and_says_what_to_do(shell: Shell) -> None:
    refused = run("serve", "--port", "0", settings={"database_url": shell.url})
    assert refused.returncode == 3
    assert "but the newest event of acme was recorded at" in refused.stderr
    assert "askfirst clock accept" in refused.stderr


def test_once_it_was_accepted_it_starts_again_and_again(shell: Shell, tmp_path: Path) -> None:
    (accepted,) = shell.json("clock", "accept")["accepted"]
    assert accepted["business"] == BUSINESS
    assert shell.run("clock", "accept").stdout == "nothing to accept\n"
    for _ in range(2):
        with running(tmp_path / "log", "serve", "--port", "0", database_url=shell.url) as server:
            refused = shell.run("clock", "accept")
            assert refused.exit_code == 2
            assert "a server runs on this database" in refused.stderr
            assert server.end() == 0


def test_commands_go_on_meanwhile(shell: Shell) -> None:
    """An operator who looks for what happened must not be kept from looking."""
    (event,) = shell.json("events")["events"]
    assert event["kind"] == "granted"
