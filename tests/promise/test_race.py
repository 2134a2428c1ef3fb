"""No message leaves after a stop was acknowledged, and the harness would see one that did."""

from __future__ import annotations

import pytest

from tests.conftest import BACKENDS
from tests.promise.race import Result, crash_database, race
from tests.promise.sizes import RACED, SECONDS_FOR_PLANT, SECONDS_MAX

on_each_backend = pytest.mark.parametrize("backend", BACKENDS)


@on_each_backend
def test_no_message_leaves_after_a_stop_was_acknowledged(backend: str) -> None:
    result = race(backend, RACED, seconds_max=SECONDS_MAX)
    assert result.stale == 0, result
    assert result.stray == 0, result
    assert result.failed == 0, result
    assert result.raced >= RACED, result
    assert min(result.allowed, result.denied) > result.decisions / 20, result


@pytest.mark.postgres
def test_no_message_leaves_after_a_stop_although_the_database_crashes() -> None:
    result = race("postgres", RACED // 5, trouble=crash_database, seconds_max=SECONDS_MAX)
    assert result.stale == 0, result
    assert result.stray == 0, result
    assert result.raced >= RACED // 5, result
    assert result.failed, result


def planted(backend: str, plant: str) -> Result:
    """Race with a bug until it has shown itself."""
    return race(backend, RACED * 10, plant=plant, seconds_max=SECONDS_FOR_PLANT)


@on_each_backend
def test_the_race_harness_catches_a_check_without_the_lock(backend: str) -> None:
    assert planted(backend, "no_lock").stale


@on_each_backend
def test_the_race_harness_catches_an_ack_before_the_commit(backend: str) -> None:
    assert planted(backend, "ack_before_commit").stale


@on_each_backend
def test_the_race_harness_catches_an_ack_that_waits_for_no_send(backend: str) -> None:
    assert planted(backend, "ack_before_fence").stale


@on_each_backend
def test_the_race_harness_catches_a_50_ms_allow_cache(backend: str) -> None:
    assert planted(backend, "allow_cache").stale


@pytest.mark.postgres
def test_the_race_harness_catches_facts_from_before_the_wait() -> None:
    assert planted("postgres", "facts_with_lock").stale
