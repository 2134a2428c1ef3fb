"""What messages are for.

Three purposes need a yes and are tied to Meta's template categories; a business may split
one into topics (`utility.orders`, `marketing.offers`). `service`, a free-form reply inside
the 24-hour window, needs none.
Source: Meta, WhatsApp Business Platform, "Template categorization" and "Send messages".
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache

from askfirst.domain.values.errors import InvalidInput, UnknownReference

_SHAPE = re.compile(r"[a-z]+(\.[a-z][a-z0-9_]{0,31})?", re.ASCII)


class Category(StrEnum):
    """The root of every purpose."""

    AUTHENTICATION = "authentication"
    UTILITY = "utility"
    MARKETING = "marketing"
    SERVICE = "service"


CONSENTED = frozenset({Category.AUTHENTICATION, Category.UTILITY, Category.MARKETING})


@dataclass(frozen=True, slots=True)
class Purpose:
    """A purpose or a topic of one, for example `marketing` or `marketing.offers`."""

    name: str

    def __post_init__(self) -> None:
        if not _SHAPE.fullmatch(self.name) or self.name.partition(".")[0] not in _ROOTS:
            raise InvalidInput("purpose", _RIGHT)

    @property
    def category(self) -> Category:
        """The built-in purpose this one belongs to."""
        return _ROOT_OF[self.chain[-1]]

    @property
    def chain(self) -> tuple[str, ...]:
        """The names whose answers count for this purpose: itself, then its parent."""
        return chain_of(self.name)

    def __str__(self) -> str:
        return self.name


_ROOTS = frozenset(Category)
_ROOT_OF = {category.value: category for category in Category}
_RIGHT = (
    "must be authentication, utility or marketing, or a topic of one, for example marketing.offers"
)

AUTHENTICATION = Purpose(Category.AUTHENTICATION.value)
UTILITY = Purpose(Category.UTILITY.value)
MARKETING = Purpose(Category.MARKETING.value)
SERVICE = Purpose(Category.SERVICE.value)

ONE_ORDER = Purpose("utility.order")
"""What the built-in question `order` asks for: messages about one order, and nothing else."""
BUILT_IN_TOPICS = frozenset({ONE_ORDER.name})
"""Topics that every business has; its own are declared in its policy."""


@lru_cache(maxsize=1024)
def chain_of(name: str) -> tuple[str, ...]:
    """Return the names whose answers count for a purpose of this name: itself, then its parent."""
    root = name.partition(".")[0]
    return (name,) if root == name else (name, root)


@lru_cache(maxsize=1024)
def _purpose(name: str) -> Purpose:
    return Purpose(name)


def parse_purpose(text: str, topics: frozenset[str], field: str) -> Purpose:
    """Read a purpose that needs a yes; one the business does not use raises UnknownReference."""
    try:
        purpose = _purpose(text)
    except InvalidInput as error:
        raise InvalidInput(field, error.message) from error
    if purpose.category not in CONSENTED:
        raise InvalidInput(field, "service needs no opt-in; " + _RIGHT)
    if "." in text and text not in topics:
        raise UnknownReference(field, "is not a topic of this business; declare it in the policy")
    return purpose
