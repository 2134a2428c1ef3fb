"""What a business, and the law of a country, ask of an opt-in, with a fingerprint.

Checked where it is made: a country that is none, or a topic of nothing, would be a rule that
never speaks. There is no switch to turn the gate off.
"""

from __future__ import annotations

import hashlib
import json
from bisect import bisect_left
from collections.abc import Mapping
from dataclasses import dataclass, field, fields, is_dataclass
from functools import cached_property
from typing import Any

from askfirst.decision.countries.country_book import NO_COUNTRIES, CountryBook
from askfirst.decision.countries.country_rules import DaysRule
from askfirst.decision.countries.hours import LocalHours, WeekHours, opens_at
from askfirst.decision.countries.legal_caps import LegalCap, legal_caps
from askfirst.decision.countries.own_hours import OwnHours, hours_at
from askfirst.decision.countries.place import Place
from askfirst.decision.limits import OVERALL, Caps, Duplicates, Pacing
from askfirst.decision.template_checks import TemplateChecks
from askfirst.domain.consent.event import Assurance, NumberProof
from askfirst.domain.consent.frequency import Frequency
from askfirst.domain.values.country import check_country_code
from askfirst.domain.values.errors import InvalidInput
from askfirst.domain.values.ids import Prefix
from askfirst.domain.values.purpose import (
    BUILT_IN_TOPICS,
    CONSENTED,
    ONE_ORDER,
    Category,
    Purpose,
    parse_purpose,
)
from askfirst.domain.values.timestamp import DAY, MINUTE, Instant

WINDOW = DAY
"""How long after the customer's last message a free-form reply may leave.

Source: Meta, "Send messages", customer service window.
"""

ONE_ORDER_DAYS = 60
"""How long a yes to one order lives: nobody tells us when an order is over, so time does.

A consumer's order in the EU is delivered within 30 days, may be sent back for 14 more, and is paid
back within 14 after that: 58 days (Directive 2011/83/EU, Articles 18, 9 and 13).
"""


_PLACES_MAX = 4096


def check_days(given: Any, field: str) -> int:
    """Return a life in days back; what is none raises InvalidInput naming `field`."""
    if type(given) is not int or given < 0:
        raise InvalidInput(field, "must be a whole number of days, 0 for ever")
    return given


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """What an opt-in must be for one purpose in one country.

    `age_days_max` is how long ago the yes may have been said, `idle_days_max` how long ago the
    person said or wrote anything; 0 means for ever.
    """

    assurance_min: Assurance = Assurance.SHOWN
    number_proof_min: NumberProof = NumberProof.TYPED
    age_days_max: int = 0
    idle_days_max: int = 0

    def __post_init__(self) -> None:
        check_days(self.age_days_max, "age_days_max")
        check_days(self.idle_days_max, "idle_days_max")


