"""May this message leave? The question and the answer; decoded by msgspec, for speed."""

from __future__ import annotations

from typing import Annotated

import msgspec
from msgspec import UNSET, Meta, UnsetType

from askfirst.decision.decision import Verdict


class CheckRequest(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A send that somebody thinks of."""

    sender: Annotated[
        str, Meta(description="Meta's id of the sender's number.", examples=["106540352242922"])
    ]
    to: (
        Annotated[str, Meta(description="The recipient's number.", examples=["+447700900123"])]
        | UnsetType
    ) = UNSET
    recipient: (
        Annotated[
            str, Meta(description="The recipient's business-scoped user id.", examples=["GB.1349"])
        ]
        | UnsetType
    ) = UNSET
    purpose: (
        Annotated[
            str,
            Meta(
                description="What the message is for; `service` for a free-form reply.",
                examples=["marketing"],
            ),
        ]
        | UnsetType
    ) = UNSET
    template: (
        Annotated[str, Meta(description="Or the template's name.", examples=["spring_sale"])]
        | UnsetType
    ) = UNSET
    language: (
        Annotated[str, Meta(description="The template's language.", examples=["en_GB"])] | UnsetType
    ) = UNSET


class ReasonAnswer(msgspec.Struct, frozen=True):
    """Why: a code of a closed list, what it means and what to do about it."""

    code: str
    explanation: str
    remedy: str


class CheckAnswer(msgspec.Struct, frozen=True):
    """A decision. It is an answer, not a permit: only the gateway sends."""

    verdict: Verdict
    reasons: list[ReasonAnswer]
    purpose: str
    rule: Annotated[int, Meta(description="The rule that spoke.")]
    position: Annotated[int, Meta(description="The ledger position that it rests on.")]
    policy: Annotated[str, Meta(description="The fingerprint of the policy in force.")]
    retry_at: str | None
