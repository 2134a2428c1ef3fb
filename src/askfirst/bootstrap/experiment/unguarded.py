"""How most send: straight to Meta, or past a list of who sent one of a few words."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from askfirst.domain.values.timestamp import Instant
from askfirst.simulator.experiment.people import Person
from askfirst.simulator.experiment.temper import Manner, Remark
from askfirst.simulator.experiment.way import LEAVE, REFUSE, AnswerAtOrder, Message, Verdict

EXACT_WORDS: Final = frozenset(
    {"stop", "stopall", "unsubscribe", "end", "quit", "cancel", "optout", "revoke"}
)
"""What senders of text messages take for a stop, if it is the whole message.

Source: https://www.twilio.com/docs/messaging/tutorials/advanced-opt-out
"""


class SendDirectly:
    """Everything leaves; what people write is for somebody else to read."""

    def may_leave(self, person: Person, message: Message, now: Instant) -> Verdict:
        del person, message, now
        return LEAVE

    def was_sent(self, person: Person, message: Message, now: Instant) -> None:
        del person, message, now

    def hear(self, person: Person, said: Remark, now: Instant) -> bool:
        del person, said, now
        return False

    def hear_answer(self, person: Person, *, is_no: bool, now: Instant) -> None:
        del person, is_no, now

    def ask_at_order(self, person: Person, answer: AnswerAtOrder, now: Instant) -> bool:
        del person, answer, now
        return False

    def may_offer(self, person: Person, now: Instant) -> bool:
        del person, now
        return True

    def has_noted_no(self, person: Person) -> bool:
        del person
        return False


class KeepBlockList(SendDirectly):
    """Who taps the offer's own button, or sends one of the words and nothing else, gets nothing."""

    def __init__(self, words: Iterable[str] = EXACT_WORDS) -> None:
        self._words = frozenset(map(_bare, words))
        self._blocked: set[int] = set()

    def may_leave(self, person: Person, message: Message, now: Instant) -> Verdict:
        del message, now
        return REFUSE if person.number in self._blocked else LEAVE

    def hear(self, person: Person, said: Remark, now: Instant) -> bool:
        del now
        if said.manner is Manner.BUTTON or _bare(said.text) in self._words:
            self._blocked.add(person.number)
        return False

    def may_offer(self, person: Person, now: Instant) -> bool:
        del now
        return person.number not in self._blocked

    def has_noted_no(self, person: Person) -> bool:
        return person.number in self._blocked


def _bare(text: str) -> str:
    return text.strip(" .!?").casefold()
