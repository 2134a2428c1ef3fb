from typing import Any

import httpx
import pytest

from askfirst.domain.inbound.inbound_event import DeliveryReported
from askfirst.domain.values.alias import AliasKind
from askfirst.graph.sending.send_answer import SentTo, read_answer
from askfirst.graph.tenants.templates import read_template_page
from askfirst.simulator.simulator import Simulator
from tests.unit.simulator.conftest import (
    ANA,
    LANGUAGES,
    SENDER,
    WABA,
    Day,
    Receiver,
    code_of,
    code_template,
    template,
    text,
)

MESSAGES = f"/v23.0/{SENDER}/messages"
MARKETING = f"/{SENDER}/marketing_messages"


@pytest.mark.parametrize("prefix", ["", "/v14.0", "/v26.0"])
async def test_a_template_is_accepted_under_any_version_and_arrives(
    client: httpx.AsyncClient, simulator: Simulator, receiver: Receiver, prefix: str
) -> None:
    sent = await client.post(f"{prefix}/{SENDER}/messages", json=template("order_update", "A7"))
    assert sent.status_code == 200
    assert sent.json()["messages"][0]["message_status"] == "accepted"
    answer = read_answer(sent.content)
    assert answer.contacts[0].input == ANA
    assert answer.contacts[0].wa_id == "447700900123"
    inbox = (await client.get(f"/phones/{ANA}")).json()["inbox"]
    assert [letter["text"] for letter in inbox] == ["Your order A7 is on its way."]
    assert inbox[0]["message_id"] == answer.message_ids[0]
    await simulator.courier.settle()
    reports = [notice for notice in receiver.notices if isinstance(notice, DeliveryReported)]
    assert [report.status for report in reports] == ["sent", "delivered"]
    assert {report.message_id for report in reports} == set(answer.message_ids)


async def test_the_answer_spells_the_recipient_as_whatsapp_does(client: httpx.AsyncClient) -> None:
    sent = await client.post(MESSAGES, json=template("order_update", "A7", to="+5541988887777"))
    (contact,) = read_answer(sent.content).contacts
    assert contact == SentTo("+5541988887777", "554188887777", "")


async def test_the_names_of_a_person_meet_in_the_reports_not_in_the_answer(
    client: httpx.AsyncClient, simulator: Simulator, receiver: Receiver
) -> None:
    await client.post(MESSAGES, json=template("order_update", "A7"))
    await simulator.courier.settle()
    reports = [notice for notice in receiver.notices if isinstance(notice, DeliveryReported)]
    kinds = [[alias.kind for alias in report.aliases] for report in reports]
    assert kinds == [[AliasKind.WA_ID, AliasKind.BSUID]] * 2


async def test_a_user_id_reaches_the_same_phone(client: httpx.AsyncClient) -> None:
    await client.post(MESSAGES, json=template("order_update", "A7"))
    phone = (await client.get(f"/phones/{ANA}")).json()
    addressed = template("order_update", "A8") | {"recipient": phone["user_id"], "to": None}
    sent = await client.post(MESSAGES, json=addressed)
    user_id = phone["user_id"]
    assert read_answer(sent.content).contacts == (SentTo(user_id, "", user_id),)
    assert (await client.get(f"/phones/{ANA}")).json()["message_count"] == 2


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        (template("nothing"), 404, 132001),
        (template("order_update", "A7", language="es"), 404, 132001),
        (template("order_update"), 400, 132000),
        (template("order_update", "A7", "A8"), 400, 132000),
        (template("order_update", "A7", to="me"), 400, 131009),
        (template("order_update", "A7", to="+15550100001"), 400, 131021),
        (template("order_update", "A7", to=""), 400, 131008),
        (template("order_update", "A7") | {"recipient_type": "group"}, 400, 100),
        (template("order_update", "A7") | {"messaging_product": "sms"}, 400, 100),
        (template("x") | {"to": "", "recipient": "GB.1"}, 400, 131026),
        (template("x") | {"template": "order_update"}, 400, 100),
        (text("hello"), 400, 131047),
        (text("hello") | {"category": "utility"}, 400, 100),
        (text("hello") | {"text": "hello"}, 400, 100),
        (text("hello") | {"text": None}, 400, 131008),
        (text("hello") | {"image": {"id": "1"}}, 400, 131051),
        (text("hello") | {"texts": {}}, 400, 100),
        (text("hello") | {"type": "templates"}, 400, 131051),
    ],
)
async def test_a_send_that_meta_would_refuse_is_refused(
    client: httpx.AsyncClient, body: dict[str, Any], status: int, code: int
) -> None:
    answer = await client.post(MESSAGES, json=body)
    assert (answer.status_code, code_of(answer)) == (status, code)
    assert (await client.get(f"/phones/{ANA}")).json()["message_count"] == 0


async def test_a_body_that_is_no_object_is_refused(client: httpx.AsyncClient) -> None:
    for body in (b"", b"[]", b'{"to":"1","to":"2"}'):
        assert code_of(await client.post(MESSAGES, content=body)) == 100


