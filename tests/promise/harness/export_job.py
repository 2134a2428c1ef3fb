"""Exports that are killed: what makes one due, a folder with steps in it, complaints at the end."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any, NamedTuple, cast

from askfirst.bootstrap.exports.places import Draft, FolderPlace
from askfirst.bootstrap.exports.writer import ExportWriter
from askfirst.domain.bulk.export import ExportKind
from askfirst.domain.tasks.task import Queue
from askfirst.domain.values.timestamp import SECOND
from askfirst.usecases.bulk.exports.manage_schedules import list_schedules
from askfirst.usecases.bulk.exports.run_schedule import EXPORT_LEASE
from tests.promise.harness.job import Job, Kept, shop, waits
from tests.support.builders import ANA, BEN, BUSINESS, change, grant
from tests.support.exports import DESTINATION, is_whole, lines_in, scheduled
from tests.support.services import World

Step = Callable[[], None]


def stepping_writer(folder: Path, step: Step) -> ExportWriter:
    """Write to a folder, with steps in the middle of each page and around the name."""
    folder.mkdir(exist_ok=True)
    return ExportWriter({DESTINATION: _SteppingFolder(str(folder), step)})


class _SteppingFolder(FolderPlace):
    def __init__(self, path: str, step: Step) -> None:
        super().__init__(path)
        self.path, self._step = Path(path), step

    @contextmanager
    def draft(self, owner: str) -> Iterator[Draft]:
        with super().draft(owner) as draft:
            yield _SteppingDraft(draft, self._step)


class _SteppingDraft(NamedTuple):
    draft: Draft
    step: Step

    @property
    def file(self) -> IO[bytes]:
        return cast("IO[bytes]", _SteppingFile(self.draft.file, self.step))

    async def keep(self, name: str) -> None:
        self.step()
        await self.draft.keep(name)
        self.step()


class _SteppingFile:
    def __init__(self, file: IO[bytes], step: Step) -> None:
        self._file, self._step = file, step

    def write(self, page: bytes) -> None:
        half = len(page) // 2
        self._file.write(page[:half])
        self._file.flush()
        self._step()
        self._file.write(page[half:])


async def _shop_with_answers(world: World) -> None:
    await shop(world)  # Ana's yes is the first line
    for who in (BEN, ANA):
        await world.store.ledger.commit(change(grant(who)))


async def _schedule(world: World) -> None:
    await scheduled(world, ExportKind.LEDGER)


async def _is_unscheduled(world: World) -> bool:
    return not await list_schedules(world.services, BUSINESS)


async def _complaints(kept: Kept) -> list[str]:
    """One whole file with each line once, nothing beside it; the task waits for its next turn."""
    folder: Path = cast("Any", kept.world.services.export_files)._places[DESTINATION].path
    found = lines_in(folder)
    rows = [line for lines in found.values() for line in lines if line["line"] == "event"]
    positions = sorted(row["position"] for row in rows)
    told = [f"half: {name}" for name, lines in found.items() if not is_whole(lines)]
    told += [f"left: {one.name}" for one in folder.iterdir() if one.name.endswith(".part")]
    told += [f"lost: of 1, 2, 3 there is {positions}"] if set(positions) != {1, 2, 3} else []
    told += [f"doubled: {positions}"] if len(positions) > len(set(positions)) else []
    return told + await waits(kept, Queue.EXPORTS, 1)


EXPORTS = Job(
    queues=frozenset({Queue.EXPORTS}),
    furnish=_shop_with_answers,
    cause=_schedule,
    leave=_schedule,
    complain=_complaints,
    second=1,
    lease=EXPORT_LEASE // SECOND,
    is_repeated=_is_unscheduled,
)
