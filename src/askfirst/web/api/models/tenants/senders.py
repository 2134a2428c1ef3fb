"""Senders, as they come in and go out."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field, SecretStr

from askfirst.domain.tenants.sender import SenderState
from askfirst.web.api.models.base import TEXT_MAX, Asked, Told

State = Annotated[SenderState, Field(strict=False)]


class SenderRequest(Asked):
    """A WhatsApp business phone number."""

    waba_id: str = Field(description="Meta's id of the account.", examples=["102290129340398"])
    number: str = Field(description="Its own number, with plus.", examples=["+15551234567"])
    name: str = Field(
        min_length=1, max_length=TEXT_MAX, description="What people see.", examples=["Ada's Shop"]
    )
    state: State = Field(SenderState.ACTIVE, description="Only an active sender may send.")
    token: SecretStr | None = Field(
        None,
        description="Meta's access token. Kept encrypted, never given back; left out: unchanged.",
        max_length=1024,
        json_schema_extra={"writeOnly": True},
    )


class SenderAnswer(Told):
    """A sender, without its token."""

    phone_number_id: str
    waba_id: str
    number: str
    name: str
    state: SenderState


class SenderList(Told):
    """All senders of the business."""

    data: list[SenderAnswer]
