"""A question before it is asked: its words in each language, with places to fill in.

`{business}`, `{kinds}` (of messages), `{stop}` (the word that ends them) and `{order}` are filled
in by `filling.py`; what a wording leaves open is taken from the language's `Vocabulary`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from types import MappingProxyType
from typing import Final

from askfirst.domain.opt_out.classifier import OptOutClassifier
from askfirst.domain.prompts.prompt import PromptVersion, Surface
from askfirst.domain.values.errors import InvalidInput, UnknownReference
from askfirst.domain.values.locales import closest_locale
from askfirst.domain.values.purpose import CONSENTED, Purpose


class Placeholder(StrEnum):
    """What is filled in."""

    BUSINESS = "business"
    KINDS = "kinds"
    STOP = "stop"
    ORDER = "order"


class Control(StrEnum):
    """What a person answers with."""

    BOX = "box"
    BUTTONS = "buttons"
    LINK = "link"
    PAPER = "paper"


_CONTROLS: Final[Mapping[Surface, Control]] = MappingProxyType(
    {
        Surface.CODE: Control.BUTTONS,
        Surface.ORDER: Control.BUTTONS,
        Surface.CHAT: Control.BUTTONS,
        Surface.PHONE: Control.BUTTONS,
        Surface.QR: Control.LINK,
        Surface.LINK: Control.LINK,
        Surface.PAPER: Control.PAPER,
    }
)


def control_of(surface: Surface) -> Control:
    """Return what the question on this surface is answered with; an unticked box by default."""
    return _CONTROLS.get(surface, Control.BOX)


@dataclass(frozen=True, slots=True, kw_only=True)
class Wording:
    """A question in one language. What is empty is taken from the language's vocabulary.

    `after` is shown once the question is answered. There is no field for a box that is ticked
    beforehand: such a yes would be none (CJEU C-673/17, Planet49).
    """

    text: str
    yes: str = ""
    no: str = ""
    open: str = ""
    after: str = ""
    kinds: str = ""
    stop: str = ""

    def parts(self) -> Iterator[tuple[str, str]]:
        """Yield the words that people read, with the names of their fields."""
        for name in ("text", "yes", "no", "open", "after"):
            if words := getattr(self, name):
                yield name, words


@dataclass(frozen=True, slots=True, kw_only=True)
class Vocabulary:
    """What one language calls the things that every question needs.

    `kinds` has words for each built-in purpose; `lines` are what a paper form asks for. `sms_code`
    is an SMS with a code, `proof_code` what a customer sends instead of getting one, `proof_answer`
    what they send to say yes from their own number. `stopped_everything` and `stopped_kinds`
    confirm a stop; `unsure_text` with its three buttons asks after what may be one.
    """

    stop: str
    separator: str
    kinds: Mapping[str, str] = field(hash=False)  # a mapping has no hash; the rest is enough
    yes: str
    no: str
    open: str
    lines: tuple[str, ...]
    sms_code: str = ""
    proof_code: str = ""
    proof_answer: str = ""
    stopped_everything: str = ""
    stopped_kinds: str = ""
    unsure_text: str = ""
    unsure_all: str = ""
    unsure_offers: str = ""
    unsure_keep: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Prompt:
    """One question, in the languages it was written in; the first is the one to compare with."""

    key: str
    surface: Surface
    purposes: tuple[str, ...]
    wordings: Mapping[str, Wording]

    def __post_init__(self) -> None:
        if not self.wordings:
            raise InvalidInput("prompt.texts", "must hold the words in one language at least")
        check_purposes(self.purposes)
        for locale, wording in self.wordings.items():
            self.version(locale, wording.text, self.purposes)

    def version(self, locale: str, text: str, purposes: tuple[str, ...]) -> PromptVersion:
        """Name the words that were shown."""
        return PromptVersion(
            key=self.key, locale=locale, surface=self.surface, purposes=purposes, text=text
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Catalogue:
    """Questions by their keys, vocabularies by locale, and how a stop is understood."""

    prompts: Mapping[str, Prompt]
    vocabularies: Mapping[str, Vocabulary]
    opt_out: OptOutClassifier

    def prompt(self, key: str) -> Prompt:
        """Find a question."""
        if key not in self.prompts:
            raise UnknownReference("key", "must be one of " + ", ".join(self.prompts))
        return self.prompts[key]

    def vocabulary(self, locale: str) -> Vocabulary | None:
        """Find the vocabulary whose readers read this locale; None where there is none."""
        found = closest_locale(locale, self.vocabularies)
        return self.vocabularies[found] if found else None


def check_purposes(names: tuple[str, ...]) -> None:
    """Refuse purposes that are none, need no yes, or are named twice."""
    for name in names:
        if Purpose(name).category not in CONSENTED:
            raise InvalidInput("purpose", "service needs no opt-in and is never asked for")
    if len(set(names)) != len(names):
        raise InvalidInput("purpose", "must be named once each")
