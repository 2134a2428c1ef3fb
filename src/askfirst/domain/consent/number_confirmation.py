"""A text that only one number can send: how an answer on the web becomes `confirmed`.

The page shows a link or QR code whose text carries a single-use code of 130 bits. Nothing is
sent to anybody; when the message comes in from the number that the answer was about, that number
has proven itself. From any other number it changes nothing, so a leaked link is worthless.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from askfirst.domain.prompts.prompt import PromptHash, Surface
from askfirst.domain.values.alias import Alias
from askfirst.domain.values.errors import InvalidInput
from askfirst.domain.values.ids import BusinessId, PhoneNumberId, ProofId
from askfirst.domain.values.timestamp import MINUTE, Instant

PROOF_LIFE: Final = 30 * MINUTE
"""Long enough to find the phone; short enough that a link found later is dead."""


class ProofKind(StrEnum):
    """What the number proves.

    CONSENT raises what stands. ANSWER follows a yes on a page of ours: its text is a yes of its
    own, in whose words the number's holder says it. CODE takes the place of a code that is typed
    in.
    """

    CONSENT = "consent"
    ANSWER = "answer"
    CODE = "code"


class ProofStep(StrEnum):
    """How far a way to prove a number was gone; what lies between is how many did not finish."""

    OFFERED = "offered"
    CONFIRMED = "confirmed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Proof:
    """One pending proof. `purposes` empty: all that the person agreed to.

    `reference` names what else is proven (of kind CODE: the code). `text` is the whole message.
    `prompt` names the words of an ANSWER: those of its text, which whoever sends it has before
    them; never those of the page, which the number's holder may not have seen. `surface` is where
    the way to prove the number was offered.
    """

    proof_id: ProofId
    business_id: BusinessId
    kind: ProofKind
    code: str
    text: str
    alias: Alias
    sender: PhoneNumberId
    created_at: Instant
    expires_at: Instant
    purposes: tuple[str, ...] = ()
    reference: str = ""
    prompt: PromptHash | None = None
    locale: str = "en"
    surface: Surface = Surface.API
    proven_at: Instant | None = None

    def __post_init__(self) -> None:
        if self.code not in self.text:
            raise InvalidInput("text", "must hold the code")
        if (self.prompt is not None) is not (self.kind is ProofKind.ANSWER):
            raise InvalidInput("prompt", "must be given for an answer, and for nothing else")
        if not self.alias.is_number:
            raise InvalidInput("contact", "must be a number: only that can be proven by a message")

    def is_said_by(self, text: str) -> bool:
        """Whether a message says it. People may write around a code, but a yes stands as it is."""
        if self.kind is ProofKind.ANSWER:
            return _letters(text) == _letters(self.text)
        return True

    def is_open(self, now: Instant) -> bool:
        """Whether the message would still count; not where a clock that ran ahead made it."""
        return self.proven_at is None and 0 < self.expires_at - now <= PROOF_LIFE + MINUTE


def _letters(text: str) -> str:
    """Leave out what is added or lost on the way: spaces, marks of direction, points."""
    return "".join(filter(str.isalnum, text)).casefold()
