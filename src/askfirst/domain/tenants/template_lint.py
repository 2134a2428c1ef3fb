"""What is amiss with a template: read out of its texts and buttons, told by its category.

Templates and replies are read with the same patterns as prompts; like those they are narrow: a
false alarm teaches people to ignore the next one.

Meta's rules on categories: a utility template is about something the person agreed to or asked for,
and holds nothing that promotes (Meta, "Template categorization"). A marketing template need not
have a stop button; people who find none block instead, and that costs the sender's quality.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from re import Pattern
from typing import Final

from askfirst.domain.opt_out.classifier import OptOutClassifier
from askfirst.domain.opt_out.reading import Certainty
from askfirst.domain.prompts.prompt_rule import plain
from askfirst.domain.prompts.wording_patterns import WordingPatterns
from askfirst.domain.tenants.sender import Reading, Template
from askfirst.domain.tenants.template_content import TemplateContent, TemplateFlag
from askfirst.domain.values.locales import language_of

_WORD_OF_STOP: Final = re.compile(r"(?<![\w-])STOPP?(?![\w-])")
"""In capitals, as messages name the word that is to be sent back; "non-stop" is another."""
_COUPON: Final = "copy_code"
"""A button that copies a code. Of a template that is no authentication template: a coupon's."""
_OFFER: Final = "limited_time_offer"


@dataclass(frozen=True, slots=True, kw_only=True)
class TemplateFinding:
    """One thing that is amiss; `words` are those that advertise, empty for other findings."""

    flag: TemplateFlag
    words: str = ""


def read_template(
    content: TemplateContent, language: str, patterns: WordingPatterns, opt_out: OptOutClassifier
) -> Reading:
    """Read a template once, when its words change: the gate only looks at what was found."""
    return Reading(
        has_stop=_has_stop(content, language_of(language), patterns, opt_out),
        is_advertising=bool(ad_words(content, language, patterns)),
    )


def ad_words(content: TemplateContent, language: str, patterns: WordingPatterns) -> str:
    """Return what in a template advertises: its words, or the kind of a button."""
    for button in content.buttons:
        if button.kind in {_COUPON, _OFFER}:
            return button.kind.replace("_", " ")
    found = (advertising_words(text, language_of(language), patterns) for text in content.texts)
    return next(filter(None, found), "")


def lint_template(template: Template, patterns: WordingPatterns) -> tuple[TemplateFinding, ...]:
    """Return the findings with the words that they rest on."""
    return tuple(_finding(template, flag, patterns) for flag in template.flags)


def _finding(template: Template, flag: TemplateFlag, patterns: WordingPatterns) -> TemplateFinding:
    if flag is not TemplateFlag.UTILITY_LIKE_AD or template.content is None:
        return TemplateFinding(flag=flag)
    return TemplateFinding(flag=flag, words=ad_words(template.content, template.language, patterns))


def _has_stop(
    content: TemplateContent, language: str, patterns: WordingPatterns, opt_out: OptOutClassifier
) -> bool:
    if any(is_stop_button(button.label, opt_out) for button in content.buttons):
        return True
    return any(says_how_to_stop(text, language, patterns) for text in content.texts)


def advertising_words(text: str, language: str, patterns: WordingPatterns) -> str:
    """Return the first words that advertise, as `plain` writes them; empty where there are none.

    `language` is a code such as `de`. Of one that is empty, or has no patterns, all are tried.
    """
    text = plain(text)
    found = (pattern.search(text) for pattern in _advertising(language, patterns))
    return next((match.group().strip() for match in found if match), "")


def says_how_to_stop(text: str, language: str, patterns: WordingPatterns) -> bool:
    """Return whether a text tells the reader how to end such messages."""
    if _WORD_OF_STOP.search(text):
        return True
    said, own = plain(text), patterns.languages.get(language)
    alone = (own,) if own else tuple(patterns.languages.values())
    return any(
        pattern.search(said) for pattern in (patterns.stopping, *(one.stopping for one in alone))
    )


def is_stop_button(label: str, opt_out: OptOutClassifier) -> bool:
    """Return whether a tap on a button of this label is read as a stop."""
    return opt_out.read_tapped("", label).certainty is Certainty.STOP


def _advertising(language: str, patterns: WordingPatterns) -> Iterator[Pattern[str]]:
    yield patterns.advertising
    own = patterns.languages.get(language)
    for one in (own,) if own else patterns.languages.values():
        yield one.advertising
