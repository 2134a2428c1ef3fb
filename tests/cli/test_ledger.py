"""Checking the ledger, and ending a hold, on the command line."""

from __future__ import annotations

import json
import shutil
import socket
import sqlite3
import time
import urllib.request
from pathlib import Path
from urllib.error import HTTPError

import pytest

from askfirst.bootstrap.admin.server_lockfile import read_lockfile
from askfirst.cli.tour.children import child
from tests.cli.shell import Shell

_NUMBERS = ("+447700900123", "+447700900124", "+447700900125")


@pytest.fixture
def lived(shell: Shell) -> Shell:
    """Three yeses, and the head of them."""
    for number in _NUMBERS:
        record(shell, "grant", number)
    return shell


def record(shell: Shell, verb: str, number: str) -> None:
    done = shell.run("record", verb, number, "--purpose", "marketing")
    assert done.exit_code == 0, done.output


def copy(shell: Shell, name: str) -> Path:
    target = shell.path.with_name(name)
    connection = sqlite3.connect(shell.path)
    connection.execute("VACUUM INTO ?", [str(target)])
    connection.close()
    return target


def restore(shell: Shell, older: Path) -> None:
    for end in ("-wal", "-shm"):
        shell.path.with_name(shell.path.name + end).unlink(missing_ok=True)
    shutil.copy(older, shell.path)


def test_a_ledger_fits_together(lived: Shell) -> None:
    done = lived.run("ledger", "verify")
    assert done.exit_code == 0
    assert "3 events of 1 businesses fit together" in done.stdout
    told = lived.json("ledger", "verify")
    assert (told["is_sound"], told["events"], told["damages"]) == (True, 3, [])


def test_an_older_copy_is_found_told_and_accepted(lived: Shell) -> None:
    older = copy(lived, "older.db")
    record(lived, "withdraw", _NUMBERS[0])
    restore(lived, older)
    done = lived.run("ledger", "verify")
    assert done.exit_code == 1
    assert "position 4 of cafe is missing" in done.stdout
    (damage,) = lived.json("ledger", "verify")["damages"]
    assert (damage["kind"], damage["first"], damage["last"]) == ("behind_head", 4, 4)
    assert lived.run("ledger", "accept", "--reason", " ").exit_code == 2
    done = lived.run("ledger", "accept", "--reason", "the copy of Monday")
    assert done.exit_code == 0
    assert "accepted for cafe at position 5: position 4 of cafe is missing" in done.stdout
    assert lived.run("ledger", "verify").exit_code == 0
    assert lived.json("events")["events"][-1]["kind"] == "accepted"
    assert lived.run("ledger", "accept", "--reason", "again").exit_code == 2


def test_what_was_changed_is_found_by_every_process(
    lived: Shell, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("askfirst.bootstrap.commands.ledger_commands._ALONE_EVENTS", 0)
    monkeypatch.setattr("askfirst.bootstrap.commands.ledger_commands._PART_CONTACTS", 1)
    assert lived.json("ledger", "verify")["is_sound"]
    connection = sqlite3.connect(lived.path, isolation_level=None)
    connection.execute("DROP TRIGGER event_is_never_updated")
    connection.execute("UPDATE event SET assurance = 3 WHERE position = 2")
    connection.close()
    kinds = {damage["kind"] for damage in lived.json("ledger", "verify")["damages"]}
    assert kinds == {"guard_missing", "hash_differs", "standing_differs"}


def test_where_there_is_nothing_to_check_it_says_so(tmp_path: Path) -> None:
    shell = Shell(tmp_path / "nowhere")
    done = shell.run("ledger", "verify")
    assert done.exit_code == 2
    assert "there is no database" in done.stderr
    (tmp_path / "other.db").touch()
    shell.url = f"sqlite:///{tmp_path / 'other.db'}"
    assert shell.run("ledger", "verify").exit_code == 3


def test_a_running_server_holds_says_so_and_hears_the_word(lived: Shell, tmp_path: Path) -> None:
    older = copy(lived, "older.db")
    record(lived, "withdraw", _NUMBERS[0])
    restore(lived, older)
    listener = socket.create_server(("127.0.0.1", 0))
    address = f"http://127.0.0.1:{listener.getsockname()[1]}"
    settings = {"ASKFIRST_DATABASE_URL": lived.url}
    with child(["serve"], listener, settings, tmp_path / "log"):
        status, body = ready(address)
        assert status == 503
        assert "position 4 of cafe is missing" in body
        assert lived.json("ledger", "verify")["damages"][0]["kind"] == "behind_head"
        assert read_lockfile(lived.path) is not None
        done = lived.run("ledger", "accept", "--reason", "the copy of Monday")
        assert done.exit_code == 0, done.output
        assert ready(address) == (200, "ready\n")
    lines = [
        json.loads(line) for line in (tmp_path / "log").read_text().splitlines() if "{" in line
    ]
    held = [line for line in lines if line["event"] == "ledger_held"]
    assert [line["business"] for line in held] == ["cafe"]
    assert "askfirst ledger accept" in held[0]["error"]


def ready(address: str) -> tuple[int, str]:
    deadline = time.monotonic() + 60
    while True:
        try:
            with urllib.request.urlopen(f"{address}/readyz", timeout=60) as answer:
                return answer.status, answer.read().decode()
        except HTTPError as error:
            return error.code, error.read().decode()
        except OSError:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.1)
