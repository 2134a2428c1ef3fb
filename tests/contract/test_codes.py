"""The contract of `ports.codes.Codes`."""

from __future__ import annotations

import asyncio
from collections import Counter

import pytest

from askfirst.bootstrap.database.store import Store
from askfirst.domain.codes.code import Channel, CodeState, Result, StatusKind
from askfirst.domain.codes.code_limits import LiveCode, NumberSheet, area_uses
from askfirst.domain.prompts.prompt import PromptHash
from askfirst.domain.tasks.task import Queue, Task
from askfirst.domain.values.alias import phone_alias
from askfirst.domain.values.errors import Conflict
from askfirst.domain.values.ids import BusinessId, CodeId, PhoneNumberId, ProofId
from askfirst.domain.values.network_address import NetworkAddress
from askfirst.ports.codes.codes import Typed, code_task
from askfirst.storage.platform.keyring import Keyring
from tests.support.builders import ANA, BEN, BUSINESS, CLEO, RIVAL, spelt_by_meta
from tests.support.clocks import NOON, at
from tests.support.codes import (
    LOGIN,
    RIGHT,
    WRONG,
    code,
    due,
    entered,
    entrance,
    found,
    kept,
    line,
    opened,
    renewed,
    tried,
)
from tests.support.stores import Home, PostgresHome, fixed_keyring


async def taken_up(
    store: Store, moment: float, until: float, business_id: BusinessId = BUSINESS
) -> Task | None:
    """What a worker takes up then, of what is due."""
    leased = await store.tasks.claim(business_id, Queue.CODES, at(moment), at(until))
    return leased.task if leased else None


async def test_a_request_is_read_back_as_it_was_written(store: Store) -> None:
    made = code(
        locale="pt_BR",
        sender=PhoneNumberId("200"),
        reference="session 4711; ü",
        address=NetworkAddress("203.0.113.7"),
        prompt=PromptHash("sha256:" + "0" * 64),
        token="1.abc.def",
        history=(line(StatusKind.SENT, 1), line(StatusKind.FAILED, 2, reason="131026")),
    )
    assert await kept(store, made)
    assert await found(store, made) == made


async def test_a_request_is_durable_when_open_returns(home: Home) -> None:
    store = await home.open()
    made = await opened(store)
    await store.close()
    store = await home.open()
    assert await found(store, made) == made
    await store.close()


async def test_neither_code_nor_number_nor_reference_lies_on_the_disk(home: Home) -> None:
    store = await home.open()
    made = await opened(
        store, 1, "48151623", reference="reference-4711", address=NetworkAddress("203.0.113.47")
    )
    await tried(store, made, "42000042")
    await tried(store, made, "48151623")
    await store.close()
    raw = await home.raw_bytes()
    for secret in (
        b"48151623",
        b"42000042",
        ANA.value.encode(),
        b"reference-4711",
        b"203.0.113.47",
    ):
        assert secret not in raw


async def test_another_business_finds_nothing(store: Store) -> None:
    made = await opened(store)
    assert await store.codes.find(RIVAL, made.code_id) is None
    typed = Typed(code_id=made.code_id, digits=RIGHT, purpose=LOGIN)
    assert await store.codes.try_code(RIVAL, typed, at(1)) is None
    assert not await store.codes.end(RIVAL, made.code_id, line(StatusKind.CANCELLED))
    assert (await found(store, made)).tries == 0


async def test_the_right_code_is_approved_once_and_then_used(store: Store) -> None:
    made = await opened(store)
    first, second = await tried(store, made, RIGHT), await tried(store, made, RIGHT)
    assert (first.result, second.result) == (Result.APPROVED, Result.USED)
    now = await found(store, made)
    assert (now.state, now.ended_at) == (CodeState.APPROVED, at(1))
    assert [one.what for one in now.history] == [StatusKind.APPROVED]


async def test_of_right_tries_at_once_one_is_approved(store: Store) -> None:
    made = await opened(store)
    results = await asyncio.gather(*(tried(store, made, RIGHT) for _ in range(30)))
    assert Counter(one.result for one in results)[Result.APPROVED] == 1


