"""A template as plain JSON, in the words of the REST API."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from askfirst.domain.values.timestamp import Instant, to_rfc3339
from askfirst.usecases.tenants.manage_templates import LintedTemplate


def template_row(linted: LintedTemplate) -> dict[str, Any]:
    """Write a template with what is amiss with it."""
    template = linted.template
    previous = template.previous_category
    return {
        "name": template.name,
        "language": template.language,
        "waba_id": template.waba_id,
        "category": template.category.value,
        "previous_category": previous.value if previous else None,
        "category_changed_at": _time(template.category_changed_at),
        "is_accepted": not template.became_marketing,
        "state": template.state.value,
        "state_changed_at": _time(template.state_changed_at),
        "quality": template.quality.value,
        "quality_changed_at": _time(template.quality_changed_at),
        "content": asdict(template.content) if template.content else None,
        "content_changed_at": _time(template.content_changed_at),
        "has_stop": template.reading.has_stop if template.reading else None,
        "findings": [
            {
                "flag": one.flag.value,
                "message": one.flag.says,
                "fix": one.flag.fix,
                "words": one.words,
            }
            for one in linted.findings
        ],
        "seen_at": to_rfc3339(template.seen_at),
    }


def _time(instant: Instant | None) -> str | None:
    return to_rfc3339(instant) if instant is not None else None
