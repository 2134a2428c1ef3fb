"""What is asked of the gate: may this message leave?"""

from __future__ import annotations

import re
from enum import StrEnum
from typing import Literal

from askfirst.decision.countries.place import NOWHERE, Place
from askfirst.domain.tenants.sender import is_template_name
from askfirst.domain.value import Value
from askfirst.domain.values.alias import Alias
from askfirst.domain.values.errors import InvalidInput
from askfirst.domain.values.ids import BusinessId, HeldId, PhoneNumberId
from askfirst.domain.values.purpose import Purpose

_LABEL = re.compile(r"[A-Za-z][A-Za-z0-9._-]{0,63}", re.ASCII)


def check_campaign(label: str, field: str) -> str:
    """Return a campaign's label back; what is none raises InvalidInput naming `field`.

    It stands in addresses and tables, so a number, which might be somebody's, is none.
    """
    if not _LABEL.fullmatch(label):
        message = "must be a letter and up to 63 more letters, digits, dots, dashes and underscores"
        raise InvalidInput(field, message)
    return label


class MessageKind(StrEnum):
    """How a message is made, which decides what it needs.

    STOP_CONFIRMATION, STOP_QUESTION and PREFERENCE_LINK are askfirst's own, in words that nobody
    else writes: no door reads them out of what a client asks.
    """

    TEMPLATE = "template"
    FREE_FORM = "free_form"
    DIRECT = "direct"
    PURPOSE = "purpose"
    STOP_CONFIRMATION = "stop_confirmation"
    STOP_QUESTION = "stop_question"
    PREFERENCE_LINK = "preference_link"
    UNKNOWN = "unknown"


class SendRequest(Value, frozen=True, kw_only=True):
    """One send to decide on.

    `recipients` are the one or two names of the recipient (`to`, `recipient`); empty means
    that no valid one was given. `purpose` is set for kind PURPOSE (a check that names it) and
    DIRECT (Meta's Direct Send names a category). `country` is the ISO code of the recipient's
    number, where it can be told, `place` where in it they may be. `is_altered`: its buttons would
    take a tap for an answer to words that it does not show. `stopped`: what a stop confirmation
    says has ended; empty for everything. `doubt`: the position of the message that a stop question
    is about. `content` is a hash of what it says, without whom it goes to; empty where that is not
    known. `sender` is empty where the question is about none of them: what any of them was told
    counts then.
    `campaign` is the label under which the business counts the send; empty for none.
    `reads_like_ad`: it is a free-form message whose words advertise.
    `held` is the id of the held message that it is about, where it was held before; else empty.
    """

    business_id: BusinessId
    sender: PhoneNumberId
    recipients: tuple[Alias, ...]
    kind: MessageKind
    template: str = ""
    language: str = ""
    purpose: Purpose | None = None
    country: str = ""
    place: Place = NOWHERE
    is_altered: bool = False
    stopped: tuple[str, ...] = ()
    doubt: int = 0
    content: str = ""
    campaign: str = ""
    reads_like_ad: bool = False
    held: HeldId | Literal[""] = ""

    def __post_init__(self) -> None:
        if not is_template_name(self.template) or not is_template_name(self.language):
            raise InvalidInput("template", "must be the name and language of a template")
        if self.campaign:
            check_campaign(self.campaign, "campaign")
