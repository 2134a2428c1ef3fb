"""The policy as a business writes it: a TOML file.

    topics = ["utility.orders", "marketing.offers"]
    frequencies = [{ at_most = 1, days = 7 }, { at_most = 1, days = 30 }]

    [purposes.marketing]
    assurance_min = "shown"
    number_proof_min = "vouched"
    age_days_max = 365

    [purposes."marketing.offers"]
    age_days_max = 90

    [countries.DE.marketing]
    assurance_min = "confirmed"

    [countries.DE.hours]
    weekdays = "09:00-18:00"

    [hours]
    every_day = "09:00-20:00"

    [templates]
    order_update = "utility.orders"

    [notices]
    enough_for = ["utility.order"]
    not_in = ["CO", "US"]

    [template_checks]
    without_stop = "refuse"

The sections about how often and how fast are in `limits_file`.

Unknown keys and values of another type are refused: a typing error must not open the gate.
"""

from __future__ import annotations

import json
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import fields
from typing import Any, Final

from askfirst.decision.countries.country_book import CountryBook
from askfirst.decision.countries.country_file import parse_country_book
from askfirst.decision.countries.hours import parse_hours
from askfirst.decision.countries.own_hours import OwnHours
from askfirst.decision.countries.place import Calendar
from askfirst.decision.limits import Caps, Duplicates, Pacing
from askfirst.decision.limits_file import (
    check_table,
    parse_caps,
    parse_duplicates,
    parse_pace,
    refuse_unknown,
)
from askfirst.decision.policy import NoticeTerms, Policy, Terms, check_days
from askfirst.decision.template_checks import CheckAction, TemplateChecks
from askfirst.decision.template_checks_file import parse_template_checks
from askfirst.domain.consent.event import Assurance, NumberProof
from askfirst.domain.consent.frequency import Frequency
from askfirst.domain.values.country import check_country_code
from askfirst.domain.values.errors import InvalidInput
from askfirst.domain.values.purpose import (
    BUILT_IN_TOPICS,
    CONSENTED,
    Category,
    Purpose,
    parse_purpose,
)

_ASSURANCES = {assurance.name.lower(): assurance for assurance in Assurance}
_NUMBER_PROOFS = {proof.name.lower(): proof for proof in NumberProof}

_HOURS: Final = "hours"
_CALLS: Final = "calls_rules_for_messages"
KEYS: Final = frozenset(
    {_CALLS, *(each.name for each in fields(Policy) if each.name not in {"topic_days", "law"})}
)
"""The keys of the file at its top."""

_Table = Mapping[str, Any]
_FREQUENCIES_MAX = 5
_Overlay = Mapping[Category, Terms]


def parse_policy(text: str, law: CountryBook) -> Policy:
    """Read a policy file; whatever is not understood raises InvalidInput naming the key.

    `law` is what the file cannot say: what is known of the countries.
    """
    try:
        table = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise InvalidInput("policy", f"is not TOML: {error}") from error
    refuse_unknown("policy", table, KEYS)
    plain = Policy(law=law)
    topics = BUILT_IN_TOPICS | _names(table, "topics", plain.topics, "marketing.offers")
    given = check_table("policy.purposes", table.get("purposes", {}), "[purposes.marketing]")
    purposes = {name: entry for name, entry in given.items() if name not in topics}
    days = {name: entry for name, entry in given.items() if name in topics}
    return Policy(
        topics=topics,
        purposes={**plain.purposes, **_terms("policy.purposes", purposes, plain.purposes)},
        topic_days={**plain.topic_days, **_topic_days(days)},
        countries=_countries(table, plain),
        templates=_templates(table, topics),
        embargoed=_names(table, "embargoed", plain.embargoed, "CU"),
        marketing_withheld=_names(table, "marketing_withheld", plain.marketing_withheld, "US"),
        native_stop_covers_business=_switch(
            table, "native_stop_covers_business", plain=plain.native_stop_covers_business
        ),
        inbound_first=_names(table, "inbound_first", plain.inbound_first, "IN"),
        notices=_notices(table, plain.notices),
        hours=_own_hours(table, plain),
        law=law,
        frequencies=_frequencies(table),
        caps=parse_caps(table.get("caps", {}), topics, plain.caps),
        duplicates=parse_duplicates(table.get("duplicates", {}), plain.duplicates),
        pace=parse_pace(table.get("pace", {}), plain.pace),
        template_checks=parse_template_checks(
            table.get("template_checks", {}), plain.template_checks
        ),
    )


