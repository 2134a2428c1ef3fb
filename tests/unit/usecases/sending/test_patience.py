"""What hangs is given up in time; what never waits needs no clock."""

from __future__ import annotations

import asyncio

import pytest

from askfirst.domain.values.errors import NotAuthenticated, Unavailable
from askfirst.usecases.sending.patience import Patience

SHORT = 0.02


async def at_once(value: int) -> int:
    return value


async def soon(value: int) -> int:
    for _ in range(3):
        await asyncio.sleep(0)
    return await asyncio.sleep(SHORT / 10, value)


async def never() -> int:
    await asyncio.get_running_loop().create_future()
    return 0


async def test_what_never_waits_starts_no_timer(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("call_later", "call_at"):
        monkeypatch.setattr(asyncio.get_running_loop(), name, None)
    assert await Patience().give(at_once(7)) == 7


async def test_what_waits_and_is_done_in_time_gives_its_result() -> None:
    assert await Patience(5.0).give(soon(7)) == 7


async def test_what_hangs_is_given_up_and_told_so() -> None:
    ended = asyncio.Event()

    async def hangs() -> int:
        try:
            return await never()
        finally:
            ended.set()

    with pytest.raises(Unavailable, match="in time"):
        await Patience(SHORT).give(hangs())
    assert ended.is_set()


async def test_what_was_used_up_before_is_not_given_again() -> None:
    patience = Patience(SHORT)
    with pytest.raises(Unavailable):
        await patience.give(never())
    assert patience.left <= 0
    with pytest.raises(Unavailable):
        await patience.give(soon(7))


@pytest.mark.parametrize("waits", [False, True])
async def test_what_is_refused_is_refused_as_it_was(waits: bool) -> None:
    async def refuses() -> int:
        if waits:
            await asyncio.sleep(0)
        raise NotAuthenticated("no key")

    with pytest.raises(NotAuthenticated, match="no key"):
        await Patience(5.0).give(refuses())


async def test_an_error_of_what_it_waits_for_comes_to_the_work() -> None:
    gone = asyncio.get_running_loop().create_future()

    async def waits() -> str:
        try:
            await gone
        except ConnectionError:
            return await asyncio.sleep(0, "caught")
        return "not seen"

    task = asyncio.create_task(Patience(5.0).give(waits()))
    await asyncio.sleep(0)
    gone.set_exception(ConnectionError())
    assert await task == "caught"


async def test_whoever_is_cancelled_from_outside_stays_cancelled() -> None:
    task = asyncio.create_task(Patience(5.0).give(never()))
    await asyncio.sleep(0)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
