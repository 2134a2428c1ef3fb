"""What happened, one JSON object a line, stamped with the one monotonic clock of this host."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from types import TracebackType
from typing import Any, Self

Record = Mapping[str, Any]


class Journal:
    """One process's notes. Each line reaches the file at once, for a process may be killed."""

    def __init__(self, path: Path) -> None:
        self._file = path.open("ab", buffering=0)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, _: TracebackType | None
    ) -> None:
        self._file.close()

    def note(self, what: str, **details: object) -> None:
        self._file.write(json.dumps({"what": what} | details).encode() + b"\n")


class JournalReader:
    """Reads every journal of a folder as it grows; a line that is not whole yet waits."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._read: dict[Path, int] = {}

    def fresh(self) -> Iterator[Record]:
        """Yield what was written since the last call."""
        for path in sorted(self._folder.glob("*.jsonl")):
            with path.open("rb") as file:
                file.seek(self._read.get(path, 0))
                text = file.read()
            whole = text[: text.rfind(b"\n") + 1]
            self._read[path] = self._read.get(path, 0) + len(whole)
            for line in whole.splitlines():
                yield json.loads(line)
