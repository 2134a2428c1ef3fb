"""What is kept of a business, exported on both backends: whole, in order, in one state."""

from __future__ import annotations

import json
from contextlib import aclosing
from random import Random
from typing import Any

import pytest

from askfirst.decision.decision import Verdict
from askfirst.decision.question import MessageKind
from askfirst.domain.bulk.export import ExportKind, ExportOrder
from askfirst.domain.consent.choice import PauseUntil
from askfirst.domain.consent.erasure import EraseReason
from askfirst.domain.consent.event import EventKind, Source
from askfirst.domain.consent.frequency import Frequency
from askfirst.domain.values.alias import Alias
from askfirst.domain.values.errors import InvalidInput
from askfirst.domain.values.timestamp import MINUTE
from askfirst.usecases.bulk.exports import export_business as exporting
from askfirst.usecases.bulk.exports.export_business import export_business
from askfirst.usecases.consent.erase_contact import EraseOrder, erase_contact
from askfirst.usecases.contacts.show_contact import show_contact
from askfirst.usecases.sending.show_decision import show_decision
from askfirst.web.api.contacts.routes import render_contact, render_event
from askfirst.web.api.sending.decisions import render_decision
from askfirst.web.exports.export_lines import export_lines
from tests.support.builders import (
    ANA,
    BEN,
    BUSINESS,
    CLEO,
    RIVAL,
    SENDER,
    change,
    decision,
    decision_record,
    grant,
    outcome,
    person,
    question,
    refuse,
    statement,
    stop,
)
from tests.support.clocks import at
from tests.support.reading import all_events, contact_of
from tests.support.services import World

HOSTILE = 'a "quote", \\ a\nline\r\nand \u2028\u2029\u0085\0 =HYPERLINK("x") \ud83d\ude00'.encode(
    "utf-8", "surrogatepass"
).decode("utf-8", "replace")
CHANGED_LATER = person(999)