async def test_a_thousand_wrong_tries_at_once_are_three(store: Store) -> None:
    made = await opened(store)
    guesses = (f"{number:08d}" for number in range(1000))
    results = await asyncio.gather(*(tried(store, made, guess) for guess in guesses))
    counted = Counter(one.result for one in results)
    assert counted == {Result.WRONG: 3, Result.LOCKED: 997}
    assert (await tried(store, made, RIGHT)).result is Result.LOCKED


async def test_a_right_guess_among_a_thousand_others_counts_only_as_one_of_three(
    store: Store,
) -> None:
    made = await opened(store, 1, "00000999")
    guesses = [f"{number:08d}" for number in range(1000)]
    results = await asyncio.gather(*(tried(store, made, guess) for guess in guesses))
    evaluated = [one for one in results if one.result is not Result.LOCKED]
    assert len(evaluated) == 3
    assert all(one.result is Result.WRONG for one in evaluated)


async def test_a_try_is_counted_whatever_comes_of_it(store: Store) -> None:
    made = await opened(store)
    for number in range(1, 4):
        wrong = await tried(store, made, "")
        assert (wrong.result, wrong.code.tries) == (Result.WRONG, number)
    assert (await tried(store, made, RIGHT)).result is Result.LOCKED


@pytest.mark.parametrize("moment", [300, 301, 3600])
async def test_a_code_that_is_over_is_expired_even_if_it_is_right(
    store: Store, moment: float
) -> None:
    made = await opened(store)
    late = await tried(store, made, RIGHT, moment=moment)
    assert (late.result, late.code.tries) == (Result.EXPIRED, 0)


async def test_a_code_is_good_until_the_last_microsecond(store: Store) -> None:
    made = await opened(store)
    assert (await tried(store, made, RIGHT, moment=299.999999)).result is Result.APPROVED


async def test_that_a_code_was_used_outlives_it(store: Store) -> None:
    made = await opened(store)
    await tried(store, made, RIGHT)
    assert (await tried(store, made, RIGHT, moment=86_400)).result is Result.USED


async def test_a_code_is_good_for_its_own_request_number_and_purpose_only(store: Store) -> None:
    made = await opened(store)
    other = await opened(store, 2, "22222222", number=BEN)
    payment = await opened(store, 3, "33333333", purpose="payment")
    tries = (
        tried(store, other, RIGHT),
        tried(store, payment, RIGHT),
        tried(store, made, RIGHT, purpose="payment"),
        tried(store, made, RIGHT, number=BEN),
        tried(store, made, "22222222", number=BEN),
        tried(store, payment, "33333333", purpose=LOGIN),
    )
    for one in tries:
        assert (await one).result is Result.WRONG
    spelt = spelt_by_meta(ANA.value)
    assert (await tried(store, payment, "33333333", number=spelt)).result is Result.APPROVED


async def test_equal_digits_of_two_requests_have_nothing_to_do_with_each_other(
    store: Store, home: Home
) -> None:
    await opened(store)
    await opened(store, 2, RIGHT, number=BEN)
    await kept(store, code(business_id=RIVAL))
    rows = await home.raw("SELECT hash FROM code")
    assert len({bytes(row[0]) for row in rows}) == 3


async def test_one_code_lives_per_number_and_purpose(store: Store) -> None:
    made = await opened(store)
    assert not await kept(store, code(2))
    await opened(store, 3, purpose="payment")
    await opened(store, 4, number=BEN)
    assert await store.codes.end(BUSINESS, made.code_id, line(StatusKind.CANCELLED))
    assert not await store.codes.end(BUSINESS, made.code_id, line(StatusKind.CANCELLED))
    await opened(store, 5)
    assert (await tried(store, made, RIGHT)).result is Result.EXPIRED


async def test_a_number_that_proves_itself_does_not_end_its_code(store: Store) -> None:
    made = await opened(store)
    for number in (2, 3):
        inbound = code(number, channels=(Channel.WHATSAPP_INBOUND,), proof_id=ProofId("prf_1"))
        assert await kept(store, inbound, "")
    assert (await tried(store, made, RIGHT)).result is Result.APPROVED


