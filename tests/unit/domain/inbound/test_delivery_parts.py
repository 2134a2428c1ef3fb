"""A delivery is taken in parts: nobody waits for all of it, and nothing of it is lost.

How long the loop is held is shown by what is done between two of its turns, which is the same on
every machine, and not by a clock.
"""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

import pytest

from askfirst.domain.consent.standing import Answer
from askfirst.domain.inbound.delivery_parts import (
    PART_CHARACTERS_MAX,
    PART_HISTORY_MAX,
    PART_UPDATES_MAX,
    parts_of,
)
from askfirst.domain.inbound.inbound_event import InboundEvent, MessageContext, Preference
from askfirst.domain.opt_out import spelling, word_index
from askfirst.domain.values.errors import Unavailable
from askfirst.domain.values.ids import PhoneNumberId, WabaId
from askfirst.storage.consent.planner import Planner
from askfirst.usecases.inbound import take_webhook as module
from askfirst.usecases.inbound.take_webhook import take_webhook
from tests.support.builders import BUSINESS, RIVAL, person, sender
from tests.support.clocks import NOON, at
from tests.support.notices import changed, reported, sent_content, switched, typed
from tests.support.reading import all_events, answer_of
from tests.support.services import World
from tests.support.stores import Home

LONGEST = 4_096
ACTS_A_TURN = 2 * PART_UPDATES_MAX
"""A text opens a window and may say stop."""
HOSTILE = {
    "stops": "stop " * 820,
    "phrases": "please do not stop sending me, unsubscribe " * 100,
    "arabic": "إيقاف " * 700,
    "ligatures": "\ufdfa" * LONGEST,
    "accents": "a\u0301\u0302" * 1_400,
    "joiners": "s\u200bt" * 1_400,
    "codes": "AF-ABCD1234 " * 400,
}


@dataclass
class Turns:
    """Counts work by the turn of the loop in which it was done."""

    turn: int = 0
    characters: Counter[int] = field(default_factory=Counter)
    acts: Counter[int] = field(default_factory=Counter)

    def most(self, counts: Counter[int]) -> int:
        return max(counts.values(), default=0)

    async def go(self) -> None:
        while True:
            await asyncio.sleep(0)
            self.turn += 1


@pytest.fixture
async def turns(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Turns]:
    turns = Turns()
    fold, spell, plan = spelling.fold, spelling.spell_normal, Planner._plan_act

    def folded(text: str) -> str:
        result = fold(text)
        turns.characters[turns.turn] += max(len(text), len(result))
        return result

    def spelled(text: str) -> str:
        result = spell(text)
        turns.characters[turns.turn] += max(len(text), len(result))
        return result

    def planned(planner: Planner, *parts: Any) -> None:
        turns.acts[turns.turn] += 1
        plan(planner, *parts)

    monkeypatch.setattr(word_index, "fold", folded)
    monkeypatch.setattr(spelling, "fold", folded)
    monkeypatch.setattr(word_index, "spell_normal", spelled)
    monkeypatch.setattr(Planner, "_plan_act", planned)
    going = asyncio.create_task(turns.go())
    yield turns
    going.cancel()


@pytest.fixture
async def here(sqlite_world: World) -> World:
    sqlite_world.clock.set(at(86_400))
    await sqlite_world.store.directory.put_sender(sender(), None, NOON)
    return sqlite_world


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE)
async def test_a_hundred_hostile_texts_let_others_have_their_turn(
    here: World, turns: Turns, text: str
) -> None:
    notices = [typed(text[:LONGEST], source_id=f"wamid.{number}") for number in range(100)]
    await take_webhook(here.services, notices, b"{}")
    assert turns.turn > 20
    # Each mark of punctuation becomes a word of its own, so a text may grow when it is folded.
    assert turns.most(turns.characters) <= 4 * PART_CHARACTERS_MAX
    assert turns.most(turns.acts) <= ACTS_A_TURN


def _sizes(notices: Sequence[InboundEvent]) -> list[int]:
    return [len(part) for part in parts_of(notices)]


@pytest.mark.parametrize("make", [sent_content, changed], ids=["captions", "edits"])
def test_words_count_wherever_they_stand(make: Callable[..., InboundEvent]) -> None:
    notices = [make(words="x" * LONGEST, source_id=f"wamid.{number}") for number in range(8)]
    assert _sizes(notices) == [4, 4]


def test_history_is_taken_in_larger_parts() -> None:
    past = [
        changed(words="Thanks!", source_id=f"wamid.{number}", context=MessageContext.HISTORY)
        for number in range(PART_HISTORY_MAX * 2)
    ]
    live = [typed("hello", source_id=f"wamid.x{number}") for number in range(PART_UPDATES_MAX)]
    assert _sizes([*past, *live]) == [PART_HISTORY_MAX, PART_HISTORY_MAX, PART_UPDATES_MAX]


