"""Brakes as use cases see them: what Meta's words set, who is told, and what an operator may do."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

import pytest

from askfirst.bootstrap.database.store import Store
from askfirst.domain.brakes.brake import Brake, BrakeStep, Cause, Colour, Hold
from askfirst.domain.brakes.subject import BrakeScope
from askfirst.domain.consent.event import EventFilter
from askfirst.domain.events.endpoint import parse_endpoint
from askfirst.domain.tasks.retry_later import RetryLater
from askfirst.domain.tasks.task import LeasedTask, Task, TaskId
from askfirst.domain.tenants.api_key import Business
from askfirst.domain.value import replace
from askfirst.domain.values.errors import InvalidInput, UnknownReference
from askfirst.domain.values.ids import BrakeId
from askfirst.domain.values.timestamp import HOUR, Instant
from askfirst.graph.inbound.webhook import read_webhook
from askfirst.ports.brakes.brakes import change_task, watch_task
from askfirst.usecases.brakes.manage_brakes import (
    Pause,
    find_brakes,
    lift_brake,
    list_brakes,
    set_brake,
)
from askfirst.usecases.brakes.tell_brakes import tell_brake
from askfirst.usecases.brakes.watch_brakes import IDLE, SOON, watch_brakes
from askfirst.usecases.events.manage_subscriptions import SubscriptionOrder, create_subscription
from askfirst.usecases.inbound.take_webhook import take_webhook
from tests.support.builders import BUSINESS, sender
from tests.support.clocks import NOON, FakeClock
from tests.support.services import FakeEndpoints, World, build_world

WABA = sender().waba_id
URL = "https://shop.example/askfirst"


async def world_of(store: Store) -> World:
    world = build_world(store, FakeClock())
    await store.directory.put_business(Business(business_id=BUSINESS, name="Acme"), NOON)
    await store.directory.put_sender(sender(), "EAAG", NOON)
    return world


async def told(world: World, field: str, value: Mapping[str, Any]) -> tuple[Brake, ...]:
    """Receive a notice of Meta's; gives the brakes that are on."""
    change = {"field": field, "value": value}
    entry = {"id": WABA, "time": 1_768_478_000, "changes": [change]}
    body = json.dumps({"object": "whatsapp_business_account", "entry": [entry]}).encode()
    await take_webhook(world.services, read_webhook(body), body)
    return await list_brakes(world.services, BUSINESS, "", 100, with_lifted=False)


def endpoints(world: World) -> FakeEndpoints:
    found = world.services.endpoints
    assert isinstance(found, FakeEndpoints)
    return found


def restriction(*kinds: str) -> dict[str, Any]:
    info = [{"restriction_type": kind, "expiration": 1_800_000_000} for kind in kinds]
    return {"event": "ACCOUNT_RESTRICTION", "restriction_info": info}


async def test_each_restriction_holds_what_it_names(store: Store) -> None:
    world = await world_of(store)
    kinds = (
        "RESTRICTED_BIZ_INITIATED_MESSAGING",
        "RESTRICTED_UTILITY_TEMPLATES",
        "RESTRICTED_USER_INITIATED_CALLING",
    )
    on = await told(world, "account_update", restriction(*kinds))
    assert {brake.holds for brake in on} == {Hold.STARTED, Hold.UTILITY}
    assert {brake.colour for brake in on} == {Colour.RESTRICTED}
    assert await told(world, "account_update", restriction(*kinds)) == on


async def test_a_ban_ends_with_metas_word(store: Store) -> None:
    world = await world_of(store)

    def ban(state: str) -> dict[str, Any]:
        return {"event": "DISABLED_UPDATE", "ban_info": {"waba_ban_state": state}}

    (brake,) = await told(world, "account_update", ban("DISABLE"))
    assert (brake.holds, brake.lifts_at) == (Hold.EVERYTHING, None)
    assert await told(world, "account_update", ban("REINSTATE")) == ()


async def test_a_rating_is_of_the_template_whichever_field_it_stands_under(store: Store) -> None:
    world = await world_of(store)

    def rated(word: str) -> dict[str, Any]:
        return {
            "message_template_name": "offer",
            "message_template_language": "en",
            "new_quality_score": word,
        }

    (brake,) = await told(world, "message_template_status_update", rated("RED"))
    assert (brake.subject.key, brake.colour) == ("template:offer/en", Colour.RED)
    (brake,) = await told(world, "message_template_quality_update", rated("YELLOW"))
    assert brake.colour is Colour.YELLOW
    assert await told(world, "message_template_quality_update", rated("GREEN")) == ()


async def test_a_critical_alert_halves_what_it_is_about(store: Store) -> None:
    world = await world_of(store)
    info = {"alert_severity": "CRITICAL", "alert_status": "ACTIVE", "alert_type": "X"}
    alert = {"entity_type": "PHONE_NUMBER", "entity_id": "200", "alert_info": info}
    (brake,) = await told(world, "account_alerts", alert)
    assert (brake.subject.key, brake.colour) == ("sender:200", Colour.YELLOW)
    over = alert | {"alert_info": info | {"alert_status": "NONE"}}
    assert await told(world, "account_alerts", over) == ()


