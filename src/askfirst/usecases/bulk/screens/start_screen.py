"""Take a list that is to be screened, look at where that is, and give it up."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Protocol

from askfirst.domain.bulk.screen_job import ScreenJob, ScreenSettings, ScreenState
from askfirst.domain.tasks.task import Queue, Task, TaskId
from askfirst.domain.value import replace
from askfirst.domain.values.errors import Conflict, InvalidInput, UnknownReference
from askfirst.domain.values.ids import BusinessId, Prefix, ScreenId, parse_id
from askfirst.domain.values.purpose import parse_purpose
from askfirst.ports.bulk.screens import HasScreens
from askfirst.ports.platform.clock import HasClock, HasIds
from askfirst.ports.sending.asking_policy import HasAskingPolicy
from askfirst.ports.tasks.tasks import HasTasks
from askfirst.ports.tenants.directory import HasDirectory
from askfirst.usecases.bulk.keep_source import keep_source


class StartScreenNeeds(
    HasClock, HasDirectory, HasIds, HasAskingPolicy, HasScreens, HasTasks, Protocol
):
    """What this use case needs from the world."""


async def begin_screen(
    services: StartScreenNeeds, business_id: BusinessId, settings: ScreenSettings
) -> ScreenJob:
    """Open a screening, to be given its list. Without a sender it is the business's only one.

    Raises:
        InvalidInput: a setting is not one that can be.
    """
    if settings.purpose:
        parse_purpose(settings.purpose, services.policy.topics, "purpose")
    if not settings.sender:
        settings = replace(settings, sender=await _only_sender(services, business_id))
    job = ScreenJob(
        business_id=business_id,
        screen_id=services.ids.screen(),
        state=ScreenState.RECEIVING,
        settings=settings,
        created_at=services.clock.now(),
    )
    await services.screens.add(job)
    return job


async def _only_sender(services: HasDirectory, business_id: BusinessId) -> str:
    senders = await services.directory.senders(business_id)
    if len(senders) != 1:
        raise InvalidInput("sender", "must be named: the phone number id that the messages go from")
    return senders[0].phone_number_id


async def receive_list(
    services: StartScreenNeeds, job: ScreenJob, content: AsyncIterator[bytes]
) -> ScreenJob:
    """Take in a list, in parts of any size, and have it screened.

    Raises:
        InvalidInput: it is empty.
    """
    kept = await keep_source(services.screens, job, content)
    return await list_is_whole(services, job, *kept)


async def put_list_part(
    services: HasScreens, business_id: BusinessId, screen_id: ScreenId, part: int, content: bytes
) -> None:
    """Take a part of the list of a screening that was begun, from 0; at most `SOURCE_BYTES`.

    Raises:
        UnknownReference: there is no such screening.
        Conflict: its list is whole already.
    """
    job = await read_screen(services, business_id, screen_id)
    if job.state is not ScreenState.RECEIVING:
        raise Conflict("the list of this screening is whole already")
    await services.screens.put_source(job, part, content)


async def list_is_whole(
    services: StartScreenNeeds, job: ScreenJob, digest: str, size: int, parts: int
) -> ScreenJob:
    """Note that all parts of a list are there, and have it screened."""
    received = replace(
        job, state=ScreenState.SCREENING, digest=digest, size=size, source_parts=parts
    )
    if not await services.screens.change(received):
        raise Conflict("the screening was changed by somebody else meanwhile; look at it again")
    task = Task(job.business_id, Queue.SCREENS, TaskId(job.screen_id))
    await services.tasks.enqueue(task, services.clock.now())
    return replace(received, revision=job.revision + 1)


async def give_up_screen(
    services: HasScreens, business_id: BusinessId, screen_id: ScreenId
) -> None:
    """Forget a screening with its list and answers; whoever is at work on it ends.

    Raises:
        UnknownReference: there is no such screening.
    """
    await services.screens.forget(await read_screen(services, business_id, screen_id))


async def read_screen(
    services: HasScreens, business_id: BusinessId, screen_id: ScreenId
) -> ScreenJob:
    """Return a screening as it is now: its state, and the counts of its answers.

    Raises:
        UnknownReference: there is no such screening.
    """
    job = await services.screens.find(business_id, screen_id)
    if job is None:
        raise UnknownReference("screen", "no such screening")
    return job


async def list_screens(
    services: HasScreens, business_id: BusinessId, after: str, limit: int
) -> tuple[ScreenJob, ...]:
    """Return a page of the business's screenings, the newest first."""
    return await services.screens.list(business_id, after, limit)


def parse_screen_id(text: str) -> ScreenId:
    """Read the id of a screening."""
    return ScreenId(parse_id(Prefix.SCREEN, text, "screen"))
