"""Senders on the command line, with the simulator in Meta's place."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from askfirst.bootstrap.demo.simulation import CAFE, simulating
from askfirst.bootstrap.listening import listen
from askfirst.bootstrap.settings import isolated_settings
from askfirst.bootstrap.wiring import open_services
from askfirst.domain.values.ids import BusinessId, PhoneNumberId
from tests.cli.shell import Shell

REGISTER = ("--waba-id", CAFE.waba_id, "--number", CAFE.number, "--name", CAFE.name)


@pytest.fixture
def meta(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A simulator that answers while the test runs."""
    ready, ended = threading.Event(), threading.Event()

    async def serve() -> None:
        async with simulating(listen("127.0.0.1", 0)) as address:
            monkeypatch.setenv("ASKFIRST_GRAPH_URL", address)
            ready.set()
            await asyncio.to_thread(ended.wait, 60)

    thread = threading.Thread(target=lambda: asyncio.run(serve()))
    thread.start()
    assert ready.wait(10)
    yield
    ended.set()
    thread.join(10)


@pytest.fixture
def token_file(tmp_path: Path) -> str:
    file = tmp_path / "token.txt"
    file.write_text(CAFE.token + "\n")
    return str(file)


def test_a_sender_is_registered_with_metas_word_and_listed(
    shell: Shell, meta: None, token_file: str
) -> None:
    done = shell.run("sender", "set", CAFE.phone_number_id, *REGISTER, "--token-file", token_file)
    assert done.stdout == f"{CAFE.phone_number_id} is active\n", done.stderr
    listed = shell.json("sender", "list")
    assert [one["waba_id"] for one in listed["senders"]] == [CAFE.waba_id]
    assert CAFE.token not in str(listed)


def test_a_change_keeps_what_is_not_named_and_asks_nobody(
    shell: Shell, meta: None, token_file: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    shell.run("sender", "set", CAFE.phone_number_id, *REGISTER, "--token-file", token_file)
    monkeypatch.setenv("ASKFIRST_GRAPH_URL", "http://127.0.0.1:1")
    changed = shell.json("sender", "set", CAFE.phone_number_id, "--state", "paused")
    assert (changed["state"], changed["number"], changed["name"]) == (
        "paused",
        CAFE.number,
        CAFE.name,
    )
    assert token_of(shell) == CAFE.token


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (REGISTER, "a token of Meta's is needed"),
        (REGISTER[:4], "name: is required"),
        ((*REGISTER, "--state", "happy"), "state: must be one of"),
        ((*REGISTER, "--waba-id", "x"), "waba-id"),
        ((*REGISTER, "--token-file", "/nowhere/token"), "cannot be read"),
    ],
)
def test_what_is_missing_or_wrong_is_named(
    shell: Shell, meta: None, arguments: tuple[str, ...], words: str
) -> None:
    done = shell.run("sender", "set", CAFE.phone_number_id, *arguments)
    assert done.exit_code == 2
    assert words in done.stderr
    assert shell.json("sender", "list")["senders"] == []


def test_a_token_that_meta_does_not_know_proves_nothing(
    shell: Shell, meta: None, tmp_path: Path
) -> None:
    file = tmp_path / "other.txt"
    file.write_text("made-up")
    done = shell.run("sender", "set", CAFE.phone_number_id, *REGISTER, "--token-file", str(file))
    assert (done.exit_code, "Meta refused it" in done.stderr) == (2, True)
    assert "made-up" not in done.stderr
    assert shell.json("sender", "list")["senders"] == []


def test_registering_makes_no_template_and_a_command_makes_those_that_are_named(
    shell: Shell, meta: None, token_file: str
) -> None:
    shell.run("sender", "set", CAFE.phone_number_id, *REGISTER, "--token-file", token_file)
    before = {one["name"] for one in shell.json("templates", "list")["templates"]}
    assert before == {"order_update", "summer_offer", "verification_code"}
    assert shell.run("templates", "lint").stdout == "nothing is amiss\n"
    made = shell.json("templates", "create-code", "--languages", "en,de")
    assert (made["made"], made["there"], made["troubles"]) == (["en", "de"], [], [])
    again = shell.run("templates", "create-code", "--languages", "de")
    assert "there before: de" in again.stdout
    shown = shell.run("templates", "show", "summer_offer").stdout
    assert "Stop promotions (quick_reply)" in shown


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("show", "nothing"), "no template of that name"),
        (("accept", "nothing"), "is marketing"),
        (("create-code", "--languages", "en"), "must be given"),
    ],
)
def test_a_template_or_sender_that_is_none_is_named(
    shell: Shell, arguments: tuple[str, ...], words: str
) -> None:
    done = shell.run("templates", *arguments)
    assert (done.exit_code, words in done.stderr) == (2, True), done.stderr


def token_of(shell: Shell) -> str | None:
    async def look() -> str | None:
        async with open_services(isolated_settings(database_url=shell.url)) as wired:
            sender = PhoneNumberId(CAFE.phone_number_id)
            return await wired.services.directory.token(BusinessId("cafe"), sender)

    return asyncio.run(look())