@pytest.mark.parametrize("token", ["", "Bearer ", "Bearer other", "simulated-meta-token"])
async def test_an_unknown_token_is_refused(client: httpx.AsyncClient, token: str) -> None:
    headers = {"Authorization": token}
    answer = await client.post(MESSAGES, json=template("order_update", "A7"), headers=headers)
    assert (answer.status_code, code_of(answer)) == (401, 190)


async def test_an_unknown_number_account_or_path_is_refused(client: httpx.AsyncClient) -> None:
    for path in ("/1/messages", "/1/message_templates", "/1", f"/{SENDER}/calls", "/a/b/c", "/"):
        answer = await client.post(path, json=text("hello"))
        assert (answer.status_code, code_of(answer)) == (400, 100)


async def test_a_free_form_message_needs_an_open_window(
    client: httpx.AsyncClient, simulator: Simulator, day: Day
) -> None:
    await simulator.phones.write(ANA, "Hello?")
    day.seconds += 24 * 60 * 60 - 1
    assert (await client.post(MESSAGES, json=text("Hello!"))).status_code == 200
    day.seconds += 1
    assert code_of(await client.post(MESSAGES, json=text("Hello!"))) == 131047


async def test_a_read_receipt_needs_no_recipient(client: httpx.AsyncClient) -> None:
    receipt = {"messaging_product": "whatsapp", "status": "read", "message_id": "wamid.x"}
    answer = await client.post(MESSAGES, json=receipt)
    assert answer.json() == {"success": True}
    assert (await client.get("/log")).json()["sends"] == []


async def test_only_marketing_templates_go_the_marketing_way(client: httpx.AsyncClient) -> None:
    assert (await client.post(MARKETING, json=template("summer_offer"))).status_code == 200
    assert code_of(await client.post(MARKETING, json=template("order_update", "A7"))) == 131055
    assert code_of(await client.post(MARKETING, json=text("hello"))) == 100


async def test_codes_go_to_numbers_only(client: httpx.AsyncClient) -> None:
    body = code_template("123456")
    await client.post(MESSAGES, json=body)
    user_id = (await client.get(f"/phones/{ANA}")).json()["user_id"]
    assert (
        code_of(await client.post(MESSAGES, json=body | {"to": "", "recipient": user_id})) == 131062
    )


async def test_a_paused_or_disabled_template_is_refused(
    client: httpx.AsyncClient, simulator: Simulator
) -> None:
    for status, code in (("PAUSED", 132015), ("DISABLED", 132016), ("REJECTED", 132001)):
        await simulator.change_template("summer_offer", "en_US", status=status)
        assert code_of(await client.post(MESSAGES, json=template("summer_offer"))) == code


async def test_a_stopped_offer_is_accepted_and_fails_by_webhook(
    client: httpx.AsyncClient, simulator: Simulator, receiver: Receiver
) -> None:
    await simulator.phones.stop(ANA)
    receiver.bodies.clear()
    assert (await client.post(MESSAGES, json=template("summer_offer"))).status_code == 200
    assert (await client.post(MESSAGES, json=template("order_update", "A7"))).status_code == 200
    await simulator.courier.settle()
    reports = [notice for notice in receiver.notices if isinstance(notice, DeliveryReported)]
    told = [(report.status, report.codes) for report in reports]
    assert told == [("failed", (131050,)), ("sent", ()), ("delivered", ())]
    assert (await client.get(f"/phones/{ANA}")).json()["message_count"] == 1


async def test_a_blocked_business_is_told_nothing(
    client: httpx.AsyncClient, simulator: Simulator, receiver: Receiver
) -> None:
    simulator.phones.block(ANA)
    await client.post(MESSAGES, json=template("order_update", "A7"))
    await simulator.courier.settle()
    assert [getattr(notice, "status", "") for notice in receiver.notices] == ["sent"]
    simulator.phones.unblock(ANA)
    await client.post(MESSAGES, json=template("order_update", "A8"))
    assert (await client.get(f"/phones/{ANA}")).json()["message_count"] == 1


async def test_templates_are_listed_a_page_at_a_time(client: httpx.AsyncClient) -> None:
    path, names = f"/v23.0/{WABA}/message_templates", []
    query: dict[str, str] = {"limit": "3", "fields": "name,status,category,language"}
    while True:
        answer = await client.get(path, params=query)
        page = read_template_page(answer.content)
        names += [f"{entry.name}/{entry.language}/{entry.category}" for entry in page.templates]
        if page.next_cursor is None:
            break
        following = await client.get(answer.json()["paging"]["next"])
        query["after"] = page.next_cursor
        assert following.content == (await client.get(path, params=query)).content
    assert names == [
        *(f"order_update/{language}/utility" for language in LANGUAGES),
        *(f"summer_offer/{language}/marketing" for language in LANGUAGES),
        "verification_code/en_US/authentication",
    ]


