"""Tell an operator of tasks that are dead or stalled."""

from __future__ import annotations

from typing import Final

from askfirst.domain.tasks.task import TaskState, TroubledTask
from askfirst.domain.values.finding import Finding, Severity
from askfirst.domain.values.ids import BusinessId
from askfirst.ports.platform.clock import Clock
from askfirst.ports.tasks.tasks import Tasks
from askfirst.ports.tenants.directory import UNROUTED, Directory

SHOWN_MAX: Final = 100
"""Of each business: an operator needs to see the kind of trouble, not every task."""

_REMEDY: Final = (
    "Look for task_failed and task_dead in the log. A dead task is tried again when its cause asks "
    "for it again; a stalled one as soon as a server looks."
)


async def find_troubled_tasks(
    tasks: Tasks, directory: Directory, clock: Clock
) -> tuple[Finding, ...]:
    """Return a line for each business with such tasks; one that says so where there is none."""
    now = clock.now()
    found = [
        _finding(business_id, troubled)
        for business_id in sorted({UNROUTED, *await directory.businesses()})
        if (troubled := await tasks.troubled(business_id, now, SHOWN_MAX))
    ]
    if found:
        return tuple(found)
    summary = "No task is dead or stalled."
    return (Finding(check="tasks", severity=Severity.OK, summary=summary),)


def _finding(business_id: BusinessId, troubled: tuple[TroubledTask, ...]) -> Finding:
    dead = sum(one.state is TaskState.DEAD for one in troubled)
    queues = ", ".join(sorted({one.task.queue.value for one in troubled}))
    more = " or more" if len(troubled) == SHOWN_MAX else ""
    summary = (
        f"{business_id}: {dead} tasks are dead and {len(troubled) - dead} stalled{more}, "
        f"in the queues {queues}."
    )
    severity = Severity.PROBLEM if dead else Severity.WARNING
    return Finding(check="tasks", severity=severity, summary=summary, remedy=_REMEDY)
