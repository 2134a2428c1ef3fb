"""What leaves, and where to, in the console: held messages, entry points, webhooks and events."""

from __future__ import annotations

import pytest

from askfirst.decision.question import MessageKind, SendRequest
from askfirst.domain.consent.event import EventFilter
from askfirst.domain.events.subscription import SubscriptionState
from askfirst.domain.held.held_message import HeldMessage, HeldState
from askfirst.domain.inbound.webhook_receiver import ReceiverState
from askfirst.domain.operators.audit_entry import AuditAct
from askfirst.domain.operators.operator import OperatorRole
from askfirst.domain.values.ids import DecisionId, Position
from askfirst.domain.values.purpose import MARKETING as FOR_MARKETING
from askfirst.domain.values.timestamp import HOUR, Instant
from askfirst.ports.held.held_messages import HeldContent
from askfirst.usecases.entry_points.manage_entries import EntryOrder, list_entries, make_entry
from askfirst.usecases.events.manage_subscriptions import (
    SubscriptionOrder,
    create_subscription,
    list_subscriptions,
)
from askfirst.usecases.held.manage_held import find_held
from askfirst.usecases.inbound.manage_receivers import (
    ReceiverOrder,
    add_receiver,
    list_receivers,
)
from askfirst.web.console.words import console_words
from tests.support import builders
from tests.support.builders import ANA, BUSINESS, RIVAL, SENDER
from tests.support.evidence import said_at_sign_up
from tests.web.console.office import Office

HOME = f"/console/{BUSINESS}"
ADMIN, MARKETING, VIEWER = OperatorRole.ADMIN, OperatorRole.MARKETING, OperatorRole.VIEWER
URL = "https://shop.example/askfirst"


async def held(office: Office) -> HeldMessage:
    """A message to Ana that waits for the morning."""
    await said_at_sign_up(office.world)
    services, now = office.world.services, office.world.clock.now()
    message = HeldMessage(
        business_id=BUSINESS,
        held_id=services.ids.held(),
        contact_id=await office.person(),
        sender=SENDER,
        purpose="marketing",
        campaign="advent-menu",
        state=HeldState.HELD,
        reason="quiet_hours",
        decision_id=DecisionId("dec_01KGA2V8M0Q3R5T7W9Y1B3D5F7"),
        position=Position(await services.ledger.head(BUSINESS)),
        held_at=now,
        due_at=Instant(now + HOUR),
        expires_at=Instant(now + 9 * HOUR),
    )
    question = SendRequest(
        business_id=BUSINESS,
        sender=SENDER,
        recipients=(ANA,),
        kind=MessageKind.PURPOSE,
        purpose=FOR_MARKETING,
    )
    content = HeldContent(question=question, target="/v26.0/200/messages", body=b'{"text":"hi"}')
    assert await services.held_messages.hold(message, content)
    return message


async def test_what_waits_is_shown_with_why_and_until_when(office: Office) -> None:
    message = await held(office)
    page = await office.at(VIEWER).get(f"{HOME}/held")
    assert "advent-menu" in page.text
    assert "quiet_hours" in page.text
    assert f"{HOME}/people/{message.contact_id}" in page.links()
    assert "Take back" not in page.text
    assert ANA.value not in page.source
    home = await office.at(VIEWER).get(HOME)
    assert "Messages held until they may leave: 1" in home.text
    assert f"{HOME}/held" in home.links()


async def test_a_message_that_is_taken_back_does_not_leave(office: Office) -> None:
    message = await held(office)
    page = await office.at(MARKETING).get(f"{HOME}/held")
    assert "Take back" in page.text
    done = await office.send(MARKETING, f"/held/{message.held_id}/cancel", {})
    assert done.got.status == 303
    found = await find_held(office.world.services, BUSINESS, message.held_id)
    assert found is not None
    assert found.state is HeldState.CANCELLED
    assert (await office.acts())[0] is AuditAct.HELD_TAKEN_BACK
    assert "No message waits" in (await office.at(MARKETING).get(f"{HOME}/held")).text
    ended = await office.at(MARKETING).get(f"{HOME}/held?state=ended")
    assert "Taken back" in ended.text


