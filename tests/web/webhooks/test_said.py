"""A no counts wherever in a signed message it stands, and nothing else takes it back."""

from __future__ import annotations

import json
from typing import Any

import pytest

from askfirst.domain.consent.event import Assurance, Event, EventKind, Source
from askfirst.domain.opt_out.flow_stop import FlowStop
from askfirst.domain.prompts.prompt import Surface
from askfirst.domain.prompts.quick_reply import Reply, ReplyVerb, reply_payload
from askfirst.domain.tenants.profile import Profile
from askfirst.domain.values.alias import phone_alias
from askfirst.domain.values.purpose import Purpose
from askfirst.ports.prompts.prompts import NEVER_PUBLISHED
from askfirst.web.webhooks.endpoint import READ_AT_ONCE_MAX
from tests.support import builders
from tests.support.builders import ANA, BUSINESS, MARKETING, question
from tests.support.clocks import NOON, at
from tests.support.stores import Home
from tests.web.webhooks.posting import Fields, Meta, stamp, typed


def captioned(kind: str, caption: str = "STOP") -> Fields:
    return {"type": kind, kind: {"id": "1", "caption": caption}}


def edited(*, message: Fields) -> Fields:
    return {"type": "edit", "edit": {"original_message_id": "wamid.0", "message": message}}


async def newest(meta: Meta) -> Event:
    return (await meta.events())[-1]


@pytest.mark.parametrize("kind", ["image", "video", "document"])
async def test_a_caption_is_typed_text_and_kept_as_evidence(
    meta: Meta, home: Home, kind: str
) -> None:
    await meta.say_yes()
    await meta.send(**captioned(kind))
    assert not await meta.may_send()
    event = await newest(meta)
    assert (event.kind, event.source) == (EventKind.WITHDRAWN, Source.WEBHOOK)
    assert event.assurance is Assurance.CONFIRMED
    assert event.evidence_digest
    assert len(await home.raw("SELECT position FROM evidence")) == 1


async def test_a_caption_of_offers_ends_marketing_only(quick_meta: Meta) -> None:
    await quick_meta.send(**captioned("image", "no more offers please"))
    assert (await newest(quick_meta)).purposes == MARKETING


@pytest.mark.parametrize(
    "content",
    [
        captioned("image", "please don't stop"),
        captioned("image", "which of the two is it?"),
        {"type": "image", "image": {"id": "1"}},
        {"type": "image", "image": "STOP"},
        {"type": "image", "image": {"caption": {"body": "STOP"}}},
        {"type": "audio", "audio": {"id": "1", "voice": True}},
        {"type": "location", "location": {"name": "Full Stop", "latitude": 1}},
    ],
)
async def test_other_content_says_nothing_and_opens_the_window(
    quick_meta: Meta, content: Fields
) -> None:
    await quick_meta.say_yes()
    await quick_meta.send(**content)
    assert await quick_meta.may_send()
    assert await quick_meta.may_reply()


async def test_a_note_to_an_order_and_text_of_an_unknown_kind_are_typed_text(
    quick_meta: Meta,
) -> None:
    for content in ({"type": "order", "order": {"text": "STOP"}}, typed("STOP") | {"type": "new"}):
        await quick_meta.send(**content)
        assert (await newest(quick_meta)).kind is EventKind.WITHDRAWN
    assert len(await quick_meta.events()) == 2


@pytest.mark.parametrize(
    "message",
    [typed("STOP"), {"text": {"body": "STOP"}}, captioned("image"), captioned("document")],
)
async def test_an_edit_that_says_stop_is_a_stop_and_opens_no_window(
    meta: Meta, message: Fields
) -> None:
    await meta.say_yes()
    await meta.send(**edited(message=message))
    assert not await meta.may_send()
    assert (await meta.world.store.gate.look(builders.free_form())).window_opened_at is None


async def test_no_edit_and_no_revoke_undoes_a_stop(meta: Meta) -> None:
    await meta.say_yes()
    await meta.send(0, **typed("hello"))
    await meta.send(5, **edited(message=typed("STOP")))
    await meta.send(10, **edited(message=typed("hello again")))
    for target in ("wamid.1", "wamid.2"):
        await meta.send(15, type="revoke", revoke={"original_message_id": target})
    assert not await meta.may_send()
    kinds = [event.kind for event in await meta.events()]
    assert kinds == [EventKind.GRANTED, EventKind.WITHDRAWN]


