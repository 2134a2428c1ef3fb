"""Why a store cannot be opened."""

from __future__ import annotations

from askfirst.domain.errors import UnsafeStorage


class StorageInUse(UnsafeStorage):
    """Another process serves this database file; talk to that one instead."""

    code = "storage_in_use"


class KeyMissing(UnsafeStorage):
    """The database was written with a key that the keyring does not hold."""

    code = "key_missing"
