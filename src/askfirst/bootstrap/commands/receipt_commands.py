"""What the command line can do with receipts; needs no ledger and no server."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from askfirst.domain.values.errors import InvalidInput
from askfirst.storage.consent.evidence.receipts import verify_receipt

_SIZE_MAX = 1_000_000
_KEYS = "keys.json"


def keys_beside(receipt: Path) -> Path:
    """Find the published keys that were put beside a receipt.

    Raises:
        InvalidInput: there are none.
    """
    keys = receipt.with_name(_KEYS)
    if not keys.is_file():
        raise InvalidInput(
            "keys",
            f"there is no {_KEYS} beside the receipt; fetch /p/{{business}}/{_KEYS} from the "
            "server that gave it, and name it with --keys",
        )
    return keys


def check_receipt(receipt: Path, keys: Path) -> Mapping[str, Any]:
    """Read a receipt and check its signature with published keys.

    Raises:
        InvalidInput: `field` is `keys` where that file is no list of keys; `receipt` where the
            receipt is not exactly what one of them signed.
    """
    public = read_keys(_read(keys, "keys"))
    return verify_receipt(_read(receipt, "receipt"), public)


def read_keys(text: str) -> list[dict[str, str]]:
    """Read published keys.

    Raises:
        InvalidInput: `field` is `keys`: they are none.
    """
    try:
        listed = json.loads(text)["keys"]
        return [{str(name): str(value) for name, value in key.items()} for key in listed]
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise InvalidInput("keys", "must be a list of keys as /p/{business}/keys.json") from error


def _read(path: Path, field: str) -> str:
    try:
        if path.stat().st_size > _SIZE_MAX:
            raise InvalidInput(field, f"must be {_SIZE_MAX} bytes at most")
        return path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise InvalidInput(field, f"{path} cannot be read") from error
