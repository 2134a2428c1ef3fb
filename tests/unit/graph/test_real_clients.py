"""What real clients send is known, field by field, and leaves as they wrote it."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import httpx
import pytest
from pywa.client import WhatsApp
from pywa.types.callback import (
    Button,
    FlowButton,
    Section,
    SectionList,
    SectionRow,
    URLButton,
    VoiceCallButton,
)
from pywa.types.flows import FlowActionType
from pywa.types.others import Contact, ProductsSection
from pywa.types.templates import (
    BodyText,
    Buttons,
    CopyCodeButton,
    FooterText,
    HeaderText,
    LimitedTimeOffer,
    QuickReplyButton,
    Template,
    TemplateCategory,
    TemplateLanguage,
)
from pywa.types.templates import URLButton as TemplateUrl

from askfirst.graph.known.field import read_known, write_known
from askfirst.graph.known.template_draft import TemplateDraft
from askfirst.graph.sending.outgoing import MessageKind, read_message

TO = "447700900123"
IMAGE = "https://shop.example/a.png"
Act = Callable[[WhatsApp], object]


def written(act: Act) -> bytes:
    """Return the body that pywa posts."""
    posted: list[bytes] = []

    def answer(request: httpx.Request) -> httpx.Response:
        posted.append(request.content)
        return httpx.Response(
            200,
            json={
                "success": True,
                "id": "1",
                "status": "PENDING",
                "category": "MARKETING",
                "contacts": [{"input": TO, "wa_id": TO, "user_id": "GB.1"}],
                "messages": [{"id": "wamid.1"}],
            },
        )

    with httpx.Client(transport=httpx.MockTransport(answer)) as session:
        act(WhatsApp(phone_id="200", token="x", session=session, waba_id="100"))
    (body,) = posted
    return body


CARD = Contact(
    name=Contact.Name(formatted_name="Ana", first_name="Ana"),
    phones=[Contact.Phone(phone=TO, type="WORK", wa_id=TO)],
    emails=[Contact.Email(email="a@shop.example", type="WORK")],
    urls=[Contact.Url(url="https://shop.example", type="WORK")],
    addresses=[Contact.Address(street="1 Hill", city="York")],
    org=Contact.Org(company="Shop"),
)
FLOW = FlowButton(
    title="Open",
    flow_id="1",
    flow_token="t",
    flow_message_version="3",
    flow_action_type=FlowActionType.NAVIGATE,
    flow_action_screen="START",
    flow_action_payload={"anything": {"id": [1, None]}},
)
ROWS = [SectionRow(title="One", callback_data="1", description="First")]
MESSAGES: dict[str, Act] = {
    "text": lambda wa: wa.send_message(TO, "Hi", preview_url=True, reply_to_message_id="w"),
    "tracked": lambda wa: wa.send_message(TO, "Hi", tracker="t", identity_key_hash="h"),
    "buttons": lambda wa: wa.send_message(
        TO, "Well?", header="Hi", footer="Bye", buttons=[Button("Yes", "y"), Button("No", "n")]
    ),
    "link": lambda wa: wa.send_message(TO, "See", buttons=URLButton("See", "https://e.example")),
    "list": lambda wa: wa.send_message(
        TO, "Pick", buttons=SectionList("Pick", sections=[Section("All", rows=ROWS)])
    ),
    "flow": lambda wa: wa.send_message(TO, "Go", buttons=FLOW),
    "call": lambda wa: wa.send_message(TO, "Call", buttons=VoiceCallButton("Call", 5)),
    "image": lambda wa: wa.send_image(TO, IMAGE, caption="Look"),
    "image with buttons": lambda wa: wa.send_image(
        TO, IMAGE, caption="?", buttons=[Button("Y", "y")]
    ),
    "location": lambda wa: wa.send_location(TO, 51.5, -0.1, name="Shop", address="1 Hill"),
    "asking for a location": lambda wa: wa.request_location(TO, "Where?"),
    "contact": lambda wa: wa.send_contact(TO, CARD),
    "reaction": lambda wa: wa.send_reaction(TO, "\N{THUMBS UP SIGN}", "wamid.1"),
    "catalogue": lambda wa: wa.send_catalog(TO, "See", thumbnail_product_sku="s"),
    "product": lambda wa: wa.send_product(TO, catalog_id="1", sku="s", body="See"),
    "products": lambda wa: wa.send_products(
        TO, "1", [ProductsSection(title="All", skus=["s"])], title="All", body="See"
    ),
}


@pytest.mark.parametrize("act", MESSAGES.values(), ids=MESSAGES)
def test_a_message_of_pywa_leaves_as_it_wrote_it(act: Act) -> None:
    body = written(act)
    message = read_message(body)
    assert message.kind is MessageKind.FREE_FORM
    assert json.loads(message.body) == json.loads(body)


def test_a_mark_as_read_of_pywa_leaves_as_it_wrote_it() -> None:
    acts: list[Act] = [
        lambda wa: wa.mark_message_as_read("wamid.1"),
        lambda wa: wa.indicate_typing("wamid.1"),
    ]
    for act in acts:
        body = written(act)
        message = read_message(body)
        assert message.kind is MessageKind.READ_RECEIPT
        assert json.loads(message.body) == json.loads(body)


def test_a_template_of_pywa_is_made_and_sent_as_it_wrote_it() -> None:
    header: Any = HeaderText("Hello {{1}}", "Ana")
    body: Any = BodyText("See {{1}}", "it")
    link = TemplateUrl(text="See", url="https://e.example/{{1}}", example="x")
    reply, coupon = QuickReplyButton(text="No"), CopyCodeButton(example="SAVE")
    template = Template(
        name="offer",
        language=TemplateLanguage.ENGLISH,
        category=TemplateCategory.MARKETING,
        components=[
            header,
            LimitedTimeOffer(text="Soon", has_expiration=True),
            body,
            FooterText(text="Bye"),
            Buttons(buttons=[link, reply, coupon]),
        ],
        message_send_ttl_seconds=43_200,
    )
    draft = written(lambda wa: wa.create_template(template))
    fields = json.loads(draft)
    assert json.loads(write_known(read_known(fields, TemplateDraft))) == fields
    filled: Any = [
        header.params("Ben"),
        body.params("this"),
        link.params(url_variable="y", index=0),
        reply.params(callback_data="no", index=1),
        coupon.params(coupon_code="SAVE", index=2),
    ]
    language = TemplateLanguage.ENGLISH
    acts: list[Act] = [
        lambda wa: wa.send_template(TO, "offer", language, filled),
        lambda wa: wa.send_template(TO, "offer", language, filled, use_mm_lite_api=True),
    ]
    for act in acts:
        sent = written(act)
        message = read_message(sent)
        assert (message.kind, message.template) == (MessageKind.TEMPLATE, "offer")
        assert json.loads(message.body) == json.loads(sent)


AMOUNT = {"value": 500, "offset": 100}
ORDER = {
    "reference_id": "r1",
    "type": "digital-goods",
    "payment_type": "br",
    "payment_settings": [
        {"type": "pix_dynamic_code", "pix_dynamic_code": {"code": "x", "key": "k"}},
        {"type": "payment_gateway", "payment_gateway": {"type": "razorpay", "razorpay": {"a": {}}}},
    ],
    "currency": "BRL",
    "total_amount": AMOUNT,
    "order": {
        "status": "pending",
        "items": [{"retailer_id": "1", "name": "Cake", "amount": AMOUNT, "quantity": 1}],
        "subtotal": AMOUNT,
        "tax": AMOUNT | {"description": "none"},
    },
}
PICTURE = {"type": "header", "parameters": [{"type": "image", "image": {"id": "1"}}]}
DOCUMENTED: dict[str, dict[str, Any]] = {
    "named and typed parameters": {
        "components": [
            {
                "type": "BODY",
                "parameters": [
                    {"type": "text", "parameter_name": "first_name", "text": "Ana"},
                    {
                        "type": "currency",
                        "currency": {"fallback_value": "5", "code": "EUR", "amount_1000": 5000},
                    },
                    {"type": "date_time", "date_time": {"fallback_value": "May", "month": 5}},
                ],
            }
        ]
    },
    "a carousel": {
        "components": [
            {"type": "carousel", "cards": [{"card_index": 0, "components": [PICTURE]}]},
        ]
    },
    "a flow, a catalogue and products": {
        "components": [
            {
                "type": "button",
                "sub_type": "flow",
                "index": 0,
                "parameters": [
                    {"type": "action", "action": {"flow_token": "t", "flow_action_data": {"a": 1}}}
                ],
            },
            {
                "type": "button",
                "sub_type": "MPM",
                "index": "1",
                "parameters": [
                    {
                        "type": "action",
                        "action": {
                            "thumbnail_product_retailer_id": "s",
                            "sections": [
                                {"title": "All", "product_items": [{"product_retailer_id": "s"}]}
                            ],
                        },
                    }
                ],
            },
        ]
    },
    "an order": {
        "components": [
            {
                "type": "button",
                "sub_type": "order_details",
                "index": 0,
                "parameters": [{"type": "action", "action": {"order_details": ORDER}}],
            }
        ]
    },
    "a place": {
        "components": [
            {
                "type": "header",
                "parameters": [
                    {"type": "location", "location": {"latitude": "1", "longitude": "2"}}
                ],
            }
        ]
    },
}


@pytest.mark.parametrize("parts", DOCUMENTED.values(), ids=DOCUMENTED)
def test_a_template_as_meta_documents_it_leaves_as_it_came(parts: dict[str, Any]) -> None:
    template = {"name": "offer", "language": {"policy": "deterministic", "code": "en"}} | parts
    fields = {"to": TO, "type": "template", "template": template}
    message = read_message(json.dumps(fields).encode())
    assert message.kind is MessageKind.TEMPLATE
    assert json.loads(message.body) == fields


def test_an_order_as_meta_documents_it_leaves_as_it_came() -> None:
    action = {"name": "review_and_pay", "parameters": ORDER}
    asked = {"type": "order_details", "body": {"text": "Pay"}, "action": action}
    fields = {"to": TO, "type": "interactive", "interactive": asked}
    assert json.loads(read_message(json.dumps(fields).encode()).body) == fields
