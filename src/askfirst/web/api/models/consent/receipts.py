"""The signed copy of an answer, as it goes out."""

from __future__ import annotations

from pydantic import Field

from askfirst.web.api.models.base import Told


class ReceiptAnswer(Told):
    """The signed copy of an answer (JWS)."""

    receipt: str
    keys: str = Field(description="Where the keys are that it is checked with.")
