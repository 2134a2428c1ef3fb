"""`askfirst policy`: what holds, what a file says, how two differ."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from askfirst.bootstrap.commands.policy_keys import KEYS as EXPLAINED
from askfirst.cli.main import build_app
from askfirst.decision.policy_file import KEYS


def policy(*arguments: str, file: Path | None = None) -> Result:
    env = {"ASKFIRST_POLICY_FILE": str(file) if file else None}
    return CliRunner().invoke(build_app(), ["policy", *arguments], env=env)


def shown(*arguments: str, file: Path | None = None) -> dict[str, Any]:
    result = policy("show", *arguments, "--json", file=file)
    assert result.exit_code == 0, result.output
    told: dict[str, Any] = json.loads(result.stdout)
    return told


@pytest.fixture
def own(tmp_path: Path) -> Path:
    path = tmp_path / "own.toml"
    path.write_text('[countries.DE.marketing]\nassurance_min = "shown"\n')
    return path


def test_show_says_what_holds_in_a_country_and_whose_word_it_is() -> None:
    told = shown("--country", "fr")
    assert told["opt_in"]["idle_days_max"] == 1095
    (hours,) = told["hours"]
    assert (hours["by"], hours["sunday"], hours["by_caution"]) == ("FR", "closed", True)
    assert all(source.startswith("af2m") for source in hours["sources"])


def test_show_takes_a_state_along() -> None:
    told = shown("--country", "US", "--state", "la")
    assert [hours["by"] for hours in told["hours"]] == ["US", "US-LA"]
    assert told["sent"].startswith("never")


def test_show_says_that_only_marketing_has_hours() -> None:
    assert shown("--country", "FR", "--purpose", "utility")["hours"] == []


def test_show_reads_the_file_of_the_server_or_the_one_that_is_named(own: Path) -> None:
    assert shown("--country", "DE")["opt_in"]["assurance_min"] == "confirmed"
    assert shown("--country", "DE", file=own)["opt_in"]["assurance_min"] == "shown"
    named = shown("--country", "DE", "--file", str(own))
    assert named["opt_in"]["assurance_min"] == "shown"


def test_show_speaks_to_people_in_lines() -> None:
    told = policy("show", "--country", "ES").stdout
    assert "law for calls, followed by caution; confidence medium" in told


@pytest.mark.parametrize(
    ("arguments", "named"),
    [
        (("--country", "XX"), "--country"),
        (("--country", "US", "--state", "CA"), "--state"),
        (("--state", "FL"), "--state"),
        (("--purpose", "news"), "--purpose"),
    ],
)
def test_what_there_is_not_is_refused_by_its_option(arguments: tuple[str, ...], named: str) -> None:
    result = policy("show", *arguments)
    assert result.exit_code == 2
    assert named in result.stderr


def test_lint_says_what_asks_less_than_the_law(own: Path) -> None:
    result = policy("lint", str(own))
    assert result.exit_code == 1
    assert "countries.DE.marketing.assurance_min" in result.stdout


def test_lint_names_the_caps_of_laws_that_the_policy_lets_more_through_than(
    tmp_path: Path,
) -> None:
    path = tmp_path / "policy.toml"
    path.write_text("[caps.marketing]\nday = 2\nweek = 2\n")
    result = policy("lint", str(path))
    assert result.exit_code == 1
    assert [line.split(", which")[0] for line in result.stdout.splitlines()] == [
        "caps.marketing.day lets more through than the law of AE",
        "caps.marketing.day lets more through than the law of CO",
    ]
    assert "1, by Colombia, Ley 2300 of 2023, Art. 3 and 5 (confidence medium)" in result.stdout
    path.write_text("[caps.overall]\nweek = 1\n[caps.marketing]\nday = 0\n")
    assert policy("lint", str(path)).exit_code == 0


def test_show_says_which_caps_are_law() -> None:
    told = shown("--country", "AE")["known_of_the_law"]
    (caps,) = (rule for rule in told if rule["rule"] == "caps")
    assert (caps["article"], caps["day"], caps["week"]) == ("Cabinet Resolution 56 of 2024", 1, 2)


def test_lint_names_what_is_not_understood(tmp_path: Path) -> None:
    path = tmp_path / "policy.toml"
    path.write_text('[countries.KR.hours]\nevery_day = "00:00-24:00"\n')
    result = policy("lint", str(path))
    assert result.exit_code == 2
    assert "08:00-21:00" in result.stderr
    path.write_text('[countries.KR.hours]\nevery_day = "09:00-20:00"\n')
    assert policy("lint", str(path)).exit_code == 0


def test_diff_says_what_differs(own: Path, tmp_path: Path) -> None:
    other = tmp_path / "other.toml"
    other.write_text("")
    result = policy("diff", str(other), str(own), "--json")
    assert result.exit_code == 1
    changed = {row["key"]: (row["old"], row["new"]) for row in json.loads(result.stdout)}
    assert changed["countries.DE.marketing.assurance_min"] == (None, 2)
    assert all(key.startswith("countries.DE.") for key in changed)
    assert policy("diff", str(own), str(own)).exit_code == 0


@pytest.mark.parametrize(
    ("key", "named"),
    [
        ("hours", "hours"),
        ("countries.FR.hours", "countries.<code>.hours"),
        ("countries.FR.marketing.assurance_min", "countries.<code>.<purpose>"),
        ("purposes.marketing.age_days_max", "purposes.<purpose>.age_days_max"),
        ("purposes.marketing.offers.age_days_max", "purposes.<topic>.age_days_max"),
        ("caps.service.day", "caps.<category>.<span>"),
        ('caps."marketing.offers".week', "caps.<topic>.<span>"),
        ("caps.overall.month", "caps.overall.<span>"),
        ("duplicates.utility", "duplicates.<category>"),
    ],
)
def test_explain_finds_a_key_as_it_is_written(key: str, named: str) -> None:
    result = policy("explain", key, "--json")
    assert json.loads(result.stdout)["key"] == named


def test_explain_lists_the_keys_where_there_is_none_such() -> None:
    result = policy("explain", "gate")
    assert result.exit_code == 2
    assert "countries.<code>.hours" in result.stderr


def test_every_key_of_the_file_is_explained() -> None:
    assert {name.partition(".")[0] for name in EXPLAINED} == set(KEYS)


def test_simulate_says_what_a_change_would_have_done(tmp_path: Path, own: Path) -> None:
    url = f"sqlite:///{tmp_path / 'ledger.db'}"
    made = CliRunner().invoke(
        build_app(),
        ["keys", "create", "--business", "cafe", "--scope", "all", "--database-url", url],
    )
    assert made.exit_code == 0, made.output
    result = policy("simulate", str(own), "--json", "--database-url", url)
    assert result.exit_code == 0, result.output
    told = json.loads(result.stdout)
    assert (told["days"], told["unknown"], told["changes"]) == (30, 0, [])
    assert told["policy"] != told["in_force"]
    refused = policy("simulate", str(own), "--days", "0", "--database-url", url)
    assert (refused.exit_code, "--days" in refused.stderr) == (2, True)
