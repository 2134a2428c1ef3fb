"""Everything that one SQLite file keeps, behind the ports."""

from __future__ import annotations

import asyncio
import sqlite3
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from functools import partial
from pathlib import Path

from askfirst.domain.values.errors import Unavailable
from askfirst.domain.values.ids import BusinessId
from askfirst.domain.values.timestamp import Instant
from askfirst.ports.consent.change import Committed, WriteBatch
from askfirst.ports.platform.clock import Clock, Ids
from askfirst.storage.brakes.brake_rows import KEPT_FOR_BRAKES, SWEPT_WITH_BRAKES
from askfirst.storage.brakes.brakes import StoredBrakes
from askfirst.storage.bulk.export_schedules import StoredExportSchedules
from askfirst.storage.bulk.exports import StoredExports
from askfirst.storage.bulk.imports import StoredImports
from askfirst.storage.bulk.screens import StoredScreens
from askfirst.storage.codes.codes import StoredCodes
from askfirst.storage.consent.evidence.event_archive import StoredEventArchive
from askfirst.storage.consent.evidence.timeline import StoredTimeline
from askfirst.storage.consent.planner import Planner
from askfirst.storage.consent.time_zones import StoredTimeZones
from askfirst.storage.consent.workspace import Written
from askfirst.storage.engagement_store import keep_asking
from askfirst.storage.erasures import StoredErasures
from askfirst.storage.events.outbox import StoredOutbox
from askfirst.storage.events.subscriptions import StoredSubscriptions
from askfirst.storage.events.template_notices import StoredTemplateNotices
from askfirst.storage.held.held_messages import StoredHeldMessages
from askfirst.storage.inbound.dead_letters import StoredDeadLetters
from askfirst.storage.inbound.receivers import StoredReceivers
from askfirst.storage.operators.audit_log import StoredAuditLog
from askfirst.storage.operators.operators import StoredOperators
from askfirst.storage.operators.passkeys import StoredPasskeys
from askfirst.storage.opt_out.reviews import StoredReviews
from askfirst.storage.opt_out.stop_confirmations import StoredStopConfirmations
from askfirst.storage.platform.committer import Committer
from askfirst.storage.platform.keyring import Keyring
from askfirst.storage.platform.rate_limits import StoredLimits
from askfirst.storage.platform.sql_files import load_statements
from askfirst.storage.sending.decision_archive import StoredDecisionArchive
from askfirst.storage.sending.traffic_rows import KEPT
from askfirst.storage.sqlite.audit import audit_of
from askfirst.storage.sqlite.directory import SqliteDirectory
from askfirst.storage.sqlite.file import OpenFile, open_file
from askfirst.storage.sqlite.gate import SqliteGate
from askfirst.storage.sqlite.ledger import SqliteLedger
from askfirst.storage.sqlite.locks import SendLocks
from askfirst.storage.sqlite.reading import SqliteSnapshots
from askfirst.storage.sqlite.sending.decisions import SqliteDecisions
from askfirst.storage.sqlite.statements import SqliteStatements
from askfirst.storage.sqlite.trouble import unavailable
from askfirst.storage.sqlite.writer import Job, SqliteWriter
from askfirst.storage.stats.decision_counts import StoredDecisionCounts
from askfirst.storage.stats.statistics import StoredStatistics
from askfirst.storage.tasks.tasks import StoredTasks

_SWEEP_ROWS = 500


