"""File descriptors: as many as the connections need, and some that no stranger can take."""

from __future__ import annotations

import resource
from typing import Final

import structlog

RESERVE: Final = 256
"""Kept for the database, its log, and connections to Meta and to the operator's servers."""
_CONNECTIONS_MIN: Final = 16


def connections_within(wanted: int) -> int:
    """Raise the process's soft limit of open files as far as needed; return what fits.

    Where the hard limit is too low, fewer connections are taken, and the log says so.
    """
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    needed = wanted + RESERVE
    if soft != resource.RLIM_INFINITY and soft < needed:
        soft = needed if hard == resource.RLIM_INFINITY else min(needed, hard)
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
    if soft == resource.RLIM_INFINITY or soft >= needed:
        return wanted
    fitting = max(_CONNECTIONS_MIN, soft - RESERVE)
    structlog.get_logger("askfirst").warning(
        "few_connections",
        count=fitting,
        error=f"only {soft} open files are allowed; raise the limit (LimitNOFILE) to {needed}",
    )
    return fitting
