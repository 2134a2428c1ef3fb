"""One person under several names: what Meta signs together belongs together."""

from __future__ import annotations

from typing import Any

import pytest

from askfirst.domain.consent.event import EventKind
from tests.support.builders import ANA, ANA_BSUID, BEN, BUSINESS
from tests.support.reading import assert_sound, contact_of
from tests.support.stores import Home
from tests.web.webhooks.posting import BOTH, BY_ID, Meta, stamp, typed

STATUSES = ["sent", "delivered", "read", "played", "failed", "word of tomorrow"]


@pytest.mark.parametrize("status", STATUSES)
async def test_a_status_that_names_both_lets_a_stop_by_user_id_stop_the_number(
    meta: Meta, status: str
) -> None:
    await meta.say_yes()
    await meta.report(status, **BOTH)
    assert await meta.may_send()
    await meta.send(5, **BY_ID, **typed("STOP"))
    assert not await meta.may_send()
    await assert_sound(meta.world.store)


@pytest.mark.parametrize("status", ["sent", "delivered"])
async def test_a_stop_by_user_id_stops_the_number_once_a_status_names_both(
    meta: Meta, status: str
) -> None:
    await meta.say_yes()
    await meta.send(5, **BY_ID, **typed("STOP"))
    await meta.report(status, 9, **BOTH)
    assert not await meta.may_send()
    kinds = [event.kind for event in await meta.events()]
    assert kinds == [EventKind.GRANTED, EventKind.WITHDRAWN, EventKind.LINKED]


async def test_the_names_may_stand_in_the_contacts_of_a_status(quick_meta: Meta) -> None:
    await quick_meta.say_yes()
    status = {"id": "wamid.x", "status": "read", "timestamp": "1", "recipient_id": ANA.value}
    contacts = [{"wa_id": ANA.value, "user_id": ANA_BSUID.value}]
    await quick_meta.post("messages", {"statuses": [status], "contacts": contacts})
    store = quick_meta.world.store
    assert await contact_of(store, ANA_BSUID) == await contact_of(store)


async def test_a_failed_status_teaches_both_names_too(quick_meta: Meta) -> None:
    await quick_meta.report("failed", 0, 131047, **BOTH)
    store = quick_meta.world.store
    assert await contact_of(store, ANA_BSUID) == await contact_of(store)


async def test_a_status_whose_names_are_known_writes_nothing_but_its_body(
    meta: Meta, home: Home
) -> None:
    await meta.say_yes()
    await meta.report("sent", **BOTH)
    await meta.report("delivered", 4, **BOTH)  # the first of a day is remembered for the person

    async def rows() -> list[Any]:
        tables = ("event", "contact", "alias", "seen", "opening")
        return [await home.raw(f"SELECT * FROM {table}") for table in tables]

    before = await rows()
    for status in STATUSES:
        await meta.report(status, 5, **BOTH)
        meta.world.services.known_names.forget()  # as in another process
        await meta.report(status, 5, **BOTH)
        await meta.report(status, 5, recipient_id=ANA.value)
    assert await rows() == before


@pytest.mark.parametrize("status", ["sent", "delivered"])
async def test_a_status_of_a_stranger_with_one_name_makes_no_contact(
    meta: Meta, status: str
) -> None:
    await meta.report(status, recipient_id=BEN.value)
    assert await meta.world.store.ledger.find(BUSINESS, BEN) is None


async def test_an_old_status_does_not_give_a_number_back(meta: Meta) -> None:
    other = {"from": ANA.value, "from_user_id": "GB.2468"}
    await meta.report("sent", 0, **BOTH)
    await meta.send(10, **other, **typed("hello"))
    before = await meta.events()
    for second in (5, 10):
        meta.world.services.known_names.forget()  # as in another process
        await meta.report("read", second, **BOTH)
    assert await meta.events() == before
    store = meta.world.store
    assert await contact_of(store) != await contact_of(store, ANA_BSUID)


async def test_a_second_delivery_of_a_lesson_teaches_nothing(quick_meta: Meta) -> None:
    status = {"id": "wamid.s", "status": "read", "timestamp": stamp(20)} | BOTH
    await quick_meta.post("messages", {"statuses": [status]})
    await quick_meta.send(10, **{"from": ANA.value, "from_user_id": "GB.2468"}, **typed("hello"))
    quick_meta.world.services.known_names.forget()
    before = await quick_meta.events()
    await quick_meta.post("messages", {"statuses": [status]})
    assert await quick_meta.events() == before


