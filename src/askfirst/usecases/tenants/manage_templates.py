"""Read the registry of templates, say what is amiss, and accept what Meta did to one."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final, Protocol

from askfirst.domain.tenants.sender import Template, is_template_name
from askfirst.domain.tenants.template_lint import TemplateFinding, advertising_words, lint_template
from askfirst.domain.values.ids import BusinessId
from askfirst.ports.platform.telemetry import HasTelemetry
from askfirst.ports.prompts.catalogue import HasCatalogue
from askfirst.ports.tenants.directory import HasDirectory

_PAGE: Final = 500


class ManageTemplatesNeeds(HasCatalogue, HasDirectory, Protocol):
    """What this use case needs from the world."""


class CountFlagsNeeds(ManageTemplatesNeeds, HasTelemetry, Protocol):
    """What counting needs beside."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LintedTemplate:
    """A template, and what is amiss with it."""

    template: Template
    findings: tuple[TemplateFinding, ...]


async def list_templates(
    services: ManageTemplatesNeeds, business_id: BusinessId, after: str, limit: int
) -> tuple[LintedTemplate, ...]:
    """Return a page of the registry, ordered by `name/language/waba_id`."""
    found = await services.directory.templates(business_id, after, limit)
    return tuple(_linted(services, template) for template in found)


async def show_template(
    services: ManageTemplatesNeeds, business_id: BusinessId, name: str
) -> tuple[LintedTemplate, ...]:
    """Return a template in all its languages; none where the registry has none of the name."""
    if not is_template_name(name):
        return ()
    found = await services.directory.templates_of_name(business_id, name)
    return tuple(_linted(services, template) for template in found)


async def lint_templates(
    services: ManageTemplatesNeeds, business_id: BusinessId
) -> tuple[LintedTemplate, ...]:
    """Return all templates with which something is amiss."""
    amiss: list[LintedTemplate] = []
    after = ""
    while True:
        page = await list_templates(services, business_id, after, _PAGE)
        amiss += (one for one in page if one.findings)
        if len(page) < _PAGE:
            return tuple(amiss)
        last = page[-1].template
        after = f"{last.name}/{last.language}/{last.waba_id}"


async def count_flags(services: CountFlagsNeeds, business_id: BusinessId) -> None:
    """Tell telemetry how many templates have each flag."""
    amiss = await lint_templates(services, business_id)
    flags = Counter(finding.flag for one in amiss for finding in one.findings)
    services.telemetry.template_flags(business_id, flags)


async def accept_template(
    services: HasDirectory, business_id: BusinessId, name: str, language: str
) -> bool:
    """Accept that Meta made a template marketing, in one language or (empty) in all.

    False where no template of the name is marketing.
    """
    if not (is_template_name(name) and is_template_name(language)):
        return False
    return await services.directory.accept_template(business_id, name, language)


def _linted(services: HasCatalogue, template: Template) -> LintedTemplate:
    findings = lint_template(template, services.catalogue.patterns)
    return LintedTemplate(template=template, findings=findings)


def reads_like_ad(services: HasCatalogue, texts: Iterable[str]) -> bool:
    """Return whether texts advertise, in whatever language they are."""
    patterns = services.catalogue.patterns
    return any(advertising_words(text, "", patterns) for text in texts)
