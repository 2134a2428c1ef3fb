"""Folders that exports go to, a store that speaks S3, and what lies in them."""

from __future__ import annotations

import json
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx

from askfirst.bootstrap.exports.places import FolderPlace
from askfirst.bootstrap.exports.writer import ExportWriter
from askfirst.domain.bulk.export import ExportKind, FileFormat
from askfirst.domain.bulk.export_schedule import ExportSchedule
from askfirst.usecases.bulk.exports.manage_schedules import ScheduleWish, schedule_export
from tests.support.builders import BUSINESS
from tests.support.services import World, build_world

DESTINATION = "warehouse"
_SECONDS_TO_START = 60.0


def exporting(world: World, folder: Path) -> World:
    """Return the same world with a destination: this folder."""
    files = ExportWriter({DESTINATION: FolderPlace(str(folder))})
    return build_world(world.store, world.clock, export_files=files, ids=world.services.ids)


async def scheduled(
    world: World, kind: ExportKind = ExportKind.LEDGER, **parts: Any
) -> ExportSchedule:
    """Schedule an export of every day."""
    wish: dict[str, Any] = {
        "kind": kind,
        "format": FileFormat.LINES,
        "every_hours": 24,
        "destination": DESTINATION,
        "with_numbers": False,
        "may_see_numbers": True,
    }
    business_id = parts.pop("business_id", BUSINESS)
    return await schedule_export(world.services, business_id, ScheduleWish(**(wish | parts)))


def lines_in(folder: Path) -> dict[str, list[dict[str, Any]]]:
    """Return the lines of each file that has its name."""
    return {
        path.name: [json.loads(line) for line in path.read_bytes().splitlines()]
        for path in sorted(folder.iterdir())
        if not path.name.endswith(".part")
    }


def is_whole(lines: list[dict[str, Any]]) -> bool:
    """Return whether lines have a header, an end, and as many rows as that says."""
    return (lines[0]["line"], lines[-1]["line"], lines[-1]["rows"]) == (
        "header",
        "end",
        len(lines) - 2,
    )


@contextmanager
def s3_server() -> Iterator[str]:
    """Run a store that speaks S3, in a process of its own; gives its address."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        port = taken.getsockname()[1]
    command = [sys.executable, "-m", "moto.server", "-H", "127.0.0.1", "-p", str(port)]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        _wait_for(port, process)
        yield f"http://127.0.0.1:{port}"
    finally:
        process.terminate()
        process.wait(20)


def _wait_for(port: int, process: subprocess.Popen[bytes]) -> None:
    until = time.monotonic() + _SECONDS_TO_START
    while time.monotonic() < until and process.poll() is None:
        try:
            httpx.get(f"http://127.0.0.1:{port}/", timeout=5)
        except httpx.TransportError:
            time.sleep(0.2)
        else:
            return
    raise AssertionError("no store that speaks S3: pip install 'moto[s3,server]', see dev.in")
