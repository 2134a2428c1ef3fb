"""`askfirst reviews`: what an operator has to look at."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.shell import Shell


@pytest.fixture
def shell(tmp_path: Path) -> Shell:
    shell = Shell(tmp_path)
    shell.run("keys", "create", "--scope", "check", "--name", "till")
    return shell


def test_where_nothing_waits_it_says_so(shell: Shell) -> None:
    done = shell.run("reviews", "list")
    assert done.exit_code == 0
    assert "Nothing waits for you." in done.stdout + done.stderr
    assert shell.json("reviews", "list") == {"reviews": []}


def test_what_is_not_there_cannot_be_closed(shell: Shell) -> None:
    done = shell.run("reviews", "close", "17", "--as", "kept", "--reason", "rang them")
    assert done.exit_code == 2
    assert "no open review has it; askfirst reviews list shows them" in done.stderr
