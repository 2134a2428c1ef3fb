"""`askfirst ledger verify`: the whole ledger, read beside a running server, by several processes.

On SQLite every core checks a part of the contacts; each part is one state of the database.
"""

from __future__ import annotations

import asyncio
import os
import time
from collections.abc import AsyncIterator, Callable, Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from multiprocessing import get_context
from pathlib import Path
from typing import Final, NamedTuple

from askfirst.adapters.clock import SystemClock
from askfirst.adapters.head_file import read_heads
from askfirst.adapters.ids import SystemIds
from askfirst.bootstrap.keyring_store import read_keyring
from askfirst.bootstrap.settings import Settings
from askfirst.domain.transparency.ledger_check import Damage, DamageKind, Head
from askfirst.domain.values.errors import InvalidInput
from askfirst.domain.values.ids import BusinessId, ContactId
from askfirst.ports.transparency.audit import EVERYBODY, Audit
from askfirst.ports.transparency.head import Heads, HeadUnreadable
from askfirst.storage.platform.keyring import Keyring
from askfirst.storage.sqlite.audit import audit_of
from askfirst.storage.sqlite.reading import SqliteReading, reading
from askfirst.usecases.transparency.verify_ledger import (
    Pages,
    verify_business,
    verify_heads,
    verify_names,
    verify_positions,
)

_PAGES: Final = Pages(leaves=10_000, contacts=1_000, names=10_000)
_PART_CONTACTS: Final = 5_000
_ALONE_EVENTS: Final = 50_000
"""Below, starting further processes would take longer than the check."""
_DAMAGES_MAX: Final = 1_000

Progress = Callable[[int, int], None]
"""Hears how many events were checked, and of how many."""


@dataclass(slots=True)
class Report:
    """What a check of the whole ledger found."""

    events: int = 0
    businesses: int = 0
    has_head: bool = False
    seconds: float = 0.0
    damages: dict[Damage, None] = field(default_factory=dict)
    """In the order in which they were found; the first thousand."""

    def take(self, damages: Iterable[Damage]) -> None:
        """Add what was found."""
        for damage in damages:
            if len(self.damages) < _DAMAGES_MAX:
                self.damages[damage] = None


class _Part(NamedTuple):
    """A part of a business's contacts: behind one name, up to another (or the end)."""

    path: Path
    keyring: Path
    business_id: BusinessId
    after: ContactId
    upto: ContactId | None


_Checked = tuple[int, tuple[Damage, ...]]
"""How many events a part had, and what damage."""


def verify(settings: Settings, progress: Progress) -> Report:
    """Check the whole ledger; nothing is written.

    Raises:
        AskfirstError: the database cannot be read.
    """
    begun = time.monotonic()
    path = settings.sqlite_path
    if path is not None and not path.exists():
        raise InvalidInput("", f"there is no database at {path}")
    work = _verify_postgres(settings, progress) if path is None else None
    report = asyncio.run(work or _verify_sqlite(settings, path or Path(), progress))
    report.seconds = time.monotonic() - begun
    return report


async def _verify_postgres(settings: Settings, progress: Progress) -> Report:
    report = Report()
    async with _postgres_audit(settings) as audit:
        heads = await _begin(report, audit, settings)
        newest = await audit.newest()
        done, total = 0, sum(newest.values())
        for business_id in newest:
            head = _head_of(heads, business_id)
            async for step in verify_business(audit, business_id, head, _PAGES):
                report.take(step.damages)
                done += step.events
                progress(done, total)
        report.events, report.businesses = done, len(newest)
    return report


