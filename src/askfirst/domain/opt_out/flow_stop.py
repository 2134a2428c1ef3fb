"""Understanding a no in the answers of a WhatsApp Flow, a form of the business's in the chat.

Meta signs that the answers came from the number, but which words stood beside a field only the
business knows. So it declares which answers are a no (`FlowStop`). What nobody declared counts
where the answer itself says stop. No answer of a form is a yes: there is no proof of what was
shown, and the business can record its claim through the API.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final, NamedTuple

from askfirst.domain.opt_out.classifier import OptOutClassifier
from askfirst.domain.opt_out.reading import OptOutReading
from askfirst.domain.values.errors import InvalidInput
from askfirst.domain.values.purpose import CONSENTED, Purpose

FLOW_STOPS_MAX: Final = 100
ANSWERS_READ_MAX: Final = 200
"""More fields than a form of Meta's may have; it also bounds the work on a hostile text."""

_NAME_MAX: Final = 256
_YES: Final = frozenset({"true", "yes", "on", "1"})
# Meta's own fields; a title is the form's, not the person's.
_NOT_ANSWERS: Final = frozenset({"flow_token", "wa_flow_response_params"})
# How Flow Builder names things: `screen_0_Unsubscribe_1`, and `0_Yes` for an option.
_SCREEN: Final = re.compile(r"\Ascreen_[0-9]+_(.+?)(?:_[0-9]+)?\Z", re.DOTALL)
_OPTION: Final = re.compile(r"\A[0-9]+_(?=.)", re.DOTALL)
# One or two words are as likely an option that the business wrote ("Cancel") as typed.
_WORDS_TYPED: Final = 3


class FlowAnswer(NamedTuple):
    """What a field of the form holds: one value, several, or none where nothing was chosen.

    Truths are "true" and "false", numbers are digits. Fields inside others have keys with dots.
    """

    key: str
    values: tuple[str, ...]


class FlowNo(NamedTuple):
    """What a form's answers end (`purposes` empty: everything), and which answers say so."""

    purposes: tuple[str, ...]
    answers: tuple[FlowAnswer, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class FlowStop:
    """An answer that ends consent: the field `key` holds `value`.

    `is_missing` turns it round: the field was answered without that value, as where a box of
    several was left empty. `purposes` empty means everything.
    """

    key: str
    value: str
    purposes: tuple[str, ...] = ()
    is_missing: bool = False

    def __post_init__(self) -> None:
        for field, text in (("key", self.key), ("value", self.value)):
            if not 0 < len(text) <= _NAME_MAX or not text.isprintable():
                message = f"must be 1 to {_NAME_MAX} printable characters"
                raise InvalidInput(f"flow_stops.{field}", message)
        for name in self.purposes:
            if Purpose(name).category not in CONSENTED:
                message = "must be purposes that people agree to, for example marketing"
                raise InvalidInput("flow_stops.purposes", message)

    def matches(self, answer: FlowAnswer) -> bool:
        """Return whether this answer is that no; capitals do not matter."""
        if answer.key != self.key:
            return False
        wanted = self.value.casefold()
        return any(value.casefold() == wanted for value in answer.values) != self.is_missing


def read_flow_no(
    answers: Sequence[FlowAnswer], declared: Iterable[FlowStop], opt_out: OptOutClassifier
) -> FlowNo | None:
    """Return what the answers end, if anything: what was declared, and what says stop by itself."""
    found: dict[FlowAnswer, tuple[str, ...]] = {}
    stops = tuple(declared)
    for answer in answers:
        named = [stop.purposes for stop in stops if stop.matches(answer)]
        named += _read(opt_out, answer)
        if named:
            found[answer] = _together(named)
    return FlowNo(_together(found.values()), tuple(found)) if found else None


def _together(named: Iterable[tuple[str, ...]]) -> tuple[str, ...]:
    """Join what several answers end: where one ends everything, everything."""
    lists = tuple(named)
    return tuple(dict.fromkeys(name for names in lists for name in names)) if all(lists) else ()


def _read(opt_out: OptOutClassifier, answer: FlowAnswer) -> list[tuple[str, ...]]:
    """Return what each value that says stop by itself ends."""
    if answer.key.partition(".")[0] in _NOT_ANSWERS:
        return []
    read = [_read_value(opt_out, value) for value in answer.values]
    if not _YES.isdisjoint(_OPTION.sub("", value).casefold() for value in answer.values):
        field = _SCREEN.sub(r"\1", answer.key.rpartition(".")[2])
        read.append(opt_out.read_tapped(field, ""))
    return [one.purposes for one in read if one.purposes is not None]


def _read_value(opt_out: OptOutClassifier, value: str) -> OptOutReading:
    value = _OPTION.sub("", value)
    reading = opt_out.read_tapped("", value)
    if not reading.is_stop and len(value.split(None, _WORDS_TYPED)) >= _WORDS_TYPED:
        return opt_out.read_typed(value)
    return reading
