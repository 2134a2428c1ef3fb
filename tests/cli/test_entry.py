"""Entries on the command line: made, listed, ended, printed."""

from __future__ import annotations

from pathlib import Path
from typing import Any
from urllib.parse import unquote
from xml.etree import ElementTree as ET

import pytest

from askfirst.domain.tenants.sender import Sender
from tests.cli.shell import Shell

CREATE = ("entry", "create", "Shop window", "--text", "Hello Café Lune!")
NONE = "ent_01KGA2V8M0Q3R5T7W9Y1B3D5F7"


@pytest.fixture
def entry(shell: Shell, sender: Sender) -> Any:
    return shell.json(*CREATE)


def test_an_entry_is_made_with_its_link_and_its_page(shell: Shell, sender: Sender) -> None:
    first, link, page = shell.run(*CREATE).stdout.splitlines()
    code = first.rpartition("(")[2].rstrip(")")
    assert first.startswith("made ent_")
    assert link.startswith(f"link https://wa.me/{sender.digits}?text=")
    assert unquote(link).endswith(f"Hello Café Lune! ({code})")
    assert page.endswith(f"/p/cafe/chat/{code}")


def test_an_entry_speaks_the_language_of_the_business_unless_told(
    shell: Shell, sender: Sender
) -> None:
    assert shell.json(*CREATE)["locale"] == "en"
    assert shell.json(*CREATE, "--locale", "pt-BR")["locale"] == "pt_BR"


def test_entries_are_listed_with_how_many_came(shell: Shell, entry: Any) -> None:
    more = shell.json(*CREATE)
    lines = [line.split("\t") for line in shell.run("entry", "list").stdout.splitlines()]
    assert [line[:4] for line in lines] == [
        [entry["id"], "Shop window", "live", "0"],
        [more["id"], "Shop window", "live", "0"],
    ]
    (one,) = shell.json("entry", "list", "--after", entry["id"])["entries"]
    assert one == more
    assert shell.json("entry", "list", "--limit", "1")["entries"] == [entry]


def test_an_entry_ends_once(shell: Shell, entry: Any) -> None:
    assert shell.run("entry", "end", entry["id"]).stdout == f"ended {entry['id']}\n"
    assert "\tended\t" in shell.run("entry", "list").stdout
    for command in ("end", "poster"):
        again = shell.run("entry", command, entry["id"])
        assert (again.exit_code, "entry list shows them" in again.stderr) == (2, True)


def test_a_poster_is_drawn_into_a_file(shell: Shell, entry: Any, tmp_path: Path) -> None:
    out = tmp_path / "window.svg"
    done = shell.run("entry", "poster", entry["id"], "--locale", "fr", "--out", str(out))
    assert (done.exit_code, done.stdout) == (0, "")
    assert done.stderr.strip() == f"to print: {entry['page']}/poster"
    sheet = ET.fromstring(out.read_text())
    assert sheet.get("{http://www.w3.org/XML/1998/namespace}lang") == "fr"
    assert "Scannez" in out.read_text()
    assert "cafe" in out.read_text()


def test_a_poster_is_drawn_in_the_language_of_its_entry(shell: Shell, sender: Sender) -> None:
    entry = shell.json(*CREATE, "--locale", "ar")
    drawn = shell.json("entry", "poster", entry["id"])
    assert drawn["locale"] == "ar"
    assert shell.run("entry", "poster", entry["id"]).stdout == drawn["svg"] + "\n"
    assert 'direction="rtl"' in drawn["svg"]


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("entry", "create", "x" * 81, "--text", "Hi"), "must be a name"),
        (("entry", "create", "Ad", "--text", "x" * 141), "text: must"),
        ((*CREATE, "--prompt", "signup"), "prompt: must be a question"),
        ((*CREATE, "--prompt", "none"), "must be one of signup"),
        ((*CREATE, "--locale", "!"), "must be a locale"),
        ((*CREATE, "--sender", "7"), "must be the phone number id of a sender"),
        (("entry", "end", "window"), "entry-id: must be an id"),
        (("entry", "end", NONE), "no live entry"),
        (("entry", "list", "--after", "window"), "after: must be an id"),
        (("entry", "poster", NONE), "no live entry"),
    ],
)
def test_a_wrong_word_is_told(
    shell: Shell, sender: Sender, arguments: tuple[str, ...], words: str
) -> None:
    done = shell.run(*arguments)
    assert (done.exit_code, words in done.stderr) == (2, True), done.stderr
    assert shell.json("entry", "list")["entries"] == []


@pytest.mark.parametrize("name", ["window.png", "none/window.svg"])
def test_a_poster_that_cannot_be_written_is_told(
    shell: Shell, entry: Any, tmp_path: Path, name: str
) -> None:
    done = shell.run("entry", "poster", entry["id"], "--out", str(tmp_path / name))
    assert (done.exit_code, done.stdout) == (2, "")


def test_without_a_sender_there_is_no_chat_to_start(shell: Shell) -> None:
    done = shell.run(*CREATE)
    assert (done.exit_code, "no sender in service" in done.stderr) == (2, True)