@pytest.fixture(autouse=True)
def small_pages(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(exporting, "ROWS_AT_ONCE", 3)


def ordered(kind: ExportKind, **parts: Any) -> ExportOrder:
    return ExportOrder(**({"business_id": BUSINESS, "kind": kind} | parts))


async def text_of(world: World, order: ExportOrder) -> bytes:
    parts = [part async for part in export_lines(export_business(world.services, order), "1")]
    return b"".join(parts)


def rows_in(text: bytes) -> list[dict[str, Any]]:
    return [json.loads(line) for line in text.split(b"\n") if line]


async def rows_of(world: World, order: ExportOrder) -> list[dict[str, Any]]:
    """Return the rows alone, of an export that is whole."""
    header, *rows, end = rows_in(await text_of(world, order))
    assert (header["line"], end["line"], end["rows"]) == ("header", "end", len(rows))
    return rows


async def say(world: World, *acts: Any, **parts: Any) -> None:
    await world.store.ledger.commit(change(*acts, **parts))


async def erase(world: World, alias: Alias) -> None:
    reason = EraseReason.REQUESTED
    order = EraseOrder(business_id=BUSINESS, person=alias, reason=reason, source=Source.CLI)
    await erase_contact(world.services, order)


async def live(world: World, seed: int) -> None:
    """Let people say many things, and messages be decided on."""
    dice = Random(seed)
    for number in range(30):
        who, when = person(dice.randrange(12)), at(-dice.randrange(10**6))
        await say(
            world,
            dice.choice(
                (
                    grant(who, at=when, evidence=HOSTILE.encode()),
                    grant(who, at=when, purposes=("marketing.offers",), evidence=b'{"n": 1}'),
                    refuse(who, at=when),
                    stop(who, at=when),
                    statement(
                        EventKind.PAUSED,
                        who,
                        at=when,
                        purposes=("marketing",),
                        choice=PauseUntil(at(dice.randrange(-(10**6), 10**6))),
                    ),
                    statement(EventKind.LIMITED, who, at=when, choice=Frequency(1, 7)),
                    statement(EventKind.NATIVE_STOPPED, who, at=when, sender=SENDER),
                    statement(EventKind.SUSPENDED, who, at=when),
                )
            ),
        )
        await world.store.decisions.record(decision_record(number + 1))
    world.clock.set(at(600))


def cursor_of(row: dict[str, Any]) -> str:
    names = {"event": "position", "contact": "id", "decision": "id"}
    if row["line"] == "suppression":
        return str(row.get("contact") or row["hash"])
    return str(row[names[row["line"]]])


async def test_a_ledger_is_exported_as_the_api_tells_its_events(world: World) -> None:
    await live(world, 1)
    rows = await rows_of(world, ordered(ExportKind.LEDGER))
    told = [render_event(event).model_dump(mode="json") for event in await all_events(world.store)]
    assert [{"line": "event", **one} for one in told] == rows
    assert len(rows) == 30


async def test_contacts_are_exported_as_the_api_tells_them(world: World) -> None:
    await live(world, 2)
    for row in await rows_of(world, ordered(ExportKind.CONTACTS)):
        sheet = await show_contact(world.services, BUSINESS, row["id"])
        assert sheet is not None
        told = render_contact(sheet).model_dump(mode="json")
        assert row.pop("line") == "contact"
        assert row.pop("merged_into") is None
        answers = {one["purpose"]: one for one in told.pop("standing")}
        for one in row.pop("standing"):
            assert answers.pop(one["purpose"]) == one
        assert all(one["answer"] == "unasked" for one in answers.values())
        del told["position"]
        assert row == told


@pytest.mark.parametrize("kind", ExportKind)
async def test_a_cut_export_and_its_rest_are_the_whole(world: World, kind: ExportKind) -> None:
    await live(world, 3)
    for gone in (person(1), person(4), person(7)):
        await say(world, grant(gone))
        await erase(world, gone)
    whole = await rows_of(world, ordered(kind))
    text = await text_of(world, ordered(kind))
    assert whole
    dice = Random(4)
    for _ in range(12):
        kept = text[: dice.randrange(len(text))]
        had = rows_in(kept[: kept.rfind(b"\n") + 1])[1:]
        after = cursor_of(had[-1]) if had else ""
        assert had + await rows_of(world, ordered(kind, after=after)) == whole


async def test_nothing_that_is_written_meanwhile_is_in_it_and_the_rest_has_it_once(
    world: World,
) -> None:
    await live(world, 5)
    parts = []
    async with aclosing(
        export_lines(export_business(world.services, ordered(ExportKind.LEDGER)), "1")
    ) as lines:
        async for part in lines:
            parts.append(part)
            await say(world, grant(CHANGED_LATER))
    *rows, end = rows_in(b"".join(parts))[1:]
    assert [row["position"] for row in rows] == list(range(1, 31))
    rest = await rows_of(world, ordered(ExportKind.LEDGER, after=end["next"]))
    assert [row["position"] for row in rest] == list(range(31, 31 + len(parts)))


async def test_a_contact_that_is_merged_meanwhile_is_whole_in_the_state_of_the_start(
    world: World,
) -> None:
    for who in (ANA, BEN, CLEO, CHANGED_LATER):
        await say(world, grant(who))
    await say(world, stop(CHANGED_LATER))
    lines = export_lines(export_business(world.services, ordered(ExportKind.SUPPRESSIONS)), "1")
    async with aclosing(lines):
        parts = [await anext(lines)]
        await say(world, grant(ANA, CHANGED_LATER, at=at(60)))
        parts += [part async for part in lines]
    (row,) = rows_in(b"".join(parts))[1:-1]
    assert {one["answer"] for one in row["stopped"]} == {"withdrawn"}


async def test_whoever_may_not_be_written_to_is_listed_and_nobody_else(world: World) -> None:
    await say(world, grant(ANA))
    await say(world, grant(BEN))
    await say(world, refuse(BEN, at=at(1)))
    await say(world, statement(EventKind.NATIVE_STOPPED, CLEO, sender=SENDER))
    for alias in (person(1), person(2)):
        await say(world, grant(alias))
    pause = PauseUntil(at(3_600))
    await say(world, statement(EventKind.PAUSED, person(1), purposes=("marketing",), choice=pause))
    over = PauseUntil(at(10))
    await say(world, statement(EventKind.PAUSED, person(2), purposes=("marketing",), choice=over))
    await say(world, grant(person(3)))
    await erase(world, person(3))
    world.clock.set(at(600))
    rows = await rows_of(world, ordered(ExportKind.SUPPRESSIONS, with_numbers=True))
    listed = {row["contact"]: row for row in rows if "contact" in row}
    wanted = [await contact_of(world.store, one) for one in (BEN, CLEO, person(1))]
    assert set(wanted) < set(listed)
    (erased,) = set(listed) - set(wanted)
    assert listed[erased]["stopped"][0]["answer"] == "erased"
    assert listed[erased]["identifiers"] == []
    assert [one["value"] for one in listed[wanted[0]]["identifiers"]] == [BEN.value]
    assert listed[wanted[2]]["paused"] == [
        {"purpose": "marketing", "until": "2026-01-15T13:00:00.000000Z"}
    ]
    (gone,) = [row for row in rows if "hash" in row]
    assert len(gone["hash"]) == 32
    assert person(3).value not in json.dumps(rows)


async def test_whatever_somebody_typed_stays_in_its_line_and_comes_back(world: World) -> None:
    await say(world, grant(ANA, evidence=json.dumps({"words": HOSTILE}).encode()))
    await say(world, grant(BEN, evidence=HOSTILE.encode()))
    await say(world, grant(CLEO))
    for kind in (ExportKind.LEDGER, ExportKind.CONTACTS):
        order = ordered(kind, with_evidence=True)
        text = await text_of(world, order)
        assert len(text.decode().splitlines()) == len(rows_in(text)) == 5
    rows = await rows_of(world, ordered(ExportKind.LEDGER, with_evidence=True))
    assert [row["evidence"] for row in rows] == [{"words": HOSTILE}, HOSTILE, None]
    assert [row["evidence_state"] for row in rows] == ["kept", "kept", "none"]
    people = await rows_of(world, ordered(ExportKind.CONTACTS, with_evidence=True))
    assert [row["evidence"] for row in people] == [
        [{"position": 1, "content": {"words": HOSTILE}, "state": "kept"}],
        [{"position": 2, "content": HOSTILE, "state": "kept"}],
        [],
    ]


async def test_without_being_asked_no_number_and_no_evidence_leaves(world: World) -> None:
    await say(world, grant(ANA, evidence=ANA.value.encode()))
    await world.store.decisions.record(decision_record(1, await contact_of(world.store)))
    world.clock.advance(2 * MINUTE)
    for kind in ExportKind:
        text = await text_of(world, ordered(kind))
        assert ANA.value not in text.decode()
    named = await text_of(world, ordered(ExportKind.CONTACTS, with_numbers=True))
    assert ANA.value in named.decode()


async def test_decisions_are_exported_as_the_api_tells_them(world: World) -> None:
    parts = {"template": "offer", "language": "en", "country": "GB", "campaign": "spring"}
    asked = question(kind=MessageKind.TEMPLATE, **parts)
    waits = decision(Verdict.WAIT, retry_at=at(60))
    await world.store.decisions.record(decision_record(1, question=asked, decision=waits))
    await world.store.decisions.record(decision_record(2))
    await world.store.decisions.conclude(outcome(2, status=0, left_at=None))
    for row in await rows_of(world, ordered(ExportKind.DECISIONS)):
        sheet = await show_decision(world.services, BUSINESS, row["id"])
        assert sheet is not None
        told = render_decision(sheet).model_dump(mode="json", exclude={"again", "basis"})
        told["reasons"] = [one["code"] for one in told["reasons"]]
        assert row == {"line": "decision", **told}


async def test_a_decision_is_told_with_its_outcome_once_it_is_settled(world: World) -> None:
    await world.store.decisions.record(decision_record(1))
    await world.store.decisions.record(decision_record(2))
    await world.store.decisions.conclude(outcome(1))
    first, second = await rows_of(world, ordered(ExportKind.DECISIONS))
    assert first["outcome"] == {"left_at": "2026-01-15T12:00:00.000000Z", "status": 200}
    assert (first["reasons"], second["outcome"]) == (["opted_in"], None)
    assert "+447700900123" not in json.dumps([first, second])


async def test_a_business_gets_its_own_rows_only(world: World) -> None:
    await say(world, grant(ANA))
    await say(world, stop(BEN), business=RIVAL)
    for kind in ExportKind:
        rows = await rows_of(world, ordered(kind, business_id=RIVAL))
        assert all(row.get("position", 1) == 1 for row in rows)
        assert len(rows) == {"ledger": 1, "contacts": 1, "suppressions": 1}.get(kind, 0)


@pytest.mark.parametrize(
    ("kind", "parts", "field"),
    [
        ("ledger", {"after": "2"}, "after"),
        ("ledger", {"after": "con_1"}, "after"),
        ("contacts", {"after": "1"}, "after"),
        ("decisions", {"after": "con_00000000000000000000000001"}, "after"),
        ("suppressions", {"after": "xyz"}, "after"),
        ("decisions", {"with_evidence": True}, "evidence"),
        ("ledger", {"with_numbers": True}, "numbers"),
    ],
)
async def test_what_cannot_be_is_named(
    world: World, kind: str, parts: dict[str, Any], field: str
) -> None:
    await say(world, grant(ANA))
    with pytest.raises(InvalidInput) as refused:
        await text_of(world, ordered(ExportKind(kind), **parts))
    assert refused.value.field == field


async def test_whoever_stops_in_between_lets_the_state_go(world: World) -> None:
    await live(world, 6)
    for _ in range(30):
        lines = export_lines(export_business(world.services, ordered(ExportKind.LEDGER)), "1")
        await anext(lines)
        await lines.aclose()
    await say(world, grant(ANA))
    assert len(await rows_of(world, ordered(ExportKind.LEDGER))) == 31