_DEFAULT_TERMS = {
    Category.AUTHENTICATION: Terms(),
    Category.UTILITY: Terms(),
    Category.MARKETING: Terms(number_proof_min=NumberProof.VOUCHED, age_days_max=365),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class NoticeTerms:
    """What a notice is worth: for which messages it is enough without a yes, and where it never is.

    Marketing and codes cannot be named: the law and Meta ask for a yes (ePrivacy Directive Art. 13;
    Meta, "Authentication best practices"). `not_in`: Colombia, where only channels that the person
    has authorised may be used (Ley 2300 of 2023), and the United States, where covered texts need
    prior express consent whatever they say (47 CFR 64.1200(a)(1)); whether a messenger's are
    covered is open, and doubt means no.
    """

    enough_for: frozenset[str] = frozenset({ONE_ORDER.name})
    not_in: frozenset[str] = frozenset({"CO", "US"})

    def is_enough_for(self, purpose: Purpose, country: str) -> bool:
        """Return whether a notice can stand in for a yes here; an unknown country is none."""
        is_named = not self.enough_for.isdisjoint(purpose.chain)
        return is_named and bool(country) and country not in self.not_in


@dataclass(frozen=True, kw_only=True)
class Policy:
    """The rules in force. Countries are ISO 3166 codes; `templates` maps a name to a topic.

    `embargoed` and `marketing_withheld` follow Meta's country availability (no delivery to Cuba,
    Iran, North Korea and Syria; no marketing to US numbers since 2025-04-01). In the countries of
    `inbound_first` a number proves itself by a message of its own, unless a code is asked for.
    `topic_days` says how many days a yes to just this topic lives, where that is less than its
    purpose's life; 0: as long as that. `frequencies` are what people may choose from, if they want
    offers less often. `law` is what countries ask, as far as askfirst knows it; `countries` and
    `hours` are the business's own words on the same, and win where they may.
    """

    topics: frozenset[str] = BUILT_IN_TOPICS
    purposes: Mapping[Category, Terms] = field(default_factory=lambda: dict(_DEFAULT_TERMS))
    topic_days: Mapping[str, int] = field(default_factory=lambda: {ONE_ORDER.name: ONE_ORDER_DAYS})
    countries: Mapping[str, Mapping[Category, Terms]] = field(default_factory=dict)
    templates: Mapping[str, Purpose] = field(default_factory=dict)
    embargoed: frozenset[str] = frozenset({"CU", "IR", "KP", "SY"})
    marketing_withheld: frozenset[str] = frozenset({"US"})
    native_stop_covers_business: bool = True
    inbound_first: frozenset[str] = frozenset()
    notices: NoticeTerms = field(default_factory=NoticeTerms)
    hours: OwnHours = field(default_factory=OwnHours)
    law: CountryBook = NO_COUNTRIES
    frequencies: tuple[Frequency, ...] = ()
    caps: Caps = field(default_factory=Caps)
    duplicates: Duplicates = field(default_factory=Duplicates)
    pace: Pacing = field(default_factory=Pacing)
    template_checks: TemplateChecks = field(default_factory=TemplateChecks)

    def __post_init__(self) -> None:
        for key in ("embargoed", "marketing_withheld", "inbound_first"):
            _check_countries(f"policy.{key}", getattr(self, key))
        _check_countries("policy.notices.not_in", self.notices.not_in)
        for name in self.notices.enough_for:
            _check_notice(name, self.topics | BUILT_IN_TOPICS)
        self.caps.check(self.topics | BUILT_IN_TOPICS)
        for country in self.countries:
            check_country_code(country, f"policy.countries.{country}")
        self.hours.check(self.law)
        for topic in self.topics:
            _check_topic(topic)
        for topic, days in self.topic_days.items():
            known = self.topics | BUILT_IN_TOPICS
            parse_purpose(topic, known, f"policy.topic_days.{topic}")
            check_days(days, f"policy.topic_days.{topic}")
        for name, purpose in self.templates.items():
            parse_purpose(purpose.name, self.topics, f"policy.templates.{name}")
        if set(self.purposes) != CONSENTED:
            raise InvalidInput("policy.purposes", "must have authentication, utility and marketing")

    @cached_property
    def fingerprint(self) -> str:
        """Name the policy by its content: `pol_` and 16 hexadecimal digits of its SHA-256."""
        return f"{Prefix.POLICY}_" + hashlib.sha256(self.canonical.encode()).hexdigest()[:16]

    @cached_property
    def canonical(self) -> str:
        """Write the policy as JSON: equal policies, equal texts. The fingerprint is its hash."""
        return json.dumps(_plain(self), sort_keys=True, separators=(",", ":"))

    def terms(self, category: Category, country: str) -> Terms:
        """Return what is asked for a purpose in a country; the country's word wins.

        The business's own word on a country wins over what askfirst knows of its law.
        """
        own = self.countries.get(country)
        if own and category in own:
            return own[category]
        if category is Category.MARKETING and country in self._lawful:
            return self._lawful[country]
        return self.purposes[category]

    @cached_property
    def _lawful(self) -> dict[str, Terms]:
        """Marketing's terms by country: decisions look them up, and countries are few."""
        plain = self.purposes[Category.MARKETING]
        return {country: lawful_terms(plain, self.law, country) for country in self.law.countries}

    def hours_at(self, country: str, place: Place) -> tuple[LocalHours, ...]:
        """Return all hours that have to be open at once; none where no time zone is known."""
        key = (country, place)
        found = self._hours.get(key)
        if found is None:
            if len(self._hours) > _PLACES_MAX:
                self._hours.clear()
            found = self._hours[key] = hours_at(self.hours, self.law, country, place)
        return found

    def legal_caps(self, country: str, areas: tuple[str, ...]) -> tuple[LegalCap, ...]:
        """Return how much marketing the law lets a recipient get; no word of ours widens it."""
        key = (country, areas)
        found = self._legal_caps.get(key)
        if found is None:
            if len(self._legal_caps) > _PLACES_MAX:
                self._legal_caps.clear()
            calls = self.hours.follows_calls_rules
            found = legal_caps(self.law, country, areas, calls=calls)
            self._legal_caps[key] = found
        return found

    @cached_property
    def _legal_caps(self) -> dict[tuple[str, tuple[str, ...]], tuple[LegalCap, ...]]:
        return {}

    def opens_at(self, country: str, place: Place, now: Instant) -> Instant | None:
        """Return when marketing may be sent there, `now` where it may; None where it never may.

        Hours begin and end with whole minutes on every clock there is, so what was found holds for
        the rest of its minute: most decisions of a moment are about few places.
        """
        key, minute = (country, place), now // MINUTE
        known = self._openings.get(key)
        if known is None or known[0] != minute:
            if len(self._openings) > _PLACES_MAX:
                self._openings.clear()
            hours, calendar = self.hours_at(country, place), self.law.calendar
            found = opens_at(hours, calendar, now) if hours and calendar else None
            known = self._openings[key] = minute, found == now, found
        return now if known[1] else known[2]

    @cached_property
    def _openings(self) -> dict[tuple[str, Place], tuple[int, bool, Instant | None]]:
        return {}

    def caps_on(self, purpose: Purpose) -> tuple[tuple[str, Frequency], ...]:
        """Return the caps that a message keeps, each with what is counted: a purpose, `overall`."""
        found = self._caps_on.get(purpose)
        if found is None:
            names = purpose.chain
            if self.caps.is_overall(purpose.category):
                names = (*names, OVERALL)
            limits = self.caps.limits
            found = tuple((name, most) for name in names for most in limits.get(name, ()))
            self._caps_on[purpose] = found
        return found

    @cached_property
    def _caps_on(self) -> dict[Purpose, tuple[tuple[str, Frequency], ...]]:
        return {}

    @cached_property
    def _hours(self) -> dict[tuple[str, Place], tuple[LocalHours, ...]]:
        return {}

    @cached_property
    def lives(self) -> tuple[int, ...]:
        """Return every number of days after which a yes, or a notice, counts for less somewhere."""
        asked = [*self.purposes.values(), *self._lawful.values()]
        asked += [terms for own in self.countries.values() for terms in own.values()]
        days = {one for terms in asked for one in (terms.age_days_max, terms.idle_days_max)}
        return tuple(sorted((days | set(self.topic_days.values())) - {0}))

    def age_class(self, at: Instant, now: Instant) -> int:
        """Return how many of these lives are over for a yes of that moment.

        Whoever said one yes and nothing else is of one age for all rules within a class.
        """
        return bisect_left(self.lives, now - at, key=lambda days: days * DAY)

    def life(self, name: str, terms: Terms) -> int:
        """Return the life in days of a yes to just this purpose or topic; 0 is for ever."""
        days = self.topic_days.get(name, 0)
        if not days or not terms.age_days_max:
            return days or terms.age_days_max
        return min(days, terms.age_days_max)


def _check_countries(where: str, codes: frozenset[str]) -> None:
    if not isinstance(codes, frozenset):  # a text would be read letter by letter
        raise InvalidInput(where, "must be a frozenset of country codes")
    for code in codes:
        check_country_code(code, where)


def _check_notice(name: str, topics: frozenset[str]) -> None:
    where = "policy.notices.enough_for"
    if parse_purpose(name, topics, where).category is not Category.UTILITY:
        raise InvalidInput(where, "must name utility or topics of it: the rest needs a yes")


def _check_topic(name: str) -> None:
    wrong = InvalidInput("policy.topics", "must name topics such as marketing.offers")
    try:
        purpose = Purpose(name)
    except InvalidInput as error:
        raise wrong from error
    if purpose.category not in CONSENTED or purpose.name == purpose.category:
        raise wrong


def lawful_terms(plain: Terms, law: CountryBook, country: str) -> Terms:
    """Return marketing's terms in a country: what the business asks, and no less than the law."""
    terms = plain
    for rules in law.own_and_union(country):
        opt_in = rules.opt_in
        terms = Terms(
            assurance_min=max(terms.assurance_min, opt_in.assurance_min)
            if opt_in
            else terms.assurance_min,
            number_proof_min=max(terms.number_proof_min, opt_in.number_proof_min)
            if opt_in
            else terms.number_proof_min,
            age_days_max=_shorter(terms.age_days_max, rules.age),
            idle_days_max=_shorter(terms.idle_days_max, rules.idle_time),
        )
    return terms


def _shorter(days: int, rule: DaysRule | None) -> int:
    """Return the shorter of two times of which 0 is the longest."""
    if rule is None:
        return days
    return min(days or rule.days_max, rule.days_max)


def _plain(value: Any) -> Any:
    match value:
        case CountryBook() | WeekHours():
            return value.table()
        case Mapping():
            return {str(key): _plain(entry) for key, entry in value.items()}
        case frozenset():
            return sorted(value)
        case tuple():
            return [_plain(entry) for entry in value]
        case _ if is_dataclass(value):
            return {each.name: _plain(getattr(value, each.name)) for each in fields(value)}
        case _:
            return value