async def test_an_edit_under_the_id_of_the_message_it_changes_counts(quick_meta: Meta) -> None:
    message = quick_meta.message(0, **typed("hello"))
    change = message | edited(message=typed("STOP"))
    await quick_meta.post("messages", {"messages": [message]})
    await quick_meta.post("messages", {"messages": [change]})
    await quick_meta.post("messages", {"messages": [change]})
    assert [event.kind for event in await quick_meta.events()] == [EventKind.WITHDRAWN]


def history(*messages: Fields, thread: str = ANA.value) -> Fields:
    chunk = {"metadata": {"phase": 0}, "threads": [{"id": thread, "messages": list(messages)}]}
    return {"history": [chunk]}


async def test_a_stop_in_the_history_counts_from_when_it_was_said(meta: Meta) -> None:
    await meta.say_yes(second=-7200)
    await meta.post("history", history(meta.message(-3600, **typed("STOP"))))
    assert not await meta.may_send()
    event = await newest(meta)
    assert (event.kind, event.source) == (EventKind.WITHDRAWN, Source.HISTORY)
    assert at(-3600) <= event.occurred_at < at(-3599)
    assert event.evidence_digest


async def test_a_stop_in_the_history_ends_no_later_yes(meta: Meta) -> None:
    await meta.say_yes(second=-60)
    await meta.post("history", history(meta.message(-3600, **typed("STOP"))))
    assert await meta.may_send()


async def test_history_opens_no_window(meta: Meta) -> None:
    late = meta.message(3500, **typed("hello"))
    await meta.post("history", history(late))
    await meta.post("history", {"messages": [meta.message(3500, **captioned("image", "hi"))]})
    assert not await meta.may_reply()


@pytest.mark.parametrize(
    "value",
    [
        history({"from": "447700900123", "timestamp": stamp(0)} | captioned("image")),
        history(
            {"from": "447700900123", "type": "button", "button": {"text": "Stop promotions"}},
        ),
        history({"from_user_id": "GB.1349", "from": "447700900123"} | typed("STOP")),
        {"messages": [{"from": "447700900123", "id": "w"} | captioned("image")]},
        {"history": {"threads": {"id": "447700900123", "messages": {"from": 447700900123}}}}
        | {"messages": [{"from": "447700900123", "id": "w"} | typed("STOP")]},
    ],
)
async def test_history_is_read_as_messages_are(quick_meta: Meta, value: Fields) -> None:
    await quick_meta.say_yes()
    await quick_meta.post("history", value)
    assert not await quick_meta.may_send()


@pytest.mark.parametrize("sender", ["15550100001", "+1 555-010-0001", builders.SENDER, ""])
async def test_the_business_own_messages_are_not_the_persons_words(
    quick_meta: Meta, sender: str
) -> None:
    await quick_meta.say_yes()
    own = {"from": sender, "to": ANA.value, "id": "w1", "timestamp": stamp(0)} | typed("STOP")
    await quick_meta.post("history", history(own))
    await quick_meta.post("history", {"messages": [own | {"id": "w2"}]})
    assert [event.kind for event in await quick_meta.events()] == [EventKind.GRANTED]


async def test_where_the_own_number_is_not_told_the_thread_says_whose_message_it_is(
    quick_meta: Meta,
) -> None:
    metadata = {"metadata": {"phone_number_id": builders.SENDER}}
    own = {"from": "15550100001", "id": "w1", "timestamp": stamp(0)} | typed("STOP")
    await quick_meta.say_yes()
    await quick_meta.post("history", history(own) | metadata)
    assert len(await quick_meta.events()) == 1
    await quick_meta.post("history", history(quick_meta.message(0, **typed("STOP"))) | metadata)
    assert not await quick_meta.may_send()


async def test_a_piece_of_history_may_hold_thousands_of_messages(quick_meta: Meta) -> None:
    await quick_meta.say_yes()
    many = [quick_meta.message(0, **typed("Thanks!")) for _ in range(3000)]
    await quick_meta.post("history", history(*many, quick_meta.message(0, **typed("STOP"))))
    assert not await quick_meta.may_send()


async def test_a_live_stop_counts_though_history_told_it_before(quick_meta: Meta) -> None:
    message = quick_meta.message(0, **typed("STOP"))
    await quick_meta.post("history", history(message))
    await quick_meta.post("messages", {"messages": [message]})
    sources = [event.source for event in await quick_meta.events()]
    assert sources == [Source.HISTORY, Source.WEBHOOK]


async def test_a_group_message_opens_no_window_of_the_persons(meta: Meta) -> None:
    await meta.send(3500, **typed("Are you open?"), group_id="Y2FwaV9ncm91cDox")
    assert not await meta.may_reply()


