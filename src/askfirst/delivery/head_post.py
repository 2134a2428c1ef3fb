"""The heads by call-out, for whoever keeps them where neither database nor server can reach.

    POST {ASKFIRST_HEAD_URL}
    webhook-id: …

    {"type":"ledger.head","timestamp":"…","data":{"database":"…","heads":[{"business_id":"main",
     "position":12,"leaf_hash":"…","history":"…"}]}}

Signed as all call-outs, with the secret ASKFIRST_HEAD_SECRET.
"""

from __future__ import annotations

import hashlib

import msgspec

from askfirst.delivery.call_out import ANSWER_SECONDS_MAX, SignedCallOut
from askfirst.domain.values.timestamp import to_rfc3339
from askfirst.ports.platform.clock import Clock
from askfirst.ports.sending.http_connection import NotSent, OutcomeUnknown
from askfirst.ports.transparency.head import Heads


class NoHeadReceiver:
    """Nobody to tell."""

    is_configured = False

    async def tell(self, heads: Heads) -> bool:  # noqa: ARG002 - the port's
        """Tell nobody."""
        return False

    async def close(self) -> None:
        """Nothing is open."""


class HeadReceiverByCallOut:
    """See ports.head.HeadReceiver."""

    is_configured = True

    def __init__(
        self, url: str, secret: str, clock: Clock, *, answer_seconds: float = ANSWER_SECONDS_MAX
    ) -> None:
        self._call_out = SignedCallOut(url, secret, clock, answer_seconds=answer_seconds)
        self._clock = clock

    async def tell(self, heads: Heads) -> bool:
        rows = [
            {
                "business_id": business_id,
                "position": kept.head.position,
                "leaf_hash": kept.head.leaf_hash.hex(),
                "history": kept.head.history.hex(),
            }
            for business_id, kept in sorted(heads.businesses.items())
        ]
        data = {"database": heads.database, "heads": rows}
        name = hashlib.sha256(msgspec.json.encode(data)).hexdigest()[:32]
        told = {"type": "ledger.head", "timestamp": to_rfc3339(self._clock.now()), "data": data}
        try:
            return await self._call_out.post(f"head_{name}", msgspec.json.encode(told))
        except (NotSent, OutcomeUnknown):
            return False

    async def close(self) -> None:
        await self._call_out.close()
