"""A database that dies while a connection is being made is trouble, not a fault of ours.

The kill loop found this one: the driver's own error came out, and a client was told 500.
"""

from __future__ import annotations

import asyncpg
import pytest

from askfirst.domain.values.errors import Unavailable
from askfirst.storage.postgres import lane as lanes
from askfirst.storage.postgres.connection import Connection
from askfirst.storage.postgres.epoch import PostgresEpoch
from askfirst.storage.postgres.lane import DedicatedConnection
from tests.support.stores import PostgresHome, fixed_keyring


@pytest.mark.postgres
async def test_a_connection_that_breaks_while_it_is_checked_is_unavailable(
    postgres_home: PostgresHome, monkeypatch: pytest.MonkeyPatch
) -> None:
    made: list[Connection] = []

    async def breaks(connection: Connection) -> None:
        made.append(connection)
        raise asyncpg.ConnectionDoesNotExistError

    with monkeypatch.context() as patch:
        patch.setattr(lanes, "check_settings", breaks)
        lane = DedicatedConnection(postgres_home.url, PostgresEpoch.of(fixed_keyring()))
        with pytest.raises(Unavailable):
            await lane.open()
    assert made[0].is_closed()
    await lane.open()
    await lane.close()
