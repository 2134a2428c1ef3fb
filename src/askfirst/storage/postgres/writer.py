"""Batches of changes into PostgreSQL, a transaction for each business."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from askfirst.domain.value import replace
from askfirst.domain.values.alias import AliasKind
from askfirst.domain.values.errors import AskfirstError, Unavailable
from askfirst.domain.values.ids import BusinessId, ContactId, Position
from askfirst.domain.values.timestamp import Instant
from askfirst.ports.consent.change import WriteBatch
from askfirst.storage.consent.deliveries import reports_of
from askfirst.storage.consent.import_parts import not_next
from askfirst.storage.consent.planner import Planner
from askfirst.storage.consent.told_standings import not_told, tell_standings
from askfirst.storage.consent.workspace import (
    Answered,
    ContactState,
    MoreNeeded,
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
from askfirst.storage.platform.rows import event_row, row_event
from askfirst.storage.postgres.batch_insert import insert_batch
from askfirst.storage.postgres.connection import Connection, is_about_data, run_script
from askfirst.storage.postgres.lane import DedicatedConnection
from askfirst.storage.tasks.tasks import enqueue_row
from askfirst.storage.tenants.template_rows import notice_task_row, sighting_steps


class PostgresWriter:
    """Runs batches on a lane of its own."""

    def __init__(self, lane: DedicatedConnection, sql: Mapping[str, str], planner: Planner) -> None:
        self._lane = lane
        self._sql = sql
        self._planner = planner

    async def run(self, changes: Sequence[WriteBatch]) -> list[object]:
        """Commit a batch; where one change breaks it, commit the changes one by one."""
        results: list[object] = [None] * len(changes)
        by_business: dict[BusinessId, list[int]] = {}
        for index, change in enumerate(changes):
            by_business.setdefault(change.business_id, []).append(index)
        for indexes in by_business.values():
            written = await self._of_business([changes[index] for index in indexes])
            for index, result in zip(indexes, written, strict=True):
                results[index] = result
        return results

    async def _of_business(self, changes: Sequence[WriteBatch]) -> Sequence[object]:
        try:
            return await self._lane.write(lambda connection: self._plan(connection, changes))
        except Exception as error:  # noqa: BLE001 - whoever waits must hear of it
            if len(changes) == 1 or (isinstance(error, Unavailable) and not is_about_data(error)):
                return [error] * len(changes)
        return [result for change in changes for result in await self._of_business([change])]

    async def _plan(
        self, connection: Connection, changes: Sequence[WriteBatch]
    ) -> Sequence[object]:
        planned = [await self._part(connection, part) for part in parts_of(changes)]
        if len(planned) == 1:
            return planned[0]
        return [not_told(result) for part in planned for result in part]

    async def _part(
        self, connection: Connection, changes: Sequence[WriteBatch]
    ) -> Sequence[Written | AskfirstError]:
        needs = self._planner.needs(changes)
        while True:
            workspace = await self._load(connection, changes, needs)
            try:
                planned = [self._planner.work(workspace, change) for change in changes]
            except MoreNeeded as missed:
                needs = self._planner.more(needs, missed, workspace, changes)
                continue
            await self._flush(connection, workspace)
            planned = tell_standings(workspace, changes, planned)
            if not workspace.arrivals:
                return planned
            script = self._planner.count(workspace, changes[-1].recorded_at)
            if await run_script(connection, self._sql, script):
                return planned
            return [_uncounted(one, change) for one, change in zip(planned, changes, strict=True)]

    async def _load(
        self, connection: Connection, changes: Sequence[WriteBatch], needs: Needs
    ) -> Workspace:
        sql, first = self._sql, changes[0]
        business_id = first.business_id
        row = await connection.fetchrow(sql["lock_head"], business_id)
        if row is None:
            name, now = business_id, first.recorded_at
            await connection.execute(sql["ensure_business"], business_id, name, now)
            row = await connection.fetchrow(sql["lock_head"], business_id)
        head, subscribers, receivers, last_webhook = row or (0, "", "", 0)
        told = (split_names(subscribers), split_names(receivers), last_webhook)
        workspace = Workspace(business_id, Position(head), needs.hashed, *told)
        if needs.lookups:
            rows = await connection.fetch(sql["load_aliases"], business_id, list(needs.lookups))
            for lookup, contact_id, *state in rows:
                if contact_id is None:
                    workspace.suppressed.add(lookup)
                    continue
                workspace.aliases[lookup] = contact_id
                if contact_id not in workspace.contacts:
                    workspace.contacts[contact_id] = ContactState.read(contact_id, *state)
        if needs.sources:
            rows = await connection.fetch(sql["load_seen"], business_id, list(needs.sources))
            workspace.seen.update(row[0] for row in rows)
        await self._load_rare(connection, workspace, needs)
        if needs.names:
            await self._load_names(connection, workspace, needs.names)
        return workspace

    async def _load_rare(self, connection: Connection, workspace: Workspace, needs: Needs) -> None:
        sql, business_id = self._sql, workspace.business_id
        if needs.prompts:
            rows = await connection.fetch(sql["load_prompts"], business_id, list(needs.prompts))
            workspace.prompts.update({row[0]: frozenset(row[1].split(",")) for row in rows})
        if needs.idempotency:
            keys = list(needs.idempotency)
            rows = await connection.fetch(sql["load_answered"], business_id, keys)
            positions: list[int] = []
            for key, digest, text in rows:
                made = tuple(int(part) for part in text.split(",") if part)
                workspace.answered[key] = Answered(digest, made)
                positions += made
            if positions:
                rows = await connection.fetch(sql["events_at"], business_id, positions)
                workspace.replayable.update({row[1]: row_event(row) for row in rows})

    async def _load_names(
        self, connection: Connection, workspace: Workspace, learning: Collection[ContactId]
    ) -> None:
        for contact_id in learning:
            workspace.contacts[contact_id].names = {}
        rows = await connection.fetch(self._sql["names"], workspace.business_id, list(learning))
        for lookup, kind, contact_id in rows:
            names = workspace.contacts[contact_id].names
            if names is not None:
                names.setdefault(AliasKind(kind).group, set()).add(lookup)

    async def _flush(self, connection: Connection, workspace: Workspace) -> None:
        sql, business_id = self._sql, workspace.business_id

        async def write(name: str, rows: Sequence[Sequence[Any]]) -> None:
            await insert_batch(connection, sql, name, business_id, rows)

        await self._flush_contacts(connection, workspace, write)
        if workspace.new_events:
            await write("insert_events", [event_row(new.event)[1:] for new in workspace.new_events])
            proofs = [
                (new.event.position, new.evidence, new.salt)
                for new in workspace.new_events
                if new.evidence is not None
            ]
            await write("insert_evidence", proofs)
            await connection.execute(sql["move_head"], business_id, workspace.head)
            for task in subscriber_tasks(workspace):
                await connection.execute(sql["enqueue_task"], *task)
        await write("insert_seen", [(source,) for source in workspace.new_seen])
        opened = [(*place, at) for place, at in sorted(workspace.openings.items())]
        await write("open_windows", opened)
        for slowed in sorted(workspace.slowed.items()):
            await connection.execute(sql["slow_pace"], business_id, *slowed)
        await write("name_media", workspace.media_rows())
        await write("insert_webhooks", body_rows(workspace))
        if workspace.is_numbered:
            await connection.execute(sql["move_last_webhook"], business_id, workspace.last_webhook)
        for task in receiver_tasks(workspace):
            await connection.execute(sql["enqueue_task"], *task)
        await self._flush_imports(connection, workspace)
        await self._flush_rare(connection, workspace)

    async def _flush_contacts(
        self, connection: Connection, workspace: Workspace, write: Any
    ) -> None:
        sql, business_id = self._sql, workspace.business_id
        rows: dict[bool, list[tuple[Any, ...]]] = {True: [], False: []}
        for contact in workspace.contacts.values():
            if contact.is_new or contact.is_changed:
                state = (contact.encoded, *contact.delivery)
                row = (contact.contact_id, *state, contact.absorbed_by)
                rows[contact.is_new].append(row)
        await write("insert_contacts", rows[True])
        if rows[False]:
            changed = [(business_id, *row) for row in rows[False]]
            await connection.executemany(sql["update_contact"], changed)
        names = [
            (new.lookup, new.contact_id, new.kind, new.sealed) for new in workspace.new_aliases
        ]
        await write("insert_aliases", names)
        for lookup, contact_id in workspace.moved_aliases:
            await connection.execute(sql["move_alias"], business_id, contact_id, lookup)
        await self._stop_held(connection, workspace)
        for other, survivor in workspace.merges:
            await connection.execute(sql["move_held"], business_id, survivor, other)
            await connection.execute(sql["move_time_zones"], business_id, survivor, other)
            await connection.execute(sql["move_aliases"], business_id, survivor, other)
            await connection.execute(sql["move_windows"], business_id, survivor, other)
            await connection.execute(sql["move_confirmation"], business_id, survivor, other)
            await connection.execute(sql["move_sent_messages"], business_id, survivor, other)
            await connection.execute(sql["move_marketing_sends"], business_id, survivor, other)
        if workspace.merges:  # what came to the survivor ends by their own no, too
            await self._stop_held(connection, workspace)

    async def _stop_held(self, connection: Connection, workspace: Workspace) -> None:
        """End what is held for those who said no, and have it told."""
        business_id = workspace.business_id
        for row in stop_rows(business_id, workspace.ending_noes):
            found = await connection.fetch(self._sql["stop_held"], *row)
            stopped, at = [one[0] for one in found], workspace.ending_noes[0].at
            for task in news_rows(business_id, workspace.subscribers, stopped, at):
                await connection.execute(self._sql["enqueue_task"], *task)

    async def _flush_imports(self, connection: Connection, workspace: Workspace) -> None:
        sql = self._sql
        for written in workspace.import_parts:
            if not await connection.fetch(sql["finish_import_part"], *written.finish):
                raise not_next()
            await connection.execute(sql["put_import_part"], *written.report)

    async def _flush_rare(self, connection: Connection, workspace: Workspace) -> None:
        sql, business_id = self._sql, workspace.business_id
        for prompt in workspace.new_prompts:
            content = (prompt.key, prompt.locale, prompt.surface.value)
            words = (",".join(prompt.purposes), prompt.text, prompt.kind.value)
            await connection.execute(
                sql["insert_prompt"], business_id, prompt.hash, *content, *words
            )
        if answered := workspace.answered_rows():
            await connection.executemany(sql["insert_answered"], answered)
        await self._flush_sightings(connection, workspace)
        for review in workspace.new_reviews:
            await connection.execute(sql["add_review"], business_id, *review_row(review))
        for limit in workspace.messaging_limits[-1:]:
            await connection.execute(sql["put_messaging_limit"], business_id, limit)
        for new in workspace.tasks:
            await connection.execute(sql["enqueue_task"], *enqueue_row(new.task, new.due_at))
        for said in workspace.said_stops:
            opened = opened_row(said)
            if said.is_doubt or await connection.fetch(sql["open_stop"], business_id, *opened):
                waiting = confirmation_row(said)
                await connection.execute(sql["add_stop_confirmation"], business_id, *waiting)
                task = confirmation_task_row(business_id, said)
                await connection.execute(sql["enqueue_task"], *task)
        await self._flush_erasures(connection, workspace)

    async def _flush_sightings(self, connection: Connection, workspace: Workspace) -> None:
        sql, business_id = self._sql, workspace.business_id
        for seen, now in workspace.sightings:
            for name, row in sighting_steps(business_id, seen, now):
                await connection.execute(sql[name], *row)
            if seen.category:
                await enqueue_notices(connection, sql, business_id, now)

    async def _flush_erasures(self, connection: Connection, workspace: Workspace) -> None:
        sql, business_id = self._sql, workspace.business_id
        for lookup in sorted(workspace.lifted):
            await connection.execute(sql["lift_suppression"], business_id, lookup)
        for lookup, at in sorted(workspace.new_suppressed.items()):
            await connection.execute(sql["add_suppression"], business_id, lookup, at)
        for erased in workspace.erased:
            found = await connection.fetch(sql["person"], business_id, erased.contact_id)
            for name, row in erasing(business_id, erased, [one[0] for one in found]):
                await connection.execute(sql[name], *row)


def _uncounted(result: Written | AskfirstError, change: WriteBatch) -> Written | AskfirstError:
    """Say of a change that its reports are to be counted once it is committed."""
    if isinstance(result, AskfirstError):
        return result
    return replace(result, uncounted=reports_of(change))


async def enqueue_notices(
    connection: Connection, sql: Mapping[str, str], business_id: BusinessId, now: Instant
) -> None:
    """See that each subscription is told of what was noted for it."""
    for row in await connection.fetch(sql["noticed_subscriptions"], business_id):
        task = notice_task_row(business_id, row[0], now)
        await connection.execute(sql["enqueue_task"], *task)