async def test_a_number_is_proven_once_and_before_the_end(store: Store) -> None:
    inbound = code(channels=(Channel.WHATSAPP_INBOUND,))
    assert await kept(store, inbound, "")
    assert (await tried(store, inbound, RIGHT)).result is Result.LOCKED
    proven = line(StatusKind.APPROVED, 5, channel=Channel.WHATSAPP_INBOUND)
    late = proven._replace(at=at(300))
    assert not await store.codes.prove(BUSINESS, inbound.code_id, late)
    assert not await store.codes.prove(RIVAL, inbound.code_id, proven)
    assert await store.codes.prove(BUSINESS, inbound.code_id, proven)
    assert not await store.codes.prove(BUSINESS, inbound.code_id, proven)
    assert (await tried(store, inbound, RIGHT)).result is Result.USED


async def test_no_message_approves_a_code_that_must_be_typed(store: Store) -> None:
    made = await opened(store)
    assert not await store.codes.prove(BUSINESS, made.code_id, line(StatusKind.APPROVED))
    assert (await found(store, made)).state is CodeState.WAITING


async def test_a_new_code_puts_an_end_to_the_old_one(store: Store) -> None:
    made = await opened(store)
    assert await renewed(store, made, "11112222")
    assert (await tried(store, made, RIGHT)).result is Result.WRONG
    right = await tried(store, made, "11112222")
    assert (right.result, right.code.channel) == (Result.APPROVED, Channel.SMS)


async def test_of_many_that_go_on_to_the_next_channel_one_does(store: Store) -> None:
    made = await opened(store)
    renewals = [renewed(store, made, f"{n:08d}") for n in range(30)]
    assert sum(await asyncio.gather(*renewals)) == 1
    now = await found(store, made)
    assert (now.made, now.step, now.asked, now.tries_max) == (2, 1, 1, 3)


async def test_a_code_that_is_over_gets_no_new_one(store: Store) -> None:
    used, cancelled = await opened(store), await opened(store, 2, number=BEN)
    await tried(store, used, RIGHT)
    await store.codes.end(BUSINESS, cancelled.code_id, line(StatusKind.CANCELLED))
    assert not await renewed(store, used)
    assert not await renewed(store, cancelled)


async def test_a_fallback_gives_no_more_tries_and_a_resend_does(store: Store) -> None:
    made = await opened(store)
    await tried(store, made)
    await tried(store, made)
    await renewed(store, made)
    fallen = await found(store, made)
    assert (fallen.tries, fallen.tries_max) == (2, 3)
    await renewed(store, fallen, made=2, tries=3)
    again = await found(store, made)
    assert (again.tries, again.tries_max, again.asked) == (2, 5, 2)


async def test_a_try_that_was_counted_before_a_new_code_does_not_approve_it(store: Store) -> None:
    made = await opened(store)
    attempt, was_renewed = await asyncio.gather(tried(store, made, RIGHT), renewed(store, made))
    now = await found(store, made)
    is_approved = attempt.result is Result.APPROVED
    assert is_approved == (now.state is CodeState.APPROVED)
    assert not (is_approved and was_renewed)


async def test_a_line_of_history_is_written_once_for_each_code(store: Store) -> None:
    made = await opened(store)
    sent = line(StatusKind.SENT, 1)
    assert await store.codes.note(made, sent, at(21))
    assert not await store.codes.note(made, sent._replace(at=at(2)), at(22))
    assert (await found(store, made)).history == (sent,)
    await renewed(store, made)
    assert not await store.codes.note(made, line(StatusKind.DELIVERED), None)
    assert await store.codes.note(made, sent._replace(number=2, channel=Channel.SMS), None)


async def test_what_is_due_is_listed_over_all_businesses_in_order(store: Store) -> None:
    late, early = await opened(store, due_at=20), await opened(store, 2, number=BEN, due_at=10)
    rival = code(3, business_id=RIVAL)
    await kept(store, rival, due_at=at(15))
    await kept(store, code(4, purpose="never"))
    looked = await store.tasks.find_due(at(20), (Queue.CODES,))
    assert looked.queues == ((BUSINESS, Queue.CODES, 2), (RIVAL, Queue.CODES, 1))
    assert await due(store, 9.999999) == 0
    owners = (BUSINESS, RIVAL, BUSINESS)
    leased = [await taken_up(store, 20, 50, owner) for owner in owners]
    assert leased == [code_task(one.business_id, one.code_id) for one in (early, rival, late)]


