"""Every check speaks, and none can silence another."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

import pytest

from askfirst.domain.values.errors import Unavailable
from askfirst.domain.values.finding import Finding, Severity
from askfirst.usecases.transparency.diagnose import Check, diagnose

FINE = Finding(check="fine", severity=Severity.OK, summary="All is well.")


async def fine() -> tuple[Finding, ...]:
    return (FINE,)


async def nothing() -> tuple[Finding, ...]:
    return ()


async def hangs() -> tuple[Finding, ...]:
    await asyncio.sleep(3600)
    return ()


async def unavailable() -> tuple[Finding, ...]:
    raise Unavailable("the disk is full")


async def broken() -> tuple[Finding, ...]:
    raise ValueError("+447700900123 said something")


async def test_findings_come_in_the_order_of_the_checks() -> None:
    found = await diagnose((Check("none", nothing), Check("fine", fine), Check("fine", fine)))
    assert found == (FINE, FINE)


@pytest.mark.parametrize(
    ("find", "why"),
    [(unavailable, "the disk is full"), (broken, "ValueError"), (hangs, "within 0.05 seconds")],
)
async def test_a_check_that_fails_is_a_problem_and_the_others_go_on(
    find: Callable[[], Awaitable[tuple[Finding, ...]]], why: str
) -> None:
    failed, after = await diagnose((Check("it", find), Check("fine", fine)), seconds_max=0.05)
    assert (failed.check, failed.severity, after) == ("it", Severity.PROBLEM, FINE)
    assert why in failed.summary
    assert failed.remedy


async def test_what_an_error_holds_of_a_person_does_not_show() -> None:
    (found,) = await diagnose((Check("it", broken),))
    assert "7700" not in found.summary + found.remedy