async def test_what_has_ended_otherwise_cannot_be_taken_back(office: Office) -> None:
    message = await held(office)
    person = f"/people/{message.contact_id}/stop"
    await office.send(MARKETING, person, {"what": "everything"})
    late = await office.send(MARKETING, f"/held/{message.held_id}/cancel", {})
    assert (late.got.status, "its state is stopped" in late.text) == (409, True)


async def test_a_held_message_of_another_business_is_not_found(office: Office) -> None:
    message = await held(office)
    form = {"form_token": await office.token(ADMIN, RIVAL)}
    place = f"/console/{RIVAL}/held/{message.held_id}/cancel"
    assert (await office.at(ADMIN, RIVAL).post(place, form)).got.status == 404
    found = await find_held(office.world.services, BUSINESS, message.held_id)
    assert found is not None
    assert found.state is HeldState.HELD


async def test_an_entry_point_is_made_shown_and_ended(office: Office) -> None:
    assert "no entry point yet" in (await office.at(MARKETING).get(f"{HOME}/entry-points")).text
    form = {"name": "Window", "words": "Hello Café Lune!", "locale": "fr"}
    made = await office.send(MARKETING, "/entry-points", form)
    assert made.got.status == 303
    page = await office.at(MARKETING).get(made.got.headers["location"])
    (entry,) = await list_entries(office.world.services, BUSINESS, "", 10)
    assert entry.locale == "fr"
    assert entry.code in page.text
    assert "Arrivals: 0" in page.text
    assert page.all("svg", role="img") or "<svg" in page.source
    assert any(one["href"].endswith(f"{entry.code}/poster") for one in page.all("a"))
    ended = await office.send(MARKETING, f"/entry-points/{entry.entry_id}/end", {})
    assert ended.got.status == 303
    (entry,) = await list_entries(office.world.services, BUSINESS, "", 10)
    assert entry.ended_at is not None
    assert (await office.acts())[:2] == [AuditAct.ENTRY_ENDED, AuditAct.ENTRY_MADE]


@pytest.mark.parametrize(
    ("form", "told"),
    [
        ({"name": ""}, "must be a name"),
        ({"words": "x" * 140}, "characters at most"),
        ({"locale": "xx"}, "must be one of"),
    ],
)
async def test_an_entry_that_cannot_be_says_why_and_keeps_what_was_typed(
    office: Office, form: dict[str, str], told: str
) -> None:
    sent = {"name": "Window", "words": "Hello!", "locale": "en", **form}
    refused = await office.send(MARKETING, "/entry-points", sent)
    assert (refused.got.status, told in refused.text) == (422, True), refused.text
    assert refused.all("input", name="words", value=sent["words"])
    assert await list_entries(office.world.services, BUSINESS, "", 10) == ()


async def test_an_entry_of_another_business_is_not_found(office: Office) -> None:
    order = EntryOrder(business_id=BUSINESS, name="Window", words="Hi", locale="en")
    entry = await make_entry(office.world.services, order)
    form = {"form_token": await office.token(ADMIN, RIVAL)}
    place = f"/console/{RIVAL}/entry-points/{entry.entry_id}/end"
    assert (await office.at(ADMIN, RIVAL).post(place, form)).got.status == 404
    (entry,) = await list_entries(office.world.services, BUSINESS, "", 10)
    assert entry.ended_at is None


async def test_a_receiver_is_paused_resumed_and_sent_things_again(office: Office) -> None:
    services = office.world.services
    assert "No server receives Meta" in (await office.at(ADMIN).get(f"{HOME}/webhooks")).text
    made = await add_receiver(services, ReceiverOrder(business_id=BUSINESS, url=URL))
    place = f"/webhooks/receivers/{made.receiver_id}"
    page = await office.at(ADMIN).get(f"{HOME}/webhooks")
    assert URL in page.text
    assert (await office.send(ADMIN, f"{place}/state", {"state": "paused"})).got.status == 303
    (found,) = await list_receivers(services, BUSINESS, "", 10)
    assert found.state is ReceiverState.PAUSED
    await office.send(ADMIN, f"{place}/state", {"state": "live"})
    (found,) = await list_receivers(services, BUSINESS, "", 10)
    assert found.state is ReceiverState.LIVE
    assert (await office.send(ADMIN, f"{place}/again", {"since": "2026-01-01"})).got.status == 303
    for wrong in ("", "yesterday", "2026-13-01"):
        refused = await office.send(ADMIN, f"{place}/again", {"since": wrong})
        assert (refused.got.status, "must be a day" in refused.text) == (422, True)
    assert (await office.acts())[:3] == [
        AuditAct.DELIVERED_AGAIN,
        AuditAct.ENDPOINT_RESUMED,
        AuditAct.ENDPOINT_PAUSED,
    ]


