"""One planted bug, and the run of the tests that must see it."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.promise.mutants.nursery import ROOT, Nursery

_PACKAGE = ROOT / "src" / "askfirst"
_FAILED = 1  # pytest: "tests were collected and run but some of them failed"
_SECONDS_MAX = 240


@dataclass(frozen=True, slots=True, kw_only=True)
class Mutant:
    """A place in the source (`old`, found exactly once), what stands there instead, who sees it.

    `tests` are node ids; each is green without the bug, for the whole suite runs it. `is_quick`:
    it runs in every suite; others need ASKFIRST_TEST_PLANTED, for time.
    """

    name: str
    path: str
    old: str
    new: str
    tests: tuple[str, ...]
    is_quick: bool = True


class NotApplicable(Exception):
    """The source has changed: the patch must be written anew."""


class Copy:
    """A copy of the package, to be imported from a folder. One patch stands in it at a time.

    Compiled files come along with their times, so only what was patched is compiled again.
    """

    def __init__(self, folder: Path) -> None:
        self.source = folder / "src"
        shutil.copytree(_PACKAGE, self.source / "askfirst", copy_function=shutil.copy2)

    @contextmanager
    def patched(self, mutant: Mutant) -> Iterator[Path]:
        """Plant a bug while the block runs; gives the folder."""
        place = self.source / "askfirst" / mutant.path
        place.write_text(patched(mutant), encoding="utf-8")
        try:
            yield self.source
        finally:
            shutil.copy2(_PACKAGE / mutant.path, place)


def patched(mutant: Mutant) -> str:
    """Return the file with the bug in it; raises NotApplicable where the patch does not fit."""
    text = (_PACKAGE / mutant.path).read_text(encoding="utf-8")
    if text.count(mutant.old) != 1:
        times = text.count(mutant.old)
        message = f"{mutant.name}: {mutant.old!r} stands {times} times in {mutant.path}, not once"
        raise NotApplicable(message)
    return text.replace(mutant.old, mutant.new)


def is_seen(mutant: Mutant, copy: Copy, nursery: Nursery) -> tuple[bool, str]:
    """Run the tests against the copy: whether they failed (not: could not run), and what they said.

    A bug that makes a test hang is seen, too: pytest-timeout ends it.
    """
    log = copy.source / "said.log"
    with copy.patched(mutant) as source:
        ended = nursery.run(source, mutant.tests, log, _SECONDS_MAX)
    return ended == _FAILED, f"{ended}: {log.read_text(encoding='utf-8')[-3000:]}"