class SqliteStore:
    """One file, one process: a connection to write, one to read, locks in memory."""

    def __init__(
        self,
        held: ExitStack,
        file: OpenFile,
        path: Path,
        keyring: Keyring,
        ids: Ids,
        *,
        is_telling: bool,
    ) -> None:
        self._held = held
        self._file = file
        self._reading = reading = file.reading
        self._sql = load_statements("askfirst.storage.sqlite")
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="askfirst-disk")
        writer = SqliteWriter(file.writing, Planner(keyring, ids), file.epoch, self._to_disk)
        self._committer = Committer[Job](writer.run)
        self._locks = SendLocks()
        self.ledger = SqliteLedger(reading, self._sql, keyring, self.commit)
        self.gate = SqliteGate(file, self._sql, keyring, self._locks)
        self.decisions = SqliteDecisions(reading, self._sql, keyring, ids, self._committer)
        self.directory = SqliteDirectory(reading, self._sql, keyring, self._committer.submit)
        statements = SqliteStatements(reading, self._sql, self._committer.submit)
        self.decision_archive = StoredDecisionArchive(statements)
        self.event_archive = StoredEventArchive(statements, keyring)
        self.asking = keep_asking(statements, keyring)
        self.limits = StoredLimits(statements, keyring)
        self.tasks = StoredTasks(statements)
        self.codes = StoredCodes(
            statements, keyring, self.limits, self.tasks, is_telling=is_telling
        )
        self.happenings = StoredOutbox(statements, keyring)
        self.subscriptions = StoredSubscriptions(statements, keyring, self.tasks)
        self.template_notices = StoredTemplateNotices(statements)
        self.receivers = StoredReceivers(statements, keyring, self.tasks)
        self.timeline = StoredTimeline(statements)
        self.audit = audit_of(statements, self._sql, keyring, ids)
        self.dead_letters = StoredDeadLetters(statements, keyring)
        self.stop_confirmations = StoredStopConfirmations(statements, keyring)
        self.erasures = StoredErasures(statements, keyring)
        self.reviews = StoredReviews(statements)
        self.time_zones = StoredTimeZones(statements)
        self.held_messages = StoredHeldMessages(statements, keyring, self.tasks)
        self.brakes = StoredBrakes(statements, keyring, ids, self.tasks)
        self.imports = StoredImports(statements, keyring)
        snapshots = SqliteSnapshots(path, self._sql, keyring)
        self.exports = StoredExports(snapshots.open_export)
        self.screens = StoredScreens(statements, keyring, snapshots.open)
        self.export_schedules = StoredExportSchedules(statements, self.tasks)
        self.statistics = StoredStatistics(statements, keyring)
        self.operators = StoredOperators(statements, keyring)
        self.passkeys = StoredPasskeys(statements, keyring)
        self.audit_log = StoredAuditLog(statements)
        self.decision_counts = StoredDecisionCounts(statements)

    @classmethod
    async def open(
        cls, path: Path, keyring: Keyring, ids: Ids, _clock: Clock, *, is_telling: bool = False
    ) -> SqliteStore:
        """Open or make the file. `is_telling`: what happens to codes has to be told to somebody.

        Raises:
            StorageInUse: another process serves it.
            UnsafeStorage: its settings, schema or keys would break the promise.
        """
        with ExitStack() as opened:
            file = opened.enter_context(open_file(path, keyring))
            file.writing.execute("PRAGMA busy_timeout = 0")  # the writer waits by itself
            held = opened.pop_all()
        return cls(held, file, path, keyring, ids, is_telling=is_telling)

    async def commit(self, change: WriteBatch) -> Committed:
        """Write a change, and wait out the sends that may have been allowed before it."""
        written = await self._committer.enqueue(change)
        if not isinstance(written, Written):
            raise Unavailable("the change was not written")
        if written.fenced:
            await self._locks.fence(written.fenced)
        if (
            change.has_tasks or written.is_told
        ):  # behind the fence: what is sent now must not hold up the stop
            self.tasks.wake()
        return written.committed

    async def ready(self) -> None:
        """Raise Unavailable where the gate cannot read the file now, or it is another process's."""
        try:
            self.gate.check()
            self._file.epoch.check(self._reading)
        except sqlite3.Error as error:
            raise unavailable(error, "read") from error

    async def probe(self) -> None:
        """Write something and make it durable; raise Unavailable where that cannot be."""
        self._committer.raise_recent_failure()
        await self._committer.submit(_rewrite_version)

    async def sweep(self, business_id: BusinessId, before: Instant) -> int:
        """Forget raw bodies of a business from before a moment; returns how many webhooks went."""
        count = 0
        for name in (
            "sweep_decisions",
            "sweep_media",
            "sweep_reservations",
            "sweep_held",
            "sweep_webhooks",
        ):
            swept = await self._sweep(name, business_id, before)
            count += swept if name == "sweep_webhooks" else 0
        await self.asking.sweep(business_id, before)
        await self.limits.sweep(business_id, before)
        return count

    async def sweep_traffic(self, business_id: BusinessId, now: Instant) -> None:
        """Forget what was sent so long ago that no cap counts it."""
        for name in ("sweep_sent_messages", "sweep_paces", "sweep_people"):
            await self._sweep(name, business_id, Instant(now - KEPT))
        for name in SWEPT_WITH_BRAKES:
            await self._sweep(name, business_id, Instant(now - KEPT_FOR_BRAKES))

    async def _sweep(self, name: str, business_id: str, before: Instant) -> int:
        """Go in small steps: nobody waits for long behind a month of bodies."""
        count, statement = 0, self._sql[name]
        while True:
            row = (business_id, before, _SWEEP_ROWS)
            swept = await self._committer.submit(partial(_changed, statement, row))
            rows = swept if isinstance(swept, int) else 0
            count += rows
            if rows < _SWEEP_ROWS:
                return count

    async def close(self) -> None:
        """Commit what waits and close the file."""
        await self._committer.close()
        self._thread.shutdown()
        self._held.close()

    async def _to_disk(self) -> None:
        loop = asyncio.get_running_loop()
        await loop.run_in_executor(self._thread, self._file.writing.execute, "COMMIT")


def _rewrite_version(connection: sqlite3.Connection) -> None:
    """Write the schema's version as it is: SQLite writes the page of the header all the same."""
    (version,) = connection.execute("PRAGMA user_version").fetchone()
    connection.execute(f"PRAGMA user_version = {version}")


def _changed(statement: str, row: tuple[object, ...], connection: sqlite3.Connection) -> int:
    return connection.execute(statement, row).rowcount
