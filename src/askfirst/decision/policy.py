"""What a business, and the law of a country, ask of an opt-in, with a fingerprint.

Checked where it is made: a country that is none, or a topic of nothing, would be a rule that
never speaks. There is no switch to turn the gate off.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from functools import cached_property
from typing import Any

from askfirst.domain.consent.event import Assurance, NumberProof
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
from askfirst.domain.values.timestamp import DAY

WINDOW = DAY
"""How long after the customer's last message a free-form reply may leave.

Source: Meta, "Send messages", customer service window.
"""

ONE_ORDER_DAYS = 60
"""How long a yes to one order lives: nobody tells us when an order is over, so time does.

A consumer's order in the EU is delivered within 30 days, may be sent back for 14 more, and is paid
back within 14 after that: 58 days (Directive 2011/83/EU, Articles 18, 9 and 13).
"""


def check_days(given: Any, field: str) -> int:
    """Return a life in days back; what is none raises InvalidInput naming `field`."""
    if type(given) is not int or given < 0:
        raise InvalidInput(field, "must be a whole number of days, 0 for ever")
    return given


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """What an opt-in must be for one purpose in one country; `age_days_max` 0 means for ever."""

    assurance_min: Assurance = Assurance.SHOWN
    number_proof_min: NumberProof = NumberProof.TYPED
    age_days_max: int = 0

    def __post_init__(self) -> None:
        check_days(self.age_days_max, "age_days_max")


_DEFAULT_TERMS = {
    Category.AUTHENTICATION: Terms(),
    Category.UTILITY: Terms(),
    Category.MARKETING: Terms(number_proof_min=NumberProof.VOUCHED, age_days_max=365),
}
_GERMANY = {
    Category.MARKETING: Terms(
        assurance_min=Assurance.CONFIRMED,
        number_proof_min=NumberProof.PROVEN,
        age_days_max=365,
    )
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
    purpose's life; 0: as long as that.
    """

    topics: frozenset[str] = BUILT_IN_TOPICS
    purposes: Mapping[Category, Terms] = field(default_factory=lambda: dict(_DEFAULT_TERMS))
    topic_days: Mapping[str, int] = field(default_factory=lambda: {ONE_ORDER.name: ONE_ORDER_DAYS})
    countries: Mapping[str, Mapping[Category, Terms]] = field(
        default_factory=lambda: {"DE": dict(_GERMANY)}
    )
    templates: Mapping[str, Purpose] = field(default_factory=dict)
    embargoed: frozenset[str] = frozenset({"CU", "IR", "KP", "SY"})
    marketing_withheld: frozenset[str] = frozenset({"US"})
    native_stop_covers_business: bool = True
    inbound_first: frozenset[str] = frozenset()
    notices: NoticeTerms = field(default_factory=NoticeTerms)

    def __post_init__(self) -> None:
        for key in ("embargoed", "marketing_withheld", "inbound_first"):
            _check_countries(f"policy.{key}", getattr(self, key))
        _check_countries("policy.notices.not_in", self.notices.not_in)
        for name in self.notices.enough_for:
            _check_notice(name, self.topics | BUILT_IN_TOPICS)
        for country in self.countries:
            check_country_code(country, f"policy.countries.{country}")
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
        canonical = json.dumps(_plain(asdict(self)), sort_keys=True, separators=(",", ":"))
        return f"{Prefix.POLICY}_" + hashlib.sha256(canonical.encode()).hexdigest()[:16]

    def terms(self, category: Category, country: str) -> Terms:
        """Return what is asked for a purpose in a country; the country's word wins."""
        overlay = self.countries.get(country)
        if overlay and category in overlay:
            return overlay[category]
        return self.purposes[category]

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


def _plain(value: Any) -> Any:
    match value:
        case dict():
            return {str(key): _plain(entry) for key, entry in value.items()}
        case frozenset():
            return sorted(value)
        case _:
            return value
