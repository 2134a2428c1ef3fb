"""Whatever is posted to a route that is no send: what leaves is what was read, or nothing."""

from __future__ import annotations

import json
from typing import Any

import msgspec
from hypothesis import given
from hypothesis import strategies as st

from askfirst.domain.values.errors import InvalidInput
from askfirst.graph.known.call import ANSWERS
from askfirst.graph.known.field import read_known
from askfirst.graph.sending.outgoing import MessageKind
from askfirst.graph.sending.voice_call import understand_call
from askfirst.web.gateway.rewriting import _BODIES, rewrite_body
from askfirst.web.gateway.routes import find_route

SALT = b"salt"
NAMES = sorted({field for shape in _BODIES.values() for field in shape.__struct_fields__})
ODD = (
    "batch",
    "method",
    "_method",
    "access_token",
    "To",
    "include_headers",
    "ids",
    "webhook_configuration",
)
LEAVES = st.none() | st.booleans() | st.integers(-9, 9) | st.text(max_size=6)
VALUES = st.recursive(
    LEAVES,
    lambda inner: (
        st.lists(inner, max_size=2)
        | st.dictionaries(st.sampled_from((*NAMES, *ODD)), inner, max_size=2)
    ),
    max_leaves=6,
)
BODIES = st.dictionaries(st.sampled_from((*NAMES, *ODD)), VALUES, max_size=4)
EDGES = st.sampled_from(sorted(edge for edge in _BODIES if edge is not None))


@given(edge=EDGES, content=BODIES)
def test_what_leaves_is_the_one_thing_that_was_read(edge: str, content: dict[str, Any]) -> None:
    route = find_route("POST", f"/v26.0/1/{edge}")
    assert route is not None
    body = json.dumps(content).encode()
    try:
        kind, written = rewrite_body(route, "application/json", body, SALT)
    except InvalidInput:
        return
    shape = _BODIES[edge]
    assert kind == "application/json"
    again = json.loads(written)
    assert set(again) <= set(shape.__struct_fields__)
    assert read_known(again, shape) == read_known(content, shape)
    assert msgspec.json.encode(read_known(again, shape)) == written


@given(content=BODIES, spelling=st.sampled_from((None, 0, 2)))
def test_a_field_that_no_shape_knows_never_leaves(
    content: dict[str, Any], spelling: int | None
) -> None:
    body = json.dumps(content, indent=spelling).encode()
    for edge in _BODIES:
        route = find_route("POST", f"/1/{edge}")
        assert route is not None
        try:
            written = rewrite_body(route, None, body, SALT)[1]
        except InvalidInput:
            continue
        assert not set(json.loads(written)) & set(ODD)


CALLS = st.fixed_dictionaries(
    {},
    optional={
        "to": st.sampled_from(("+447700900123", "", None, 447700900123)),
        "recipient": st.sampled_from(("GB.1", "", None)),
        "action": st.sampled_from((*ANSWERS, "connect", "CONNECT", "Accept", "dial", "", None)),
        "call_id": st.sampled_from(("wacid.1", None)),
        "messaging_product": st.just("whatsapp"),
    },
)


@given(content=CALLS)
def test_a_call_that_reaches_somebody_is_judged(content: dict[str, Any]) -> None:
    message = understand_call(content)
    left = json.loads(message.body)
    reaches = bool(left.get("to") or left.get("recipient")) or left["action"] == "connect"
    assert (message.kind is MessageKind.READ_RECEIPT) <= (not reaches)
    assert (message.kind is MessageKind.DIRECT) == (left["action"] == "connect")
    assert message.to == str(left.get("to") or "")
    assert message.recipient == str(left.get("recipient") or "")


def test_every_shape_refuses_what_it_does_not_know() -> None:
    """A struct that took unknown fields would let them vanish, or leave."""
    seen: set[type[msgspec.Struct]] = set()
    todo: list[Any] = list(_BODIES.values())
    while todo:
        shape = todo.pop()
        if isinstance(shape, type) and issubclass(shape, msgspec.Struct) and shape not in seen:
            seen.add(shape)
            assert shape.__struct_config__.forbid_unknown_fields, shape
            todo += [field.type for field in msgspec.structs.fields(shape)]
        else:
            todo += getattr(shape, "__args__", ())
    assert len(seen) > len(_BODIES)
