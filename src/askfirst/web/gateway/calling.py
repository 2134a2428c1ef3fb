"""Who calls, with what, and what goes on to Meta of it."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final
from urllib.parse import parse_qsl, urlencode

from askfirst.domain.tenants.api_key import ApiScope
from askfirst.domain.value import Value
from askfirst.domain.values.errors import NotAuthenticated, NotPermitted
from askfirst.domain.values.ids import BusinessId, KeyId
from askfirst.usecases.sending.graph_responses import Answer
from askfirst.usecases.tenants.authenticate import KEY_PREFIX
from askfirst.web import asgi
from askfirst.web.asgi import Receive, Scope
from askfirst.web.gateway.refusals import Reply
from askfirst.web.gateway.routes import Route

TOKEN_PARAMETER: Final = "access_token"  # noqa: S105 - the name of a parameter
META_TOKEN: Final = KeyId("meta_token")
"""Stands where the id of a key would, for clients that come with a token of Meta's."""
_PROOF: Final = "appsecret_proof"
"""Proves to Meta that whoever shows a token has the app's secret: a digest of that token, so of
no use with another one. Source: Meta, "Secure Graph API calls"."""
_UPLOADS: Final = "/uploads"
_SCHEMES: Final = frozenset({"bearer", "oauth"})
"""Meta takes both, and its own pages show both."""
_HOST = re.compile(r"[A-Za-z0-9.-]{1,253}(?::[0-9]{1,5})?|\[[0-9A-Fa-f:.]{2,45}\](?::[0-9]{1,5})?")


class Credential(Value, frozen=True):
    """What a caller showed: a secret, and whether it stood in the query, as old clients have it.

    `query` is what was asked beside it.
    """

    secret: str
    is_in_query: bool
    query: str


class Caller(Value, frozen=True):
    """Who calls: a business, by its key, or whoever Meta shows the node to, by their token."""

    business_id: BusinessId | None
    meta_token: str | None = None
    key_id: KeyId = META_TOKEN
    scopes: frozenset[ApiScope] = frozenset()

    def need(self, scope: ApiScope) -> None:
        """Refuse a key without a scope; Meta itself judges its own tokens."""
        if self.meta_token is None and scope not in self.scopes:
            raise NotPermitted(f"the key lacks the scope {scope.value}", needed=scope.value)


class GatewayCall(Value, frozen=True):
    """One call of a known caller. `base` is where the client reached us."""

    scope: Scope
    receive: Receive
    route: Route
    caller: Caller
    credential: Credential
    base: str


def read_credential(scope: Scope) -> Credential:
    """Take the secret out of a request: from `Authorization`, or from the query.

    In the query it may stand where something is read, or an upload begun: products have it there.

    Raises:
        NotAuthenticated: two secrets were shown.
    """
    value = asgi.header(scope, b"authorization") or ""
    scheme, _, secret = value.partition(" ")
    secret = secret.strip() if scheme.lower() in _SCHEMES else ""
    query: str = scope["query_string"].decode("latin-1")
    if not query:
        return Credential(secret, is_in_query=False, query="")
    may_be_in_query = scope["method"] == "GET" or scope["path"].endswith(_UPLOADS)
    if not (may_be_in_query and TOKEN_PARAMETER in query) and _PROOF not in query:
        return Credential(secret, is_in_query=False, query=query)
    pairs = parse_qsl(query, keep_blank_values=True)
    taken = {TOKEN_PARAMETER} if may_be_in_query else set()
    shown = [value for name, value in pairs if name in taken]
    if len(shown) > 1 or (value and shown and shown != [secret]):
        raise NotAuthenticated("two secrets were shown")
    secret = shown[0] if shown else secret
    taken |= {_PROOF} if secret.startswith(KEY_PREFIX) else set()
    rest = urlencode([pair for pair in pairs if pair[0] not in taken])
    return Credential(secret, is_in_query=bool(shown), query=rest)


def base_of(scope: Scope, otherwise: str) -> str:
    """Return the address that the client called, without a slash at the end."""
    host = asgi.header(scope, b"host") or ""
    return _base(host, scope.get("scheme", "http"), scope.get("root_path", "")) or otherwise


@lru_cache(maxsize=256)
def _base(host: str, scheme: str, root: str) -> str:
    return f"{scheme}://{host}{root}" if _HOST.fullmatch(host) else ""


def headers_of(scope: Scope, content_type: str | None, token: str | None) -> dict[str, str]:
    """Return the headers that go on to Meta: few, and none that speaks of the connection."""
    headers = {"authorization": f"Bearer {token}"} if token else {}
    if content_type is not None:
        headers["content-type"] = content_type
    agent = asgi.header(scope, b"user-agent")
    if agent is not None:
        headers["user-agent"] = agent
    return headers


def relayed(
    answer: Answer, headers: asgi.Headers | None = None, *, body: bytes | None = None
) -> Reply:
    """Give Meta's answer on, with another body where there is one."""
    content = answer.body if body is None else body
    return Reply(answer.status, content, answer.content_type.encode("latin-1"), headers)
