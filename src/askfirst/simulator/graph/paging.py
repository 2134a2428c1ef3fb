"""Lists a page at a time, with cursors as the Graph API has them."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Mapping, Sequence
from typing import Any, TypeVar

from askfirst.graph.platform.errors import GraphCode
from askfirst.simulator.graph.refused import Refused

PAGE_SIZE = 25
PAGE_MAX = 1_000

T = TypeVar("T")


def page_of(
    found: Sequence[T], query: Mapping[str, str], url: str
) -> tuple[Sequence[T], Mapping[str, Any]]:
    """Cut a page out of a list; gives it and its `paging`, empty for an empty page.

    `url` is the request's, without cursors.
    """
    start = _start(query.get("after"))
    page = found[start : start + _limit(query.get("limit"))]
    if not page:
        return page, {}
    end = start + len(page)
    paging: dict[str, Any] = {"cursors": {"before": _cursor(start), "after": _cursor(end)}}
    if end < len(found):
        paging["next"] = f"{url}{'&' if '?' in url else '?'}after={_cursor(end)}"
    return page, paging


def _cursor(place: int) -> str:
    return base64.urlsafe_b64encode(str(place).encode()).decode().rstrip("=")


def _start(cursor: str | None) -> int:
    if not cursor:
        return 0
    try:
        return max(0, int(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4))))
    except (ValueError, binascii.Error) as error:
        raise Refused(GraphCode.PARAMETER_INVALID, "The cursor is invalid.") from error


def _limit(text: str | None) -> int:
    if not text:
        return PAGE_SIZE
    if not (text.isascii() and text.isdigit() and 1 <= int(text) <= PAGE_MAX):
        raise Refused(GraphCode.PARAMETER_INVALID, f"limit must be 1 to {PAGE_MAX}")
    return int(text)
