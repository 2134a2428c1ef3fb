"""The write path is asked for, seldom, and its trouble is said, not shouted."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import pytest
from structlog.testing import capture_logs

from askfirst.bootstrap import write_watch
from askfirst.bootstrap.write_watch import WriteWatch
from askfirst.domain.values.errors import Unavailable, UnsafeStorage
from askfirst.domain.values.finding import Severity
from askfirst.domain.values.storage_trouble import StorageTrouble
from askfirst.web.metrics import Metrics


class Disk:
    """A store whose writes do what the test says."""

    def __init__(self) -> None:
        self.probes = 0
        self.error: Exception | None = None
        self.is_open = asyncio.Event()
        self.is_open.set()

    async def ready(self) -> None:
        return

    async def probe(self) -> None:
        self.probes += 1
        await self.is_open.wait()
        if self.error is not None:
            raise self.error

    def fill(self) -> None:
        trouble = StorageTrouble.DISK_FULL
        self.error = Unavailable("the database cannot be written now", trouble=trouble)


@pytest.fixture
def disk() -> Disk:
    return Disk()


@pytest.fixture
def metrics() -> Metrics:
    return Metrics()


@pytest.fixture
async def watch(
    disk: Disk, metrics: Metrics, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[WriteWatch]:
    monkeypatch.setattr(write_watch, "REST_SECONDS", 0.1)
    monkeypatch.setattr(write_watch, "PATIENCE_SECONDS", 0.05)
    watch = WriteWatch(disk, metrics)
    yield watch
    await watch.close()


async def test_many_who_ask_at_once_cost_one_probe(watch: WriteWatch, disk: Disk) -> None:
    assert await asyncio.gather(*(watch.look() for _ in range(500))) == [None] * 500
    for _ in range(50):
        await watch.look()
    assert disk.probes == 1
    await asyncio.sleep(0.12)
    await watch.look()
    assert disk.probes == 2


async def test_trouble_is_said_once_with_its_remedy_and_counted(
    watch: WriteWatch, disk: Disk, metrics: Metrics
) -> None:
    disk.fill()
    with capture_logs() as lines:
        for _ in range(3):
            for _ in range(100):
                error = await watch.look()
                assert isinstance(error, Unavailable)
            await asyncio.sleep(0.12)
        disk.error = None
        assert await watch.look() is None
        assert await watch.look() is None
    first, last = lines
    assert (first["event"], first["log_level"], first["signal"]) == (
        "cannot_write",
        "error",
        "disk_full",
    )
    assert "Make room" in first["error"]
    assert (last["event"], last["signal"]) == ("writes_again", "disk_full")
    assert b'askfirst_storage_troubles_total{trouble="disk_full"} 3.0' in metrics.render()


async def test_another_trouble_is_said_at_once(watch: WriteWatch, disk: Disk) -> None:
    disk.fill()
    with capture_logs() as lines:
        await watch.look()
        disk.error = UnsafeStorage("PostgreSQL must run with fsync = on")
        await asyncio.sleep(0.12)
        await watch.look()
    assert [line["signal"] for line in lines] == ["disk_full", "other"]


async def test_a_write_that_waits_too_long_is_trouble_and_is_not_cut_off(
    watch: WriteWatch, disk: Disk
) -> None:
    disk.is_open.clear()
    for _ in range(5):
        error = await watch.look()
        assert isinstance(error, Unavailable)
        assert error.trouble is StorageTrouble.LOCKED
        await asyncio.sleep(0.12)
    assert disk.probes == 1  # it still waits, and no second one stands behind it
    disk.is_open.set()
    assert await watch.look() is None


async def test_a_finding_says_what_to_do(watch: WriteWatch, disk: Disk) -> None:
    (finding,) = await watch.find()
    assert (finding.check, finding.severity) == ("database", Severity.OK)
    disk.fill()
    await asyncio.sleep(0.12)
    (finding,) = await watch.find()
    assert finding.severity is Severity.PROBLEM
    assert finding.remedy == StorageTrouble.DISK_FULL.remedy


@pytest.mark.parametrize("trouble", StorageTrouble)
def test_every_trouble_has_words_and_a_remedy(trouble: StorageTrouble) -> None:
    assert trouble.words
    assert trouble.remedy.endswith(".")
