"""Meta's words for a template's state and category, in ours.

What is not known to be in service is out of service; what is not known to be something else
is marketing.
"""

from __future__ import annotations

from askfirst.domain.tenants.sender import TemplateState
from askfirst.domain.tenants.template_content import TemplateQuality
from askfirst.domain.values.purpose import Category

_STATES = {
    "APPROVED": TemplateState.IN_SERVICE,
    "REINSTATED": TemplateState.IN_SERVICE,
    "FLAGGED": TemplateState.IN_SERVICE,  # a warning about quality; it is still sent
    "PENDING": TemplateState.PENDING,
    "IN_APPEAL": TemplateState.PENDING,
    "UNARCHIVED": TemplateState.PENDING,  # its state of before comes with the next listing
    "PAUSED": TemplateState.PAUSED,
}
_CATEGORIES = {
    "AUTHENTICATION": Category.AUTHENTICATION,
    "UTILITY": Category.UTILITY,
    "MARKETING": Category.MARKETING,
}


def template_state(word: str | None) -> TemplateState:
    """Read `status` of a listing or `event` of a webhook."""
    return _STATES.get((word or "").upper(), TemplateState.OUT_OF_SERVICE)


def template_category(word: str | None, correct: str | None = None) -> Category:
    """Read a category; where Meta announces a correction, marketing wins at once."""
    now = _CATEGORIES.get((word or "").upper(), Category.MARKETING)
    if correct and template_category(correct) is Category.MARKETING:
        return Category.MARKETING
    return now


def template_language(code: str | None) -> str:
    """Write a language as listings do: `en_US`; webhooks also write `en-US`."""
    return (code or "").replace("-", "_")


def template_quality(word: str | None) -> TemplateQuality:
    """Read a quality score; what is none of Meta's colours is not rated."""
    try:
        return TemplateQuality((word or "").lower())
    except ValueError:
        return TemplateQuality.UNKNOWN
