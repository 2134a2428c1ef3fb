"""What becomes of codes that are typed in, at every edge of their lives."""

from __future__ import annotations

import asyncio
from collections import Counter
from typing import Any

import pytest

from askfirst.domain.codes.code import Result
from askfirst.domain.codes.code_limits import FAILED_CHECKS_MOST, failed_check_use
from askfirst.domain.codes.code_signal import CodeSignal
from askfirst.domain.consent.event import Assurance, EventKind, Source
from askfirst.domain.consent.standing import Answer, view
from askfirst.domain.value import replace
from askfirst.domain.values.errors import TooMany, Unavailable
from askfirst.domain.values.network_address import NetworkAddress
from askfirst.domain.values.purpose import AUTHENTICATION, MARKETING, UTILITY
from askfirst.usecases.codes.check_code import Attempt, check_code
from askfirst.usecases.codes.code_wish import evidence_of
from tests.support.builders import ANA, BEN, BUSINESS, RIVAL, spelt_by_meta
from tests.support.clocks import NOON
from tests.support.code_desk import CodeDesk, open_code_desk
from tests.support.reading import standing_of
from tests.support.services import World
from tests.support.stores import Home


@pytest.fixture
async def desk(sqlite_world: World) -> CodeDesk:
    return await open_code_desk(sqlite_world)


MATRIX = [
    # (tries before, seconds after, what is typed) -> result, tries left
    (0, 0, "right", Result.APPROVED, 0),
    (0, 0, "wrong", Result.WRONG, 2),
    (1, 0, "wrong", Result.WRONG, 1),
    (2, 0, "wrong", Result.WRONG, 0),
    (2, 0, "right", Result.APPROVED, 0),
    (3, 0, "right", Result.LOCKED, 0),
    (3, 0, "wrong", Result.LOCKED, 0),
    (0, 299.999999, "right", Result.APPROVED, 0),
    (2, 299.999999, "wrong", Result.WRONG, 0),
    (0, 300, "right", Result.EXPIRED, 0),
    (0, 300, "wrong", Result.EXPIRED, 0),
    (3, 300, "right", Result.EXPIRED, 0),
    (0, 86_400, "right", Result.EXPIRED, 0),
]


@pytest.mark.parametrize(("tries", "wait", "what", "result", "left"), MATRIX)
async def test_the_matrix_of_results(
    desk: CodeDesk, tries: int, wait: float, what: str, result: Result, left: int
) -> None:
    code = await desk.ask()
    await desk.fail(code, tries)
    desk.world.clock.advance(wait)
    tried = await desk.tried(code, desk.digits if what == "right" else "00000000")
    assert tried.result is result
    if result is Result.WRONG:
        assert tried.code.tries_max - tried.code.tries == left


@pytest.mark.parametrize("wait", [0, 299.999999, 300, 86_400])
async def test_a_used_code_is_used_for_ever(desk: CodeDesk, wait: float) -> None:
    code = await desk.ask()
    assert await desk.type(code, desk.digits) is Result.APPROVED
    desk.world.clock.advance(wait)
    for typed in (desk.digits, f" {desk.digits[:4]}-{desk.digits[4:]}", "00000000"):
        assert await desk.type(code, typed) is Result.USED


async def test_a_code_is_used_up_in_every_spelling(desk: CodeDesk) -> None:
    code = await desk.ask()
    arabic = "".join(chr(0x660 + int(digit)) for digit in desk.digits)
    assert await desk.type(code, f"{arabic[:4]} {arabic[4:]}") is Result.APPROVED
    assert await desk.type(code, desk.digits) is Result.USED


async def test_a_code_is_good_where_it_belongs_and_nowhere_else(desk: CodeDesk) -> None:
    code = await desk.ask()
    digits = desk.digits
    other = await desk.ask(BEN)
    wrong: tuple[dict[str, Any], ...] = (
        {"purpose": "payment"},
        {"number": BEN},
        {"number": BEN, "purpose": "payment"},
    )
    for session in wrong:
        assert await desk.type(code, digits, **session) is Result.WRONG
    assert await desk.type(other, digits) is Result.WRONG
    foreign = Attempt(business_id=RIVAL, code_id=code.code_id, typed=digits, purpose="login")
    assert await check_code(desk.services, foreign) is None


async def test_the_number_may_be_told_in_either_spelling(desk: CodeDesk) -> None:
    code = await desk.ask()
    right = {"number": spelt_by_meta(ANA.value)}
    assert await desk.type(code, desk.digits, **right) is Result.APPROVED


