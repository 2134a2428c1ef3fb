"""The hash of a scan or recording: it goes on the record, and the file stays where it is."""

from __future__ import annotations

import hashlib
from pathlib import Path

from askfirst.domain.values.errors import InvalidInput


def hash_of_scan(path: Path) -> str:
    """Take the SHA-256 of a file, as 64 hexadecimal digits.

    Raises:
        InvalidInput: the file cannot be read, or is empty.
    """
    try:
        with path.open("rb") as file:
            digest = hashlib.file_digest(file, "sha256").hexdigest()
            is_empty = file.tell() == 0
    except OSError as error:
        raise InvalidInput("scan", f"{path} cannot be read: {error.strerror}") from error
    if is_empty:
        raise InvalidInput("scan", f"{path} is empty")
    return digest
