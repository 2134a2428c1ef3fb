"""What the way out to Meta may say, for the faces: they know no ports."""

from __future__ import annotations

from askfirst.ports.sending.http_connection import Answer, NotSent, OutcomeUnknown

__all__ = ["Answer", "NotSent", "OutcomeUnknown"]
