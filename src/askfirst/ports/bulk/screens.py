"""Screenings and what they keep, and the facts of many people in one state of the database.

A list and the files of its answers are kept encrypted, and forgotten after a week. Writes are
durable when they return. Trouble with the database raises Unavailable.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence
from contextlib import AbstractAsyncContextManager
from typing import NamedTuple, Protocol, TypeAlias

from askfirst.decision.facts import DecisionContext
from askfirst.decision.question import SendRequest
from askfirst.domain.bulk.import_row import RowReason
from askfirst.domain.bulk.screen_job import ScreenJob
from askfirst.domain.values.alias import Alias
from askfirst.domain.values.ids import BusinessId, ScreenId
from askfirst.domain.values.timestamp import Instant
from askfirst.ports.platform.phone_numbers import NumberHome

YesClass: TypeAlias = Callable[[Instant, int], Hashable]
"""Tells yeses apart by when they were said and their position, as far as the rules do."""


class Seen(NamedTuple):
    """What the gate would read of a name. `likeness` is equal where it is as good as equal.

    Then the facts are those of one of them: of people who said one yes, of one sort and class,
    and of whom everything else is the same but who they are. 0: they are nobody else's.
    """

    facts: DecisionContext
    likeness: int = 0


class ListRow(NamedTuple):
    """Whom a row of a list names: the digits of a number and where it belongs, or any name.

    No name: `reason` says why.
    """

    name: Alias | str | None
    home: NumberHome | None = None
    reason: RowReason = RowReason.NONE


class Snapshot(Protocol):
    """One state of the database: whatever is written meanwhile is not in it.

    Of the ledger itself, whether it may be trusted, it says nothing.
    """

    async def nobody(self, question: SendRequest) -> DecisionContext:
        """Return what the gate would read of somebody of whom nothing is known."""
        ...

    async def look(
        self, question: SendRequest, names: Sequence[Alias | str], yes_class: YesClass
    ) -> Sequence[Seen | None]:
        """Return the facts of a question about each name, in order; None: nothing is known of it.

        A text is the digits of a number, which needs no `Alias` to be looked for. All name one
        ledger position.
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
