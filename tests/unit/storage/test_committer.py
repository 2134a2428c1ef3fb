"""While one batch is being committed the next one gathers; each caller hears only of its own."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

import pytest

from askfirst.domain.values.errors import Unavailable
from askfirst.storage.platform import committer as module
from askfirst.storage.platform.committer import Committer, unheard


class Disk:
    """Takes batches; each is done when `release` is set. A negative job fails, 666 breaks all."""

    def __init__(self, *, open_at_once: bool = True) -> None:
        self.batches: list[list[int]] = []
        self.release = asyncio.Event()
        if open_at_once:
            self.release.set()

    async def run(self, jobs: Sequence[int]) -> Sequence[object]:
        self.batches.append(list(jobs))
        await self.release.wait()
        if 666 in jobs:
            raise OSError("the disk is on fire")
        return [ValueError(str(job)) if job < 0 else job * 10 for job in jobs]


async def test_a_lone_job_is_committed_at_once() -> None:
    disk = Disk()
    assert await Committer(disk.run).submit(7) == 70
    assert disk.batches == [[7]]


async def test_what_comes_during_a_commit_goes_together_into_the_next() -> None:
    disk = Disk(open_at_once=False)
    committer = Committer(disk.run)
    first = asyncio.ensure_future(committer.submit(1))
    await asyncio.sleep(0.01)
    rest = [asyncio.ensure_future(committer.submit(job)) for job in (2, 3, 4)]
    await asyncio.sleep(0.01)
    assert disk.batches == [[1]]
    disk.release.set()
    assert await asyncio.gather(first, *rest) == [10, 20, 30, 40]
    assert disk.batches == [[1], [2, 3, 4]]


async def test_a_batch_has_a_largest_size_and_keeps_the_order() -> None:
    disk = Disk(open_at_once=False)
    committer = Committer(disk.run)
    jobs = list(range(module.JOBS_MAX + 3))
    waiting = [asyncio.ensure_future(committer.submit(job)) for job in jobs]
    await asyncio.sleep(0.01)
    disk.release.set()
    await asyncio.gather(*waiting)
    assert [len(batch) for batch in disk.batches] == [module.JOBS_MAX, 3]
    assert [job for batch in disk.batches for job in batch] == jobs


async def test_a_failed_job_fails_alone() -> None:
    committer = Committer(Disk().run)
    jobs = (committer.submit(job) for job in (1, -2, 3))
    results = await asyncio.gather(*jobs, return_exceptions=True)
    assert results[0::2] == [10, 30]
    assert isinstance(results[1], ValueError)


async def test_a_broken_batch_is_heard_by_all_of_it_and_the_next_one_goes_on() -> None:
    committer = Committer(Disk().run)
    jobs = (committer.submit(job) for job in (1, 666))
    results = await asyncio.gather(*jobs, return_exceptions=True)
    assert all(isinstance(result, OSError) for result in results)
    assert await committer.submit(2) == 20


async def test_a_caller_that_goes_away_disturbs_nobody() -> None:
    disk = Disk(open_at_once=False)
    committer = Committer(disk.run)
    gone = asyncio.ensure_future(committer.submit(1))
    stays = asyncio.ensure_future(committer.submit(2))
    await asyncio.sleep(0.01)
    gone.cancel()
    disk.release.set()
    assert await stays == 20
    assert gone.cancelled()


async def test_a_full_queue_takes_no_more(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "WAITING_MAX", 2)
    disk = Disk(open_at_once=False)
    committer = Committer(disk.run)
    running = asyncio.ensure_future(committer.submit(1))
    await asyncio.sleep(0.01)
    waiting = [asyncio.ensure_future(committer.submit(job)) for job in (2, 3)]
    await asyncio.sleep(0)
    with pytest.raises(Unavailable):
        await committer.submit(4)
    disk.release.set()
    assert await asyncio.gather(running, *waiting) == [10, 20, 30]


async def test_closing_commits_what_waits_and_takes_no_more() -> None:
    disk = Disk()
    committer = Committer(disk.run)
    waiting = [asyncio.ensure_future(committer.submit(job)) for job in (1, 2)]
    await asyncio.sleep(0)
    await committer.close()
    assert await asyncio.gather(*waiting) == [10, 20]
    with pytest.raises(Unavailable):
        await committer.submit(3)


async def test_closing_an_idle_committer_is_done_at_once() -> None:
    disk = Disk(open_at_once=False)
    await asyncio.wait_for(Committer(disk.run).close(), 1)
    assert disk.batches == []


async def test_a_failure_that_nobody_awaits_is_silent() -> None:
    committer = Committer(Disk().run)
    future = unheard(committer.enqueue(-1))
    await committer.close()
    assert isinstance(future.exception(), ValueError)


async def test_what_may_rest_goes_with_the_next_that_may_not() -> None:
    disk = Disk()
    committer = Committer(disk.run)
    resting = committer.enqueue(1, may_rest=True)
    for _ in range(20):
        await asyncio.sleep(0)
    assert disk.batches == []
    assert await committer.submit(2) == 20
    assert await resting == 10
    assert disk.batches == [[1, 2]]


async def test_what_may_rest_goes_alone_where_nothing_else_comes() -> None:
    disk = Disk()
    assert await Committer(disk.run).enqueue(1, may_rest=True) == 10
    assert disk.batches == [[1]]


async def test_what_comes_to_rest_during_a_commit_is_written_all_the_same() -> None:
    disk = Disk(open_at_once=False)
    committer = Committer(disk.run)
    first = asyncio.ensure_future(committer.submit(1))
    await asyncio.sleep(0.01)
    resting = committer.enqueue(2, may_rest=True)
    disk.release.set()
    assert await first == 10
    assert await resting == 20
    assert disk.batches == [[1], [2]]


@pytest.mark.parametrize("is_busy", [False, True])
async def test_closing_writes_what_rests(*, is_busy: bool) -> None:
    disk = Disk()
    committer = Committer(disk.run)
    before = [asyncio.ensure_future(committer.submit(1))] if is_busy else []
    await asyncio.sleep(0)
    resting = committer.enqueue(2, may_rest=True)
    await committer.close()
    assert resting.done()
    assert resting.result() == 20
    await asyncio.gather(*before)
