"""Files of people as commands take them."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from askfirst.domain.bulk.import_settings import Role

_PIECE: Final = 512 * 1024


def read_column(text: str) -> tuple[str, Role]:
    """Read what a column holds, as in "Mobile no.=phone".

    Raises:
        InvalidInput: it is not of this form.
    """
    from askfirst.domain.bulk.import_settings import Role
    from askfirst.domain.values.errors import InvalidInput

    name, _, holds = text.rpartition("=")
    roles = {role.value: role for role in Role}
    if not name or holds not in roles:
        raise InvalidInput("column", f"must be NAME=HOLDS, with one of {', '.join(roles)}")
    return name, roles[holds]


def check_readable(path: Path) -> None:
    """Look before anything is sent.

    Raises:
        InvalidInput: the file cannot be read.
    """
    from askfirst.domain.values.errors import InvalidInput

    try:
        path.open("rb").close()
    except OSError as error:
        raise InvalidInput("file", f"{path} cannot be read: {error.strerror}") from error


def digest_of(path: Path) -> str:
    digest = hashlib.sha256()
    for piece in pieces_of(path):
        digest.update(piece)
    return digest.hexdigest()


def pieces_of(path: Path) -> Iterator[bytes]:
    with path.open("rb") as file:
        read: Callable[[], bytes] = lambda: file.read(_PIECE)  # noqa: E731 - what `iter` wants
        yield from iter(read, b"")
