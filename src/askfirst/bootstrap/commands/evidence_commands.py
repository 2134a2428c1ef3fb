"""Check a pack of evidence: its signature, each file, each receipt. Needs no ledger, no server."""

from __future__ import annotations

import hashlib
import json
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from askfirst.bootstrap.commands.receipt_commands import read_keys
from askfirst.domain.values.errors import InvalidInput
from askfirst.storage.consent.evidence.receipts import MANIFEST, verify_receipt

_BYTES_MAX: Final = 100_000_000
_SIGNATURE: Final = "manifest.jws"
_LIST: Final = "manifest.json"
_KEYS: Final = "keys.json"


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckedPack:
    """A pack that is what was signed. `has_own_keys`: only the keys in it vouch for it."""

    manifest: Mapping[str, Any]
    receipts: int
    has_own_keys: bool


def is_pack(path: Path) -> bool:
    """Return whether a file is a zip, as packs are."""
    return zipfile.is_zipfile(path)


def check_pack(path: Path, keys: Path | None) -> CheckedPack:
    """Check everything in a pack, with published keys, or else with those in it.

    Raises:
        InvalidInput: `field` is `keys` where that file is no list of keys; `pack` where something
            in the pack is not what was signed.
    """
    files = _files(path)
    public = read_keys(keys.read_text("utf-8") if keys else _text(files, _KEYS))
    manifest = _signed(_text(files, _SIGNATURE), public, "the list of files", MANIFEST)
    if json.loads(_text(files, _LIST)) != manifest:
        raise InvalidInput("pack", f"has a {_LIST} that was not signed")
    listed = manifest["files"]
    for name in sorted(files.keys() - {_SIGNATURE, _LIST} - listed.keys()):
        raise InvalidInput("pack", f"has a file that is not on the signed list: {name}")
    for name, known in sorted(listed.items()):
        if name not in files:
            raise InvalidInput("pack", f"lacks a file of the signed list: {name}")
        if hashlib.sha256(files[name]).hexdigest() != known["sha256"]:
            raise InvalidInput("pack", f"has a file that was changed: {name}")
    receipts = [name for name in sorted(listed) if name.startswith("records/")]
    leaves = _leaves(files)
    for name in receipts:
        receipt = _signed(_text(files, name), public, name)
        if receipt["ledger"]["leaf_hash"] != leaves.get(receipt["event"]["id"]):
            raise InvalidInput("pack", f"has a receipt of another ledger entry: {name}")
    return CheckedPack(manifest=manifest, receipts=len(receipts), has_own_keys=keys is None)


def _files(path: Path) -> dict[str, bytes]:
    try:
        with zipfile.ZipFile(path) as archive:
            if sum(entry.file_size for entry in archive.infolist()) > _BYTES_MAX:
                raise InvalidInput("pack", f"must have {_BYTES_MAX} bytes at most")
            names = archive.namelist()
            if len(set(names)) != len(names):
                raise InvalidInput("pack", "has two files of one name")
            return {name: archive.read(name) for name in names}
    except (OSError, zipfile.BadZipFile) as error:
        raise InvalidInput("pack", "cannot be read as a zip file") from error


def _text(files: Mapping[str, bytes], name: str) -> str:
    try:
        return files[name].decode()
    except (KeyError, UnicodeDecodeError) as error:
        raise InvalidInput("pack", f"has no {name}") from error


def _signed(
    text: str, keys: list[dict[str, str]], what: str, kind: str | None = None
) -> Mapping[str, Any]:
    try:
        return verify_receipt(text, keys, kind) if kind else verify_receipt(text, keys)
    except InvalidInput as error:
        raise InvalidInput("pack", f"{what}: {error.message}") from error


def _leaves(files: Mapping[str, bytes]) -> dict[str, str]:
    """Hash the ledger entries that the JSON gives."""
    try:
        events = json.loads(_text(files, "evidence.json"))["events"]
        return {
            event["event_id"]: hashlib.sha256(b"\0" + bytes.fromhex(event["leaf"])).hexdigest()
            for event in events
        }
    except (ValueError, KeyError, TypeError) as error:
        raise InvalidInput("pack", "has an evidence.json that cannot be read") from error
