"""Where the newest position and hash are kept outside the database."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol

from askfirst.domain.transparency.ledger_check import Damage, Head
from askfirst.domain.values.errors import AskfirstError
from askfirst.domain.values.ids import BusinessId


class HeadUnreadable(AskfirstError):
    """The head is there and cannot be understood."""

    code = "head_unreadable"


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptHead:
    """The head of one business, and damage that was found: where to look again after a restart."""

    head: Head
    damages: tuple[Damage, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Heads:
    """All heads of one database."""

    database: str
    businesses: Mapping[BusinessId, KeptHead]


class HeadFile(Protocol):
    """A file beside the keyring, or where an operator wants it; any number of processes."""

    async def read(self) -> Heads | None:
        """Return what is kept; None where nothing is. Raises HeadUnreadable."""
        ...

    async def keep(self, heads: Heads, *, replace: bool = False) -> None:
        """Keep heads, durably: of each business the newer one wins, unless `replace`.

        What is kept of another database, or cannot be read, is left alone unless `replace`.
        """
        ...


class HeadReceiver(Protocol):
    """A server of the operator's that is told the heads now and then."""

    @property
    def is_configured(self) -> bool:
        """Return whether there is anybody to tell."""
        ...

    async def tell(self, heads: Heads) -> bool:
        """Tell; whether it was taken."""
        ...


class HasHeadFile(Protocol):
    """Whatever brings the file of heads along."""

    @property
    def head_file(self) -> HeadFile:
        """The file of heads."""
        ...
