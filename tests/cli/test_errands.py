"""The commands on a database of their own, without a server."""

from __future__ import annotations

import pytest

from tests.cli.shell import Shell

PERSON = "+447700900123"


def test_a_key_is_shown_once(shell: Shell) -> None:
    done = shell.run("keys", "create", "--scope", "check", "--name", "till")
    secret = done.stdout.strip()
    assert secret.startswith("ask_")
    assert "not shown again" in done.stderr
    assert secret not in shell.run("keys", "list").stdout
    made = shell.json("keys", "list")["keys"]
    assert [key["name"] for key in made] == ["key", "till"]
    assert made[1]["scopes"] == ["check"]


def test_a_key_is_revoked(shell: Shell) -> None:
    (key,) = shell.json("keys", "list")["keys"]
    assert shell.run("keys", "revoke", key["id"]).stdout == f"revoked {key['id']}\n"
    assert "revoked" in shell.run("keys", "list").stdout
    assert shell.run("keys", "revoke", "key_none").exit_code == 2


def test_a_scope_must_be_named_and_known(shell: Shell) -> None:
    assert shell.run("keys", "create").exit_code == 2
    done = shell.run("keys", "create", "--scope", "admin")
    assert (done.exit_code, "contacts:read" in done.stderr) == (2, True)


def test_a_yes_is_recorded_with_its_words_and_a_no_ends_it(shell: Shell) -> None:
    grant = ["record", "grant", PERSON, "--purpose", "marketing", "--surface", "signup"]
    done = shell.run(*grant, "--prompt-text", "Offers on WhatsApp?", "--prompt-key", "offers")
    assert done.stdout.startswith("granted marketing (asserted, vouched) at position 1: evt_")
    assert shell.run("record", "withdraw", PERSON).stdout.startswith(
        "withdrawn everything (asserted, vouched) at position 2"
    )
    rows = [line.split("\t") for line in shell.run("events").stdout.splitlines()]
    assert [(row[0], row[2], row[3]) for row in rows] == [
        ("1", "granted", "marketing"),
        ("2", "withdrawn", "everything"),
    ]
    assert shell.json("events", "--after", "1")["events"][0]["kind"] == "withdrawn"


def test_a_claim_without_words_stays_a_claim(shell: Shell) -> None:
    (event,) = shell.json("record", "grant", PERSON, "--purpose", "utility")["events"]
    assert event["assurance"] == "asserted"


def test_the_exit_code_of_check_is_the_verdict(shell: Shell) -> None:
    done = shell.run("check", PERSON, "--sender", "1", "--purpose", "marketing")
    assert done.exit_code == 1
    assert done.stdout.startswith("deny sender_unknown: ")
    answer = shell.json("check", PERSON, "--sender", "1", "--template", "offer")
    assert (answer["verdict"], answer["purpose"]) == ("deny", "marketing")


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (
            ["record", "grant", "07700900123", "--purpose", "marketing"],
            "contact: must start with a plus",
        ),
        (["record", "grant", PERSON, "--purpose", "sales"], "purpose: must be"),
        (["record", "grant", PERSON], "at least one purpose"),
        (["record", "confirm", PERSON], "how the number was proven"),
        (["record", "grant", PERSON, "--purpose", "marketing", "--at", "now"], "RFC 3339"),
        (["record", "bless", PERSON], "bless"),
        (["check", PERSON, "--sender", "x", "--purpose", "marketing"], "sender: must be"),
        (["events", "--business", "none"], "no such business"),
    ],
)
def test_a_wrong_word_is_told(shell: Shell, arguments: list[str], words: str) -> None:
    done = shell.run(*arguments)
    assert done.exit_code == 2
    assert words in " ".join(done.stderr.split())
    assert shell.json("events")["events"] == []
