"""Decisions and packs of evidence on the command line."""

from __future__ import annotations

from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from askfirst.cli.main import build_app
from tests.cli.shell import Shell

NUMBER = "+447700900123"


@pytest.fixture
def shell(tmp_path: Path) -> Shell:
    """A terminal on a ledger with a yes that was given by phone."""
    shell = Shell(tmp_path)
    assert shell.run("keys", "create", "--business", "cafe", "--scope", "all").exit_code == 0
    said = ("record", "grant", NUMBER, "--purpose", "marketing", "--surface", "phone")
    words = ("--prompt-text", "May we?", "--taken-by", "agent 12", "--note", "by her wish")
    done = shell.run(*said, *words)
    assert done.exit_code == 0, done.stderr
    return shell


def test_a_pack_is_written_and_checked(shell: Shell, tmp_path: Path) -> None:
    pack = tmp_path / "pack.zip"
    done = shell.run("evidence", NUMBER, "--out", str(pack))
    assert done.exit_code == 0, done.stderr
    assert f"wrote {pack}" in done.stdout
    assert b"agent 12" in pack.read_bytes()
    checked = verify(pack)
    assert checked.exit_code == 0, checked.stderr
    assert "files and 1 receipts are what was signed" in checked.stdout


def verify(pack: Path, *more: str) -> Result:
    """Check a pack, as somebody without a database does."""
    return CliRunner().invoke(build_app(), ["verify", str(pack), *more])


def test_a_pack_that_was_changed_is_refused(shell: Shell, tmp_path: Path) -> None:
    pack = tmp_path / "pack.zip"
    shell.run("evidence", NUMBER, "--out", str(pack))
    pack.write_bytes(pack.read_bytes().replace(b"agent 12", b"agent 13"))
    refused = verify(pack)
    assert refused.exit_code != 0


def test_a_pack_is_checked_with_published_keys(shell: Shell, tmp_path: Path) -> None:
    pack, keys = tmp_path / "pack.zip", tmp_path / "published.json"
    shell.run("evidence", NUMBER, "--out", str(pack))
    keys.write_text(shell.run("receipt", "keys").stdout)
    assert verify(pack, "--keys", str(keys)).exit_code == 0
    keys.write_text('{"keys": []}')
    assert verify(pack, "--keys", str(keys)).exit_code == 1


def test_nobody_has_no_pack(shell: Shell, tmp_path: Path) -> None:
    refused = shell.run("evidence", "+447700900999", "--out", str(tmp_path / "pack.zip"))
    assert refused.exit_code == 2
    assert "contact: nobody with this number or id is known here" in refused.stderr
    assert not (tmp_path / "pack.zip").exists()


def test_decisions_are_listed_and_a_wrong_id_is_named(shell: Shell) -> None:
    assert shell.json("decisions", "list", "--contact", NUMBER) == {"decisions": []}
    refused = shell.run("decisions", "show", "41")
    assert refused.exit_code == 2
    assert "decision: must be an id of the form dec_" in refused.stderr
