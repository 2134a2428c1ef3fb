"""Why a message may leave or not, and what became of a campaign, on one screen."""

from __future__ import annotations

import asyncio

import pytest

from askfirst.bootstrap.settings import isolated_settings
from askfirst.bootstrap.wiring import open_services
from askfirst.cli.sending import SCREEN
from askfirst.decision.decide import RULES
from askfirst.domain.values.ids import BusinessId
from tests.cli.shell import Shell
from tests.support.builders import UTILITY, change, grant

NUMBER = "+447700900123"
SENDER = "200000000000001"

pytestmark = pytest.mark.usefixtures("sender")


async def _says_yes(shell: Shell) -> None:
    async with open_services(isolated_settings(database_url=shell.url)) as wired:
        now = wired.services.clock.now()
        said = grant(purposes=UTILITY, at=now)
        await wired.services.ledger.commit(change(said, business=BusinessId("cafe")))


def explained(shell: Shell, *more: str) -> list[str]:
    done = shell.run("check", NUMBER, "--sender", SENDER, "--explain", *more)
    assert done.exit_code in (0, 1), done.stderr
    return done.stdout.splitlines()


def row(lines: list[str], name: str) -> str:
    return next(line for line in lines if line[4:].startswith(name))


def test_the_whole_chain_fits_a_screen_of_a_hundred_columns(shell: Shell) -> None:
    lines = explained(shell, "--purpose", "marketing")
    assert max(map(len, lines)) <= SCREEN
    assert len(lines) <= 40
    assert all(row(lines, rule.name) for rule in RULES)


def test_a_no_is_told_with_what_would_change_it(shell: Shell) -> None:
    lines = explained(shell, "--purpose", "marketing")
    assert "says no         their answer: none;" in row(lines, "opt-in")
    assert "passed" in row(lines, "country")
    assert "does not apply" in row(lines, "notice")
    assert "not asked" in row(lines, "pause")
    told = " ".join(line.strip() for line in lines)
    assert "no: There is no opt-in for messages of this purpose. (no_opt_in)" in told
    assert "what would change it: Ask first: show a prompt" in told


def test_a_yes_is_told_by_what_it_rests_on(shell: Shell) -> None:
    asyncio.run(_says_yes(shell))
    lines = explained(shell, "--purpose", "utility")
    assert "says yes" in row(lines, "opt-in")
    told = " ".join(lines)
    assert "yes: The contact said yes to messages of this purpose. (opted_in)" in told
    assert "what would change it" not in told


def test_machines_get_the_rules_as_a_list(shell: Shell) -> None:
    asked = ("check", NUMBER, "--sender", SENDER, "--purpose", "marketing", "--explain")
    rules = shell.json(*asked)["rules"]
    assert [rule["name"] for rule in rules] == [rule.name for rule in RULES]
    assert set(rules[0]) == {
        "number",
        "name",
        "says",
        "verdict",
        "lifts",
        "facts",
        "reason",
        "retry_at",
    }


def test_a_campaign_that_nobody_ran_is_empty(shell: Shell) -> None:
    assert shell.json("decisions", "summary", "--campaign", "spring") == {
        "campaign": "spring",
        "since": None,
        "decisions": 0,
        "reasons": [],
    }
    assert shell.json("decisions", "summary") == {"since": None, "campaigns": []}
    listed = ("decisions", "list", "--campaign", "spring", "--reason", "no_opt_in")
    assert shell.json(*listed) == {"decisions": []}


@pytest.mark.parametrize(
    ("given", "said"),
    [
        (("summary", "--campaign", "447700900123"), "--campaign: must be a letter"),
        (("summary", "--campaign", "spring", "--since", "monday"), "--since: must be an RFC 3339"),
        (("list",), "name either --contact, or --campaign and --reason"),
        (("list", "--campaign", "spring"), "name either --contact, or --campaign and --reason"),
        (("list", "--campaign", "spring", "--reason", "bad"), "--reason: must be the code"),
    ],
)
def test_what_is_wrong_is_named(shell: Shell, given: tuple[str, ...], said: str) -> None:
    refused = shell.run("decisions", *given)
    assert refused.exit_code == 2
    assert said in refused.stderr
