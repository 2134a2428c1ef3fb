"""Folders and buckets: a draft is written first, and has its name only when it is whole."""

from __future__ import annotations

import asyncio
import os
import secrets
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, suppress
from tempfile import TemporaryFile
from typing import IO, Any, Final, NamedTuple, Protocol

from askfirst.bootstrap.exports.settings import Bucket, ExportSettings
from askfirst.domain.values.errors import InvalidInput, Unavailable

_FOLDER: Final = os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW
_NEW: Final = os.O_RDWR | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW
_SECONDS_MAX: Final = "60s"
"""Of one request to a store."""


class Draft(Protocol):
    """A file that has no name yet."""

    @property
    def file(self) -> IO[bytes]:
        """What is written to."""
        ...

    async def keep(self, name: str) -> None:
        """Give a whole file its name; one of this name is replaced in one step."""
        ...


class ExportPlace(Protocol):
    """Where files go."""

    def draft(self, owner: str) -> AbstractContextManager[Draft]:
        """Open a draft, gone when the block ends; drafts that `owner` left behind go first.

        Raises:
            Unavailable: nothing can be written there now.
        """
        ...


class FolderPlace:
    """A folder of this machine. All is done through one handle of it; no link is followed."""

    def __init__(self, path: str) -> None:
        self._path = path

    @contextmanager
    def draft(self, owner: str) -> Iterator[Draft]:
        try:
            folder = os.open(self._path, _FOLDER)
        except OSError as error:
            raise Unavailable(f"the folder cannot be opened: {error.strerror}") from None
        name = f".{owner}-{secrets.token_hex(8)}.part"
        try:
            _forget_drafts(folder, owner)
            with os.fdopen(os.open(name, _NEW, 0o600, dir_fd=folder), "w+b") as file:
                yield _FolderDraft(file, folder, name)
        except OSError as error:
            raise Unavailable(f"the folder cannot be written to: {error.strerror}") from None
        finally:
            with suppress(OSError):
                os.unlink(name, dir_fd=folder)
            os.close(folder)


class _FolderDraft(NamedTuple):
    file: IO[bytes]
    folder: int
    draft: str

    async def keep(self, name: str) -> None:
        keeping = asyncio.create_task(asyncio.to_thread(self._keep, name))
        try:
            await asyncio.shield(keeping)
        finally:
            await asyncio.wait((keeping,))  # a thread ends by itself, and has a handle of ours

    def _keep(self, name: str) -> None:
        self.file.flush()
        os.fsync(self.file.fileno())
        os.rename(self.draft, name, src_dir_fd=self.folder, dst_dir_fd=self.folder)
        os.fsync(self.folder)


def _forget_drafts(folder: int, owner: str) -> None:
    """Take away what a process left that ended in the middle: people may stand in it."""
    for name in os.listdir(folder):
        if name.startswith(f".{owner}-") and name.endswith(".part"):
            os.unlink(name, dir_fd=folder)


class BucketPlace:
    """A bucket. A draft is a file without a name on this machine: it ends with the process."""

    def __init__(self, store: Any, prefix: str) -> None:
        self._store = store
        self._prefix = f"{prefix}/" if prefix else ""

    @contextmanager
    def draft(self, owner: str) -> Iterator[Draft]:
        _ = owner  # nothing is left behind
        try:
            with TemporaryFile() as file:
                yield _BucketDraft(file, self._store, self._prefix)
        except OSError as error:
            raise Unavailable(f"the draft cannot be written: {error.strerror}") from None


class _BucketDraft(NamedTuple):
    file: IO[bytes]
    store: Any
    prefix: str

    async def keep(self, name: str) -> None:
        """Upload the draft: in one request, or in parts that the store joins at the end."""
        self.file.flush()
        self.file.seek(0)
        try:
            await self.store.put_async(self.prefix + name, self.file)
        except Exception as error:  # noqa: BLE001 - what it tells may have addresses in it
            kind = type(error).__name__
            raise Unavailable(f"the store does not take the file: {kind}") from None


def export_places_of(settings: ExportSettings) -> dict[str, ExportPlace]:
    """Return each destination by its name.

    Raises:
        InvalidInput: there are buckets, and obstore is not installed.
    """
    return {
        name: _bucket(settings, place) if isinstance(place, Bucket) else FolderPlace(place)
        for name, place in settings.export_places.items()
    }


def _bucket(settings: ExportSettings, place: Bucket) -> BucketPlace:
    try:
        from obstore.store import S3Store
    except ImportError as error:
        message = "has buckets; install askfirst[s3] to write to them"
        raise InvalidInput("ASKFIRST_EXPORT_DESTINATIONS", message) from error
    secret = settings.export_s3_secret
    endpoint = settings.export_s3_endpoint
    store = S3Store(
        place.bucket,
        endpoint=endpoint or f"https://s3.{settings.export_s3_region}.amazonaws.com",
        region=settings.export_s3_region,
        access_key_id=settings.export_s3_key_id,
        secret_access_key=secret.get_secret_value() if secret else "",
        virtual_hosted_style_request=False,
        client_options={
            "allow_http": bool(endpoint and endpoint.startswith("http:")),
            "timeout": _SECONDS_MAX,
        },
        retry_config={"max_retries": 1},
    )
    return BucketPlace(store, place.prefix)
