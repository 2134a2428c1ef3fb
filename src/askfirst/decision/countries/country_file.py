"""The rules of a country as they are written down: a TOML file.

    name = "Colombia"
    checked_on = 2026-11-28

    [opt_in]
    assurance_min = "shown"
    number_proof_min = "typed"
    basis = "messages"
    confidence = "high"
    sources = ["ley2300"]

    [hours]
    weekdays = "07:00-19:00"
    saturday = "08:00-15:00"
    sunday = "closed"
    public_holidays = "closed"
    basis = "messages"
    confidence = "high"
    sources = ["ley2300"]

    [sources]
    ley2300 = { title = "Ley 2300 of 2023, Art. 5", url = "https://…" }

There may also be `age` and `idle_time` (`days_max`) and `caps` (`day`, `week`, and the `article` of
the law), and `members` for a union of countries. Each rule says what it rests on. Unknown keys are
refused.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from enum import StrEnum
from typing import Any, Final, TypeVar

from askfirst.decision.countries.country_book import CountryBook
from askfirst.decision.countries.country_rules import (
    Basis,
    CapsRule,
    Confidence,
    CountryRules,
    DaysRule,
    Ground,
    HoursRule,
    OptInRule,
    Source,
)
from askfirst.decision.countries.hours import parse_hours
from askfirst.decision.countries.place import Calendar
from askfirst.domain.consent.event import Assurance, NumberProof
from askfirst.domain.values.country import check_country_code
from askfirst.domain.values.errors import InvalidInput

_Table = Mapping[str, Any]
_Word = TypeVar("_Word", bound=StrEnum)
_Rule = TypeVar("_Rule")

_ABOUT: Final = frozenset({"name", "checked_on", "members", "sources"})
_RULES: Final = frozenset({"opt_in", "age", "idle_time", "hours", "caps"})
_GROUND: Final = frozenset({"basis", "confidence", "sources"})


def parse_country_rules(table: _Table, where: str) -> CountryRules:
    """Read the rules of one country; whatever is not understood raises InvalidInput."""
    _refuse_unknown(where, table, _ABOUT | _RULES)
    sources = _sources(table.get("sources"), f"{where}.sources")
    rules = CountryRules(
        name=_text(table.get("name"), f"{where}.name"),
        checked_on=_day(table.get("checked_on"), f"{where}.checked_on"),
        members=_members(table.get("members", []), f"{where}.members"),
        sources=sources,
        opt_in=_rule(table, where, "opt_in", sources, _opt_in),
        age=_rule(table, where, "age", sources, _days),
        idle_time=_rule(table, where, "idle_time", sources, _days),
        hours=_rule(table, where, "hours", sources, _hours),
        caps=_rule(table, where, "caps", sources, _caps),
    )
    named = {name for ground in rules.grounds.values() for name in ground.sources}
    if unused := sorted(set(sources) - named):
        raise InvalidInput(f"{where}.sources.{unused[0]}", "is named by no rule")
    return rules


def parse_country_book(table: _Table, calendar: Calendar | None) -> CountryBook:
    """Read a whole book back from the table that it wrote.

    Raises:
        InvalidInput: it was read by another calendar than this one.
    """
    version = calendar.version if calendar else ""
    if table["calendar"] not in {"", version}:
        raise InvalidInput("law.calendar", f"must be {version}")
    rules = {name: parse_country_rules(entry, name) for name, entry in table["rules"].items()}
    return CountryBook(rules=rules, calendar=calendar if table["calendar"] else None)


def _rule(
    table: _Table,
    where: str,
    key: str,
    sources: Mapping[str, Source],
    read: Callable[[_Table, str, Ground], _Rule],
) -> _Rule | None:
    """Read one rule: its own keys with `read`, and what it rests on."""
    here = f"{where}.{key}"
    if key not in table:
        return None
    given = _table(table[key], here)
    own = {name: value for name, value in given.items() if name not in _GROUND}
    return read(own, here, _ground(given, here, sources))


def _ground(given: _Table, where: str, sources: Mapping[str, Source]) -> Ground:
    names = given.get("sources")
    if not isinstance(names, list) or not names:
        raise InvalidInput(f"{where}.sources", "must name at least one source")
    for name in names:
        if name not in sources:
            raise InvalidInput(f"{where}.sources", f"names {name}, which is not under [sources]")
    confidence = _word(Confidence, given.get("confidence"), f"{where}.confidence")
    if confidence is not Confidence.LOW and not any(sources[name].url for name in names):
        raise InvalidInput(f"{where}.confidence", "must be low: no source of it can be looked up")
    return Ground(_word(Basis, given.get("basis"), f"{where}.basis"), confidence, tuple(names))


def _opt_in(given: _Table, where: str, ground: Ground) -> OptInRule:
    _refuse_unknown(where, given, {"assurance_min", "number_proof_min"})
    assurance = {one.name.lower(): one for one in Assurance}
    proof = {one.name.lower(): one for one in NumberProof}
    return OptInRule(
        _one_of(assurance, given.get("assurance_min"), f"{where}.assurance_min"),
        _one_of(proof, given.get("number_proof_min"), f"{where}.number_proof_min"),
        ground,
    )


def _days(given: _Table, where: str, ground: Ground) -> DaysRule:
    _refuse_unknown(where, given, {"days_max"})
    return DaysRule(_count(given.get("days_max"), f"{where}.days_max"), ground)


def _hours(given: _Table, where: str, ground: Ground) -> HoursRule:
    return HoursRule(parse_hours(given, where), ground)


def _caps(given: _Table, where: str, ground: Ground) -> CapsRule:
    _refuse_unknown(where, given, {"article", "day", "week"})
    if ground.basis is Basis.CUSTOM:
        raise InvalidInput(f"{where}.basis", "must be a law's: other caps are the policy's to set")
    article = _text(given.get("article"), f"{where}.article")
    if len(given) == 1:
        raise InvalidInput(where, "must have day, week or both")
    day, week = (
        _count(given[span], f"{where}.{span}") if span in given else 0 for span in ("day", "week")
    )
    return CapsRule(article, day, week, ground)


def _sources(given: Any, where: str) -> dict[str, Source]:
    found = {}
    for name, entry in _table(given, where).items():
        source = _table(entry, f"{where}.{name}")
        _refuse_unknown(f"{where}.{name}", source, {"title", "url"})
        url = source.get("url", "")
        if url != "" and not (isinstance(url, str) and url.startswith(("https://", "http://"))):
            raise InvalidInput(f"{where}.{name}.url", "must be an address, such as https://…")
        found[name] = Source(_text(source.get("title"), f"{where}.{name}.title"), url)
    return found


def _members(given: Any, where: str) -> frozenset[str]:
    if not isinstance(given, list):
        raise InvalidInput(where, "must be a list of country codes")
    return frozenset(check_country_code(code, where) for code in given)


def _day(given: Any, where: str) -> date:
    """Read a day as TOML has it, or as JSON does."""
    if type(given) is date:
        return given
    try:
        return date.fromisoformat(_text(given, where))
    except ValueError as error:
        raise InvalidInput(where, "must be a day such as 2026-11-28") from error


def _count(given: Any, where: str) -> int:
    if type(given) is not int or given < 1:
        raise InvalidInput(where, "must be a whole number, 1 at least")
    return given


def _word(kind: type[_Word], given: Any, where: str) -> _Word:
    return _one_of({one.value: one for one in kind}, given, where)


def _one_of(known: Mapping[str, _Rule], given: Any, where: str) -> _Rule:
    if not isinstance(given, str) or given not in known:
        raise InvalidInput(where, f"must be one of {', '.join(known)}")
    return known[given]


def _text(given: Any, where: str) -> str:
    if not isinstance(given, str) or not given:
        raise InvalidInput(where, "must be a text in quotes")
    return given


def _table(given: Any, where: str) -> _Table:
    if not isinstance(given, dict):
        raise InvalidInput(where, "must be a table")
    return given


def _refuse_unknown(where: str, table: _Table, known: frozenset[str] | set[str]) -> None:
    for key in table:
        if key not in known:
            raise InvalidInput(f"{where}.{key}", "is not a key of a country's rules")
