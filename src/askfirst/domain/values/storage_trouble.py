"""Why a database takes no writes now, in words for operators."""

from __future__ import annotations

from enum import StrEnum


class StorageTrouble(StrEnum):
    """The cause, as far as the database tells it."""

    DISK_FULL = "disk_full"
    READ_ONLY = "read_only"
    LOCKED = "locked"
    UNREACHABLE = "unreachable"
    DAMAGED = "damaged"
    SUPERSEDED = "superseded"
    OTHER = "other"

    @property
    def words(self) -> str:
        """Return what is wrong, as the end of a sentence."""
        return _WORDS[self]

    @property
    def remedy(self) -> str:
        """Return what the operator should do."""
        return _REMEDIES[self]


_WORDS = {
    StorageTrouble.DISK_FULL: "the disk is full",
    StorageTrouble.READ_ONLY: "it is read-only",
    StorageTrouble.LOCKED: "others hold its locks for too long",
    StorageTrouble.UNREACHABLE: "it cannot be reached",
    StorageTrouble.DAMAGED: "its files cannot be read or written",
    StorageTrouble.SUPERSEDED: "another process has taken over, or knows more",
    StorageTrouble.OTHER: "it refused",
}
_REMEDIES = {
    StorageTrouble.DISK_FULL: "Make room on the disk that holds the database. Nothing is lost: "
    "Meta delivers again what was not acknowledged.",
    StorageTrouble.READ_ONLY: "Make it writable: look at the mount, the permissions of the file, "
    "default_transaction_read_only, and whether this is the primary.",
    StorageTrouble.LOCKED: "Find who holds the lock (pg_locks; for SQLite another program that "
    "has the file open) and end it.",
    StorageTrouble.UNREACHABLE: "Check that the database server runs, takes more connections, and "
    "can be reached from here.",
    StorageTrouble.DAMAGED: "Look at the system's log for errors of the disk; do not go on with "
    "this disk before it is checked.",
    StorageTrouble.SUPERSEDED: "Stop this server; where it is the one to go on, start it again "
    "with the newest keyring and version.",
    StorageTrouble.OTHER: "Look at the log of the database.",
}
