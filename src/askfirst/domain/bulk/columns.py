"""Which column of a table holds what: by its name, by what the operator said, or asked.

An answer about e-mail or text messages is never taken for one about WhatsApp: where no column is
about WhatsApp, or more than one is, the operator is asked.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from askfirst.domain.bulk.import_settings import (
    ImportMode,
    ImportQuestion,
    ImportSettings,
    QuestionCode,
    Role,
)
from askfirst.domain.bulk.import_words import Concept, ImportWords, Preset, plain
from askfirst.domain.values.errors import InvalidInput

_NUMBERED_PHONE: Final = re.compile(r"(phone \d+) value")
_LABEL: Final = re.compile(r"(?:phone|e mail) \d+ (?:label|type)")
_PHONE_RANKS: Final = (Concept.WHATSAPP, Concept.MOBILE)
_NAMED: Final = (
    (Concept.CALLING_CODE, Role.CALLING_CODE),
    (Concept.STOPPED_AT, Role.STOPPED_AT),
    (Concept.ENDS_AT, Role.ENDS_AT),
    (Concept.WORDING, Role.WORDING),
    (Concept.COLLECTED_BY, Role.COLLECTED_BY),
    (Concept.METHOD, Role.METHOD),
    (Concept.CHANNEL, Role.CHANNEL),
    (Concept.COUNTRY, Role.COUNTRY),
    (Concept.LOCALE, Role.LOCALE),
    (Concept.NOTE, Role.NOTE),
)
"""Roles that a column has only where it is called so as a whole."""
_IDS: Final = {
    "wa id": Role.WA_ID,
    "bsuid": Role.BSUID,
    "scope": Role.SCOPE,
    "purpose": Role.SCOPE,
    "purposes": Role.SCOPE,
    "said at": Role.SAID_AT,
}
_OTHER_CHANNELS: Final = (Concept.EMAIL, Concept.SMS)


@dataclass(frozen=True, slots=True, kw_only=True)
class PhoneColumn:
    """A column of numbers; `label`: the column that says what kind each is, if there is one."""

    index: int
    label: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Layout:
    """Where what stands. `places` are the columns by role; `phones` come in the order they count.

    `questions` have to be answered before a row can be read.
    """

    header: tuple[str, ...]
    places: Mapping[Role, int]
    phones: tuple[PhoneColumn, ...]
    preset: Preset | None
    questions: tuple[ImportQuestion, ...]

    @property
    def read(self) -> tuple[tuple[str, Role], ...]:
        """What is read: the names of columns, each with what it holds."""
        phones = [(self.header[one.index], Role.PHONE) for one in self.phones]
        others = [(self.header[at], role) for role, at in self.places.items()]
        return (*phones, *others)

    def column(self, role: Role) -> str:
        """Name the column of a role; empty where there is none."""
        at = self.places.get(role)
        return "" if at is None else self.header[at]


def lay_out(
    header: Sequence[str], settings: ImportSettings, words: ImportWords, *, is_named: bool
) -> Layout:
    """Find out where what stands. `is_named` False: the file has no header, so all is asked.

    Raises:
        InvalidInput: the operator named a column or a preset that there is not.
    """
    names = tuple(plain(name) for name in header)
    given = _given(header, settings)
    preset = _preset(names, settings, words)
    roles = [_role(at, names, given, preset, words) for at in range(len(header))]
    phones = _phones(names, roles, given, words)
    questions = []
    if not is_named and not settings.columns:
        about = "the file does not name its columns: say what each holds"
        questions.append(ImportQuestion(code=QuestionCode.COLUMNS, about=about, choices=(*header,)))
    places = _places(names, roles, settings, words)
    if not phones and not questions and not places.keys() & {Role.WA_ID, Role.BSUID}:
        about = "which column holds the phone number"
        questions.append(ImportQuestion(code=QuestionCode.PHONE, about=about, choices=(*header,)))
    if is_named or settings.columns:
        questions += _state(header, roles, places, settings, words)
    return Layout(
        header=tuple(header),
        places=places,
        phones=phones,
        preset=preset,
        questions=tuple(questions),
    )


def _given(header: Sequence[str], settings: ImportSettings) -> dict[int, Role]:
    """Return the places of the columns that the operator named."""
    found: dict[int, Role] = {}
    for name, role in settings.columns:
        at = next((n for n, one in enumerate(header) if one.strip() == name.strip()), None)
        if at is None:
            at = next((n for n, one in enumerate(header) if plain(one) == plain(name)), None)
        if at is None:
            raise InvalidInput("columns", "must name columns of the file, as its header does")
        found[at] = role
    return found


def _preset(names: Sequence[str], settings: ImportSettings, words: ImportWords) -> Preset | None:
    if settings.preset:
        found = words.preset(settings.preset)
        if found is None:
            known = ", ".join(one.name for one in words.presets)
            raise InvalidInput("preset", f"must be one of {known}")
        return found
    return next((one for one in words.presets if set(one.needs) <= set(names)), None)


def _role(
    at: int,
    names: Sequence[str],
    given: Mapping[int, Role],
    preset: Preset | None,
    words: ImportWords,
) -> Role:
    name = names[at]
    if at in given:
        return given[at]
    if preset and name in preset.columns:
        return Role(preset.columns[name])
    if preset and name in preset.unread:
        return Role.NONE
    return role_of(name, words)


def role_of(name: str, words: ImportWords) -> Role:
    """Tell what a column holds by its plain name."""
    if name in _IDS:
        return _IDS[name]
    named = next((role for concept, role in _NAMED if words.is_word(concept, name)), None)
    if named:
        return named
    if words.is_word(Concept.NUMBER, name):
        return Role.PHONE
    if words.has_word(Concept.UNRELATED, name) or _LABEL.fullmatch(name):
        return Role.NONE
    is_about_consent = words.has_word(Concept.CONSENT, name) or words.has_word(
        Concept.OPT_OUT, name
    )
    is_whatsapp = words.has_word(Concept.WHATSAPP, name)
    if words.has_word(Concept.DATE, name):
        is_time = is_about_consent or is_whatsapp or words.is_word(Concept.DATE, name)
        return Role.SAID_AT if is_time else Role.NONE
    is_phone = words.has_word(Concept.PHONE, name) or words.has_word(Concept.MOBILE, name)
    if is_phone and not is_about_consent:
        return _phone_role(name, words)
    if is_whatsapp or is_about_consent:
        return Role.STATE
    return Role.NONE


def _phone_role(name: str, words: ImportWords) -> Role:
    is_other = words.has_word(Concept.FAX, name) or words.has_word(Concept.EMAIL, name)
    return Role.NONE if is_other else Role.PHONE


def _phones(
    names: Sequence[str], roles: Sequence[Role], given: Mapping[int, Role], words: ImportWords
) -> tuple[PhoneColumn, ...]:
    """Order the columns of numbers: as the operator named them, else WhatsApp's own first."""
    named = [at for at, role in given.items() if role is Role.PHONE]
    found = named or sorted(
        (at for at, role in enumerate(roles) if role is Role.PHONE),
        key=lambda at: (_rank(names[at], words), at),
    )
    return tuple(PhoneColumn(index=at, label=_label_of(at, names)) for at in found)


