"""Entry points: links and QR codes with which a customer starts the chat.

The prefilled text carries a short code, so that the first message is attributed to its entry
even if the customer edited the rest. Such a message is not a yes: it opens the window, and the
question follows.
Source: Meta, "QR codes and short links" (140 characters of prefilled text, no scan analytics).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from askfirst.domain.values.confusables import check_name
from askfirst.domain.values.errors import InvalidInput
from askfirst.domain.values.ids import BusinessId, EntryId, PhoneNumberId
from askfirst.domain.values.timestamp import Instant

TEXT_MAX: Final = 140
"""Meta's limit for managed links; plain ones keep it, too, or the QR code grows too fine."""
_NAME_MAX: Final = 80


@dataclass(frozen=True, slots=True, kw_only=True)
class EntryPoint:
    """One entry. `words` is the prefilled text without the code; `managed_url` is Meta's link.

    `arrivals` counts the messages that came in through it.
    """

    entry_id: EntryId
    business_id: BusinessId
    code: str
    sender: PhoneNumberId
    name: str
    prompt_key: str
    locale: str
    words: str
    created_at: Instant
    managed_code: str = ""
    managed_url: str = ""
    ended_at: Instant | None = None
    arrivals: int = 0

    def __post_init__(self) -> None:
        if not self.name.strip() or len(self.name) > _NAME_MAX or not self.name.isprintable():
            raise InvalidInput("name", f"must be a name of {_NAME_MAX} characters at most")
        check_name(self.words, "text")
        if len(self.text) > TEXT_MAX:
            room = TEXT_MAX - len(self.text) + len(self.words)
            raise InvalidInput("text", f"must have {room} characters at most")

    @property
    def text(self) -> str:
        """What stands ready in the customer's message box."""
        return f"{self.words} ({self.code})"
