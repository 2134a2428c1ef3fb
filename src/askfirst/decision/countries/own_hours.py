"""What a business says about hours, and the hours that come of it and of the law."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from askfirst.decision.countries.country_book import DEFAULT, CountryBook
from askfirst.decision.countries.country_rules import Basis, HoursRule, is_followed
from askfirst.decision.countries.hours import LocalHours, WeekHours, local_hours
from askfirst.decision.countries.place import Place
from askfirst.domain.values.country import check_country_code
from askfirst.domain.values.errors import InvalidInput

OWN = "own"
"""The name of whoever wrote the policy, among the areas whose hours hold."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnHours:
    """The business's own word on hours.

    `default` stands wherever no law says anything, `countries` in one country: tighter where there
    is law, as wide as wanted where there is none. `follows_calls_rules`: what is law for calls only
    counts as law.
    """

    default: WeekHours | None = None
    countries: Mapping[str, WeekHours] = field(default_factory=dict)
    follows_calls_rules: bool = True

    def is_law(self, rule: HoursRule | None) -> bool:
        """Return whether a country's hours may be narrowed only."""
        return rule is not None and is_followed(rule.ground, calls=self.follows_calls_rules)

    def check(self, law: CountryBook) -> None:
        """Raise InvalidInput where a country's hours are wider than its law."""
        for country, hours in self.countries.items():
            where = f"policy.countries.{country}.hours"
            check_country_code(country, where)
            rule = law.hours(country)
            if rule is not None and self.is_law(rule) and not hours.lies_in(rule.hours):
                allowed = ", ".join(f"{key} {text}" for key, text in rule.hours.table().items())
                raise InvalidInput(where, f"must lie within the hours of the law: {allowed}")


class AreaHours(NamedTuple):
    """Hours, and whose word they are: a country's, a state's, `default`, or the business's `own`.

    `holidays_of` is the country or state whose public holidays count.
    """

    area: str
    holidays_of: str
    hours: WeekHours
    rule: HoursRule | None = None


def area_hours(
    own: OwnHours, law: CountryBook, country: str, areas: tuple[str, ...]
) -> Iterator[AreaHours]:
    """Find the hours of a country, and those of each state that the recipient may live in.

    Where it is not known which state that is, it may be any.
    """
    rule = law.hours(country)
    if country in own.countries:
        yield AreaHours(OWN, country, own.countries[country])
    elif rule is not None and own.is_law(rule):
        yield AreaHours(country, country, rule.hours, rule)
    elif own.default is not None:
        yield AreaHours(OWN, country, own.default)
    elif (custom := _custom(law, rule)) is not None:
        area = DEFAULT if custom is _default(law) else country
        yield AreaHours(area, country, custom.hours, custom)
    for area in areas or law.states(country):
        known = law.rules.get(area)
        if known is not None and own.is_law(known.hours) and known.hours is not None:
            yield AreaHours(area, area, known.hours.hours, known.hours)


def _default(law: CountryBook) -> HoursRule | None:
    default = law.rules.get(DEFAULT)
    return default.hours if default else None


def _custom(law: CountryBook, rule: HoursRule | None) -> HoursRule | None:
    """Follow a custom, and not what is law for something else."""
    return rule if rule is not None and rule.ground.basis is Basis.CUSTOM else _default(law)


def hours_at(own: OwnHours, law: CountryBook, country: str, place: Place) -> tuple[LocalHours, ...]:
    """Return the hours of all areas in all zones of a place."""
    found = [(each.holidays_of, each.hours) for each in area_hours(own, law, country, place.areas)]
    return tuple(local_hours(zone, found) for zone in place.zones)
