"""Sessions in a signed cookie: the visitor can read theirs and change nothing in it.

It holds ids of this shop's own and no number: cookies travel far.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import time

COOKIE = "lune"
SECONDS = 24 * 60 * 60
Session = dict[str, str]


class Sessions:
    """Writes and reads the cookie. With another key, every old cookie is an empty session."""

    def __init__(self, key: bytes) -> None:
        self._key = key

    def write(self, session: Session) -> str:
        """Sign the session, together with the time at which it ends."""
        content = json.dumps([int(time.time()) + SECONDS, session], separators=(",", ":"))
        text = base64.urlsafe_b64encode(content.encode()).decode()
        return f"{text}.{self._sign(text)}"

    def read(self, cookie: str) -> Session:
        """Give the session; an empty one where we did not write exactly this, or it is over."""
        text, _, signature = cookie.partition(".")
        if not hmac.compare_digest(signature.encode(), self._sign(text).encode()):
            return {}
        until, session = json.loads(base64.urlsafe_b64decode(text))
        return dict(session) if time.time() < until else {}

    def _sign(self, text: str) -> str:
        return hmac.new(self._key, text.encode(), hashlib.sha256).hexdigest()