async def test_of_wrong_guesses_at_once_three_are_looked_at(world: World) -> None:
    """A thousand of them are thrown at each store in tests/contract/test_codes.py."""
    desk = await open_code_desk(world)
    code = await desk.ask()
    guesses = [f"{number:08d}" for number in range(20) if f"{number:08d}" != desk.digits]
    results = Counter(await asyncio.gather(*(desk.type(code, guess) for guess in guesses)))
    assert results == {Result.WRONG: 3, Result.LOCKED: len(guesses) - 3}
    assert await desk.type(code, desk.digits) is Result.LOCKED


async def test_of_right_codes_at_once_one_is_approved_and_one_event_made(world: World) -> None:
    desk = await open_code_desk(world)
    code = await desk.ask()
    results = await asyncio.gather(*(desk.type(code, desk.digits) for _ in range(3)))
    assert Counter(results)[Result.APPROVED] == 1
    kinds = [event.kind for event in await desk.events()]
    assert kinds == [EventKind.GRANTED, EventKind.CONFIRMED]


async def test_an_approval_confirms_the_number_for_codes_and_for_nothing_else(
    desk: CodeDesk,
) -> None:
    code = await desk.ask()
    desk.world.clock.advance(10)
    await desk.type(code, desk.digits)
    _, proof = await desk.events()
    assert (proof.kind, proof.purposes) == (EventKind.CONFIRMED, ("authentication",))
    assert (proof.assurance, proof.surface.value) == (Assurance.CONFIRMED, "code")
    assert (proof.source, proof.occurred_at) == (Source.API, code.created_at)
    standing = await standing_of(desk.world.store)
    assert view(standing, AUTHENTICATION).assurance is Assurance.CONFIRMED
    for purpose in (MARKETING, UTILITY):
        assert view(standing, purpose).answer is Answer.UNASKED


async def test_only_an_approval_makes_an_event(desk: CodeDesk) -> None:
    code = await desk.ask()
    await desk.fail(code, 3)
    await desk.type(code, desk.digits)
    assert len(await desk.events()) == 1


async def test_evidence_names_the_request_and_never_the_code(desk: CodeDesk) -> None:
    code = await desk.ask(reference="session 1")
    evidence = evidence_of(code, how="code").decode()
    assert code.code_id in evidence
    assert "session 1" in evidence
    assert desk.digits not in evidence
    assert ANA.value not in evidence


async def test_neither_code_nor_number_is_on_the_disk_after_a_log_in(sqlite_home: Home) -> None:
    from tests.support.clocks import CountingIds, FakeClock
    from tests.support.services import build_world

    clock = FakeClock()
    store = await sqlite_home.open(ids=CountingIds(), clock=clock)
    desk = await open_code_desk(build_world(store, clock))
    code = await desk.ask(reference="session-4711", address=NetworkAddress("203.0.113.77"))
    await desk.type(code, "31415926")
    await desk.wait(20)
    await desk.type(code, desk.texted)
    secrets = (desk.digits, desk.texted, "31415926", ANA.value, "session-4711", "203.0.113.77")
    await store.close()
    raw = await sqlite_home.raw_bytes()
    assert [secret for secret in secrets if secret.encode() in raw] == []


async def test_a_business_with_too_many_failures_is_told_nothing_more(desk: CodeDesk) -> None:
    code = await desk.ask()
    use = replace(failed_check_use(), amount=FAILED_CHECKS_MOST - 1)
    await desk.services.limits.take(BUSINESS, (use,), NOON)
    assert await desk.type(code, "0") is Result.WRONG
    with pytest.raises(TooMany):
        await desk.type(code, "0")
    assert await desk.type(code, desk.digits) is Result.LOCKED
    assert desk.world.telemetry.alarms == [CodeSignal.FAILED_CHECKS]


async def test_trouble_while_judging_approves_nothing(desk: CodeDesk) -> None:
    class NoLedger:
        async def commit(self, change: object) -> None:
            raise Unavailable("the database cannot be written now")

    code = await desk.ask()
    services = replace(desk.services, ledger=NoLedger())  # type: ignore[arg-type]
    attempt = Attempt(
        business_id=BUSINESS, code_id=code.code_id, typed=desk.digits, purpose="login"
    )
    with pytest.raises(Unavailable):
        await check_code(services, attempt)
    assert await desk.type(code, desk.digits) is Result.USED
