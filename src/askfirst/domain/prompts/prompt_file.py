"""A business's own questions and notices as TOML, read strictly: what is not understood is named.

business = "Café Lune"                # optional; lint checks the name

[prompts.newsletter]
kind = "question"                     # optional; or "notice": it informs, and asks nothing
surface = "signup"
purposes = ["marketing"]

[prompts.newsletter.texts.en]
text = "Send me {kinds} from {business} on WhatsApp. To stop, reply {stop}."
kinds = "recipes and offers"          # optional, as are stop, yes, no, open and after
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any, Final

from askfirst.domain.prompts.catalogue import Prompt, Wording
from askfirst.domain.prompts.prompt import PromptKind, Surface
from askfirst.domain.values.errors import InvalidInput
from askfirst.domain.values.locales import parse_locale

SIZE_MAX: Final = 1_000_000
_FILE: Final = ("business", "prompts")
_PROMPT: Final = ("kind", "surface", "purposes", "texts")
_WORDING: Final = tuple(field.name for field in fields(Wording))
_TICKED: Final = frozenset(
    (
        *("checked", "default", "pre_checked", "pre_ticked", "prechecked", "preselected"),
        *("preticked", "selected", "ticked"),
    )
)


@dataclass(frozen=True, slots=True, kw_only=True)
class PromptFile:
    """What a file holds. `business` is empty where it names none."""

    business: str
    prompts: Mapping[str, Prompt]


def parse_prompts(text: str) -> PromptFile:
    """Read a file of questions.

    Raises:
        InvalidInput: `field` is the path of the key, the message says what would be right.
    """
    if len(text) > SIZE_MAX:
        raise InvalidInput("file", f"must be {SIZE_MAX} characters at most")
    try:
        table = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise InvalidInput("file", f"is not TOML: {error}") from error
    _refuse_unknown("", table, _FILE)
    business = _words("business", table.get("business", ""))
    entries = _table("prompts", table.get("prompts"))
    prompts = {key: _prompt(key, entry) for key, entry in entries.items()}
    return PromptFile(business=business, prompts=prompts)


def _prompt(key: str, entry: Any) -> Prompt:
    where = f"prompts.{key}"
    table = _table(where, entry)
    _refuse_unknown(where, table, _PROMPT)
    texts = _table(f"{where}.texts", table.get("texts"))
    surface, purposes = _surface(where, table), _purposes(where, table)
    wordings: dict[str, Wording] = {}
    for name, words in texts.items():
        locale = parse_locale(name, f"{where}.texts.{name}")
        if locale in wordings:
            raise InvalidInput(f"{where}.texts.{name}", f"must not be given twice: it is {locale}")
        wordings[locale] = _wording(f"{where}.texts.{name}", words)
    try:
        return Prompt(
            key=key,
            kind=_kind(where, table),
            surface=surface,
            purposes=purposes,
            wordings=wordings,
        )
    except InvalidInput as error:
        raise InvalidInput(
            where, f"{error.field.removeprefix('prompt.')} {error.message}"
        ) from error


def _wording(where: str, entry: Any) -> Wording:
    table = _table(where, entry)
    _refuse_unknown(where, table, _WORDING)
    if "text" not in table:
        raise InvalidInput(f"{where}.text", "must be given: it is the question")
    return Wording(**{name: _words(f"{where}.{name}", words) for name, words in table.items()})


def _kind(where: str, table: Mapping[str, Any]) -> PromptKind:
    word = table.get("kind", PromptKind.QUESTION.value)
    if word not in set(PromptKind):
        raise InvalidInput(f"{where}.kind", "must be one of " + ", ".join(PromptKind))
    return PromptKind(word)


def _surface(where: str, table: Mapping[str, Any]) -> Surface:
    word = table.get("surface")
    if word not in set(Surface):
        raise InvalidInput(f"{where}.surface", "must be one of " + ", ".join(Surface))
    return Surface(word)


def _purposes(where: str, table: Mapping[str, Any]) -> tuple[str, ...]:
    names = table.get("purposes")
    if not isinstance(names, list) or not names or not all(isinstance(one, str) for one in names):
        raise InvalidInput(
            f"{where}.purposes", 'must be a list of purposes, for example ["marketing"]'
        )
    return tuple(names)


def _words(where: str, value: Any) -> str:
    if not isinstance(value, str):
        raise InvalidInput(where, "must be text")
    return value


def _table(where: str, value: Any) -> Mapping[str, Any]:
    if not isinstance(value, dict) or not value:
        raise InvalidInput(where, f"must be a table: [{where}]")
    return value


def _refuse_unknown(where: str, table: Mapping[str, Any], known: tuple[str, ...]) -> None:
    for name in table:
        if name in known:
            continue
        path = f"{where}.{name}" if where else name
        if name in _TICKED:
            raise InvalidInput(
                path,
                "cannot be said: a box is never ticked beforehand, such a yes is none "
                "(CJEU C-673/17, Planet49)",
            )
        raise InvalidInput(path, "is not a key here; there are " + ", ".join(known))
