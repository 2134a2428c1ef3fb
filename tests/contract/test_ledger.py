"""The contract of `ports.ledger.Ledger`, sentence by sentence, on both backends."""

from __future__ import annotations

import pytest

from askfirst.bootstrap.database.store import Store
from askfirst.domain.consent.event import Event, EventKind, leaf_bytes, leaf_hash
from askfirst.domain.consent.standing import NOTHING_SAID
from askfirst.domain.prompts.prompt import PromptHash
from askfirst.domain.value import replace
from askfirst.domain.values.alias import phone_alias
from askfirst.domain.values.errors import Conflict, UnknownReference
from askfirst.domain.values.ids import ContactId, Position
from askfirst.domain.values.timestamp import DAY, Instant
from askfirst.ports.consent.change import WriteBatch, WriteEntry
from tests.support.builders import (
    ANA,
    ANA_BSUID,
    BEN,
    BUSINESS,
    MARKETING,
    RIVAL,
    SENDER,
    change,
    grant,
    key_for,
    opening,
    person,
    prompt,
    refuse,
    spelt_by_meta,
    statement,
    stop,
    unreachable,
)
from tests.support.clocks import NOON, at

ALL = 1000


async def found(store: Store, alias: object = ANA) -> ContactId:
    contact = await store.ledger.find(BUSINESS, alias)  # type: ignore[arg-type]
    assert contact is not None
    return contact


async def test_positions_count_from_one_in_commit_order(store: Store) -> None:
    positions = [
        event.position
        for act in (grant(), refuse(BEN), stop())
        for event in (await store.ledger.commit(change(act))).events
    ]
    assert positions == [1, 2, 3]
    assert await store.ledger.head(BUSINESS) == 3


async def test_every_business_has_a_ledger_of_its_own(store: Store) -> None:
    await store.ledger.commit(change(grant()))
    ours = await store.ledger.commit(change(grant(), business=RIVAL))
    assert [event.position for event in ours.events] == [1]
    assert await store.ledger.find(RIVAL, ANA) != await store.ledger.find(BUSINESS, ANA)


async def test_an_empty_ledger_and_an_unknown_business_have_head_zero(store: Store) -> None:
    assert await store.ledger.head(BUSINESS) == 0
    await store.ledger.commit(change(opening()))
    assert await store.ledger.head(BUSINESS) == 0
    assert await store.ledger.head(RIVAL) == 0


async def test_an_event_is_read_back_as_it_was_committed(store: Store) -> None:
    words = prompt()
    everything = statement(
        EventKind.GRANTED,
        purposes=("marketing", "utility.orders"),
        prompt=words.hash,
        sender=SENDER,
        evidence=b"page 7",
        at=at(-3.000001),
    )
    committed = await store.ledger.commit(change(everything, prompt=words))
    (event,) = committed.events
    assert await store.ledger.events(BUSINESS, Position(0), ALL) == (event,)
    assert event.purposes == ("marketing", "utility.orders")
    assert (event.occurred_at, event.recorded_at) == (at(-3.000001), NOON)
    assert len(event.evidence_digest) == 32


async def test_a_stored_leaf_hash_is_the_hash_of_the_events_leaf(store: Store) -> None:
    await store.ledger.commit(change(grant(evidence=b"x"), stop(), refuse(BEN)))
    events = await store.ledger.events(BUSINESS, Position(0), ALL)
    leaves = await store.ledger.leaves(BUSINESS, Position(0), ALL)
    assert leaves == tuple((e.position, leaf_hash(leaf_bytes(e))) for e in events)


async def test_a_known_idempotency_key_writes_nothing_and_gives_the_first_answer(
    store: Store,
) -> None:
    first = await store.ledger.commit(change(grant(), key=key_for()))
    again = await store.ledger.commit(change(grant(), key=key_for(), at=at(60)))
    assert (first.replayed, again.replayed) == (False, True)
    assert again.events == first.events
    assert await store.ledger.head(BUSINESS) == 1


async def test_a_known_idempotency_key_with_another_digest_is_a_conflict(store: Store) -> None:
    await store.ledger.commit(change(grant(), key=key_for(digest=b"a" * 32)))
    with pytest.raises(Conflict):
        await store.ledger.commit(change(stop(), key=key_for(digest=b"b" * 32)))
    assert await store.ledger.head(BUSINESS) == 1


async def test_an_idempotency_key_belongs_to_one_business(store: Store) -> None:
    await store.ledger.commit(change(grant(), key=key_for(digest=b"a" * 32)))
    other = change(grant(), key=key_for(digest=b"b" * 32), business=RIVAL)
    assert not (await store.ledger.commit(other)).replayed