async def test_a_subscription_is_paused_and_goes_back_to_a_position(office: Office) -> None:
    services = office.world.services
    await said_at_sign_up(office.world)
    order = SubscriptionOrder(business_id=BUSINESS, url=URL, wanted=EventFilter())
    made, secret = await create_subscription(services, order)
    place = f"/webhooks/events/{made.subscription_id}"
    page = await office.at(ADMIN).get(f"{HOME}/webhooks")
    assert URL in page.text
    assert secret not in page.source
    assert f"up to position {made.position}" in page.text
    assert (await office.send(ADMIN, f"{place}/again", {"after": "0"})).got.status == 303
    assert (await office.send(ADMIN, f"{place}/state", {"state": "paused"})).got.status == 303
    (found,) = await list_subscriptions(services, BUSINESS, "", 10)
    assert (found.state, found.position) == (SubscriptionState.PAUSED, 0)
    for wrong in ("", "-1", "one", "9" * 20):
        refused = await office.send(ADMIN, f"{place}/again", {"after": wrong})
        assert (refused.got.status, "must be a position" in refused.text) == (422, True)
    parked = await office.send(ADMIN, f"{place}/state", {"state": "parked"})
    assert (parked.got.status, "must be live or paused" in parked.text) == (422, True)


async def test_servers_of_another_business_are_not_found(office: Office) -> None:
    services = office.world.services
    receiver = await add_receiver(services, ReceiverOrder(business_id=BUSINESS, url=URL))
    order = SubscriptionOrder(business_id=BUSINESS, url=URL, wanted=EventFilter())
    made, _ = await create_subscription(services, order)
    rival, token = office.at(ADMIN, RIVAL), await office.token(ADMIN, RIVAL)
    form = {"form_token": token, "state": "paused", "since": "2026-01-01", "after": "0"}
    for place in (f"receivers/{receiver.receiver_id}", f"events/{made.subscription_id}"):
        for act in ("state", "again"):
            got = (await rival.post(f"/console/{RIVAL}/webhooks/{place}/{act}", form)).got
            assert got.status == 404, place
    shown = (await rival.get(f"/console/{RIVAL}/webhooks")).source
    assert receiver.receiver_id not in shown
    assert made.subscription_id not in shown
    (found,) = await list_receivers(services, BUSINESS, "", 10)
    assert found.state is ReceiverState.LIVE


async def test_each_page_has_words_in_each_language(office: Office) -> None:
    await held(office)
    order = EntryOrder(business_id=BUSINESS, name="Window", words="Hi", locale="en")
    await make_entry(office.world.services, order)
    await add_receiver(office.world.services, ReceiverOrder(business_id=BUSINESS, url=URL))
    for locale in console_words():
        for place in ("/held", "/held?state=ended", "/entry-points", "/webhooks", ""):
            mark = "&" if "?" in place else "?"
            page = await office.at(ADMIN).get(f"{HOME}{place}{mark}locale={locale}")
            assert page.got.status == 200, (locale, place)


def test_each_state_has_words() -> None:
    source = console_words()["en"].keys()
    assert {f"held_state.{state}" for state in HeldState} <= source
    assert {f"endpoint.{state}" for state in (*ReceiverState, *SubscriptionState)} <= source


async def test_campaigns_are_there_to_choose_from(office: Office) -> None:
    page = await office.at(VIEWER).get(f"{HOME}/not-sent")
    assert "Campaigns so far" not in page.text
    question = builders.question(campaign="spring-sale")
    await office.world.services.decisions.record(builders.decision_record(question=question))
    page = await office.at(VIEWER).get(f"{HOME}/not-sent")
    assert f'href="{HOME}/not-sent?campaign=spring-sale"' in page.got.body.decode()
