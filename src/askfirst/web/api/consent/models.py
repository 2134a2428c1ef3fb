"""What a person was shown and answered, as it comes in, and what is told of it."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import Discriminator, Field, JsonValue, Tag

from askfirst.decision.reason import Reason
from askfirst.decision.telling.remedy import Remedy
from askfirst.domain.consent.consent import ConsentVerb
from askfirst.domain.consent.frequency import DAYS_MAX
from askfirst.domain.prompts.prompt import Surface
from askfirst.usecases.consent.manage_links import LIFE_DAYS_DEFAULT, LIFE_DAYS_MAX
from askfirst.web.api.contacts.models import ContactName, EventAnswer
from askfirst.web.api.platform.models import (
    PURPOSES_MAX,
    TEXT_MAX,
    Asked,
    Locale,
    NumberProofName,
    Time,
    Told,
    Where,
)

TOKEN_MAX = 4096


class FrequencyText(Asked):
    """How often at most."""

    count: int = Field(ge=1, description="So many messages at most …", examples=[1])
    days: int = Field(ge=1, le=DAYS_MAX, description="… in so many days.", examples=[7])


class ChoiceRequest(Asked):
    """What a person chose besides yes and no: a pause, or how often at most."""

    contact: ContactName
    purposes: list[str] = Field(
        [],
        max_length=PURPOSES_MAX,
        description="What is paused. Left out: `marketing`.",
        examples=[["marketing"]],
    )
    pause_until: str | None = Field(
        None,
        max_length=40,
        description="No messages before this time (RFC 3339). An earlier time than that of a pause "
        "in force changes nothing.",
        examples=["2026-03-01T09:00:00Z"],
    )
    at_most: FrequencyText | None = Field(
        None,
        description="How often at most offers may come: one of the `frequencies` of your policy. "
        "It never loosens what the person chose before; they can do that on their page.",
    )
    surface: Surface = Field(Surface.API, description="Where they chose.")


class PromptWords(Asked):
    """The wording that was shown."""

    key: str = Field(description="Your name of the question.", examples=["newsletter"])
    locale: str = Field(description="Its language.", examples=["en_GB"])
    text: str = Field(
        description="Word for word what the person saw.",
        examples=["Send me offers on WhatsApp. I can stop at any time with STOP."],
    )


class PromptName(Asked):
    """The name of a wording that was recorded here before."""

    hash: str = Field(description="`sha256:` and 64 hexadecimal digits.")


class PromptTokenText(Asked):
    """The token that came with a rendering: the proof of what was shown."""

    token: str = Field(max_length=TOKEN_MAX, description="As `render` gave it. Works once.")


def _prompt_tag(value: Any) -> str:
    if isinstance(value, dict):
        return next((tag for tag in ("token", "hash") if tag in value), "words")
    return "words"


Prompt = Annotated[
    Annotated[PromptTokenText, Tag("token")]
    | Annotated[PromptWords, Tag("words")]
    | Annotated[PromptName, Tag("hash")],
    Discriminator(_prompt_tag),
]


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


class ConsentRequest(Asked):
    """What a person answered."""

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

    purpose: str = Field(description="What messages are for.")
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
        "be shown to the person who typed the number."
    )
    standing: list[EffectAnswer] = Field(
        description="For each purpose of the answer; empty where it could not be read just now."
    )


class ConfirmationRequest(Asked):
    """A number that is to prove itself."""

    contact: ContactName
    purposes: list[str] = Field(
        default_factory=list, max_length=PURPOSES_MAX, description="Empty: all that they agreed to."
    )
    text: str = Field(
        "", max_length=100, description="Words before the code; none where it is an answer."
    )
    is_answer: bool = Field(
        False,
        description="False: the message raises the yes that stands. True: it says a yes to "
        "`purposes` itself, in askfirst's words, and so counts after a stop, too.",
    )
    surface: Where = Field(
        Surface.API, description="Where it is offered: counted, to tell how many finish."
    )
    locale: Locale = Field("en", description="The language of the text and the page.")
    sender: str | None = Field(
        None,
        description="The id of the phone number that gets the text. Default: the first in service.",
    )


class ConfirmationAnswer(Told):
    """A proof: whoever has the number sends the text, and is confirmed."""

    id: str = Field(description="The id of the confirmation.")
    text: str = Field(description="The text that the number has to send, code included.")
    link: str = Field(description="Opens the chat with the text ready to send.")
    page: str = Field(description="A page that shows the link and its QR code.")
    expires_at: Time = Field(description="Until when the text works.")
    proven_at: Time | None = Field(
        description="When the number's message arrived. Null: it has not."
    )


class LinkRequest(Asked):
    """Whose preference page."""

    contact: ContactName
    days: int = Field(LIFE_DAYS_DEFAULT, ge=1, le=LIFE_DAYS_MAX, description="How long it works.")


class LinkAnswer(Told):
    """A link for one person. Whoever has it can see and end their consents."""

    id: str = Field(description="The id of the link.")
    url: str = Field(description="The link. Give it to this person only.")
    expires_at: Time = Field(description="Until when it works.")


class ReceiptAnswer(Told):
    """The signed copy of an answer (JWS)."""

    receipt: str = Field(description="The receipt, as a compact JWS.")
    keys: str = Field(description="Where the keys are that it is checked with.")
