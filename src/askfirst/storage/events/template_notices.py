"""Changes of templates that still have to be told, for either backend."""

from __future__ import annotations

from askfirst.domain.tasks.task import LeasedTask
from askfirst.domain.values.timestamp import Instant
from askfirst.ports.events.template_notices import TemplateNotice
from askfirst.storage.platform.statements import Statements, TransactionScript
from askfirst.storage.tasks.tasks import extend_step
from askfirst.storage.tenants.template_rows import row_notice


class StoredTemplateNotices:
    """See ports.events.template_notices.TemplateNotices."""

    def __init__(self, statements: Statements) -> None:
        self._statements = statements

    async def untold(self, leased: LeasedTask, limit: int) -> tuple[TemplateNotice, ...]:
        task = leased.task
        rows = await self._statements.fetch(
            "template_notices", task.business_id, task.task_id, limit
        )
        return tuple(row_notice(task.business_id, tuple(row)) for row in rows)

    async def taken(self, leased: LeasedTask, notice: TemplateNotice, until: Instant) -> bool:
        place = (leased.task.business_id, leased.task.task_id)
        which = (notice.changed_at, notice.waba_id, notice.name, notice.language)

        def talk() -> TransactionScript[bool]:
            if (yield extend_step(leased, until)):
                yield "drop_template_notice", (*place, *which)
                return True
            return False

        return await self._statements.talk(leased.task.business_id, talk)

    async def forget(self, leased: LeasedTask) -> None:
        task = leased.task
        await self._statements.write("drop_template_notices", task.business_id, task.task_id)
