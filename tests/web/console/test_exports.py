"""Scheduled exports in the console: added by a destination's name, paused, run, changed, ended."""

from __future__ import annotations

from pathlib import Path

import pytest

from askfirst.domain.bulk.export import ExportKind, FileFormat
from askfirst.domain.bulk.export_schedule import SCHEDULES_MAX, ExportOutcome, ExportSchedule
from askfirst.domain.operators.audit_entry import AuditAct
from askfirst.domain.operators.operator import OperatorRole
from askfirst.domain.tasks.task import Queue
from askfirst.domain.values.timestamp import HOUR
from askfirst.usecases.bulk.exports.manage_schedules import list_schedules
from askfirst.web.console.words import console_words
from tests.support.builders import BUSINESS, RIVAL
from tests.support.exports import DESTINATION, exporting, scheduled
from tests.support.services import World
from tests.support.tasks import run_due
from tests.web.console.office import Office, open_office

HOME = f"/console/{BUSINESS}"
ADMIN, COMPLIANCE = OperatorRole.ADMIN, OperatorRole.COMPLIANCE
WISH = {"kind": "ledger", "to": DESTINATION, "every": "24", "format": "jsonl"}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "a-secret-place"
    made.mkdir()
    return made


@pytest.fixture
async def exporter(sqlite_world: World, folder: Path) -> Office:
    """An office whose server has a destination."""
    return await open_office(exporting(sqlite_world, folder))


async def found_in(office: Office) -> list[ExportSchedule]:
    return list(await list_schedules(office.world.services, BUSINESS))


async def test_without_a_destination_the_page_says_what_to_set(office: Office) -> None:
    page = await office.at(ADMIN).get(f"{HOME}/exports")
    assert "ASKFIRST_EXPORT_DESTINATIONS=warehouse=/srv/exports" in page.text
    assert not page.all("select", name="to")


async def test_the_empty_page_says_what_to_do(exporter: Office) -> None:
    page = await exporter.at(ADMIN).get(f"{HOME}/exports")
    assert f"askfirst exports schedule ledger --to {DESTINATION}" in page.text
    assert [one["value"] for one in page.all("option")][:1] == [DESTINATION]


async def test_one_is_scheduled_shown_and_written(exporter: Office, folder: Path) -> None:
    form = {**WISH, "kind": "contacts", "every": "6", "format": "parquet", "numbers": "1"}
    made = await exporter.send(COMPLIANCE, "/exports", form)
    assert made.got.headers["location"] == f"{HOME}/exports?done=export_scheduled"
    (one,) = await found_in(exporter)
    assert (one.kind, one.format, one.every_hours) == (
        ExportKind.CONTACTS,
        FileFormat.PARQUET,
        6,
    )
    assert one.with_numbers
    assert (await exporter.acts())[0] is AuditAct.EXPORT_SCHEDULED
    page = await exporter.at(COMPLIANCE).get(f"{HOME}/exports")
    for told in ("Contacts", "With people’s numbers", "Every 6 hours", "None yet", "As soon as"):
        assert told in page.text
    await run_due(exporter.world, Queue.EXPORTS)
    page = await exporter.at(COMPLIANCE).get(f"{HOME}/exports")
    assert "Written" in page.text
    (one,) = await found_in(exporter)
    assert one.outcome is ExportOutcome.WRITTEN
    shown = await exporter.at(COMPLIANCE).get(f"{HOME}/exports/{one.schedule_id}")
    assert one.file in shown.text
    assert folder.name not in page.source + shown.source


async def test_one_is_paused_resumed_and_run(exporter: Office) -> None:
    made = await scheduled(exporter.world)
    await run_due(exporter.world, Queue.EXPORTS)
    place = f"/exports/{made.schedule_id}"
    assert (await exporter.send(ADMIN, f"{place}/state", {"state": "paused"})).got.status == 303
    page = await exporter.at(ADMIN).get(f"{HOME}/exports")
    assert ("Paused" in page.text, "Run now" in page.text) == (True, False)
    refused = await exporter.send(ADMIN, f"{place}/run", {})
    assert (refused.got.status, "it is paused" in refused.text) == (409, True)
    assert (await exporter.send(ADMIN, f"{place}/state", {"state": "live"})).got.status == 303
    asked = await exporter.send(ADMIN, f"{place}/run", {})
    assert asked.got.headers["location"] == f"{HOME}/exports?done=export_asked"
    (one,) = await found_in(exporter)
    assert one.next_at == exporter.world.clock.now()
    wrong = await exporter.send(ADMIN, f"{place}/state", {"state": "parked"})
    assert (wrong.got.status, "must be live or paused" in wrong.text) == (422, True)
    assert (await exporter.acts())[:4] == [
        AuditAct.EXPORT_RUN,
        AuditAct.EXPORT_RESUMED,
        AuditAct.EXPORT_RUN,
        AuditAct.EXPORT_PAUSED,
    ]


