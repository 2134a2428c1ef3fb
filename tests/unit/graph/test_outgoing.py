import json
from typing import Any

import pytest

from askfirst.domain.values.errors import InvalidInput
from askfirst.graph.sending.outgoing import (
    TYPES,
    MessageKind,
    OutgoingMessage,
    read_message,
    understand,
)

TEMPLATE: dict[str, Any] = {
    "messaging_product": "whatsapp",
    "to": "447700900123",
    "type": "template",
    "template": {"name": "order_update", "language": {"code": "en_US"}},
}


def read(**fields: Any) -> OutgoingMessage:
    return read_message(json.dumps(fields).encode())


def test_a_template_is_read_with_its_name_and_language() -> None:
    message = read(**TEMPLATE)
    assert (message.kind, message.type) == (MessageKind.TEMPLATE, "template")
    assert (message.to, message.recipient) == ("447700900123", "")
    assert (message.template, message.language) == ("order_update", "en_US")
    assert json.loads(message.body) == TEMPLATE


def test_clients_write_words_in_any_case_and_languages_in_two_ways() -> None:
    message = read(**{**TEMPLATE, "type": "TEMPLATE", "recipient_type": "GROUP"})
    assert message.kind is MessageKind.TEMPLATE
    assert message.is_group
    named = {"name": "a", "language": "en-US"}
    assert read(type="template", template=named, to=447700900123).language == "en_US"


def test_a_number_written_as_a_number_is_read() -> None:
    assert read(to=447700900123, text={"body": "hi"}).to == "447700900123"


def test_the_free_form_types_are_free_form() -> None:
    for kind in TYPES:
        assert read(to="1", type=kind).kind is MessageKind.FREE_FORM
    assert read(to="1", text={"body": "hi"}).type == "text"


def test_a_body_with_a_category_is_direct_send() -> None:
    message = read(to="1", type="text", text={"body": "hi"}, category="UTILITY")
    assert message.kind is MessageKind.DIRECT
    assert message.direct_category == "utility"


def test_a_read_receipt_has_no_recipient() -> None:
    receipt = {"messaging_product": "whatsapp", "status": "read", "message_id": "wamid.x"}
    assert read(**receipt).kind is MessageKind.READ_RECEIPT
    assert read(**receipt, typing_indicator={"type": "text"}).kind is MessageKind.READ_RECEIPT
    assert read(**receipt, to="1").kind is MessageKind.UNKNOWN
    assert read(**receipt, type="text", text={}).kind is MessageKind.UNKNOWN


@pytest.mark.parametrize(
    "fields",
    [
        {},
        {"type": "templates", "to": "1"},
        {"type": "text", "to": "1", "template": {"name": "x"}},
        {"type": "template", "to": "1"},
        {"template": {"name": "x"}, "to": "1"},
        {"type": "text", "to": "1", "text": {}, "image": {"id": "1"}},
        {"type": "text", "to": "1", "category": ""},
        {"type": "text", "to": "1", "text": {}, "message_id": "wamid.x"},
        {"type": "text", "to": "1", "text": {}, "typing_indicator": {"type": "text"}},
        {"status": "delivered"},
    ],
)
def test_what_is_not_surely_one_kind_is_unknown(fields: dict[str, Any]) -> None:
    assert read(**fields).kind is MessageKind.UNKNOWN


