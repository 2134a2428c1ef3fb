"""Every case, through REST: recorded by POST /v1/consents and webhooks, asked by POST /v1/check."""

import pytest

from tests.scenarios.doors import Doors
from tests.scenarios.story import Case, load_cases


@pytest.mark.parametrize("case", load_cases(), ids=str)
async def test_the_check_says_so(case: Case, doors: Doors) -> None:
    for act in case.acts:
        await doors.play(act)
    got = await doors.check(case.ask)
    assert got.status == 200, got.body
    told = got.json
    assert (told["verdict"], told["reasons"][0]["code"]) == (case.verdict, case.reason)
    assert case.purpose is None or told["purpose"] == case.purpose
