"""What an older database holds is claimed and looked into again."""

from __future__ import annotations

import pytest

from askfirst.domain.inbound.dead_letter import Route
from askfirst.domain.tasks.task import Queue
from askfirst.domain.values.errors import Conflict
from askfirst.domain.values.ids import WabaId
from askfirst.ports.inbound.dead_letters import QUEUE_START, UNREAD, route_of_task
from askfirst.ports.tenants.directory import UNROUTED
from askfirst.storage.platform.sql_files import load_migrations
from tests.support.builders import (
    BUSINESS,
    OTHER_SENDER,
    OTHER_WABA,
    RIVAL,
    SENDER,
    WABA,
    change,
    grant,
    sender,
)
from tests.support.clocks import NOON, at
from tests.support.stores import Home

NUMBERS = (8, 13)
"""The one that claims, and the one that has what waits looked into."""
CONTESTED = WabaId("555")


async def go_back(home: Home) -> None:
    """Undo the migrations by hand, keeping what an older database would have."""
    for table in ("waba", "dead_letter", "dead_letter_route", "task", "subscription"):
        await home.raw(f"DROP TABLE {table}")
    await home.raw("CREATE INDEX sender_waba ON sender (waba_id)")


async def go_on(home: Home) -> None:
    scripts = dict(load_migrations(f"askfirst.storage.{home.backend}"))
    script = "\n".join(scripts[number] for number in NUMBERS)
    lines = [line for line in script.splitlines() if not line.startswith("--")]
    for statement in "\n".join(lines).split(";"):
        if statement.strip():
            await home.raw(statement)


async def test_senders_keep_their_accounts_and_a_contested_one_is_nobody_s(home: Home) -> None:
    store = await home.open()
    await store.directory.put_sender(sender(), "token", NOON)
    await store.directory.put_sender(sender(OTHER_SENDER, business_id=RIVAL), None, NOON)
    await store.close()
    for number, business in (("301", BUSINESS), ("302", RIVAL)):
        await home.raw(
            "INSERT INTO sender (business_id, phone_number_id, waba_id, digits, name, state, "
            f"changed_at) VALUES ('{business}', '{number}', '{CONTESTED}', '1', 'x', 'active', 1)"
        )
    await go_back(home)
    await go_on(home)
    store = await home.open()
    assert await store.directory.owner(None, WABA) == BUSINESS
    assert await store.directory.owner(None, OTHER_WABA) == RIVAL
    assert await store.directory.owner(None, CONTESTED) is None
    assert await store.directory.owner(SENDER, CONTESTED) == BUSINESS
    with pytest.raises(Conflict):
        await store.directory.claim_waba(RIVAL, WABA, NOON)
    await store.directory.claim_waba(RIVAL, CONTESTED, NOON)
    assert await store.directory.token(BUSINESS, SENDER) == "token"
    await store.close()


async def test_what_was_kept_for_nobody_waits_to_be_looked_into(home: Home) -> None:
    store = await home.open()
    await store.ledger.commit(change(business=UNROUTED, body=b"of old"))
    await store.ledger.commit(change(grant(), body=b"of a business"))
    await store.close()
    await go_back(home)
    await go_on(home)
    store = await home.open()
    (place,) = await store.dead_letters.of_account(UNREAD, QUEUE_START, 9)
    letter = await store.dead_letters.find(place.letter_id)
    assert letter is not None
    assert letter.body == b"of old"
    leased = await store.tasks.claim(UNROUTED, Queue.DEAD_LETTERS, NOON, at(60))
    assert leased is not None
    assert route_of_task(leased.task) == Route(UNREAD, None)
    assert await home.raw("SELECT business_id FROM webhook") == [(BUSINESS,)]
    await store.close()