async def test_what_was_sent_is_due_later_and_what_was_delivered_never(store: Store) -> None:
    made = await opened(store, due_at=20)
    await store.codes.note(made, line(StatusKind.SENT, 5), at(25))
    assert await due(store, 24) == 0
    assert await due(store, 25) == 1
    await store.codes.note(await found(store, made), line(StatusKind.DELIVERED, 6), None)
    assert await due(store, 99) == 0


async def test_what_was_sent_by_the_only_channel_is_not_due(store: Store) -> None:
    made = await opened(store, channels=(Channel.WHATSAPP,))
    await store.codes.note(made, line(StatusKind.SENT, 5), None)
    await store.codes.note(await found(store, made), line(StatusKind.DELIVERED, 6), None)
    assert await due(store, 99) == 0


async def test_what_is_delivered_before_it_is_noted_as_sent_is_not_due(store: Store) -> None:
    made = await opened(store, due_at=20)
    await store.codes.note(made, line(StatusKind.DELIVERED, 1), None)
    await store.codes.note(made, line(StatusKind.SENT, 1), at(21))
    assert await due(store, 99) == 0


async def test_what_has_failed_before_it_is_noted_as_sent_is_not_due(store: Store) -> None:
    made = await opened(store, due_at=20)
    await store.codes.note(made, line(StatusKind.FAILED, 1), None)
    await store.codes.note(made, line(StatusKind.SENT, 1), at(21))
    assert await due(store, 99) == 0


async def test_what_is_over_is_not_due(store: Store) -> None:
    used, cancelled = await opened(store), await opened(store, 2, number=BEN)
    await tried(store, used, RIGHT)
    await store.codes.note(cancelled, line(StatusKind.SENT), at(21))
    await store.codes.end(BUSINESS, cancelled.code_id, line(StatusKind.CANCELLED))
    await store.codes.note(used, line(StatusKind.SENT), at(21))
    assert await due(store, 99) == 0


async def test_what_is_approved_is_not_due_wherever_its_code_is(store: Store) -> None:
    waiting, sent = await opened(store), await opened(store, 2, number=BEN)
    await store.codes.note(sent, line(StatusKind.SENT), at(21))
    for one in (waiting, sent):
        assert (await tried(store, one, RIGHT)).result is Result.APPROVED
    assert await due(store, 99) == 0


async def test_what_a_new_code_replaces_is_due_only_where_it_never_left(store: Store) -> None:
    waiting, sent = await opened(store), await opened(store, 2, number=BEN)
    await store.codes.note(sent, line(StatusKind.SENT), at(21))
    for number, old in ((3, waiting), (4, sent)):
        live = (LiveCode(old.code_id, 0),)
        new = code(number, number=old.number)
        assert (await entered(store, new, entrance(sheet=NumberSheet(live=live)))).code
    assert await taken_up(store, 99, 120) == code_task(BUSINESS, waiting.code_id)
    assert await taken_up(store, 99, 120) is None


async def test_another_code_sets_when_its_request_is_due(store: Store) -> None:
    made = await opened(store, due_at=20)
    await renewed(store, made, due_at=at(80))
    assert await due(store, 79) == 0
    assert await due(store, 80) == 1
    assert not await renewed(store, made, due_at=at(30))
    assert await due(store, 79) == 0


async def test_what_is_cancelled_before_anything_was_sent_is_due_until_that_is_noted(
    store: Store,
) -> None:
    """Whoever takes it up writes down the wish that was answered."""
    made = await opened(store, due_at=20)
    await store.codes.end(BUSINESS, made.code_id, line(StatusKind.CANCELLED))
    assert await due(store, 20) == 1
    assert await store.codes.note(made, line(StatusKind.FAILED, 20), at(40))
    assert await due(store, 99) == 0


async def test_what_is_due_is_taken_up_by_one_and_by_another_if_nothing_comes_of_it(
    store: Store,
) -> None:
    made = await opened(store, due_at=20)
    leased = await asyncio.gather(*(taken_up(store, 20, 50) for _ in range(9)))
    task = code_task(BUSINESS, made.code_id)
    assert Counter(leased) == {task: 1, None: 8}
    assert await due(store, 49) == 0
    assert await due(store, 50) == 1
    assert await taken_up(store, 50, 80) == task
    assert (await found(store, made)).history == ()


