"""How people take what they read: use it, bear it, say stop, mute, or block.

What annoys is the number of offers read within 30 days, set against what the person tolerates, and
an offer after a no. The more tolerant somebody is, the less likely they act; with no impatience
nobody does.
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final, NamedTuple

from askfirst.simulator.experiment.assumptions import Assumptions
from askfirst.simulator.experiment.people import DAYS_OF_A_MONTH, OfferLuck, Person
from askfirst.simulator.experiment.wordings import picked

_MUTED_READS: Final = 0.2
"""Part of the reading that is left of a chat that was muted or archived. A guess."""

_LEAST: Final = 1e-9


class Manner(StrEnum):
    """How somebody says stop. `switch` is WhatsApp's own, and Meta enforces it."""

    BUTTON = "button"
    SWITCH = "switch"
    KEYWORD = "keyword"
    OWN_WORDS = "own_words"


class Remark(NamedTuple):
    """What somebody said; `text` is empty for the switch. `is_no`: they meant offers to end."""

    text: str
    manner: Manner | None
    is_no: bool


class Reaction(NamedTuple):
    """What one offer led to. A reaction that is none has only `is_useful`."""

    is_useful: bool = False
    is_blocked: bool = False
    is_muted: bool = False
    remark: Remark | None = None


NOTHING: Final = Reaction()


@dataclass(slots=True)
class Mood:
    """What one person has lived through so far, in one of the worlds.

    `read_days` are the days of the offers read in the last 30. `has_said_no` stays once it is so,
    whoever heard it.
    """

    is_welcome: bool
    has_said_no: bool
    is_blocking: bool = False
    is_muting: bool = False
    is_switched_off: bool = False
    read_days: deque[int] = field(default_factory=deque)

    def offers_read(self, day: int) -> int:
        """Return how many offers were read in the 30 days that end with this one."""
        while self.read_days and self.read_days[0] <= day - DAYS_OF_A_MONTH:
            self.read_days.popleft()
        return len(self.read_days)


def does_read(person: Person, mood: Mood, luck: float) -> bool:
    """Return whether a message that arrived is read."""
    return luck < person.reads * (_MUTED_READS if mood.is_muting else 1.0)


def take_offer(
    person: Person, mood: Mood, luck: OfferLuck, day: int, assumptions: Assumptions
) -> Reaction:
    """Let somebody read an offer; their mood is changed by it."""
    mood.read_days.append(day)
    too_many = _too_many(person, mood, mood.offers_read(day), assumptions)
    if luck.acting < _chance_to_act(mood, too_many, assumptions):
        return _act(person, mood, luck, assumptions)
    return Reaction(is_useful=luck.use < _use(person, mood, too_many, assumptions))


def _too_many(person: Person, mood: Mood, read: int, assumptions: Assumptions) -> float:
    """Return how far it is beyond what is tolerated: 0 not at all, 1 twice as many or more."""
    tolerance = person.tolerance * (1.0 if mood.is_welcome else assumptions.unwelcome)
    return min(1.0, max(0.0, read / tolerance - 1.0)) if tolerance > 0 else 1.0


def _chance_to_act(mood: Mood, too_many: float, assumptions: Assumptions) -> float:
    if mood.has_said_no:
        return min(1.0, assumptions.impatience * assumptions.ignored_no)
    least = assumptions.irritation
    return assumptions.impatience * (least + (1 - least) * too_many)


def _use(person: Person, mood: Mood, too_many: float, assumptions: Assumptions) -> float:
    if mood.has_said_no:
        return 0.0
    mean = assumptions.interest if mood.is_welcome else assumptions.interest_unasked
    return person.keenness * mean * (assumptions.use_beyond if too_many > 0 else 1.0)


def _act(person: Person, mood: Mood, luck: OfferLuck, assumptions: Assumptions) -> Reaction:
    asked = mood.is_welcome and not mood.has_said_no
    blocks = assumptions.blocks_invited if asked else assumptions.blocks_unasked
    if luck.reaction < blocks:
        mood.is_blocking = True
        return Reaction(is_blocked=True)
    if luck.reaction < blocks + assumptions.mutes:
        if mood.is_muting:
            return NOTHING
        mood.is_muting = True
        return Reaction(is_muted=True)
    return Reaction(remark=_say_stop(person, mood, luck, assumptions))


def _say_stop(person: Person, mood: Mood, luck: OfferLuck, assumptions: Assumptions) -> Remark:
    mood.has_said_no = True
    words, taps, switches = person.wordings, assumptions.taps, assumptions.switches
    if luck.manner < taps:
        return Remark(words.button, Manner.BUTTON, is_no=True)
    if luck.manner < taps + switches:
        mood.is_switched_off = True
        return Remark("", Manner.SWITCH, is_no=True)
    typed = (luck.manner - taps - switches) / max(_LEAST, 1 - taps - switches)
    if typed < assumptions.keywords:
        return Remark(picked(words.keywords, luck.words), Manner.KEYWORD, is_no=True)
    free = (typed - assumptions.keywords) / max(_LEAST, 1 - assumptions.keywords)
    texts = words.unforeseen if free < assumptions.unforeseen else words.own_words
    return Remark(picked(texts, luck.words), Manner.OWN_WORDS, is_no=True)


def say_something(person: Person, luck: float) -> Remark:
    """Let somebody write about an order, which is no stop whatever its words."""
    return Remark(picked(person.wordings.ordinary, luck), None, is_no=False)
