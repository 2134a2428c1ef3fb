"""People are erased, told of and heard in any order: a claim never brings one of them back."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any, TypeVar

import pytest
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from askfirst.domain.consent.erasure import EraseReason
from askfirst.domain.consent.event import Assurance, EventKind, NumberProof, Source
from askfirst.domain.consent.standing import Answer, view
from askfirst.domain.prompts.prompt import Surface
from askfirst.domain.values.alias import Alias
from askfirst.domain.values.errors import Erased, UnknownReference
from askfirst.domain.values.ids import ContactId
from askfirst.domain.values.purpose import CONSENTED, Purpose
from askfirst.ports.consent.change import Command
from askfirst.usecases.consent.erase_contact import EraseOrder, erase_contact
from tests.support.builders import (
    ANA,
    ANA_BSUID,
    BEN,
    BEN_BSUID,
    BUSINESS,
    acquaintance,
    change,
    grant,
    opening,
    statement,
    stop,
    unreachable,
)
from tests.support.clocks import CountingIds, FakeClock, at
from tests.support.reading import assert_sound
from tests.support.services import build_world
from tests.support.state_machines import drive
from tests.support.stores import Home, PostgresHouse, SqliteHome, fixed_keyring

Result = TypeVar("Result")

PEOPLE = {"ana": (ANA, ANA_BSUID), "ben": (BEN, BEN_BSUID)}
who = st.sampled_from(sorted(PEOPLE))
purposes = st.sampled_from([("marketing",), ("utility",), ("marketing", "authentication")])


class Lives(RuleBasedStateMachine):
    """What is known of each person: the ids of their contacts, and whether they are suppressed."""

    new_home: Callable[[], Awaitable[Home]]

    def __init__(self) -> None:
        super().__init__()
        self.loop = asyncio.new_event_loop()
        self.seconds = 0
        self.suppressed: set[str] = set()
        self.gone: set[ContactId] = set()
        self.home = self.run(self.new_home())
        self.keyring, self.ids, self.clock = fixed_keyring(), CountingIds(), FakeClock()
        self.store = self.run(self.home.open(self.keyring, self.ids, self.clock))
        self.world = build_world(self.store, self.clock)

    def run(self, job: Awaitable[Result]) -> Result:
        return self.loop.run_until_complete(job)

    def commit(self, act: Callable[..., Command], *aliases: Alias, **parts: Any) -> None:
        self.seconds += 2
        now = at(self.seconds)
        self.clock.set(now)
        self.run(self.store.ledger.commit(change(act(*aliases, at=now, **parts), at=now)))

    @rule(name=who, by_id=st.booleans(), purposes=purposes)
    def claim(self, name: str, by_id: bool, purposes: tuple[str, ...]) -> None:
        alias = PEOPLE[name][by_id]
        try:
            self.commit(grant, alias, purposes=purposes)
        except Erased:
            assert name in self.suppressed
        else:
            assert name not in self.suppressed

    @rule(name=who, purposes=purposes, is_code=st.booleans())
    def say_where_anybody_may(
        self,
        name: str,
        purposes: tuple[str, ...],
        is_code: bool,
    ) -> None:
        typed = {"source": Source.FORM, "number_proof": NumberProof.TYPED}
        checked = {
            "surface": Surface.CODE,
            "number_proof": NumberProof.PROVEN,
            "assurance": Assurance.CONFIRMED,
        }
        self.commit(grant, PEOPLE[name][0], purposes=purposes, **(checked if is_code else typed))

    @rule(name=who, purposes=purposes)
    def say_yes_in_the_chat(self, name: str, purposes: tuple[str, ...]) -> None:
        own = {
            "source": Source.WEBHOOK,
            "surface": Surface.CHAT,
            "number_proof": NumberProof.PROVEN,
            "assurance": Assurance.CONFIRMED,
        }
        self.commit(grant, *PEOPLE[name], purposes=purposes, **own)
        self.suppressed.discard(name)

    @rule(name=who, act=st.sampled_from([opening, stop, acquaintance]))
    def hear(self, name: str, act: Callable[..., Command]) -> None:
        self.commit(act, *PEOPLE[name])

    @rule(name=who)
    def hear_that_a_message_failed(self, name: str) -> None:
        self.commit(unreachable, PEOPLE[name][0])

    @rule(name=who)
    def import_a_no(self, name: str) -> None:
        def told(*aliases: Alias, **parts: Any) -> Command:
            return statement(EventKind.WITHDRAWN, *aliases, source=Source.IMPORT, **parts)

        self.commit(told, PEOPLE[name][0])

    @rule(name=who)
    def erase(self, name: str) -> None:
        self.commit(acquaintance, *PEOPLE[name])  # or only one of two contacts would be erased
        contact = self.run(self.store.ledger.find(BUSINESS, PEOPLE[name][0]))
        self.seconds += 2
        self.clock.set(at(self.seconds))
        order = EraseOrder(
            business_id=BUSINESS,
            person=PEOPLE[name][0],
            reason=EraseReason.REQUESTED,
            source=Source.CLI,
        )
        try:
            self.run(erase_contact(self.world.services, order))
        except UnknownReference:
            assert contact is None
        else:
            assert contact is not None
            self.gone.add(contact)
            self.suppressed.add(name)
            for alias in PEOPLE[name]:
                assert self.run(self.store.ledger.find(BUSINESS, alias)) is None

    @rule()
    def close_and_open(self) -> None:
        self.run(self.store.close())
        self.store = self.run(self.home.open(self.keyring, self.ids, self.clock))
        self.world = build_world(self.store, self.clock)

    @rule()
    def rotate_keys(self) -> None:
        if len(self.keyring.fingerprints) < 3:
            self.keyring = self.keyring.rotated()
            self.close_and_open()

    @invariant()
    def nobody_is_back_by_a_claim(self) -> None:
        for name, aliases in PEOPLE.items():
            for alias in aliases:
                contact = self.run(self.store.ledger.find(BUSINESS, alias))
                assert contact not in self.gone
                if contact is not None and name in self.suppressed:
                    standing = self.run(self.store.ledger.standing(BUSINESS, contact))
                    answers = {view(standing, Purpose(one.value)).answer for one in CONSENTED}
                    assert Answer.GRANTED not in answers

    def teardown(self) -> None:
        self.run(assert_sound(self.store))
        self.run(self.store.close())
        self.loop.close()


def test_no_claim_brings_anybody_back_in_sqlite(
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    async def new_home() -> Home:
        folder: Path = tmp_path_factory.mktemp("lives")
        return SqliteHome(folder / "askfirst.db")

    drive(Lives, new_home, examples=25, steps=25)


@pytest.mark.postgres
def test_no_claim_brings_anybody_back_in_postgres(postgres_house: PostgresHouse) -> None:
    async def new_home() -> Home:
        return await postgres_house.new_home()

    drive(Lives, new_home, examples=5, steps=15)
