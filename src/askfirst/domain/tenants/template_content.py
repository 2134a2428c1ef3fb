"""What a template says, how Meta rates it, and what may be amiss with it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Final


class TemplateQuality(StrEnum):
    """Meta's rating of a template, from what people do with it: reading, blocking, reporting."""

    GREEN = "green"
    YELLOW = "yellow"
    RED = "red"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class TemplateButton:
    """One button: `kind` is Meta's type in small letters, such as `quick_reply`."""

    kind: str
    label: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TemplateContent:
    """Texts with their placeholders, without the examples that Meta's reviewers see.

    `more` are the texts of cards and of limited offers.
    """

    header: str = ""
    body: str = ""
    footer: str = ""
    more: tuple[str, ...] = ()
    buttons: tuple[TemplateButton, ...] = ()

    @property
    def texts(self) -> tuple[str, ...]:
        """All that is read, buttons last."""
        said = (self.header, self.body, *self.more, self.footer)
        return tuple(filter(None, (*said, *(button.label for button in self.buttons))))


class TemplateFlag(StrEnum):
    """What is amiss with a message, or with the template it is made from."""

    BECAME_MARKETING = "became_marketing"
    WITHOUT_STOP = "without_stop"
    UTILITY_LIKE_AD = "utility_like_ad"
    REPLY_LIKE_AD = "reply_like_ad"

    @property
    def says(self) -> str:
        """One sentence: what is amiss."""
        return _TEXTS[self][0]

    @property
    def fix(self) -> str:
        """One sentence: how to mend it."""
        return _TEXTS[self][1]


_TEXTS: Final = {
    TemplateFlag.BECAME_MARKETING: (
        "Meta moved this template to marketing, and nobody has accepted that yet.",
        "Change its words and ask Meta for a review, or accept it: askfirst templates accept.",
    ),
    TemplateFlag.WITHOUT_STOP: (
        "This marketing template has no stop button, and its words do not say how to stop.",
        'Add a quick reply such as "Stop promotions", or "Reply STOP to stop offers".',
    ),
    TemplateFlag.UTILITY_LIKE_AD: (
        "This utility template reads like an advertisement.",
        "Take the offer out of it, or have it approved as marketing before Meta moves it there.",
    ),
    TemplateFlag.REPLY_LIKE_AD: (
        "This free-form reply is part of a campaign and reads like an advertisement.",
        "Send offers as a marketing template to people who said yes to them.",
    ),
}
