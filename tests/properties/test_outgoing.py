"""What was judged is what leaves, whatever a client sends."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any, get_args
from urllib.parse import urlencode

import msgspec
from hypothesis import example, given
from hypothesis import strategies as st

from askfirst.domain.values.errors import InvalidInput
from askfirst.graph.known.field import Known
from askfirst.graph.known.message import RECEIPT, MessageContent
from askfirst.graph.sending.outgoing import MessageKind, OutgoingMessage, read_message
from askfirst.web.gateway.bodies import read_fields

NAMES = sorted(
    {
        *(field.encode_name for field in msgspec.structs.fields(MessageContent)),
        *("name", "code", "components", "parameters", "body", "action", "buttons", "id", "link"),
        *("To", "Recipient_Type", "ids", "batch", "method", "relative_url", "access_token"),
        *("messages", "to ", "t\0o", "text[body]", "_method", "\u017ftatus", "TO"),
    }
)
WORDS = st.sampled_from(["text", "template", "TEMPLATE", "image", "read", "group", "447700900123"])
LEAVES = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | WORDS | st.text()
VALUES = st.recursive(
    LEAVES,
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(NAMES) | st.text(), inner, max_size=4)
    ),
    max_leaves=12,
)
TEMPLATE: dict[str, Any] = {
    "messaging_product": "whatsapp",
    "to": "447700900123",
    "type": "template",
    "template": {
        "name": "offer",
        "language": {"code": "en"},
        "components": [{"type": "body", "parameters": [{"type": "text", "text": "A7"}]}],
    },
}
BUTTONS = {"buttons": [{"type": "reply", "reply": {"id": "yes", "title": "Yes"}}]}
VALID: list[dict[str, Any]] = [
    TEMPLATE,
    {"to": "447700900123", "type": "text", "text": {"body": "Hi", "preview_url": False}},
    {"recipient": "US.1", "type": "image", "image": {"id": "1"}, "context": {"message_id": "w"}},
    {
        "to": "1",
        "type": "interactive",
        "interactive": {"type": "button", "body": {"text": "?"}, "action": BUTTONS},
    },
    {
        "messaging_product": "whatsapp",
        "status": "read",
        "message_id": "w",
        "typing_indicator": {"type": "text"},
    },
]
FREE = "the names below are the business's own"


@st.composite
def mutated(draw: st.DrawFn) -> dict[str, Any]:
    """Take a valid body and change one to three things in it, at any depth."""
    body: dict[str, Any] = json.loads(json.dumps(draw(st.sampled_from(VALID))))
    for _ in range(draw(st.integers(1, 3))):
        node = draw(st.sampled_from(list(objects(body))))
        name = draw(st.sampled_from(sorted(node) or NAMES) | st.sampled_from(NAMES) | st.text())
        if draw(st.booleans()):
            node[name] = draw(VALUES)
        else:
            node.pop(name, None)
    return body


def objects(node: Any) -> Iterator[dict[str, Any]]:
    if isinstance(node, dict):
        yield node
    for inner in (
        node.values() if isinstance(node, dict) else node if isinstance(node, list) else ()
    ):
        yield from objects(inner)


def check_known(shape: Any, node: Any, place: str = "") -> None:
    """Walk what leaves beside the description of what may."""
    if isinstance(node, dict):
        described = [option for option in options(shape) if isinstance(option, type)]
        struct = next((option for option in described if issubclass(option, Known)), None)
        if struct is None:
            assert any(option is dict for option in map(origin, options(shape))), place + FREE
            return
        known = {field.encode_name: field.type for field in msgspec.structs.fields(struct)}
        assert node.keys() <= known.keys(), place
        for name, value in node.items():
            check_known(known[name], value, f"{place}.{name}")
    elif isinstance(node, list):
        (item,) = [get_args(each)[0] for each in options(shape) if origin(each) is tuple]
        for value in node:
            check_known(item, value, f"{place}[]")


def options(shape: Any) -> tuple[Any, ...]:
    return (shape,) if origin(shape) in (tuple, dict) else get_args(shape) or (shape,)


def origin(shape: Any) -> Any:
    return getattr(shape, "__origin__", None)


def judged(message: OutgoingMessage) -> dict[str, Any]:
    """Return everything that the gate decides by."""
    return {name: getattr(message, name) for name in message.__struct_fields__ if name != "body"}


def check_leaves_as_judged(message: OutgoingMessage) -> dict[str, Any]:
    """Read again what leaves, with our reader and with another one."""
    assert judged(read_message(message.body)) == judged(message)
    leaves: dict[str, Any] = json.loads(message.body)
    check_known(MessageContent, leaves)
    template = leaves.get("template") or {}
    language = template.get("language") or ""
    code = language if isinstance(language, str) else language.get("code") or ""
    assert str(leaves.get("to") or "") == message.to or leaves["to"] == 0
    assert (template.get("name") or "") == message.template
    assert code.replace("-", "_").lower() == message.language.replace("-", "_").lower()
    assert (leaves.get("category") or "") == message.direct_category
    assert (leaves.get("recipient_type") == "group") == message.is_group
    if message.kind is MessageKind.READ_RECEIPT:
        assert leaves.keys() <= RECEIPT
        assert leaves["status"] == "read"
    elif message.kind is not MessageKind.UNKNOWN:
        assert (leaves.get("type") or "text") == message.type
        assert leaves.get("status") is None
    return leaves


def lowered(fields: dict[str, Any]) -> dict[str, Any]:
    """Write the words that decide in lower case, as they leave."""
    words = {"type", "recipient_type", "category", "status"}
    return {
        name: value.lower() if name in words and isinstance(value, str) else value
        for name, value in fields.items()
    }


@given(
    mutated() | st.dictionaries(st.sampled_from(NAMES) | st.text(), VALUES, max_size=5), st.data()
)
@example(VALID[0] | {"type": "TEMPLATE"}, None)
@example(VALID[1] | {"recipient_type": "Individual", "category": "UTILITY"}, None)
@example(VALID[4] | {"to": None, "template": None}, None)
@example(VALID[0] | {"template": json.dumps(VALID[0]["template"])}, None)
def test_what_was_judged_is_what_leaves(fields: dict[str, Any], data: st.DataObject | None) -> None:
    is_ascii = data.draw(st.booleans()) if data else True
    indent = data.draw(st.sampled_from([None, 0, 2])) if data else None
    body = json.dumps(fields, ensure_ascii=is_ascii, indent=indent).encode("utf-8", "surrogatepass")
    try:
        message = read_message(body)
    except InvalidInput:
        return
    leaves = check_leaves_as_judged(message)
    if message.kind is not MessageKind.READ_RECEIPT:
        texts = {name: value for name, value in fields.items() if isinstance(value, str)}
        opened = {name for name in texts if not isinstance(leaves[name], str)}
        assert {n: v for n, v in leaves.items() if n not in opened} == {
            n: v for n, v in lowered(fields).items() if n not in opened
        }
        assert {name: json.loads(texts[name]) for name in opened} == {
            name: leaves[name] for name in opened
        }


@given(mutated(), st.sampled_from(["+447700900123", "+15550100001", ""]))
def test_with_another_spelling_only_the_recipient_changes(fields: dict[str, Any], to: str) -> None:
    try:
        message = read_message(json.dumps(fields).encode("utf-8", "surrogatepass"))
    except (InvalidInput, UnicodeEncodeError):
        return
    before, after = json.loads(message.body), json.loads(message.body_to(to))
    assert after == (before | {"to": to} if "to" in before else before)


@given(st.binary(max_size=60), st.integers(0, 400), st.sampled_from(VALID))
def test_bytes_that_were_cut_into_leave_as_judged_or_not_at_all(
    noise: bytes, place: int, fields: dict[str, Any]
) -> None:
    whole = json.dumps(fields).encode()
    for body in (whole[:place] + noise + whole[place:], noise + whole, whole + noise):
        try:
            message = read_message(body)
        except InvalidInput:
            continue
        assert check_leaves_as_judged(message) == json.loads(message.body)


@given(mutated())
def test_a_form_leaves_as_what_was_judged(fields: dict[str, Any]) -> None:
    texts = {
        name: value if isinstance(value, str) else json.dumps(value)
        for name, value in fields.items()
    }
    try:
        form = urlencode(texts).encode()
        read = read_fields("application/x-www-form-urlencoded", form)
        message = read_message(json.dumps(read).encode())
    except (InvalidInput, UnicodeEncodeError):
        return
    assert read == texts
    check_leaves_as_judged(message)
