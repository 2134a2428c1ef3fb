"""Checks of a SQLite ledger: its triggers keep events as they are."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from askfirst.ports.platform.clock import Ids
from askfirst.storage.platform.keyring import Keyring
from askfirst.storage.platform.statements import Statements
from askfirst.storage.transparency.audit import StoredAudit

_TRIGGERS: Final = (
    "event_is_never_updated",
    "event_is_never_deleted",
    "event_is_never_replaced",
)
_MENDING: Final = (
    "drop_event_is_never_updated",
    "drop_event_is_never_deleted",
    "drop_event_is_never_replaced",
    *_TRIGGERS,
)


def audit_of(
    statements: Statements, sql: Mapping[str, str], keyring: Keyring, ids: Ids
) -> StoredAudit:
    """Check with these statements; a trigger must have its very text."""
    guards = {name: sql[name] for name in _TRIGGERS}
    return StoredAudit(statements, keyring, ids, guards, _MENDING)
