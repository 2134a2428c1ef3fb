"""Read JSON from outside, once and strictly.

Python's reader lets the last of two equal keys win, takes NaN, and gives texts that no
database stores. Two readers that disagree about one body are how a no becomes a yes, so
whatever could be read in two ways is refused (RFC 8259, section 4; RFC 7493, I-JSON).
"""

from __future__ import annotations

import json
import math
import re
from dataclasses import dataclass
from typing import Any

import msgspec

from askfirst.domain.values.errors import InvalidInput
from askfirst.web.problems import Malformed, safe_path

DEPTH_MAX = 32
"""How deep a body may nest."""

_INTEGER_MIN, _INTEGER_MAX = -(2**63), 2**64 - 1
_DIGITS_MAX = 20
_SUSPECT = re.compile(rb"\\|[0-9]{19}")
_OPENING = frozenset({"{", "["})
_CLOSING = frozenset({"}", "]"})

# A string that is never closed is taken to the end: starting again at each of its quotes would
# cost the square of its length.
_TOKEN = re.compile(r'"(?:[^"\\]|\\.)*+"?|[{}\[\]]', re.DOTALL)


@dataclass(frozen=True, slots=True)
class _Flaw:
    """Stands where something was that JSON, or we, do not take."""

    message: str
    key: str = ""


def parse(raw: bytes) -> Any:
    """Read a body.

    Raises:
        Malformed: it is empty, no UTF-8, no JSON, ambiguous, or nested too deep.
        InvalidInput: a text in it holds a NUL or half a character; `field` says where.
    """
    if not raw.strip():
        raise Malformed("a JSON body is needed")
    if not _SUSPECT.search(raw) and (plain := _plain(raw)) is not None:
        return plain
    text = _text(raw)
    _check_depth(text)
    try:
        tree = json.loads(
            text,
            object_pairs_hook=_object,
            parse_constant=lambda _: _Flaw("must be a finite number"),
            parse_int=_integer,
            parse_float=_float,
        )
    except ValueError as error:
        raise Malformed("the body is not JSON") from error
    _check(tree, "")
    return tree


def _plain(raw: bytes) -> Any:
    """Read what can be read in one way only, fast; None for all else, which is looked at closely.

    Written again, what we read is what came: then no key was there twice, and no number was odd.
    """
    try:
        tree = msgspec.json.decode(raw)
        again = msgspec.json.encode(tree)
    except (msgspec.DecodeError, RecursionError, ValueError):
        return None
    is_shallow = raw.count(b"{") + raw.count(b"[") <= DEPTH_MAX
    is_same = is_shallow and (again == raw or again == msgspec.json.format(raw, indent=-1))
    return tree if is_same else None


def _text(raw: bytes) -> str:
    try:
        text = raw.decode()
    except UnicodeDecodeError as error:
        raise Malformed("the body is not UTF-8") from error
    if text.startswith("\ufeff"):
        raise Malformed("the body starts with a byte order mark; leave it out")
    return text


def _check_depth(text: str) -> None:
    depth, member = 0, ""
    for found in _TOKEN.finditer(text):
        token = found[0]
        if token in _OPENING:
            depth += 1
            if depth > DEPTH_MAX:
                message = f"must not nest deeper than {DEPTH_MAX}"
                raise Malformed(message, field=safe_path("", member))
        elif token in _CLOSING:
            depth -= 1
        elif depth == 1:
            member = token.strip('"')


def _object(pairs: list[tuple[str, Any]]) -> Any:
    content = dict(pairs)
    if len(content) == len(pairs):
        return content
    seen: set[str] = set()
    for key, _ in pairs:
        if key in seen:
            return _Flaw("must be given once", key)
        seen.add(key)
    return content


def _integer(digits: str) -> Any:
    if len(digits) <= _DIGITS_MAX and _INTEGER_MIN <= (value := int(digits)) <= _INTEGER_MAX:
        return value
    return _Flaw("must be a number of 64 bits at most")


def _float(digits: str) -> Any:
    value = float(digits)
    return value if math.isfinite(value) else _Flaw("must be a finite number")


def _check(value: Any, path: str) -> None:
    """Find the first flaw and say where it is."""
    match value:
        case _Flaw():
            raise Malformed(value.message, field=safe_path(path, value.key) if value.key else path)
        case str():
            _check_text(value, path)
        case dict():
            for key, member in value.items():
                where = safe_path(path, key)
                _check_text(key, path)
                _check(member, where)
        case list():
            for index, member in enumerate(value):
                _check(member, safe_path(path, index))


def _check_text(text: str, path: str) -> None:
    if "\0" in text:
        raise InvalidInput(path or "body", "must not contain a NUL character")
    if not text.isascii():
        try:
            text.encode()
        except UnicodeEncodeError as error:
            message = "must be whole Unicode characters, without half surrogate pairs"
            raise InvalidInput(path or "body", message) from error