def _rank(name: str, words: ImportWords) -> int:
    ranks = (n for n, one in enumerate(_PHONE_RANKS) if words.has_word(one, name))
    return next(ranks, len(_PHONE_RANKS))


def _label_of(at: int, names: Sequence[str]) -> int | None:
    """Find the column that says what kind of number it is, as address books have one."""
    numbered = _NUMBERED_PHONE.fullmatch(names[at])
    if not numbered:
        return None
    labels = {f"{numbered[1]} label", f"{numbered[1]} type"}
    return next((n for n, name in enumerate(names) if name in labels), None)


def _places(
    names: Sequence[str], roles: Sequence[Role], settings: ImportSettings, words: ImportWords
) -> dict[Role, int]:
    """Take the one column of each role; of several that are only guessed, none but the named."""
    places: dict[Role, int] = {}
    said = {plain(name): role for name, role in settings.columns}
    for role in Role:
        if role in (Role.PHONE, Role.NONE, Role.STATE, Role.SAID_AT):
            continue
        found = [at for at, one in enumerate(roles) if one is role]
        named = [at for at in found if said.get(names[at]) is role]
        if named or len(found) == 1:
            places[role] = (named or found)[0]
    state = _chosen_state(names, roles, settings, words)
    if state is not None:
        places[Role.STATE] = state
    time = _time_of(names, roles, said, state, words)
    if time is not None:
        places[Role.SAID_AT] = time
    return places


