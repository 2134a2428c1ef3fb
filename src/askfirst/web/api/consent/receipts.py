"""Signed copies of what people answered."""

from __future__ import annotations

from typing import Annotated

from fastapi import Path

from askfirst.domain.values.ids import Position
from askfirst.usecases.consent.issue_receipt import issue_receipt, keys_url
from askfirst.web.api.models.consent.receipts import ReceiptAnswer
from askfirst.web.api.platform.access import Caller, World
from askfirst.web.problems import NotFound


async def get_receipt(
    position: Annotated[int, Path(ge=1, description="The event's place in the ledger.")],
    services: World,
    caller: Caller,
) -> ReceiptAnswer:
    """Give the receipt of an answer: who, to whom, for what, shown which words, when.

    It is a JWS (RFC 7515) that the person can keep, and check with `askfirst verify` or at
    `/p/verify`.
    """
    receipt = await issue_receipt(services, caller.business_id, Position(position))
    if receipt is None:
        raise NotFound("there is no event at that position")
    return ReceiptAnswer(receipt=receipt, keys=keys_url(services, caller.business_id))
