"""Smooth a burst: a message that comes too fast waits for its turn, for a bounded time.

A turn is given out by this process before anything is decided; the decision is made when the turn
has come, on what holds then, and counts for all processes. So a turn is no permit, and where others
were faster the message waits once more, or is refused as it would have been.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Final, Protocol

from askfirst.decision.reason import Reason
from askfirst.decision.traffic import Pace, PaceState
from askfirst.domain.values.timestamp import SECOND, Instant
from askfirst.ports.platform.clock import HasClock
from askfirst.ports.sending.rules import HasPolicy
from askfirst.usecases.sending.outbound.outcomes import Refused, UnknownOutcome
from askfirst.usecases.sending.outbound.sends import Send, Sent
from askfirst.usecases.sending.patience import Patience

_PASSING: Final = frozenset({Reason.PAIR_RATE, Reason.THROUGHPUT})
_SUBJECTS_MAX: Final = 20_000


class Smoother:
    """Gives out turns. `most` is how long one message may wait in all, in microseconds."""

    def __init__(
        self, most: int, sleep: Callable[[float], Awaitable[object]] = asyncio.sleep
    ) -> None:
        self.most = most
        self._sleep = sleep
        self._states: dict[object, PaceState] = {}

    async def pause(self, span: int) -> None:
        """Wait for so many microseconds."""
        await self._sleep(span / SECOND)

    def turn(self, subject: object, pace: Pace | None, now: Instant) -> Instant:
        """Take the next turn of a sender or pair; one that is too far off is not taken: now."""
        if pace is None:
            return now
        state = self._states.get(subject, PaceState())
        at = Instant(max(now, state.began_at)) if state.free_at > now else now
        at = pace.next_at(state, at) or at
        if at - now > self.most:
            return now
        if len(self._states) > _SUBJECTS_MAX:
            self._states.clear()
        self._states[subject] = pace.taken(state, at)
        return at


class SendsInTime(Protocol):
    """Whatever lets messages leave through the gate (`send_message`)."""

    def send_message(
        self, send: Send, patience: Patience | None = None, /
    ) -> Awaitable[Sent | Refused | UnknownOutcome]:
        """Decide on one message and send it if allowed; raises what `send_message` raises."""
        ...


class SendSmoothlyNeeds(SendsInTime, HasClock, HasPolicy, Protocol):
    """What this use case needs from the world."""


async def send_smoothly(
    services: SendSmoothlyNeeds, smoother: Smoother, send: Send, patience: Patience | None = None
) -> Sent | Refused | UnknownOutcome:
    """Send a message when its turn has come; raises what `send_message` raises.

    `patience` counts what the gate takes, and not the wait for a turn.
    """
    patience = patience or Patience()
    if not smoother.most:  # nobody waits here: a turn that may be taken again lies ahead
        return await services.send_message(send, patience)
    question, pace = send.question, services.policy.pace
    began = now = services.clock.now()
    if question.recipients:
        pair = (question.business_id, question.sender, question.recipients)
        at = smoother.turn(question.sender, pace.sender, now)
        at = smoother.turn(pair, pace.pair, at)
        if now < at <= began + smoother.most:
            await smoother.pause(at - now)
    while True:
        outcome = await services.send_message(send, patience)
        if not isinstance(outcome, Refused) or outcome.decision.reason not in _PASSING:
            return outcome
        now, again = services.clock.now(), outcome.decision.retry_at
        if again is None or again > began + smoother.most:
            return outcome
        await smoother.pause(max(again - now, SECOND // 1000))
