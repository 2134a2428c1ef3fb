"""What goes in and out of the routes for asking, as it is documented."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from askfirst.domain.entry import TEXT_MAX as ENTRY_TEXT_MAX
from askfirst.domain.profile import ORIGINS_MAX
from askfirst.domain.prompt import Surface
from askfirst.domain.prompt_rule import Severity
from askfirst.usecases.manage_links import LIFE_DAYS_DEFAULT, LIFE_DAYS_MAX
from askfirst.web.api.models import PURPOSES_MAX, TEXT_MAX, Asked, ContactName, Time, Told

WORDS_MAX = 4096
Locale = Annotated[str, Field(max_length=35, examples=["fr"])]
PromptKey = Annotated[str, Field(max_length=64, examples=["signup"])]
Where = Annotated[Surface, Field(strict=False)]


class BusinessRequest(Asked):
    """What customers are told about the business."""

    name: str = Field(max_length=TEXT_MAX, description="The name that they know.")
    origins: list[str] = Field(
        default_factory=list,
        max_length=ORIGINS_MAX,
        description="Sites whose pages may fetch prompts and post answers with their tokens.",
        examples=[["https://shop.example"]],
    )
    contact: str = Field("", max_length=TEXT_MAX, description="How people reach it.")
    privacy_url: str = Field("", max_length=1000, description="Its privacy notice.")
    country: str = Field("", max_length=2, description="Whose law binds the wording: DE, BR, …")
    locale: Locale = Field("en", description="Spoken where the reader's is not known.")


class BusinessSheet(Told):
    """The business as its customers meet it."""

    id: str
    name: str
    origins: list[str]
    contact: str
    privacy_url: str
    country: str
    locale: str


class WordsRequest(Asked):
    """A question in one language; what is left out is taken from the language."""

    text: str = Field(max_length=WORDS_MAX, description="With {business}, {kinds}, {stop}.")
    yes: str = Field("", max_length=TEXT_MAX)
    no: str = Field("", max_length=TEXT_MAX)
    open: str = Field("", max_length=TEXT_MAX)
    after: str = Field("", max_length=WORDS_MAX)
    kinds: str = Field("", max_length=TEXT_MAX)
    stop: str = Field("", max_length=TEXT_MAX)


class PromptRequest(Asked):
    """A question of your own."""

    surface: Where
    purposes: list[str] = Field(min_length=1, max_length=PURPOSES_MAX)
    texts: dict[str, WordsRequest] = Field(
        min_length=1,
        max_length=64,
        description="Words by locale; others are compared with the first.",
    )


class FindingAnswer(Told):
    """What lint found."""

    rule: str
    severity: Severity
    where: str
    message: str
    reason: str
    source: str
    fix: str


class PromptSummary(Told):
    """A question that can be asked."""

    key: PromptKey
    surface: Surface
    purposes: list[str]
    locales: list[str]
    source: Literal["built_in", "own"]
    revision: int | None = Field(description="Of an own one: the published revision. Null: none.")
    has_draft: bool


class PromptList(Told):
    """All questions of the business."""

    data: list[PromptSummary]


class WordsAnswer(Told):
    """A question in one language, before it is filled in."""

    text: str
    yes: str
    no: str
    open: str
    after: str
    kinds: str
    stop: str


class PromptAnswer(PromptSummary):
    """A question with its words: of the draft, where there is one."""

    texts: dict[str, WordsAnswer]
    findings: list[FindingAnswer]


class PublicationAnswer(Told):
    """A published revision: it never changes."""

    key: PromptKey
    revision: int
    findings: list[FindingAnswer] = Field(description="Warnings; errors would have stopped it.")


class RenderQuery(BaseModel):
    """How a question is to be rendered."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    locale: str = Field("en", max_length=35, description="The reader's language.")
    purpose: list[str] = Field(
        default_factory=list,
        max_length=PURPOSES_MAX,
        description="In place of the question's own.",
    )
    kinds: str = Field("", max_length=100, description="Your words for the kind of messages.")
    order: str = Field("", max_length=100, description="What {order} stands for in your words.")
    open_url: str = Field(
        "", max_length=2000, pattern="^(https?://.+)?$", description="A link into the chat."
    )


class FieldNames(Told):
    """Names of the form fields in `html`."""

    answer: str = Field(examples=["askfirst_signup"])
    token: str = Field(examples=["askfirst_signup_token"])


class RenderingAnswer(Told):
    """A question, ready to be shown."""

    key: PromptKey
    locale: str
    dir: Literal["ltr", "rtl"]
    surface: Surface
    purposes: list[str]
    hash: str = Field(description="The name of these exact words.")
    text: str = Field(description="All that the person reads before they answer.")
    html: str = Field(description="A fragment for any form; no style, no script.")
    after: str
    after_html: str
    yes: str
    no: str
    open: str
    token: str = Field(description="Send it back with the answer: it proves what was shown.")
    expires_at: Time
    fields: FieldNames


class EntryRequest(Asked):
    """A link and QR code with which customers start the chat."""

    name: str = Field(max_length=80, description="Yours, to tell entries apart.")
    text: str = Field(
        max_length=ENTRY_TEXT_MAX,
        description="What stands ready in the customer's message box; the code is added.",
        examples=["Hello Café Lune!"],
    )
    locale: Locale = "en"
    prompt: PromptKey = Field("chat", description="The question that answers the first message.")
    sender: str | None = Field(None, description="Phone number id; default: the first in service.")
    managed: bool = Field(False, description="Ask Meta for a link of its own, too.")


class EntryAnswer(Told):
    """An entry point."""

    id: str
    name: str
    code: str
    text: str
    locale: str
    prompt: str
    sender: str
    link: str = Field(description="Opens the chat with the text ready.")
    page: str = Field(description="Landing page with link, QR code and posters.")
    qr_svg: str
    qr_png: str
    arrivals: int = Field(description="Messages that came in through it.")
    created_at: Time
    ended_at: Time | None


class EntryPage(Told):
    """A part of the entries."""

    data: list[EntryAnswer]
    next_cursor: str | None


class ConfirmationRequest(Asked):
    """A number that is to prove itself."""

    contact: ContactName
    purposes: list[str] = Field(
        default_factory=list, max_length=PURPOSES_MAX, description="Empty: all that they agreed to."
    )
    text: str = Field("", max_length=100, description="Words before the code.")
    locale: Locale = "en"
    sender: str | None = None


class ConfirmationAnswer(Told):
    """A proof: whoever has the number sends the text, and is confirmed."""

    id: str
    text: str
    link: str
    page: str = Field(description="A page that shows the link and its QR code.")
    expires_at: Time
    proven_at: Time | None


class LinkRequest(Asked):
    """Whose preference page."""

    contact: ContactName
    days: int = Field(LIFE_DAYS_DEFAULT, ge=1, le=LIFE_DAYS_MAX, description="How long it works.")


class LinkAnswer(Told):
    """A link for one person. Whoever has it can see and end their consents."""

    id: str
    url: str
    expires_at: Time


class ReceiptAnswer(Told):
    """The signed copy of an answer (JWS)."""

    receipt: str
    keys: str = Field(description="Where the keys are that it is checked with.")
