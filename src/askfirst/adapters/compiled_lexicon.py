"""The words of a stop in a compiled form, so that they are loaded in milliseconds.

The files of words stay the source. Their compiled form stands beside them in `__pycache__`, as
Python keeps its own; the wheel brings it along (`scripts/build_lexicon.py`), a checkout makes it
when it is first needed. It counts only for the very sources that it was made from, words and
program, and only as it was written: whatever else stands there is not read, and made anew. Where
nothing can be written, words are compiled at each start.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from contextlib import suppress
from hashlib import blake2b
from pathlib import Path
from typing import Any, Final
from uuid import uuid4

from askfirst.domain.opt_out import compiled_words, lexicon, spelling
from askfirst.domain.opt_out.compiled_words import compile_words
from askfirst.domain.opt_out.lexicon import CompiledWords, Lexicon, Table

SUFFIX: Final = ".toml"
PLACE: Final = Path("__pycache__", "words.json")
"""Where the compiled form stands, in the folder of the words."""

_TABLES: Final = ("words", "stems", "marked", "pieces")
# What decides how words are spelled and sorted. Unicode's own tables are not among it: the letters
# that stand in the files keep their forms in all its versions (UAX 15, stability).
_PROGRAM: Final = (compiled_words, lexicon, spelling)


def load_compiled(folder: Path, read: Callable[[], Lexicon]) -> CompiledWords:
    """Load the words of a folder; they are read and compiled where no compiled form counts."""
    key = key_of(folder)
    found = _load(folder / PLACE, key)
    if found is None:
        found = compile_words(read())
        # A read-only installation is none of our business, nor is a full disk.
        with suppress(OSError):
            write_compiled(folder / PLACE, key, found)
    return found


def sources(folder: Path) -> Sequence[Path]:
    """Return the files of words, in the order of their names."""
    return sorted(folder.glob(f"*{SUFFIX}"))


def key_of(folder: Path) -> str:
    """Return what names the sources: a hash of the words, and of the program that sorts them."""
    digest = blake2b(digest_size=32)
    program = [Path(str(module.__file__)) for module in _PROGRAM]
    for source in (*program, *sources(folder)):
        text = source.read_bytes()
        digest.update(f"{source.name} {len(text)}\n".encode())
        digest.update(text)
    return digest.hexdigest()


def write_compiled(place: Path, key: str, compiled: CompiledWords) -> None:
    """Write the compiled form, whole or not at all: its key, its own hash, and the words."""
    body = json.dumps(compiled._asdict(), ensure_ascii=False, separators=(",", ":")).encode()
    place.parent.mkdir(exist_ok=True)
    half = place.with_suffix(f".{uuid4().hex}")
    try:
        half.write_bytes(b"\n".join((key.encode(), _hash(body), body)))
        half.replace(place)
    finally:
        half.unlink(missing_ok=True)


def _load(place: Path, key: str) -> CompiledWords | None:
    try:
        made_from, written, body = place.read_bytes().split(b"\n", 2)
    except (OSError, ValueError):
        return None
    if made_from != key.encode() or written != _hash(body):
        return None
    fields: dict[str, Any] = json.loads(body)
    return CompiledWords(**fields | {name: Table(*fields[name]) for name in _TABLES})


def _hash(body: bytes) -> bytes:
    return blake2b(body, digest_size=32).hexdigest().encode()
