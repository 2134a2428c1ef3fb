"""What PostgreSQL's errors mean (https://www.postgresql.org/docs/current/errcodes-appendix.html)."""

from __future__ import annotations

import asyncpg

from askfirst.domain.values.errors import Unavailable
from askfirst.domain.values.storage_trouble import StorageTrouble
from askfirst.storage.platform.errors import NEWER_KEYRING, NEWER_SCHEMA, Superseded

_TROUBLES = {
    "53100": StorageTrouble.DISK_FULL,
    "25006": StorageTrouble.READ_ONLY,
    "55P03": StorageTrouble.LOCKED,
    "57014": StorageTrouble.LOCKED,
    "40P01": StorageTrouble.LOCKED,
    "58030": StorageTrouble.DAMAGED,
    "XX001": StorageTrouble.DAMAGED,
    "XX002": StorageTrouble.DAMAGED,
}
_CLASSES = {
    "08": StorageTrouble.UNREACHABLE,
    "53": StorageTrouble.UNREACHABLE,
    "57": StorageTrouble.UNREACHABLE,
}


_SUPERSEDED = "AF001"
_WORDS = {"keyring": NEWER_KEYRING, "schema": NEWER_SCHEMA}
"""What `check_epoch` in the database raises."""


def unavailable(error: BaseException) -> Unavailable:
    """Return the error for callers, which names the cause."""
    if getattr(error, "sqlstate", None) == _SUPERSEDED:
        return Superseded(_WORDS.get(str(error), NEWER_SCHEMA))
    trouble = _trouble(error)
    return Unavailable(f"the database cannot be used now: {trouble.words}", trouble=trouble)


def _trouble(error: BaseException) -> StorageTrouble:
    state = getattr(error, "sqlstate", None)
    if isinstance(state, str):
        return _TROUBLES.get(state) or _CLASSES.get(state[:2], StorageTrouble.OTHER)
    if isinstance(error, TimeoutError):
        return StorageTrouble.LOCKED
    if isinstance(error, OSError | asyncpg.InterfaceError | asyncpg.InternalClientError):
        return StorageTrouble.UNREACHABLE
    return StorageTrouble.OTHER
