"""Screenings and what they keep, and the facts of many people in one state of the database.

A list and the files of its answers are kept encrypted, and forgotten after a week. Writes are
durable when they return. Trouble with the database raises Unavailable.
"""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import AbstractAsyncContextManager
from typing import Protocol

from askfirst.decision.facts import DecisionContext
from askfirst.decision.question import SendRequest
from askfirst.domain.bulk.screen_job import ScreenJob
from askfirst.domain.values.alias import Alias
from askfirst.domain.values.ids import BusinessId, ScreenId


class Snapshot(Protocol):
    """One state of the database: whatever is written meanwhile is not in it."""

    async def known(self, business_id: BusinessId, names: Sequence[Alias]) -> Sequence[bool]:
        """Tell of each name, in order, whether anything is known of it or its neighbours.

        Of the others the gate would read what it reads of nobody.
        """
        ...

    async def look(self, questions: Sequence[SendRequest]) -> Sequence[DecisionContext]:
        """Return the facts of questions of one business, one sender and one template, in order.

        Each is what the gate would read in this state; all name one ledger position. Of the ledger
        itself, whether it may be trusted, they say nothing.
        """
        ...


class Screens(Protocol):
    """Screenings of a business."""

    async def add(self, job: ScreenJob) -> None:
        """Keep a new one."""
        ...

    async def find(self, business_id: BusinessId, screen_id: ScreenId) -> ScreenJob | None:
        """Return one; None where there is none."""
        ...

    async def list(self, business_id: BusinessId, after: str, limit: int) -> tuple[ScreenJob, ...]:
        """Return a page, the newest first, from behind an id (empty: from the newest)."""
        ...

    async def change(self, job: ScreenJob) -> bool:
        """Keep what it has become, where nobody changed it since `job.revision`."""
        ...

    async def put_source(self, job: ScreenJob, part: int, content: bytes) -> None:
        """Keep a part of its list, from 0."""
        ...

    async def source(self, job: ScreenJob, part: int) -> bytes:
        """Return a part of its list."""
        ...

    async def put_answers(
        self, job: ScreenJob, verdict: str, reason: str, part: int, text: str
    ) -> None:
        """Keep a part of the file of one answer, from 0, as of `job.attempt`."""
        ...

    async def answers(self, job: ScreenJob, verdict: str, reason: str, part: int) -> str:
        """Return a part of the file of one answer."""
        ...

    async def forget_others(self, job: ScreenJob) -> None:
        """Forget its list, and what other attempts have written."""
        ...

    async def forget(self, job: ScreenJob) -> None:
        """Forget all of it."""
        ...

    def snapshot(self) -> AbstractAsyncContextManager[Snapshot]:
        """Hold the state that the database has now, to be read while the block runs."""
        ...


class HasScreens(Protocol):
    """Whatever brings screenings along."""

    @property
    def screens(self) -> Screens:
        """Screenings."""
        ...
