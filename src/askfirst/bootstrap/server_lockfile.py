"""The lock file beside a SQLite file: where the server that holds it listens, and a secret.

The secret is made for one run, is never stored in the database, and dies with the process: a
lock file that a crash left behind opens nothing.
"""

from __future__ import annotations

import json
import os
from dataclasses import asdict, dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True, kw_only=True)
class RunningServer:
    """What the command line needs to reach the server."""

    address: str
    secret: str
    pid: int

    def __repr__(self) -> str:
        return f"RunningServer({self.address}, …)"


def lockfile_path(database: Path) -> Path:
    """Where the lock file of a database lies."""
    real = database.resolve()  # the same note under every link to the file
    return real.with_name(real.name + ".server")


def write_lockfile(database: Path, server: RunningServer) -> None:
    """Write the lock file, whole and readable by its owner only from the first moment."""
    path = lockfile_path(database)
    draft = path.with_name(f"{path.name}.{server.pid}")
    draft.unlink(missing_ok=True)
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        json.dump(asdict(server), file)
    draft.replace(path)


def read_lockfile(database: Path) -> RunningServer | None:
    """Read the lock file; None where there is none, or none that can be read."""
    try:
        return RunningServer(**json.loads(lockfile_path(database).read_text(encoding="utf-8")))
    except (OSError, ValueError, TypeError):
        return None


def remove_lockfile(database: Path, server: RunningServer) -> None:
    """Remove the lock file, unless another server has left its own since."""
    if read_lockfile(database) == server:
        lockfile_path(database).unlink(missing_ok=True)
