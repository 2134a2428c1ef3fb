"""Named statements of either backend: what is written once in Python and twice in SQL.

Reading goes to the primary; what `write` and `talk` return is durable. For everything that needs no
planner: prompts, entries, personal links, keys of receipts, limits, codes.
"""

from __future__ import annotations

from collections.abc import Callable, Generator, Sequence
from typing import Protocol, TypeAlias, TypeVar

from askfirst.storage.platform.rows import Row

Result = TypeVar("Result")
Step: TypeAlias = tuple[str, tuple[object, ...]]
"""A statement's name and its parameters, the business first."""
TransactionScript: TypeAlias = Generator[Step, Sequence[Row], Result]
"""Says a statement, hears its rows, says the next; what it returns is the result."""


Apart: TypeAlias = tuple[str, object]
"""A kind of scripts and what one of them is about. Those of a kind that are about different things
touch no row in common but those of limits, so it does not matter which of them comes first."""


class Statements(Protocol):
    """A backend's statements by name. Parameters are given by place, the business first."""

    async def fetch(self, name: str, *parameters: object) -> Sequence[Row]:
        """Read rows."""
        ...

    async def write(self, name: str, *parameters: object) -> Sequence[Row]:
        """Run a statement that writes; gives what it returns, once it is durable."""
        ...

    async def talk(
        self,
        business_id: str,
        begin: Callable[[], TransactionScript[Result]],
        apart: Apart | None = None,
    ) -> Result:
        """Run the statements of a talk in one transaction; the result is durable.

        All statements are about one business. A talk that fails may be begun again, so it must do
        nothing but say statements and think about their rows. Those `apart` may take turns.
        """
        ...
