"""Imports, for either backend: what they keep is encrypted, and packed first."""

from __future__ import annotations

import zlib
from collections.abc import Iterable, Sequence
from itertools import chain
from typing import Final

import msgspec

from askfirst.domain.bulk.import_job import ImportJob
from askfirst.domain.bulk.import_row import ImportRow, RowVerdict
from askfirst.domain.bulk.verdict import InLedger
from askfirst.domain.consent.standing import Standing, restrict
from askfirst.domain.value import replace
from askfirst.domain.values.alias import Alias
from askfirst.domain.values.errors import UnsafeStorage
from askfirst.domain.values.ids import BusinessId, ImportId
from askfirst.ports.bulk.imports import RowNames
from askfirst.storage.consent.import_parts import REPORT, ROWS, SOURCE, seal_part
from askfirst.storage.consent.standing_codec import decode_standing
from askfirst.storage.platform.keyring import Keyring
from askfirst.storage.platform.rows import Row
from askfirst.storage.platform.sources import hash_source
from askfirst.storage.platform.statements import Statements

_FORGOTTEN_AT_ONCE: Final = 200
_NOTHING: Final = InLedger()
_JOB: Final = msgspec.json.Decoder(ImportJob)
_ROWS: Final = msgspec.msgpack.Decoder(tuple[ImportRow, ...])
_VERDICTS: Final = msgspec.msgpack.Decoder(tuple[RowVerdict, ...])


class StoredImports:
    """See ports.bulk.imports.Imports."""

    def __init__(self, statements: Statements, keyring: Keyring) -> None:
        self._statements = statements
        self._keyring = keyring

    async def add(self, job: ImportJob) -> None:
        row = (job.business_id, job.import_id, job.created_at, self._sealed_job(job))
        await self._statements.write("add_import", *row)

    async def find(self, business_id: BusinessId, import_id: ImportId) -> ImportJob | None:
        rows = await self._statements.fetch("import", business_id, import_id)
        return self._job(business_id, rows[0]) if rows else None

    async def list(self, business_id: BusinessId, after: str, limit: int) -> tuple[ImportJob, ...]:
        rows = await self._statements.fetch("imports", business_id, after, limit)
        return tuple(self._job(business_id, row) for row in rows)

    async def change(self, job: ImportJob) -> bool:
        kept = replace(job, revision=job.revision + 1)
        row = (job.business_id, job.import_id, job.revision, job.done, self._sealed_job(kept))
        return bool(await self._statements.write("change_import", *row))

    async def put_source(self, job: ImportJob, part: int, content: bytes) -> None:
        await self._put(job, SOURCE, part, content)

    async def source(self, job: ImportJob, part: int) -> bytes:
        return await self._part(job, SOURCE, part)

    async def put_rows(self, job: ImportJob, part: int, rows: Sequence[ImportRow]) -> None:
        await self._put(job, ROWS, part, msgspec.msgpack.encode(tuple(rows)))

    async def rows(self, job: ImportJob, part: int) -> tuple[ImportRow, ...]:
        return _ROWS.decode(await self._part(job, ROWS, part))

    def written(self, verdicts: Sequence[RowVerdict]) -> bytes:
        return msgspec.msgpack.encode(tuple(verdicts))

    async def verdicts(self, job: ImportJob, part: int) -> tuple[RowVerdict, ...]:
        return _VERDICTS.decode(await self._part(job, REPORT, part))

    async def forget_rows(self, job: ImportJob) -> None:
        for kind in (SOURCE, ROWS):
            await self._forget(job, kind)

    async def forget(self, job: ImportJob) -> None:
        for kind in (SOURCE, ROWS, REPORT):
            await self._forget(job, kind)
        await self._statements.write("forget_import", job.business_id, job.import_id)

    async def look(
        self, business_id: BusinessId, names: Sequence[RowNames]
    ) -> tuple[InLedger, ...]:
        lookups: dict[str, list[bytes]] = {}
        for one in names:
            for alias in one.aliases:
                if alias.key not in lookups:
                    lookups[alias.key] = self._keyring.lookups(alias.key)
                    for key in alias.neighbour_keys:
                        lookups[key] = self._keyring.lookups(key)
        people = await self._known("known_names", business_id, lookups.values())
        if not people:  # so it is of most parts of most files
            return (_NOTHING,) * len(names)
        found = _Found(lookups)
        for row in people:
            found.take(row)
        # Whoever a row was written about has a name since, or had one and was erased.
        sources = [
            hash_source(self._keyring, one.source_id()) if found.has(one) else [] for one in names
        ]
        rows = await self._known("known_sources", business_id, sources)
        seen = {bytes(row[0]) for row in rows}
        return tuple(
            found.of(one, is_known=not seen.isdisjoint(hashes))
            for one, hashes in zip(names, sources, strict=True)
        )

    async def _known(
        self, name: str, business_id: BusinessId, hashes: Iterable[Sequence[bytes]]
    ) -> Sequence[Row]:
        """Run a statement for hashes, newest key and older ones."""
        wanted = list(chain.from_iterable(hashes))
        return await self._statements.fetch(name, business_id, b"".join(wanted), len(wanted))

    async def _put(self, job: ImportJob, kind: str, part: int, content: bytes) -> None:
        sealed = seal_part(self._keyring, job.business_id, content)
        await self._statements.write(
            "put_import_part", job.business_id, job.import_id, kind, part, sealed
        )

    async def _part(self, job: ImportJob, kind: str, part: int) -> bytes:
        place = (job.business_id, job.import_id, kind, part)
        rows = await self._statements.fetch("import_part", *place)
        if not rows:
            raise UnsafeStorage("a part of an import is missing")
        return zlib.decompress(self._keyring.open(bytes(rows[0][0]), job.business_id.encode()))

    async def _forget(self, job: ImportJob, kind: str) -> None:
        """Go in small steps: nobody waits for long behind a large file."""
        while True:
            row = (job.business_id, job.import_id, kind, _FORGOTTEN_AT_ONCE)
            gone = await self._statements.write("forget_import_parts", *row)
            if len(gone) < _FORGOTTEN_AT_ONCE:
                return

    def _sealed_job(self, job: ImportJob) -> bytes:
        return self._keyring.seal(msgspec.json.encode(job), job.business_id.encode())

    def _job(self, business_id: BusinessId, row: Row) -> ImportJob:
        opened = self._keyring.open(bytes(row[0]), business_id.encode())
        return replace(_JOB.decode(opened), done=row[1])


