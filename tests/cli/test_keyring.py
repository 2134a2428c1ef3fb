"""Keys at rest on the command line."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from askfirst.bootstrap.settings import isolated_settings
from askfirst.bootstrap.wiring import open_services
from tests.cli.shell import Shell

NUMBER = "+447700900123"


@pytest.fixture
def shell(tmp_path: Path) -> Shell:
    """A ledger with one stop."""
    shell = Shell(tmp_path)
    assert shell.run("keys", "create", "--business", "cafe", "--scope", "all").exit_code == 0
    assert shell.run("record", "withdraw", NUMBER).exit_code == 0
    return shell


def test_a_stop_of_before_a_rotation_is_found_after_it(shell: Shell) -> None:
    rotated = shell.run("keyring", "rotate")
    assert (rotated.exit_code, rotated.stdout) == (
        0,
        "version 2 of the keyring encrypts from the next start on\n",
    )
    said = shell.json("record", "grant", NUMBER, "--purpose", "marketing")
    answers = shell.json("events")["events"]
    assert {event["contact"] for event in answers} == {said["events"][0]["contact"]}


def test_each_rotation_adds_a_version(shell: Shell) -> None:
    versions = [shell.json("keyring", "rotate")["version"] for _ in range(2)]
    assert versions == [2, 3]
    assert shell.run("events").exit_code == 0


def test_keys_are_not_changed_under_a_running_server(shell: Shell) -> None:
    keys = shell.path.with_name(shell.path.name + ".keys")
    before = keys.read_bytes()

    async def rotate_under_it() -> None:
        async with open_services(isolated_settings(database_url=shell.url)):
            refused = await asyncio.to_thread(shell.run, "keyring", "rotate")
            assert refused.exit_code == 2
            assert "stop it first" in refused.stderr

    asyncio.run(rotate_under_it())
    assert keys.read_bytes() == before


def test_without_a_keyring_there_is_nothing_to_rotate(tmp_path: Path) -> None:
    refused = Shell(tmp_path).run("keyring", "rotate")
    assert refused.exit_code == 2
    assert "there is no keyring" in refused.stderr
