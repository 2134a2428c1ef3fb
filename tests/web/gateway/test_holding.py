"""What a client hands over waits here, is decided on anew, and leaves at most once."""

from __future__ import annotations

import asyncio
import json
from typing import Any

import pytest

from askfirst.decision.policy_file import parse_policy
from askfirst.domain.consent.erasure import EraseReason
from askfirst.domain.consent.event import EventKind, Source
from askfirst.domain.held.held_message import HeldMessage, HeldState
from askfirst.domain.tasks.task import Queue
from askfirst.domain.tenants.sender import SenderState
from askfirst.domain.value import replace
from askfirst.domain.values.ids import HeldId
from askfirst.ports.consent.change import Command
from askfirst.ports.sending.http_connection import Answer
from askfirst.usecases.consent.erase_contact import EraseOrder, erase_contact
from askfirst.usecases.held.manage_held import cancel_held, find_held, list_held
from askfirst.usecases.held.release_held import release_held
from askfirst.web.gateway.endpoint import GatewayEndpoint
from tests.support.builders import (
    ANA,
    ANA_BSUID,
    BUSINESS,
    acquaintance,
    change,
    grant,
    sender,
    stop,
)
from tests.support.clocks import at
from tests.support.law import LAW
from tests.support.outcomes import settled
from tests.support.services import World, build_world
from tests.support.tasks import run_due
from tests.web.asgi_call import Got
from tests.web.gateway.conftest import make_desk
from tests.web.gateway.desk import TEMPLATE, TEXT, Desk

NIGHT, DAY = at(11 * 3600), at(20 * 3600)
"""23:00 in London, and 08:00 on the next morning."""
TAKEN = b'{"contacts":[{"wa_id":"447700900123"}],"messages":[{"id":"wamid.sent"}]}'


@pytest.fixture
async def desk(world: World) -> Desk:
    """A desk at night, where offers wait for the day; Ana wants them."""
    night = build_world(world.store, world.clock, policy=parse_policy("", LAW))
    night.connections.reply = Answer(status=200, content_type="application/json", body=TAKEN)
    found = await make_desk(night)
    await found.commit(grant())
    world.clock.set(NIGHT)
    return found


async def hand_over(
    desk: Desk, message: dict[str, Any] = TEMPLATE, until: str = "true", **more: Any
) -> Got:
    headers = (
        desk.key,
        ("content-type", "application/json"),
        ("x-askfirst-hold", until),
        ("x-askfirst-campaign", "spring_sale"),
    )
    return await desk.send(message, headers=headers, **more)


async def held_by(desk: Desk, got: Got) -> HeldMessage:
    name = HeldId(json.loads(got.body)["messages"][0]["id"])
    found = await find_held(desk.world.services, BUSINESS, name)
    assert found is not None
    return found


async def let_time_pass(desk: Desk, until: int = DAY) -> None:
    await settled(desk.world)  # as it has long before any such time is over
    desk.world.clock.set(at((until - at(0)) / 1_000_000))
    await run_due(desk.world, Queue.HELD)


async def say(desk: Desk, *acts: Command) -> None:
    desk.world.clock.advance(1)
    await desk.world.store.ledger.commit(change(*acts, at=desk.world.clock.now()))


async def test_what_has_to_wait_is_kept_and_answered_as_meta_answers(desk: Desk) -> None:
    got = await hand_over(desk)
    told = json.loads(got.body)
    assert got.status == 200
    assert told["messaging_product"] == "whatsapp"
    assert told["contacts"] == [{"input": "+447700900123"}]
    (message,) = told["messages"]
    assert message["id"].startswith("hld_")
    assert message["message_status"] == "held"
    assert told["askfirst"]["reasons"] == ["quiet_hours"]
    assert told["askfirst"]["held_until"] == "2026-01-16T08:00:00.000000Z"
    assert told["askfirst"]["expires_at"] == "2026-01-16T23:00:00.000000Z"
    assert told["askfirst"]["retry_after"] == 9 * 3600
    assert not desk.sent
    held = await held_by(desk, got)
    assert (held.state, held.reason, held.campaign) == ("held", "quiet_hours", "spring_sale")
    assert desk.world.telemetry.held_ends == [(HeldState.HELD, "")]


async def test_it_leaves_when_its_time_has_come_on_a_decision_of_its_own(desk: Desk) -> None:
    got = await hand_over(desk)
    before = await held_by(desk, got)
    await let_time_pass(desk, DAY - 1_000_000)
    assert not desk.sent
    await let_time_pass(desk)
    (left,) = desk.sent
    assert json.loads(left.body)["template"] == TEMPLATE["template"]
    assert left.target == f"/v23.0/{sender().phone_number_id}/messages"
    assert left.headers["authorization"] == "Bearer EAAG-meta"
    held = await held_by(desk, got)
    assert (held.state, held.message_id) == (HeldState.SENT, "wamid.sent")
    assert held.decision_id != before.decision_id
    rows = await desk.world.services.decisions.decisions(BUSINESS, "", 10)
    assert [row.decision.verdict.value for row in rows] == ["wait", "allow"]
    assert rows[1].question.held == held.held_id
    assert rows[1].question.campaign == "spring_sale"
    assert await run_due(desk.world, Queue.HELD) == 0


