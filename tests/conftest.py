"""Fixtures for everybody.

`clock`      stands at noon of 2026-01-15 until set or advanced
`ids`        count up
`home`       where a store lives, on each backend in turn: open it, close it, look inside
`store`      an open, empty store, on each backend in turn
`telling_store`   the same, where somebody is told what happens to codes
`world`      services on `store`, with a fake line to Meta
`sqlite_home`, `sqlite_store`, `sqlite_world`, `postgres_home`   the same on one backend only

Where PostgreSQL is not installed, its tests fail: a promise that was not tested is not kept.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
from hypothesis import settings

from askfirst.bootstrap.database.store import Store
from askfirst.usecases.sending import patience
from tests.support.clocks import CountingIds, FakeClock
from tests.support.scheduling import LongestFirst, longest_first
from tests.support.services import World, build_world
from tests.support.stores import Home, PostgresHome, PostgresHouse, SqliteHome
from tests.support.throwaway_postgres import ThrowawayPostgres

# How long an example takes says how busy the machine is, and nothing of what is tested.
settings.register_profile("untimed", deadline=None)
settings.load_profile("untimed")

BACKENDS = ("sqlite", pytest.param("postgres", marks=pytest.mark.postgres))


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    longest_first(items)


def pytest_xdist_make_scheduler(config: pytest.Config, log: object) -> LongestFirst:
    return LongestFirst(config, log)


@pytest.fixture(scope="session", autouse=True)
def patient() -> Iterator[None]:
    """A busy machine holds no message here; `test_fail_closed` sets limits of its own."""
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(patience, "ANSWER_SECONDS", 60.0)
        yield


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock()


@pytest.fixture
def ids() -> CountingIds:
    return CountingIds()


@pytest.fixture(scope="session")
def postgres_house() -> Iterator[PostgresHouse]:
    with ThrowawayPostgres() as server:
        yield PostgresHouse(server)


@pytest.fixture
def sqlite_home(tmp_path: Path) -> SqliteHome:
    return SqliteHome(tmp_path / "askfirst.db")


@pytest.fixture
async def postgres_home(postgres_house: PostgresHouse) -> AsyncIterator[PostgresHome]:
    home = await postgres_house.new_home()
    yield home
    await postgres_house.remove(home)


@pytest.fixture(params=BACKENDS)
async def home(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Home]:
    if request.param == "sqlite":
        yield SqliteHome(tmp_path / "askfirst.db")
        return
    house: PostgresHouse = request.getfixturevalue("postgres_house")
    home = await house.new_home()
    yield home
    await house.remove(home)


@pytest.fixture
async def store(home: Home, ids: CountingIds, clock: FakeClock) -> AsyncIterator[Store]:
    store = await home.open(ids=ids, clock=clock)
    yield store
    await store.close()


@pytest.fixture
async def telling_store(home: Home, ids: CountingIds, clock: FakeClock) -> AsyncIterator[Store]:
    store = await home.open(ids=ids, clock=clock, is_telling=True)
    yield store
    await store.close()


@pytest.fixture
def world(store: Store, clock: FakeClock) -> World:
    return build_world(store, clock)


@pytest.fixture
async def sqlite_store(
    sqlite_home: SqliteHome, ids: CountingIds, clock: FakeClock
) -> AsyncIterator[Store]:
    store = await sqlite_home.open(ids=ids, clock=clock)
    yield store
    await store.close()


@pytest.fixture
def sqlite_world(sqlite_store: Store, clock: FakeClock) -> World:
    return build_world(sqlite_store, clock)