def _frequencies(table: _Table) -> tuple[Frequency, ...]:
    """Read what people may choose from; at most so many, in so many days."""
    where, like = "policy.frequencies", "[{ at_most = 1, days = 7 }]"
    given = table.get("frequencies", [])
    if not isinstance(given, list) or len(given) > _FREQUENCIES_MAX:
        raise InvalidInput(where, f"must be a list of {_FREQUENCIES_MAX} at most, such as {like}")
    found = []
    for entry in given:
        row = check_table(where, entry, like)
        refuse_unknown(where, row, {"at_most", "days"})
        try:
            found.append(Frequency(row.get("at_most", 0), row.get("days", 0)))
        except InvalidInput as error:
            field = error.field.replace("frequency.count", "at_most").replace("frequency.", "")
            raise InvalidInput(f"{where}.{field}", error.message) from error
    return tuple(dict.fromkeys(found))


def read_kept_policy(text: str, calendar: Calendar | None) -> Policy:
    """Read a policy back from its canonical text; `calendar` is the one that is read by now.

    Raises:
        InvalidInput: it is not a policy of this version of askfirst.
    """
    try:
        kept = json.loads(text)
        return Policy(
            topics=frozenset(kept["topics"]),
            purposes=_kept_terms(kept["purposes"]),
            topic_days=kept["topic_days"],
            countries={name: _kept_terms(entry) for name, entry in kept["countries"].items()},
            templates={name: Purpose(entry["name"]) for name, entry in kept["templates"].items()},
            embargoed=frozenset(kept["embargoed"]),
            marketing_withheld=frozenset(kept["marketing_withheld"]),
            native_stop_covers_business=kept["native_stop_covers_business"],
            inbound_first=frozenset(kept["inbound_first"]),
            frequencies=tuple(Frequency(**each) for each in kept["frequencies"]),
            notices=NoticeTerms(
                **{key: frozenset(names) for key, names in kept["notices"].items()}
            ),
            hours=_kept_hours(kept["hours"]),
            law=parse_country_book(kept["law"], calendar),
            caps=_kept_caps(kept["caps"]),
            duplicates=Duplicates(
                minutes={
                    Category(name): held for name, held in kept["duplicates"]["minutes"].items()
                }
            ),
            pace=Pacing(**kept["pace"]),
            template_checks=TemplateChecks(
                **{name: CheckAction(word) for name, word in kept["template_checks"].items()}
            ),
        )
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise InvalidInput("policy", "is not a policy of this version") from error


def _kept_caps(entry: _Table) -> Caps:
    return Caps(
        limits={
            name: tuple(Frequency(**each) for each in held)
            for name, held in entry["limits"].items()
        },
        also_counted=frozenset(entry["also_counted"]),
    )


def _kept_terms(entry: _Table) -> _Overlay:
    return {
        Category(name): Terms(
            assurance_min=Assurance(terms["assurance_min"]),
            number_proof_min=NumberProof(terms["number_proof_min"]),
            age_days_max=terms["age_days_max"],
            idle_days_max=terms["idle_days_max"],
        )
        for name, terms in entry.items()
    }


def _kept_hours(entry: _Table) -> OwnHours:
    where, default = "policy.hours", entry["default"]
    return OwnHours(
        default=None if default is None else parse_hours(default, where),
        countries={name: parse_hours(hours, where) for name, hours in entry["countries"].items()},
        follows_calls_rules=entry["follows_calls_rules"],
    )


def _notices(table: _Table, plain: NoticeTerms) -> NoticeTerms:
    where = "policy.notices"
    entry = check_table(where, table.get("notices", {}), "[notices]")
    refuse_unknown(where, entry, {field.name for field in fields(NoticeTerms)})
    return NoticeTerms(
        enough_for=_names(entry, "enough_for", plain.enough_for, "utility.order", where),
        not_in=_names(entry, "not_in", plain.not_in, "US", where),
    )


def _names(
    table: _Table, key: str, plain: frozenset[str], like: str, where: str = "policy"
) -> frozenset[str]:
    """Read a list of texts; a text alone would be read letter by letter."""
    given = table.get(key, sorted(plain))
    if not isinstance(given, list) or not all(isinstance(name, str) for name in given):
        raise InvalidInput(
            f"{where}.{key}", f'must be a list of texts in quotes, such as ["{like}"]'
        )
    return frozenset(given)


