"""What a person's answer amounts to for one purpose, and the acts that would change it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from askfirst.decision.reason import Reason
from askfirst.domain.values.purpose import Purpose


class Remedy(StrEnum):
    """One act that would help.

    `vouch`: the business answers for the number. `ask`: the person, whose number the business
    knows, is shown a prompt and says yes. `confirm_in_whatsapp`: the number itself says yes, by a
    message. `resume_in_whatsapp`: the person allows offers again with WhatsApp's own switch.
    """

    VOUCH = "vouch"
    ASK = "ask"
    CONFIRM_IN_WHATSAPP = "confirm_in_whatsapp"
    RESUME_IN_WHATSAPP = "resume_in_whatsapp"


@dataclass(frozen=True, slots=True, kw_only=True)
class Effect:
    """What holds for one purpose. `reason` is None where an opt-in is in force."""

    purpose: Purpose
    reason: Reason | None
    remedies: tuple[Remedy, ...] = ()

    @property
    def is_effective(self) -> bool:
        """Whether messages of this purpose may be sent."""
        return self.reason is None
