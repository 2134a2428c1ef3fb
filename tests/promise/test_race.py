"""No message leaves after a stop was acknowledged, whatever happens meanwhile."""

from __future__ import annotations

import pytest

from tests.conftest import BACKENDS
from tests.promise.race import crash_database, race, restart_server
from tests.promise.sizes import RACED, SECONDS_MAX, SKEWS

pytestmark = pytest.mark.timeout(SECONDS_MAX * 3)
on_each_backend = pytest.mark.parametrize("backend", BACKENDS)


@on_each_backend
def test_no_message_leaves_after_a_stop_was_acknowledged(backend: str) -> None:
    result = race(backend, RACED, seconds_max=SECONDS_MAX)
    assert result.stale == 0, result
    assert result.stray == 0, result
    assert result.failed < result.decisions / 200, result  # a busy machine may answer "not now"
    assert result.unconcluded <= result.failed, result  # an outcome is lost only with its batch
    assert result.raced >= RACED, result
    assert min(result.allowed, result.denied) > result.decisions / 20, result


@pytest.mark.postgres
def test_no_message_leaves_after_a_stop_although_the_database_crashes() -> None:
    result = race("postgres", RACED // 8, trouble=crash_database, seconds_max=SECONDS_MAX)
    assert result.stale == 0, result
    assert result.stray == 0, result
    assert result.raced >= RACED // 8, result
    assert result.failed, result


@on_each_backend
def test_no_message_leaves_after_a_stop_although_a_server_is_killed(backend: str) -> None:
    result = race(backend, RACED // 30, trouble=restart_server, seconds_max=SECONDS_MAX)
    assert result.stale == 0, result
    assert result.raced >= RACED // 30, result
    assert result.failed, result


@pytest.mark.parametrize("seconds", SKEWS)
@on_each_backend
def test_no_message_leaves_after_a_stop_although_a_clock_is_wrong(
    backend: str, seconds: int
) -> None:
    result = race(backend, RACED // 20, skew_seconds=seconds, seconds_max=SECONDS_MAX)
    assert result.stale == 0, result
    assert result.stray == 0, result
    assert result.raced >= RACED // 20, result
    assert result.allowed > result.decisions / 50, result
