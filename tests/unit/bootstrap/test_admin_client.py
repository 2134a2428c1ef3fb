"""Errands: only for whoever can read the note, and the same wherever they are done."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from functools import partial
from pathlib import Path
from typing import Any

import msgspec
import pytest

from askfirst.bootstrap.admin.admin_client import perform
from askfirst.bootstrap.admin.server_lockfile import (
    RunningServer,
    lockfile_path,
    read_lockfile,
    remove_lockfile,
    write_lockfile,
)
from askfirst.bootstrap.health.diagnosis import checks_of
from askfirst.bootstrap.settings import Settings, isolated_settings
from askfirst.bootstrap.wiring import Wired, open_services
from askfirst.domain.consent.consent import ConsentVerb
from askfirst.domain.values.errors import InvalidInput, UnknownReference
from askfirst.web.admin.admin_commands import AnyAdminCommand
from askfirst.web.admin.consent import ListEvents, RecordConsent
from askfirst.web.admin.endpoint import AdminEndpoint
from askfirst.web.admin.sending import CheckSend
from askfirst.web.admin.tenants import CreateKey, ListKeys, RevokeKey
from tests.web.asgi_call import Got, call

NOTE = RunningServer(address="http://127.0.0.1:1", secret="hush", pid=7)
PERSON = "+447700900123"


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return isolated_settings(database_url=f"sqlite:///{tmp_path / 'ledger.db'}")


@pytest.fixture
async def wired(settings: Settings) -> AsyncIterator[Wired]:
    async with open_services(settings) as wired:
        yield wired


async def ask(wired: Wired, body: bytes, secret: str = "hush", method: str = "POST") -> Got:
    door = AdminEndpoint(wired.services, partial(checks_of, wired), "hush")
    headers = [("authorization", f"Bearer {secret}")] if secret else []
    return await call(door, method, "/local", headers=headers, body=body)


def test_the_note_is_for_its_owner_only(tmp_path: Path) -> None:
    write_lockfile(tmp_path / "ledger.db", NOTE)
    assert lockfile_path(tmp_path / "ledger.db").stat().st_mode & 0o777 == 0o600
    assert read_lockfile(tmp_path / "ledger.db") == NOTE
    assert "hush" not in repr(NOTE)


def test_a_server_takes_back_its_own_note_only(tmp_path: Path) -> None:
    newer = RunningServer(address="http://127.0.0.1:2", secret="other", pid=8)
    write_lockfile(tmp_path / "ledger.db", NOTE)
    write_lockfile(tmp_path / "ledger.db", newer)
    remove_lockfile(tmp_path / "ledger.db", NOTE)
    assert read_lockfile(tmp_path / "ledger.db") == newer
    remove_lockfile(tmp_path / "ledger.db", newer)
    assert read_lockfile(tmp_path / "ledger.db") is None


@pytest.mark.parametrize("text", ["", "{", "[]", '{"address": 1}'])
def test_a_note_that_is_not_whole_is_no_note(tmp_path: Path, text: str) -> None:
    lockfile_path(tmp_path / "ledger.db").write_text(text)
    assert read_lockfile(tmp_path / "ledger.db") is None


async def test_the_door_opens_to_the_secret_of_this_run_only(wired: Wired) -> None:
    body = msgspec.json.encode(CreateKey(name="one", scopes=("check",)))
    for secret in ("", "wrong", "hush2"):
        got = await ask(wired, body, secret)
        assert (got.status, got.json["code"]) == (403, "not_authenticated")
    assert (await ask(wired, body, method="GET")).status == 403
    assert await wired.services.directory.businesses() == ()
    assert (await ask(wired, body)).json["secret"].startswith("ask_")


async def test_a_command_that_is_not_understood_is_refused(wired: Wired) -> None:
    for body in (b"", b"{}", b'{"command": "DropEverything"}', b'{"command": "ListEvents"'):
        got = await ask(wired, body)
        assert (got.status, got.json["field"]) == (400, "command")


def on_the_spot(settings: Settings, command: AnyAdminCommand) -> dict[str, Any]:
    return perform(settings, command)


def test_a_person_is_recorded_checked_and_listed(settings: Settings) -> None:
    on_the_spot(settings, CreateKey(business="cafe", name="one", scopes=("check",)))
    grant = RecordConsent(
        verb=ConsentVerb.GRANT,
        contact=PERSON,
        purposes=("marketing",),
        surface="paper",
        prompt_key="form",
        prompt_locale="en",
        prompt_text="May we?",
        taken_by="shop 3",
    )
    (event,) = on_the_spot(settings, grant)["events"]
    assert (event["position"], event["assurance"], event["source"]) == (1, "asserted", "cli")
    check = on_the_spot(settings, CheckSend(to=PERSON, sender="1", purpose="marketing"))
    assert check["reasons"][0]["code"] == "sender_unknown"
    listed = on_the_spot(settings, ListEvents())["events"]
    assert listed == [event]
    assert PERSON[1:] not in json.dumps(listed)


def test_keys_are_listed_without_their_secrets_and_revoked(settings: Settings) -> None:
    made = on_the_spot(settings, CreateKey(name="one", scopes=("check", "send")))
    (key,) = on_the_spot(settings, ListKeys())["keys"]
    assert key == {name: value for name, value in made.items() if name != "secret"}
    on_the_spot(settings, RevokeKey(key_id=key["id"]))
    assert on_the_spot(settings, ListKeys())["keys"][0]["revoked_at"]
    with pytest.raises(UnknownReference):
        on_the_spot(settings, RevokeKey(key_id="key_none"))


@pytest.mark.parametrize(
    ("command", "field"),
    [
        (CreateKey(name="one", scopes=("everything",)), "scope"),
        (CreateKey(business="Café", name="one", scopes=("check",)), "business"),
        (ListEvents(business="other"), "business"),
        (RecordConsent(verb=ConsentVerb.GRANT, contact="0770", purposes=("marketing",)), "contact"),
        (RecordConsent(verb=ConsentVerb.GRANT, contact=PERSON, purposes=("sales",)), "purpose"),
        (RecordConsent(verb=ConsentVerb.GRANT, contact=PERSON), "purposes"),
        (
            RecordConsent(
                verb=ConsentVerb.REFUSE,
                contact=PERSON,
                purposes=("marketing",),
                occurred_at="2999-01-01T00:00:00Z",
            ),
            "occurred_at",
        ),
        (RecordConsent(verb=ConsentVerb.WITHDRAW, contact=PERSON, surface="air"), "surface"),
        (CheckSend(to=PERSON, sender="me", purpose="marketing"), "sender"),
    ],
)
def test_a_bad_command_names_its_field_and_changes_nothing(
    settings: Settings, command: AnyAdminCommand, field: str
) -> None:
    on_the_spot(settings, CreateKey(business="cafe", name="one", scopes=("check",)))
    with pytest.raises(InvalidInput) as refusal:
        on_the_spot(settings, command)
    assert refusal.value.field == field
    assert on_the_spot(settings, ListEvents())["events"] == []


def test_with_two_businesses_one_must_be_named(settings: Settings) -> None:
    for name in ("one", "two"):
        on_the_spot(settings, CreateKey(business=name, name="key", scopes=("check",)))
    with pytest.raises(InvalidInput, match="--business: one, two"):
        on_the_spot(settings, ListEvents())


def test_nothing_is_made_by_looking(settings: Settings) -> None:
    with pytest.raises(InvalidInput, match="there is no database"):
        on_the_spot(settings, ListEvents())
    assert settings.sqlite_path is not None
    assert list(settings.sqlite_path.parent.iterdir()) == []