async def test_an_idempotency_key_that_made_no_event_is_kept_too(store: Store) -> None:
    await store.ledger.commit(change(opening(), key=key_for()))
    again = await store.ledger.commit(change(opening(), key=key_for()))
    assert (again.events, again.replayed) == ((), True)


async def test_a_known_source_id_is_skipped_and_counted(store: Store) -> None:
    first = await store.ledger.commit(change(stop(), source_id="wamid.1"))
    again = await store.ledger.commit(change(stop(), source_id="wamid.1", at=at(9)))
    assert (first.duplicates, again.duplicates) == (0, 1)
    assert again.events == ()
    assert await store.ledger.head(BUSINESS) == 1


async def test_a_source_id_twice_in_one_change_has_one_effect(store: Store) -> None:
    item = WriteEntry(acts=(stop(),), source_id="wamid.1")
    twice = WriteBatch(business_id=BUSINESS, recorded_at=NOON, items=(item, item))
    committed = await store.ledger.commit(twice)
    assert (len(committed.events), committed.duplicates) == (1, 1)


async def test_a_duplicate_item_does_not_hold_back_the_new_ones_beside_it(store: Store) -> None:
    await store.ledger.commit(change(stop(), source_id="wamid.1"))
    items = (
        WriteEntry(acts=(stop(),), source_id="wamid.1"),
        WriteEntry(acts=(stop(BEN),), source_id="wamid.2"),
    )
    committed = await store.ledger.commit(
        WriteBatch(business_id=BUSINESS, recorded_at=NOON, items=items)
    )
    assert (len(committed.events), committed.duplicates) == (1, 1)


async def test_an_unknown_prompt_is_refused_and_leaves_no_trace(store: Store) -> None:
    unknown = PromptHash("sha256:" + "0" * 64)
    with pytest.raises(UnknownReference) as refused:
        await store.ledger.commit(change(grant(BEN), grant(prompt=unknown), source_id="wamid.1"))
    assert refused.value.field == "prompt.hash"
    assert await store.ledger.head(BUSINESS) == 0
    assert await store.ledger.find(BUSINESS, BEN) is None
    assert (await store.ledger.commit(change(grant(BEN), source_id="wamid.1"))).duplicates == 0


async def test_a_prompt_is_known_from_its_first_use_on_to_its_business_only(store: Store) -> None:
    words = prompt()
    assert not await store.ledger.prompt_purposes(BUSINESS, words.hash)
    await store.ledger.commit(change(grant(prompt=words.hash), prompt=words))
    assert await store.ledger.prompt_purposes(BUSINESS, words.hash)
    assert not await store.ledger.prompt_purposes(RIVAL, words.hash)
    later = await store.ledger.commit(change(grant(prompt=words.hash)))
    assert later.events[0].prompt == words.hash


async def test_the_same_prompt_may_be_brought_along_again(store: Store) -> None:
    words = prompt()
    for _ in range(2):
        await store.ledger.commit(change(grant(prompt=words.hash), prompt=words))
    assert await store.ledger.head(BUSINESS) == 2


async def test_an_alias_finds_the_contact_under_every_spelling(store: Store) -> None:
    await store.ledger.commit(change(grant(phone_alias("5511987654321"), ANA_BSUID)))
    contact = await found(store, phone_alias("5511987654321"))
    assert await found(store, spelt_by_meta("551187654321")) == contact
    assert await found(store, ANA_BSUID) == contact


async def test_nobody_is_found_by_an_unknown_alias(store: Store) -> None:
    await store.ledger.commit(change(grant()))
    assert await store.ledger.find(BUSINESS, BEN) is None
    assert await store.ledger.find(RIVAL, ANA) is None


async def test_an_unknown_contact_has_said_nothing(store: Store) -> None:
    nobody = ContactId("con_00000000000000000000000000")
    assert await store.ledger.standing(BUSINESS, nobody) == NOTHING_SAID
    assert await store.ledger.history(BUSINESS, nobody, Position(0), ALL) == ()
    assert await store.ledger.unreachable_at(BUSINESS, nobody) is None


async def test_a_message_of_that_day_or_later_clears_unreachable(store: Store) -> None:
    await store.ledger.commit(change(unreachable(at=at(10))))
    contact = await found(store)
    assert await store.ledger.unreachable_at(BUSINESS, contact) == at(10)
    await store.ledger.commit(change(opening(at=Instant(NOON - DAY))))
    assert await store.ledger.unreachable_at(BUSINESS, contact) == at(10)
    await store.ledger.commit(change(opening(at=at(5))))
    assert await store.ledger.unreachable_at(BUSINESS, contact) is None