async def test_what_was_noted_since_it_was_due_is_not_taken_up(store: Store) -> None:
    made, other = await opened(store, due_at=20), await opened(store, 2, number=BEN, due_at=20)
    assert await due(store, 20) == 2
    await store.codes.note(made, line(StatusKind.SENT, 20), at(40))
    await store.codes.note(other, line(StatusKind.DELIVERED, 20), None)
    assert await taken_up(store, 20, 50) is None
    assert await taken_up(store, 40, 50, RIVAL) is None


async def test_what_is_written_down_ends_the_lease_of_whoever_wrote_it_or_is_late(
    store: Store,
) -> None:
    made = await opened(store, due_at=20)
    leased = await store.tasks.claim(BUSINESS, Queue.CODES, at(20), at(80))
    assert leased is not None
    await renewed(store, made, due_at=at(90))
    assert not await store.tasks.complete(leased)
    assert not await store.tasks.repeat(leased, at(30))
    assert not await store.tasks.retry(leased, at(30), "RuntimeError")
    assert await due(store, 89) == 0
    assert await due(store, 90) == 1


async def test_of_processes_each_works_on_requests_of_its_own(postgres_home: PostgresHome) -> None:
    one, other = await postgres_home.open(), await postgres_home.open()
    for number in range(1, 21):
        await opened(one, number, number=phone_alias(f"44770090{number:04d}"))
    assert await due(one, 20) == 20
    leased = await asyncio.gather(
        *(taken_up(store, 20, 50) for _ in range(20) for store in (one, other))
    )
    assert len(leased) == 40
    assert Counter(Counter(leased).values()) == {1: 20, 20: 1}
    await one.close()
    await other.close()


async def test_a_key_finds_its_request_and_no_other(store: Store) -> None:
    key = ("form-1", b"d" * 32)
    made = code()
    assert await kept(store, made, key=key)
    assert await store.codes.find_by_key(BUSINESS, key) == made
    assert await store.codes.find_by_key(BUSINESS, ("form-2", b"d" * 32)) is None
    assert await store.codes.find_by_key(RIVAL, key) is None
    with pytest.raises(Conflict):
        await store.codes.find_by_key(BUSINESS, ("form-1", b"e" * 32))
    assert not await kept(store, code(2, number=BEN), key=key)


async def test_sweeping_forgets_old_requests_and_suppressions(store: Store, home: Home) -> None:
    old, new = code(), await opened(store, 2, number=BEN, created_at=at(60))
    await entered(store, old)
    await entered(store, code(3, number=CLEO, created_at=at(60)), entrance(until=90))
    await store.codes.suppress(BUSINESS, ANA, at(59))
    await store.codes.suppress(BUSINESS, BEN, at(90))
    assert await store.codes.sweep(BUSINESS, at(60)) == 1
    assert await store.codes.find(BUSINESS, old.code_id) is None
    assert await store.codes.find(BUSINESS, new.code_id) == new
    counted = [
        (await home.raw(f"SELECT count(*) FROM {table}"))[0][0]
        for table in ("code_number", "code_suppression")
    ]
    assert counted == [1, 1]


async def test_a_code_of_before_a_new_key_is_still_good(home: Home) -> None:
    store = await home.open()
    made = await opened(store, expires_at=at(600))
    key = ("form-1", b"d" * 32)
    other = code(2, number=BEN)
    await kept(store, other, key=key)
    await store.codes.suppress(BUSINESS, ANA, at(90))
    await store.close()
    rotated: Keyring = fixed_keyring().rotated()
    store = await home.open(keyring=rotated)
    sheet = await store.codes.sheet(BUSINESS, ANA, LOGIN, at(1))
    assert (sheet.suppressed_until, sheet.live) == (at(90), ((made.code_id, 0),))
    assert await store.codes.live(BUSINESS, ANA) == (made.code_id,)
    assert await store.codes.find_by_key(BUSINESS, key) == other
    assert (await tried(store, made, RIGHT)).result is Result.APPROVED
    await store.close()


async def test_what_is_not_there_is_none(store: Store) -> None:
    nobody = CodeId("cod_" + "0" * 26)
    assert await store.codes.find(BUSINESS, nobody) is None
    typed = Typed(code_id=nobody, digits=WRONG, purpose=LOGIN)
    assert await store.codes.try_code(BUSINESS, typed, NOON) is None
    assert await store.limits.opens_at(BUSINESS, area_uses("1")[0]) == 0
