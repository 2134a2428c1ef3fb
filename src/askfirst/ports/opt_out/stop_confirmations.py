"""Stops said in the chat that wait for their one confirmation.

A row and its task are written in the transaction of the stop, and only where the stop opens an
episode. They are no permit: that is used up at the gate, in the transaction of the decision, so
whoever works on one twice sends once. Trouble with the database raises Unavailable.
"""

from __future__ import annotations

from typing import Protocol

from askfirst.domain.consent.stop_confirmation import UnconfirmedStop
from askfirst.domain.tasks.task import Queue, Task, TaskId
from askfirst.domain.values.ids import BusinessId, Position


def stop_task(business_id: BusinessId, position: Position) -> Task:
    """Name the task that confirms a stop."""
    return Task(business_id, Queue.STOPS, TaskId(str(position)))


class StopConfirmations(Protocol):
    """Writes are durable when they return."""

    async def find(self, business_id: BusinessId, position: Position) -> UnconfirmedStop | None:
        """Find a stop that waits by its event's position; None where it is settled."""
        ...

    async def settle(self, stop: UnconfirmedStop) -> None:
        """Forget it, and end its task: it was confirmed, or never will be."""
        ...


class HasStopConfirmations(Protocol):
    """Whatever brings stops that wait for their confirmation along."""

    @property
    def stop_confirmations(self) -> StopConfirmations:
        """Stops that wait for their confirmation."""
        ...
