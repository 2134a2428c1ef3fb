"""Screenings, for either backend: what they keep is encrypted, and packed first."""

from __future__ import annotations

import zlib
from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from typing import Final

import msgspec

from askfirst.domain.bulk.screen_job import ScreenJob
from askfirst.domain.value import replace
from askfirst.domain.values.errors import UnsafeStorage
from askfirst.domain.values.ids import BusinessId, ScreenId
from askfirst.storage.bulk.snapshots import FactsSnapshot
from askfirst.storage.consent.import_parts import seal_part
from askfirst.storage.platform.keyring import Keyring
from askfirst.storage.platform.rows import Row
from askfirst.storage.platform.statements import Statements

_FORGOTTEN_AT_ONCE: Final = 200
_LIST: Final = (0, "")
_ALL: Final = -1
_JOB: Final = msgspec.json.Decoder(ScreenJob)


class StoredScreens:
    """See ports.bulk.screens.Screens."""

    def __init__(
        self,
        statements: Statements,
        keyring: Keyring,
        snapshot: Callable[[], AbstractAsyncContextManager[FactsSnapshot]],
    ) -> None:
        self._statements = statements
        self._keyring = keyring
        self.snapshot = snapshot

    async def add(self, job: ScreenJob) -> None:
        row = (job.business_id, job.screen_id, self._sealed(job))
        await self._statements.write("add_screen", *row)

    async def find(self, business_id: BusinessId, screen_id: ScreenId) -> ScreenJob | None:
        rows = await self._statements.fetch("screen", business_id, screen_id)
        return self._job(business_id, rows[0]) if rows else None

    async def list(self, business_id: BusinessId, after: str, limit: int) -> tuple[ScreenJob, ...]:
        rows = await self._statements.fetch("screens", business_id, after, limit)
        return tuple(self._job(business_id, row) for row in rows)

    async def change(self, job: ScreenJob) -> bool:
        kept = replace(job, revision=job.revision + 1)
        row = (job.business_id, job.screen_id, job.revision, self._sealed(kept))
        return bool(await self._statements.write("change_screen", *row))

    async def put_source(self, job: ScreenJob, part: int, content: bytes) -> None:
        await self._put(job, _LIST, part, content)

    async def source(self, job: ScreenJob, part: int) -> bytes:
        return await self._part(job, _LIST, part)

    async def put_answers(
        self, job: ScreenJob, verdict: str, reason: str, part: int, text: str
    ) -> None:
        await self._put(job, (job.attempt, f"{verdict}.{reason}"), part, text.encode())

    async def answers(self, job: ScreenJob, verdict: str, reason: str, part: int) -> str:
        return (await self._part(job, (job.attempt, f"{verdict}.{reason}"), part)).decode()

    async def forget_others(self, job: ScreenJob) -> None:
        await self._forget(job, job.attempt)

    async def forget(self, job: ScreenJob) -> None:
        await self._forget(job, _ALL)
        await self._statements.write("forget_screen", job.business_id, job.screen_id)

    async def _put(self, job: ScreenJob, place: tuple[int, str], part: int, content: bytes) -> None:
        sealed = seal_part(self._keyring, job.business_id, content)
        row = (job.business_id, job.screen_id, *place, part, sealed)
        await self._statements.write("put_screen_part", *row)

    async def _part(self, job: ScreenJob, place: tuple[int, str], part: int) -> bytes:
        row = (job.business_id, job.screen_id, *place, part)
        rows = await self._statements.fetch("screen_part", *row)
        if not rows:
            raise UnsafeStorage("a part of a screening is missing")
        return zlib.decompress(self._keyring.open(bytes(rows[0][0]), job.business_id.encode()))

    async def _forget(self, job: ScreenJob, kept: int) -> None:
        """Go in small steps: nobody waits for long behind a large list."""
        while True:
            row = (job.business_id, job.screen_id, kept, _FORGOTTEN_AT_ONCE)
            gone = await self._statements.write("forget_screen_parts", *row)
            if len(gone) < _FORGOTTEN_AT_ONCE:
                return

    def _sealed(self, job: ScreenJob) -> bytes:
        return self._keyring.seal(msgspec.json.encode(job), job.business_id.encode())

    def _job(self, business_id: BusinessId, row: Row) -> ScreenJob:
        return _JOB.decode(self._keyring.open(bytes(row[0]), business_id.encode()))