@pytest.mark.parametrize("size", range(1, 8))
async def test_pages_join_to_the_whole_at_every_boundary(store: Store, size: int) -> None:
    await store.ledger.commit(change(*[grant(person(number)) for number in range(5)]))
    whole = await store.ledger.events(BUSINESS, Position(0), ALL)
    leaves = await store.ledger.leaves(BUSINESS, Position(0), ALL)
    pages: list[Event] = []
    seen: list[tuple[Position, bytes]] = []
    for _ in range(6):
        page = await store.ledger.events(BUSINESS, Position(len(pages)), size)
        assert len(page) <= size
        seen += await store.ledger.leaves(BUSINESS, Position(len(pages)), size)
        pages += page
    assert tuple(pages) == whole
    assert tuple(seen) == leaves


@pytest.mark.parametrize("size", range(1, 6))
async def test_a_history_is_paged_by_position_and_skips_other_people(
    store: Store, size: int
) -> None:
    for number in range(9):
        await store.ledger.commit(change(grant(ANA if number % 2 else BEN, at=at(number))))
    contact, after = await found(store), Position(0)
    positions: list[int] = []
    for _ in range(5):
        page = await store.ledger.history(BUSINESS, contact, after, size)
        positions += [event.position for event in page]
        after = page[-1].position if page else after
    assert positions == [2, 4, 6, 8]


async def test_an_act_is_never_recorded_as_later_than_its_recording(store: Store) -> None:
    early = replace(change(grant(at=at(60))), recorded_at=NOON)
    (event,) = (await store.ledger.commit(early)).events
    assert event.occurred_at == event.recorded_at == NOON


async def test_a_change_without_items_may_carry_a_body_only(store: Store) -> None:
    committed = await store.ledger.commit(change(body=b'{"entry":[]}'))
    assert (committed.events, committed.duplicates) == ((), 0)
    assert await store.sweep(BUSINESS, at(1)) == 1


async def test_sweeping_forgets_bodies_and_keeps_source_ids(store: Store) -> None:
    await store.ledger.commit(change(stop(), body=b"old", source_id="wamid.1"))
    await store.ledger.commit(change(stop(BEN), body=b"new", source_id="wamid.2", at=at(60)))
    assert await store.sweep(BUSINESS, at(30)) == 1
    assert await store.sweep(BUSINESS, at(30)) == 0
    assert (await store.ledger.commit(change(stop(), source_id="wamid.1"))).duplicates == 1
    assert await store.sweep(BUSINESS, Instant(at(60) + 1)) == 1


async def test_events_of_all_kinds_can_be_kept(store: Store) -> None:
    kinds = [kind for kind in EventKind if kind is not EventKind.LINKED]
    for kind in kinds:
        said = statement(kind, purposes=MARKETING)
        if kind is EventKind.KEPT:  # it counts as the answer to a message that may be a stop
            said = replace(said, answers=Position(kinds.index(EventKind.DOUBTED) + 1))
        await store.ledger.commit(change(said))
    events = await store.ledger.events(BUSINESS, Position(0), ALL)
    assert [event.kind for event in events] == kinds


async def test_that_nothing_was_to_stop_is_kept_only_where_that_is_asked(store: Store) -> None:
    doubted = statement(EventKind.DOUBTED, purposes=MARKETING)
    kept = statement(EventKind.KEPT, purposes=MARKETING)
    assert not (await store.ledger.commit(change(kept))).events
    await store.ledger.commit(change(doubted))
    assert not (await store.ledger.commit(change(kept))).events
    assert not (await store.ledger.commit(change(replace(kept, answers=Position(2))))).events
    assert (await store.ledger.commit(change(replace(kept, answers=Position(1))))).events


async def test_a_source_id_may_look_like_a_name(store: Store) -> None:
    for duplicates in (0, 1, 1):
        committed = await store.ledger.commit(change(stop(), source_id=ANA.key))
        assert committed.duplicates == duplicates


async def test_the_same_source_id_at_another_time_is_another_source(store: Store) -> None:
    first = WriteEntry(acts=(stop(),), source_id="update", source_at=at(1))
    second = WriteEntry(acts=(stop(),), source_id="update", source_at=at(2))
    both = WriteBatch(business_id=BUSINESS, recorded_at=at(9), items=(first, second))
    assert (await store.ledger.commit(both)).duplicates == 0
    assert (await store.ledger.commit(both)).duplicates == 2
