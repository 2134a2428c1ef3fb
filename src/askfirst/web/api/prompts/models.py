"""Questions, as they come in, go out, and are rendered."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from askfirst.domain.prompts.prompt import PromptKind, Surface
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
    yes: str = Field(
        "",
        max_length=TEXT_MAX,
        description="The button or box for a yes. Empty: the language's own words.",
    )
    no: str = Field(
        "", max_length=TEXT_MAX, description="The button for a no. Empty: the language's own words."
    )
    open: str = Field(
        "",
        max_length=TEXT_MAX,
        description="The button that opens WhatsApp. Empty: the language's own words.",
    )
    after: str = Field(
        "", max_length=WORDS_MAX, description="What is shown once somebody has answered."
    )
    kinds: str = Field(
        "",
        max_length=TEXT_MAX,
        description="What kinds of messages they are, in words. Empty: named after the purposes.",
    )
    stop: str = Field(
        "",
        max_length=TEXT_MAX,
        description="The word that stops messages. Empty: the language's own, such as STOP.",
    )


Kind = Annotated[
    PromptKind,
    Field(
        description="A `question` is answered. A `notice` informs and asks nothing: for messages "
        "about an order only, on `signup`, `login` or `order`."
    ),
]


class PromptRequest(Asked):
    """A question or notice of your own."""

    kind: Annotated[Kind, Field(strict=False)] = PromptKind.QUESTION
    surface: Where
    purposes: list[str] = Field(
        min_length=1,
        max_length=PURPOSES_MAX,
        description="What it asks consent for: a purpose, or a topic of one.",
    )
    texts: dict[str, WordsRequest] = Field(
        min_length=1,
        max_length=64,
        description="Words by locale; others are compared with the first.",
    )


class FindingAnswer(Told):
    """What lint found."""

    rule: str = Field(description="The rule that is broken.")
    severity: LintSeverity
    where: str = Field(description="The words that break it.")
    message: str = Field(description="What is wrong.")
    reason: str = Field(description="Why the rule exists.")
    source: str = Field(description="The law or the page of Meta's that it comes from.")
    fix: str = Field(description="What to write instead.")


class PromptSummary(Told):
    """A question or notice that can be shown."""

    key: PromptKey
    kind: Kind
    surface: Surface
    purposes: list[str] = Field(description="What it asks consent for.")
    locales: list[str] = Field(description="The languages it has words in.")
    source: Literal["built_in", "own"] = Field(
        description="`built_in` prompts come with askfirst; `own` ones are yours."
    )
    revision: int | None = Field(description="Of an own one: the published revision. Null: none.")
    has_draft: bool = Field(description="Whether there is a draft that is not published.")


class PromptList(Told):
    """All questions of the business."""

    data: list[PromptSummary] = Field(description="The prompts.")


class WordsAnswer(Told):
    """A question in one language, before it is filled in."""

    text: str = Field(description="The question. {business}, {kinds} and {stop} are filled in.")
    yes: str = Field(description="The button or box for a yes. Empty: the language's own words.")
    no: str = Field(description="The button for a no. Empty: the language's own words.")
    open: str = Field(
        description="The button that opens WhatsApp. Empty: the language's own words."
    )
    after: str = Field(description="What is shown once somebody has answered.")
    kinds: str = Field(
        description="What kinds of messages they are, in words. Empty: named after the purposes."
    )
    stop: str = Field(
        description="The word that stops messages. Empty: the language's own, such as STOP."
    )


class PromptAnswer(PromptSummary):
    """A question with its words: of the draft, where there is one."""

    texts: dict[str, WordsAnswer] = Field(description="The words for each language.")
    findings: list[FindingAnswer] = Field(description="What lint found in them.")


class PublicationAnswer(Told):
    """A published revision: it never changes."""

    key: PromptKey
    revision: int = Field(description="The number of the revision: 1, 2, 3 …")
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

    answer: str = Field(examples=["askfirst_signup"], description="The field with the answer.")
    token: str = Field(examples=["askfirst_signup_token"], description="The field with the token.")


class RenderingAnswer(Told):
    """A question or notice, ready to be shown."""

    key: PromptKey
    kind: Kind
    locale: str = Field(description="The language that was found for the reader.")
    dir: Literal["ltr", "rtl"] = Field(description="The direction of the writing.")
    surface: Surface
    purposes: list[str] = Field(description="What it asks consent for.")
    hash: str = Field(description="The name of these exact words.")
    text: str = Field(description="All that the person reads before they answer.")
    html: str = Field(description="A fragment for any form; no style, no script.")
    after: str = Field(description="What to show once they have answered. May be empty.")
    after_html: str = Field(description="The same as HTML.")
    yes: str = Field(description="The words for a yes. Of a notice, empty.")
    no: str = Field(description="The words for a no; of a notice, on the button beside it.")
    open: str = Field(description="The words on the button that opens WhatsApp.")
    token: str = Field(description="Send it back with the answer: it proves what was shown.")
    expires_at: Time = Field(description="Until when the token works.")
    fields: FieldNames
