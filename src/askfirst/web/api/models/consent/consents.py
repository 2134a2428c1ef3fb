"""What a person answered, as it comes in."""

from __future__ import annotations

from typing import Annotated

from pydantic import ConfigDict, Field, JsonValue

from askfirst.decision.effect import Remedy
from askfirst.decision.reason import Reason
from askfirst.usecases.consent.record_consent import ConsentVerb
from askfirst.web.api.models.base import (
    PURPOSES_MAX,
    TEXT_MAX,
    Asked,
    NumberProofName,
    Told,
    Where,
)
from askfirst.web.api.models.consent.contacts import ContactName
from askfirst.web.api.models.consent.events import EventAnswer
from askfirst.web.api.models.consent.shown import Prompt

Verb = Annotated[ConsentVerb, Field(strict=False)]


class Witness(Asked):
    """Who took an answer down that was given by word of mouth or on paper."""

    taken_by: str = Field(
        min_length=1, max_length=TEXT_MAX, description="Your name of the person who did."
    )
    form: str = Field(
        "", max_length=TEXT_MAX, description="The version of the script or form that was used."
    )
    scan_sha256: str = Field(
        "",
        pattern=r"^([0-9a-f]{64})?$",
        description="SHA-256 of the scan or recording, 64 hexadecimal digits.",
    )


_EXAMPLE: dict[str, JsonValue] = {
    "verb": "grant",
    "contact": {"phone": "+447700900123"},
    "purposes": ["marketing"],
    "surface": "signup",
    "prompt": {
        "key": "newsletter",
        "locale": "en_GB",
        "text": "Send me offers on WhatsApp. I can stop at any time with STOP.",
    },
    "occurred_at": "2026-01-31T09:00:00Z",
    "evidence": {"page": "/join"},
}


class ConsentRequest(Asked):
    """What a person answered."""

    model_config = ConfigDict(
        extra="forbid", strict=True, frozen=True, json_schema_extra={"examples": [_EXAMPLE]}
    )

    verb: Verb = Field(description="What the person did.")
    contact: ContactName
    purposes: list[str] = Field(
        default_factory=list,
        max_length=PURPOSES_MAX,
        description="What they answered about. Empty for withdraw and confirm: everything; "
        "with a prompt token: what it asked for.",
        examples=[["marketing"]],
    )
    surface: Where | None = Field(
        None,
        description="Where they were asked, or where the answer came from. With a prompt token: "
        "where that was shown.",
    )
    prompt: Prompt | None = Field(
        None,
        description="What they were shown. Only a live token proves it; otherwise a yes counts "
        "as asserted.",
    )
    witness: Witness | None = Field(
        None, description="Who took it down, for phone and paper; kept encrypted."
    )
    number_proof: NumberProofName = Field(
        "typed",
        description="How you know whose number it is. `typed`: anybody could have typed it. Such a "
        "yes lifts no earlier no, and is not enough for marketing. `vouched`: you answer for it, "
        "because the person is logged in as its owner or you spoke to them. `proven` comes from "
        "WhatsApp itself or from a code that askfirst checked, never from here.",
    )
    occurred_at: str | None = Field(
        None,
        description="When they acted: RFC 3339 with a zone, not in the future. Default: now.",
        examples=["2026-01-31T09:00:00Z"],
    )
    evidence: dict[str, JsonValue] | None = Field(
        None,
        description="What else proves it; kept encrypted. To confirm, say how it was proven.",
        examples=[{"page": "/join"}],
    )


class EffectAnswer(Told):
    """What holds for one purpose, once the answer is written."""

    purpose: str
    effective: bool = Field(description="Whether messages of this purpose may be sent.")
    reason: Reason | None = Field(description="Why not, as the gate would say; null: they may.")
    explanation: str | None = Field(description="What the reason means, in one sentence.")
    would_make_it_effective: list[Remedy] = Field(
        description="Acts of which each would be enough; where none is, each ends this reason. "
        "`vouch`: send verb `confirm`. `ask`: show a prompt to the person whose number you know "
        "(`number_proof` `vouched`). `confirm_in_whatsapp`: `POST /v1/confirmations` with "
        "`is_answer`. `resume_in_whatsapp`: only the person can, in WhatsApp. Empty: nothing would."
    )


class ConsentAnswer(EventAnswer):
    """The line that was written, and what is in force now."""

    effective: bool = Field(
        description="Whether messages of every purpose of the answer may be sent now. Tell it to "
        "the number's holder only: to anybody else it would say what the holder has said before."
    )
    is_proof_needed: bool = Field(
        description="Whether policy asks for more than this yes, whatever else is known. This may "
        "be shown to whoever typed the number."
    )
    standing: list[EffectAnswer] = Field(
        description="For each purpose of the answer; empty where it could not be read just now."
    )
