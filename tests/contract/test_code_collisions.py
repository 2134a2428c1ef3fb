"""Processes that lock the rows of codes in opposite order, on PostgreSQL."""

from __future__ import annotations

import asyncio

import pytest

from askfirst.domain.codes.code import Result
from askfirst.domain.codes.code_limits import area_uses
from askfirst.domain.values.errors import Unavailable
from tests.support.builders import BUSINESS
from tests.support.clocks import NOON
from tests.support.codes import RIGHT, entrance, opened, renewal, tried
from tests.support.stores import PostgresHome

FUNCTION = (
    "CREATE FUNCTION trouble() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN {}; RETURN NULL; END'"
)
TRIGGER = "CREATE TRIGGER trouble AFTER UPDATE ON {} FOR EACH ROW EXECUTE FUNCTION trouble()"
NAP = "PERFORM pg_sleep(0.2)"
BAD_LUCK = "RAISE ''bad luck'' USING ERRCODE = ''{}''"


async def test_a_check_and_a_resend_that_lock_each_other_out_both_come_through(
    postgres_home: PostgresHome,
) -> None:
    """A check locks the request, then its block; a resend the block, then the request."""
    one, other = await postgres_home.open(), await postgres_home.open()
    made = await opened(one)
    uses = area_uses("44770090")
    await one.limits.take(BUSINESS, uses, NOON)
    for statement in (FUNCTION.format(NAP), TRIGGER.format("code"), TRIGGER.format("limit_use")):
        await postgres_home.raw(statement)
    renewed, checked = await asyncio.gather(
        one.codes.renew(made, renewal(made, is_resend=True), entrance(*uses)),
        tried(other, made, RIGHT),
    )
    was_approved = checked.result is Result.APPROVED
    assert was_approved == (renewed.code is None)
    assert renewed.limit is None
    await one.close()
    await other.close()


@pytest.mark.parametrize("state", ["40P01", "40001"])
async def test_who_never_comes_through_is_told_that_nothing_was_decided(
    postgres_home: PostgresHome, state: str
) -> None:
    store = await postgres_home.open()
    made = await opened(store)
    await postgres_home.raw(FUNCTION.format(BAD_LUCK.format(state)))
    await postgres_home.raw(TRIGGER.format("code"))
    with pytest.raises(Unavailable):
        await tried(store, made, RIGHT)
    await postgres_home.raw("DROP TRIGGER trouble ON code")
    assert (await tried(store, made, RIGHT)).result is Result.APPROVED
    await store.close()
