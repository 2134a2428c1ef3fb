"""What Meta answers to a send counts as its status twin does, before the client hears it."""

from __future__ import annotations

import json
from typing import Any

import pytest

from askfirst.domain.consent.event import Event, EventKind, Source
from askfirst.domain.consent.standing import Answer, native_stop
from askfirst.ports.sending.http_connection import Answer as MetaAnswer
from tests.support import builders
from tests.support.builders import ANA, BUSINESS, MARKETING, grant
from tests.support.clocks import NOON
from tests.support.reading import all_events, answer_of, contact_of, standing_of
from tests.web.gateway.desk import TEMPLATE, Desk

JSON = "application/json"


async def refused(desk: Desk, error: Any, status: int = 400) -> list[Event]:
    """Send an offer that Meta answers with an error; gives what it made of it."""
    await desk.commit(grant())
    body = json.dumps({"error": error}).encode()
    desk.world.connections.reply = MetaAnswer(status=status, content_type=JSON, body=body)
    got = await desk.send(TEMPLATE)
    assert (got.status, got.json) == (status, {"error": error})
    return list(await all_events(desk.world.store))[1:]


async def test_a_person_who_stopped_offers_at_meta_has_stopped_them_here(desk: Desk) -> None:
    (event,) = await refused(desk, {"code": 131050, "message": "(#131050) …"})
    assert (event.kind, event.purposes) == (EventKind.NATIVE_STOPPED, MARKETING)
    assert (event.sender, event.source) == (builders.SENDER, Source.GATEWAY)
    assert native_stop(await standing_of(desk.world.store), builders.SENDER)
    assert (await desk.send(TEMPLATE)).status == 400
    assert len(desk.sent) == 1


async def test_a_changed_identity_suspends_every_yes(desk: Desk) -> None:
    (event,) = await refused(desk, {"code": 137000})
    assert event.kind is EventKind.SUSPENDED
    assert await answer_of(desk.world.store) is Answer.SUSPENDED


async def test_who_cannot_be_reached_is_remembered(desk: Desk) -> None:
    assert await refused(desk, {"code": 131026}) == []
    contact = await contact_of(desk.world.store)
    assert await desk.world.store.ledger.unreachable_at(BUSINESS, contact) == NOON
    assert await answer_of(desk.world.store, ANA) is Answer.GRANTED


async def test_a_code_that_is_written_as_text_counts(quick_desk: Desk) -> None:
    (event,) = await refused(quick_desk, {"code": "131050"})
    assert event.kind is EventKind.NATIVE_STOPPED


async def test_an_error_under_a_success_counts_too(quick_desk: Desk) -> None:
    (event,) = await refused(quick_desk, {"code": 131050}, status=200)
    assert event.kind is EventKind.NATIVE_STOPPED


@pytest.mark.parametrize(
    "error", [{"code": 131049}, {"code": 131047}, {"code": 1}, {"code": None}, {}, "x", None]
)
async def test_other_errors_say_nothing_of_the_person(quick_desk: Desk, error: Any) -> None:
    assert await refused(quick_desk, error) == []
