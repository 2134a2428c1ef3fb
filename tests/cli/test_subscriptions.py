"""Subscriptions from the command line: made, listed, changed, delivered again, deleted."""

from __future__ import annotations

import pytest

from tests.cli.shell import Shell

URL = "https://shop.example/askfirst"


@pytest.fixture
def made(shell: Shell) -> str:
    return str(shell.json("subscriptions", "create", URL, "--kind", "withdrawn")["id"])


def state(shell: Shell) -> tuple[str, int]:
    (one,) = shell.json("subscriptions", "list")["subscriptions"]
    return one["state"], one["position"]


def test_its_secret_is_shown_once(shell: Shell) -> None:
    done = shell.run("subscriptions", "create", URL)
    assert done.exit_code == 0
    assert done.stdout.startswith("whsec_")
    secret = done.stdout.strip()
    listed = shell.run("subscriptions", "list").stdout
    assert secret not in listed
    assert URL in listed


def test_a_rotation_gives_a_new_secret_and_says_how_long_the_old_one_signs(
    shell: Shell, made: str
) -> None:
    told = shell.json("subscriptions", "rotate", made)
    assert told["secret"].startswith("whsec_")
    assert told["previous_until"]


def test_it_is_paused_and_resumed(shell: Shell, made: str) -> None:
    assert shell.run("subscriptions", "pause", made).exit_code == 0
    assert state(shell)[0] == "paused"
    assert shell.run("subscriptions", "resume", made).exit_code == 0
    assert state(shell)[0] == "live"


def test_events_are_delivered_again_from_a_position_on(shell: Shell) -> None:
    shell.run("record", "withdraw", "+447700900123")
    made = shell.json("subscriptions", "create", URL)["id"]
    assert state(shell)[1] == 1
    assert shell.run("subscriptions", "redeliver", made, "--after", "0").exit_code == 0
    assert state(shell)[1] == 0


def test_a_deleted_one_is_gone(shell: Shell, made: str) -> None:
    assert shell.run("subscriptions", "delete", made).exit_code == 0
    assert shell.json("subscriptions", "list")["subscriptions"] == []
    assert shell.run("subscriptions", "pause", made).exit_code == 2


@pytest.mark.parametrize(
    "arguments",
    [
        ("create", "http://shop.example/askfirst"),
        ("create", "https://localhost/askfirst"),
        ("create", "shop.example"),
        ("create", URL, "--kind", "whatever"),
        ("create", URL, "--purpose", "holidays"),
        ("pause", "sub_1"),
        ("redeliver", "sub_01KGA2V8M0Q3R5T7W9Y1B3D5F7", "--after", "0"),
    ],
)
def test_what_is_not_right_is_a_wrong_usage(shell: Shell, arguments: tuple[str, ...]) -> None:
    refused = shell.run("subscriptions", *arguments)
    assert refused.exit_code == 2
    assert refused.stderr.startswith("askfirst: ")
    assert shell.json("subscriptions", "list")["subscriptions"] == []
