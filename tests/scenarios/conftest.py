"""The doors of a world that keeps the policy of the case, on each backend in turn."""

import pytest

from askfirst.bootstrap.database.store import Store
from tests.scenarios.doors import Doors, open_doors
from tests.scenarios.story import Case
from tests.support.clocks import FakeClock
from tests.support.services import build_world


@pytest.fixture
async def doors(case: Case, store: Store, clock: FakeClock) -> Doors:
    return await open_doors(build_world(store, clock, policy=case.policy))
