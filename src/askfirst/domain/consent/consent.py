"""An answer of a person, as a business reports it."""

from __future__ import annotations

from enum import StrEnum

from askfirst.domain.consent.attestation import Attestation
from askfirst.domain.consent.event import NumberProof, Source
from askfirst.domain.prompts.prompt import PromptHash, PromptVersion, Surface
from askfirst.domain.prompts.prompt_token import PromptToken
from askfirst.domain.value import Value
from askfirst.domain.values.alias import Alias
from askfirst.domain.values.errors import InvalidInput
from askfirst.domain.values.ids import BusinessId
from askfirst.domain.values.purpose import Purpose
from askfirst.domain.values.timestamp import Instant


class ConsentVerb(StrEnum):
    """What the person did; or, for `inform`, what they were shown without being asked."""

    GRANT = "grant"
    INFORM = "inform"
    REFUSE = "refuse"
    WITHDRAW = "withdraw"
    CONFIRM = "confirm"


NOES = frozenset({ConsentVerb.REFUSE, ConsentVerb.WITHDRAW})
"""Taken whatever comes with them: doubt means no."""

OF_A_PROMPT = frozenset({ConsentVerb.GRANT, ConsentVerb.REFUSE, ConsentVerb.INFORM})
"""About the purposes that the prompt names."""


class Consent(Value, frozen=True, kw_only=True):
    """An answer as a business reports it.

    `number_proof` is the business's word for whose number it is: `typed` or `vouched`. Proven is
    only what Meta signed or a code that was checked, which do not come in here.
    `purposes` may be empty for withdraw and confirm, and then means everything. `prompt` is the
    token of a rendering, which proves what was shown; or the wording that the business says was
    shown, or the name of a version known here, which are its claims. `evidence` is canonical JSON
    of what else the business knows (page, form); `witness` took it down; both kept encrypted.
    `judged_at` is when its token had to be in time, where that is not now: when we took it up
    ourselves.
    """

    business_id: BusinessId
    verb: ConsentVerb
    alias: Alias
    purposes: tuple[Purpose, ...]
    surface: Surface
    source: Source
    number_proof: NumberProof = NumberProof.TYPED
    prompt: PromptVersion | PromptHash | PromptToken | None = None
    occurred_at: Instant | None = None
    evidence: bytes = b""
    witness: Attestation | None = None
    judged_at: Instant | None = None
    idempotency: tuple[str, bytes] | None = None

    def __post_init__(self) -> None:
        if self.number_proof is NumberProof.PROVEN:
            raise InvalidInput(
                "number_proof",
                "must be typed or vouched: only a message that Meta signed or a code that "
                "askfirst checked proves a number",
            )
