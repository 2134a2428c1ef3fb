"""`askfirst doctor`: what it finds, how it says it, and what its exit code means."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

import pytest

from askfirst.bootstrap.health import diagnosis as check_ups
from askfirst.bootstrap.settings import isolated_settings
from askfirst.bootstrap.wiring import Wired, open_services
from askfirst.domain.tenants.api_key import Business
from askfirst.domain.tenants.sender import Sender
from askfirst.domain.values.errors import Unavailable
from askfirst.domain.values.finding import Severity
from askfirst.domain.values.ids import BusinessId, PhoneNumberId, WabaId
from askfirst.storage.sqlite.store import SqliteStore
from askfirst.usecases.transparency.diagnose import diagnose
from tests.cli.shell import Shell


def found(answer: Any) -> dict[str, str]:
    return {finding["check"]: finding["severity"] for finding in answer["findings"]}


def test_a_door_that_is_closed_is_a_problem(shell: Shell) -> None:
    done = shell.run("doctor")
    assert done.exit_code == 1
    assert "problem  open_doors: Every webhook is refused" in done.stdout
    assert "Set ASKFIRST_WEBHOOK_SECRETS" in done.stdout


def test_warnings_alone_are_no_failure_unless_strict(
    shell: Shell, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ASKFIRST_WEBHOOK_SECRETS", "app secret")
    shell.path.with_name("ledger.db.keys").chmod(0o600)
    copy = shell.path.with_name("ledger.db.copy")
    copy.touch()
    copy.chmod(0o644)
    answer = shell.json("doctor")
    assert found(answer)["file_modes"] == "warning"
    assert "problem" not in found(answer).values()
    assert shell.run("doctor").exit_code == 0
    assert shell.run("doctor", "--strict").exit_code == 1


def test_json_has_every_finding_with_its_remedy(shell: Shell) -> None:
    findings = shell.json("doctor")["findings"]
    assert set(findings[0]) == {"check", "severity", "summary", "remedy"}
    assert all(one["remedy"] for one in findings if one["severity"] != "ok")
    assert found(shell.json("doctor"))["database"] == "ok"


def test_meta_is_asked_only_when_told_to(shell: Shell, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ASKFIRST_GRAPH_URL", "http://127.0.0.1:9")
    assert "graph_api" not in found(shell.json("doctor"))
    assert found(shell.json("doctor", "--meta"))["graph_api"] == "warning"


async def test_a_keyring_that_others_can_read_since_the_start_is_a_problem(tmp_path: Path) -> None:
    settings = isolated_settings(database_url=f"sqlite:///{tmp_path / 'own.db'}")
    async with open_services(settings):
        settings.keyring_path.chmod(0o644)
        findings = await check_ups.find_file_modes(settings)
    assert {finding.severity for finding in findings} >= {Severity.PROBLEM}


def checked(path: Path, **sender: Any) -> dict[str, Severity]:
    """Check a database of its own; with a sender, where one is described."""

    async def run() -> dict[str, Severity]:
        settings = isolated_settings(database_url=f"sqlite:///{path / 'own.db'}")
        async with open_services(settings) as wired:
            if sender:
                await put_sender(wired, **sender)
            findings = await diagnose(check_ups.checks_of(wired))
            return {finding.check: finding.severity for finding in findings}

    return asyncio.run(run())


async def put_sender(wired: Wired, token: str | None) -> None:
    sender = Sender(
        business_id=BusinessId("main"),
        phone_number_id=PhoneNumberId("200000000000001"),
        waba_id=WabaId("100000000000001"),
        digits="15550000001",
        name="Lune",
    )
    now = wired.services.clock.now()
    business = Business(business_id=BusinessId("main"), name="Lune")
    await wired.services.directory.put_business(business, now)
    await wired.services.directory.put_sender(sender, token, now)


def test_a_sender_without_token_is_a_warning(tmp_path: Path) -> None:
    assert checked(tmp_path)["sender_tokens"] == "warning"
    assert checked(tmp_path, token=None)["sender_tokens"] == "warning"
    assert checked(tmp_path, token="EAA")["sender_tokens"] == "ok"


def test_a_name_that_is_more_than_a_name_is_a_warning_with_what_to_do(
    shell: Shell, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert shell.run("business", "set", "--name", "Lune: 50% off").exit_code == 0
    done = shell.run("doctor")
    assert "stop_confirmation: Stops of " in done.stdout
    assert "askfirst business set --business " in done.stdout
    assert found(shell.json("doctor"))["stop_confirmation"] == "warning"
    monkeypatch.setenv("ASKFIRST_STOP_CONFIRMATION", "false")
    assert found(shell.json("doctor"))["stop_confirmation"] == "ok"
    monkeypatch.delenv("ASKFIRST_STOP_CONFIRMATION")
    assert shell.run("business", "set", "--name", "Lune").exit_code == 0
    assert found(shell.json("doctor"))["stop_confirmation"] == "ok"


@pytest.mark.parametrize(
    ("mebibytes", "severity"), [(10, "problem"), (500, "warning"), (5000, "ok")]
)
def test_little_room_is_said_before_it_is_none(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, mebibytes: int, severity: str
) -> None:
    class Usage:
        free = mebibytes * 1024 * 1024

    monkeypatch.setattr("shutil.disk_usage", lambda _: Usage)
    assert checked(tmp_path)["disk_space"] == severity


def test_a_database_that_does_not_answer_is_a_problem(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def broken(_: object) -> None:
        raise Unavailable("the disk is full")

    monkeypatch.setattr(SqliteStore, "ready", broken)
    assert checked(tmp_path)["database"] == "problem"
