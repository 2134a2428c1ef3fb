"""The two ways to plant a bug in a running process: both refuse where there is nothing to break.

A patch under a name that the source has lost would change nothing, and whoever looks for the bug
would look in vain, or find something else.
"""

from __future__ import annotations

from typing import Any


class NothingToBreak(Exception):
    """The source has changed: the plant must be written anew."""


def put(owner: Any, name: str, value: object) -> None:
    """Set an attribute that is there already.

    Raises:
        NothingToBreak: it is not.
    """
    if not hasattr(owner, name):
        raise NothingToBreak(f"{owner!r} has no {name}")
    setattr(owner, name, value)


def reworded(sql: str, old: str, new: str) -> str:
    """Return a statement with something else in the place of `old`.

    Raises:
        NothingToBreak: it does not stand there.
    """
    if old not in sql:
        raise NothingToBreak(f"{old!r} does not stand in {sql!r}")
    return sql.replace(old, new)
