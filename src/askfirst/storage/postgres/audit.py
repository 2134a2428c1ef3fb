"""Checks of a PostgreSQL ledger: rules and a trigger keep events as they are."""

from __future__ import annotations

from typing import Final

from askfirst.ports.platform.clock import Ids
from askfirst.storage.platform.keyring import Keyring
from askfirst.storage.platform.statements import Statements
from askfirst.storage.transparency.audit import StoredAudit

_GUARDS: Final = (
    "event_is_never_updated",
    "event_is_never_deleted",
    "event_is_never_truncated",
)
_MENDING: Final = (
    "refuse_change",
    "refuse_truncate",
    *_GUARDS,
    "enable_updated",
    "enable_deleted",
    "enable_truncated",
)


def audit_of(statements: Statements, keyring: Keyring, ids: Ids) -> StoredAudit:
    """Check with these statements; `audit_guards` gives only guards that do what they should."""
    return StoredAudit(statements, keyring, ids, dict.fromkeys(_GUARDS, ""), _MENDING)
