"""Whether a call-out is askfirst's.

Source: Standard Webhooks. The signature is HMAC-SHA256 over `id.timestamp.body`.
"""

from __future__ import annotations

import hmac
from collections.abc import Mapping
from datetime import UTC, datetime

from standardwebhooks.webhooks import Webhook

TOLERANCE_SECONDS = 300
NOT_SIGNED, NOT_SIGNED_ERROR = 401, "the signature is missing, wrong or old"


def is_signed(secret: str, headers: Mapping[str, str], body: bytes, now: float) -> bool:
    """Return whether this secret signed these bytes just now.

    The library signs; that it is fresh is checked here, because time comes from outside.
    """
    message_id, stamp = headers.get("webhook-id", ""), headers.get("webhook-timestamp", "")
    try:
        at = int(stamp)
        signed_at = datetime.fromtimestamp(at, UTC)
        right = Webhook(secret).sign(message_id, signed_at, body.decode())
    except (ValueError, OverflowError, OSError):
        return False
    claimed = headers.get("webhook-signature", "").split(" ")
    fits = any(hmac.compare_digest(right.encode(), one.encode()) for one in claimed)
    return fits and bool(message_id) and abs(now - at) <= TOLERANCE_SECONDS
