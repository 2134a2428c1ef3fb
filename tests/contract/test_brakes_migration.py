"""What an older database has used is not new to the brakes."""

from __future__ import annotations

from askfirst.storage.platform.sql_files import load_migrations
from tests.support.builders import BUSINESS, change, grant, sender, template
from tests.support.clocks import NOON
from tests.support.stores import Home

_NUMBER = 20


async def test_templates_and_ways_of_opting_in_that_were_used_are_not_watched(home: Home) -> None:
    store = await home.open()
    await store.directory.put_sender(sender(), "token", NOON)
    await store.directory.put_templates((template(),))
    await store.ledger.commit(change(grant()))
    await store.close()
    script = dict(load_migrations(f"askfirst.storage.{home.backend}"))[_NUMBER]
    inserts = script[script.index("INSERT INTO brake_subject") :]
    for statement in filter(str.strip, inserts.split(";")):
        await home.raw(statement)
    rows = await home.raw("SELECT business_id, subject FROM brake_subject ORDER BY subject")
    assert [tuple(row) for row in rows] == [
        (BUSINESS, "method:signup.shown"),
        (BUSINESS, f"template:{template().name}"),
    ]
