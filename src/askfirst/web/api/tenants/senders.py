"""Keep the senders of the business."""

from __future__ import annotations

from typing import Annotated

from fastapi import Path

from askfirst.usecases.inbound.register_sender import register_sender
from askfirst.usecases.tenants.manage_senders import list_senders
from askfirst.web.api.models.tenants.senders import SenderAnswer, SenderList, SenderRequest
from askfirst.web.api.platform.access import Caller, World
from askfirst.web.api.platform.parse import read_sender, read_token
from askfirst.web.api.platform.render import render_sender


async def get_senders(services: World, caller: Caller) -> SenderList:
    """List the senders of the business."""
    senders = await list_senders(services, caller.business_id)
    return SenderList(data=[render_sender(sender) for sender in senders])


async def replace_sender(
    phone_number_id: Annotated[
        str, Path(description="Meta's id of the number.", examples=["106540352242922"])
    ],
    body: SenderRequest,
    services: World,
    caller: Caller,
) -> SenderAnswer:
    """Register a sender, or change it. The token is kept encrypted and never given back.

    A number and its WABA belong to one business: Meta is asked, with the token, whether the number
    is one of the WABA's. What Meta delivered for them before is acted on before this answers; where
    that takes long it answers 503, and is to be sent again.
    """
    sender = read_sender(services, caller.business_id, phone_number_id, body)
    await register_sender(services, sender, read_token(body))
    return render_sender(sender)
