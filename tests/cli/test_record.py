"""What was said on the phone or on paper, recorded with whoever took it down."""

from __future__ import annotations

import hashlib
import json
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from askfirst.cli.consent.commands import REMEDIES
from askfirst.decision.telling.remedy import Remedy
from askfirst.domain.consent.event import evidence_digest
from tests.cli.shell import Shell

PERSON = "+447700900123"
YES = ("record", "grant", PERSON, "--purpose", "marketing")


def is_kept(shell: Shell, evidence: dict[str, Any]) -> bool:
    """Return whether this is the evidence of the newest event: the ledger has its salted hash."""
    written = json.dumps(evidence, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    with closing(sqlite3.connect(shell.path)) as database:
        digest, salt = database.execute(
            "SELECT evidence_digest, salt FROM event JOIN evidence USING (business_id, position) "
            "ORDER BY position DESC LIMIT 1"
        ).fetchone()
    return bytes(digest) == evidence_digest(written.encode(), bytes(salt))


@pytest.mark.parametrize("surface", ["phone", "paper"])
def test_a_yes_there_without_a_witness_is_refused(shell: Shell, surface: str) -> None:
    refused = shell.run(*YES, "--surface", surface)
    assert refused.exit_code == 2
    assert (
        f"--taken-by: is required on {surface}: name the person who took the answer down"
        in refused.stderr
    )
    assert shell.json("events")["events"] == []


@pytest.mark.parametrize("verb", ["refuse", "withdraw"])
def test_a_no_needs_no_witness(shell: Shell, verb: str) -> None:
    no = ("record", verb, PERSON, "--purpose", "marketing", "--surface", "phone")
    assert shell.run(*no).exit_code == 0


def test_the_witness_stands_in_the_evidence_by_the_names_of_the_api(
    shell: Shell, tmp_path: Path
) -> None:
    scan = tmp_path / "scan.png"
    scan.write_bytes(b"as good as a scan")
    witness = ("--taken-by", "shop 3, Zoë", "--form", "2026-01", "--scan", str(scan))
    (event,) = shell.json(*YES, "--surface", "paper", *witness, "--note", "box 7")["events"]
    assert (event["surface"], event["assurance"]) == ("paper", "asserted")
    named = {
        "taken_by": "shop 3, Zoë",
        "form": "2026-01",
        "scan_sha256": hashlib.sha256(b"as good as a scan").hexdigest(),
    }
    assert is_kept(shell, {"note": "box 7", "witness": named})
    assert not is_kept(shell, {"note": "box 7"})


def test_the_scan_itself_is_not_kept(shell: Shell, tmp_path: Path) -> None:
    scan = tmp_path / "scan.png"
    scan.write_bytes(b"as good as a scan")
    shell.run(*YES, "--surface", "paper", "--taken-by", "shop 3", "--scan", str(scan))
    written = b"".join(path.read_bytes() for path in tmp_path.glob("ledger.db*"))
    assert b"as good as a scan" not in written
    assert b"shop 3" not in written
    assert scan.exists()


@pytest.mark.parametrize("option", ["--form", "--scan"])
def test_a_form_or_a_scan_says_whose(shell: Shell, tmp_path: Path, option: str) -> None:
    (tmp_path / "scan.png").write_bytes(b"scan")
    refused = shell.run(*YES, option, str(tmp_path / "scan.png"))
    assert (refused.exit_code, "--taken-by: is required: name the person" in refused.stderr) == (
        2,
        True,
    )
    assert shell.json("events")["events"] == []


@pytest.mark.parametrize("content", [None, b""])
def test_a_scan_that_is_none_is_refused(
    shell: Shell, tmp_path: Path, content: bytes | None
) -> None:
    path = tmp_path / "photo.png"
    if content is not None:
        path.write_bytes(content)
    refused = shell.run(*YES, "--taken-by", "shop 3", "--scan", str(path))
    assert (refused.exit_code, str(path) in refused.stderr) == (2, True)
    assert shell.json("events")["events"] == []


def test_where_no_surface_is_named_it_is_the_business_that_says_so(shell: Shell) -> None:
    (event,) = shell.json(*YES)["events"]
    assert event["surface"] == "api"


def test_it_says_what_is_in_force_then(shell: Shell) -> None:
    told = shell.json(*YES)
    assert told["effective"] is False
    (marketing,) = told["standing"]
    assert marketing["reason"] == "assurance_too_low"
    shown = shell.run(*YES).output
    assert "granted marketing (asserted, vouched) at position 2" in shown
    assert "marketing: no messages, assurance_too_low." in shown
    assert "What would help: ask the person, or let them confirm in WhatsApp." in shown
    stop = shell.run("record", "withdraw", PERSON).output
    assert "utility: no messages, withdrawn." in stop


def test_a_witness_is_no_proof_of_a_number(shell: Shell) -> None:
    refused = shell.run("record", "confirm", PERSON, "--taken-by", "agent 17")
    assert (refused.exit_code, "how the number was proven" in refused.stderr) == (2, True)
    assert shell.json("events")["events"] == []


@pytest.mark.parametrize(
    ("option", "value"),
    [("--at", "2024-02-19"), ("--purpose", "marketng"), ("--surface", "fax")],
)
def test_what_is_wrong_with_an_option_is_said_with_its_name(
    shell: Shell, option: str, value: str
) -> None:
    refused = shell.run(*YES, option, value)
    assert refused.stderr.startswith(f"askfirst: {option}: must be ")
    assert (refused.exit_code, value in refused.stderr) == (2, False)


def test_each_remedy_has_words() -> None:
    assert REMEDIES.keys() == {one.value for one in Remedy}
