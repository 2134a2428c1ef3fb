"""Follows the policy file: a changed one is taken without a restart, or refused with the reason.

A file is read once it has stayed the same from one look to the next: an editor that empties it
before writing must not leave the business without the rules it wrote. Source: POSIX open(2),
O_TRUNC.
"""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Final

import structlog

from askfirst.adapters.country_rule_files import built_in_law
from askfirst.bootstrap.settings import Settings
from askfirst.decision.policy import Policy
from askfirst.decision.policy_file import parse_policy
from askfirst.domain.values.errors import InvalidInput
from askfirst.usecases.memory.policy_in_force import PolicyInForce
from askfirst.web.metrics import Metrics

LOOK_SECONDS: Final = 1.0
_GONE: Final = (0, 0, 0, 0)

_Stamp = tuple[int, ...]


def read_policy(settings: Settings) -> Policy:
    """Read the policy file; without one, the built-in policy.

    Raises:
        InvalidInput: it cannot be read, or is not understood.
    """
    if settings.policy_file is None:
        return Policy(law=built_in_law())
    return read_policy_file(settings.policy_file)


def read_policy_file(path: Path) -> Policy:
    """Read one file; InvalidInput where it cannot be read, or is not understood."""
    return parse_policy(read_text(path), built_in_law())


def read_text(path: Path) -> str:
    """Read the text of a file; InvalidInput where that cannot be done."""
    try:
        return path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else "it is not UTF-8"
        raise InvalidInput("policy", f"the policy {path} cannot be read: {reason}") from error


class PolicyWatch:
    """Looks at the file of a policy, and puts what it says in force."""

    def __init__(self, path: Path, in_force: PolicyInForce, metrics: Metrics) -> None:
        self._path = path
        self._in_force = in_force
        self._metrics = metrics
        self._seen = self._read = _stamp(path)

    async def look(self) -> None:
        """Take a file that changed and has come to rest since the last look."""
        stamp = await asyncio.to_thread(_stamp, self._path)
        is_at_rest, self._seen = stamp == self._seen, stamp
        if not is_at_rest or stamp == self._read:
            return
        self._read = stamp
        log = structlog.get_logger("askfirst")
        try:
            policy = await asyncio.to_thread(read_policy_file, self._path)
        except InvalidInput as error:
            self._in_force.refuse(error)
            self._metrics.policy_change("refused")
            told = f"{error.field} {error.message}"
            kept = self._in_force.policy.fingerprint
            log.error("policy_refused", error=told, policy=kept)  # noqa: TRY400 - no trace: a typing error
            return
        if self._in_force.take(policy):
            self._metrics.policy_change("taken")
            log.info("policy_taken", policy=policy.fingerprint)


def _stamp(path: Path) -> _Stamp:
    """Return what changes when a file does: also where another one is moved into its place."""
    try:
        found = path.stat()
    except OSError:
        return _GONE
    return (found.st_ino, found.st_size, found.st_mtime_ns, found.st_ctime_ns)
