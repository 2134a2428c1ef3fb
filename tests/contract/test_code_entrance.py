"""The contract of `ports.codes.Codes`: what lets a new code in, and limits."""

from __future__ import annotations

import asyncio
from collections import Counter

import pytest

from askfirst.bootstrap.database.store import Store
from askfirst.domain.codes.code import Channel, Result, StatusKind
from askfirst.domain.codes.code_limits import (
    FAILED_CHECKS_MOST,
    FAILURES_MOST,
    UNCONVERTED_MOST,
    NumberSheet,
    unconverted_use,
)
from askfirst.domain.value import replace
from askfirst.domain.values.alias import phone_alias
from askfirst.domain.values.rate_limit import LimitName, Use
from askfirst.domain.values.timestamp import DAY, HOUR, Instant
from askfirst.ports.codes.codes import Admission, AdmissionResult
from askfirst.ports.tenants.directory import UNROUTED
from tests.support.builders import ANA, BEN, BUSINESS, CLEO, RIVAL, spelt_by_meta
from tests.support.clocks import NOON, at
from tests.support.codes import (
    LOGIN,
    RIGHT,
    code,
    entered,
    entrance,
    found,
    kept,
    line,
    opened,
    renewal,
    renewed,
    tried,
)
from tests.support.stores import PostgresHome


async def test_a_number_is_claimed_by_one_request_at_a_time(store: Store) -> None:
    came = await asyncio.gather(*(entered(store, code(number)) for number in range(1, 31)))
    assert Counter(one.limit for one in came) == {None: 1, LimitName.COOL_DOWN: 29}
    early, next_one = (
        code(31, purpose="early", created_at=at(29.999999)),
        code(32, purpose="next", created_at=at(30)),
    )
    assert (await entered(store, early)).limit is LimitName.COOL_DOWN
    assert (await entered(store, next_one)).code is not None
    assert (await entered(store, code(33, number=BEN))).code is not None
    assert (await entered(store, code(34, business_id=RIVAL))).code is not None


async def test_what_a_limit_refuses_uses_up_nothing_of_the_wider_ones(store: Store) -> None:
    narrow, wide = (
        Use(limit=LimitName.AREA, subject="1", most=1, window=HOUR),
        Use(limit=LimitName.BUSINESS, subject="", most=2, window=HOUR),
    )
    way = entrance(narrow, wide)
    assert (await entered(store, code(), way)).code == code()
    for number in range(2, 9):
        other = code(number, number=phone_alias(f"44770090{number:04d}"))
        assert await entered(store, other, way) == AdmissionResult(None, LimitName.AREA)
        assert await store.codes.find(BUSINESS, other.code_id) is None
    assert await store.limits.take(BUSINESS, (wide,), NOON) is None
    assert await store.limits.take(BUSINESS, (wide,), NOON) is LimitName.BUSINESS


@pytest.mark.parametrize("place", range(4))
async def test_who_is_refused_has_used_up_nothing(store: Store, place: int) -> None:
    """Not what is narrower than the limit that is reached, nor what is wider, nor their turn."""
    limits = [
        Use(limit=LimitName.ADDRESS, subject="1", most=4, window=HOUR, amount=2),
        Use(limit=LimitName.AREA, subject="1", most=2, window=HOUR),
        Use(limit=LimitName.AREA_UNCONVERTED, subject="1", most=2, window=HOUR),
        Use(limit=LimitName.BUDGET, subject="", most=4, window=DAY, amount=2),
    ]
    full = limits[place]
    await store.limits.take(BUSINESS, (replace(full, amount=full.most),), NOON)
    address, area, unconverted, budget = limits
    way = Admission(
        until=at(30),
        uses=((address,), (area, unconverted), (budget,)),
        sheet=NumberSheet(),
        tries=3,
    )
    for number in range(1, 9):
        assert await entered(store, code(number), way) == AdmissionResult(None, full.limit)
    assert (await entered(store, code(9))).code is not None
    for use in (one for one in limits if one is not full):
        taken = [await store.limits.take(BUSINESS, (use,), NOON) for _ in range(3)]
        assert taken == [None, None, use.limit]
    assert await store.limits.take(BUSINESS, (full,), NOON) is full.limit


