"""Requests inside requests: what could make Meta do something else than what was decided on.

The Graph API reads parameters from the query and from bodies of several kinds, runs whole
batches on any address, and lets `method` override the method. Whoever holds a key that may
send must not reach around the gate by any of these.
Source: Meta, "Graph API", pages "Batch requests" and "Making multiple requests".
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from urllib.parse import parse_qsl

import msgspec

from askfirst.domain.errors import InvalidInput

_REFUSED = frozenset({"access_token", "batch", "id", "ids", "method", "relative_url"})
_WORDS = (b"access_token", b"batch", b"method", b"relative_url")
_IN_SEND_QUERY = frozenset({"appsecret_proof"})
_JSON = re.compile(r'application/json *(; *charset="?utf-?8"?)?', re.ASCII | re.IGNORECASE)
_MULTIPART_FIELD = re.compile(
    rb"(?<!file)name\*?\s*=[^\r\n;]{0,24}(access_token|batch|method|relative_url)", re.IGNORECASE
)
_MEMBERS = msgspec.json.Decoder(dict[str, msgspec.Raw])


class NotAllowed(Exception):
    """The request carries something that the gateway does not let through; `what` names it."""

    def __init__(self, what: str) -> None:
        super().__init__(what)
        self.what = what


def check_send(content_type: str | None, query: str, body: bytes) -> None:
    """Refuse a send that Meta could read in another way than the gate does.

    Parameters in the query would stand beside those of the body, and a form may hide behind
    bytes that are JSON, too.
    """
    for key in _keys(query):
        if key in _REFUSED:
            raise NotAllowed(key)
        if key not in _IN_SEND_QUERY:
            raise InvalidInput("query", "must be empty: a message's parameters are in its body")
    if content_type is not None and not _JSON.fullmatch(content_type):
        raise InvalidInput("content-type", "must be application/json")
    _check_members(body)


def check_relay(content_type: str | None, query: str, body: bytes) -> None:
    """Refuse a call that would be another one at Meta."""
    for key, value in parse_qsl(query, keep_blank_values=True):
        name = _name(key)
        if name in _REFUSED or ".method(" in value.lower():
            raise NotAllowed(name)
    if not body:
        return
    kind = (content_type or "").lower()
    if "urlencoded" in kind:
        raise NotAllowed("a form")
    if body[:64].lstrip()[:1] in (b"{", b"["):
        _check_members(body)
    elif _has_word(body) and (found := _MULTIPART_FIELD.search(body)):
        raise NotAllowed(found[1].decode().lower())


def _check_members(body: bytes) -> None:
    if not (b"\\u" in body or _has_word(body)):
        return
    try:
        members = _MEMBERS.decode(body)
    except msgspec.DecodeError as error:
        raise InvalidInput("body", "must be a JSON object") from error
    for key in members:
        if _name(key) in _REFUSED:
            raise NotAllowed(_name(key))


def _has_word(body: bytes) -> bool:
    """Most bodies are cleared here: a search for plain words costs little, even in a film."""
    folded = body.lower()
    return any(word in folded for word in _WORDS)


def _keys(query: str) -> Iterable[str]:
    return (_name(key) for key, _ in parse_qsl(query, keep_blank_values=True)) if query else ()


def _name(key: str) -> str:
    """Give the parameter that a key speaks of: `batch[0][method]` is a part of `batch`."""
    return key.partition("[")[0].strip().lower()
