"""The words that somebody was shown, put back into their language."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from askfirst.domain.prompts.prompt import PromptVersion
from askfirst.web.pages.reader import html_dir, html_lang


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownWords:
    """Words, with the language and the direction of the element that they stand in."""

    text: str
    lang: str
    dir: str


def shown_words(words: PromptVersion | None) -> ShownWords | None:
    """Take the words of a version."""
    if words is None:
        return None
    return ShownWords(text=words.text, lang=html_lang(words.locale), dir=html_dir(words.locale))


def noticed_words(notice: Mapping[str, str] | None) -> ShownWords | None:
    """Take the words of a receipt, which names its language as HTML does."""
    if notice is None:
        return None
    language = notice["language"]
    return ShownWords(text=notice["words"], lang=language, dir=html_dir(language.replace("-", "_")))
