"""`askfirst prompt`: list, show, lint."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from askfirst.cli.main import build_app

LUNE = ("--business", "Café Lune")
GOOD = """
business = "Café Lune"
[prompts.tips]
surface = "signup"
purposes = ["marketing"]
[prompts.tips.texts.en]
text = "Send me {kinds} from {business} on WhatsApp. To stop, reply {stop}."
kinds = "recipes and offers"
[prompts.tips.texts.fr]
text = "Recevoir par WhatsApp de {business} : {kinds}. Pour arrêter, répondez {stop}."
kinds = "recettes et offres"
"""


def run(*arguments: str) -> Result:
    return CliRunner().invoke(build_app(), ["prompt", *arguments])


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "prompts.toml"
    path.write_text(GOOD, encoding="utf-8")
    return path


@pytest.mark.parametrize("command", ["list", "show", "lint"])
def test_each_command_has_an_example_and_its_exit_codes(command: str) -> None:
    text = run(command, "--help").output
    assert f"askfirst prompt {command}" in text
    assert "Exit codes:" in text


def test_the_questions_are_listed() -> None:
    rows = [line.split("\t") for line in run("list").stdout.splitlines()]
    assert rows[0][:3] == ["signup", "signup", "marketing"]
    listed = json.loads(run("list", "--json").stdout)
    assert listed[2]["key"] == "code"
    assert listed[2]["purposes"] == ["authentication"]
    assert len(listed[2]["locales"]) == 26


def test_a_question_is_shown_as_text_with_the_name_of_its_words() -> None:
    done = run("show", "signup", *LUNE, "--locale", "fr")
    assert done.stdout == (
        "Je souhaite recevoir sur WhatsApp des messages envoyés par Café Lune\u00a0: "
        "offres et actualités. Pour ne plus en recevoir, répondez STOP à tout moment.\n"
    )
    assert done.stderr.startswith("sha256:")


def test_a_question_is_shown_as_html() -> None:
    html = run("show", "signup", *LUNE, "--locale", "ar", "--format", "html").stdout
    assert html.startswith('<div class="askfirst-prompt" lang="ar" dir="rtl"')
    assert '<input type="checkbox" name="askfirst_signup" value="grant">' in html
    assert "<bdi>Café Lune</bdi>" in html


def test_a_question_is_shown_as_a_message() -> None:
    message = json.loads(run("show", "chat", *LUNE, "--format", "whatsapp").stdout)
    assert message["messaging_product"] == "whatsapp"
    assert message["interactive"]["type"] == "button"


def test_purposes_and_kinds_can_be_named() -> None:
    done = run("show", "signup", *LUNE, "--purpose", "utility", "--purpose", "authentication")
    assert "order and account updates, verification codes from" in done.stdout
    assert "Send me recipes from" in run("show", "signup", *LUNE, "--kinds", "recipes").stdout


def test_the_reminder_comes_with_a_way_in() -> None:
    done = run("show", "code", *LUNE, "--number", "+44 7700 900123")
    assert "Go to WhatsApp to get your code from Café Lune." in done.stdout
    assert "https://wa.me/447700900123" in done.stdout
    assert "--number" in run("show", "code", *LUNE).stderr


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["show", "nothing", *LUNE], "must be one of signup"),
        (["show", "signup", *LUNE, "--locale", "sw"], "must be one of ar"),
        (["show", "signup", "--business", "Раypal"], "letters that look like"),
        (["show", "signup", *LUNE, "--format", "whatsapp"], "only chat or order"),
        (["show", "signup", *LUNE, "--purpose", "service"], "needs no opt-in"),
        (["show", "order", *LUNE, "--purpose", "marketing"], "name their kind"),
        (["show", "confirm", *LUNE, "--number", "12"], "plus and its country code"),
        (["lint", "missing.toml"], "cannot be read"),
        (["list", "--file", "missing.toml"], "cannot be read"),
    ],
)
def test_a_wrong_call_is_told_in_one_line(arguments: list[str], words: str) -> None:
    done = run(*arguments)
    assert (done.exit_code, done.stdout) == (2, "")
    (line,) = done.stderr.splitlines()
    assert words in line


def test_own_questions_are_shown_and_listed(file: Path) -> None:
    done = run("show", "tips", *LUNE, "--file", str(file))
    assert done.stdout == (
        "Send me recipes and offers from Café Lune on WhatsApp. To stop, reply STOP.\n"
    )
    assert run("list", "--file", str(file)).stdout == "tips\tsignup\tmarketing\ten fr\n"


def test_good_questions_have_no_findings(file: Path) -> None:
    done = run("lint", str(file), "--country", "DE")
    assert (done.exit_code, done.stdout) == (0, "")
    assert "0 errors, 0 warnings" in done.stderr


def test_a_warning_becomes_an_error_where_the_law_says_so(file: Path) -> None:
    file.write_text(GOOD.replace("Recevoir par WhatsApp", "Recevoir"), encoding="utf-8")
    done = run("lint", str(file))
    assert done.exit_code == 0
    assert done.stdout.startswith("warning names-channel prompts.tips.texts.fr.text: ")
    done = run("lint", str(file), "--country", "FR", "--json")
    assert done.exit_code == 1
    (finding,) = json.loads(done.stdout)
    assert (finding["rule"], finding["severity"]) == ("names-channel", "error")
    assert finding["source"]
    assert finding["fix"]


def test_a_ticked_box_is_refused_by_name(file: Path) -> None:
    file.write_text(GOOD + "checked = true\n", encoding="utf-8")
    done = run("lint", str(file))
    assert done.exit_code == 2
    assert "prompts.tips.texts.fr.checked" in done.stderr


def test_a_country_must_have_a_profile(file: Path) -> None:
    assert run("lint", str(file), "--country", "ZZ").exit_code == 2


@pytest.fixture
def database(tmp_path: Path) -> tuple[str, str]:
    option = ("--database-url", f"sqlite:///{tmp_path / 'askfirst.db'}")
    arguments = ["keys", "create", "--business", "cafe", "--scope", "all", *option]
    assert CliRunner().invoke(build_app(), arguments).exit_code == 0
    return option


def test_questions_are_published_with_a_number_each_time(
    file: Path, database: tuple[str, str]
) -> None:
    for revision in (1, 2):
        published = run("publish", str(file), *database)
        assert published.exit_code == 0
        assert f"published tips, revision {revision}" in published.output


def test_none_is_published_where_one_breaks_a_binding_rule(
    file: Path, database: tuple[str, str]
) -> None:
    nameless = GOOD.partition("[prompts")[2].replace("tips", "nameless").replace("{business}", "us")
    file.write_text(GOOD + "[prompts" + nameless, encoding="utf-8")
    refused = run("publish", str(file), *database)
    assert refused.exit_code == 1
    assert "error names-business prompts.nameless.texts.en.text" in refused.output
    file.write_text(GOOD, encoding="utf-8")
    assert "published tips, revision 1" in run("publish", str(file), *database).output
