"""A pause, and how often at most, on the command line."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.shell import Shell

PERSON = "+447700900123"
POLICY = "frequencies = [{ at_most = 1, days = 7 }]\n"


def test_a_pause_is_recorded_until_the_beginning_of_a_day(shell: Shell) -> None:
    assert shell.run("record", "grant", PERSON, "--purpose", "marketing").exit_code == 0
    done = shell.run("pause", PERSON, "--until", "2026-12-24", "--surface", "phone")
    assert done.exit_code == 0, done.stderr
    assert done.stdout.startswith("paused marketing (")
    (_, event) = shell.json("events")["events"]
    assert (event["kind"], event["surface"], event["source"]) == ("paused", "phone", "cli")


def test_a_pause_is_of_what_is_named(shell: Shell) -> None:
    named = ("--purpose", "marketing", "--purpose", "utility")
    (event,) = shell.json("pause", PERSON, "--until", "2026-12-24T09:00:00Z", *named)["events"]
    assert event["purposes"] == ["marketing", "utility"]


@pytest.mark.parametrize(
    ("until", "said"),
    [
        ("tomorrow", "--until: must be an RFC 3339 time"),
        ("2020-01-01", "--until: must be in the future"),
        ("2099-01-01", "--until: must be within 366 days"),
    ],
)
def test_a_pause_ends_at_a_moment_that_can_be(shell: Shell, until: str, said: str) -> None:
    refused = shell.run("pause", PERSON, "--until", until)
    assert refused.exit_code == 2
    assert said in refused.stderr
    assert shell.json("events")["events"] == []


def test_codes_are_not_paused(shell: Shell) -> None:
    until = ("--until", "2026-12-24")
    refused = shell.run("pause", PERSON, *until, "--purpose", "authentication")
    assert refused.exit_code == 2
    assert "--purpose: must be without authentication" in refused.stderr


def test_how_often_at_most_is_one_that_the_policy_offers(shell: Shell, tmp_path: Path) -> None:
    weekly = ("limit", PERSON, "--count", "1", "--days", "7")
    refused = shell.run(*weekly)
    assert refused.exit_code == 2
    assert "--count: is not offered; declare frequencies in the policy" in refused.stderr
    shell.policy_file = tmp_path / "policy.toml"
    shell.policy_file.write_text(POLICY)
    (event,) = shell.json(*weekly)["events"]
    assert event["kind"] == "limited"