async def test_a_stop_in_a_group_is_the_persons_own(meta: Meta) -> None:
    await meta.say_yes()
    await meta.send(**typed("STOP"), group_id="Y2FwaV9ncm91cDox")
    assert not await meta.may_send()


@pytest.mark.parametrize("place", ["group", "history"])
async def test_a_yes_is_made_neither_in_a_group_nor_by_history(
    quick_meta: Meta, place: str
) -> None:
    asked = builders.prompt("Offers on WhatsApp?", surface=Surface.CHAT)
    await quick_meta.world.services.prompts.keep(BUSINESS, asked, NEVER_PUBLISHED)
    tap = reply_payload(Reply(verb=ReplyVerb.YES, purposes=MARKETING, prompt=asked.hash))
    content: Fields = {"type": "button", "button": {"payload": tap, "text": "Yes"}}
    if place == "group":
        await quick_meta.send(**content, group_id="g")
    else:
        await quick_meta.post("history", history(quick_meta.message(0, **content)))
    assert await quick_meta.events() == ()
    await quick_meta.send(**content)
    assert [event.kind for event in await quick_meta.events()] == [EventKind.GRANTED]


def row(title: str, description: str) -> Fields:
    reply = {"id": "row-3", "title": title, "description": description}
    return {"type": "interactive", "interactive": {"type": "list_reply", "list_reply": reply}}


@pytest.mark.parametrize(
    "content",
    [
        row("Option 3", "Stop all messages"),
        row("Stop", ""),
        row("Einstellung 2", "Abmelden"),
    ],
)
async def test_a_list_row_says_stop_in_title_or_description(
    quick_meta: Meta, content: Fields
) -> None:
    await quick_meta.say_yes()
    await quick_meta.send(**content)
    assert not await quick_meta.may_send()


@pytest.mark.parametrize(
    "description",
    ["Unsubscribe any time", "Reply STOP to unsubscribe", "Jederzeit abmelden", "Every Friday"],
)
async def test_a_row_that_tells_how_to_stop_is_no_stop(quick_meta: Meta, description: str) -> None:
    await quick_meta.say_yes()
    await quick_meta.send(**row("Weekly offers", description))
    assert await quick_meta.may_send()


def filled_in(answers: object) -> Fields:
    text = answers if isinstance(answers, str) else json.dumps(answers)
    reply = {"name": "flow", "body": "Sent", "response_json": text}
    return {"type": "interactive", "interactive": {"type": "nfm_reply", "nfm_reply": reply}}


@pytest.mark.parametrize(
    "answers",
    [
        {"flow_token": "prefs-1", "offers": False, "unsubscribe": True},
        {"marketing_opt_out": "yes"},
        {"screen_0_Unsubscribe_1": "0_Yes"},
        {"choice": "unsubscribe"},
        {"choice": ["1_Orders", "2_Stop offers"]},
        {"comment": "Nice shop. Please stop sending me messages!"},
        {"settings": {"messages": [{"opt_out": True}]}},
    ],
)
async def test_a_form_that_says_stop_is_a_stop(quick_meta: Meta, answers: Fields) -> None:
    await quick_meta.say_yes()
    await quick_meta.send(**filled_in(answers))
    assert not await quick_meta.may_send()
    assert (await newest(quick_meta)).evidence_digest


@pytest.mark.parametrize(
    "answers",
    [
        {"flow_token": "unsubscribe", "wa_flow_response_params": {"title": "Unsubscribe"}},
        {"unsubscribe": False, "opt_out": "no", "stop": "King's Cross", "offers": False},
        {"action": "cancel", "next": "end"},
        {},
        [],
        "{invalid-json",
        '{"a":' * 100_000,
        '{"a":"\\ud800"}',
        "null",
    ],
)
async def test_any_other_form_says_nothing_and_opens_the_window(
    quick_meta: Meta, answers: object
) -> None:
    await quick_meta.say_yes()
    await quick_meta.send(**filled_in(answers))
    assert await quick_meta.may_send()
    assert await quick_meta.may_reply()


