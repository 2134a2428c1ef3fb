"""A real client, unchanged, takes the simulator for WhatsApp."""

import os
import threading
import time
from collections.abc import Iterator, Mapping
from typing import Any

import httpx
import pytest
import uvicorn
from pywa.client import WhatsApp
from pywa.errors import ReEngagementMessage, UserStoppedMarketingMessages
from pywa.handlers import (
    CallbackButtonHandler,
    MessageHandler,
    MessageStatusHandler,
    UserMarketingPreferencesHandler,
)
from pywa.types.callback import CallbackButton
from pywa.types.message import Message
from pywa.types.message_status import MessageStatus
from pywa.types.others import Pagination
from pywa.types.templates import (
    AuthenticationBody,
    AuthenticationFooter,
    BodyText,
    Buttons,
    CopyCodeOTPButton,
    Template,
    TemplateCategory,
    TemplateLanguage,
    TemplateStatus,
)
from pywa.types.user_preferences import UserMarketingPreferences

from askfirst.simulator.app import build_app
from askfirst.simulator.simulator import DEFAULT_APP_SECRET, DEFAULT_TOKEN, Simulator
from tests.unit.simulator.conftest import SENDER, WABA

ANA = "+447700900123"
Posted = list[tuple[bytes, str]]


@pytest.fixture
def posted() -> Posted:
    return []


@pytest.fixture
def address(posted: Posted) -> Iterator[str]:
    async def deliver(body: bytes, headers: Mapping[str, str]) -> int:
        posted.append((body, headers["X-Hub-Signature-256"]))
        return 200

    simulator = Simulator.with_defaults(now=time.time, entropy=os.urandom, deliver=deliver)
    config = uvicorn.Config(build_app(simulator), port=0, log_level="warning", lifespan="off")
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run)
    thread.start()
    while not server.started:
        time.sleep(0.005)
    port = server.servers[0].sockets[0].getsockname()[1]
    yield f"http://127.0.0.1:{port}"
    server.should_exit = True
    thread.join()


@pytest.fixture
def wa(address: str) -> Iterator[WhatsApp]:
    with httpx.Client() as session:
        client = WhatsApp(
            phone_id=SENDER,
            token=DEFAULT_TOKEN,
            session=session,
            waba_id=WABA,
            app_secret=DEFAULT_APP_SECRET.decode(),
            verify_token="any",
        )
        session.base_url = httpx.URL(f"{address}/v23.0")
        yield client


def play(address: str, act: str, **fields: object) -> None:
    httpx.post(f"{address}/phones/{ANA}/{act}", json=fields).raise_for_status()


def take(wa: WhatsApp, posted: Posted) -> None:
    for body, signature in posted:
        assert wa.webhook_update_validator(body, signature) is None
        assert wa.webhook_update_handler(body) == ("ok", 200)
    posted.clear()


def test_a_text_needs_an_open_window(wa: WhatsApp, address: str) -> None:
    with pytest.raises(ReEngagementMessage):
        wa.send_message(ANA, "Hello!")
    play(address, "messages", text="Hello?")
    sent = wa.send_message(ANA, "Hello!")
    assert sent.id.startswith("wamid.")
    inbox = httpx.get(f"{address}/phones/{ANA}").json()["inbox"]
    assert [letter["text"] for letter in inbox] == ["Hello!"]


def test_a_template_is_sent_and_its_fate_is_told(
    wa: WhatsApp, address: str, posted: Posted
) -> None:
    told: list[MessageStatus[Any]] = []
    wa.add_handlers(MessageStatusHandler(lambda _, status: told.append(status)))
    body: Any = BodyText("Your order {{1}} is on its way.", "A1234")
    sent = wa.send_template(
        ANA,
        "order_update",
        TemplateLanguage.ENGLISH_US,
        params=[body.params("A7")],
    )
    await_posts(posted, 2)
    take(wa, posted)
    assert [(fate.id, fate.status) for fate in told] == [(sent.id, "sent"), (sent.id, "delivered")]


