"""Damage ends where it is mended or accepted, and nowhere else; on each backend alike."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from random import Random

import pytest

from askfirst.decision.reason import Reason
from askfirst.domain.consent.event import EventKind
from askfirst.domain.transparency.ledger_check import LEDGER_ITSELF, DamageKind, Head
from askfirst.domain.values.errors import Conflict, InvalidInput, LedgerDamaged
from askfirst.domain.values.finding import Severity
from askfirst.domain.values.ids import Position
from askfirst.ports.transparency.head import Heads, KeptHead
from askfirst.usecases.consent.issue_receipt import issue_receipt
from askfirst.usecases.sending.check_send import check_send
from askfirst.usecases.transparency.accept_ledger import accept_ledger
from askfirst.usecases.transparency.find_ledger_state import find_ledger_state
from askfirst.usecases.transparency.follow_head import follow_head
from askfirst.usecases.transparency.watch_ledger import check_at_start, scrub
from tests.promise.damage import (
    WAYS,
    positions,
    rewrite,
    unguarded,
)
from tests.promise.damage import (
    change as alter,
)
from tests.support.builders import (
    ANA,
    ANA_BSUID,
    BEN,
    BUSINESS,
    CLEO,
    RIVAL,
    acquaintance,
    change,
    free_form,
    grant,
    opening,
    person,
    question,
    sender,
    stop,
)
from tests.support.clocks import FakeClock, at
from tests.support.services import FakeHeadFile, World, build_world
from tests.support.stores import Home, RawRefused


@asynccontextmanager
async def opened(home: Home, head: FakeHeadFile) -> AsyncIterator[World]:
    store = await home.open()
    try:
        yield build_world(store, FakeClock(at(10_000)), head_file=head)
    finally:
        await store.close()


@pytest.fixture
def head() -> FakeHeadFile:
    return FakeHeadFile()


@pytest.fixture
async def lived(home: Home, head: FakeHeadFile) -> Home:
    """Six events: Ana's yes at 1, Ben's at 2 and his stop at 3, Cleo's at 4, Ana's merge at 6."""
    async with opened(home, head) as world:
        await world.services.directory.put_sender(sender(), None, at(0))
        for act in (grant(ANA), grant(BEN), stop(BEN, at=at(1)), grant(CLEO), grant(ANA_BSUID)):
            await world.services.ledger.commit(change(act))
        merge = change(acquaintance(ANA, ANA_BSUID), opening(ANA, at=at(9_900)), at=at(9_900))
        await world.services.ledger.commit(merge)
        await follow_head(world.services)
    return home


async def start(world: World) -> None:
    await follow_head(world.services)
    await check_at_start(world.services)


async def reason(world: World) -> Reason:
    return (await check_send(world.services, question(ANA))).reason


def kinds(world: World) -> set[DamageKind]:
    return {one.kind for one in world.services.watch.damages()}


async def lose(home: Home, last: int) -> None:
    """Bring the ledger back to a position, as an older copy would."""
    async with unguarded(home):
        await home.raw(f"DELETE FROM event WHERE position > {last}")
    await home.raw(f"UPDATE business SET last_position = {last}")


async def test_a_sound_ledger_holds_nothing(lived: Home, head: FakeHeadFile) -> None:
    async with opened(lived, head) as world:
        await start(world)
        assert world.services.watch.damages() == ()
        assert await reason(world) is Reason.OPTED_IN
        (told,) = await find_ledger_state(world.services.watch)
        assert told.severity is Severity.OK
        with pytest.raises(Conflict):
            await accept_ledger(world.services, None, "for fun")


async def test_behind_the_head_only_service_messages_leave(lived: Home, head: FakeHeadFile) -> None:
    await lose(lived, 4)
    async with opened(lived, head) as world:
        await start(world)
        assert await reason(world) is Reason.LEDGER_BEHIND
        decided = await check_send(world.services, free_form(ANA))
        assert decided.reason is Reason.WINDOW_OPEN
        async with world.services.gate.hold(question(ANA)) as held:
            assert held.alive()
            assert held.facts.ledger.value == "behind"
        told = (await find_ledger_state(world.services.watch))[0]
        assert told.severity is Severity.PROBLEM
        assert "positions 5 to 6 of acme are missing" in told.summary
        assert "askfirst ledger accept" in told.remedy


async def test_another_business_is_not_held(lived: Home, head: FakeHeadFile) -> None:
    await lose(lived, 4)
    async with opened(lived, head) as world:
        await world.services.ledger.commit(change(grant(ANA), business=RIVAL))
        await start(world)
        decided = await check_send(world.services, question(ANA, business_id=RIVAL))
        assert decided.reason is Reason.SENDER_UNKNOWN
        assert await reason(world) is Reason.LEDGER_BEHIND


async def test_what_was_lost_keeps_its_positions(lived: Home, head: FakeHeadFile) -> None:
    await lose(lived, 4)
    async with opened(lived, head) as world:
        await start(world)
        done = await world.services.ledger.commit(change(stop(CLEO, at=at(20)), at=at(20)))
        assert [event.position for event in done.events] == [7]
        await follow_head(world.services)
        assert await reason(world) is Reason.LEDGER_BEHIND
        assert head.heads is not None
        assert head.heads.businesses[BUSINESS].head.position == 6


async def test_an_operator_ends_it_and_the_ledger_says_so(lived: Home, head: FakeHeadFile) -> None:
    await lose(lived, 4)
    async with opened(lived, head) as world:
        await start(world)
        (done,) = await accept_ledger(world.services, None, "the copy of Monday")
        assert done.event.kind is EventKind.ACCEPTED
        assert done.event.contact_id == LEDGER_ITSELF
        assert done.event.position == 7
        assert world.services.watch.damages() == ()
        (word,) = (await world.services.audit.known(BUSINESS)).acceptances
        assert word.reason == "the copy of Monday"
        assert word.gaps == ((5, 6),)
    async with opened(lived, head) as world:
        await start(world)
        assert world.services.watch.damages() == ()
        assert await reason(world) is not Reason.LEDGER_BEHIND
        await lose(lived, 6)
        world.services.watch.look_again()
        await follow_head(world.services)
        assert await reason(world) is Reason.LEDGER_BEHIND


async def test_a_server_with_a_head_of_its_own_hears_the_word_from_the_ledger(
    lived: Home, head: FakeHeadFile
) -> None:
    other = FakeHeadFile(head.heads)
    await lose(lived, 4)
    async with opened(lived, head) as world, _beside(world, other) as second:
        await start(world)
        await start(second)
        await accept_ledger(world.services, None, "the copy of Monday")
        assert await reason(second) is Reason.LEDGER_BEHIND
        await follow_head(second.services)
        assert await reason(second) is not Reason.LEDGER_BEHIND
        assert other.heads is not None
        assert head.heads is not None
        assert other.heads.businesses[BUSINESS].head == head.heads.businesses[BUSINESS].head


@asynccontextmanager
async def _beside(world: World, head: FakeHeadFile) -> AsyncIterator[World]:
    yield build_world(world.store, FakeClock(at(10_000)), head_file=head)


async def test_a_word_that_our_keyring_did_not_seal_ends_nothing(
    lived: Home, head: FakeHeadFile
) -> None:
    await lose(lived, 4)
    other = FakeHeadFile(head.heads)
    async with opened(lived, head) as world:
        await start(world)
        await accept_ledger(world.services, None, "the copy of Monday")
        sealed = "x'0001'" if lived.backend == "sqlite" else "'\\x0001'::bytea"
        await lived.raw(f"UPDATE evidence SET sealed = {sealed} WHERE position = 7")
        async with _beside(world, other) as second:
            await follow_head(second.services)
            assert await reason(second) is Reason.LEDGER_BEHIND


async def test_an_acceptance_needs_a_reason(lived: Home, head: FakeHeadFile) -> None:
    await lose(lived, 4)
    async with opened(lived, head) as world:
        await start(world)
        for empty in ("", "  ", "x" * 501):
            with pytest.raises(InvalidInput):
                await accept_ledger(world.services, None, empty)
        with pytest.raises(Conflict):
            await accept_ledger(world.services, RIVAL, "not held")


async def test_a_restore_under_a_running_server_is_noticed(lived: Home, head: FakeHeadFile) -> None:
    async with opened(lived, head) as world:
        await start(world)
        await lose(lived, 4)
        await follow_head(world.services)
        assert await reason(world) is Reason.LEDGER_BEHIND


async def test_another_event_at_the_heads_place_holds(lived: Home, head: FakeHeadFile) -> None:
    await rewrite(lived, 6, "source = 'import'")
    async with opened(lived, head) as world:
        await start(world)
        assert DamageKind.HEAD_DIFFERS in kinds(world)
        assert await reason(world) is Reason.LEDGER_BEHIND
        await accept_ledger(world.services, BUSINESS, "known")
        assert kinds(world) == set()


async def test_a_head_of_another_database_holds_every_business(
    lived: Home, head: FakeHeadFile
) -> None:
    assert head.heads is not None
    head.heads = Heads(database="other", businesses=head.heads.businesses)
    async with opened(lived, head) as world:
        await start(world)
        assert kinds(world) == {DamageKind.OTHER_DATABASE}
        assert await reason(world) is Reason.LEDGER_BEHIND
        assert head.heads.database == "other"
        with pytest.raises(Conflict):
            await accept_ledger(world.services, BUSINESS, "moved")
        await accept_ledger(world.services, None, "moved")
        assert kinds(world) == set()
        assert head.heads.database != "other"


@pytest.mark.parametrize("is_readable", [True, False])
async def test_a_head_that_is_gone_or_broken_holds(
    lived: Home, head: FakeHeadFile, *, is_readable: bool
) -> None:
    lost = FakeHeadFile(is_readable=is_readable)
    async with opened(lived, lost) as world:
        await start(world)
        assert await reason(world) is Reason.LEDGER_BEHIND
        assert lost.heads is None
        lost.is_readable = True
        await accept_ledger(world.services, None, "the disk was lost")
        assert await reason(world) is Reason.OPTED_IN
        assert lost.heads is not None


async def test_a_new_machine_beside_others_begins_a_head_of_its_own(
    lived: Home, head: FakeHeadFile
) -> None:
    fresh = FakeHeadFile()
    store = await lived.open()
    world = build_world(store, FakeClock(at(10_000)), head_file=fresh, is_head_needed=False)
    await start(world)
    assert await reason(world) is Reason.OPTED_IN
    assert fresh.heads == head.heads
    await store.close()


async def test_a_head_of_a_business_that_the_copy_does_not_know_holds_it(
    lived: Home, head: FakeHeadFile
) -> None:
    assert head.heads is not None
    newer = KeptHead(head=Head(Position(3), b"l" * 32, b"h" * 32))
    head.heads = Heads(
        database=head.heads.database, businesses={**head.heads.businesses, RIVAL: newer}
    )
    async with opened(lived, head) as world:
        await start(world)
        decided = await check_send(world.services, question(ANA, business_id=RIVAL))
        assert world.services.watch.damages(RIVAL) != ()
        assert not decided.allowed
        assert await reason(world) is Reason.OPTED_IN
        await accept_ledger(world.services, RIVAL, "it was made after the copy")
        assert world.services.watch.damages() == ()


@pytest.mark.parametrize(
    "name", ["a_yes_copied_over_a_stop", "a_name_led_to_a_merged_contact", "a_guard_dropped"]
)
async def test_what_the_events_tell_is_made_anew(
    lived: Home, head: FakeHeadFile, name: str
) -> None:
    await WAYS[name](lived, Random(name))
    async with opened(lived, head) as world:
        await start(world)
        assert await reason(world) is Reason.LEDGER_ALTERED
        await accept_ledger(world.services, None, "found and mended")
        assert kinds(world) == set()
        stopped = await check_send(world.services, question(BEN))
        assert stopped.reason is Reason.WITHDRAWN
    async with opened(lived, head) as world:
        await start(world)
        assert kinds(world) == set()


async def test_a_changed_event_counts_once_an_operator_says_so(
    lived: Home, head: FakeHeadFile
) -> None:
    await alter(lived, "surface = 'paper'", "position = 4")
    async with opened(lived, head) as world:
        await start(world)
        assert DamageKind.HASH_DIFFERS in kinds(world)
        await accept_ledger(world.services, None, "we know")
        assert kinds(world) == set()
    await alter(lived, "surface = 'phone'", "position = 4")
    async with opened(lived, head) as world:
        await start(world)
        assert DamageKind.HASH_DIFFERS in kinds(world)


async def test_a_restart_forgets_no_damage_that_only_the_long_check_finds(
    lived: Home, head: FakeHeadFile
) -> None:
    await alter(lived, "surface = 'paper'", "position = 4")
    async with opened(lived, head) as world:
        await start(world)
        await follow_head(world.services)
    async with opened(lived, head) as world:
        await follow_head(world.services)
        assert kinds(world) == {DamageKind.HASH_DIFFERS, DamageKind.STANDING_DIFFERS}
    await alter(lived, "surface = 'signup'", "position = 4")
    async with opened(lived, head) as world:
        await follow_head(world.services)
        assert kinds(world) == set()


async def test_the_background_finds_it_and_sees_it_mended(lived: Home, head: FakeHeadFile) -> None:
    async with opened(lived, head) as world:
        await start(world)
        await alter(lived, "surface = 'paper'", "position = 4")
        steps = scrub(world.services)
        for _ in range(20):
            await anext(steps)
        assert await reason(world) is Reason.LEDGER_ALTERED
        assert world.telemetry.damages != []
        await alter(lived, "surface = 'signup'", "position = 4")
        for _ in range(20):
            await anext(steps)
        assert await reason(world) is Reason.OPTED_IN
        await steps.aclose()


async def test_the_background_finds_a_past_that_was_written_anew(
    lived: Home, head: FakeHeadFile
) -> None:
    async with opened(lived, head) as world:
        await start(world)
        await rewrite(lived, 1, "source = 'import'")
        steps = scrub(world.services)
        for _ in range(20):
            await anext(steps)
        assert DamageKind.HISTORY_DIFFERS in kinds(world)
        await follow_head(world.services)
        await accept_ledger(world.services, None, "we know")
        assert kinds(world) == set()
        await steps.aclose()


async def test_a_long_ledger_is_checked_at_its_end_and_here_and_there(
    home: Home, head: FakeHeadFile, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("askfirst.usecases.transparency.watch_ledger.NEWEST", 10)
    async with opened(home, head) as world:
        acts = [change(grant(person(number))) for number in range(60)]
        for act in acts:
            await world.services.ledger.commit(act)
        await start(world)
        assert kinds(world) == set()
    await alter(home, "surface = 'paper'", "position = 20")
    async with opened(home, head) as world:
        await start(world)
        assert DamageKind.HASH_DIFFERS in kinds(world)


@pytest.mark.parametrize(
    ("assignment", "where"),
    [("occurred_at = occurred_at - 1000", "position = 3"), ("assurance = 2", "position = 3")],
)
async def test_nothing_is_signed_about_a_person_whose_events_were_changed(
    lived: Home, head: FakeHeadFile, assignment: str, where: str
) -> None:
    async with opened(lived, head) as world:
        assert await issue_receipt(world.services, BUSINESS, Position(2))
        await alter(lived, assignment, where)
        for position in (2, 3):
            with pytest.raises(LedgerDamaged):
                await issue_receipt(world.services, BUSINESS, Position(position))
        assert await issue_receipt(world.services, BUSINESS, Position(4))
        assert await reason(world) is Reason.LEDGER_ALTERED


async def test_nothing_is_signed_beside_a_gap(lived: Home, head: FakeHeadFile) -> None:
    async with opened(lived, head) as world:
        async with unguarded(lived):
            await lived.raw("DELETE FROM event WHERE position = 3")
        with pytest.raises(LedgerDamaged):
            await issue_receipt(world.services, BUSINESS, Position(4))
        assert DamageKind.EVENTS_MISSING in kinds(world)


async def test_nothing_is_signed_where_another_standing_was_put(
    lived: Home, head: FakeHeadFile
) -> None:
    await WAYS["a_yes_copied_over_a_stop"](lived, Random(1))
    async with opened(lived, head) as world:
        with pytest.raises(LedgerDamaged):
            await issue_receipt(world.services, BUSINESS, Position(2))


@pytest.mark.postgres
async def test_postgres_says_that_events_are_never_changed(postgres_home: Home) -> None:
    async with opened(postgres_home, FakeHeadFile()) as world:
        await world.services.ledger.commit(change(grant(ANA)))
        for sql in (
            "UPDATE event SET kind = 'refused'",
            "DELETE FROM event",
            "TRUNCATE event",
            "TRUNCATE business, event CASCADE",
            "UPDATE event SET kind = 'refused' WHERE position = 1 RETURNING position",
        ):
            with pytest.raises(RawRefused):
                await postgres_home.raw(sql)
        assert await positions(postgres_home) == [1]


async def test_each_damage_is_told_once(lived: Home, head: FakeHeadFile) -> None:
    await lose(lived, 4)
    async with opened(lived, head) as world:
        for _ in range(3):
            await start(world)
        behind = [one for one in world.telemetry.damages if one.kind is DamageKind.BEHIND_HEAD]
        assert [(one.business_id, one.first, one.last) for one in behind] == [(BUSINESS, 5, 6)]
        assert len(world.telemetry.damages) == len(set(world.telemetry.damages))