async def test_a_message_that_may_leave_at_once_is_not_held(desk: Desk) -> None:
    desk.world.clock.set(DAY)
    assert b"wamid.sent" in (await hand_over(desk)).body
    assert len(desk.sent) == 1
    assert await list_held(desk.world.services, BUSINESS, "", 9, is_open=True) == ()


async def test_a_no_is_a_no_whether_or_not_it_could_be_held(desk: Desk) -> None:
    await say(desk, stop())
    got = await hand_over(desk)
    assert got.status == 400
    assert await list_held(desk.world.services, BUSINESS, "", 9, is_open=True) == ()


async def test_who_does_not_ask_for_it_is_answered_as_for_throttling(desk: Desk) -> None:
    for header in ("", "false"):
        assert (await hand_over(desk, until=header)).status == 429
    assert (await desk.send()).status == 429
    assert await list_held(desk.world.services, BUSINESS, "", 9, is_open=True) == ()


async def test_it_is_not_held_where_its_latest_moment_comes_first(desk: Desk) -> None:
    got = await hand_over(desk, until="2026-01-16T08:00:00Z")
    assert got.status == 429
    assert await list_held(desk.world.services, BUSINESS, "", 9, is_open=True) == ()


@pytest.mark.parametrize(
    "latest", ["yes", "2026-01-15T22:59:59Z", "2026-01-22T23:00:01Z", "2026-01-16", "until noon"]
)
async def test_a_latest_moment_that_is_none_is_refused_by_name(desk: Desk, latest: str) -> None:
    got = await hand_over(desk, until=latest)
    assert got.status == 400
    assert "X-Askfirst-Hold" in got.error["error_data"]["details"]


async def test_a_token_of_metas_is_not_kept_so_nothing_is_held_for_it(desk: Desk) -> None:
    headers = (
        ("authorization", "Bearer EAAG-own"),
        ("content-type", "application/json"),
        ("x-askfirst-hold", "true"),
    )
    door = GatewayEndpoint(desk.world.services, desk.metrics, pass_through_meta_tokens=True)
    got = await desk.send(headers=headers, door=door)
    assert got.status == 400
    assert "needs a key of askfirst" in got.error["error_data"]["details"]


@pytest.mark.parametrize("purposes", [(), ("marketing",)], ids=["everything", "marketing"])
async def test_a_stop_in_between_ends_it_whatever_follows(
    desk: Desk, purposes: tuple[str, ...]
) -> None:
    got = await hand_over(desk)
    await say(desk, stop(purposes=purposes))
    held = await held_by(desk, got)
    assert (held.state, held.reason) == (HeldState.STOPPED, EventKind.WITHDRAWN.value)
    assert await desk.world.store.held_messages.content(BUSINESS, held.held_id) is None
    await say(desk, grant(at=desk.world.clock.now()))
    await let_time_pass(desk)
    assert not desk.sent
    assert desk.world.telemetry.held_ends[-1] == (HeldState.STOPPED, "withdrawn")


async def test_a_stop_of_something_else_leaves_it(desk: Desk) -> None:
    got = await hand_over(desk)
    await say(desk, stop(purposes=("utility",)))
    assert (await held_by(desk, got)).state is HeldState.HELD
    await let_time_pass(desk)
    assert len(desk.sent) == 1


async def test_a_stop_of_one_name_ends_what_is_held_for_another_of_the_same_person(
    desk: Desk,
) -> None:
    await say(desk, grant(ANA_BSUID, at=desk.world.clock.now()))
    got = await hand_over(desk)
    await say(desk, acquaintance(ANA, ANA_BSUID))
    assert (await held_by(desk, got)).state is HeldState.HELD
    await say(desk, stop(ANA_BSUID))
    assert (await held_by(desk, got)).state is HeldState.STOPPED


async def test_a_stop_and_a_merge_in_one_batch_end_it_too(desk: Desk) -> None:
    await say(desk, grant(ANA_BSUID, at=desk.world.clock.now()))
    got = await hand_over(desk)
    await say(desk, stop(ANA_BSUID), acquaintance(ANA, ANA_BSUID), stop(ANA))
    assert (await held_by(desk, got)).state is HeldState.STOPPED


async def test_who_is_erased_meanwhile_leaves_nothing_behind(desk: Desk) -> None:
    got = await hand_over(desk)
    held = await held_by(desk, got)
    order = EraseOrder(
        business_id=BUSINESS, person=ANA, reason=EraseReason.REQUESTED, source=Source.API
    )
    await erase_contact(desk.world.services, order)
    assert await find_held(desk.world.services, BUSINESS, held.held_id) is None
    await let_time_pass(desk)
    assert not desk.sent


