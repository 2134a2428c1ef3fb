"""No more leaves than the cap, whatever is sent at once, from wherever; and the race can tell."""

from __future__ import annotations

import pytest

from tests.conftest import BACKENDS
from tests.promise.cap_race import cap_race
from tests.promise.sizes import CAPPED, SECONDS_FOR_PLANT, SECONDS_MAX

pytestmark = pytest.mark.timeout(SECONDS_MAX * 2)
on_each_backend = pytest.mark.parametrize("backend", BACKENDS)
COUNTS = ("count_then_send", "cap_per_sender", "given_back_twice")


@on_each_backend
@pytest.mark.parametrize("cap", [1, 2])
def test_no_more_leaves_than_the_cap(backend: str, cap: int) -> None:
    result = cap_race(backend, CAPPED, cap=cap, seconds_max=SECONDS_MAX)
    assert result.over == 0
    assert result.people >= CAPPED
    assert result.full >= result.people * 0.7, "places that are free are used"


@on_each_backend
def test_no_more_leaves_than_the_cap_where_servers_are_killed(backend: str) -> None:
    result = cap_race(backend, CAPPED, restarts=True, seconds_max=SECONDS_MAX)
    assert result.over == 0
    assert result.taken > 0


@on_each_backend
@pytest.mark.parametrize("plant", COUNTS)
def test_the_race_catches_each_bug_in_counting(backend: str, plant: str) -> None:
    cap = 2 if plant == "given_back_twice" else 1
    assert cap_race(backend, CAPPED * 10, cap=cap, plant=plant, seconds_max=SECONDS_FOR_PLANT).over
