"""Questions, as they come in, go out, and are rendered."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from askfirst.domain.prompts.prompt import Surface
from askfirst.domain.prompts.prompt_rule import LintSeverity
from askfirst.web.api.platform.models import (
    PURPOSES_MAX,
    TEXT_MAX,
    Asked,
    PromptKey,
    Time,
    Told,
    Where,
)

WORDS_MAX = 4096


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
    severity: LintSeverity
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
