"""Why a store cannot be opened, or may not be used any more."""

from __future__ import annotations

from askfirst.domain.values.errors import Unavailable, UnsafeStorage
from askfirst.domain.values.storage_trouble import StorageTrouble


class StorageInUse(UnsafeStorage):
    """Another process serves this database file; talk to that one instead."""

    code = "storage_in_use"


class KeyMissing(UnsafeStorage):
    """The database was written with a key that the keyring does not hold."""

    code = "key_missing"


class Superseded(Unavailable):
    """Another process has taken over, or knows more: this one neither writes nor decides any more.

    It does not pass by itself: the process has to be ended, or started again.
    """

    code = "superseded"

    def __init__(self, message: str) -> None:
        super().__init__(message, trouble=StorageTrouble.SUPERSEDED)


NEWER_KEYRING = (
    "the database knows a newer keyring than this process has: nothing is written or decided any "
    "more; put the newest keyring in place and start this server again"
)
NEWER_SCHEMA = (
    "the database was changed by a newer askfirst: nothing is written or decided any more; "
    "start this server again with that version"
)