async def test_a_stretch_begins_with_the_first_use_that_was_let_in(store: Store) -> None:
    narrow, wide = (
        Use(limit=LimitName.AREA, subject="1", most=1, window=HOUR),
        Use(limit=LimitName.BUSINESS, subject="", most=1, window=HOUR, amount=2),
    )
    assert (await entered(store, code(), entrance(narrow, wide))).limit is LimitName.BUSINESS
    assert await store.limits.take(BUSINESS, (narrow,), at(60)) is None
    assert await store.limits.opens_at(BUSINESS, narrow) == at(60) + HOUR


async def test_what_cannot_be_kept_uses_up_nothing_and_ends_nothing(store: Store) -> None:
    key = ("form-1", b"d" * 32)
    await kept(store, code(1, number=BEN), key=key)
    made = await opened(store, 2)
    limit = Use(limit=LimitName.BUSINESS, subject="", most=1, window=HOUR)
    sheet = await store.codes.sheet(BUSINESS, ANA, LOGIN, at(60))
    way = entrance(limit, until=90, sheet=sheet)
    later = code(3, created_at=at(60))
    others = [entered(store, code(4, number=CLEO, created_at=at(60)))]
    refused, other = await asyncio.gather(store.codes.open(later, RIGHT, None, key, way), *others)
    assert (refused, other.code is not None) == (AdmissionResult(None), True)
    assert await found(store, made) == made
    assert (await entered(store, later, way)).code == later


async def test_a_resend_that_comes_too_late_uses_up_nothing(store: Store) -> None:
    made = await opened(store)
    await store.codes.end(BUSINESS, made.code_id, line(StatusKind.CANCELLED))
    limit = Use(limit=LimitName.BUSINESS, subject="", most=1, window=HOUR)
    again = renewal(made, is_resend=True, now=at(30))
    assert await store.codes.renew(made, again, entrance(limit, until=60)) == AdmissionResult(None)
    later = code(2, created_at=at(31))
    assert (await entered(store, later, entrance(limit, until=61))).code == later


async def test_a_number_that_is_not_let_in_keeps_its_code(store: Store) -> None:
    full = Use(limit=LimitName.BUDGET, subject="", most=1, window=DAY, amount=2)
    made = await opened(store)
    sheet = await store.codes.sheet(BUSINESS, ANA, LOGIN, at(1))
    refused = await entered(store, code(2, created_at=at(1)), entrance(full, sheet=sheet))
    assert refused == AdmissionResult(None, LimitName.BUDGET)
    assert (await tried(store, made, RIGHT)).result is Result.APPROVED


async def test_a_number_that_is_let_in_loses_its_code_before(store: Store) -> None:
    made = await opened(store)
    await tried(store, made)
    sheet = await store.codes.sheet(BUSINESS, ANA, LOGIN, at(2))
    later = code(2, created_at=at(2))
    assert (await entered(store, later, entrance(sheet=sheet))).code == later
    assert (await tried(store, made, RIGHT, moment=3)).result is Result.EXPIRED
    (ended,) = (await found(store, made)).history
    assert (ended.what, ended.reason, ended.at) == (StatusKind.CANCELLED, "replaced", at(2))


async def test_a_try_between_look_and_entrance_is_counted_in_full(store: Store) -> None:
    made = await opened(store)
    before = await store.codes.sheet(BUSINESS, ANA, LOGIN, at(1))
    sheet = replace(before, failures=FAILURES_MOST - 3)
    await tried(store, made)
    await tried(store, made)
    later = await entered(store, code(2, created_at=at(2)), entrance(sheet=sheet))
    assert later.code is not None
    assert later.code.tries_max == 1
    assert later.code == await found(store, later.code)


async def test_a_try_between_look_and_resend_is_counted_in_full(store: Store) -> None:
    made = await opened(store)
    before = await store.codes.sheet(BUSINESS, ANA, LOGIN, at(1))
    sheet = replace(before, failures=FAILURES_MOST - 3)
    await tried(store, made)
    await tried(store, made)
    again = renewal(made, is_resend=True, now=at(30))
    later = await store.codes.renew(made, again, entrance(until=60, sheet=sheet))
    assert later.code is not None
    assert (later.code.tries, later.code.tries_max) == (2, 3)


