"""Where nothing is judged, the answer says why, and not that the code were locked."""

from __future__ import annotations

import pytest

from askfirst.domain.codes.code import Channel, Code, Result
from askfirst.domain.codes.code_limits import FAILED_CHECKS_MOST, failed_check_use
from askfirst.domain.value import replace
from askfirst.domain.values.errors import Conflict, TooMany
from askfirst.ports.codes.codes import Tried
from askfirst.usecases.codes.check_code import Attempt, check_code
from tests.support.builders import BEN, BUSINESS
from tests.support.clocks import NOON
from tests.support.code_desk import CodeDesk, code_id, open_code_desk
from tests.support.services import World


@pytest.fixture
async def desk(sqlite_world: World) -> CodeDesk:
    return await open_code_desk(sqlite_world)


def attempt(code: Code, typed: str) -> Attempt:
    return Attempt(business_id=BUSINESS, code_id=code.code_id, typed=typed, purpose="login")


async def judged(desk: CodeDesk, code: Code, typed: str) -> Tried | None:
    return await check_code(desk.services, attempt(code, typed))


async def fail_all_day(desk: CodeDesk, before: int = 0) -> None:
    """Somebody else uses up what the business may fail in a day."""
    use = replace(failed_check_use(), amount=FAILED_CHECKS_MOST - before)
    await desk.services.limits.take(BUSINESS, (use,), NOON)


async def test_a_business_that_failed_too_often_is_told_so_whatever_is_typed(
    desk: CodeDesk,
) -> None:
    code = await desk.ask()
    await fail_all_day(desk)
    desk.world.clock.advance(60)
    told = []
    for typed in ("0", desk.digits):
        with pytest.raises(TooMany) as too_many:
            await judged(desk, code, typed)
        error = too_many.value
        told.append((error.policy, error.retry_after_seconds, error.message))
    assert told[0] == told[1]
    assert told[0][:2] == ("failed_checks", 86_400 - 60)
    assert "whatsapp_inbound stays open" in told[0][2]


@pytest.mark.parametrize("is_right", [True, False])
async def test_the_last_try_tells_no_more_than_that_it_was_the_last(
    desk: CodeDesk, is_right: bool
) -> None:
    code = await desk.ask()
    await desk.fail(code, 2)
    await fail_all_day(desk, before=2)
    tried = await judged(desk, code, desk.digits if is_right else "0")
    assert tried is not None
    assert tried.result is Result.LOCKED


async def test_the_number_proves_itself_all_the_same(desk: CodeDesk) -> None:
    await fail_all_day(desk)
    requested = await desk.request(channels=(Channel.WHATSAPP_INBOUND,))
    assert requested.proof is not None


async def test_who_has_to_write_is_told_that_there_is_nothing_to_type(desk: CodeDesk) -> None:
    requested = await desk.request(channels=(Channel.WHATSAPP_INBOUND,))
    with pytest.raises(Conflict, match="no code to type"):
        await judged(desk, requested.code, "00000000")
    desk.world.clock.advance(600)
    tried = await judged(desk, requested.code, "00000000")
    assert tried is not None
    assert tried.result is Result.EXPIRED


async def test_all_else_is_judged(desk: CodeDesk) -> None:
    code = await desk.ask()
    results = [await judged(desk, code, typed) for typed in ("0", desk.digits, "0")]
    assert [one and one.result for one in results] == [Result.WRONG, Result.APPROVED, Result.USED]
    other = await desk.ask(BEN)
    for _ in range(3):
        await judged(desk, other, "0")
    locked = await judged(desk, other, desk.digits)
    assert locked is not None
    assert locked.result is Result.LOCKED
    assert await judged(desk, replace(code, code_id=code_id(9)), "0") is None
