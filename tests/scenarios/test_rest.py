"""Every case, through REST: recorded by POST /v1/consents and webhooks, asked by POST /v1/check."""

import pytest

from askfirst.domain.values.timestamp import to_rfc3339
from tests.scenarios.doors import Doors
from tests.scenarios.story import Case, load_cases

CASES = [case for case in load_cases() if not case.ask.is_repeated and not case.ask.text]
"""A check names no words, so it finds no duplicate, and no advertisement."""


@pytest.mark.parametrize("case", CASES, ids=str)
async def test_the_check_says_so(case: Case, doors: Doors) -> None:
    for act in case.acts:
        await doors.play(act)
    got = await doors.check(case.ask)
    assert got.status == 200, got.body
    told = got.json
    assert (told["verdict"], told["reasons"][0]["code"]) == (case.verdict, case.reason)
    assert case.purpose is None or told["purpose"] == case.purpose
    assert told["retry_at"] == (to_rfc3339(case.retry) if case.retry else None)
