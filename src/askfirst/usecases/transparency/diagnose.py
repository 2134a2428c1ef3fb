"""Check up on the installation: every check speaks, and none can silence another."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Final

from askfirst.domain.values.errors import AskfirstError
from askfirst.domain.values.finding import Finding, Severity

CHECK_SECONDS_MAX: Final = 10.0
"""How long one check may take; a hanging database is a finding, too."""


@dataclass(frozen=True, slots=True)
class Check:
    """One check: `name` in snake_case stands for it where it cannot even answer."""

    name: str
    find: Callable[[], Awaitable[tuple[Finding, ...]]]


async def diagnose(
    checks: Sequence[Check], *, seconds_max: float = CHECK_SECONDS_MAX
) -> tuple[Finding, ...]:
    """Return what all checks found, in their order; one that fails is itself a problem found."""
    found = await asyncio.gather(*(_run(check, seconds_max) for check in checks))
    return tuple(finding for findings in found for finding in findings)


async def _run(check: Check, seconds_max: float) -> tuple[Finding, ...]:
    try:
        async with asyncio.timeout(seconds_max):
            return await check.find()
    except TimeoutError:
        return (_failed(check, f"did not end within {seconds_max:g} seconds"),)
    except AskfirstError as error:
        return (_failed(check, error.message),)
    except Exception as error:  # noqa: BLE001 - whatever it was, the other checks go on
        return (_failed(check, type(error).__name__),)


def _failed(check: Check, why: str) -> Finding:
    """Return which check failed; the error's own text may hold personal data: its type shows."""
    return Finding(
        check=check.name,
        severity=Severity.PROBLEM,
        summary=f"The check could not be made: {why}.",
        remedy="Look at the server's log, mend what it names, and run askfirst doctor again.",
    )
