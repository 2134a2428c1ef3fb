"""What goes in and out of the REST face, as it is documented."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Discriminator, Field, JsonValue, SecretStr, Tag

from askfirst.domain.event import EventKind, Source
from askfirst.domain.prompt import Surface
from askfirst.domain.purpose import Category
from askfirst.domain.sender import SenderState, TemplateState
from askfirst.domain.standing import Answer
from askfirst.usecases.record_consent import ConsentVerb

PURPOSES_MAX = 32
TEXT_MAX = 256
TOKEN_MAX = 4096
PAGE_DEFAULT, PAGE_MAX = 100, 1000

Verb = Annotated[ConsentVerb, Field(strict=False)]
Where = Annotated[Surface, Field(strict=False)]
State = Annotated[SenderState, Field(strict=False)]
AssuranceName = Literal["asserted", "shown", "confirmed"]
Time = Annotated[str, Field(examples=["2026-01-31T09:00:00.000000Z"])]
EventName = Annotated[str, Field(examples=["evt_01KGA2V8M0Q3R5T7W9Y1B3D5F7"])]
ContactIdText = Annotated[str, Field(examples=["con_01KGA2V8M0H2J4K6M8N0P2Q4R6"])]


class Asked(BaseModel):
    """Input: nothing is guessed, nothing unknown is overlooked."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)


class Told(BaseModel):
    """Output."""

    model_config = ConfigDict(frozen=True)


class ContactName(Asked):
    """Exactly one name of a contact."""

    phone: str | None = Field(
        None,
        max_length=TEXT_MAX,
        description="A number as a person types it, with its country code and a plus.",
        examples=["+44 7700 900123"],
    )
    wa_id: str | None = Field(
        None,
        max_length=TEXT_MAX,
        description="The number as WhatsApp spells it: digits only.",
        examples=["447700900123"],
    )
    bsuid: str | None = Field(
        None,
        max_length=TEXT_MAX,
        description="Meta's business-scoped user id, case included.",
        examples=["GB.13491208655302741918"],
    )


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
    number_is_proven: bool = Field(
        False,
        description="You know that the person holds the number: they proved it to you, or are "
        "logged in as its owner. Without it a yes with a prompt token counts, but lifts no earlier "
        "no: anybody may have typed the number.",
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


class LookupRequest(Asked):
    """Whose standing is wanted."""

    contact: ContactName


class SenderRequest(Asked):
    """A WhatsApp business phone number."""

    waba_id: str = Field(description="Meta's id of the account.", examples=["102290129340398"])
    number: str = Field(description="Its own number, with plus.", examples=["+15551234567"])
    name: str = Field(
        min_length=1, max_length=TEXT_MAX, description="What people see.", examples=["Ada's Shop"]
    )
    state: State = Field(SenderState.ACTIVE, description="Only an active sender may send.")
    token: SecretStr | None = Field(
        None,
        description="Meta's access token. Kept encrypted, never given back; left out: unchanged.",
        max_length=1024,
        json_schema_extra={"writeOnly": True},
    )


class PageQuery(BaseModel):
    """Which part of a list."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    after: str = Field("", max_length=1024, description="`next_cursor` of the page before.")
    limit: int = Field(PAGE_DEFAULT, ge=1, le=PAGE_MAX, description="How many, at most.")


class EventAnswer(Told):
    """One line of the ledger."""

    id: EventName
    position: int = Field(description="Its place in the ledger: 1, 2, 3 … without gaps.")
    kind: EventKind
    contact: ContactIdText
    purposes: list[str] = Field(description="Empty: everything.")
    assurance: AssuranceName = Field(description="How sure it is that the holder said it.")
    surface: Surface
    source: Source
    sender: str | None = Field(description="Set where it concerns one sender.")
    prompt: str | None = Field(description="The hash of the wording that was shown.")
    absorbed: str | None = Field(description="The contact that was merged into this one.")
    occurred_at: Time
    recorded_at: Time


class BasisAnswer(Told):
    """The act that an answer rests on."""

    position: int
    kind: EventKind
    surface: Surface | None = Field(description="Where a yes was given.")


class YesAnswer(Told):
    """A yes that counts."""

    assurance: AssuranceName
    surface: Surface
    position: int
    at: Time


class StandingAnswer(Told):
    """What a contact's acts amount to for one purpose."""

    purpose: str
    answer: Answer
    since: Time | None
    basis: BasisAnswer | None
    assurance: AssuranceName | None = Field(description="The best of the yeses that are alive.")
    alive: list[YesAnswer]


class ContactAnswer(Told):
    """What is known of a contact's answers."""

    id: ContactIdText
    standing: list[StandingAnswer]
    natively_stopped_since: Time | None = Field(
        description="Since when WhatsApp's own switch for marketing is off."
    )
    unreachable_since: Time | None = Field(description="Since when Meta could not deliver.")
    position: int = Field(description="The ledger position that this rests on.")


class EventPage(Told):
    """A part of the ledger."""

    data: list[EventAnswer]
    next_cursor: str | None = Field(description="Give it as `after`; null: this was the last.")


class SenderAnswer(Told):
    """A sender, without its token."""

    phone_number_id: str
    waba_id: str
    number: str
    name: str
    state: SenderState


class SenderList(Told):
    """All senders of the business."""

    data: list[SenderAnswer]


class TemplateAnswer(Told):
    """A template in one language, as Meta last described it."""

    waba_id: str
    name: str
    language: str
    category: Category
    state: TemplateState
    seen_at: Time


class TemplatePage(Told):
    """A part of the registry."""

    data: list[TemplateAnswer]
    next_cursor: str | None


class BusinessAnswer(Told):
    """A tenant."""

    id: str
    name: str


class KeyAnswer(Told):
    """An API key, without its secret."""

    id: str
    name: str
    scopes: list[str]


class CallerAnswer(Told):
    """Who is calling."""

    business: BusinessAnswer
    key: KeyAnswer


class FieldProblem(Told):
    """What one field must be."""

    field: str = Field(examples=["contact.phone"])
    message: str


class ProblemAnswer(Told):
    """An error (RFC 9457). `code` is stable; values that were sent are never repeated."""

    type: str = Field(examples=["/problems/invalid_input"])
    title: str
    status: int
    detail: str
    code: str
    errors: list[FieldProblem] = Field(default_factory=list)
    retry_after: int | None = Field(None, description="Seconds.")
    policy: str | None = Field(None, description="The limit that is reached (`too_many`).")