async def test_a_no_between_the_decision_and_the_keeping_of_it_keeps_nothing(desk: Desk) -> None:
    kept: Any = desk.world.services.held_messages
    hold = kept.hold

    async def late(*parts: Any) -> bool:
        await desk.world.store.ledger.commit(change(stop(), at=desk.world.clock.now()))
        is_held: bool = await hold(*parts)
        return is_held

    kept.hold = late
    got = await hand_over(desk)
    assert got.status == 429
    assert await list_held(desk.world.services, BUSINESS, "", 9, is_open=True) == ()


async def test_what_still_has_to_wait_waits_on_and_expires(desk: Desk) -> None:
    got = await hand_over(desk, until="2026-01-16T12:00:00Z")
    desk.world.services.policies.take(parse_policy('[hours]\nevery_day = "18:00-20:00"\n', LAW))
    await let_time_pass(desk)
    held = await held_by(desk, got)
    assert held.state is HeldState.HELD
    assert held.due_at == held.expires_at
    await let_time_pass(desk, held.expires_at)
    held = await held_by(desk, got)
    assert (held.state, held.reason) == (HeldState.EXPIRED, "quiet_hours")
    assert await desk.world.store.held_messages.content(BUSINESS, held.held_id) is None
    assert not desk.sent


async def test_decided_anew_it_may_be_refused(desk: Desk) -> None:
    got = await hand_over(desk)
    await desk.world.services.directory.put_sender(
        replace(sender(), state=SenderState.PAUSED), "EAAG-meta", desk.world.clock.now()
    )
    await let_time_pass(desk)
    held = await held_by(desk, got)
    assert (held.state, held.reason) == (HeldState.REFUSED, "sender_out_of_service")
    assert not desk.sent


async def test_the_same_offer_held_twelve_times_leaves_once(desk: Desk) -> None:
    answers = [await hand_over(desk) for _ in range(12)]
    await let_time_pass(desk)
    assert len(desk.sent) == 1
    ends = [(await held_by(desk, got)).state for got in answers]
    assert sorted(ends) == [HeldState.REFUSED] * 11 + [HeldState.SENT]


async def test_two_workers_with_one_task_send_once(desk: Desk) -> None:
    """No other rule stands in the way of a second one."""
    await hand_over(desk)
    text = "[duplicates]\nmarketing = 0\n[caps]\nmarketing = { day = 9 }\n"
    desk.world.services.policies.take(parse_policy(text, LAW))
    desk.world.clock.set(DAY)
    tasks = desk.world.store.tasks
    leased = await tasks.claim(BUSINESS, Queue.HELD, DAY, at(20 * 3600 + 120))
    assert leased
    await asyncio.gather(*(release_held(desk.world.services, leased) for _ in range(2)))
    assert len(desk.sent) == 1


async def test_what_may_have_left_is_not_sent_again(desk: Desk) -> None:
    got = await hand_over(desk)
    desk.world.connections.is_answered = False
    await let_time_pass(desk)
    desk.world.connections.is_answered = True
    assert (await held_by(desk, got)).state is HeldState.UNKNOWN
    await let_time_pass(desk, at(24 * 3600))
    assert len(desk.sent) == 1


@pytest.mark.parametrize("fault", ["can_open", "can_send"])
async def test_where_meta_cannot_be_reached_it_waits_for_another_try(
    desk: Desk, fault: str
) -> None:
    got = await hand_over(desk)
    setattr(desk.world.connections, fault, False)
    await let_time_pass(desk)
    assert (await held_by(desk, got)).state is HeldState.HELD
    setattr(desk.world.connections, fault, True)
    await let_time_pass(desk, at(20 * 3600 + 61))
    assert (await held_by(desk, got)).state is HeldState.SENT
    assert len(desk.sent) == 1


async def test_what_meta_does_not_take_has_failed(desk: Desk) -> None:
    got = await hand_over(desk)
    desk.world.connections.reply = Answer(
        status=400, content_type="application/json", body=b'{"error":{"code":131026}}'
    )
    await let_time_pass(desk)
    held = await held_by(desk, got)
    assert (held.state, held.reason) == (HeldState.FAILED, "131026")


async def test_one_that_is_taken_back_does_not_leave(desk: Desk) -> None:
    held = await held_by(desk, await hand_over(desk))
    services = desk.world.services
    for _ in range(2):
        found = await cancel_held(services, BUSINESS, held.held_id)
        assert found is not None
        assert found.state is HeldState.CANCELLED
    await let_time_pass(desk)
    assert not desk.sent
    assert services.telemetry is desk.world.telemetry
    assert desk.world.telemetry.held_ends[1:] == [(HeldState.CANCELLED, "")]


async def test_a_free_form_message_to_somebody_unknown_is_held_for_nobody(desk: Desk) -> None:
    got = await hand_over(desk, TEXT | {"to": "+447700900999"})
    assert got.status == 400


async def test_ended_messages_are_forgotten_with_the_bodies(desk: Desk) -> None:
    held = await held_by(desk, await hand_over(desk))
    await let_time_pass(desk)
    await desk.world.store.sweep(BUSINESS, DAY)
    assert await find_held(desk.world.services, BUSINESS, held.held_id) is not None
    await desk.world.store.sweep(BUSINESS, at(21 * 3600))
    assert await find_held(desk.world.services, BUSINESS, held.held_id) is None
