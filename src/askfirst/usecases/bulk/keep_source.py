"""Keep a file that comes in pieces of any size, cut into parts of one size."""

from __future__ import annotations

import hashlib
from collections.abc import AsyncIterator
from typing import NamedTuple, Protocol, TypeVar

from askfirst.domain.bulk.import_job import SOURCE_BYTES
from askfirst.domain.values.errors import InvalidInput

Job_contra = TypeVar("Job_contra", contravariant=True)


class Sources(Protocol[Job_contra]):
    """Where files wait until they are read."""

    async def put_source(self, job: Job_contra, part: int, content: bytes) -> None:
        """Keep a part, from 0."""
        ...

    async def forget(self, job: Job_contra) -> None:
        """Forget the job, with its file."""
        ...


class KeptSource(NamedTuple):
    """A file that was kept: its SHA-256 in hexadecimal, how many bytes, and of how many parts."""

    digest: str
    size: int
    parts: int


async def keep_source(
    sources: Sources[Job_contra], job: Job_contra, content: AsyncIterator[bytes]
) -> KeptSource:
    """Keep a file of a job; no more of it is held than a part and a piece.

    Raises:
        InvalidInput: it is empty; the job is forgotten.
    """
    digest, waiting, parts, size = hashlib.sha256(), bytearray(), 0, 0
    async for piece in content:
        digest.update(piece)
        waiting += piece
        size += len(piece)
        while len(waiting) >= SOURCE_BYTES:
            await sources.put_source(job, parts, bytes(waiting[:SOURCE_BYTES]))
            del waiting[:SOURCE_BYTES]
            parts += 1
    if waiting:
        await sources.put_source(job, parts, bytes(waiting))
        parts += 1
    if not size:
        await sources.forget(job)
        raise InvalidInput("file", "must hold a table: there is nothing in it")
    return KeptSource(digest.hexdigest(), size, parts)
