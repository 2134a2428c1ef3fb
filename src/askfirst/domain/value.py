"""What values are that are made for each request, message or write: cheap to make.

A frozen dataclass sets its fields one by one, each through `object.__setattr__`: 0.14 µs a field,
so 2.3 µs for the sixteen of a question to the gate, more than the decision on it. A struct of
msgspec's is as frozen, as typed and as checked at birth, and takes 0.1 µs. Nothing is decoded here,
and no other module of the core knows msgspec.

What is made once, read from a file or shown on a page is a frozen dataclass, as ever.
"""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING, Any, TypeVar

from msgspec import Struct, field, structs
from msgspec.structs import force_setattr

__all__ = ["Value", "field", "replace", "set_at_birth"]

T = TypeVar("T")

set_at_birth = force_setattr
"""Sets a field of a value in its `__post_init__`: what follows from the others."""


class Value(Struct, frozen=True, gc=False):
    """Base of such values; each says `frozen=True` again, and mostly `kw_only=True`.

    The garbage collector does not look at them: a value holds what was made before it, so none is
    part of a circle.
    """


if TYPE_CHECKING:
    from dataclasses import replace as replace  # noqa: PLC0414, TID251 - so mypy checks the changes
else:

    def replace(value: T, /, **changes: Any) -> T:
        """Return the value with some fields changed, and checked at birth again.

        It takes dataclasses, too. `dataclasses.replace` takes no `Value`: it raises TypeError.
        """
        if isinstance(value, Struct):
            return structs.replace(value, **changes)
        return dataclasses.replace(value, **changes)  # noqa: TID251 - the one place
