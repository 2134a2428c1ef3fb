"""The lock file beside a SQLite file: where the server that holds it listens, and a secret.

The secret is made for one run, is never stored in the database, and dies with the process: a
lock file that a crash left behind opens nothing.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
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


@contextmanager
def announced_demo(usual: Path, demo: Path) -> Iterator[None]:
    """Let commands that look for the usual database find the demo's, while the block runs.

    Where nothing can be written there, the demo runs all the same, and is not found.
    """
    sign = _demo_sign(usual)
    with suppress(OSError):
        sign.parent.mkdir(parents=True, exist_ok=True)
        sign.write_text(str(demo.resolve()), encoding="utf-8")
    try:
        yield
    finally:
        with suppress(OSError):
            if sign.read_text(encoding="utf-8") == str(demo.resolve()):
                sign.unlink()
            sign.parent.rmdir()  # where it is empty, it was made for this


def find_demo(usual: Path) -> Path | None:
    """Find the database of a demo that runs, where there is no usual one."""
    if usual.exists():
        return None
    try:
        demo = Path(_demo_sign(usual).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    return demo if read_lockfile(demo) else None


def _demo_sign(usual: Path) -> Path:
    return usual.with_name(usual.name + ".demo")
