"""Export what is kept of a business, page by page, in one state of the database."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Awaitable, Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final, Protocol

from askfirst.domain.bulk.export import (
    ExportedContact,
    ExportKind,
    ExportOrder,
    ExportPage,
    is_suppressed,
)
from askfirst.domain.values.errors import InvalidInput
from askfirst.domain.values.ids import Position, Prefix, mint
from askfirst.domain.values.timestamp import MINUTE, Instant
from askfirst.ports.bulk.exports import ExportSnapshot, HasExports
from askfirst.ports.platform.clock import HasClock

ROWS_AT_ONCE: Final = 1_000
"""What is held in memory, whatever leaves."""
_SETTLED_AFTER: Final = MINUTE
"""Decisions are looked at when they are this old: by then they are written down, or never."""
_PEOPLE: Final = f"{Prefix.CONTACT}_"


class ExportNeeds(HasExports, HasClock, Protocol):
    """What this use case needs from the world."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ExportStart:
    """What an export tells first: what it is of, and from when.

    `as_of` is the newest position of the ledger in the state that is read.
    """

    order: ExportOrder
    as_of: Position
    exported_at: Instant


@dataclass(frozen=True, slots=True, kw_only=True)
class ExportEnd:
    """What an export tells last: how many rows there were, and behind which to go on."""

    rows: int
    after: str


ExportPart = ExportStart | ExportPage | ExportEnd


async def export_business(
    services: ExportNeeds, order: ExportOrder
) -> AsyncGenerator[ExportPart, None]:
    """Yield the start, every page, and the end.

    Whoever stops in between goes on behind the last row that they have; of what only grows (ledger,
    decisions) the parts are then the whole.

    Raises:
        InvalidInput: `after` is beyond what there is.
    """
    async with services.exports.snapshot() as state:
        as_of, now = await state.head(order.business_id), services.clock.now()
        if order.kind is ExportKind.LEDGER and order.after and int(order.after) > as_of:
            raise InvalidInput("after", f"must be a position of the ledger; the newest is {as_of}")
        yield ExportStart(order=order, as_of=as_of, exported_at=now)
        count, last = 0, order.after
        after: str | None = order.after
        while after is not None:
            page = await _READERS[order.kind](state, order, after, now)
            count, after, last = count + len(page.rows), page.after, page.after or last
            if page.rows:
                yield page
        yield ExportEnd(rows=count, after=last)


async def _events(state: ExportSnapshot, order: ExportOrder, after: str, _: Instant) -> ExportPage:
    rows = await state.events(order, int(after or 0), ROWS_AT_ONCE)
    return ExportPage(rows, str(rows[-1].position) if rows else None)


async def _decisions(
    state: ExportSnapshot, order: ExportOrder, after: str, now: Instant
) -> ExportPage:
    through = mint(Prefix.DECISION, max(0, now - _SETTLED_AFTER) // 1_000, b"\xff" * 16)
    rows = await state.decisions(order, after, through, ROWS_AT_ONCE)
    return ExportPage(rows, rows[-1].decision_id if rows else None)


async def _contacts(
    state: ExportSnapshot, order: ExportOrder, after: str, _: Instant
) -> ExportPage:
    rows = await state.contacts(order, after, ROWS_AT_ONCE)
    return ExportPage(rows, rows[-1].contact_id if rows else None)


async def _suppressions(
    state: ExportSnapshot, order: ExportOrder, after: str, now: Instant
) -> ExportPage:
    """Return people first, then names whose people were erased: their hashes are no ids."""
    if not after or after.startswith(_PEOPLE):
        people = await state.contacts(order, after, ROWS_AT_ONCE)
        if people:
            rows = tuple(one for one in people if _is_listed(one, now))
            return ExportPage(rows, people[-1].contact_id)
        after = ""
    erased = await state.erasures(order, after, ROWS_AT_ONCE)
    return ExportPage(erased, erased[-1].lookup if erased else None)


def _is_listed(one: ExportedContact, now: Instant) -> bool:
    return one.merged_into is None and is_suppressed(one.standing, now)


_Reader = Callable[[ExportSnapshot, ExportOrder, str, Instant], Awaitable[ExportPage]]
_READERS: Final[Mapping[ExportKind, _Reader]] = MappingProxyType(
    {
        ExportKind.LEDGER: _events,
        ExportKind.DECISIONS: _decisions,
        ExportKind.CONTACTS: _contacts,
        ExportKind.SUPPRESSIONS: _suppressions,
    }
)
