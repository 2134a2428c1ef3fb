"""What a business, and the law of a country, ask of an opt-in: a typed file with a fingerprint.

    topics = ["utility.orders", "marketing.offers"]

    [purposes.marketing]
    assurance_min = "shown"
    age_days_max = 365

    [countries.DE.marketing]
    assurance_min = "confirmed"

    [templates]
    order_update = "utility.orders"

Unknown keys are refused: a typing error must not open the gate. There is no switch to turn
the gate off.
"""

from __future__ import annotations

import hashlib
import json
import tomllib
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from functools import cached_property
from typing import Any

from askfirst.domain.errors import InvalidInput
from askfirst.domain.event import Assurance
from askfirst.domain.instant import DAY
from askfirst.domain.purpose import CONSENTED, Category, Purpose, parse_purpose

WINDOW = DAY
"""How long after the customer's last message a free-form reply may leave.

Source: Meta, "Send messages", customer service window.
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """What an opt-in must be for one purpose in one country; `age_days_max` 0 means for ever."""

    assurance_min: Assurance = Assurance.SHOWN
    age_days_max: int = 0


_DEFAULT_TERMS = {
    Category.AUTHENTICATION: Terms(),
    Category.UTILITY: Terms(),
    Category.MARKETING: Terms(age_days_max=365),
}
_GERMANY = {Category.MARKETING: Terms(assurance_min=Assurance.CONFIRMED, age_days_max=365)}


@dataclass(frozen=True, kw_only=True)
class Policy:
    """The rules in force. Countries are ISO 3166 codes; `templates` maps a name to a topic.

    `embargoed` and `marketing_withheld` follow Meta's country availability (no delivery to Cuba,
    Iran, North Korea and Syria; no marketing to US numbers since 2025-04-01). In the countries of
    `inbound_first` a number proves itself by a message of its own, unless a code is asked for.
    """

    topics: frozenset[str] = frozenset()
    purposes: Mapping[Category, Terms] = field(default_factory=lambda: dict(_DEFAULT_TERMS))
    countries: Mapping[str, Mapping[Category, Terms]] = field(
        default_factory=lambda: {"DE": dict(_GERMANY)}
    )
    templates: Mapping[str, Purpose] = field(default_factory=dict)
    embargoed: frozenset[str] = frozenset({"CU", "IR", "KP", "SY"})
    marketing_withheld: frozenset[str] = frozenset({"US"})
    native_stop_covers_business: bool = True
    inbound_first: frozenset[str] = frozenset()

    @cached_property
    def fingerprint(self) -> str:
        """Name the policy by its content: `pol_` and 16 hexadecimal digits of its SHA-256."""
        canonical = json.dumps(_plain(asdict(self)), sort_keys=True, separators=(",", ":"))
        return "pol_" + hashlib.sha256(canonical.encode()).hexdigest()[:16]

    def terms(self, category: Category, country: str) -> Terms:
        """Give what is asked for a purpose in a country; the country's word wins."""
        overlay = self.countries.get(country)
        if overlay and category in overlay:
            return overlay[category]
        return self.purposes[category]


def parse_policy(text: str) -> Policy:
    """Read a policy file; whatever is not understood raises InvalidInput naming the key."""
    try:
        table = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise InvalidInput("policy", f"is not TOML: {error}") from error
    known = {"topics", "purposes", "countries", "templates", "embargoed", "marketing_withheld"}
    _refuse_unknown("policy", table, known | {"native_stop_covers_business", "inbound_first"})
    plain = Policy()
    topics = frozenset(_topic(name) for name in table.get("topics", []))
    countries = {**plain.countries}
    for country, overlay in table.get("countries", {}).items():
        base = {**plain.purposes, **plain.countries.get(country, {})}
        countries[country] = _terms(f"policy.countries.{country}", overlay, base)
    templates = {
        name: parse_purpose(purpose, topics, f"policy.templates.{name}")
        for name, purpose in table.get("templates", {}).items()
    }
    return Policy(
        topics=topics,
        purposes={
            **plain.purposes,
            **_terms("policy.purposes", table.get("purposes", {}), plain.purposes),
        },
        countries=countries,
        templates=templates,
        embargoed=frozenset(table.get("embargoed", plain.embargoed)),
        marketing_withheld=frozenset(table.get("marketing_withheld", plain.marketing_withheld)),
        native_stop_covers_business=table.get("native_stop_covers_business", True) is not False,
        inbound_first=frozenset(table.get("inbound_first", plain.inbound_first)),
    )


def _topic(name: str) -> str:
    if "." not in Purpose(name).name:
        raise InvalidInput("policy.topics", "must name topics such as marketing.offers")
    return name


def _terms(
    where: str, table: Mapping[str, Any], base: Mapping[Category, Terms]
) -> dict[Category, Terms]:
    _refuse_unknown(where, table, {category.value for category in CONSENTED})
    return {
        Category(name): _one_terms(f"{where}.{name}", entry, base[Category(name)])
        for name, entry in table.items()
    }


def _one_terms(where: str, entry: Mapping[str, Any], base: Terms) -> Terms:
    _refuse_unknown(where, entry, {"assurance_min", "age_days_max"})
    word = entry.get("assurance_min", base.assurance_min.name.lower())
    days = entry.get("age_days_max", base.age_days_max)
    names = {assurance.name.lower(): assurance for assurance in Assurance}
    if word not in names:
        raise InvalidInput(f"{where}.assurance_min", "must be asserted, shown or confirmed")
    if not isinstance(days, int) or isinstance(days, bool) or days < 0:
        raise InvalidInput(f"{where}.age_days_max", "must be a whole number of days, 0 for ever")
    return Terms(assurance_min=names[word], age_days_max=days)


def _refuse_unknown(where: str, table: Mapping[str, Any], known: set[str]) -> None:
    for key in table:
        if key not in known:
            raise InvalidInput(f"{where}.{key}", "is not a key of the policy")


def _plain(value: Any) -> Any:
    match value:
        case dict():
            return {str(key): _plain(entry) for key, entry in value.items()}
        case frozenset():
            return sorted(value)
        case _:
            return value
