import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from askfirst.domain.errors import InvalidInput
from askfirst.graph.outgoing import (
    TYPES,
    MessageKind,
    OutgoingMessage,
    read_message,
    with_recipient,
)

TEMPLATE: dict[str, Any] = {
    "messaging_product": "whatsapp",
    "to": "447700900123",
    "type": "template",
    "template": {"name": "order_update", "language": {"code": "en_US"}},
}
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)


def read(**fields: Any) -> OutgoingMessage:
    return read_message(json.dumps(fields).encode())


def test_a_template_is_read_with_its_name_and_language() -> None:
    assert read(**TEMPLATE) == OutgoingMessage(
        kind=MessageKind.TEMPLATE,
        type="template",
        to="447700900123",
        template="order_update",
        language="en_US",
    )


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
        {"type": 7, "to": "1"},
        {"type": "text", "to": "1", "template": {"name": "x"}},
        {"type": "template", "to": "1"},
        {"template": {"name": "x"}, "to": "1"},
        {"type": "text", "to": "1", "category": 7},
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
    assert read(to="1", type="contacts", contacts=[{"name": {}}] * 100).type == "contacts"


@given(st.dictionaries(st.text(), VALUES, max_size=4), st.text(max_size=15), st.text(), st.data())
def test_only_the_recipient_changes(
    fields: dict[str, Any], to: str, other: str, data: st.DataObject
) -> None:
    fields |= {"to": to, "nested": data.draw(st.sampled_from([{"to": "x"}, '"to":"y"', "to", 1]))}
    body = json.dumps(
        dict(data.draw(st.permutations(list(fields.items())))),
        ensure_ascii=data.draw(st.booleans()),
        indent=data.draw(st.sampled_from([None, 1])),
    ).encode()
    spliced = with_recipient(body, other)
    assert json.loads(spliced) == {**json.loads(body), "to": other}
    assert with_recipient(spliced, other) is spliced
    assert read_message(spliced).to == other


def test_a_recipient_spelled_with_escapes_is_found() -> None:
    body = b'{"a":{"to":"1"},"\\u0074o" : "2" ,"b":"\xc3\xa9"}'
    assert with_recipient(body, "3") == b'{"a":{"to":"1"},"\\u0074o" : "3" ,"b":"\xc3\xa9"}'


def test_a_body_without_a_recipient_stays_as_it_is() -> None:
    body = b'{"recipient":"US.1","context":{"to":"1"}}'
    assert with_recipient(body, "+447700900123") is body
