"""The one writer of a SQLite file: batches of jobs, a transaction each, in a thread of its own."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Any, NamedTuple, Protocol, cast

from askfirst.domain.values.alias import AliasKind
from askfirst.domain.values.errors import AskfirstError
from askfirst.domain.values.ids import BusinessId, Position
from askfirst.domain.values.timestamp import Instant
from askfirst.ports.consent.change import WriteBatch
from askfirst.storage.consent.import_parts import not_next
from askfirst.storage.consent.planner import Planner
from askfirst.storage.consent.told_standings import not_told, tell_standings
from askfirst.storage.consent.workspace import (
    Answered,
    ContactState,
    MoreNeeded,
    Names,
    Needs,
    Workspace,
    Written,
)
from askfirst.storage.erasures import erasing, parts_of
from askfirst.storage.events.subscriptions import split_names, subscriber_tasks
from askfirst.storage.held.held_messages import news_rows, stop_rows
from askfirst.storage.inbound.receivers import body_rows, receiver_tasks
from askfirst.storage.opt_out.reviews import review_row
from askfirst.storage.opt_out.stop_confirmations import (
    confirmation_row,
    confirmation_task_row,
    opened_row,
)
from askfirst.storage.platform.errors import Superseded
from askfirst.storage.platform.rows import event_row, row_event
from askfirst.storage.platform.sql_files import load_statements
from askfirst.storage.platform.statements import Result, TransactionScript
from askfirst.storage.sqlite.epoch import SqliteEpoch
from askfirst.storage.sqlite.trouble import is_busy, is_for_all, unavailable
from askfirst.storage.tasks.tasks import enqueue_row
from askfirst.storage.tenants.template_rows import notice_task_row, sighting_steps

Work = Callable[[sqlite3.Connection], object]
"""A write that is no change of the ledger: keys, senders, templates."""


class RowInsert(NamedTuple):
    """A row to insert; rows of one statement go together."""

    statement: str
    values: tuple[Any, ...]


class RowInserts(NamedTuple):
    """Rows of several statements that belong together."""

    rows: tuple[RowInsert, ...]


class Group(Protocol):
    """Jobs of one kind that are done one after the other, and written down together."""

    def take(self, content: Any) -> object:
        """Do one job, on what is there and on what those before it did."""
        ...

    def end(self) -> None:
        """Write down what was done."""
        ...


class GroupJob(NamedTuple):
    """A job that is done in its group, which is begun in the transaction."""

    group: str
    begin: Callable[[sqlite3.Connection], Group]
    content: Any


Job = WriteBatch | RowInsert | RowInserts | GroupJob | Work

_TRIES = 250
_PAUSE_SECONDS = 0.02


class SqliteWriter:
    """Runs batches, one at a time.

    Rows are read and written on the event loop's thread, the commit waits for the disk in a
    thread of its own: two threads that both run Python and SQLite would spend more time handing
    the interpreter lock to each other than working.
    """

    def __init__(
        self,
        connection: sqlite3.Connection,
        planner: Planner,
        epoch: SqliteEpoch,
        commit: Callable[[], Awaitable[object]],
    ) -> None:
        self._connection = connection
        self._planner = planner
        self._epoch = epoch
        self._commit = commit
        self._sql = load_statements("askfirst.storage.sqlite")

    async def run(self, jobs: Sequence[Job]) -> list[object]:
        """Commit a batch; where one job breaks it, commit the jobs one by one."""
        try:
            return await self._transaction(jobs)
        except Superseded as error:
            return [error] * len(jobs)
        except AskfirstError as error:
            if len(jobs) == 1:
                return [error]
        except Exception as error:  # noqa: BLE001 - driver errors end here
            translated = _translated(error)
            if len(jobs) == 1 or is_for_all(translated):
                return [translated] * len(jobs)
        return [result for job in jobs for result in await self.run([job])]

    async def _transaction(self, jobs: Sequence[Job]) -> list[object]:
        await self._begin()
        try:
            self._epoch.check(self._connection)
            results = self._apply(jobs)
            await self._commit()
        except BaseException:
            if self._connection.in_transaction:
                self._connection.execute("ROLLBACK")
            raise
        return results

    async def _begin(self) -> None:
        """Take the write lock; while another program holds it, the loop goes on.

        SQLite's own waiting (busy_timeout) would hold up the whole process.
        """
        for _ in range(_TRIES):
            try:
                self._connection.execute("BEGIN IMMEDIATE")
                return
            except sqlite3.Error as error:
                if not is_busy(error):
                    raise
            await asyncio.sleep(_PAUSE_SECONDS)
        self._connection.execute("BEGIN IMMEDIATE")

    def _apply(self, jobs: Sequence[Job]) -> list[object]:
        results: list[object] = [None] * len(jobs)
        by_business: dict[BusinessId, list[tuple[int, WriteBatch]]] = {}
        rows: dict[str, list[tuple[Any, ...]]] = {}
        groups: dict[str, Group] = {}
        for index, job in enumerate(jobs):
            if isinstance(job, GroupJob):
                group = groups.get(job.group)
                if group is None:
                    group = groups[job.group] = job.begin(self._connection)
                results[index] = group.take(job.content)
            elif isinstance(job, WriteBatch):
                by_business.setdefault(job.business_id, []).append((index, job))
            elif isinstance(job, RowInsert | RowInserts):
                for statement, values in (job,) if isinstance(job, RowInsert) else job.rows:
                    rows.setdefault(statement, []).append(values)
                results[index] = True
            else:
                _end(groups)  # it may take back what a group has done
                results[index] = job(self._connection)
        _end(groups)
        for statement, many in rows.items():
            self._connection.executemany(statement, many)
        for business_id, numbered in by_business.items():
            planned = self._plan(business_id, [change for _, change in numbered])
            for (index, _), result in zip(numbered, planned, strict=True):
                results[index] = result
        return results

    def _plan(self, business_id: BusinessId, changes: list[WriteBatch]) -> Sequence[object]:
        parts = tuple(parts_of(changes))
        planned = [self._part(business_id, part) for part in parts]
        if len(parts) == 1:
            return planned[0]
        return [not_told(result) for part in planned for result in part]

    def _part(
        self, business_id: BusinessId, changes: Sequence[WriteBatch]
    ) -> Sequence[Written | AskfirstError]:
        needs, at = self._planner.needs(changes), changes[-1].recorded_at
        while True:
            workspace = self._load(business_id, needs, changes)
            try:
                planned = [self._planner.work(workspace, change) for change in changes]
            except MoreNeeded as missed:
                needs = self._planner.more(needs, missed, workspace, changes)
                continue
            self._flush(workspace)
            if workspace.arrivals:  # nobody else writes meanwhile, so it is always counted
                run_script(self._connection, self._sql, self._planner.count(workspace, at))
            return tell_standings(workspace, changes, planned)

    def _load(
        self, business_id: BusinessId, needs: Needs, changes: Sequence[WriteBatch]
    ) -> Workspace:
        run, sql = self._connection.execute, self._sql
        row = run(sql["head"], (business_id,)).fetchone()
        if row is None:
            run(sql["ensure_business"], (business_id, business_id, changes[0].recorded_at))
        head, subscribers, receivers, last_webhook = row or (0, "", "", 0)
        told = (split_names(subscribers), split_names(receivers), last_webhook)
        workspace = Workspace(business_id, Position(head), needs.hashed, *told)
        if needs.lookups:
            place = (business_id, b"".join(needs.lookups), len(needs.lookups))
            for lookup, contact_id, *state in run(sql["load_aliases"], place):
                if contact_id is None:
                    workspace.suppressed.add(lookup)
                    continue
                workspace.aliases[lookup] = contact_id
                if contact_id not in workspace.contacts:
                    workspace.contacts[contact_id] = ContactState.read(contact_id, *state)
        if needs.sources:
            place = (business_id, b"".join(needs.sources), len(needs.sources))
            workspace.seen.update([row[0] for row in run(sql["known_sources"], place)])
        self._load_rare(workspace, needs)
        for contact_id in needs.names:
            self._load_names(workspace, workspace.contacts[contact_id])
        return workspace

    def _load_rare(self, workspace: Workspace, needs: Needs) -> None:
        run, sql, business_id = self._connection.execute, self._sql, workspace.business_id
        for prompt in needs.prompts:
            if found := run(sql["load_prompt"], (business_id, prompt)).fetchone():
                workspace.prompts[found[0]] = frozenset(found[1].split(","))
        for key in needs.idempotency:
            if found := run(sql["load_answered"], (business_id, key)).fetchone():
                positions = tuple(int(part) for part in found[1].split(",") if part)
                workspace.answered[key] = Answered(bytes(found[0]), positions)
                for position in positions:
                    row = run(sql["event_at"], (business_id, position)).fetchone()
                    workspace.replayable[position] = row_event(row)

    def _load_names(self, workspace: Workspace, contact: ContactState) -> None:
        names: Names = {}
        rows = self._connection.execute(
            self._sql["names"], (workspace.business_id, contact.contact_id)
        )
        for lookup, kind in rows:
            names.setdefault(AliasKind(kind).group, set()).add(bytes(lookup))
        contact.names = names

    def _flush(self, workspace: Workspace) -> None:
        many, sql, business_id = self._connection.executemany, self._sql, workspace.business_id
        self._flush_contacts(workspace)
        if workspace.new_events:
            many(sql["insert_event"], [event_row(new.event) for new in workspace.new_events])
            proofs = [
                (business_id, new.event.position, new.evidence, new.salt)
                for new in workspace.new_events
                if new.evidence is not None
            ]
            many(sql["insert_evidence"], proofs)
            self._connection.execute(sql["move_head"], (workspace.head, business_id))
            many(sql["enqueue_task"], subscriber_tasks(workspace))
        if workspace.new_seen:
            many(sql["insert_seen"], [(business_id, source) for source in workspace.new_seen])
        if workspace.openings:
            opened = [(business_id, *place, at) for place, at in workspace.openings.items()]
            many(sql["open_window"], opened)
        if workspace.slowed:
            slowed = [(business_id, *one) for one in sorted(workspace.slowed.items())]
            many(sql["slow_pace"], slowed)
        if workspace.media:
            many(sql["name_media"], [(business_id, *row) for row in workspace.media_rows()])
        if workspace.new_bodies:
            many(sql["insert_webhook"], [(business_id, *body) for body in body_rows(workspace)])
        if workspace.is_numbered:
            newest = (workspace.last_webhook, business_id)
            self._connection.execute(sql["move_last_webhook"], newest)
            many(sql["enqueue_task"], receiver_tasks(workspace))
        self._flush_imports(workspace)
        self._flush_rare(workspace)

    def _flush_contacts(self, workspace: Workspace) -> None:
        many, sql, business_id = self._connection.executemany, self._sql, workspace.business_id
        fresh: list[tuple[Any, ...]] = []
        changed: list[tuple[Any, ...]] = []
        for contact in workspace.contacts.values():
            if not (contact.is_new or contact.is_changed):
                continue
            key = (business_id, contact.contact_id)
            state = (
                contact.encoded,
                *contact.delivery,
                contact.absorbed_by,
            )
            if contact.is_new:
                fresh.append((*key, *state))
            else:
                changed.append((*state, *key))
        if fresh:
            many(sql["insert_contact"], fresh)
        if changed:
            many(sql["update_contact"], changed)
        if workspace.new_aliases:
            names = [
                (business_id, new.lookup, new.contact_id, new.kind, new.sealed)
                for new in workspace.new_aliases
            ]
            many(sql["insert_alias"], names)
        moved = [(contact, business_id, lookup) for lookup, contact in workspace.moved_aliases]
        many(sql["move_alias"], moved)
        self._stop_held(workspace)
        for other, survivor in workspace.merges:
            self._connection.execute(sql["move_held"], (survivor, business_id, other))
            self._connection.execute(sql["move_time_zones"], (survivor, business_id, other))
            self._connection.execute(sql["move_aliases"], (survivor, business_id, other))
            self._connection.execute(sql["move_windows"], (survivor, business_id, other))
            self._connection.execute(sql["move_confirmation"], (other, business_id, survivor))
            self._connection.execute(sql["move_sent_messages"], (survivor, business_id, other))
            self._connection.execute(sql["move_marketing_sends"], (survivor, business_id, other))
        if workspace.merges:  # what came to the survivor ends by their own no, too
            self._stop_held(workspace)

    def _stop_held(self, workspace: Workspace) -> None:
        """End what is held for those who said no, and have it told."""
        run, sql, business_id = self._connection.execute, self._sql, workspace.business_id
        for row in stop_rows(business_id, workspace.ending_noes):
            stopped = [found[0] for found in run(sql["stop_held"], row).fetchall()]
            at = workspace.ending_noes[0].at
            tasks = news_rows(business_id, workspace.subscribers, stopped, at)
            self._connection.executemany(sql["enqueue_task"], tasks)

    def _flush_imports(self, workspace: Workspace) -> None:
        run, sql = self._connection.execute, self._sql
        for written in workspace.import_parts:
            if not run(sql["finish_import_part"], written.finish).fetchall():
                raise not_next()
            run(sql["put_import_part"], written.report).fetchall()

    def _flush_rare(self, workspace: Workspace) -> None:
        run, sql, business_id = self._connection.execute, self._sql, workspace.business_id
        for prompt in workspace.new_prompts:
            content = (prompt.key, prompt.locale, prompt.surface.value)
            words = (",".join(prompt.purposes), prompt.text, prompt.kind.value)
            run(sql["insert_prompt"], (business_id, prompt.hash, *content, *words))
        if answered := workspace.answered_rows():
            self._connection.executemany(sql["insert_answered"], answered)
        self._flush_sightings(workspace)
        for review in workspace.new_reviews:
            run(sql["add_review"], (business_id, *review_row(review)))
        for limit in workspace.messaging_limits[-1:]:
            run(sql["put_messaging_limit"], (business_id, limit))
        for new in workspace.tasks:
            run(sql["enqueue_task"], enqueue_row(new.task, new.due_at))
        for said in workspace.said_stops:
            opened = (business_id, *opened_row(said))
            if said.is_doubt or run(sql["open_stop"], opened).fetchall():
                run(sql["add_stop_confirmation"], (business_id, *confirmation_row(said)))
                run(sql["enqueue_task"], confirmation_task_row(business_id, said))
        self._flush_erasures(workspace)

    def _flush_sightings(self, workspace: Workspace) -> None:
        run, sql, business_id = self._connection.execute, self._sql, workspace.business_id
        for seen, now in workspace.sightings:
            for name, row in sighting_steps(business_id, seen, now):
                run(sql[name], row)
            if seen.category:
                enqueue_notices(self._connection, sql, business_id, now)

    def _flush_erasures(self, workspace: Workspace) -> None:
        run, sql, business_id = self._connection.execute, self._sql, workspace.business_id
        for lookup in sorted(workspace.lifted):
            run(sql["lift_suppression"], (business_id, lookup))
        for lookup, at in sorted(workspace.new_suppressed.items()):
            run(sql["add_suppression"], (business_id, lookup, at))
        for erased in workspace.erased:
            person = run(sql["person"], (business_id, erased.contact_id)).fetchall()
            for name, row in erasing(business_id, erased, [found[0] for found in person]):
                run(sql[name], row).fetchall()


def run_script(
    connection: sqlite3.Connection, sql: Mapping[str, str], script: TransactionScript[Result]
) -> Result:
    """Run the steps of a script in the transaction that is open."""
    try:
        name, parameters = next(script)
        while True:
            rows = connection.execute(sql[name], parameters).fetchall()
            name, parameters = script.send(rows)
    except StopIteration as end:
        return cast("Result", end.value)


def enqueue_notices(
    connection: sqlite3.Connection, sql: Mapping[str, str], business_id: BusinessId, now: Instant
) -> None:
    """See that each subscription is told of what was noted for it."""
    noticed = connection.execute(sql["noticed_subscriptions"], (business_id,)).fetchall()
    for (subscription,) in noticed:
        row = notice_task_row(business_id, subscription, now)
        connection.execute(sql["enqueue_task"], row).fetchall()


def _end(groups: dict[str, Group]) -> None:
    for group in groups.values():
        group.end()
    groups.clear()


def _translated(error: Exception) -> Exception:
    return unavailable(error, "written") if isinstance(error, sqlite3.Error) else error
