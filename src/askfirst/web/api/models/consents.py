"""What a person answered, as it comes in."""

from __future__ import annotations

from typing import Annotated

from pydantic import ConfigDict, Field, JsonValue

from askfirst.usecases.record_consent import ConsentVerb
from askfirst.web.api.models.base import PURPOSES_MAX, TEXT_MAX, Asked, NumberProofName, Where
from askfirst.web.api.models.contacts import ContactName
from askfirst.web.api.models.shown import Prompt

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
