"""Examines questions before people are asked them, and says what to mend, and why."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from askfirst.domain.opt_out.classifier import OptOutClassifier
from askfirst.domain.prompts.catalogue import Catalogue, Placeholder, Prompt, Vocabulary, Wording
from askfirst.domain.prompts.interpolation import Filling
from askfirst.domain.prompts.prompt import PromptKind, Surface
from askfirst.domain.prompts.prompt_rule import Asked, Fault, LintSeverity, Rule
from askfirst.domain.prompts.prompt_rules import rules_for
from askfirst.domain.prompts.wording_patterns import WordingPatterns
from askfirst.domain.value import replace

_FILLED_KEPT: Final = 1024


@dataclass(frozen=True, slots=True, kw_only=True)
class LintFinding:
    """One breach of a rule. `where` is the path of the key, as in a file of prompts."""

    rule: Rule
    severity: LintSeverity
    where: str
    message: str


@dataclass(frozen=True, slots=True, kw_only=True)
class FilledQuestion:
    """One wording, what a business fills in, and whose law holds: all that lint looks at."""

    key: str
    surface: Surface
    locale: str
    wording: Wording
    vocabulary: Vocabulary | None
    purposes: tuple[str, ...]
    kinds: str
    order: str
    business: str
    country: str
    opt_out: OptOutClassifier
    patterns: WordingPatterns
    kind: PromptKind

    def asked(self) -> Asked:
        """Return the words to the rules, alone: other languages are no part of what is shown."""
        order = f"{{{Placeholder.ORDER}}}"
        text = self.wording.text.replace(order, self.order or order)
        wording = replace(self.wording, text=text, kinds=self.kinds or self.wording.kinds)
        prompt = Prompt(
            key=self.key,
            kind=self.kind,
            surface=self.surface,
            purposes=self.purposes,
            wordings={self.locale: wording},
        )
        return Asked(
            prompt=prompt,
            locale=self.locale,
            wording=wording,
            vocabulary=self.vocabulary,
            business=self.business,
            opt_out=self.opt_out,
            patterns=self.patterns,
        )


def filled_question(
    prompt: Prompt, locale: str, catalogue: Catalogue, filling: Filling, country: str
) -> FilledQuestion:
    """Gather what lint has to look at before a question is shown."""
    return FilledQuestion(
        key=prompt.key,
        surface=prompt.surface,
        locale=locale,
        wording=prompt.wordings[locale],
        vocabulary=catalogue.vocabulary(locale),
        purposes=filling.purposes or prompt.purposes,
        kinds=filling.kinds,
        order=filling.order,
        business=filling.business,
        country=country,
        opt_out=catalogue.opt_out,
        patterns=catalogue.patterns,
        kind=prompt.kind,
    )


@lru_cache(maxsize=_FILLED_KEPT)
def lint_filled(question: FilledQuestion) -> tuple[LintFinding, ...]:
    """Examine a question as it will be shown; `where` is a field of the wording or `purpose`.

    About a millisecond; the same question again costs a look-up.
    """
    asked = question.asked()
    return tuple(
        _finding(asked, rule, fault, question.country, fault.field.replace("purposes", "purpose"))
        for rule in rules_for(question.kind)
        for fault in rule.check(asked)
    )


def lint_catalogue(
    catalogue: Catalogue, *, country: str = "", business: str = ""
) -> tuple[LintFinding, ...]:
    """Examine every question in every language; errors come first."""
    found = [
        finding
        for prompt in catalogue.prompts.values()
        for finding in lint_prompt(prompt, catalogue, country=country, business=business)
    ]
    return tuple(sorted(found, key=lambda finding: finding.severity is not LintSeverity.ERROR))


def lint_prompt(
    prompt: Prompt, catalogue: Catalogue, *, country: str = "", business: str = ""
) -> Iterator[LintFinding]:
    """Examine one question; `country` is one of COUNTRIES, or empty for no profile."""
    for locale, wording in prompt.wordings.items():
        asked = Asked(
            prompt=prompt,
            locale=locale,
            wording=wording,
            vocabulary=catalogue.vocabulary(locale),
            business=business,
            opt_out=catalogue.opt_out,
            patterns=catalogue.patterns,
        )
        for rule in rules_for(prompt.kind):
            for fault in rule.check(asked):
                where = _path(prompt.key, locale, fault.field)
                yield _finding(asked, rule, fault, country, where)


def _finding(asked: Asked, rule: Rule, fault: Fault, country: str, where: str) -> LintFinding:
    severity = rule.severity_in(country, asked.prompt.kind)
    return LintFinding(rule=rule, severity=severity, where=where, message=fault.message)


def _path(key: str, locale: str, field: str) -> str:
    match field:
        case "business":
            return field
        case "purposes":
            return f"prompts.{key}.{field}"
        case _:
            return f"prompts.{key}.texts.{locale}.{field}"