def _switch(table: _Table, key: str, *, plain: bool) -> bool:
    given = table.get(key, plain)
    if not isinstance(given, bool):
        raise InvalidInput(f"policy.{key}", "must be true or false, without quotes")
    return given


def _countries(table: _Table, plain: Policy) -> dict[str, _Overlay]:
    countries: dict[str, _Overlay] = {}
    for country, entry in _country_tables(table):
        here = f"policy.countries.{country}"
        base = {category: plain.terms(category, country) for category in CONSENTED}
        own = {key: value for key, value in entry.items() if key != _HOURS}
        if own:
            countries[country] = _terms(here, own, base)
    return countries


def _country_tables(table: _Table) -> Iterator[tuple[str, _Table]]:
    where = "policy.countries"
    given = check_table(where, table.get("countries", {}), "[countries.DE.marketing]")
    for country, entry in given.items():
        here = f"{where}.{check_country_code(country, f'{where}.{country}')}"
        yield country, check_table(here, entry, f"[countries.{country}.marketing]")


def _own_hours(table: _Table, plain: Policy) -> OwnHours:
    """Read the business's hours; of a country's, the days that are not named stay as they are."""
    default = None
    if _HOURS in table:
        where = f"policy.{_HOURS}"
        default = parse_hours(check_table(where, table[_HOURS], f"[{_HOURS}]"), where)
    countries = {}
    for country, entry in _country_tables(table):
        if _HOURS in entry:
            where = f"policy.countries.{country}.{_HOURS}"
            rule = plain.law.hours(country)
            own = check_table(where, entry[_HOURS], f"[countries.{country}.{_HOURS}]")
            base = rule.hours if rule is not None else default
            countries[country] = parse_hours(own, where, base)
    word = table.get(_CALLS, "apply")
    if word not in ("apply", "ignore"):
        raise InvalidInput(f"policy.{_CALLS}", "must be apply or ignore")
    return OwnHours(default=default, countries=countries, follows_calls_rules=word == "apply")


def _templates(table: _Table, topics: frozenset[str]) -> dict[str, Purpose]:
    where = "policy.templates"
    given = check_table(where, table.get("templates", {}), "[templates]")
    return {
        name: parse_purpose(_text(purpose), topics, f"{where}.{name}")
        for name, purpose in given.items()
    }


def _terms(where: str, given: Any, base: _Overlay) -> _Overlay:
    table = check_table(where, given, f"[{where.removeprefix('policy.')}.marketing]")
    refuse_unknown(where, table, {category.value for category in CONSENTED})
    return {
        Category(name): _one_terms(f"{where}.{name}", entry, base[Category(name)])
        for name, entry in table.items()
    }


def _topic_days(table: _Table) -> dict[str, int]:
    """How sure a yes must be is its purpose's word: a topic says how long it lives, and no more."""
    found = {}
    for name, given in table.items():
        where = f"policy.purposes.{name}"
        entry = check_table(where, given, f'[purposes."{name}"]')
        refuse_unknown(where, entry, {"age_days_max"})
        found[name] = check_days(entry.get("age_days_max", 0), f"{where}.age_days_max")
    return found


def _one_terms(where: str, given: Any, base: Terms) -> Terms:
    entry = check_table(where, given, f"[{where.removeprefix('policy.')}]")
    refuse_unknown(where, entry, {each.name for each in fields(Terms)})
    word = _text(entry.get("assurance_min", base.assurance_min.name.lower()))
    if word not in _ASSURANCES:
        raise InvalidInput(f"{where}.assurance_min", "must be asserted, shown or confirmed")
    proof = _text(entry.get("number_proof_min", base.number_proof_min.name.lower()))
    if proof not in _NUMBER_PROOFS:
        raise InvalidInput(f"{where}.number_proof_min", "must be typed, vouched or proven")
    try:
        return Terms(
            assurance_min=_ASSURANCES[word],
            number_proof_min=_NUMBER_PROOFS[proof],
            age_days_max=entry.get("age_days_max", base.age_days_max),
            idle_days_max=entry.get("idle_days_max", base.idle_days_max),
        )
    except InvalidInput as error:
        raise InvalidInput(f"{where}.{error.field}", error.message) from error


def _text(given: Any) -> str:
    """Return a text; what is none is no word of ours either, and is refused as one."""
    return given if isinstance(given, str) else ""
