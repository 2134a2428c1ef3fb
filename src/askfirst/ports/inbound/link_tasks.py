"""The task that sends a person the link to their preference page.

It is written in the transaction of the message that asks for it, and holds no name: only whose page
it is, which sender was asked, and in which languages. It is no permit: that is used up at the gate,
so whoever works on one twice sends once.
"""

from __future__ import annotations

from typing import Final, NamedTuple

from askfirst.domain.tasks.task import Queue, Task, TaskId
from askfirst.domain.values.ids import BusinessId, ContactId, PhoneNumberId

_APART: Final = "/"
_LIST: Final = "+"


class LinkWish(NamedTuple):
    """Whose page, which sender was asked, and the locales that the words belong to."""

    contact_id: ContactId
    sender: PhoneNumberId
    locales: tuple[str, ...]


def link_task(business_id: BusinessId, wish: LinkWish) -> Task:
    """Name the task: asked again in the same words while it waits, it is one."""
    parts = (wish.contact_id, wish.sender, _LIST.join(wish.locales))
    return Task(business_id, Queue.LINKS, TaskId(_APART.join(parts)))


def wish_of(task: Task) -> LinkWish:
    """Read what a task of `Queue.LINKS` is about."""
    contact_id, sender, locales = task.task_id.split(_APART)
    return LinkWish(ContactId(contact_id), PhoneNumberId(sender), tuple(locales.split(_LIST)))
