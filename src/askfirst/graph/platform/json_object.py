"""JSON from clients, read so that no two readers could find different things in it.

Refused are a name given twice, at any depth, NaN, broken UTF-8, odd nesting and numbers that no
double can hold.
"""

from __future__ import annotations

import json
import re
from typing import Any, Final

import msgspec

from askfirst.domain.values.errors import InvalidInput

DEPTH_MAX: Final = 64

_DECODER = msgspec.json.Decoder()
_BRACKET_OR_TEXT = re.compile(rb'"(?:[^"\\]|\\.)*"|[\[\]{}]', re.DOTALL)


def read_object(body: bytes) -> dict[str, Any]:
    """Read a JSON object; InvalidInput names the repeated key, or else `body`."""
    fields = read_json(body, "body")
    if not isinstance(fields, dict):
        raise InvalidInput("body", "must be a JSON object")
    return fields


def read_json(text: bytes, field: str) -> Any:
    """Read any JSON value; `field` is what it is called where it is none."""
    if text.count(b"{") + text.count(b"[") > DEPTH_MAX and _depth(text) > DEPTH_MAX:
        raise InvalidInput(field, f"must not be nested deeper than {DEPTH_MAX} levels")
    try:
        value = _DECODER.decode(text)
        # Written again, what we read is what came: then no key was there twice.
        again = msgspec.json.encode(value)
        if again != text and again != msgspec.json.format(text, indent=-1):
            _PAIRS.decode(text.decode())
    except (msgspec.DecodeError, ValueError, RecursionError) as error:
        raise InvalidInput(field, "must be JSON in UTF-8") from error
    return value


def _refuse_repeats(pairs: list[tuple[str, object]]) -> dict[str, object]:
    kept = dict(pairs)
    if len(kept) != len(pairs):
        names = [name for name, _ in pairs]
        twice = next(name for name in names if names.count(name) > 1)
        raise InvalidInput(twice[:64], "must not be given twice")
    return kept


_PAIRS = json.JSONDecoder(object_pairs_hook=_refuse_repeats)


def _depth(body: bytes) -> int:
    deepest = depth = 0
    for token in _BRACKET_OR_TEXT.findall(body):
        if token in b"{[":
            depth += 1
            deepest = max(deepest, depth)
        elif token in b"}]":
            depth -= 1
    return deepest
