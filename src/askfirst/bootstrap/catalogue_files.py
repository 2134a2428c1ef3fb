"""Questions from files: the built-in ones from gettext catalogues, a business's own from TOML."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Final

from askfirst.adapters.lexicon_files import built_in_opt_out
from askfirst.adapters.wording_pattern_files import built_in_wording_patterns
from askfirst.domain.inbound.link_wish import wishes_of
from askfirst.domain.prompts.catalogue import Catalogue, Prompt, Vocabulary, Wording
from askfirst.domain.prompts.prompt import PromptKind, Surface
from askfirst.domain.prompts.prompt_file import SIZE_MAX, PromptFile, parse_prompts
from askfirst.domain.value import replace
from askfirst.domain.values.errors import InvalidInput
from askfirst.domain.values.purpose import CONSENTED, ONE_ORDER
from askfirst.web.gettext_files import locales_of, read_catalogue

# English first: it is the wording that the others were made from.
SOURCE_LOCALE: Final = "en"
_PACKAGE: Final = "askfirst.bootstrap"
_BUILT_IN: Final = {
    "signup": (Surface.SIGNUP, "marketing"),
    "login": (Surface.LOGIN, "marketing"),
    "code": (Surface.CODE, "authentication"),
    "chat": (Surface.CHAT, "marketing"),
    "order": (Surface.ORDER, ONE_ORDER.name),
    "orders": (Surface.ORDER, "utility"),
    "orders_notice": (Surface.ORDER, ONE_ORDER.name),
    "preferences": (Surface.PREFERENCES, "marketing"),
    "phone": (Surface.PHONE, "marketing"),
    "paper": (Surface.PAPER, "marketing"),
    "confirm": (Surface.LINK, "marketing"),
}
_NOTICES: Final = frozenset({"orders_notice"})
_PARTS: Final = ("text", "yes", "no", "open", "after")
_LINES: Final = ("paper.number", "paper.date", "paper.signature")


@cache
def built_in_catalogue() -> Catalogue:
    """Read the questions that come with askfirst."""
    words = {locale: read_catalogue(_PACKAGE, locale, "askfirst") for locale in _locales()}
    prompts = {
        key: Prompt(
            key=key,
            kind=PromptKind.NOTICE if key in _NOTICES else PromptKind.QUESTION,
            surface=surface,
            purposes=(purpose,),
            wordings={locale: _wording(key, words[locale]) for locale in words},
        )
        for key, (surface, purpose) in _BUILT_IN.items()
    }
    vocabularies = {locale: _vocabulary(words[locale]) for locale in words}
    return Catalogue(
        prompts=prompts,
        vocabularies=vocabularies,
        opt_out=built_in_opt_out(),
        patterns=built_in_wording_patterns(),
        link_wishes=wishes_of(vocabularies),
    )


def read_prompt_file(path: Path) -> PromptFile:
    """Read a business's own questions.

    Raises:
        InvalidInput: the file cannot be read, or a key in it is not understood.
    """
    return parse_prompts(read_prompt_text(path))


def read_prompt_text(path: Path) -> str:
    """Read a file of questions as it stands.

    Raises:
        InvalidInput: the file cannot be read.
    """
    try:
        if path.stat().st_size > SIZE_MAX:
            raise InvalidInput("file", f"must be {SIZE_MAX} bytes at most")
        return path.read_text(encoding="utf-8")
    except OSError as error:
        raise InvalidInput("file", f"{path} cannot be read: {error.strerror}") from error
    except UnicodeDecodeError as error:
        raise InvalidInput("file", f"{path} is not UTF-8") from error


def catalogue_with(own: PromptFile) -> Catalogue:
    """Put a business's own questions in the place of the built-in ones; the languages stay."""
    return replace(built_in_catalogue(), prompts=own.prompts)


def _locales() -> list[str]:
    return sorted(locales_of(_PACKAGE), key=lambda locale: locale != SOURCE_LOCALE)


def _wording(key: str, words: Mapping[str, str]) -> Wording:
    own = {part: words[f"{key}.{part}"] for part in _PARTS if f"{key}.{part}" in words}
    return Wording(**own)


def _vocabulary(words: Mapping[str, str]) -> Vocabulary:
    return Vocabulary(
        stop=words["stop"],
        separator=words["separator"],
        kinds={kind.value: words[f"kinds.{kind}"] for kind in CONSENTED},
        yes=words["yes"],
        no=words["no"],
        open=words["open"],
        lines=tuple(words[line] for line in _LINES),
        sms_code=words["sms.code"],
        proof_code=words["proof.code"],
        proof_answer=words["proof.answer"],
        stopped_everything=words["stopped.everything"],
        stopped_kinds=words["stopped.kinds"],
        unsure_text=words["unsure.text"],
        unsure_all=words["unsure.all"],
        unsure_offers=words["unsure.offers"],
        unsure_keep=words["unsure.keep"],
        link_ask=words["link.ask"],
        link_wishes=words["link.wishes"],
        link_text=words["link.text"],
    )
