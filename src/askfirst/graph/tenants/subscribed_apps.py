"""`/{waba_id}/subscribed_apps`: which apps get an account's webhooks, and where.

Source: Meta, "WhatsApp Business Account, Subscribed Apps" and "Override the callback URL".
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final, NamedTuple

import msgspec

from askfirst.domain.values.errors import InvalidInput

APP_ID: Final = "100000000000000"
"""Stands where Meta has the id of an app: clients look for one in digits, and compare it with the
one that `debug_token` names."""
URI: Final = "override_callback_uri"
WORD: Final = "verify_token"


class Override(NamedTuple):
    """Where an app wants the webhooks of an account instead, and the word of the handshake."""

    uri: str
    verify_token: str


def read_override(fields: Mapping[str, Any]) -> Override | None:
    """Read what a client asks for; None: the app's own address, wherever that is.

    Raises:
        InvalidInput: one of the two fields is missing, or is no text.
    """
    uri, token = fields.get(URI), fields.get(WORD)
    if not uri and not token:
        return None
    for name, value in ((URI, uri), (WORD, token)):
        if not isinstance(value, str) or not value:
            raise InvalidInput(name, f"must be a text: {URI} and {WORD} belong together")
    return Override(str(uri), str(token))


def subscribed(uri: str | None, link: str) -> bytes:
    """Answer as Meta does: one app, askfirst itself, which always gets the webhooks."""
    app: dict[str, Any] = {
        "whatsapp_business_api_data": {"link": link, "name": "askfirst", "id": APP_ID}
    }
    if uri is not None:
        app[URI] = uri
    return msgspec.json.encode({"data": [app]})


SUCCESS: Final = b'{"success":true}'
