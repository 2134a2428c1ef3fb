"""From the tick to "confirm in WhatsApp": the number itself says yes, by a message with a code.

Nobody is written to. The customer sends what stands ready, and the code in it works from this
number only. It is offered to everybody who has only typed a number, whatever askfirst knows of it:
otherwise a stranger who types it would learn what its holder has said.
"""

from __future__ import annotations

from datetime import UTC, datetime

from askfirst_client import Answer, Askfirst, Away, Refused
from asking import GRANTED, Outcome

OPEN, DONE, OVER = "open", "done", "over"


async def offer_confirmation(
    askfirst: Askfirst, phone: str, outcome: Outcome, locale: str, surface: str, *, is_known: bool
) -> Answer | None:
    """Make the message ready; None where a yes needs none. `is_known`: the number is theirs."""
    is_missing = "confirm_in_whatsapp" in outcome.remedies or not is_known
    if outcome.kind != GRANTED or not is_missing:
        return None
    wish = {
        "contact": {"phone": phone},
        "purposes": list(outcome.purposes),
        "locale": locale,
        "is_answer": True,
        "surface": surface,
    }
    try:
        return await askfirst.call("POST", "/v1/confirmations", wish)
    except (Refused, Away):
        return None  # the yes is there; only messages will not leave yet


async def state_of(askfirst: Askfirst, confirmation: Answer | None) -> str:
    """Tell whether the message came in, may still come, or is over; empty where there is none."""
    if confirmation is None:
        return ""
    try:
        found = await askfirst.call("GET", f"/v1/confirmations/{confirmation['id']}")
    except (Refused, Away):
        found = confirmation
    if found["proven_at"]:
        return DONE
    return OPEN if datetime.now(UTC) < datetime.fromisoformat(found["expires_at"]) else OVER
