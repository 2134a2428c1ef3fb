"""Whatever is done to a store, in whatever order, it says what the model says."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Coroutine
from pathlib import Path
from typing import Any, TypeVar

import pytest
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    invariant,
    precondition,
    rule,
)

from askfirst.domain.consent.event import Assurance, EventKind
from askfirst.domain.values.alias import Alias, AliasKind
from askfirst.domain.values.ids import ContactId, Position
from askfirst.ports.consent.change import Command, Statement, WriteBatch
from tests.contract.model import Model
from tests.support.builders import (
    ANA,
    ANA_BSUID,
    BEN,
    BUSINESS,
    change,
    free_form,
    opening,
    statement,
)
from tests.support.clocks import CountingIds, at
from tests.support.reading import assert_sound
from tests.support.state_machines import drive
from tests.support.stores import Home, PostgresHouse, SqliteHome, fixed_keyring

Result = TypeVar("Result")

PEOPLE = (ANA, BEN, ANA_BSUID, Alias(AliasKind.PARENT_BSUID, "GB.ENT.77"))
TELLABLE = [kind for kind in EventKind if kind is not EventKind.LINKED]

names = st.lists(st.sampled_from(PEOPLE), min_size=1, max_size=2, unique=True)
moments = st.integers(0, 12).map(at)
sources = st.sampled_from(["", "", "w1", "w2", "w3"])
statements = st.builds(
    lambda kind, who, moment, purposes, sure, sender, answers: statement(
        kind,
        *who,
        at=moment,
        purposes=purposes,
        assurance=sure,
        sender=sender,
        answers=answers and Position(answers),
    ),
    st.sampled_from(TELLABLE),
    names,
    moments,
    st.sampled_from([("marketing",), ("marketing", "utility"), ("marketing.offers",)]),
    st.sampled_from(Assurance),
    st.sampled_from(["", "200", "201"]),
    st.none() | st.integers(1, 9),
)
openings = st.builds(lambda who, moment: opening(*who, at=moment), names, moments)
acts = st.lists(st.one_of(statements, openings), min_size=1, max_size=4)


class StoreAgainstModel(RuleBasedStateMachine):
    """Runs a store and the model side by side. Everything is recorded a second later each time."""

    new_home: Callable[[], Awaitable[Home]]

    def __init__(self) -> None:
        super().__init__()
        self.loop = asyncio.new_event_loop()
        self.model = Model()
        self.ids = CountingIds()
        self.keyring = fixed_keyring()
        self.rotations = 0
        self.seconds = 0
        self.home = self.run(self.new_home())
        self.store = self.run(self.home.open(self.keyring, self.ids))

    def run(self, job: Awaitable[Result]) -> Result:
        return self.loop.run_until_complete(job)

    def change(self, acts: list[Command], source: str) -> WriteBatch:
        self.seconds += 1
        return change(*acts, source_id=source, at=at(self.seconds))

    @rule(acts=acts, source=sources)
    def commit(self, acts: list[Command], source: str) -> None:
        new = self.change(acts, source)
        committed = self.run(self.store.ledger.commit(new))
        assert len(committed.events) == self.model.take(new)

    @rule(batch=st.lists(st.tuples(acts, sources), min_size=2, max_size=5))
    def commit_at_once(self, batch: list[tuple[list[Command], str]]) -> None:
        changes = [self.change(acts, source) for acts, source in batch]
        self.run(self.gathered([self.store.ledger.commit(new) for new in changes]))
        for new in changes:  # jobs go into a batch in the order in which they were handed in
            self.model.take(new)

    async def gathered(self, jobs: list[Coroutine[Any, Any, object]]) -> None:
        await asyncio.gather(*jobs)

    @rule()
    def close_and_open(self) -> None:
        self.run(self.store.close())
        self.store = self.run(self.home.open(self.keyring, self.ids))

    @precondition(lambda self: self.rotations < 2)
    @rule()
    def rotate_keys(self) -> None:
        self.rotations += 1
        self.keyring = self.keyring.rotated()
        self.close_and_open()

    @rule(alias=st.sampled_from(PEOPLE))
    def look_under_a_hold(self, alias: Alias) -> None:
        async def look() -> None:
            async with self.store.gate.hold(free_form(alias)) as held:
                assert held.facts.standing == self.model.standing(alias)
                assert held.facts.window_opened_at == self.model.window(alias)

        self.run(look())

    @invariant()
    def standings_and_names_agree(self) -> None:
        self.run(self.agree())

    async def agree(self) -> None:
        ledger = self.store.ledger
        found: dict[ContactId, ContactId | None] = {}
        assert await ledger.head(BUSINESS) == len(self.model.events)
        for alias in PEOPLE:
            contact = await ledger.find(BUSINESS, alias)
            person = self.model.people.get(alias.key)
            assert (contact is None) == (person is None)
            if contact is not None:
                assert found.setdefault(contact, person) == person
                assert await ledger.standing(BUSINESS, contact) == self.model.standing(alias)

    def teardown(self) -> None:
        self.run(assert_sound(self.store))
        self.run(self.store.close())
        self.loop.close()


def test_sqlite_says_what_the_model_says(tmp_path_factory: pytest.TempPathFactory) -> None:
    async def new_home() -> Home:
        folder: Path = tmp_path_factory.mktemp("model")
        return SqliteHome(folder / "askfirst.db")

    drive(StoreAgainstModel, new_home, examples=60, steps=25)


@pytest.mark.postgres
def test_postgres_says_what_the_model_says(postgres_house: PostgresHouse) -> None:
    async def new_home() -> Home:
        return await postgres_house.new_home()

    drive(StoreAgainstModel, new_home, examples=10, steps=20)


def test_the_model_counts_a_statement_once() -> None:
    model = Model()
    once = change(statement(EventKind.GRANTED), source_id="w1")
    assert (model.take(once), model.take(once)) == (1, 0)
    assert isinstance(once.items[0].acts[0], Statement)
