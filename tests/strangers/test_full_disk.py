"""A disk that is really full: no STOP is acknowledged falsely, and it is said what is wrong."""

from __future__ import annotations

import contextlib
import http.client
import json
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http import HTTPStatus
from pathlib import Path

from tests.strangers.test_floods import SECRET, House
from tests.support.processes import Process, environment

MIB = 1024 * 1024


_ON_A_SMALL_DISK = 'mount -t tmpfs -o size=6m,mode=700 tmpfs "$0" && exec "$@"'
_WAYS = (["unshare", "--map-root-user", "--mount"], ["unshare", "--mount"])


def alone() -> list[str]:
    """Return how a process sees mounts of its own: as anybody, or as root where only root may.

    In a chroot there is no way: what stands there is seen by all, and has to be taken away again.
    """
    for way in _WAYS:
        if subprocess.run([*way, "true"], check=False, capture_output=True).returncode == 0:
            return way
    return []


@contextmanager
def server_on_a_small_disk(place: Path, log: Path) -> Iterator[tuple[House, Path]]:
    """Run a server that alone sees a file system of a few megabytes; gives where we see it."""
    place.mkdir()
    way = alone()
    settings = {"database_url": f"sqlite:///{place / 'ledger.db'}", "webhook_secrets": SECRET}
    small = [*way, "sh", "-c", _ON_A_SMALL_DISK, str(place)]
    with log.open("a") as errors:
        process = subprocess.Popen(
            [*small, sys.executable, "-m", "askfirst", "serve", "--port", "0"],
            stdout=subprocess.PIPE,
            stderr=errors,
            text=True,
            env=environment(**settings),
        )
    with process:
        try:
            house = House(Process(process, log))
            yield house, Path(f"/proc/{process.pid}/root") / place.relative_to("/")
        finally:
            process.kill()
            process.wait()
            if not way:
                subprocess.run(["umount", str(place)], check=True)


def get(house: House, path: str) -> tuple[int, str]:
    client = http.client.HTTPConnection(*house.place, timeout=10)
    client.request("GET", path)
    response = client.getresponse()
    got = response.status, response.read().decode()
    client.close()
    return got


def fill(ballast: Path) -> None:
    """Leave not a single page."""
    with ballast.open("wb", buffering=0) as file, contextlib.suppress(OSError):
        while True:
            file.write(b"x" * 4096)


def wait_until_ready(house: House) -> tuple[int, str]:
    for _ in range(150):
        if get(house, "/readyz")[0] == HTTPStatus.OK:
            break
        time.sleep(0.1)
    return get(house, "/readyz")


def beside(server: int) -> list[str]:
    """Return how another process sees what this one sees."""
    way = alone()
    if not way:
        return []
    # With its root, too: to enter its mounts alone would leave a chroot.
    spaces = ["--mount", "--root", *(["--user"] if "--map-root-user" in way else [])]
    return ["nsenter", f"--target={server}", "--preserve-credentials", *spaces]


def doctor_beside(house: House, place: Path) -> subprocess.CompletedProcess[str]:
    """Run `askfirst doctor` where the server's file system is seen by its own path."""
    return subprocess.run(
        [*beside(house.process.process.pid), sys.executable, "-m", "askfirst", "doctor"],
        capture_output=True,
        text=True,
        env=environment(database_url=f"sqlite:///{place / 'ledger.db'}"),
        check=False,
        timeout=120,
    )


def test_a_full_disk_is_said_everywhere_and_over_when_there_is_room(tmp_path: Path) -> None:
    log = tmp_path / "log"
    with server_on_a_small_disk(tmp_path / "disk", log) as (house, disk):
        assert house.stop("wamid.first")[0] == 200
        ballast = disk / "ballast"
        fill(ballast)
        statuses = [house.stop(f"wamid.{number}")[0] for number in range(300)]
        assert 503 in statuses
        assert set(statuses[statuses.index(503) :]) == {503}
        time.sleep(1.1)
        looks = [get(house, "/readyz") for _ in range(20)]
        assert {status for status, _ in looks} == {503}
        assert "the disk is full\nMake room" in looks[-1][1]
        assert 'askfirst_storage_troubles_total{trouble="disk_full"}' in get(house, "/metrics")[1]
        done = doctor_beside(house, tmp_path / "disk")
        assert done.returncode == 1
        assert "No STOP can be kept: the database cannot be written now: the disk is full" in (
            done.stdout
        )
        ballast.unlink()
        assert wait_until_ready(house) == (200, "ready\n")
        assert house.stop("wamid.last")[0] == 200
    lines = [json.loads(line) for line in log.read_text().splitlines()]
    (said,) = (line for line in lines if line["event"] == "cannot_write")
    assert (said["level"], said["signal"]) == ("error", "disk_full")
    assert "Make room" in said["error"]
    assert [line["signal"] for line in lines if line["event"] == "writes_again"] == ["disk_full"]
