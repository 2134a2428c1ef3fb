"""The law of countries for tests: with all its hours, or without, so that no test waits for day."""

from __future__ import annotations

from typing import Final

from askfirst.adapters.country_rule_files import built_in_law
from askfirst.decision.countries.country_book import CountryBook
from askfirst.decision.countries.country_rules import CountryRules
from askfirst.domain.value import replace


def _timeless(rules: CountryRules) -> CountryRules:
    left = replace(rules, hours=None)
    named = {name for ground in left.grounds.values() for name in ground.sources}
    return replace(left, sources={name: rules.sources[name] for name in named})


LAW: Final = built_in_law()
TIMELESS: Final = CountryBook(rules={name: _timeless(rules) for name, rules in LAW.rules.items()})
"""What countries ask of an opt-in, and nothing about hours."""
