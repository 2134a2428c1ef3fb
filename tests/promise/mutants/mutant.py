"""One planted bug, and the run of the tests that must see it."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[3]
_FAILED = 1  # pytest: "tests were collected and run but some of them failed"
_SECONDS_MAX = 240


@dataclass(frozen=True, slots=True, kw_only=True)
class Mutant:
    """A place in the source (`old`, found exactly once), what stands there instead, who sees it.

    `tests` are node ids; each is green without the bug, for the whole suite runs it. `is_quick`:
    it runs in every suite; others need ASKFIRST_TEST_FULL, for time.
    """

    name: str
    path: str
    old: str
    new: str
    tests: tuple[str, ...]
    is_quick: bool = True


class NotApplicable(Exception):
    """The source has changed: the patch must be written anew."""


def plant(mutant: Mutant, folder: Path) -> Path:
    """Copy the package and patch the copy; returns the folder to import it from.

    Compiled files come along with their times, so only what was patched is compiled again.
    """
    source = folder / "src"
    shutil.copytree(ROOT / "src" / "askfirst", source / "askfirst", copy_function=shutil.copy2)
    (source / "askfirst" / mutant.path).write_text(patched(mutant), encoding="utf-8")
    return source


def patched(mutant: Mutant) -> str:
    """Return the file with the bug in it; raises NotApplicable where the patch does not fit."""
    text = (ROOT / "src" / "askfirst" / mutant.path).read_text(encoding="utf-8")
    if text.count(mutant.old) != 1:
        times = text.count(mutant.old)
        message = f"{mutant.name}: {mutant.old!r} stands {times} times in {mutant.path}, not once"
        raise NotApplicable(message)
    return text.replace(mutant.old, mutant.new)


def is_seen(mutant: Mutant, source: Path) -> tuple[bool, str]:
    """Run the tests against the copy: whether they failed (not: could not run), and what they said.

    A bug that makes a test hang is seen, too: pytest-timeout ends it.
    """
    command = [sys.executable, "-m", "pytest", "-q", "-x", "--tb=line", "-p", "no:cacheprovider"]
    ended = subprocess.run(
        [*command, "--timeout=200", *mutant.tests],
        cwd=ROOT,
        env=_environment(source),
        capture_output=True,
        text=True,
        timeout=_SECONDS_MAX,
        check=False,
    )
    return ended.returncode == _FAILED, ended.stdout[-2000:] + ended.stderr[-1000:]


def _environment(source: Path) -> dict[str, str]:
    """Let the copy be imported before what is installed; nothing of the outer run goes along."""
    ours = {name: text for name, text in os.environ.items() if not name.startswith("PYTEST_")}
    return ours | {"PYTHONPATH": str(source), "PYTHONDONTWRITEBYTECODE": "1"}