@pytest.mark.parametrize(
    ("body", "field"),
    [
        (b'{"to":"1","to":"2"}', "to"),
        (b'{"to":"1", "t\\u006f" : "2"}', "to"),
        (b'{"to":"1","to":"1"}', "to"),
        (b'{"type":"template","template":{"name":"a","name":"b"},"to":"1"}', "name"),
        (b'{"to":["1"]}', "to"),
        (b'{"to":true}', "to"),
        (b'{"type":7}', "type"),
        (b'{"category":7}', "category"),
        (b'{"template":{"name":5}}', "template.name"),
        (b'{"template":{"language":{"code":5}}}', "template.language.code"),
        (b'{"recipient":{}}', "recipient"),
        (b'{"to":NaN}', "body"),
        (b'{"to":"1"}{"to":"2"}', "body"),
        (b'\xef\xbb\xbf{"to":"1"}', "body"),
        (b'{"to":"\xff"}', "body"),
        (b'{"to":"\\ud800"}', "body"),
        (b"[]", "body"),
        (b"", "body"),
        (b'{"a":' + b"[" * 65 + b"]" * 65 + b"}", "body"),
        (b'{"a":' + b"[" * 100_000 + b"]" * 100_000 + b"}", "body"),
    ],
)
def test_what_two_parsers_could_read_differently_is_refused(body: bytes, field: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        read_message(body)
    assert refused.value.field == field


def test_many_brackets_side_by_side_or_in_texts_are_not_deep() -> None:
    assert read(to="1", type="text", text={"body": '[{"' * 100}).type == "text"
    cards: Any = [{"name": {}}] * 100
    assert read(to="1", type="contacts", contacts=cards).type == "contacts"


@pytest.mark.parametrize(
    ("fields", "path"),
    [
        ({"To": "447700900456"}, "To"),
        ({"Recipient_Type": "group"}, "Recipient_Type"),
        ({"id": "1"}, "id"),
        ({"ids": "1,2"}, "ids"),
        ({"batch": []}, "batch"),
        ({"method": "delete"}, "method"),
        ({"relative_url": "me"}, "relative_url"),
        ({"access_token": "x"}, "access_token"),
        ({"messages": [{"to": "1"}]}, "messages"),
        ({"template": {"name": "a", "to": "1"}}, "template.to"),
        ({"template": {"components": [{"x": 1}]}}, "template.components[0].x"),
        (
            {"interactive": {"action": {"buttons": [{"url": 1}]}}},
            "interactive.action.buttons[0].url",
        ),
        ({"text": {"body": {"to": "1"}}}, "text.body"),
    ],
)
def test_what_is_not_known_is_refused_by_its_path(fields: dict[str, Any], path: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        read(**(TEMPLATE | fields))
    assert refused.value.field == path


def test_words_that_decide_leave_as_they_were_read() -> None:
    words = {"type": "Text", "recipient_type": "Individual", "category": "Utility"}
    message = read(to="1", text={"body": "Hi"}, **words)
    assert json.loads(message.body) == {
        "to": "1",
        "type": "text",
        "recipient_type": "individual",
        "category": "utility",
        "text": {"body": "Hi"},
    }


def test_a_mark_as_read_leaves_with_nothing_beside_it() -> None:
    receipt = {"messaging_product": "whatsapp", "status": "READ", "message_id": "wamid.x"}
    message = read(**receipt, to=None, template=None, biz_opaque_callback_data=None)
    assert message.kind is MessageKind.READ_RECEIPT
    assert json.loads(message.body) == receipt | {"status": "read"}
    added: list[dict[str, Any]] = [
        {"biz_opaque_callback_data": "x"},
        {"context": {}},
        {"recipient_type": "group"},
    ]
    for more in added:
        assert read(**receipt, **more).kind is MessageKind.UNKNOWN


def test_an_object_given_as_text_is_read_as_the_object() -> None:
    """A form has no other way; Meta takes it in JSON, too."""
    fields = TEMPLATE | {"template": json.dumps(TEMPLATE["template"])}
    assert understand(fields) == read(**TEMPLATE)
    for text in ("{", '{"name":"a","name":"b"}', '{"x":1}', "[]"):
        with pytest.raises(InvalidInput):
            understand(TEMPLATE | {"template": text})


def test_a_part_of_an_object_given_as_text_is_read_as_the_part() -> None:
    """As one helpdesk writes the buttons of a question."""
    action = {"buttons": [{"type": "reply", "reply": {"id": "yes", "title": "Yes"}}]}
    question = {"type": "button", "body": {"text": "A table?"}, "action": action}
    whole = read(to="+447700900123", type="interactive", interactive=question)
    in_text = question | {"action": json.dumps(action)}
    fields: dict[str, Any] = {"to": "+447700900123", "type": "interactive"}
    for written in (in_text, json.dumps(in_text)):
        assert understand(fields | {"interactive": written}) == whole
    for text in ("{", '{"buttons":[],"buttons":[]}', '{"other":1}', "[]"):
        with pytest.raises(InvalidInput):
            understand(fields | {"interactive": question | {"action": text}})


def test_only_the_recipient_changes() -> None:
    message = read(**TEMPLATE)
    assert json.loads(message.body_to("+447700900123")) == TEMPLATE | {"to": "+447700900123"}
    assert message.body_to("447700900123") is message.body
    by_id = read(recipient="US.1", type="text", text={"body": "Hi"})
    assert by_id.body_to("+447700900123") is by_id.body


def test_what_leaves_holds_the_values_that_came() -> None:
    body = b'{ "to":447700900123, "type":"location", "location":{"latitude":1.50,"longitude":-0,'
    body += b'"name":"caf\\u00e9 \xf0\x9f\x91\x8d","address":null}}\n'
    assert json.loads(read_message(body).body) == json.loads(body)