async def test_a_status_that_tells_of_blocks_stops_the_sender(store: Store) -> None:
    world = await world_of(store)
    status = {
        "id": "wamid.1",
        "status": "failed",
        "timestamp": "1768478000",
        "recipient_id": "447700900123",
        "errors": [{"code": 131048}],
    }
    metadata = {"phone_number_id": sender().phone_number_id}
    (brake,) = await told(world, "messages", {"metadata": metadata, "statuses": [status]})
    assert (brake.subject.scope, brake.cause) == (BrakeScope.SENDER, Cause.SPAM_LIMIT)


@pytest.mark.parametrize(
    "value",
    [{}, {"event": 1}, restriction("A NEW ONE"), {"event": "DISABLED_UPDATE", "ban_info": []}],
)
async def test_what_is_not_understood_sets_nothing(store: Store, value: dict[str, Any]) -> None:
    assert await told(await world_of(store), "account_update", value) == ()


def pause(**parts: Any) -> Pause:
    known: dict[str, Any] = {
        "business_id": BUSINESS,
        "scope": BrakeScope.BUSINESS,
        "subject": "",
        "holds": Hold.MARKETING,
        "until": None,
        "by": "Kim",
        "reason": "wrong prices",
    }
    return Pause(**(known | parts))


@pytest.mark.parametrize(
    "parts",
    [
        {"by": " "},
        {"reason": ""},
        {"until": NOON},
        {"holds": Hold.STARTED},
        {"subject": "x"},
        {"scope": BrakeScope.TEMPLATE},
    ],
)
async def test_a_pause_that_says_too_little_is_refused(store: Store, parts: dict[str, Any]) -> None:
    world = await world_of(store)
    with pytest.raises(InvalidInput):
        await set_brake(world.services, pause(**parts))


async def test_a_brake_that_is_not_on_cannot_be_lifted(store: Store) -> None:
    world = await world_of(store)
    with pytest.raises(UnknownReference):
        await lift_brake(world.services, BUSINESS, "brk_" + "0" * 26, "Ada", "a reason")
    with pytest.raises(InvalidInput):
        await lift_brake(world.services, BUSINESS, "brk_1", "Ada", "a reason")


async def test_the_check_up_says_what_is_on(store: Store) -> None:
    world = await world_of(store)
    (well,) = await find_brakes(world.services)
    await set_brake(world.services, pause())
    (found,) = await find_brakes(world.services)
    assert (well.summary, found.summary) == ("No brake is on.", f"Of {BUSINESS}, brakes are on: 1.")


async def subscribed(world: World, wanted: EventFilter | None = None) -> None:
    order = SubscriptionOrder(
        business_id=BUSINESS, url=URL, wanted=wanted or EventFilter(), after=None
    )
    await create_subscription(world.services, order)


def leased(task: Task) -> LeasedTask:
    return LeasedTask(task=task, until=Instant(NOON + HOUR), attempts=1)


async def change_tasks(world: World, brake_id: BrakeId) -> Task:
    changes = await world.services.brakes.changes(BUSINESS, brake_id)
    return change_task(BUSINESS, changes[-1].change_id)


async def test_each_change_is_counted_and_told_to_who_wants_everything(store: Store) -> None:
    world = await world_of(store)
    await subscribed(world)
    brake = await set_brake(world.services, pause())
    task = await change_tasks(world, brake.brake_id)
    await tell_brake(world.services, leased(task))
    (counted,) = world.telemetry.brakes
    assert counted.step is BrakeStep.SET
    (one,) = await world.services.subscriptions.list(BUSINESS, "", 10)
    to_one = change_task(BUSINESS, counted.change_id, one.subscription_id)
    await tell_brake(world.services, leased(to_one))
    ((url, change),) = endpoints(world).brakes
    assert (url, change.brake.subject, change.by) == (
        parse_endpoint(URL).value,
        brake.subject,
        "Kim",
    )


async def test_what_is_not_taken_is_tried_again_for_three_days(store: Store) -> None:
    world = await world_of(store)
    await subscribed(world)
    endpoints(world).refuses_brakes = True
    brake = await set_brake(world.services, pause())
    task = await change_tasks(world, brake.brake_id)
    (one,) = await world.services.subscriptions.list(BUSINESS, "", 10)
    to_one = replace(task, task_id=TaskId(f"{task.task_id}/{one.subscription_id}"))
    with pytest.raises(RetryLater):
        await tell_brake(world.services, leased(to_one))
    world.clock.advance(3 * 24 * 3600)
    await tell_brake(world.services, leased(to_one))


async def test_it_is_looked_at_more_often_while_something_is_on(store: Store) -> None:
    world = await world_of(store)
    task = leased(watch_task(BUSINESS))
    await watch_brakes(world.services, task)
    assert await watch_brakes(world.services, task) == world.clock.now() + IDLE
    await set_brake(world.services, pause())
    assert await watch_brakes(world.services, task) == world.clock.now() + SOON