def test_a_stopped_offer_fails_as_at_meta(wa: WhatsApp, address: str, posted: Posted) -> None:
    told: list[MessageStatus[Any]] = []
    acts: list[UserMarketingPreferences] = []
    wa.add_handlers(
        MessageStatusHandler(lambda _, status: told.append(status)),
        UserMarketingPreferencesHandler(lambda _, act: acts.append(act)),
    )
    play(address, "stop")
    wa.send_template(ANA, "summer_offer", TemplateLanguage.ENGLISH_US, use_mm_lite_api=True)
    await_posts(posted, 2)
    take(wa, posted)
    assert [act.value for act in acts] == ["stop"]
    assert [type(fate.error) for fate in told] == [UserStoppedMarketingMessages]


def test_templates_are_listed(wa: WhatsApp) -> None:
    listed = wa.get_templates()
    assert [template.name for template in listed] == [
        *["order_update"] * 5,
        *["summer_offer"] * 5,
        "verification_code",
    ]
    assert listed.total_count == 11
    assert not listed.has_next
    assert wa.get_templates(pagination=Pagination(limit=3)).has_next


def test_messages_and_taps_are_understood(wa: WhatsApp, address: str, posted: Posted) -> None:
    heard: list[Message | CallbackButton[Any]] = []
    wa.add_handlers(
        MessageHandler(lambda _, message: heard.append(message)),
        CallbackButtonHandler(lambda _, tap: heard.append(tap)),
    )
    wa.send_template(ANA, "summer_offer", TemplateLanguage.ENGLISH_US)
    await_posts(posted, 2)
    (letter,) = httpx.get(f"{address}/phones/{ANA}").json()["inbox"]
    play(address, "messages", text="Arrête 🛑")
    play(address, "tap", message_id=letter["message_id"])
    take(wa, posted)
    assert [type(update) for update in heard] == [Message, CallbackButton]
    assert [getattr(update, "text", None) or getattr(update, "title", "") for update in heard] == [
        "Arrête 🛑",
        "Stop promotions",
    ]


def test_a_sign_up_is_understood(wa: WhatsApp, address: str, posted: Posted) -> None:
    acts: list[UserMarketingPreferences] = []
    wa.add_handlers(UserMarketingPreferencesHandler(lambda _, act: acts.append(act)))
    play(address, "signup", signup_id="7")
    take(wa, posted)
    assert [(act.value, act.signup_id) for act in acts] == [("signup", "7")]


def test_qr_codes_are_managed(wa: WhatsApp, address: str) -> None:
    made = wa.create_qr_code("Hello Café Lune!", "SVG")
    assert made.deep_link_url == f"{address}/chat/message/{made.code}"
    assert made.qr_image_url == f"{made.deep_link_url}/qr.svg"
    assert made.update(prefilled_message="Hello again").prefilled_message == "Hello again"
    (listed,) = wa.get_qr_codes(image_type="PNG")
    assert listed.qr_image_url == f"{made.deep_link_url}/qr.png"
    found = wa.get_qr_code(made.code)
    assert found is not None
    assert found.prefilled_message == "Hello again"
    assert made.delete().success
    assert list(wa.get_qr_codes()) == []


def test_codes_are_made_and_sent(wa: WhatsApp, address: str) -> None:
    body, button = AuthenticationBody(add_security_recommendation=True), CopyCodeOTPButton()
    template = Template(
        name="login_code",
        language=TemplateLanguage.FRENCH,
        category=TemplateCategory.AUTHENTICATION,
        components=[
            body,
            AuthenticationFooter(code_expiration_minutes=5),
            Buttons(buttons=[button]),
        ],
        message_send_ttl_seconds=300,
    )
    assert wa.create_template(template).status == TemplateStatus.APPROVED
    params = [body.params(otp="123456"), button.params(otp="123456")]
    wa.send_template(ANA, "login_code", TemplateLanguage.FRENCH, params=params)
    (letter,) = httpx.get(f"{address}/phones/{ANA}").json()["inbox"]
    assert letter["text"].startswith("*123456* est votre code de vérification.")
    assert letter["copy_code"]["code"] == "123456"


def await_posts(posted: Posted, count: int) -> None:
    deadline = time.monotonic() + 5
    while len(posted) < count:
        assert time.monotonic() < deadline, "the webhooks did not come"
        time.sleep(0.005)
