"""Receivers from the command line: added, listed, changed, forwarded to again, removed."""

from __future__ import annotations

import pytest

from tests.cli.shell import Shell

URL = "https://chat.example/webhooks"


@pytest.fixture
def made(shell: Shell) -> str:
    return str(shell.json("receivers", "add", URL, "--field", "messages", "--waba", "100")["id"])


def test_it_is_listed_as_it_was_made(shell: Shell, made: str) -> None:
    (one,) = shell.json("receivers", "list")["receivers"]
    assert (one["id"], one["fields"], one["waba_id"]) == (made, ["messages"], "100")
    assert URL in shell.run("receivers", "list").stdout


def test_it_is_paused_and_resumed(shell: Shell, made: str) -> None:
    for deed, state in (("pause", "paused"), ("resume", "live")):
        assert shell.run("receivers", deed, made).exit_code == 0
        assert shell.json("receivers", "list")["receivers"][0]["state"] == state


def test_webhooks_are_forwarded_again(shell: Shell, made: str) -> None:
    assert shell.run("receivers", "redeliver", made, "--after", "0").exit_code == 0
    assert (
        shell.run("receivers", "redeliver", made, "--since", "2026-01-01T00:00:00Z").exit_code == 0
    )
    assert shell.run("receivers", "redeliver", made).exit_code == 2


def test_a_removed_one_is_gone(shell: Shell, made: str) -> None:
    assert shell.run("receivers", "remove", made).exit_code == 0
    assert shell.json("receivers", "list")["receivers"] == []
    assert shell.run("receivers", "pause", made).exit_code == 2


@pytest.mark.parametrize(
    "arguments",
    [
        ("add", "http://chat.example/webhooks"),
        ("add", "https://localhost/webhooks"),
        ("add", URL, "--field", "Messages"),
        ("add", URL, "--waba", "x"),
        ("pause", "rcv_1"),
        ("redeliver", "rcv_01KGA2V8M0Q3R5T7W9Y1B3D5F7", "--after", "0"),
    ],
)
def test_what_is_not_right_is_a_wrong_usage(shell: Shell, arguments: tuple[str, ...]) -> None:
    refused = shell.run("receivers", *arguments)
    assert refused.exit_code == 2
    assert refused.stderr.startswith("askfirst: ")
