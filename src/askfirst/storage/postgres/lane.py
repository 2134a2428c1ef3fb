"""One connection for one kind of work, made again when it breaks."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import TypeVar

from askfirst.storage.postgres.connection import TROUBLE, Connection, check_settings, connect
from askfirst.storage.postgres.epoch import PostgresEpoch, transaction
from askfirst.storage.postgres.trouble import unavailable

Result = TypeVar("Result")


class DedicatedConnection:
    """Lends its connection to one user at a time. A broken one is dropped, never used again."""

    def __init__(self, url: str, epoch: PostgresEpoch) -> None:
        self._url = url
        self._epoch = epoch
        self._connection: Connection | None = None
        self._turn = asyncio.Lock()
        self.connected_at = 0.0

    async def run(self, work: Callable[[Connection], Awaitable[Result]]) -> Result:
        """Run work on the connection; trouble of the driver becomes Unavailable."""
        async with self._turn:
            connection = await self._ready()
            try:
                return await work(connection)
            except TROUBLE as error:
                await self._after(connection, error)
                raise unavailable(error) from error
            except asyncio.CancelledError:
                connection.terminate()
                raise

    async def write(self, work: Callable[[Connection], Awaitable[Result]]) -> Result:
        """Run work in a transaction of its own, which only begins while this process may act.

        Raises:
            Superseded: it may not any more; nothing was done.
        """

        async def whole(connection: Connection) -> Result:
            async with transaction(connection):
                return await work(connection)

        return await self.run(whole)

    async def open(self) -> None:
        """Connect now rather than with the first use."""
        async with self._turn:
            await self._ready()

    async def close(self) -> None:
        """Close the connection once its user is done."""
        async with self._turn:
            if self._connection is not None and not self._connection.is_closed():
                await self._connection.close(timeout=5)
            self._connection = None

    async def _ready(self) -> Connection:
        if self._connection is None or self._connection.is_closed():
            connection = await connect(self._url, self._epoch.settings)
            try:
                # A failover may have led to another server than the one that was checked.
                await check_settings(connection)
            except TROUBLE as error:
                connection.terminate()
                raise unavailable(error) from error
            except BaseException:
                connection.terminate()
                raise
            self._connection = connection
            self.connected_at = asyncio.get_running_loop().time()
        return self._connection

    async def _after(self, connection: Connection, error: BaseException) -> None:
        """Keep the connection only where it is certainly clean."""
        state = getattr(error, "sqlstate", None)
        if state is None or state[:2] in ("08", "57", "53") or connection.is_in_transaction():
            connection.terminate()
