"""Receipts and QR codes on the command line."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from askfirst.bootstrap.settings import isolated_settings
from askfirst.bootstrap.wiring import open_services
from askfirst.cli.main import build_app
from askfirst.domain.values.ids import BusinessId, Position
from askfirst.usecases.consent.issue_receipt import issue_receipt

NUMBER = "+447700900123"


def run(*arguments: str) -> Result:
    return CliRunner().invoke(build_app(), list(arguments))


@pytest.fixture
def database(tmp_path: Path) -> tuple[str, str]:
    """A ledger with one yes."""
    option = ("--database-url", f"sqlite:///{tmp_path / 'askfirst.db'}")
    assert run("keys", "create", "--business", "cafe", "--scope", "all", *option).exit_code == 0
    said = run("record", "grant", NUMBER, "--purpose", "marketing", "--prompt-text", "Ok?", *option)
    assert said.exit_code == 0
    return option


@pytest.fixture
def receipt(database: tuple[str, str], tmp_path: Path) -> tuple[Path, Path]:
    """A receipt and the keys, as files."""
    paper, keys = tmp_path / "receipt.jws", tmp_path / "keys.json"
    paper.write_text(run("receipt", "show", "1", *database).output)
    keys.write_text(run("receipt", "keys", *database).output)
    return paper, keys


def test_a_receipt_is_checked_without_a_server(receipt: tuple[Path, Path]) -> None:
    shown = run("verify", str(receipt[0]), "--keys", str(receipt[1]))
    assert shown.exit_code == 0
    assert "valid: given to cafe" in shown.output
    assert "shown: Ok?" in shown.output
    told = run("verify", str(receipt[0]), "--keys", str(receipt[1]), "--json")
    assert json.loads(told.output)["purposes"] == ["marketing"]


def test_a_changed_receipt_is_refused(receipt: tuple[Path, Path]) -> None:
    text = receipt[0].read_text()
    receipt[0].write_text(text[:80] + ("A" if text[80] != "A" else "B") + text[81:])
    refused = run("verify", str(receipt[0]), "--keys", str(receipt[1]))
    assert refused.exit_code == 1


def test_an_old_receipt_is_valid_after_a_rotation(
    database: tuple[str, str], receipt: tuple[Path, Path]
) -> None:
    assert run("receipt", "rotate", *database).exit_code == 0
    receipt[1].write_text(run("receipt", "keys", *database).output)
    assert len(json.loads(receipt[1].read_text())["keys"]) == 2
    assert run("verify", str(receipt[0]), "--keys", str(receipt[1])).exit_code == 0


def test_what_are_no_keys_is_wrong_usage(receipt: tuple[Path, Path], tmp_path: Path) -> None:
    for content in ("[]", "no json", '{"keys": 7}'):
        (tmp_path / "wrong.json").write_text(content)
        refused = run("verify", str(receipt[0]), "--keys", str(tmp_path / "wrong.json"))
        assert refused.exit_code == 2
    assert run("verify", str(tmp_path / "none"), "--keys", str(receipt[1])).exit_code == 1


def test_keys_beside_the_receipt_are_found(
    receipt: tuple[Path, Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert run("verify", str(receipt[0])).stdout.startswith("valid: given to cafe")
    monkeypatch.chdir(tmp_path)
    assert run("verify", "receipt.jws").exit_code == 0


def test_without_keys_it_says_where_they_are(receipt: tuple[Path, Path]) -> None:
    receipt[1].unlink()
    refused = run("verify", str(receipt[0]))
    assert (refused.exit_code, refused.stdout) == (2, "")
    assert "no keys.json beside the receipt" in refused.stderr
    assert "/p/{business}/keys.json" in refused.stderr
    assert "--keys" in refused.stderr


def test_what_a_receipt_leaves_out_is_left_out(
    database: tuple[str, str], receipt: tuple[Path, Path]
) -> None:
    """Receipts of the thank-you page do not say how sure the answer is."""
    assert "for marketing, asserted\n" in run("verify", str(receipt[0])).output

    async def sign_for_stranger() -> str:
        async with open_services(isolated_settings(database_url=database[1])) as wired:
            signed = await issue_receipt(
                wired.services, BusinessId("cafe"), Position(1), is_for_stranger=True
            )
        assert signed is not None
        return signed

    receipt[0].write_text(asyncio.run(sign_for_stranger()))
    shown = run("verify", str(receipt[0]))
    assert shown.exit_code == 0
    assert "for marketing\n" in shown.output
    assert "None" not in shown.output


def test_a_stop_is_a_receipt_about_everything(
    database: tuple[str, str], receipt: tuple[Path, Path]
) -> None:
    assert run("record", "withdraw", NUMBER, *database).exit_code == 0
    receipt[0].write_text(run("receipt", "show", "2", *database).output)
    assert "for everything, asserted\n" in run("verify", str(receipt[0])).output


def test_a_claim_is_never_shown_as_proven(
    database: tuple[str, str], receipt: tuple[Path, Path]
) -> None:
    assert run("record", "confirm", NUMBER, "--note", '{"x": 1}', *database).exit_code == 0
    receipt[0].write_text(run("receipt", "show", "2", *database).output)
    shown = run("verify", str(receipt[0])).output
    assert "valid: number stated by the business, not proven, to cafe" in shown
    assert "whose number: on the word of the business\n" in shown
    assert "confirmed" not in shown


def test_a_code_is_drawn_on_the_terminal_with_its_link() -> None:
    drawn = run("qr", "+1 555 010 0001", "--text", "Hello, you!")
    assert drawn.exit_code == 0
    assert drawn.output.splitlines()[-1] == "https://wa.me/15550100001?text=Hello%2C%20you%21"
    assert "▄" in drawn.output


@pytest.mark.parametrize(("name", "begins"), [("a.svg", b"<?xml"), ("a.png", b"\x89PNG")])
def test_a_code_is_drawn_into_a_file(tmp_path: Path, name: str, begins: bytes) -> None:
    assert run("qr", "+15550100001", "--out", str(tmp_path / name)).exit_code == 0
    assert (tmp_path / name).read_bytes().startswith(begins)


@pytest.mark.parametrize(
    "arguments",
    [("12",), ("+15550100001", "--out", "a.gif"), ("+15550100001", "--text", "x" * 1001)],
)
def test_what_cannot_be_drawn_is_wrong_usage(arguments: tuple[str, ...]) -> None:
    assert run("qr", *arguments).exit_code == 2
