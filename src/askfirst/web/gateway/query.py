"""Parameters of a call: known names, values of a known shape, written anew.

In `fields` the Graph API takes a small language: names, with arguments after a dot and fields of
theirs in braces. One such argument, `.method(…)`, makes of a reading a writing; so those that pass
are listed, too. Source: Meta, "Graph API", "Field expansion".
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection
from typing import Final
from urllib.parse import parse_qsl, urlencode

from askfirst.domain.values.errors import InvalidInput

_PARAMETERS_MAX: Final = 24
_LENGTH_MAX: Final = 4096
_PLAIN = re.compile(r"[^\x00-\x1f\x7f(){}%]*")
_NUMBER = re.compile(r"[0-9]{1,32}", re.ASCII)
_CURSOR = re.compile(r"[\w=+/.-]*", re.ASCII)
_SWITCH = re.compile(r"0|1|true|false")
_TOKEN = re.compile(
    r"\s*(?:([A-Za-z_][A-Za-z0-9_]*)((?:\.[a-z_]+\([^()]*\))*)|([,{}]))\s*", re.ASCII
)
_ARGUMENT = re.compile(r"\.([a-z_]+)\(([^()]*)\)")
_VALUE = re.compile(r"[\w=+/,.:\"\[\] -]*", re.ASCII)
_ARGUMENTS: Final = frozenset(
    {
        "after",
        "as",
        "before",
        "conversation_directions",
        "conversation_types",
        "country_codes",
        "dimensions",
        "end",
        "granularity",
        "limit",
        "metric_types",
        "phone_numbers",
        "pricing_categories",
        "pricing_types",
        "product_types",
        "start",
        "summary",
        "template_ids",
    }
)
_NEVER: Final = frozenset({"access_token"})


def rewrite_query(query: str, known: Collection[str]) -> str:
    """Give the query anew, of known parameters; InvalidInput names another, or a bad value."""
    if not query:
        return ""
    try:
        pairs = parse_qsl(
            query, keep_blank_values=True, errors="strict", max_num_fields=_PARAMETERS_MAX
        )
    except ValueError as error:
        raise InvalidInput("query", "must be parameters in UTF-8") from error
    given: dict[str, str] = {}
    for name, value in pairs:
        if name not in known:
            message = "is not a parameter that askfirst knows for this call"
            raise InvalidInput(name[:64], message)
        if name in given:
            raise InvalidInput(name, "must not be given twice")
        _check(name, value)
        given[name] = value
    return urlencode(given)


def _check(name: str, value: str) -> None:
    is_shaped = _SHAPES.get(name, _matches(_PLAIN))
    if len(value) > _LENGTH_MAX or not is_shaped(value):
        raise InvalidInput(name, "must have a value that Meta documents")


def _matches(shape: re.Pattern[str]) -> Callable[[str], bool]:
    return lambda value: shape.fullmatch(value) is not None


def _are_fields(text: str) -> bool:
    """Tell whether a text is a list of names, with known arguments, and lists within in braces."""
    place = depth = 0
    wants_name = True
    while place < len(text):
        token = _TOKEN.match(text, place)
        if token is None:
            return False
        place = token.end()
        name, arguments, mark = token.groups()
        if name is not None:
            if not wants_name or name.lower() in _NEVER or not _are_arguments(arguments):
                return False
            wants_name = False
        elif wants_name:
            return False
        else:
            depth += {"{": 1, "}": -1}.get(mark, 0)
            wants_name = mark in ",{"
            if depth < 0:
                return False
    return depth == 0 and not wants_name


def _are_arguments(text: str) -> bool:
    return all(
        name in _ARGUMENTS and _VALUE.fullmatch(value) for name, value in _ARGUMENT.findall(text)
    )


_SHAPES: Final = {
    "fields": _are_fields,
    "limit": _matches(_NUMBER),
    "phone_number_id": _matches(_NUMBER),
    "after": _matches(_CURSOR),
    "before": _matches(_CURSOR),
    "appsecret_proof": _matches(_CURSOR),
    "pretty": _matches(_SWITCH),
}