@pytest.mark.parametrize("left", [0, 2])
async def test_a_resend_takes_no_try_away_and_brings_none_that_is_not_left(
    store: Store, left: int
) -> None:
    made = await opened(store)
    await tried(store, made)
    await tried(store, made)
    sheet = NumberSheet(failures=FAILURES_MOST - left)
    again = renewal(made, is_resend=True, now=at(30))
    later = await store.codes.renew(made, again, entrance(until=60, sheet=sheet))
    assert later.code is not None
    assert (later.code.tries, later.code.tries_max) == (2, 2)
    assert (await tried(store, made, "11112222")).result is Result.LOCKED


async def test_what_came_in_may_be_asked_for_again_with_its_own_turn(store: Store) -> None:
    made = await opened(store)
    again = renewal(made, is_resend=True, now=at(30))
    assert (await store.codes.renew(made, again, entrance(until=60))).code is not None
    now = await found(store, made)
    soon = renewal(now, made=2, is_resend=True, now=at(59))
    refused = await store.codes.renew(now, soon, entrance(until=90))
    assert refused == AdmissionResult(None, LimitName.COOL_DOWN)
    assert (await found(store, made)).made == 2


async def test_of_fallbacks_at_once_one_is_paid_for(store: Store) -> None:
    made = await opened(store)
    budget = Use(limit=LimitName.BUDGET, subject="", most=2, window=DAY)
    fallback = renewal(made, uses=((unconverted_use("44770090"), budget),))
    came = await asyncio.gather(*(store.codes.renew(made, fallback) for _ in range(9)))
    assert sum(one.code is not None for one in came) == 1
    taken = [await store.limits.take(BUSINESS, (budget,), at(20)) for _ in range(2)]
    assert taken == [None, LimitName.BUDGET]
    unread = (replace(unconverted_use("44770090"), amount=UNCONVERTED_MOST - 1),)
    assert await store.limits.take(BUSINESS, unread, at(20)) is None


async def test_of_processes_that_fall_back_one_pays(postgres_home: PostgresHome) -> None:
    one, other = await postgres_home.open(), await postgres_home.open()
    budget = Use(limit=LimitName.BUDGET, subject="", most=20, window=DAY)
    codes = [
        await opened(one, number, number=phone_alias(f"44770090{number:04d}"))
        for number in range(1, 11)
    ]
    came = await asyncio.gather(
        *(
            store.codes.renew(made, renewal(made, uses=((budget,),)))
            for made in codes
            for store in (one, other)
        )
    )
    assert sum(each.code is not None for each in came) == 10
    left = [await one.limits.take(BUSINESS, (budget,), at(20)) for _ in range(11)]
    assert left == [None] * 10 + [LimitName.BUDGET]
    await one.close()
    await other.close()


async def test_a_fallback_that_a_limit_refuses_leaves_the_code_as_it_was(store: Store) -> None:
    made = await opened(store)
    wide = Use(limit=LimitName.BUSINESS, subject="", most=1, window=HOUR)
    full = Use(limit=LimitName.BUDGET, subject="", most=1, window=DAY, amount=2)
    fallback = renewal(made, uses=((wide, full),))
    assert await store.codes.renew(made, fallback) == AdmissionResult(None, LimitName.BUDGET)
    assert await found(store, made) == made
    assert await store.limits.take(BUSINESS, (wide,), at(20)) is None


async def test_all_that_was_taken_in_blocks_is_given_out(store: Store) -> None:
    shared = Use(limit=LimitName.EVERYBODY, subject="", most=50, window=HOUR, block=20)
    taken = [await store.limits.take(UNROUTED, (shared,), NOON) for _ in range(60)]
    assert taken == [None] * 50 + [LimitName.EVERYBODY] * 10


async def test_what_processes_take_in_blocks_is_never_more_than_the_limit(
    postgres_home: PostgresHome,
) -> None:
    shared = Use(limit=LimitName.EVERYBODY, subject="", most=50, window=HOUR, block=20)
    one, other = await postgres_home.open(), await postgres_home.open()
    taken = await asyncio.gather(
        *(store.limits.take(UNROUTED, (shared,), NOON) for store in (one, other) * 60)
    )
    assert Counter(taken) == {None: 50, LimitName.EVERYBODY: 70}
    later = at(3600)
    assert await one.limits.take(UNROUTED, (shared,), later) is None
    await one.close()
    await other.close()


