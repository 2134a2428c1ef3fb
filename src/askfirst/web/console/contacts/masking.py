"""How a name stands on a page until somebody says why they need it."""

from __future__ import annotations

from typing import Final

from askfirst.domain.values.alias import Alias

_FIRST: Final = 3
_LAST: Final = 2


def masked(name: Alias) -> str:
    """Show enough to tell two people apart who are on the line, and too little to call them."""
    if not name.is_number:
        return f"{name.value[:_FIRST]}····{name.value[-_LAST:]}"
    return f"+{name.value[:_FIRST]} ···· ·· {name.value[-_LAST:]}"


def written(name: Alias) -> str:
    """Show the whole name."""
    return f"+{name.value}" if name.is_number else name.value
