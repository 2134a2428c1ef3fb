"""Passwords by argon2id, in the strength that its library recommends (RFC 9106, second choice)."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import TypeVar

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

Found = TypeVar("Found")


class Argon2Passwords:
    """See ports.operators.credentials.Passwords.

    One at a time: each takes 64 MB and some tens of milliseconds, and whoever asks for many waits
    for themselves, not the gate.
    """

    def __init__(self, hasher: PasswordHasher | None = None) -> None:
        self._hasher = hasher or PasswordHasher()
        self._nobody = ""
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="askfirst-passwords")

    async def hash(self, password: str) -> str:
        return await self._aside(partial(self._hasher.hash, password))

    async def verify(self, kept: str, password: str) -> bool:
        return await self._aside(partial(self._verify, kept, password))

    def _verify(self, kept: str, password: str) -> bool:
        if not self._nobody:
            self._nobody = self._hasher.hash("nobody has this password")
        try:
            self._hasher.verify(kept or self._nobody, password)
        except (InvalidHashError, VerificationError):
            return False
        return bool(kept)

    async def _aside(self, work: Callable[[], Found]) -> Found:
        return await asyncio.get_running_loop().run_in_executor(self._thread, work)
