"""Proofs of a number, as they are asked for and go out."""

from __future__ import annotations

from pydantic import Field

from askfirst.domain.prompts.prompt import Surface
from askfirst.web.api.models.base import PURPOSES_MAX, Asked, Locale, Time, Told, Where
from askfirst.web.api.models.consent.contacts import ContactName


class ConfirmationRequest(Asked):
    """A number that is to prove itself."""

    contact: ContactName
    purposes: list[str] = Field(
        default_factory=list, max_length=PURPOSES_MAX, description="Empty: all that they agreed to."
    )
    text: str = Field(
        "", max_length=100, description="Words before the code; none where it is an answer."
    )
    is_answer: bool = Field(
        False,
        description="False: the message raises the yes that stands. True: it says a yes to "
        "`purposes` itself, in askfirst's words, and so counts after a stop, too.",
    )
    surface: Where = Field(
        Surface.API, description="Where it is offered: counted, to tell how many finish."
    )
    locale: Locale = "en"
    sender: str | None = None


class ConfirmationAnswer(Told):
    """A proof: whoever has the number sends the text, and is confirmed."""

    id: str
    text: str
    link: str
    page: str = Field(description="A page that shows the link and its QR code.")
    expires_at: Time
    proven_at: Time | None
