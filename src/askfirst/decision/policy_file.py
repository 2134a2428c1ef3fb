"""The policy as a business writes it: a TOML file.

    topics = ["utility.orders", "marketing.offers"]

    [purposes.marketing]
    assurance_min = "shown"
    number_proof_min = "vouched"
    age_days_max = 365

    [purposes."marketing.offers"]
    age_days_max = 90

    [countries.DE.marketing]
    assurance_min = "confirmed"

    [templates]
    order_update = "utility.orders"

    [notices]
    enough_for = ["utility.order"]
    not_in = ["CO", "US"]

Unknown keys and values of another type are refused: a typing error must not open the gate.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import fields
from typing import Any

from askfirst.decision.policy import NoticeTerms, Policy, Terms, check_days
from askfirst.domain.consent.event import Assurance, NumberProof
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

_Table = Mapping[str, Any]
_Overlay = Mapping[Category, Terms]


def parse_policy(text: str) -> Policy:
    """Read a policy file; whatever is not understood raises InvalidInput naming the key."""
    try:
        table = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise InvalidInput("policy", f"is not TOML: {error}") from error
    _refuse_unknown("policy", table, {field.name for field in fields(Policy)} - {"topic_days"})
    plain = Policy()
    topics = BUILT_IN_TOPICS | _names(table, "topics", plain.topics, "marketing.offers")
    given = _table("policy.purposes", table.get("purposes", {}), "[purposes.marketing]")
    purposes = {name: entry for name, entry in given.items() if name not in topics}
    days = {name: entry for name, entry in given.items() if name in topics}
    return Policy(
        topics=topics,
        purposes={**plain.purposes, **_terms("policy.purposes", purposes, plain.purposes)},
        topic_days={**plain.topic_days, **_topic_days(days)},
        countries={**plain.countries, **_countries(table, plain)},
        templates=_templates(table, topics),
        embargoed=_names(table, "embargoed", plain.embargoed, "CU"),
        marketing_withheld=_names(table, "marketing_withheld", plain.marketing_withheld, "US"),
        native_stop_covers_business=_switch(
            table, "native_stop_covers_business", plain=plain.native_stop_covers_business
        ),
        inbound_first=_names(table, "inbound_first", plain.inbound_first, "IN"),
        notices=_notices(table, plain.notices),
    )


def _notices(table: _Table, plain: NoticeTerms) -> NoticeTerms:
    where = "policy.notices"
    entry = _table(where, table.get("notices", {}), "[notices]")
    _refuse_unknown(where, entry, {field.name for field in fields(NoticeTerms)})
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


def _table(where: str, given: Any, like: str) -> _Table:
    if not isinstance(given, dict):
        raise InvalidInput(where, f"must be a table, such as {like}")
    return given


def _countries(table: _Table, plain: Policy) -> dict[str, _Overlay]:
    where = "policy.countries"
    overlays = _table(where, table.get("countries", {}), "[countries.DE.marketing]")
    countries: dict[str, _Overlay] = {}
    for country, overlay in overlays.items():
        here = f"{where}.{check_country_code(country, f'{where}.{country}')}"
        base = {**plain.purposes, **plain.countries.get(country, {})}
        countries[country] = _terms(here, overlay, base)
    return countries


def _templates(table: _Table, topics: frozenset[str]) -> dict[str, Purpose]:
    where = "policy.templates"
    given = _table(where, table.get("templates", {}), "[templates]")
    return {
        name: parse_purpose(_text(purpose), topics, f"{where}.{name}")
        for name, purpose in given.items()
    }


def _terms(where: str, given: Any, base: _Overlay) -> _Overlay:
    table = _table(where, given, f"[{where.removeprefix('policy.')}.marketing]")
    _refuse_unknown(where, table, {category.value for category in CONSENTED})
    return {
        Category(name): _one_terms(f"{where}.{name}", entry, base[Category(name)])
        for name, entry in table.items()
    }


def _topic_days(table: _Table) -> dict[str, int]:
    """How sure a yes must be is its purpose's word: a topic says how long it lives, and no more."""
    found = {}
    for name, given in table.items():
        where = f"policy.purposes.{name}"
        entry = _table(where, given, f'[purposes."{name}"]')
        _refuse_unknown(where, entry, {"age_days_max"})
        found[name] = check_days(entry.get("age_days_max", 0), f"{where}.age_days_max")
    return found


def _one_terms(where: str, given: Any, base: Terms) -> Terms:
    entry = _table(where, given, f"[{where.removeprefix('policy.')}]")
    _refuse_unknown(where, entry, {"assurance_min", "number_proof_min", "age_days_max"})
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
        )
    except InvalidInput as error:
        raise InvalidInput(f"{where}.{error.field}", error.message) from error


def _text(given: Any) -> str:
    """Return a text; what is none is no word of ours either, and is refused as one."""
    return given if isinstance(given, str) else ""


def _refuse_unknown(where: str, table: Iterable[str], known: set[str]) -> None:
    for key in table:
        if key not in known:
            raise InvalidInput(f"{where}.{key}", "is not a key of the policy")