async def test_a_declared_answer_ends_what_it_was_declared_to_end(meta: Meta) -> None:
    stops = (
        FlowStop(key="offers", value="false", purposes=MARKETING),
        FlowStop(key="topics", value="offers", purposes=MARKETING, is_missing=True),
        FlowStop(key="leave", value="all"),
    )
    profiles = meta.world.services.profiles
    await profiles.put_profile(BUSINESS, Profile(flow_stops=stops), NOON)
    for place, (answers, purposes) in enumerate(
        (
            ({"offers": False}, MARKETING),
            ({"topics": ["orders"]}, MARKETING),
            ({"topics": []}, MARKETING),
            ({"leave": "ALL", "offers": False}, ()),
        ),
        1,
    ):
        await meta.send(place, **filled_in(answers))
        assert (await newest(meta)).purposes == purposes
        assert len(await meta.events()) == place
    for answers in ({"offers": True}, {"topics": ["offers", "orders"]}, {"leave": "no"}):
        await meta.send(**filled_in(answers))
    assert len(await meta.events()) == 4


async def test_a_form_makes_no_yes(quick_meta: Meta) -> None:
    await quick_meta.send(**filled_in({"offers": True, "opt_in": "yes", "consent": "I agree"}))
    assert await quick_meta.events() == ()


def call(direction: str, event: str, **times: Any) -> Fields:
    return {
        "id": "wacid.1",
        "from": ANA.value,
        "to": "15550100001",
        "event": event,
        "direction": direction,
        **times,
    }


@pytest.mark.parametrize(
    ("fields", "opens"),
    [
        (call("USER_INITIATED", "connect", timestamp=stamp(0)), True),
        (call("USER_INITIATED", "terminate", timestamp=stamp(9), start_time=stamp(0)), True),
        (call("USER_INITIATED", "terminate", timestamp=stamp(9)), False),
        (call("BUSINESS_INITIATED", "connect", timestamp=stamp(0)), False),
        ({"from": ANA.value, "event": "call_recording_available", "timestamp": stamp(0)}, False),
    ],
)
async def test_a_customers_call_opens_the_window_and_a_business_call_does_not(
    meta: Meta, fields: Fields, opens: bool
) -> None:
    await meta.post("calls", {"calls": [fields]})
    assert await meta.may_reply() is opens
    assert await meta.events() == ()


async def test_a_window_that_a_call_opened_is_open_from_the_call(quick_meta: Meta) -> None:
    await quick_meta.post("calls", {"calls": [call("USER_INITIATED", "connect", timestamp="1")]})
    assert not await quick_meta.may_reply()


@pytest.mark.parametrize(
    "member",
    [
        {"type": "edit", "edit": "x"},
        {"type": "edit", "edit": {"message": [1]}},
        {"type": "interactive", "interactive": {"type": "nfm_reply", "nfm_reply": []}},
        {"type": "interactive", "interactive": {"nfm_reply": {"response_json": [[{"a": 1}]]}}},
        {"type": "contacts", "contacts": {"origin": 7, "phones": "x"}},
        {"type": "contacts", "contacts": [{"origin": "contact_request", "phones": [{}]}]},
        {"type": "image", "image": []},
        {"type": "order", "order": None, "group_id": {}},
    ],
)
async def test_a_malformed_member_costs_no_other(quick_meta: Meta, member: Fields) -> None:
    await quick_meta.say_yes()
    messages = [quick_meta.message(0, **member), quick_meta.message(1, **typed("STOP"))]
    await quick_meta.post("messages", {"messages": messages, "calls": 1, "history": "x"})
    assert not await quick_meta.may_send()


async def test_a_stop_of_everything_ends_what_is_no_marketing_too(quick_meta: Meta) -> None:
    await quick_meta.say_yes()
    await quick_meta.send(**captioned("video"))
    assert not await quick_meta.may_send(question(purpose=Purpose("utility")))


async def test_a_large_delivery_is_read_in_a_thread_and_says_the_same(quick_meta: Meta) -> None:
    await quick_meta.say_yes()
    large = quick_meta.message(0, **typed("Thanks! " * 200), filler="x" * READ_AT_ONCE_MAX)
    await quick_meta.post("messages", {"messages": [large, quick_meta.message(1, **typed("STOP"))]})
    assert not await quick_meta.may_send()


@pytest.mark.parametrize("place", ["chat", "group", "history", "edit"])
async def test_a_no_counts_for_the_number_however_it_is_spelt(quick_meta: Meta, place: str) -> None:
    person = phone_alias("33612345678")
    await quick_meta.say_yes(person)
    stop: Fields = {"from": "330612345678"} | typed("STOP")
    if place == "history":
        await quick_meta.post("history", history(quick_meta.message(-5, **stop)))
    elif place == "edit":
        await quick_meta.send(**edited(message=typed("STOP")) | {"from": stop["from"]})
    else:
        await quick_meta.send(**stop, group_id="g" if place == "group" else None)
    assert not await quick_meta.may_send(question(person, country="FR"))