async def test_a_groups_status_names_a_participant_not_the_group(quick_meta: Meta) -> None:
    names: dict[str, Any] = {
        "recipient_type": "group",
        "recipient_id": BEN.value,
        "recipient_participant_id": ANA.value,
        "recipient_participant_user_id": ANA_BSUID.value,
    }
    await quick_meta.report("read", **names)
    store = quick_meta.world.store
    assert await contact_of(store, ANA_BSUID) == await contact_of(store)
    assert await store.ledger.find(BUSINESS, BEN) is None


def card(origin: str | None, *numbers: str, **more: Any) -> dict[str, Any]:
    phones = [{"phone": f"+{number}", "wa_id": number} for number in numbers]
    return {"name": {"formatted_name": "A"}, "phones": phones, "origin": origin} | more


async def share(meta: Meta, *cards: dict[str, Any], **names: Any) -> None:
    await meta.send(9, **(BY_ID | names), type="contacts", contacts=list(cards))


async def test_a_number_shared_on_request_is_the_persons_own(meta: Meta) -> None:
    await meta.say_yes()
    await meta.send(5, **BY_ID, **typed("STOP"))
    assert await meta.may_send()
    await share(meta, card("contact_request", ANA.value))
    assert not await meta.may_send()


@pytest.mark.parametrize(
    "shared",
    [
        card("contact_request", phones=[{"phone": "+44 7700 900123"}]),
        card("contact_request", phones=None, vcard="TEL;waid=447700900123:+44 7700 900123"),
    ],
)
async def test_a_shared_number_is_read_however_the_card_says_it(
    quick_meta: Meta, shared: dict[str, Any]
) -> None:
    await share(quick_meta, shared)
    store = quick_meta.world.store
    assert await contact_of(store, ANA_BSUID) == await contact_of(store)


@pytest.mark.parametrize(
    ("cards", "names"),
    [
        ([card("other", ANA.value)], {}),
        ([card(None, ANA.value)], {}),
        ([card("contact_request", ANA.value), card("other", BEN.value)], {}),
        ([card("contact_request", ANA.value, BEN.value)], {}),
        ([card("contact_request", phones=[{"phone": "ask me"}])], {}),
        ([card("contact_request", ANA.value)], {"from": BEN.value}),
    ],
)
async def test_any_other_card_says_nothing_of_who_sent_it(
    quick_meta: Meta, cards: list[dict[str, Any]], names: dict[str, Any]
) -> None:
    await quick_meta.say_yes()
    await share(quick_meta, *cards, **names)
    await quick_meta.send(20, **BY_ID, **typed("STOP"))
    assert await quick_meta.may_send()


async def test_an_echo_names_its_recipient_and_is_nobodys_word(meta: Meta) -> None:
    await meta.say_yes()
    echo = {"from": "15550100001", "to": ANA.value, "to_user_id": ANA_BSUID.value}
    echo |= {"id": "wamid.e", "timestamp": "1768478400"} | typed("STOP")
    await meta.post("smb_message_echoes", {"message_echoes": [echo]})
    assert await meta.may_send()
    assert not await meta.may_reply()
    await meta.send(5, **BY_ID, **typed("STOP"))
    assert not await meta.may_send()


async def test_the_business_own_address_book_says_nothing(quick_meta: Meta) -> None:
    contact = {"full_name": "STOP", "phone_number": ANA.value}
    await quick_meta.say_yes()
    synced = [{"type": "contact", "contact": contact, "action": "add"}]
    await quick_meta.post("smb_app_state_sync", {"state_sync": synced})
    assert await quick_meta.may_send()
    assert len(await quick_meta.events()) == 1


async def test_a_call_of_the_business_names_whom_it_called(quick_meta: Meta) -> None:
    call = {"id": "wacid.1", "from": "15550100001", "to": ANA.value}
    call |= {"to_user_id": ANA_BSUID.value, "direction": "BUSINESS_INITIATED", "event": "connect"}
    await quick_meta.post("calls", {"calls": [call | {"timestamp": "1768478400"}]})
    store = quick_meta.world.store
    assert await contact_of(store, ANA_BSUID) == await contact_of(store)
    assert not await quick_meta.may_reply()
