"""A disk that is really full: no STOP is acknowledged falsely, and it is said what is wrong."""

from __future__ import annotations

import contextlib
import http.client
import json
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.strangers.test_floods import SECRET, House
from tests.support.processes import run, running

MIB = 1024 * 1024


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A file system of a few megabytes in memory; to mount one takes a privilege."""
    place = tmp_path / "disk"
    place.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=6m,mode=700", "tmpfs", str(place)]
    if subprocess.run(mount, check=False, capture_output=True).returncode:
        pytest.skip("mounting a file system is not permitted here")
    yield place
    subprocess.run(["umount", "--lazy", str(place)], check=True)


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
        got = get(house, "/readyz")
        if got[0] == 200:
            return got
        time.sleep(0.1)
    return got


def test_a_full_disk_is_said_everywhere_and_over_when_there_is_room(small_disk: Path) -> None:
    database, log = f"sqlite:///{small_disk / 'ledger.db'}", small_disk.parent / "log"
    settings = {"database_url": database, "webhook_secrets": SECRET}
    with running(log, "serve", "--port", "0", **settings) as process:
        house = House(process)
        assert house.stop("wamid.first")[0] == 200
        ballast = small_disk / "ballast"
        fill(ballast)
        statuses = [house.stop(f"wamid.{number}")[0] for number in range(300)]
        assert 503 in statuses
        assert set(statuses[statuses.index(503) :]) == {503}
        time.sleep(1.1)
        for _ in range(20):
            status, told = get(house, "/readyz")
            assert status == 503
        assert "the disk is full\nMake room" in told
        assert 'askfirst_storage_troubles_total{trouble="disk_full"}' in get(house, "/metrics")[1]
        done = run("doctor", settings={"DATABASE_URL": database})
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
