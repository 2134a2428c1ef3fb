"""Files that are imported in tests: sent, prepared, confirmed, and what became of their rows."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

from askfirst.domain.bulk.import_job import ImportJob, ImportState
from askfirst.domain.bulk.import_settings import ImportSettings
from askfirst.domain.tenants.profile import Profile
from askfirst.domain.values.timestamp import HOUR
from askfirst.usecases.bulk.imports.receive_import import (
    ImportAnswers,
    answer_import,
    begin_import,
    confirm_import,
    receive_file,
)
from askfirst.usecases.bulk.imports.run_import import go_on_with_import
from tests.support.builders import BUSINESS
from tests.support.services import World

HEADER = "Phone,WhatsApp opt-in,At"


async def in_pieces(content: bytes, size: int = 700) -> AsyncIterator[bytes]:
    """Give a file as it comes by network."""
    for at in range(0, len(content), size):
        yield content[at : at + size]


async def be_british(world: World) -> None:
    """Let the business be at home in the United Kingdom."""
    profile = Profile(country="GB")
    await world.services.profiles.put_profile(BUSINESS, profile, world.clock.now())


async def send(world: World, content: str | bytes, **settings: Any) -> ImportJob:
    """Send a file and have it read."""
    raw = content.encode() if isinstance(content, str) else content
    asked = ImportSettings(**{"purpose": "marketing", **settings})
    job = await begin_import(world.services, BUSINESS, asked)
    job = await receive_file(world.services, job, in_pieces(raw))
    await go_on_with_import(world.services, job, HOUR)
    return await find(world, job)


async def answer(world: World, job: ImportJob, **said: Any) -> ImportJob:
    """Answer what is asked, and have it read again."""
    again = await answer_import(world.services, BUSINESS, job.import_id, ImportAnswers(**said))
    await go_on_with_import(world.services, again, HOUR)
    return await find(world, job)


async def run(world: World, job: ImportJob) -> ImportJob:
    """Confirm the preview and have all rows written."""
    assert job.preview is not None, (job.state, job.problem, job.questions)
    job = await confirm_import(world.services, BUSINESS, job.import_id, job.preview.hash)
    return await go_on_with_import(world.services, job, HOUR)


async def take(world: World, content: str | bytes, **settings: Any) -> dict[int, str]:
    """Import a file whole; return what became of each line."""
    job = await run(world, await send(world, content, **settings))
    assert job.state is ImportState.DONE
    return await outcomes(world, job)


async def outcomes(world: World, job: ImportJob) -> dict[int, str]:
    """Return what became of each line: its outcome, or why there is none."""
    found: dict[int, str] = {}
    for part in range(job.parts):
        for one in await world.services.imports.verdicts(job, part):
            found[one.line] = one.reason.value or one.outcome.value
    return found


async def find(world: World, job: ImportJob) -> ImportJob:
    """Return an import as it is kept."""
    found = await world.services.imports.find(BUSINESS, job.import_id)
    assert found is not None
    return found


def table(*rows: str, header: str = HEADER) -> str:
    """Write a file of CSV."""
    return "\n".join((header, *rows)) + "\n"
