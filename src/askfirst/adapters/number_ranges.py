"""How many first digits of a number tell all that its plan says of it.

Numbers of one range (+44 7712…) have one answer: the expressions of a plan look at some first
digits and take any others. How many that is, is read off the expressions themselves, for the digits
with which a range begins: alternatives that those rule out are not looked at. An expression that
is not understood looks at all digits.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from functools import cache
from re import _constants as ops  # type: ignore[attr-defined]  # how re itself reads an expression
from re import _parser as parser  # type: ignore[attr-defined]
from typing import Any, Final, NamedTuple, TypeAlias

ALL_DIGITS: Final = 99
"""More than a number has."""
_ANY_DIGIT: Final = ([(ops.CATEGORY, ops.CATEGORY_DIGIT)], [(ops.RANGE, (ord("0"), ord("9")))])

_Items: TypeAlias = "Sequence[tuple[Any, Any]]"


class _At(NamedTuple):
    """Where an expression has come to: between `first` and `last` digits behind the start.

    `depth` is how many digits were looked at.
    """

    first: int
    last: int
    depth: int = 0


def digits_that_tell(patterns: Iterable[re.Pattern[str]], known: str) -> int:
    """Return how many first digits decide whether and how expressions match digits of one length.

    That is for numbers that begin with `known`, at least as many as those.
    """
    found = [_depth(pattern.pattern, known) for pattern in patterns]
    return max((len(known), *found))


def _depth(pattern: str, known: str) -> int:
    end = _sequence(_parsed(pattern), _At(0, 0), known)
    return end.depth if end else 0


@cache
def _parsed(pattern: str) -> _Items:
    return tuple(parser.parse(pattern))


def _sequence(items: _Items, at: _At, known: str) -> _At | None:
    """Go through what follows each other; None where `known` rules it out."""
    for op, argument in items:
        found = _step(op, argument, at, known)
        if found is None:
            return None
        at = found
    return at


def _step(op: object, argument: Any, at: _At, known: str) -> _At | None:
    if op in (ops.LITERAL, ops.IN):
        return _one_digit(op, argument, at, known)
    if op is ops.BRANCH:
        return _one_of(argument[1], at, known)
    if op is ops.SUBPATTERN:
        return _sequence(argument[3], at, known)
    if op in (ops.MAX_REPEAT, ops.MIN_REPEAT):
        return _repeated(argument, at, known)
    if op is ops.AT:  # where a number begins and ends is told by its length
        return at
    if op in (ops.ASSERT, ops.ASSERT_NOT):
        return _ahead(op, argument, at, known)
    return _At(0, ALL_DIGITS, ALL_DIGITS)


def _one_digit(op: object, argument: Any, at: _At, known: str) -> _At | None:
    following = _At(at.first + 1, at.last + 1, at.depth)
    if op is ops.IN and argument in _ANY_DIGIT:
        return following
    if at.first == at.last < len(known):
        item = (op, argument)
        return following if _takes(item, known[at.first]) else None
    return following._replace(depth=max(at.depth, at.last + 1))


def _takes(item: tuple[Any, Any], digit: str) -> bool:
    op, argument = item
    if op is ops.LITERAL:
        return bool(argument == ord(digit))
    if op is ops.RANGE:
        return bool(argument[0] <= ord(digit) <= argument[1])
    if op is ops.IN:
        return any(_takes(one, digit) for one in argument)
    return True  # not understood: not ruled out


def _one_of(branches: Sequence[_Items], at: _At, known: str) -> _At | None:
    ends = [end for one in branches if (end := _sequence(one, at, known))]
    return _joined(ends) if ends else None


def _joined(ends: Sequence[_At]) -> _At:
    first, last = min(one.first for one in ends), max(one.last for one in ends)
    return _At(first, last, max(one.depth for one in ends))


def _repeated(argument: Any, at: _At, known: str) -> _At | None:
    least, most, items = argument
    ends = [at] if least == 0 else []
    for count in range(1, min(int(most), ALL_DIGITS) + 1):
        found = _sequence(items, at, known)
        if found is None:
            break
        at = found
        if count >= least:
            ends.append(at)
    return _joined(ends) if ends else None


def _ahead(op: object, argument: Any, at: _At, known: str) -> _At | None:
    """Look ahead without going on; what is behind was looked at already."""
    direction, items = argument
    start = at if direction > 0 else _At(0, at.last, at.depth)
    found = _sequence(items, start, known)
    if found is None:
        return at if op is ops.ASSERT_NOT else None
    return at._replace(depth=max(at.depth, found.depth))
