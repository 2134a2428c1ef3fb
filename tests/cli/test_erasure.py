"""Erasing and exporting a person from the command line: asked first, told, and nothing left."""

from __future__ import annotations

import json

import pytest
from typer.testing import CliRunner

from askfirst.cli.main import build_app
from tests.cli.shell import Shell

PERSON = "+447700900123"
YES = ("record", "grant", PERSON, "--purpose", "marketing", "--note", "box 7")


def test_an_export_tells_everything_as_json(shell: Shell) -> None:
    shell.run(*YES)
    told = json.loads(shell.run("export", "person", PERSON).stdout)
    assert told["identifiers"] == [{"kind": "phone", "value": PERSON[1:]}]
    (event,) = told["events"]
    assert (event["type"], event["purposes"], event["evidence"]) == (
        "granted",
        ["marketing"],
        {"note": "box 7"},
    )


def test_a_contact_id_names_a_person_too(shell: Shell) -> None:
    shell.run(*YES)
    contact = shell.json("events")["events"][0]["contact"]
    assert json.loads(shell.run("export", "person", contact).stdout)["identifiers"]


@pytest.mark.parametrize(
    "command",
    [("export", "person", PERSON), ("erase", PERSON, "--reason", "requested", "--yes")],
)
def test_nobody_of_that_name_is_a_wrong_usage(shell: Shell, command: tuple[str, ...]) -> None:
    refused = shell.run(*command)
    assert refused.exit_code == 2
    assert PERSON not in refused.stderr


def test_an_erasure_is_told_and_no_import_brings_the_person_back(shell: Shell) -> None:
    shell.run(*YES)
    done = shell.run("erase", PERSON, "--reason", "requested", "--yes")
    assert done.exit_code == 0
    assert done.stdout.startswith("erased con_")
    assert shell.run("export", "person", PERSON).exit_code == 2
    again = shell.run(*YES)
    assert again.exit_code == 2
    assert "in WhatsApp" in again.stderr
    assert shell.run("ledger", "verify").exit_code == 0


def test_an_erasure_as_json_says_what_was_taken_away(shell: Shell) -> None:
    shell.run(*YES)
    told = shell.json("erase", PERSON, "--reason", "not_needed", "--yes")
    assert told["event"]["kind"] == "erased"
    assert set(told["removed"]) >= {"webhooks", "messages", "codes"}


def test_it_asks_before_it_erases_and_no_is_no(shell: Shell) -> None:
    shell.run(*YES)
    command = ["erase", PERSON, "--reason", "requested", "--database-url", shell.url]
    refused = CliRunner().invoke(build_app(), command, input="n\n")
    assert refused.exit_code == 1
    assert [event["kind"] for event in shell.json("events")["events"]] == ["granted"]
    done = CliRunner().invoke(build_app(), command, input="y\n")
    assert done.exit_code == 0


def test_a_reason_is_one_of_the_list(shell: Shell) -> None:
    shell.run(*YES)
    refused = shell.run("erase", PERSON, "--yes")
    assert (refused.exit_code, "--reason: must be one of" in refused.stderr) == (2, True)
    assert shell.run("erase", PERSON, "--yes", "--reason", "because").exit_code == 2


def test_nobody_waits_to_be_erased(shell: Shell) -> None:
    assert shell.run("erase", "requests").stdout == "nobody waits to be erased\n"
    assert shell.json("erase", "requests") == {"requests": []}