async def _verify_sqlite(settings: Settings, path: Path, progress: Progress) -> Report:
    report = Report()
    with reading(path) as statements:
        audit = _sqlite_audit(statements, settings.keyring_path)
        heads = await _begin(report, audit, settings)
        newest = await audit.newest()
        total = sum(newest.values())
        parts = [
            part
            for business_id in newest
            for part in _parts(statements, path, settings.keyring_path, business_id)
        ]
        with _checking(parts, is_alone=total < _ALONE_EVENTS) as checked:
            for business_id in newest:
                await _verify_order(report, audit, business_id, _head_of(heads, business_id))
            for events, damages in checked:
                report.take(damages)
                report.events += events
                progress(report.events, total)
        report.businesses = len(newest)
    return report


async def _verify_order(report: Report, audit: Audit, business_id: BusinessId, head: Head) -> None:
    """Check what no part can: that no position is missing, the head, and names."""
    known = await audit.known(business_id)
    async for step in verify_positions(audit, business_id, head, known, _PAGES):
        report.take(step.damages)
    async for step in verify_names(audit, business_id, _PAGES):
        report.take(step.damages)


@contextmanager
def _checking(parts: list[_Part], *, is_alone: bool) -> Iterator[Iterable[_Checked]]:
    """Have parts checked meanwhile: in a thread, or by a process for each core."""
    if is_alone:
        with ThreadPoolExecutor(1) as here:
            yield here.map(_work, parts)
        return
    workers = min(len(parts), os.cpu_count() or 1)
    with ProcessPoolExecutor(workers, mp_context=get_context("spawn")) as pool:
        yield pool.map(_work, parts)


def _work(part: _Part) -> _Checked:
    """Check a part, in a thread or process of its own."""
    return asyncio.run(_check_part(part))


async def _check_part(part: _Part) -> _Checked:
    events, damages = 0, list[Damage]()
    with reading(part.path) as statements:
        audit = _sqlite_audit(statements, part.keyring)
        known = await audit.known(part.business_id)
        after: str | None = part.after
        while after is not None and (part.upto is None or after < part.upto):
            page = await audit.contacts(part.business_id, ContactId(after), _PAGES.contacts, known)
            events += page.count
            damages += page.damages
            after = page.after
    return events, tuple(damages[:_DAMAGES_MAX])


def _parts(
    statements: SqliteReading, path: Path, keyring: Path, business_id: BusinessId
) -> Iterator[_Part]:
    after = EVERYBODY
    for bound in statements.bounds(business_id, _PART_CONTACTS):
        yield _Part(path, keyring, business_id, after, bound)
        after = bound
    yield _Part(path, keyring, business_id, after, None)


async def _begin(report: Report, audit: Audit, settings: Settings) -> Heads | None:
    """Check guards and heads; gives the heads."""
    report.take(await audit.guards())
    try:
        heads = read_heads(settings.head_path)
    except HeadUnreadable as error:
        report.take((Damage(kind=DamageKind.HEAD_UNREADABLE, what=error.message),))
        return None
    report.has_head = heads is not None
    if heads is not None or settings.sqlite_path is not None:
        report.take(await verify_heads(audit, heads))
    database, _ = await audit.database()
    return heads if heads and heads.database == database else None


def _head_of(heads: Heads | None, business_id: BusinessId) -> Head:
    kept = heads.businesses.get(business_id) if heads else None
    return kept.head if kept else Head()


def _sqlite_audit(statements: SqliteReading, keyring: Path) -> Audit:
    return audit_of(statements, statements.sql, _keyring(keyring), SystemIds(SystemClock()))


def _keyring(path: Path) -> Keyring:
    """Without its keyring nothing is known of what operators accepted; the rest can be checked."""
    return read_keyring(path) or Keyring.generate(os.urandom)


@asynccontextmanager
async def _postgres_audit(settings: Settings) -> AsyncIterator[Audit]:
    from askfirst.storage.postgres.audit import audit_of as postgres_audit_of
    from askfirst.storage.postgres.reading import reading as postgres_reading

    async with postgres_reading(settings.database_url) as statements:
        ids = SystemIds(SystemClock())
        yield postgres_audit_of(statements, _keyring(settings.keyring_path), ids)
