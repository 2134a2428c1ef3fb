"""What goes wrong on purpose, and how the business hears of it."""

from typing import Any

import httpx
import pytest

from askfirst.domain.inbound.inbound_event import DeliveryReported, Preference, PreferenceChanged
from askfirst.simulator.simulator import Simulator
from tests.unit.simulator.conftest import ANA, LANGUAGES, SENDER, Receiver, code_template, template

MESSAGES = f"/v26.0/{SENDER}/messages"


async def switch(client: httpx.AsyncClient, **switches: object) -> httpx.Response:
    return await client.post(f"/phones/{ANA}/trouble", json=switches)


async def fates(
    client: httpx.AsyncClient, simulator: Simulator, receiver: Receiver, body: dict[str, Any]
) -> list[tuple[str, tuple[int, ...]]]:
    receiver.bodies.clear()
    assert (await client.post(MESSAGES, json=body)).status_code == 200
    reports = await receiver.settled(simulator)
    return [(one.status, one.codes) for one in reports if isinstance(one, DeliveryReported)]


@pytest.mark.parametrize(
    ("switches", "told"),
    [
        ({"not_on_whatsapp": True}, [("failed", (131026,))]),
        ({"no_delivery": True}, [("sent", ())]),
        ({"fail_with": 131049}, [("failed", (131049,))]),
        ({"fail_with": 999_999}, [("failed", (999_999,))]),
        ({"fail_with": 131000, "not_on_whatsapp": True}, [("failed", (131000,))]),
    ],
)
async def test_a_message_meets_the_trouble_that_is_switched_on(
    client: httpx.AsyncClient,
    simulator: Simulator,
    receiver: Receiver,
    switches: dict[str, object],
    told: list[tuple[str, tuple[int, ...]]],
) -> None:
    assert (await switch(client, **switches)).status_code == 200
    assert await fates(client, simulator, receiver, code_template("1234")) == told
    assert (await client.get(f"/phones/{ANA}")).json()["inbox"] == []


async def test_trouble_ends_when_it_is_switched_off(
    client: httpx.AsyncClient, simulator: Simulator, receiver: Receiver
) -> None:
    await switch(client, not_on_whatsapp=True, no_delivery=True, fail_with=1)
    await switch(client, not_on_whatsapp=False, no_delivery=False, fail_with=0)
    told = await fates(client, simulator, receiver, template("summer_offer"))
    assert told == [("sent", ()), ("delivered", ())]


async def test_a_switch_that_is_not_named_stays(client: httpx.AsyncClient) -> None:
    await switch(client, no_delivery=True)
    answer = await switch(client, fail_with=131049)
    expected = {
        "not_on_whatsapp": False,
        "no_delivery": True,
        "fail_with": 131049,
        "sms_fails": False,
    }
    assert answer.json() == {"troubles": expected}
    assert (await client.get(f"/phones/{ANA}")).json()["troubles"] == expected


async def test_trouble_is_for_one_phone(
    client: httpx.AsyncClient, simulator: Simulator, receiver: Receiver
) -> None:
    await switch(client, not_on_whatsapp=True)
    other = template("summer_offer", to="+447700900456")
    assert await fates(client, simulator, receiver, other) == [("sent", ()), ("delivered", ())]


@pytest.mark.parametrize(
    "odd", [{"fail_with": -1}, {"fail_with": 1_000_000}, {"no_delivery": "yes"}, {"gremlins": True}]
)
async def test_an_odd_switch_is_refused(client: httpx.AsyncClient, odd: dict[str, object]) -> None:
    assert (await switch(client, **odd)).status_code == 400


async def test_somebody_signs_up_by_a_link_of_metas(
    client: httpx.AsyncClient, receiver: Receiver
) -> None:
    await client.post(f"/phones/{ANA}/stop")
    answer = await client.post(f"/phones/{ANA}/signup", json={"signup_id": "7"})
    assert answer.json() == {"webhook_status": 200}
    told = [notice for notice in receiver.notices if isinstance(notice, PreferenceChanged)]
    assert [notice.preference for notice in told] == [Preference.STOP, Preference.SIGNUP]
    assert b'"signup_id":"7"' in receiver.bodies[-1]
    assert (await client.get(f"/phones/{ANA}")).json()["stopped"] == []


async def test_templates_are_listed_without_a_token(client: httpx.AsyncClient) -> None:
    answer = await client.get("/templates", headers={"authorization": ""})
    rows = answer.json()["templates"]
    assert [(row["name"], row["language"]) for row in rows] == [
        *(("order_update", language) for language in LANGUAGES),
        *(("summer_offer", language) for language in LANGUAGES),
        ("verification_code", "en_US"),
    ]


async def test_every_report_brings_the_businesss_own_reference_back(
    client: httpx.AsyncClient, simulator: Simulator, receiver: Receiver
) -> None:
    body = {**template("summer_offer"), "biz_opaque_callback_data": "campaign-7"}
    assert (await client.post(MESSAGES, json=body)).status_code == 200
    reports = await receiver.settled(simulator)
    told = [(one.status, one.reference) for one in reports if isinstance(one, DeliveryReported)]
    assert told == [("sent", "campaign-7"), ("delivered", "campaign-7")]