async def test_one_is_changed_and_ended(exporter: Office, folder: Path) -> None:
    made = await scheduled(exporter.world, every_hours=5)
    place = f"/exports/{made.schedule_id}"
    page = await exporter.at(ADMIN).get(f"{HOME}{place}")
    assert page.all("option", value="5", selected="")
    form = {"to": DESTINATION, "every": "12", "format": "parquet"}
    assert (await exporter.send(ADMIN, place, form)).got.status == 303
    (one,) = await found_in(exporter)
    assert (one.every_hours, one.format) == (12, FileFormat.PARQUET)
    assert one.next_at <= made.created_at + 12 * HOUR
    assert (await exporter.send(ADMIN, f"{place}/remove", {})).got.status == 303
    assert await found_in(exporter) == []
    assert (await exporter.at(ADMIN).get(f"{HOME}{place}")).got.status == 404
    acts = (await exporter.acts())[:2]
    assert acts == [AuditAct.EXPORT_REMOVED, AuditAct.EXPORT_CHANGED]
    assert list(folder.iterdir()) == []


@pytest.mark.parametrize(
    ("form", "told"),
    [
        ({"kind": "messages"}, "must be one of"),
        ({"to": "elsewhere"}, "no destination"),
        ({"to": "/etc"}, "lower-case letters"),
        ({"to": "../x"}, "lower-case letters"),
        ({"every": "0"}, "must be 1 to 744 hours"),
        ({"every": "99999"}, "must be a number of hours"),
        ({"every": "-1"}, "must be a number of hours"),
        ({"format": "csv"}, "must be jsonl or parquet"),
        ({"numbers": "1"}, "contacts and suppressions only"),
    ],
)
async def test_what_cannot_be_says_why(exporter: Office, form: dict[str, str], told: str) -> None:
    refused = await exporter.send(ADMIN, "/exports", {**WISH, **form})
    assert (refused.got.status, told in refused.text) == (422, True), refused.text
    assert await found_in(exporter) == []
    if "kind" not in form:
        made = await scheduled(exporter.world)
        path = f"/exports/{made.schedule_id}"
        refused = await exporter.send(ADMIN, path, {**WISH, **form})
        assert (refused.got.status, told in refused.text) == (422, True), refused.text
        assert await found_in(exporter) == [made]


async def test_there_are_so_many_at_most(exporter: Office) -> None:
    for _ in range(SCHEDULES_MAX):
        await scheduled(exporter.world)
    refused = await exporter.send(ADMIN, "/exports", WISH)
    assert (refused.got.status, "20 schedules at most" in refused.text) == (409, True)


async def test_one_of_another_business_is_not_found(exporter: Office) -> None:
    made = await scheduled(exporter.world)
    rival, token = exporter.at(ADMIN, RIVAL), await exporter.token(ADMIN, RIVAL)
    form = {"form_token": token, "state": "paused", **WISH}
    place = f"/console/{RIVAL}/exports/{made.schedule_id}"
    for act in ("", "/state", "/run", "/remove"):
        assert (await rival.post(f"{place}{act}", form)).got.status == 404, act
    assert (await rival.get(place)).got.status == 404
    assert made.schedule_id not in (await rival.get(f"/console/{RIVAL}/exports")).source
    assert await found_in(exporter) == [made]


async def test_a_failure_and_a_destination_that_is_gone_are_told(
    exporter: Office, folder: Path
) -> None:
    made = await scheduled(exporter.world)
    gone = exporting(exporter.world, folder)
    folder.rmdir()
    await run_due(gone, Queue.EXPORTS)
    page = await exporter.at(ADMIN).get(f"{HOME}/exports")
    assert "Failed" in page.text
    shown = await exporter.at(ADMIN).get(f"{HOME}/exports/{made.schedule_id}")
    assert "unavailable" in shown.text
    assert str(folder) not in page.source + shown.source


async def test_a_destination_that_the_server_lost_is_told(office: Office, folder: Path) -> None:
    made = await scheduled(exporting(office.world, folder))
    page = await office.at(ADMIN).get(f"{HOME}/exports")
    assert "no destination of this name" in page.text
    shown = await office.at(ADMIN).get(f"{HOME}/exports/{made.schedule_id}")
    assert shown.all("option", value=DESTINATION, selected="")


async def test_each_page_has_words_in_each_language(exporter: Office) -> None:
    made = await scheduled(exporter.world, ExportKind.CONTACTS, with_numbers=True, every_hours=5)
    for locale in console_words():
        for place in ("/exports", f"/exports/{made.schedule_id}", "/audit"):
            page = await exporter.at(ADMIN).get(f"{HOME}{place}?locale={locale}")
            assert page.got.status == 200, (locale, place)


def test_each_state_has_words() -> None:
    source = console_words()["en"].keys()
    assert {f"export_kind.{kind}" for kind in ExportKind} <= source
    assert {f"export_note.{kind}" for kind in ExportKind} <= source
    assert {f"export_outcome.{outcome}" for outcome in ExportOutcome} <= source
    assert {f"export_format.{one}" for one in FileFormat} <= source
