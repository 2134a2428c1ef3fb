"""A bug that is planted in a running process has to find what it breaks."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

from tests.promise.harness.plants.patching import NothingToBreak, put, reworded


def test_a_plant_under_a_name_that_the_source_has_lost_is_refused() -> None:
    planner = SimpleNamespace(hash_source=len)
    put(planner, "hash_source", max)
    assert planner.hash_source is max
    with pytest.raises(NothingToBreak, match="source_lookups"):
        put(planner, "source_lookups", max)


def test_a_statement_that_does_not_say_it_any_more_is_refused() -> None:
    sql = "UPDATE task SET state = 'leased'"
    assert reworded(sql, "'leased'", "'free'") == "UPDATE task SET state = 'free'"
    with pytest.raises(NothingToBreak, match="leaving"):
        reworded(sql, "state = 'leaving'", "")
