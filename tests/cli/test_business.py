"""What customers are told about the business, on the command line."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.cli.shell import Shell
from tests.unit.domain.tenants.test_brand import png

NEW: dict[str, Any] = {
    "id": "cafe",
    "name": "cafe",
    "origins": [],
    "contact": "",
    "privacy_url": "",
    "country": "",
    "locale": "en",
    "colour": None,
    "logo": "",
}


def test_what_is_named_changes_and_the_rest_stays(shell: Shell) -> None:
    assert shell.json("business", "show") == NEW
    shell.run("business", "set", "--name", "Café Lune", "--contact", "hello@cafe-lune.example")
    origins = ("--origin", "https://cafe-lune.example", "--origin", "https://lune.example")
    told = shell.json("business", "set", *origins, "--locale", "pt-br", "--country", "de")
    assert told == NEW | {
        "name": "Café Lune",
        "origins": ["https://cafe-lune.example", "https://lune.example"],
        "contact": "hello@cafe-lune.example",
        "country": "DE",
        "locale": "pt_BR",
    }
    assert shell.json("business", "show") == told


def test_a_colour_is_adjusted_to_be_readable_and_that_is_said(shell: Shell) -> None:
    done = shell.run("business", "set", "--colour", "#FFCC00")
    said = "#ffcc00 on buttons, #7f6600 for words on light pages: adjusted to be readable"
    assert f"colour\t{said}" in done.stdout.splitlines()
    assert shell.json("business", "show")["colour"]["light"]["words"] == "#7f6600"
    assert shell.json("business", "set", "--colour", "")["colour"] is None


def test_a_logo_is_a_file_that_is_a_png(shell: Shell, tmp_path: Path) -> None:
    file = tmp_path / "logo.png"
    file.write_bytes(png())
    assert len(shell.json("business", "set", "--logo", str(file))["logo"]) == 16
    assert shell.json("business", "set", "--name", "Café Lune")["logo"]
    assert shell.json("business", "set", "--logo", "")["logo"] == ""
    file.write_text("<svg/>")
    done = shell.run("business", "set", "--logo", str(file))
    assert "logo: must be a PNG" in done.stderr
    done = shell.run("business", "set", "--logo", str(tmp_path / "none.png"))
    assert "cannot be read" in done.stderr


def test_an_empty_text_takes_away(shell: Shell) -> None:
    privacy = ("--privacy-url", "https://cafe-lune.example/privacy")
    shell.run("business", "set", "--origin", "https://cafe-lune.example", *privacy)
    told = shell.json("business", "set", "--origin", "", "--privacy-url", "")
    assert (told["origins"], told["privacy_url"]) == ([], "")


def test_it_is_told_a_line_a_thing(shell: Shell) -> None:
    done = shell.run("business", "set", "--name", "Café Lune")
    assert done.stdout.splitlines()[:2] == ["id\tcafe", "name\tCafé Lune"]
    assert shell.run("business", "show").stdout == done.stdout


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ((), "say what to change"),
        (("--name", ""), "name"),
        (("--name", "Pay\u202epal"), "name"),
        (("--origin", "https://cafe-lune.example/shop"), "must be an origin"),
        (("--privacy-url", "here"), "privacy-url: must be an address"),
        (("--country", "XX"), "country: must be a code of ISO 3166"),
        (("--locale", "french!"), "must be a locale"),
        (("--name", "Lune", "--business", "none"), "no such business"),
    ],
)
def test_a_wrong_word_is_told_and_changes_nothing(
    shell: Shell, arguments: tuple[str, ...], words: str
) -> None:
    done = shell.run("business", "set", *arguments)
    assert (done.exit_code, done.stdout, words in done.stderr) == (2, "", True), done.stderr
    assert shell.json("business", "show") == NEW
