"""`askfirst opt-out explain` tells what is understood, and why."""

from __future__ import annotations

import json

from typer.testing import CliRunner, Result

from askfirst.cli.main import build_app


def explained(*arguments: str) -> Result:
    return CliRunner().invoke(build_app(), ["opt-out", "explain", *arguments])


def test_a_stop_is_explained_in_plain_words() -> None:
    result = explained("please delete my number")
    assert result.exit_code == 0
    assert "A stop. All messages stop." in result.output
    assert "remove the person or their number" in result.output
    assert "delete: remove" in result.output
    assert "Read as: en" in result.output


def test_machines_get_the_slots() -> None:
    result = explained("keine Werbung mehr bitte", "--json")
    sheet = json.loads(result.output)
    assert sheet["certainty"] == "stop"
    assert (sheet["scope"], sheet["purposes"]) == ("marketing", ["marketing"])
    assert {"word": "werbung", "slots": ["advert"]} in sheet["matched"]


def test_no_stop_has_an_exit_code_of_its_own() -> None:
    result = explained("when do you open?")
    assert result.exit_code == 1
    assert "No stop." in result.output


def test_what_is_unsure_is_said_to_be() -> None:
    result = explained("this is spam")
    assert result.exit_code == 1
    assert "Unsure" in result.output
    assert "complaint" in result.output


def test_the_own_name_is_no_strangers() -> None:
    assert explained("Stop Lumora messages please").exit_code == 1
    assert explained("Stop Lumora messages please", "--business-name", "Lumora").exit_code == 0