async def test_a_listing_shows_what_was_asked_for(client: httpx.AsyncClient) -> None:
    query = {"fields": "name,quality_score{score,date}", "summary": "total_count,nothing"}
    answer = (
        await client.get(f"/{WABA}/message_templates", params=query | {"name": "verification_code"})
    ).json()
    assert answer["data"] == [{"id": "300000000000030", "name": "verification_code"}]
    assert answer["summary"] == {"total_count": 2 * len(LANGUAGES) + 1}


@pytest.mark.parametrize(
    "query", [{"limit": "0"}, {"limit": "x"}, {"after": "%%"}, {"after": "eA"}]
)
async def test_an_odd_page_is_refused(client: httpx.AsyncClient, query: dict[str, str]) -> None:
    assert code_of(await client.get(f"/{WABA}/message_templates", params=query)) == 100


async def test_a_new_template_can_be_sent(
    client: httpx.AsyncClient, simulator: Simulator, receiver: Receiver
) -> None:
    made = {
        "name": "hello",
        "language": "en_US",
        "category": "utility",
        "components": [{"type": "body", "text": "Hi {{1}}, meet {{name}} and {{1}}"}],
    }
    answer = await client.post(f"/{WABA}/message_templates", json=made)
    assert answer.json()["status"] == "APPROVED"
    assert code_of(await client.post(f"/{WABA}/message_templates", json=made)) == 100
    sent = await client.post(MESSAGES, json=template("hello", "Ana", "Ben"))
    assert sent.status_code == 200
    await simulator.courier.settle()
    assert getattr(receiver.notices[0], "name", "") == "hello"


@pytest.mark.parametrize(
    "made", [{}, {"name": "a", "language": "en", "category": "NEWS"}, {"name": 1}, []]
)
async def test_an_odd_template_is_refused(client: httpx.AsyncClient, made: Any) -> None:
    assert code_of(await client.post(f"/{WABA}/message_templates", json=made)) == 100


async def test_an_address_in_a_button_is_filled_in(client: httpx.AsyncClient) -> None:
    buttons = [
        {"type": "url", "text": "My choices", "url": "https://shop.example/me/{{1}}"},
        {"type": "url", "text": "The shop", "url": "https://shop.example"},
        {"type": "url", "text": "Odd", "url": "javascript:alert(1)"},
    ]
    parts = [
        {"type": "header", "format": "text", "text": "Hello {{1}}"},
        {"type": "body", "text": "Here is what you agreed to."},
        {"type": "footer", "text": "Café Lune"},
        {"type": "buttons", "buttons": buttons},
    ]
    made = {"name": "choices", "language": "en_US", "category": "utility", "components": parts}
    await client.post(f"/{WABA}/message_templates", json=made)
    body = template("choices")
    name = {"type": "header", "parameters": [{"type": "text", "text": "Ana"}]}
    body["template"]["components"] = [name]
    assert code_of(await client.post(MESSAGES, json=body)) == 131008
    token: dict[str, Any] = {"type": "button", "sub_type": "url", "index": "0"}
    token |= {"parameters": [{"type": "text", "text": r"a\1b"}]}
    body["template"]["components"].append(token)
    assert (await client.post(MESSAGES, json=body)).status_code == 200
    (letter,) = (await client.get(f"/phones/{ANA}")).json()["inbox"]
    assert (letter["header"], letter["footer"]) == ("Hello Ana", "Café Lune")
    assert letter["links"] == [
        {"title": "My choices", "url": r"https://shop.example/me/a\1b"},
        {"title": "The shop", "url": "https://shop.example"},
    ]


async def test_numbers_are_shown(client: httpx.AsyncClient) -> None:
    assert (await client.get(f"/{WABA}?fields=id")).json()["id"] == WABA
    (listed,) = (await client.get(f"/{WABA}/phone_numbers")).json()["data"]
    assert listed == (await client.get(f"/v23.0/{SENDER}")).json()
    assert (listed["id"], listed["verified_name"]) == (SENDER, "Café Lune")
    assert listed["display_phone_number"] == "+15550100001"


async def test_the_log_keeps_every_send_with_its_time(client: httpx.AsyncClient) -> None:
    await client.post(MESSAGES, json=template("order_update", "A7"))
    await client.post(MARKETING, json=template("nothing"))
    log = (await client.get("/log")).json()
    first, second = log["sends"]
    assert first["status"] == "accepted"
    assert first["message_id"].startswith("wamid.")
    assert (first["recipient"], first["wa_id"]) == (ANA, "447700900123")
    assert (second["path"], second["status"], second["code"]) == (MARKETING, "refused", 132001)
    assert 0 < first["seen_ns"] < second["seen_ns"]
    assert (await client.get(f"/log?after={log['next']}")).json() == {"sends": [], "next": 2}
    assert (await client.get("/log?after=1")).json()["sends"] == [second]
    assert (await client.get("/log?after=x")).status_code == 400