def _chosen_state(
    names: Sequence[str], roles: Sequence[Role], settings: ImportSettings, words: ImportWords
) -> int | None:
    """Find the column of answers: the named one, the only one about WhatsApp, or the only one."""
    if settings.everybody is not None:
        return None
    said = {plain(name) for name, role in settings.columns if role is Role.STATE}
    states = [at for at, role in enumerate(roles) if role is Role.STATE]
    named = [at for at in states if names[at] in said]
    if named:
        return named[0]
    ours = [at for at in states if words.has_word(Concept.WHATSAPP, names[at])]
    if ours:
        return ours[0] if len(ours) == 1 else None
    return states[0] if len(states) == 1 and not is_other_channel(names[states[0]], words) else None


def is_other_channel(name: str, words: ImportWords) -> bool:
    """Whether a column is about e-mail or text messages, and not about WhatsApp."""
    if words.has_word(Concept.WHATSAPP, name):
        return False
    return any(words.has_word(one, name) for one in _OTHER_CHANNELS)


def _time_of(
    names: Sequence[str],
    roles: Sequence[Role],
    said: Mapping[str, Role],
    state: int | None,
    words: ImportWords,
) -> int | None:
    """Find the time of the answer: named, of the same name as the answer, or the only one."""
    times = [at for at, role in enumerate(roles) if role is Role.SAID_AT]
    named = [at for at in times if said.get(names[at]) is Role.SAID_AT]
    if named:
        return named[0]
    if state is not None:
        own = [at for at in times if names[at].startswith(names[state] + " ")]
        if own:
            return own[0]
    ours = [at for at in times if words.has_word(Concept.WHATSAPP, names[at])]
    others = [at for at in times if not is_other_channel(names[at], words)]
    found = ours or others
    return found[0] if len(found) == 1 else None


def _state(
    header: Sequence[str],
    roles: Sequence[Role],
    places: Mapping[Role, int],
    settings: ImportSettings,
    words: ImportWords,
) -> list[ImportQuestion]:
    """Ask which column holds the answer, where that cannot be told."""
    is_said = settings.mode is ImportMode.SUPPRESSION or settings.everybody is not None
    if is_said or Role.STATE in places:
        return []
    states = [header[at] for at, role in enumerate(roles) if role is Role.STATE]
    if states and all(is_other_channel(plain(name), words) for name in states):
        about = (
            "which column is the answer about WhatsApp: these are about e-mail or text messages, "
            "and count only where the words that people saw covered WhatsApp"
        )
    elif states:
        about = "which of these columns is the answer about WhatsApp"
    else:
        about = (
            "no column says what people answered: name one, or say whether everybody in the file "
            "said yes"
        )
    choices = tuple(states) or tuple(
        name for name, role in zip(header, roles, strict=True) if role is Role.NONE
    )
    return [ImportQuestion(code=QuestionCode.STATE, about=about, choices=choices)]
