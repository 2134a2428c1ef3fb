"""A bar on a terminal, nothing elsewhere."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Protocol

from rich.console import Console
from rich.progress import BarColumn, TextColumn, TimeElapsedColumn
from rich.progress import Progress as Bar


class Progress(Protocol):
    """Is told what comes next."""

    def step(self, what: str) -> None: ...


class _Shown:
    def __init__(self, bar: Bar, steps: int) -> None:
        self._bar = bar
        self._task = bar.add_task("", total=steps)
        self._begun = False

    def step(self, what: str) -> None:
        self._bar.update(self._task, description=what, advance=int(self._begun))
        self._begun = True


class _Silent:
    def step(self, what: str) -> None:
        pass


@contextmanager
def progress(steps: int, *, quiet: bool) -> Iterator[Progress]:
    """Show so many steps while the block runs."""
    console = Console(stderr=True)
    if quiet or not console.is_terminal:
        yield _Silent()
        return
    columns = (TextColumn("{task.description:<24}"), BarColumn(), TimeElapsedColumn())
    with Bar(*columns, console=console, transient=True) as bar:
        yield _Shown(bar, steps)
