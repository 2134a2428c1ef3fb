"""Show a question: find its words in the reader's language and fill them in."""

from __future__ import annotations

from dataclasses import dataclass

from askfirst.domain.prompts.catalogue import Catalogue
from askfirst.domain.prompts.interpolation import FilledPrompt, Filling, fill
from askfirst.domain.values.errors import InvalidInput
from askfirst.domain.values.locales import closest_locale, parse_locale


@dataclass(frozen=True, slots=True, kw_only=True)
class PromptRequest:
    """Which question, for whom, in which language."""

    key: str
    locale: str
    filling: Filling


def render_prompt(catalogue: Catalogue, request: PromptRequest) -> FilledPrompt:
    """Fill a question in, in the language that comes closest to the one asked for.

    Nobody is asked in a language that they did not ask for: where there is none, it fails.

    Raises:
        UnknownReference: there is no such question.
        InvalidInput: it has no words in this language, or something to fill in is missing.
    """
    prompt = catalogue.prompt(request.key)
    locale = closest_locale(parse_locale(request.locale, "locale"), prompt.wordings)
    if locale is None:
        raise InvalidInput("locale", "must be one of " + ", ".join(sorted(prompt.wordings)))
    words = catalogue.vocabulary(locale)
    return fill(prompt, locale, words, request.filling, catalogue.opt_out)
