"""What the command line can do with policies; needs no ledger and no server."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Final

from askfirst.bootstrap.commands.policy_keys import KEYS
from askfirst.bootstrap.policy_watch import read_policy, read_policy_file
from askfirst.bootstrap.settings import Settings
from askfirst.decision.countries.country_rules import CountryRules, Ground
from askfirst.decision.countries.own_hours import area_hours
from askfirst.decision.limits import OVERALL, SPANS
from askfirst.decision.policy import Policy, Terms, lawful_terms
from askfirst.domain.values.country import parse_country_code
from askfirst.domain.values.errors import InvalidInput
from askfirst.domain.values.purpose import CONSENTED, MARKETING, Category, parse_purpose

Sheet = dict[str, Any]

_NOT_SHOWN: Final = frozenset({"law"})


def policy_at(settings: Settings, path: Path | None) -> Policy:
    """Read the file that is named, or else the one that the server follows."""
    return read_policy(settings) if path is None else read_policy_file(path)


def show(policy: Policy, country: str, state: str, purpose: str) -> Sheet:
    """Return what holds for one purpose in one country, and whose word that is."""
    code = parse_country_code(country, "country") if country else ""
    areas = _areas(policy, code, state)
    named = parse_purpose(purpose, policy.topics, "purpose")
    is_marketing = named.category is Category.MARKETING
    terms = policy.terms(named.category, code)
    return {
        "policy": policy.fingerprint,
        "country": code,
        "purpose": named.name,
        "sent": _reach(policy, code, named.category),
        "opt_in": _opt_in(terms) | {"age_days_max": policy.life(named.name, terms)},
        "notice_is_enough": policy.notices.is_enough_for(named, code),
        "hours": _hours(policy, code, areas) if is_marketing else [],
        "known_of_the_law": _known(policy, code, areas) if is_marketing else [],
    }


def _areas(policy: Policy, country: str, state: str) -> tuple[str, ...]:
    if not state:
        return ()
    area = f"{country}-{state.upper()}"
    if not country or not re.fullmatch(r"[A-Z]{2}-[A-Z]{2}", area):
        raise InvalidInput("state", "must be the two letters of a state, beside --country")
    if area not in policy.law.states(country):
        known = ", ".join(policy.law.states(country)) or "no state"
        raise InvalidInput("state", f"has no rules of its own; known of {country}: {known}")
    return (area,)


def _reach(policy: Policy, country: str, category: Category) -> str:
    if country in policy.embargoed:
        return "never: Meta delivers nothing there"
    if country in policy.marketing_withheld and category is Category.MARKETING:
        return "never: Meta withholds marketing there"
    return "where the rest allows it"


def _opt_in(terms: Terms) -> Sheet:
    return {
        "assurance_min": terms.assurance_min.name.lower(),
        "number_proof_min": terms.number_proof_min.name.lower(),
        "age_days_max": terms.age_days_max,
        "idle_days_max": terms.idle_days_max,
    }


def _hours(policy: Policy, country: str, areas: tuple[str, ...]) -> list[Sheet]:
    return [
        {
            "by": each.area,
            **each.hours.table(),
            **(_ground(each.rule.ground, _rules(policy, country, each.area)) if each.rule else {}),
        }
        for each in area_hours(policy.hours, policy.law, country, areas)
    ]


def _rules(policy: Policy, country: str, area: str) -> tuple[CountryRules, ...]:
    named = policy.law.rules.get(area)
    return (*((named,) if named else ()), *policy.law.own_and_union(country))


def _known(policy: Policy, country: str, areas: tuple[str, ...]) -> list[Sheet]:
    """List every rule that is known, followed or not."""
    found = [*policy.law.own_and_union(country), *(policy.law.rules[area] for area in areas)]
    names = {id(rules): name for name, rules in policy.law.rules.items()}
    table = policy.law.table()["rules"]
    return [
        {
            "by": names[id(rules)],
            "rule": name,
            **{
                key: value
                for key, value in table[names[id(rules)]][name].items()
                if key not in {"basis", "confidence", "sources"}
            },
            **_ground(ground, (rules,)),
        }
        for rules in found
        for name, ground in rules.grounds.items()
    ]


def _ground(ground: Ground, rules: tuple[CountryRules, ...]) -> Sheet:
    sources = {name: source for one in reversed(rules) for name, source in one.sources.items()}
    return {
        "basis": ground.basis.value,
        "by_caution": ground.basis.is_by_caution,
        "confidence": ground.confidence.value,
        "sources": [
            f"{sources[name].title} {sources[name].url}".rstrip()
            for name in ground.sources
            if name in sources
        ],
    }


def lint(policy: Policy) -> list[str]:
    """Return what a policy that is understood asks less of than is known of a law."""
    plain = policy.purposes[Category.MARKETING]
    found = []
    for country, overlay in sorted(policy.countries.items()):
        own = overlay.get(Category.MARKETING)
        law = lawful_terms(plain, policy.law, country)
        if own is None:
            continue
        if own.assurance_min < law.assurance_min:
            found.append(_less(country, "assurance_min", law.assurance_min.name.lower()))
        if own.number_proof_min < law.number_proof_min:
            found.append(_less(country, "number_proof_min", law.number_proof_min.name.lower()))
    return found + _wider_caps(policy)


def _wider_caps(policy: Policy) -> list[str]:
    """Name each cap of a law that holds because the policy's own let more through."""
    limits = policy.caps.limits
    own = [*limits.get(MARKETING.name, ()), *limits.get(OVERALL, ())]
    reached = set(policy.law.countries) - policy.embargoed - policy.marketing_withheld
    legal = dict.fromkeys(
        cap for country in sorted(reached) for cap in policy.legal_caps(country, ())
    )
    spans = {days: span for span, days in SPANS.items()}
    return [
        f"caps.marketing.{spans[cap.days]} lets more through than the law of {area}, which holds "
        f"there: {cap.count}, by {law}"
        for area, law, cap in legal
        if not any(mine.days >= cap.days and mine.count <= cap.count for mine in own)
    ]


