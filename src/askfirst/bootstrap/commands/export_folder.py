"""A folder that an export goes on in: each run adds one file, of what is new since the last.

The names of its files say how far they go, so nothing else has to be remembered: a run that is
killed leaves no file of a name, and the next one begins where the newest whole file ends.
"""

from __future__ import annotations

import fcntl
import os
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO, Final

from askfirst.adapters.clock import SystemClock
from askfirst.bootstrap.commands.export_wish import ExportReport, ExportWish
from askfirst.domain.bulk.export import ExportKind
from askfirst.domain.values.errors import Conflict, InvalidInput
from askfirst.domain.values.ids import BusinessId
from askfirst.domain.values.timestamp import to_rfc3339

_GROWING: Final = frozenset({ExportKind.LEDGER, ExportKind.DECISIONS})
_DAY: Final = "[0-9]{4}-[0-9]{2}-[0-9]{2}"
_END: Final = "([0-9]+|dec_[0-9A-Z]{26})"


def check_folder(wish: ExportWish) -> None:
    """Refuse what cannot go on in a folder.

    Raises:
        InvalidInput: people are not a list that only grows, two places are named, or it is none.
    """
    if wish.kind not in _GROWING:
        message = f"is for the ledger and decisions, which only grow; write {wish.kind} with --out"
        raise InvalidInput("folder", message)
    if wish.out or wish.after:
        raise InvalidInput("folder", "names the files and knows where to go on: leave out the rest")
    if wish.folder and not wish.folder.is_dir():
        raise InvalidInput("folder", f"{wish.folder} is no folder; make it first")


def newest_in(folder: Path, business_id: BusinessId, kind: ExportKind) -> str:
    """Return behind what the newest file of an export ends; empty where there is none."""
    shape = re.compile(rf"{business_id}-{kind}-{_DAY}-{_END}\.(?:jsonl|parquet)", re.ASCII)
    found = [match[1] for path in folder.iterdir() if (match := shape.fullmatch(path.name))]
    return max(found, key=lambda end: (len(end), end), default="")


@contextmanager
def held_folder(folder: Path | None) -> Iterator[None]:
    """Keep other runs out of a folder while the block runs: they would begin at the same end.

    Raises:
        Conflict: another run is at it.
    """
    if folder is None:
        yield
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        _lock(descriptor, folder)
        yield
    finally:
        os.close(descriptor)


def _lock(descriptor: int, folder: Path) -> None:
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError as error:
        raise Conflict(f"another export is writing to {folder}") from error


def name_in(folder: Path, report: ExportReport, wish: ExportWish) -> Path | None:
    """Name a file by how far it goes; None: nothing is new, so there is to be none."""
    day = to_rfc3339(SystemClock().now())[:10]
    named = f"{report.business}-{report.kind}-{day}-{report.next}.{wish.format}"
    return folder / named if report.rows else None


@contextmanager
def drafted(draft: Path, name: Callable[[], Path | None]) -> Iterator[BinaryIO]:
    """Open a draft; when the block ends make it durable, and only then give it its name, if any."""
    try:
        descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "wb") as file:
            yield file
            os.fsync(file.fileno())
        if (place := name()) is not None:
            draft.rename(place)
    finally:
        draft.unlink(missing_ok=True)
    _sync(draft.absolute().parent)


def _sync(folder: Path) -> None:
    """Make the names in a folder durable."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
