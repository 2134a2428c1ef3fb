"""Changes of a template's category that subscriptions have not taken yet.

They are noted, with a task of `Queue.TEMPLATE_NOTICES` for each subscription, in the transaction
that writes the change: whatever is durable will be told. They are about no person and stand in no
ledger.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import Protocol

from askfirst.domain.tasks.task import LeasedTask, Queue, Task, TaskId
from askfirst.domain.values.ids import BusinessId, SubscriptionId, WabaId
from askfirst.domain.values.purpose import Category
from askfirst.domain.values.timestamp import Instant


def template_notice_task(business_id: BusinessId, subscription_id: SubscriptionId) -> Task:
    """Name the task that tells a subscription: one for all of it, to keep the order."""
    return Task(business_id, Queue.TEMPLATE_NOTICES, TaskId(subscription_id))


@dataclass(frozen=True, slots=True, kw_only=True)
class TemplateNotice:
    """Meta moved a template to another category."""

    business_id: BusinessId
    changed_at: Instant
    waba_id: WabaId
    name: str
    language: str
    previous_category: Category
    category: Category

    @property
    def notice_id(self) -> str:
        """The same for the same change, whoever is told of it and how often."""
        parts = (self.business_id, self.waba_id, self.name, self.language, str(self.changed_at))
        return "tpl_" + hashlib.sha256("|".join(parts).encode()).hexdigest()[:26]


class TemplateNotices(Protocol):
    """What still has to be told. Writes are durable when they return."""

    async def untold(self, leased: LeasedTask, limit: int) -> tuple[TemplateNotice, ...]:
        """Return what the subscription of a task has not taken, the oldest first."""
        ...

    async def taken(self, leased: LeasedTask, notice: TemplateNotice, until: Instant) -> bool:
        """Forget what was taken, and keep the task until a moment; False: it is not ours now."""
        ...

    async def forget(self, leased: LeasedTask) -> None:
        """Forget all of it: the subscription is gone, or rests."""
        ...


class HasTemplateNotices(Protocol):
    """Whatever brings them along."""

    @property
    def template_notices(self) -> TemplateNotices:
        """Changes of templates that still have to be told."""
        ...