def _less(country: str, key: str, word: str) -> str:
    return f"countries.{country}.marketing.{key} asks less than is known of the law: {word}"


def explain(key: str) -> Sheet:
    """Return what a key means; parts that the business names may stand for `<…>`."""
    for name, (meaning, plain) in KEYS.items():
        if name == key or _matches(name, key):
            return {"key": name, "meaning": meaning, "built_in": plain}
    raise InvalidInput("key", f"is none of {', '.join(KEYS)}")


def _matches(name: str, key: str) -> bool:
    purposes = "|".join(sorted(category.value for category in CONSENTED))
    parts = {
        "<purpose>": f"({purposes})",
        "<category>": f"({purposes}|{Category.SERVICE.value})",
        "<topic>": r'"?[a-z_]+\.[a-z_]+"?',
        "<code>": "[A-Z]{2}",
        "<span>": f"({'|'.join(SPANS)})",
    }
    pattern = re.escape(name)
    for part, shape in parts.items():
        pattern = pattern.replace(re.escape(part), shape)
    return bool(re.fullmatch(pattern + r"(\..+)?" if name.endswith(">") else pattern, key))


def diff(old: Policy, new: Policy) -> list[Sheet]:
    """Return what differs, by the place in the policy."""
    before, after = (dict(_leaves(json.loads(policy.canonical))) for policy in (old, new))
    return [
        {"key": key, "old": before.get(key), "new": after.get(key)}
        for key in sorted(before.keys() | after.keys())
        if before.get(key) != after.get(key)
    ]


def _leaves(value: Any, where: str = "") -> Iterator[tuple[str, Any]]:
    if not isinstance(value, Mapping):
        yield where, value
        return
    for key, entry in value.items():
        if where or key not in _NOT_SHOWN:
            yield from _leaves(entry, f"{where}.{key}" if where else key)