async def test_what_is_given_back_is_given_out_again(store: Store) -> None:
    shared = Use(limit=LimitName.EVERYBODY, subject="", most=2, window=HOUR, block=20)
    store.limits.give_back(UNROUTED, shared)
    taken = [await store.limits.take(UNROUTED, (shared,), NOON) for _ in range(3)]
    assert taken == [None, None, LimitName.EVERYBODY]
    store.limits.give_back(UNROUTED, shared)
    assert await store.limits.take(UNROUTED, (shared,), at(1)) is None
    store.limits.give_back(UNROUTED, shared)
    assert await store.limits.take(UNROUTED, (shared,), at(60)) is LimitName.EVERYBODY


async def test_a_block_is_given_out_for_a_minute_only(store: Store) -> None:
    shared = Use(limit=LimitName.EVERYBODY, subject="", most=20, window=HOUR, block=20)
    assert await store.limits.take(UNROUTED, (shared,), NOON) is None
    assert await store.limits.take(UNROUTED, (shared,), at(59)) is None
    assert await store.limits.take(UNROUTED, (shared,), at(60)) is LimitName.EVERYBODY


async def test_of_processes_that_let_a_number_in_one_does(postgres_home: PostgresHome) -> None:
    one, other = await postgres_home.open(), await postgres_home.open()
    limit = Use(limit=LimitName.BUSINESS, subject="", most=25, window=HOUR)
    came = await asyncio.gather(
        *(
            entered(
                store,
                code(number, number=phone_alias(f"44770090{number:04d}"), business_id=owner),
                entrance(limit),
            )
            for number in range(1, 21)
            for store, owner in ((one, BUSINESS), (other, BUSINESS), (other, RIVAL))
        )
    )
    assert sum(each.code is not None for each in came) == 40
    await one.close()
    await other.close()


async def test_a_request_that_cannot_be_kept_uses_up_no_turn_and_harms_no_other(
    postgres_home: PostgresHome,
) -> None:
    store = await postgres_home.open()
    results = await asyncio.gather(
        entered(store, code(1, number=BEN)),
        entered(store, code(2, tries=2**40)),
        entered(store, code(3, number=CLEO)),
        return_exceptions=True,
    )
    assert isinstance(results[1], Exception)
    assert [results[0], results[2]] == [
        AdmissionResult(code(1, number=BEN)),
        AdmissionResult(code(3, number=CLEO)),
    ]
    assert (await entered(store, code(2))).code is not None
    await store.close()


async def test_a_sheet_of_a_number_that_never_asked_is_empty(store: Store) -> None:
    assert await store.codes.sheet(BUSINESS, ANA, LOGIN, NOON) == NumberSheet()


async def test_a_sheet_tells_of_claims_and_suppression(store: Store) -> None:
    await entered(store, code(purpose="payment", expires_at=NOON))
    await store.codes.suppress(BUSINESS, ANA, at(90))
    await store.codes.suppress(BUSINESS, spelt_by_meta(ANA.value), at(60))
    sheet = await store.codes.sheet(BUSINESS, ANA, LOGIN, NOON)
    assert (sheet.next_at, sheet.suppressed_until) == (at(30), at(90))
    assert (await store.codes.sheet(RIVAL, ANA, LOGIN, NOON)) == NumberSheet()


async def test_a_sheet_counts_what_was_asked_for_in_a_day(store: Store) -> None:
    made = await opened(store)
    await renewed(store, made, tries=3)
    await store.codes.end(BUSINESS, made.code_id, line(StatusKind.CANCELLED))
    await opened(store, 2, created_at=at(60))
    inbound = code(3, channels=(Channel.WHATSAPP_INBOUND,))
    await kept(store, inbound, "")
    for moment, asked in ((at(60), 3), (Instant(NOON + DAY), 1), (Instant(at(60) + DAY), 0)):
        assert (await store.codes.sheet(BUSINESS, ANA, LOGIN, moment)).asked == asked


