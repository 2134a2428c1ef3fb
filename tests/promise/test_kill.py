"""Nothing that was acknowledged is lost or doubled by kill -9, and the harness would see it."""

from __future__ import annotations

import pytest

from tests.conftest import BACKENDS
from tests.promise.kill import kill
from tests.promise.sizes import CYCLES, CYCLES_FOR_PLANT, SECONDS_MAX

pytestmark = pytest.mark.timeout(SECONDS_MAX * 4)
on_each_backend = pytest.mark.parametrize("backend", BACKENDS)


@on_each_backend
def test_every_acknowledged_event_outlives_the_kill(backend: str) -> None:
    cycles = CYCLES[backend]
    result = kill(backend, cycles)
    assert result.audit.is_sound, result.line()
    assert result.cycles == cycles
    assert result.audit.acknowledged > 10 * cycles, result.line()


@on_each_backend
def test_the_kill_loop_catches_an_ack_before_the_commit(backend: str) -> None:
    result = kill(backend, CYCLES_FOR_PLANT, plant="ack_before_commit")
    assert result.audit.lost, result.line()


@on_each_backend
def test_the_kill_loop_catches_that_a_delivery_is_taken_twice(backend: str) -> None:
    result = kill(backend, CYCLES_FOR_PLANT, plant="no_dedupe")
    assert result.audit.doubled, result.line()


def test_the_kill_loop_catches_commits_that_a_power_cut_would_undo() -> None:
    result = kill("sqlite", 0, plant="sync_off")
    assert result.audit.unsynced, result.line()
