"""Everything that a PostgreSQL database keeps, behind the ports; any number of processes."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

from askfirst.domain.values.errors import Unavailable
from askfirst.domain.values.ids import BusinessId
from askfirst.domain.values.timestamp import SECOND, Instant
from askfirst.ports.consent.change import Committed, WriteBatch
from askfirst.ports.platform.clock import Clock, Ids
from askfirst.ports.sending.gate import PERMIT_LIFE
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
from askfirst.storage.postgres.audit import audit_of
from askfirst.storage.postgres.connection import (
    Connection,
    migrate,
    register_keys,
    write_something,
)
from askfirst.storage.postgres.decisions import PostgresDecisions
from askfirst.storage.postgres.directory import PostgresDirectory
from askfirst.storage.postgres.epoch import PostgresEpoch
from askfirst.storage.postgres.fence import Fence
from askfirst.storage.postgres.gate import PostgresGate
from askfirst.storage.postgres.lane import DedicatedConnection
from askfirst.storage.postgres.ledger import PostgresLedger
from askfirst.storage.postgres.reading import PostgresSnapshots
from askfirst.storage.postgres.statements import PostgresStatements
from askfirst.storage.postgres.writer import PostgresWriter
from askfirst.storage.sending.decision_archive import StoredDecisionArchive
from askfirst.storage.stats.decision_counts import StoredDecisionCounts
from askfirst.storage.stats.statistics import StoredStatistics
from askfirst.storage.tasks.tasks import StoredTasks

_ROUNDS = 4
_FENCES = 4


class PostgresStore:
    """A lane for each kind of work, so that none waits behind another's locks."""

    def __init__(
        self,
        url: str,
        keyring: Keyring,
        ids: Ids,
        clock: Clock,
        *,
        settle_seconds: float,
        is_telling: bool,
    ) -> None:
        self._sql = load_statements("askfirst.storage.postgres")
        epoch = PostgresEpoch.of(keyring)
        self._reading, self._writing, keeping, look, deciding = (
            DedicatedConnection(url, epoch) for _ in range(5)
        )
        rounds = [DedicatedConnection(url, epoch) for _ in range(_ROUNDS)]
        fences = [DedicatedConnection(url, epoch) for _ in range(_FENCES)]
        single = (self._reading, self._writing, keeping, look, deciding)
        self._lanes = (*single, *rounds, *fences)
        self._committer = Committer[WriteBatch](
            PostgresWriter(self._writing, self._sql, Planner(keyring, ids)).run
        )
        self._fence = Fence(fences, self._sql, settle_seconds)
        self._keyring = keyring
        self.ledger = PostgresLedger(self._reading, self._sql, keyring, self.commit)
        self.gate = PostgresGate(look, rounds, self._sql, keyring, epoch)
        self.decisions = PostgresDecisions(deciding, self._reading, self._sql, keyring, ids)
        self.directory = PostgresDirectory(self._reading, self._sql, keyring, clock)
        self._statements = PostgresStatements(self._reading, keeping, self._sql)
        self.decision_archive = StoredDecisionArchive(self._statements)
        self.event_archive = StoredEventArchive(self._statements, keyring)
        self.asking = keep_asking(self._statements, keyring)
        self.limits = StoredLimits(self._statements, keyring)
        self.tasks = StoredTasks(self._statements)
        self.codes = StoredCodes(
            self._statements, keyring, self.limits, self.tasks, is_telling=is_telling
        )
        self.happenings = StoredOutbox(self._statements, keyring)
        self.subscriptions = StoredSubscriptions(self._statements, keyring, self.tasks)
        self.template_notices = StoredTemplateNotices(self._statements)
        self.receivers = StoredReceivers(self._statements, keyring, self.tasks)
        self.timeline = StoredTimeline(self._statements)
        self.audit = audit_of(self._statements, keyring, ids)
        self.dead_letters = StoredDeadLetters(self._statements, keyring)
        self.stop_confirmations = StoredStopConfirmations(self._statements, keyring)
        self.erasures = StoredErasures(self._statements, keyring)
        self.reviews = StoredReviews(self._statements)
        self.time_zones = StoredTimeZones(self._statements)
        self.held_messages = StoredHeldMessages(self._statements, keyring, self.tasks)
        self.brakes = StoredBrakes(self._statements, keyring, ids, self.tasks)
        self.imports = StoredImports(self._statements, keyring)
        snapshots = PostgresSnapshots(url, self._sql, keyring)
        self.exports = StoredExports(snapshots.open_export)
        self.screens = StoredScreens(self._statements, keyring, snapshots.open)
        self.export_schedules = StoredExportSchedules(self._statements, self.tasks)
        self.statistics = StoredStatistics(self._statements, keyring)
        self.operators = StoredOperators(self._statements, keyring)
        self.passkeys = StoredPasskeys(self._statements, keyring)
        self.audit_log = StoredAuditLog(self._statements)
        self.decision_counts = StoredDecisionCounts(self._statements)

    @classmethod
    async def open(
        cls,
        url: str,
        keyring: Keyring,
        ids: Ids,
        clock: Clock,
        *,
        settle_seconds: float = PERMIT_LIFE / SECOND,
        is_telling: bool = False,
    ) -> PostgresStore:
        """Connect, check the server, bring the schema up to date.

        `is_telling`: what happens to codes has to be told to somebody.

        Raises:
            UnsafeStorage: the server's settings, schema or keys would break the promise.
            Unavailable: it cannot be reached.
        """
        store = cls(url, keyring, ids, clock, settle_seconds=settle_seconds, is_telling=is_telling)
        try:
            await store._writing.run(migrate)
            await store._writing.run(lambda connection: register_keys(connection, keyring))
            await asyncio.gather(*(lane.open() for lane in store._lanes))
        except BaseException:
            await store.close()
            raise
        return store

    async def commit(self, change: WriteBatch) -> Committed:
        """Write a change, and wait out the sends that may have been allowed before it."""
        written = await self._committer.enqueue(change)
        if not isinstance(written, Written):
            raise Unavailable("the change was not written")
        if written.fenced:
            await self._fence.wait(change.business_id, written.fenced)
            await self._move_late_sends(change.business_id, written.committed)
        if written.uncounted:
            await self.brakes.report(change.business_id, written.uncounted, change.recorded_at)
        if (
            change.has_tasks or written.is_told
        ):  # behind the fence: what is sent now must not hold up the stop
            self.tasks.wake()
        return written.committed

    async def _move_late_sends(self, business_id: BusinessId, committed: Committed) -> None:
        """Count for the person what was written down for one side while both were merged."""
        merged = [(one.contact_id, one.absorbed) for one in committed.events if one.absorbed]
        if not merged:
            return

        async def work(connection: Connection) -> None:
            for pair in merged:
                await connection.execute(self._sql["move_sent_messages"], business_id, *pair)
                await connection.execute(self._sql["move_marketing_sends"], business_id, *pair)

        await self._writing.write(work)

    async def ready(self) -> None:
        """Raise Unavailable or UnsafeStorage where we cannot use the database, or may not.

        A database on which the gate cannot decide is not ready, whatever else it answers.
        """
        await self._reading.write(self.gate.check)

    async def probe(self) -> None:
        """Write something and make it durable; raise Unavailable where that cannot be."""
        self._committer.raise_recent_failure()
        await self._writing.write(write_something)

    async def sweep(self, business_id: BusinessId, before: Instant) -> int:
        """Forget raw bodies of a business from before a moment; returns how many webhooks went."""

        async def work(connection: Connection) -> str:
            await connection.execute(self._sql["sweep_decisions"], business_id, before)
            await connection.execute(self._sql["sweep_media"], business_id, before)
            await connection.execute(self._sql["sweep_reservations"], business_id, before)
            await connection.execute(self._sql["sweep_held"], business_id, before)
            return await connection.execute(self._sql["sweep_webhooks"], business_id, before)

        count = int((await self._reading.write(work)).rpartition(" ")[2])
        await self.asking.sweep(business_id, before)
        await self.limits.sweep(business_id, before)
        return count

    async def sweep_traffic(self, business_id: BusinessId, now: Instant) -> None:
        """Forget what was sent so long ago that no cap counts it."""
        await self.decisions.sweep_traffic(business_id, now)

    async def close(self) -> None:
        """Commit what waits and close all connections."""
        await self._committer.close()
        await self.gate.close()
        await self._fence.close()
        await self.decisions.close()
        await self._statements.close()
        await asyncio.gather(*(lane.close() for lane in self._lanes), return_exceptions=True)


@asynccontextmanager
async def registering(
    url: str, keyring: Keyring
) -> AsyncIterator[Callable[[Keyring], Awaitable[None]]]:
    """Connect to register a keyring; processes that have an older one are fenced off by it.

    Raises:
        Unavailable: the database cannot be reached.
        KeyMissing: the keyring lacks a key that wrote here.
    """
    lane = DedicatedConnection(url, PostgresEpoch.of(keyring))
    try:
        await lane.run(migrate)
        await lane.run(lambda connection: register_keys(connection, keyring))
        yield lambda rotated: lane.run(lambda connection: register_keys(connection, rotated))
    finally:
        await lane.close()
