"""What stands between a plan and Meta: a way of sending, as the simulated world sees it."""

from __future__ import annotations

from typing import Final, NamedTuple, Protocol

from askfirst.domain.values.timestamp import Instant
from askfirst.simulator.experiment.people import Person
from askfirst.simulator.experiment.temper import Remark

ORDER_NEWS: Final = "order_news"
"""The template of messages about orders. Offers have the name of their campaign."""


class Message(NamedTuple):
    """One message to one person: its template, and what tells it from others of the template."""

    template: str
    content: str

    @property
    def is_offer(self) -> bool:
        """Whether it is an offer, and not about an order."""
        return self.template != ORDER_NEWS


class Verdict(NamedTuple):
    """Whether a message may leave. `retry_at`: not now, ask again then."""

    may_leave: bool
    retry_at: Instant | None = None


LEAVE: Final = Verdict(may_leave=True)
REFUSE: Final = Verdict(may_leave=False)


class AnswerAtOrder(NamedTuple):
    """What somebody who is asked while they order would answer, and if the number proves it."""

    order_news: bool
    offers: bool
    is_proven: bool


class Way(Protocol):
    """A way of sending. It knows of people what they told it, and nothing of what they feel."""

    def may_leave(self, person: Person, message: Message, now: Instant) -> Verdict:
        """Return whether this message may be handed to Meta now."""
        ...

    def was_sent(self, person: Person, message: Message, now: Instant) -> None:
        """Take note that Meta took the message."""
        ...

    def hear(self, person: Person, said: Remark, now: Instant) -> bool:
        """Take what somebody wrote, tapped or switched; return whether they are asked about it."""
        ...

    def hear_answer(self, person: Person, *, is_no: bool, now: Instant) -> None:
        """Take the tap that says whether the words that were asked about were a stop."""
        ...

    def ask_at_order(self, person: Person, answer: AnswerAtOrder, now: Instant) -> bool:
        """Let somebody order; return whether they were asked for offers and said yes."""
        ...

    def may_offer(self, person: Person, now: Instant) -> bool:
        """Return whether offers to this person are let through, but for how often and when."""
        ...

    def has_noted_no(self, person: Person) -> bool:
        """Return whether a no of this person's to offers is known and in force."""
        ...
