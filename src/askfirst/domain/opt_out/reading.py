"""What a text says about stopping: how surely, how much of it, and by which words."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Final, NamedTuple

from askfirst.domain.values.purpose import MARKETING


class Certainty(StrEnum):
    """How surely a text is a stop. `unsure` is for a person to look at."""

    STOP = "stop"
    UNSURE = "unsure"
    NONE = "none"


class StopScope(StrEnum):
    """How much is to stop. In doubt, everything.

    `keep_orders`: everything but what is about orders, so marketing alone. `topic`: one kind of
    messages; `OptOutReading.topic` is the business's purpose for it, empty where none is known.
    """

    EVERYTHING = "everything"
    MARKETING = "marketing"
    KEEP_ORDERS = "keep_orders"
    TOPIC = "topic"


class About(StrEnum):
    """What else a text is: a complaint, or a wish to be erased (GDPR, article 17)."""

    COMPLAINT = "complaint"
    ERASURE = "erasure"


class StopRule(StrEnum):
    """The template that was found; the values are for machines and are stable."""

    STOP_WORD = "stop_word"
    OPT_OUT_WORD = "opt_out_word"
    STOP_MESSAGES = "stop_messages"
    NO_MESSAGES = "no_messages"
    DO_NOT_SEND = "do_not_send"
    DO_NOT_WANT = "do_not_want"
    REMOVE_ME = "remove_me"
    CONSENT_WITHDRAWN = "consent_withdrawn"
    HALF_STOP = "half_stop"
    COMPLAINT = "complaint"
    TOO_MANY = "too_many"
    WHERE_FROM = "where_from"
    ERASURE = "erasure"
    NOTHING = "nothing"


class MatchedWord(NamedTuple):
    """A word of the text, in bare spelling, and the slots that it fills."""

    word: str
    slots: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class OptOutReading:
    """What was understood. `scope` is there where it is a stop; `matched` explains it.

    `languages` are the codes of those whose words were found; none where every language has them.
    """

    certainty: Certainty = Certainty.NONE
    scope: StopScope | None = None
    topic: str = ""
    about: About | None = None
    rule: StopRule = StopRule.NOTHING
    matched: tuple[MatchedWord, ...] = ()
    languages: tuple[str, ...] = ()

    @property
    def purposes(self) -> tuple[str, ...] | None:
        """What ends: nothing (None), everything (empty), or these purposes.

        Of a topic that the business has no purpose for, only this is sure: it is advertising.
        """
        match self.scope:
            case None:
                return None
            case StopScope.EVERYTHING:
                return ()
            case StopScope.TOPIC if self.topic:
                return (self.topic,)
            case _:
                return (MARKETING.name,)

    @property
    def is_stop(self) -> bool:
        """Whether something has to stop at once."""
        return self.certainty is Certainty.STOP


NOTHING_READ: Final = OptOutReading()
