"""A question or notice before it is shown: its words in each language, with places to fill in.

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
from askfirst.domain.prompts.prompt import PromptKind, PromptVersion, Surface
from askfirst.domain.prompts.wording_patterns import WordingPatterns
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
    """What a person answers with. A notice has no answer; beside it stands a way to say no."""

    BOX = "box"
    BUTTONS = "buttons"
    LINK = "link"
    PAPER = "paper"
    NONE = "none"


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


@dataclass(frozen=True, slots=True, kw_only=True)
class Wording:
    """A question or notice in one language. What is empty is the language's vocabulary's.

    `after` is shown once the question is answered. Of `yes`, `no` and `open` a notice has only a
    `no`: the words of the button beside it. There is no field for a box that is ticked
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
    confirm a stop; `unsure_text` with its three buttons asks after what may be one. `link_ask` and
    `link_wishes` (set apart by commas) ask for the preference page; `link_text` is above its link.
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
    link_ask: str = ""
    link_wishes: str = ""
    link_text: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Prompt:
    """One question or notice in the languages it was written in; the first is compared with."""

    key: str
    surface: Surface
    purposes: tuple[str, ...]
    wordings: Mapping[str, Wording]
    kind: PromptKind = PromptKind.QUESTION

    def __post_init__(self) -> None:
        if not self.wordings:
            raise InvalidInput("prompt.texts", "must hold the words in one language at least")
        check_purposes(self.purposes)
        for locale, wording in self.wordings.items():
            self.version(locale, wording.text, self.purposes)

    @property
    def control(self) -> Control:
        """What it is answered with: an unticked box by default, and a notice with nothing."""
        if self.kind is PromptKind.NOTICE:
            return Control.NONE
        return _CONTROLS.get(self.surface, Control.BOX)

    def version(self, locale: str, text: str, purposes: tuple[str, ...]) -> PromptVersion:
        """Name the words that were shown."""
        return PromptVersion(
            key=self.key,
            locale=locale,
            surface=self.surface,
            purposes=purposes,
            text=text,
            kind=self.kind,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Catalogue:
    """Questions by their keys, vocabularies by locale, and how stops and wordings are read.

    `link_wishes` are the words of a wish for the preference page, spelled, with their locales.
    """

    prompts: Mapping[str, Prompt]
    vocabularies: Mapping[str, Vocabulary]
    opt_out: OptOutClassifier
    patterns: WordingPatterns
    link_wishes: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

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