def _late(number: int) -> InboundEvent:
    """Each was said before the one that came before it."""
    return typed("STOP", occurred_at=at(-number), source_id=f"wamid.{number}")


def _switch(number: int) -> InboundEvent:
    preference = Preference.STOP if number % 2 else Preference.RESUME
    return switched(preference, source_id=f"switch.{number}", occurred_at=at(number))


MANY: dict[str, Callable[[int], InboundEvent]] = {
    "texts": lambda number: typed("hello", source_id=f"wamid.{number}"),
    "stops": lambda number: typed("STOP", source_id=f"wamid.{number}"),
    "reports": lambda number: reported(131050, source_id=f"wamid.{number}"),
    "late stops": _late,
    "switches": _switch,
}


@pytest.mark.parametrize("make", MANY.values(), ids=MANY)
async def test_a_thousand_updates_of_one_person_let_others_have_their_turn(
    here: World, turns: Turns, make: Callable[[int], InboundEvent]
) -> None:
    await take_webhook(here.services, [make(number) for number in range(1_000)], b"{}")
    assert turns.most(turns.acts) <= ACTS_A_TURN
    assert turns.turn > 50


async def test_the_body_is_kept_with_each_sender_and_not_with_each_part(
    here: World, sqlite_home: Home
) -> None:
    other = {"phone_number_id": PhoneNumberId("300"), "waba_id": WabaId("301")}
    await here.store.directory.put_sender(
        sender(PhoneNumberId("300"), business_id=RIVAL, waba_id=WabaId("301")), None, NOON
    )
    mine = [typed("hello", source_id=f"wamid.{number}") for number in range(50)]
    theirs = [typed("hello", source_id=f"wamid.x{number}", **other) for number in range(50)]
    await take_webhook(here.services, [*mine, *theirs, *mine], b"{}")
    kept = await sqlite_home.raw("SELECT business_id, count(*) FROM webhook GROUP BY 1")
    assert {business for business, _ in kept} == {BUSINESS, RIVAL}
    assert all(count <= 2 for _, count in kept)  # 150 updates of two senders


async def test_the_body_of_a_delivery_without_updates_is_kept(
    here: World, sqlite_home: Home
) -> None:
    await take_webhook(here.services, (), b"{}")
    assert await sqlite_home.raw("SELECT count(*) FROM webhook") == [(1,)]


async def test_what_every_part_made_is_told(here: World) -> None:
    notices = [typed("STOP", source_id=f"wamid.{number}") for number in range(50)]
    assert (await take_webhook(here.services, notices, b"{}")).events == 50


async def test_a_delivery_that_failed_half_way_goes_on_when_it_comes_again(
    here: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    act, calls = module._act_on_part, 0

    async def third_fails(*parts: Any) -> Any:
        nonlocal calls
        calls += 1
        if calls == 3:
            raise Unavailable("the disk is full")
        return await act(*parts)

    monkeypatch.setattr(module, "_act_on_part", third_fails)
    notices = [typed("hello", source_id=f"wamid.{number}") for number in range(50)]
    notices.append(typed("STOP", source_id="wamid.last"))
    with pytest.raises(Unavailable):
        await take_webhook(here.services, notices, b"{}")
    assert await all_events(here.store) == ()
    taken = await take_webhook(here.services, notices, b"{}")
    assert taken.events == 1
    assert await answer_of(here.store) is Answer.WITHDRAWN


async def test_the_order_of_a_delivery_is_kept(here: World) -> None:
    words = ["hello"] * (PART_UPDATES_MAX - 1) + ["STOP"] + ["hello"] * 3
    notices = [
        typed(text, source_id=f"wamid.{number}", aliases=(person(number),))
        for number, text in enumerate(words)
    ]
    notices.append(typed("STOP", source_id="wamid.last", aliases=(person(0),)))
    await take_webhook(here.services, notices, b"{}")
    events = await all_events(here.store)
    assert [event.position for event in events] == [1, 2]
    assert await answer_of(here.store, person(0)) is Answer.WITHDRAWN


async def test_a_delivery_is_heard_once_with_the_newest_of_its_time_stamps(here: World) -> None:
    """So that the clock can be held against Meta's: what is older in it says nothing."""
    now = here.clock.now()
    notices = [
        typed("hello", source_id=f"wamid.{number}", occurred_at=at(number)) for number in range(40)
    ]
    await take_webhook(here.services, list(reversed(notices)), b"{}")
    await take_webhook(here.services, [typed("hi", occurred_at=None)], b"{}")
    assert here.telemetry.deliveries == [(at(39), now)]
