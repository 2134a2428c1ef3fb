"""What is asked of the gate: may this message leave?"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from askfirst.domain.tenants.sender import is_template_name
from askfirst.domain.values.alias import Alias
from askfirst.domain.values.errors import InvalidInput
from askfirst.domain.values.ids import BusinessId, PhoneNumberId
from askfirst.domain.values.purpose import Purpose


class MessageKind(StrEnum):
    """How a message is made, which decides what it needs.

    STOP_CONFIRMATION and STOP_QUESTION are askfirst's own, in words that nobody else writes: no
    door reads them out of what a client asks.
    """

    TEMPLATE = "template"
    FREE_FORM = "free_form"
    DIRECT = "direct"
    PURPOSE = "purpose"
    STOP_CONFIRMATION = "stop_confirmation"
    STOP_QUESTION = "stop_question"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True, kw_only=True)
class SendRequest:
    """One send to decide on.

    `recipients` are the one or two names of the recipient (`to`, `recipient`); empty means
    that no valid one was given. `purpose` is set for kind PURPOSE (a check that names it) and
    DIRECT (Meta's Direct Send names a category). `country` is the ISO code of the recipient's
    number, where it can be told. `is_altered`: its buttons would take a tap for an answer to words
    that it does not show. `stopped`: what a stop confirmation says has ended; empty
    for everything. `doubt`: the position of the message that a stop question is about. `sender` is
    empty where the question is about none of them: what any of them was told counts then.
    """

    business_id: BusinessId
    sender: PhoneNumberId
    recipients: tuple[Alias, ...]
    kind: MessageKind
    template: str = ""
    language: str = ""
    purpose: Purpose | None = None
    country: str = ""
    is_altered: bool = False
    stopped: tuple[str, ...] = ()
    doubt: int = 0

    def __post_init__(self) -> None:
        if not is_template_name(self.template) or not is_template_name(self.language):
            raise InvalidInput("template", "must be the name and language of a template")
