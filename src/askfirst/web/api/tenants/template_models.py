"""Shapes of the registry of templates."""

from __future__ import annotations

from pydantic import Field

from askfirst.domain.codes.code_template import LANGUAGES, TemplateFault
from askfirst.domain.tenants.sender import TEMPLATE_NAME_MAX, TemplateState
from askfirst.domain.tenants.template_content import TemplateFlag, TemplateQuality
from askfirst.domain.values.purpose import Category
from askfirst.web.api.platform.models import Asked, Time, Told

_WHEN = "When the registry saw it change. Null: not since it has known the template."


class ButtonAnswer(Told):
    """A button of a template."""

    kind: str = Field(description="Meta's type in small letters.", examples=["quick_reply"])
    label: str = Field(description="What stands on it. May be empty.")


class ContentAnswer(Told):
    """What a template says, with its placeholders."""

    header: str = Field(description="The text above. May be empty.")
    body: str = Field(description="The text.")
    footer: str = Field(description="The small text below. May be empty.")
    more: list[str] = Field(description="The texts of cards and of a limited offer.")
    buttons: list[ButtonAnswer] = Field(description="Its buttons, those of cards last.")


class TemplateFindingAnswer(Told):
    """Something that is amiss."""

    flag: TemplateFlag
    message: str = Field(description="What is amiss.")
    fix: str = Field(description="How to mend it.")
    words: str = Field(description="The words that advertise. Empty for other findings.")


class TemplateAnswer(Told):
    """A template in one language, as Meta last described it, and what is amiss with it."""

    waba_id: str = Field(description="Meta's id of the WhatsApp business account.")
    name: str = Field(description="The name of the template.")
    language: str = Field(description="The language of the template.")
    category: Category = Field(description="What Meta lets it be used for.")
    previous_category: Category | None = Field(
        description="What Meta let it be used for before. Null: Meta never moved it."
    )
    category_changed_at: Time | None = Field(description=_WHEN)
    is_accepted: bool = Field(
        description="False: Meta moved it to marketing, and nobody has accepted that: it is not "
        "sent then, unless the policy says otherwise."
    )
    state: TemplateState
    state_changed_at: Time | None = Field(description=_WHEN)
    quality: TemplateQuality
    quality_changed_at: Time | None = Field(description=_WHEN)
    content: ContentAnswer | None = Field(description="What it says. Null: Meta did not tell.")
    content_changed_at: Time | None = Field(description=_WHEN)
    has_stop: bool | None = Field(
        description="Whether a button or its words say how to stop. Null: it was not read."
    )
    findings: list[TemplateFindingAnswer] = Field(description="What is amiss with it.")
    seen_at: Time = Field(description="When Meta last described it.")


class TemplatePage(Told):
    """A part of the registry."""

    data: list[TemplateAnswer] = Field(description="The templates.")
    next_cursor: str | None = Field(description="Send it as `after`. Null: this was the last page.")


class TemplateList(Told):
    """A template in all its languages."""

    data: list[TemplateAnswer] = Field(description="One for each language and account.")


class AcceptRequest(Asked):
    """Which language of a template is accepted as marketing."""

    language: str = Field(
        "",
        max_length=TEMPLATE_NAME_MAX,
        description="As the registry writes it. Left out: all that are marketing.",
        examples=["en_US"],
    )


class CodeTemplatesRequest(Asked):
    """Which of askfirst's templates for codes are made in a customer's account."""

    sender: str = Field(
        description="The phone number id of a sender of the account.", examples=["200000000000001"]
    )
    languages: list[str] = Field(
        min_length=1,
        max_length=len(LANGUAGES),
        description="The languages that are wanted, as Meta writes them.",
        examples=[["en", "de"]],
    )


class TroubleAnswer(Told):
    """Why there is no usable template in some languages."""

    fault: TemplateFault
    languages: list[str] = Field(description="The languages that it is about.")
    status: int = Field(description="The status of Meta's answer. 0: there was none.")
    code: int = Field(description="The code of Meta's error. 0: there was none.")


class CodeTemplatesAnswer(Told):
    """What came of it."""

    name: str = Field(description="The name of the template.")
    made: list[str] = Field(description="Languages that were made now.")
    there: list[str] = Field(description="Languages that were there before, and stay as they are.")
    troubles: list[TroubleAnswer] = Field(description="What could not be made, and why.")
