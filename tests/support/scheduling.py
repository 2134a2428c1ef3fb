"""Which worker runs what, and when: the long ones first, so that none is left alone at the end.

A file goes to one worker as a whole, for the servers and browsers that its tests share. Where tests
are long and share nothing, each goes by itself.
"""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from xdist.scheduler import LoadScopeScheduling  # type: ignore[import-untyped]
from xdist.workermanage import WorkerController  # type: ignore[import-untyped]

LONG = (
    "tests/promise/test_race.py",
    "tests/promise/test_race_plants.py",
    "tests/promise/test_kill.py",
    "tests/promise/test_cap_race.py",
    "tests/promise/test_task_kill.py",
    "tests/docs/test_guide.py",
    "tests/promise/test_past_drills.py",
    "tests/promise/test_mutants.py",
    "tests/promise/test_mutants_of_keeping.py",
)
"""Files whose tests go one by one, in this order, before all others."""
_RANKS = {file: rank for rank, file in enumerate(LONG)}


def longest_first(items: list[pytest.Item]) -> None:
    """Put the tests in order: the long ones, then the files with the most tests."""
    sizes: dict[str, int] = {}
    for item in items:
        file = _file(item.nodeid)
        sizes[file] = sizes.get(file, 0) + 1

    def place(item: pytest.Item) -> tuple[int, int]:
        file = _file(item.nodeid)
        return _RANKS.get(file, len(LONG)), -sizes[file]

    items.sort(key=place)


def _file(nodeid: str) -> str:
    return nodeid.partition("::")[0]


class LongestFirst(LoadScopeScheduling):  # type: ignore[misc]
    """By file or by test, in the order in which they were collected.

    What is over is forgotten: with tens of thousands of tests, to count it again after each of them
    takes longer than many a test.
    """

    def __init__(self, config: pytest.Config, log: object = None) -> None:
        super().__init__(config, log)
        config.option.loadscopereorder = False
        self._places: dict[WorkerController, dict[str, int]] = {}

    def add_node_collection(self, node: WorkerController, collection: Sequence[str]) -> None:
        super().add_node_collection(node, collection)
        self._places[node] = {nodeid: place for place, nodeid in enumerate(collection)}

    def mark_test_complete(
        self, node: WorkerController, item_index: int, duration: float = 0
    ) -> None:
        nodeid = self.registered_collections[node][item_index]
        unit = self._split_scope(nodeid)
        mine = self.assigned_work[node]
        mine[unit][nodeid] = True
        if all(mine[unit].values()):
            del mine[unit]
        self._reschedule(node)

    def _split_scope(self, nodeid: str) -> str:
        file = _file(nodeid)
        return nodeid if file in _RANKS else file

    def _assign_work_unit(self, node: WorkerController) -> None:
        unit, work = self.workqueue.popitem(last=False)
        self.assigned_work.setdefault(node, {})[unit] = work
        places = self._places[node]
        node.send_runtest_some([places[nodeid] for nodeid, is_over in work.items() if not is_over])
