"""Entries, as they come in and go out."""

from __future__ import annotations

from pydantic import Field

from askfirst.domain.entry_points.entry_point import TEXT_MAX as ENTRY_TEXT_MAX
from askfirst.web.api.models.base import Asked, Locale, PromptKey, Time, Told


class EntryRequest(Asked):
    """A link and QR code with which customers start the chat."""

    name: str = Field(max_length=80, description="Yours, to tell entries apart.")
    text: str = Field(
        max_length=ENTRY_TEXT_MAX,
        description="What stands ready in the customer's message box; the code is added.",
        examples=["Hello Café Lune!"],
    )
    locale: Locale = "en"
    prompt: PromptKey = Field("chat", description="The question that answers the first message.")
    sender: str | None = Field(None, description="Phone number id; default: the first in service.")
    managed: bool = Field(False, description="Ask Meta for a link of its own, too.")


class EntryAnswer(Told):
    """An entry point."""

    id: str
    name: str
    code: str
    text: str
    locale: str
    prompt: str
    sender: str
    link: str = Field(description="Opens the chat with the text ready.")
    page: str = Field(description="Landing page with link, QR code and posters.")
    qr_svg: str
    qr_png: str
    arrivals: int = Field(description="Messages that came in through it.")
    created_at: Time
    ended_at: Time | None


class EntryPage(Told):
    """A part of the entries."""

    data: list[EntryAnswer]
    next_cursor: str | None
