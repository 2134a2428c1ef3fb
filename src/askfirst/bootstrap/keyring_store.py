"""The file with the keys at rest: readable by its owner only, made once, never made anew.

Who has it can read every number; who loses it, no number ever again. So it is made only for
a database that is new, and made durable before the first number is sealed with it.
"""

from __future__ import annotations

import os
import stat
from pathlib import Path
from typing import TextIO

from askfirst.domain.values.errors import UnsafeStorage
from askfirst.storage.platform.keyring import Keyring

_OTHERS = stat.S_IRWXG | stat.S_IRWXO


def read_keyring(path: Path) -> Keyring | None:
    """Read the keyring; None where there is no file.

    Raises:
        UnsafeStorage: others may read the file, or it cannot be read.
        InvalidInput: it is not a keyring.
    """
    try:
        if path.stat().st_mode & _OTHERS:
            raise UnsafeStorage(f"others may read the keyring; run: chmod 600 {path}")
        text = path.read_text(encoding="utf-8")
    except FileNotFoundError:
        return None
    except OSError as error:
        raise UnsafeStorage(f"the keyring {path} cannot be read: {error.strerror}") from error
    return Keyring.load(text, os.urandom)


def make_keyring(path: Path) -> Keyring:
    """Make a keyring and its file, durably.

    Raises:
        UnsafeStorage: the file cannot be made, or somebody else has just made it.
    """
    keyring = Keyring.generate(os.urandom)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        _write(path, keyring)
        _sync_folder(path.parent)
    except OSError as error:
        raise UnsafeStorage(f"the keyring {path} cannot be made: {error.strerror}") from error
    return keyring


def rotate_keyring(path: Path, keyring: Keyring) -> Keyring:
    """Add a version to the keyring and put it in place of the old file, whole.

    Raises:
        UnsafeStorage: the file cannot be replaced; the old one is as it was.
    """
    rotated, draft = keyring.rotated(), path.with_name(path.name + ".new")
    try:
        _write(draft, rotated)
        draft.replace(path)
        _sync_folder(path.parent)
    except OSError as error:
        raise UnsafeStorage(f"the keyring {draft} cannot be made: {error.strerror}") from error
    return rotated


def _write(path: Path, keyring: Keyring) -> None:
    with _private(path) as file:
        file.write(keyring.dump())
        file.flush()
        os.fsync(file.fileno())


def _private(path: Path) -> TextIO:
    return os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w")


def _sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
