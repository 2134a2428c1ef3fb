import httpx
import pytest

from askfirst.domain.inbound.inbound_event import (
    DeliveryReported,
    NumberChanged,
    Preference,
    PreferenceChanged,
    ReplyTapped,
    TemplateChanged,
    TextReceived,
)
from askfirst.domain.tenants.sender import TemplateState
from askfirst.domain.values.purpose import Category
from askfirst.simulator.simulator import Simulator
from tests.unit.simulator.conftest import ANA, SENDER, Receiver, template, text

MESSAGES = f"/{SENDER}/messages"


async def act(client: httpx.AsyncClient, what: str, **fields: object) -> httpx.Response:
    return await client.post(f"/phones/{ANA}/{what}", json=fields)


async def test_a_typed_message_reaches_the_business(
    client: httpx.AsyncClient, receiver: Receiver
) -> None:
    answer = await act(client, "messages", text="Arrête 🛑", to=SENDER)
    assert answer.json()["webhook_status"] == 200
    (notice,) = receiver.notices
    assert isinstance(notice, TextReceived)
    assert notice.text == "Arrête 🛑"
    assert notice.source_id == answer.json()["message_id"]
    assert [alias.kind for alias in notice.aliases] == ["wa_id", "bsuid"]
    assert receiver.bodies[0].isascii()
    assert rb"Arr\u00eate \ud83d\uded1" in receiver.bodies[0]


async def test_a_quick_reply_comes_back_with_its_payload(
    client: httpx.AsyncClient, receiver: Receiver
) -> None:
    offer = template("summer_offer")
    await client.post(MESSAGES, json=offer)
    offer["template"]["components"] = [
        {
            "type": "button",
            "sub_type": "quick_reply",
            "index": "0",
            "parameters": [{"type": "payload", "payload": "OPTOUT:marketing"}],
        }
    ]
    await client.post(MESSAGES, json=offer)
    plain, own = (await client.get(f"/phones/{ANA}")).json()["inbox"]
    assert plain["buttons"] == ["Stop promotions"]
    await act(client, "tap", message_id=plain["message_id"])
    await act(client, "tap", message_id=own["message_id"], button="Stop promotions")
    taps = [notice for notice in receiver.notices if isinstance(notice, ReplyTapped)]
    assert [tap.payload for tap in taps] == ["Stop promotions", "OPTOUT:marketing"]
    assert taps[1].label == "Stop promotions"


async def test_reply_buttons_and_list_rows_can_be_tapped(
    client: httpx.AsyncClient, receiver: Receiver
) -> None:
    await act(client, "messages", text="Hi")
    rows = [{"id": "all", "title": "Everything"}, {"id": "none", "title": "Nothing"}]
    buttons = {"buttons": [{"type": "reply", "reply": {"id": "yes", "title": "Yes please"}}]}
    for action in (buttons, {"sections": [{"rows": rows}]}):
        asked = {"type": "button", "body": {"text": "News?"}, "action": action}
        body = text("") | {"text": None, "type": "interactive", "interactive": asked}
        assert (await client.post(MESSAGES, json=body)).status_code == 200
    question, choice = (await client.get(f"/phones/{ANA}")).json()["inbox"]
    assert question["text"] == "News?"
    await act(client, "tap", message_id=question["message_id"], button=0)
    await act(client, "tap", message_id=choice["message_id"], button="Nothing")
    taps = [notice for notice in receiver.notices if isinstance(notice, ReplyTapped)]
    assert [(tap.payload, tap.label) for tap in taps] == [
        ("yes", "Yes please"),
        ("none", "Nothing"),
    ]


async def test_a_link_in_a_message_can_be_opened(client: httpx.AsyncClient) -> None:
    await act(client, "messages", text="Hi")
    shown = {"display_text": "My choices", "url": "https://shop.example/me/1"}
    asked = {
        "type": "cta_url",
        "header": {"type": "text", "text": "Café Lune"},
        "body": {"text": "Here is what you agreed to."},
        "footer": {"text": "Until next time"},
        "action": {"name": "cta_url", "parameters": shown},
    }
    body = text("") | {"text": None, "type": "interactive", "interactive": asked}
    assert (await client.post(MESSAGES, json=body)).status_code == 200
    (letter,) = (await client.get(f"/phones/{ANA}")).json()["inbox"]
    assert (letter["header"], letter["footer"]) == ("Café Lune", "Until next time")
    assert letter["links"] == [{"title": "My choices", "url": "https://shop.example/me/1"}]


