"""How much marketing the law of a recipient's country and state lets them get."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from askfirst.decision.countries.country_book import CountryBook
from askfirst.decision.countries.country_rules import Basis, CountryRules, is_followed
from askfirst.domain.consent.frequency import Frequency

_MADE_FOR = {
    Basis.MESSAGES: "",
    Basis.SMS: "; made for text messages, followed by caution",
    Basis.CALLS: "; made for calls, followed by caution",
}


class LegalCap(NamedTuple):
    """One cap of a law. `law` names it in words: whose it is, the article, how sure that is."""

    area: str
    law: str
    cap: Frequency


def legal_caps(
    law: CountryBook, country: str, areas: tuple[str, ...], *, calls: bool
) -> tuple[LegalCap, ...]:
    """Return each cap that holds for a recipient; all of them have to be kept.

    `areas` are the states that they may live in; where none is known, it may be any that has rules
    of its own. `calls`: what is law for calls only is followed, too.
    """
    states = (area for area in areas or law.states(country) if area in law.rules)
    named = ((area, law.rules[area]) for area in states)
    found = [(country, rules) for rules in law.own_and_union(country)] + list(named)
    return tuple(cap for area, rules in found for cap in _caps(area, rules, calls=calls))


def _caps(area: str, rules: CountryRules, *, calls: bool) -> Iterator[LegalCap]:
    caps = rules.caps
    if caps is None or not is_followed(caps.ground, calls=calls):
        return
    sure = f"confidence {caps.ground.confidence.value}{_MADE_FOR[caps.ground.basis]}"
    for count, days in ((caps.day, 1), (caps.week, 7)):
        if count:
            law = f"{rules.name}, {caps.article} ({sure})"
            yield LegalCap(area, law, Frequency(count, days))
