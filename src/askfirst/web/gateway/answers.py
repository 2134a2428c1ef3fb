"""Meta's answers, with every address in them on the gateway and every token taken out.

Meta writes into `paging.next` where the next page is: on its own host, and often with the token
of whoever asked. Followed as it is, it would lead past the gateway with an askfirst key; and a key
that may only send would learn Meta's token. An answer in which nothing has to change leaves as it
came, byte for byte.
"""

from __future__ import annotations

import hmac
import re
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import parse_qsl, urlencode, urlsplit

import msgspec

from askfirst.web.gateway.calling import TOKEN_PARAMETER
from askfirst.web.gateway.routes import find_route

GRAPH_HOST: Final = "graph.facebook.com"
_SECRETS: Final = frozenset({TOKEN_PARAMETER, "appsecret_proof", "input_token"})
_VERSION = re.compile(r"/v[0-9]{1,3}\.[0-9]{1,2}(?=/|$)", re.ASCII)
_REMOVED: Final = "(removed)"
_GONE: Final = object()


@dataclass(frozen=True, slots=True)
class Rewriter:
    """Changes one answer. `base`: where the client reached us; `graph`: hosts of the Graph API.

    `token` is Meta's, which was used. `secret` is what the client itself showed in its query: a
    client that knows no other way finds it again in the addresses of pages, as at Meta.
    """

    base: str
    graph: frozenset[str]
    token: str
    secret: str = ""

    def rewrite(self, body: bytes) -> bytes:
        """Return the body with addresses and tokens changed."""
        try:
            content = msgspec.json.decode(body)
        except (msgspec.DecodeError, RecursionError):
            return body.replace(self.token.encode(), b"") if self.token else body
        changed = self._value(content)
        return body if changed is content else msgspec.json.encode(changed)

    def _value(self, value: Any) -> Any:
        match value:
            case str():
                return self._text(value)
            case dict():
                pairs = {name: self._member(name, one) for name, one in value.items()}
                is_same = all(pairs[name] is one for name, one in value.items())
                kept = {name: one for name, one in pairs.items() if one is not _GONE}
                return value if is_same else kept
            case list():
                items = [self._value(one) for one in value]
                is_same = all(new is old for new, old in zip(items, value, strict=True))
                return value if is_same else items
            case _:
                return value

    def _member(self, name: str, value: Any) -> Any:
        return _GONE if name.lower() == TOKEN_PARAMETER else self._value(value)

    def _text(self, text: str) -> str:
        if text.startswith(("https://", "http://")):
            text = self._address(text)
        if self.token and self.token in text and not self._is_callers_own:
            return text.replace(self.token, _REMOVED)
        return text

    @property
    def _is_callers_own(self) -> bool:
        """Whether the token is what the caller showed: they know it."""
        return hmac.compare_digest(self.token.encode(), self.secret.encode())

    def _address(self, address: str) -> str:
        try:
            parts = urlsplit(address)
        except ValueError:
            return address
        pairs = parse_qsl(parts.query, keep_blank_values=True)
        kept = [pair for pair in pairs if pair[0].lower() not in _SECRETS]
        if parts.netloc.lower() not in self.graph or not _is_call(parts.path):
            if len(kept) == len(pairs):
                return address
            return parts._replace(query=urlencode(kept)).geturl()
        if self.secret:
            kept.append((TOKEN_PARAMETER, self.secret))
        query = f"?{urlencode(kept)}" if kept else ""
        return f"{self.base}{parts.path}{query}"


def _is_call(path: str) -> bool:
    """Return whether a path is one of the Graph API: a simulator has pages beside it."""
    return _VERSION.match(path) is not None or find_route("GET", path) is not None
