"""The sections of a policy file about how often and how fast.

[caps]
also_counted = ["authentication", "service"]

[caps.marketing]
day = 1
week = 2
month = 6

[caps."marketing.offers"]
week = 1

[caps.overall]
day = 5

[duplicates]
marketing = 1440
utility = 10

[pace]
pair_seconds = 6
pair_burst = 45
messages_per_second = 80
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import fields
from typing import Any

from askfirst.decision.limits import (
    CAP_MAX,
    CAPPED,
    OVERALL,
    SPANS,
    Caps,
    Duplicates,
    Pacing,
    check_count,
)
from askfirst.domain.consent.frequency import Frequency
from askfirst.domain.values.errors import InvalidInput
from askfirst.domain.values.purpose import Category

_Table = Mapping[str, Any]
_ALSO = "also_counted"


def parse_caps(given: Any, topics: frozenset[str], plain: Caps) -> Caps:
    """Read `[caps]`: what a table does not name stays as it is built in; 0 takes a cap away."""
    where = "policy.caps"
    table = check_table(where, given, "[caps.marketing]")
    refuse_unknown(where, table, {_ALSO, OVERALL, *CAPPED, *topics})
    limits = dict(plain.limits)
    for name, entry in table.items():
        if name == _ALSO:
            continue
        found = _spans(f"{where}.{name}", entry, plain.limits.get(name, ()))
        limits[name] = tuple(Frequency(count, days) for days, count in found.items() if count)
    return Caps(
        limits={name: caps for name, caps in limits.items() if caps},
        also_counted=_also(table, plain),
    )


def _spans(where: str, given: Any, plain: tuple[Frequency, ...]) -> dict[int, int]:
    entry = check_table(where, given, f"[{where.removeprefix('policy.')}]")
    refuse_unknown(where, entry, set(SPANS))
    found = {cap.days: cap.count for cap in plain}
    for span, count in entry.items():
        found[SPANS[span]] = check_count(count, f"{where}.{span}", CAP_MAX)
    return dict(sorted(found.items()))


def _also(table: _Table, plain: Caps) -> frozenset[str]:
    given = table.get(_ALSO, sorted(plain.also_counted))
    if not isinstance(given, list) or not all(isinstance(name, str) for name in given):
        right = 'must be a list of texts in quotes, such as ["authentication"]'
        raise InvalidInput(f"policy.caps.{_ALSO}", right)
    return frozenset(given)


def parse_duplicates(given: Any, plain: Duplicates) -> Duplicates:
    """Read `[duplicates]`: minutes by purpose; 0 lets the same content leave at once."""
    where = "policy.duplicates"
    table = check_table(where, given, "[duplicates]")
    refuse_unknown(where, table, CAPPED)
    return Duplicates(
        minutes={**plain.minutes, **{Category(name): count for name, count in table.items()}}
    )


def parse_pace(given: Any, plain: Pacing) -> Pacing:
    """Read `[pace]`."""
    where = "policy.pace"
    table = check_table(where, given, "[pace]")
    names = {field.name for field in fields(Pacing)}
    refuse_unknown(where, table, names)
    return Pacing(**{name: table.get(name, getattr(plain, name)) for name in names})


def check_table(where: str, given: Any, like: str) -> _Table:
    """Return a table; another value raises InvalidInput naming the key."""
    if not isinstance(given, dict):
        raise InvalidInput(where, f"must be a table, such as {like}")
    return given


def refuse_unknown(where: str, table: Iterable[str], known: Iterable[str]) -> None:
    """Raise InvalidInput for the first key that is none of the policy's."""
    known = set(known)
    for key in table:
        if key not in known:
            raise InvalidInput(f"{where}.{key}", "is not a key of the policy")
