"""Source ids as they are found: hashed, behind their time."""

from __future__ import annotations

from typing import Final, Literal

from askfirst.domain.values.timestamp import SECOND, Instant
from askfirst.storage.platform.keyring import LOOKUP_BYTES, Keyring

_TIME_BYTES: Final = 5
_HASH_BYTES: Final = LOOKUP_BYTES - _TIME_BYTES
_NO_TIME: Final = bytes(_TIME_BYTES)


def hash_source(
    keyring: Keyring, source_id: str, source_at: Instant | Literal[0] = 0
) -> list[bytes]:
    """Hash a source id behind its time: new ids then lie side by side in the index.

    Ids in random order would touch a page of the index each, and the more the larger it is.
    """
    seconds = (source_at // SECOND).to_bytes(_TIME_BYTES, "big") if source_at else _NO_TIME
    hashes = keyring.lookups("source:" + source_id)
    return [seconds + hash_[:_HASH_BYTES] for hash_ in hashes]
