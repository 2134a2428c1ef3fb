"""Ids are fresh, sorted by time, and never shared with a child process."""

from __future__ import annotations

import os
import re

import pytest

from askfirst.adapters.clock import SystemClock
from askfirst.adapters.ids import SystemIds
from tests.support.clocks import FakeClock


def test_each_kind_has_its_prefix() -> None:
    ids = SystemIds(SystemClock())
    made = [ids.event(), ids.contact(), ids.decision(), ids.webhook(), ids.key()]
    assert [name[:4] for name in made] == ["evt_", "con_", "dec_", "whk_", "key_"]
    assert all(re.fullmatch(r"[a-z]{3}_[0-9A-HJKMNP-TV-Z]{26}", name) for name in made)


def test_no_id_comes_twice_across_many_blocks() -> None:
    ids = SystemIds(SystemClock())
    assert len({ids.event() for _ in range(5_000)}) == 5_000


def test_ids_sort_by_time() -> None:
    clock = FakeClock()
    ids = SystemIds(clock)
    made = []
    for _ in range(20):
        made.append(ids.event())
        clock.advance(1_000)
    assert made == sorted(made)


def test_secrets_and_salts_are_long_and_fresh() -> None:
    ids = SystemIds(SystemClock())
    assert len({ids.secret() for _ in range(100)}) == 100
    assert re.fullmatch(r"[0-9A-Za-z_-]{32}", ids.secret())
    assert len(ids.salt()) == 16
    assert ids.salt() != ids.salt()


def test_a_fork_does_not_share_randomness(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[int] = []

    def entropy(count: int) -> bytes:
        asked.append(count)
        return os.urandom(count)

    ids = SystemIds(FakeClock(), entropy)
    ids.event()
    ids.event()
    assert len(asked) == 1
    child = os.getpid() + 1
    monkeypatch.setattr(os, "getpid", lambda: child)
    ids.event()
    ids.event()
    assert len(asked) == 2