async def test_metas_own_switch_is_told(client: httpx.AsyncClient, receiver: Receiver) -> None:
    await act(client, "stop")
    assert (await client.get(f"/phones/{ANA}")).json()["stopped"] == [SENDER]
    await act(client, "resume")
    assert (await client.get(f"/phones/{ANA}")).json()["stopped"] == []
    acts = [notice for notice in receiver.notices if isinstance(notice, PreferenceChanged)]
    assert [act.preference for act in acts] == [Preference.STOP, Preference.RESUME]


async def test_an_answer_reads_what_was_unread(
    client: httpx.AsyncClient, simulator: Simulator, receiver: Receiver
) -> None:
    for number in range(2):
        await client.post(MESSAGES, json=template("order_update", str(number)))
    await simulator.courier.settle()
    await act(client, "messages", text="Thanks")
    assert (await act(client, "read")).json() == {"webhook_status": 0}
    reports = [notice for notice in receiver.notices if isinstance(notice, DeliveryReported)]
    assert [report.status for report in reports] == [*["sent", "delivered"] * 2, "read", "read"]


async def test_a_changed_number_is_told_with_old_and_new(
    client: httpx.AsyncClient, receiver: Receiver
) -> None:
    await act(client, "messages", text="Hi")
    before = (await client.get(f"/phones/{ANA}")).json()
    await act(client, "change_number", new="+447700900999")
    after = (await client.get("/phones/+447700900999")).json()
    assert before["user_id"] != after["user_id"]
    moved = receiver.notices[-1]
    assert isinstance(moved, NumberChanged)
    assert [alias.value for alias in moved.aliases] == [before["wa_id"]]
    assert [alias.value for alias in moved.new_aliases] == [after["wa_id"], after["user_id"]]
    (phone,) = (await client.get("/phones")).json()["phones"]
    assert phone["wa_id"] == "447700900999"
    await act(client, "messages", text="I am new here")
    assert (await act(client, "change_number", new="+447700900999")).status_code == 400


async def test_a_template_changed_by_meta_is_told(
    client: httpx.AsyncClient, receiver: Receiver
) -> None:
    change = {"language": "en_US", "category": "MARKETING", "status": "PAUSED"}
    assert (await client.post("/templates/order_update", json=change)).status_code == 200
    state, category = receiver.notices
    assert isinstance(state, TemplateChanged)
    assert isinstance(category, TemplateChanged)
    assert state.state is TemplateState.PAUSED
    assert category.category is Category.MARKETING
    assert (await client.post("/templates/nothing", json=change)).status_code == 404
    assert (await client.post("/templates/order_update", json={})).status_code == 400


@pytest.mark.parametrize(
    ("path", "body", "status"),
    [
        ("/phones/nobody/messages", {"text": "hi"}, 400),
        (f"/phones/{ANA}/messages", {"text": "hi", "to": "1"}, 404),
        (f"/phones/{ANA}/messages", {"txt": "hi"}, 400),
        (f"/phones/{ANA}/tap", {"message_id": "wamid.x"}, 404),
        (f"/phones/{ANA}/change_number", {"new": "x"}, 400),
    ],
)
async def test_an_act_that_cannot_be_is_refused(
    client: httpx.AsyncClient, path: str, body: dict[str, object], status: int
) -> None:
    answer = await client.post(path, json=body)
    assert answer.status_code == status
    assert answer.json()["error"]


async def test_a_button_that_is_not_there_is_refused(client: httpx.AsyncClient) -> None:
    await client.post(MESSAGES, json=template("summer_offer"))
    (letter,) = (await client.get(f"/phones/{ANA}")).json()["inbox"]
    for button, status in ((1, 404), (-1, 404), ("Yes", 400)):
        answer = await act(client, "tap", message_id=letter["message_id"], button=button)
        assert answer.status_code == status


async def test_looking_at_a_phone_does_not_make_one(client: httpx.AsyncClient) -> None:
    assert (await client.get(f"/phones/{ANA}")).json()["inbox"] == []
    assert (await client.get("/phones/x")).status_code == 400
    assert (await client.get("/phones")).json() == {"phones": []}
