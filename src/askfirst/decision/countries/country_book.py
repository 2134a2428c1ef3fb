"""The rules of all countries, with the clocks and holidays that they are read by."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from askfirst.decision.countries.country_rules import (
    CountryRules,
    DaysRule,
    Ground,
    HoursRule,
)
from askfirst.decision.countries.place import Calendar

DEFAULT: Final = "default"
"""The name of what holds where neither a country nor a union of countries says anything."""


@dataclass(frozen=True, kw_only=True)
class CountryBook:
    """Rules by country (DE), state (US-FL), union (EU) and `default`.

    A country follows its own word; where it has none, that of its union. `calendar` None: there are
    no clocks to read, and nothing is said about hours; no policy that is read from a file is so.
    """

    rules: Mapping[str, CountryRules] = field(default_factory=dict)
    calendar: Calendar | None = None

    def __post_init__(self) -> None:
        unions = [rules for rules in self.rules.values() if rules.members]
        members = {country: union for union in unions for country in union.members}
        object.__setattr__(self, "_unions", members)

    def own_and_union(self, country: str) -> tuple[CountryRules, ...]:
        """Return what is known of a country: its own rules, then those of its union."""
        unions: Mapping[str, CountryRules] = self.__dict__["_unions"]
        found = (self.rules.get(country), unions.get(country))
        return tuple(rules for rules in found if rules is not None)

    def hours(self, country: str) -> HoursRule | None:
        """Return the hours of a country, of its union, or those that hold by default."""
        for rules in self.own_and_union(country):
            if rules.hours is not None:
                return rules.hours
        default = self.rules.get(DEFAULT)
        return default.hours if default else None

    @property
    def countries(self) -> tuple[str, ...]:
        """All countries of which anything is known, by code."""
        unions: Mapping[str, CountryRules] = self.__dict__["_unions"]
        own = {name for name, rules in self.rules.items() if name != DEFAULT and not rules.members}
        return tuple(sorted({name for name in own if "-" not in name} | set(unions)))

    def states(self, country: str) -> tuple[str, ...]:
        """Return the states of a country that have rules of their own."""
        return tuple(sorted(name for name in self.rules if name.startswith(f"{country}-")))

    def table(self) -> dict[str, Any]:
        """Write the rules as they are read, and what the calendar knows: equal books, equal tables.

        The calendar's version belongs to it: another list of holidays is another policy.
        """
        rules = {name: _table(self.rules[name]) for name in sorted(self.rules)}
        return {"calendar": self.calendar.version if self.calendar else "", "rules": rules}


NO_COUNTRIES: Final = CountryBook()
"""A book that says nothing: for whoever decides by a policy of their own making."""


def _table(rules: CountryRules) -> dict[str, Any]:
    table: dict[str, Any] = {"name": rules.name, "checked_on": rules.checked_on.isoformat()}
    if rules.members:
        table["members"] = sorted(rules.members)
    if (opt_in := rules.opt_in) is not None:
        table["opt_in"] = {
            "assurance_min": opt_in.assurance_min.name.lower(),
            "number_proof_min": opt_in.number_proof_min.name.lower(),
            **_ground(opt_in.ground),
        }
    for name, days in (("age", rules.age), ("idle_time", rules.idle_time)):
        if days is not None:
            table[name] = _days(days)
    if rules.hours is not None:
        table["hours"] = {**rules.hours.hours.table(), **_ground(rules.hours.ground)}
    if (caps := rules.caps) is not None:
        spans = {"day": caps.day, "week": caps.week}
        found = {span: most for span, most in spans.items() if most}
        table["caps"] = {"article": caps.article, **found, **_ground(caps.ground)}
    table["sources"] = {
        name: {"title": source.title, **({"url": source.url} if source.url else {})}
        for name, source in rules.sources.items()
    }
    return table


def _days(rule: DaysRule) -> dict[str, Any]:
    return {"days_max": rule.days_max, **_ground(rule.ground)}


def _ground(ground: Ground) -> dict[str, Any]:
    return {
        "basis": ground.basis.value,
        "confidence": ground.confidence.value,
        "sources": list(ground.sources),
    }
