"""`copy`: the package, to plant bugs in; `nursery`: where tests are run against it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.promise.mutants.mutant import Copy
from tests.promise.mutants.nursery import Nursery


@pytest.fixture(scope="session")
def copy(tmp_path_factory: pytest.TempPathFactory) -> Copy:
    return Copy(tmp_path_factory.mktemp("copy"))


@pytest.fixture(scope="session")
def nursery() -> Iterator[Nursery]:
    with Nursery() as nursery:
        yield nursery
