"""The parts of an import: packed, encrypted, and written in the transaction of their events."""

from __future__ import annotations

import zlib
from typing import Final, NamedTuple

from askfirst.domain.values.errors import Conflict
from askfirst.domain.values.ids import BusinessId
from askfirst.ports.consent.change import WriteBatch
from askfirst.storage.platform.keyring import Keyring

SOURCE: Final = "source"
ROWS: Final = "rows"
REPORT: Final = "report"
_PACKED: Final = 1


class ImportRows(NamedTuple):
    """Parameters of `finish_import_part`, and of `put_import_part` for what became of the rows."""

    finish: tuple[object, ...]
    report: tuple[object, ...]


def import_rows(keyring: Keyring, change: WriteBatch) -> ImportRows:
    """Return what is written of a change that is a part of an import."""
    part = change.import_part
    if part is None:
        raise TypeError("the change is no part of an import")
    place = (change.business_id, part.import_id)
    sealed = seal_part(keyring, change.business_id, part.report)
    return ImportRows((*place, part.part), (*place, REPORT, part.part, sealed))


def seal_part(keyring: Keyring, business_id: BusinessId, content: bytes) -> bytes:
    """Pack and encrypt a part of an import."""
    return keyring.seal(zlib.compress(content, _PACKED), business_id.encode())


def not_next() -> Conflict:
    """Say that somebody else wrote this part, or the import is gone."""
    return Conflict("this part of the import is written already")
