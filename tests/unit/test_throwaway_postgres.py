"""The server under the crash tests must itself survive a crash, and leave nothing behind."""

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import asyncpg
import pytest

from tests.support.throwaway_postgres import URL_VARIABLE, ThrowawayPostgres

pytestmark = pytest.mark.postgres

RUNNER = Path(__file__).parents[2] / "scripts" / "throwaway_postgres.py"


@pytest.fixture
def server() -> Iterator[ThrowawayPostgres]:
    with ThrowawayPostgres() as running:
        yield running


async def run(server: ThrowawayPostgres, *statements: str) -> None:
    connection = await asyncpg.connect(server.url)
    try:
        for statement in statements:
            await connection.execute(statement)
    finally:
        await connection.close()


async def count(server: ThrowawayPostgres) -> int:
    connection = await asyncpg.connect(server.url)
    try:
        return int(await connection.fetchval("SELECT count(*) FROM kept"))
    finally:
        await connection.close()


async def test_what_was_committed_before_a_kill_is_there_after_the_restart(
    server: ThrowawayPostgres,
) -> None:
    await run(server, "CREATE TABLE kept (n int)", "INSERT INTO kept VALUES (1), (2)")
    url = server.url
    server.kill()
    server.restart()
    assert server.url == url
    assert await count(server) == 2


async def test_a_kill_takes_the_open_connections_with_it(server: ThrowawayPostgres) -> None:
    connection = await asyncpg.connect(server.url)
    server.kill()
    with pytest.raises((asyncpg.PostgresError, asyncpg.InterfaceError, OSError)):
        await connection.execute("SELECT 1")
    with pytest.raises(ConnectionRefusedError):
        await asyncpg.connect(server.url)


async def test_the_server_keeps_its_commits_as_in_production(server: ThrowawayPostgres) -> None:
    connection = await asyncpg.connect(server.url)
    fsync = await connection.fetchval("SHOW fsync")
    synchronous_commit = await connection.fetchval("SHOW synchronous_commit")
    await connection.close()
    assert (fsync, synchronous_commit) == ("on", "on")


def test_stopping_leaves_no_process_and_no_directory() -> None:
    with ThrowawayPostgres() as server:
        directory = Path(f"/proc/{server.pid}/cwd").resolve()
        pid = server.pid
    assert not directory.exists()
    assert not Path(f"/proc/{pid}").exists()


def test_the_runner_hands_on_the_address_and_the_exit_code() -> None:
    program = f"import os, sys; print(os.environ['{URL_VARIABLE}'], sys.argv[1]); sys.exit(7)"
    result = subprocess.run(
        [sys.executable, RUNNER, "--", sys.executable, "-c", program, "{url}"],
        capture_output=True,
        text=True,
        check=False,
    )
    in_environment, in_arguments = result.stdout.split()
    assert result.returncode == 7
    assert in_environment == in_arguments
    assert in_arguments.startswith("postgresql://postgres@127.0.0.1:")
