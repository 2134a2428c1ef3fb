"""The race harness sees every bug that is planted for it, on each backend that can have it."""

from __future__ import annotations

import pytest

from tests.conftest import BACKENDS
from tests.promise.race import Result, race
from tests.promise.sizes import RACED, SECONDS_FOR_PLANT, SKEWS

pytestmark = pytest.mark.timeout(SECONDS_FOR_PLANT * 4)
on_each_backend = pytest.mark.parametrize("backend", BACKENDS)


def planted(backend: str, plant: str, *, skew_seconds: int = 0) -> Result:
    """Race with a bug until it has shown itself."""
    return race(
        backend,
        RACED * 10,
        plant=plant,
        skew_seconds=skew_seconds,
        seconds_max=SECONDS_FOR_PLANT,
    )


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


@on_each_backend
def test_the_race_harness_catches_stops_by_page_that_wait_for_no_send(backend: str) -> None:
    assert planted(backend, "pages_unfenced").stale


@on_each_backend
def test_the_race_harness_catches_that_metas_own_stop_is_dropped(backend: str) -> None:
    assert planted(backend, "no_native").stale


@on_each_backend
def test_the_race_harness_catches_a_merge_that_takes_the_younger_yes(backend: str) -> None:
    assert planted(backend, "merge_newest").stale


@on_each_backend
def test_the_race_harness_catches_a_number_that_changed_hands_unnoticed(backend: str) -> None:
    assert planted(backend, "rebind_merges").stale


@on_each_backend
def test_the_race_harness_catches_a_fold_by_clocks(backend: str) -> None:
    assert planted(backend, "fold_by_time", skew_seconds=SKEWS[0]).stale
