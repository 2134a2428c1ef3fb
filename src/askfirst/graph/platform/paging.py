"""How Meta cuts its lists into pages."""

from __future__ import annotations

import msgspec


class Cursors(msgspec.Struct, gc=False):
    after: str | None = None


class Paging(msgspec.Struct, gc=False):
    cursors: Cursors | None = None
    next: str | None = None


def next_cursor(paging: Paging | None) -> str | None:
    """Return the cursor only if there is a next page: the last one has a cursor, too."""
    if paging is None or not paging.next or paging.cursors is None:
        return None
    return paging.cursors.after
