"""Imports and what they keep: the file until it is done with, the rows as read, the report.

A file and its rows are kept encrypted, and forgotten once they are written or given up. Writes are
durable when they return. Trouble with the database raises Unavailable.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple, Protocol

from askfirst.domain.bulk.import_job import ImportJob
from askfirst.domain.bulk.import_row import ImportRow, RowVerdict
from askfirst.domain.bulk.verdict import InLedger
from askfirst.domain.values.alias import Alias
from askfirst.domain.values.ids import BusinessId, ImportId


class RowNames(NamedTuple):
    """What is looked up for a row: whom it names, and the source id under which it is written.

    `source_id` is asked only where somebody is known: nobody's row was written before.
    """

    aliases: tuple[Alias, ...]
    source_id: Callable[[], str]


class Imports(Protocol):
    """Imports of a business."""

    async def add(self, job: ImportJob) -> None:
        """Keep a new one."""
        ...

    async def find(self, business_id: BusinessId, import_id: ImportId) -> ImportJob | None:
        """Return one; None where there is none."""
        ...

    async def list(self, business_id: BusinessId, after: str, limit: int) -> tuple[ImportJob, ...]:
        """Return a page, the newest first, from behind an id (empty: from the newest)."""
        ...

    async def change(self, job: ImportJob) -> bool:
        """Keep what it has become, where nobody changed it since `job.revision`."""
        ...

    async def put_source(self, job: ImportJob, part: int, content: bytes) -> None:
        """Keep a part of its file, from 0."""
        ...

    async def source(self, job: ImportJob, part: int) -> bytes:
        """Return a part of its file."""
        ...

    async def put_rows(self, job: ImportJob, part: int, rows: Sequence[ImportRow]) -> None:
        """Keep a part of its rows as they were read, from 0; what was kept there goes."""
        ...

    async def rows(self, job: ImportJob, part: int) -> tuple[ImportRow, ...]:
        """Return a part of its rows."""
        ...

    def written(self, verdicts: Sequence[RowVerdict]) -> bytes:
        """Return what became of a part of its rows as it is kept: see `WriteBatch.import_part`."""
        ...

    async def verdicts(self, job: ImportJob, part: int) -> tuple[RowVerdict, ...]:
        """Return what became of a part of its rows; they are written with the rows themselves."""
        ...

    async def look(
        self, business_id: BusinessId, names: Sequence[RowNames]
    ) -> tuple[InLedger, ...]:
        """Return what the ledger holds of each, in one look: with what noes of neighbours mean."""
        ...

    async def forget_rows(self, job: ImportJob) -> None:
        """Forget its file and its rows; the report stays."""
        ...

    async def forget(self, job: ImportJob) -> None:
        """Forget all of it."""
        ...


class HasImports(Protocol):
    """Whatever brings imports along."""

    @property
    def imports(self) -> Imports:
        """Imports."""
        ...