async def test_a_sheet_counts_wrong_tries_since_the_last_approval(store: Store) -> None:
    first = await opened(store)
    await tried(store, first)
    await tried(store, first, RIGHT)
    second = await opened(store, 2, created_at=at(60), expires_at=at(360))
    for _ in range(3):
        await tried(store, second, moment=61)
    sheet = await store.codes.sheet(BUSINESS, ANA, LOGIN, at(62))
    assert (sheet.failures, sheet.live) == (0, ((second.code_id, 3),))
    await store.codes.end(BUSINESS, second.code_id, line(StatusKind.CANCELLED, 63))
    assert (await store.codes.sheet(BUSINESS, ANA, LOGIN, at(64))).failures == 3


async def test_a_sheet_counts_the_tries_that_codes_for_other_purposes_still_allow(
    store: Store,
) -> None:
    await opened(store, purpose="payment")
    mine = await opened(store, 2)
    await tried(store, mine)
    assert (await store.codes.sheet(BUSINESS, ANA, LOGIN, at(1))).failed == 3 + 1
    assert (await store.codes.sheet(BUSINESS, ANA, LOGIN, at(300))).failed == 0 + 1


async def test_an_approval_by_message_ends_a_row_of_failures(store: Store) -> None:
    made = await opened(store)
    for _ in range(3):
        await tried(store, made)
    inbound = code(2, channels=(Channel.WHATSAPP_INBOUND,), created_at=at(5))
    await kept(store, inbound, "")
    await store.codes.prove(BUSINESS, inbound.code_id, line(StatusKind.APPROVED, 6))
    sheet = await store.codes.sheet(BUSINESS, ANA, "payment", at(7))
    assert sheet.failures == 0


async def test_a_code_that_is_read_gives_its_block_itself_and_one_more(store: Store) -> None:
    made = await opened(store)
    uses = (unconverted_use("44770090"),)
    for _ in range(10):
        assert await store.limits.take(BUSINESS, uses, NOON) is None
    assert await store.limits.take(BUSINESS, uses, NOON) is LimitName.AREA_UNCONVERTED
    await tried(store, made)
    assert await store.limits.take(BUSINESS, uses, NOON) is LimitName.AREA_UNCONVERTED
    await tried(store, made, RIGHT)
    assert await store.limits.take(BUSINESS, uses, NOON) is None
    assert await store.limits.take(BUSINESS, uses, NOON) is None
    assert await store.limits.take(BUSINESS, uses, NOON) is LimitName.AREA_UNCONVERTED


async def test_a_code_gives_nothing_back_to_a_day_in_which_it_was_not_counted(
    store: Store,
) -> None:
    made = await opened(store)
    full = (replace(unconverted_use("44770090"), amount=UNCONVERTED_MOST),)
    assert await store.limits.take(BUSINESS, full, at(0.000001)) is None
    await tried(store, made, RIGHT)
    one = (unconverted_use("44770090"),)
    assert await store.limits.take(BUSINESS, one, at(2)) is LimitName.AREA_UNCONVERTED


async def test_a_number_that_proves_itself_gives_its_block_nothing(store: Store) -> None:
    inbound = code(channels=(Channel.WHATSAPP_INBOUND,))
    await kept(store, inbound, "")
    uses = (unconverted_use("44770090"),)
    for _ in range(10):
        assert await store.limits.take(BUSINESS, uses, NOON) is None
    assert await store.codes.prove(BUSINESS, inbound.code_id, line(StatusKind.APPROVED))
    assert await store.limits.take(BUSINESS, uses, at(2)) is LimitName.AREA_UNCONVERTED


async def test_a_business_that_failed_too_often_approves_nothing_until_the_day_is_over(
    store: Store,
) -> None:
    made = await opened(store, tries_max=9)
    most = FAILED_CHECKS_MOST
    failures = Use(
        limit=LimitName.FAILED_CHECKS, subject="", most=most, window=DAY, amount=most - 1
    )
    await store.limits.take(BUSINESS, (failures,), NOON)
    assert (await tried(store, made)).result is Result.WRONG
    assert (await tried(store, made)).result is Result.LOCKED
    assert (await tried(store, made, RIGHT)).result is Result.LOCKED
    rival = code(2, business_id=RIVAL)
    await kept(store, rival)
    assert (await tried(store, rival, RIGHT)).result is Result.APPROVED
    later = await opened(store, 3, expires_at=at(86_700), purpose="payment")
    assert (await tried(store, later, RIGHT, moment=86_399)).result is Result.LOCKED
    assert (await tried(store, later, RIGHT, moment=86_400)).result is Result.APPROVED