class _Found:
    """What one look found."""

    def __init__(self, lookups: dict[str, list[bytes]]) -> None:
        self._lookups = lookups
        self._standings: dict[bytes, bytes] = {}
        self._erased: set[bytes] = set()

    def take(self, row: Row) -> None:
        if row[1] is None:
            self._erased.add(bytes(row[0]))
        else:
            self._standings[bytes(row[0])] = bytes(row[2])

    def has(self, names: RowNames) -> bool:
        """Whether one of the names is somebody's, or that of somebody erased."""
        hashes = [one for alias in names.aliases for one in self._lookups[alias.key]]
        return any(one in self._standings or one in self._erased for one in hashes)

    def of(self, names: RowNames, *, is_known: bool) -> InLedger:
        standings = [self._standing(alias) for alias in names.aliases]
        keys = [alias.key for alias in names.aliases]
        near = [key for alias in names.aliases for key in alias.neighbour_keys]
        return InLedger(
            standings=tuple(one for one in standings if one is not None),
            is_known=is_known,
            is_erased=self._is_erased(keys),
            is_near_erased=self._is_erased(near),
        )

    def _is_erased(self, keys: Sequence[str]) -> bool:
        return any(one in self._erased for key in keys for one in self._lookups[key])

    def _standing(self, alias: Alias) -> Standing | None:
        own = self._kept(alias.key)
        for key in alias.neighbour_keys:
            near = self._kept(key)
            if near is not None:
                own = restrict(own or decode_standing(b""), near)
        return own

    def _kept(self, key: str) -> Standing | None:
        found = (self._standings.get(one) for one in self._lookups[key])
        stored = next((one for one in found if one is not None), None)
        return None if stored is None else decode_standing(stored)
