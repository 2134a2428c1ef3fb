"""Examines questions before people are asked them, and says what to mend, and why."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from askfirst.domain.prompt_rule import Asked, Rule, Severity
from askfirst.domain.prompt_rules import RULES
from askfirst.domain.wording import Catalogue, Prompt


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One breach of a rule. `where` is the path of the key, as in a file of prompts."""

    rule: Rule
    severity: Severity
    where: str
    message: str


def lint_catalogue(
    catalogue: Catalogue, *, country: str = "", business: str = ""
) -> tuple[Finding, ...]:
    """Examine every question in every language; errors come first."""
    found = [
        finding
        for prompt in catalogue.prompts.values()
        for finding in lint_prompt(prompt, catalogue, country=country, business=business)
    ]
    return tuple(sorted(found, key=lambda finding: finding.severity is not Severity.ERROR))


def lint_prompt(
    prompt: Prompt, catalogue: Catalogue, *, country: str = "", business: str = ""
) -> Iterator[Finding]:
    """Examine one question; `country` is one of COUNTRIES, or empty for no profile."""
    for locale, wording in prompt.wordings.items():
        asked = Asked(
            prompt=prompt,
            locale=locale,
            wording=wording,
            vocabulary=catalogue.vocabulary(locale),
            business=business,
        )
        for rule in RULES:
            for fault in rule.check(asked):
                yield Finding(
                    rule=rule,
                    severity=rule.severity_in(country),
                    where=_path(prompt.key, locale, fault.field),
                    message=fault.message,
                )


def _path(key: str, locale: str, field: str) -> str:
    match field:
        case "business":
            return field
        case "purposes":
            return f"prompts.{key}.{field}"
        case _:
            return f"prompts.{key}.texts.{locale}.{field}"
