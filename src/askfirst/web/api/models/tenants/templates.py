"""Meta's templates, as they go out."""

from __future__ import annotations

from askfirst.domain.tenants.sender import TemplateState
from askfirst.domain.values.purpose import Category
from askfirst.web.api.models.base import Time, Told


class TemplateAnswer(Told):
    """A template in one language, as Meta last described it."""

    waba_id: str
    name: str
    language: str
    category: Category
    state: TemplateState
    seen_at: Time


class TemplatePage(Told):
    """A part of the registry."""

    data: list[TemplateAnswer]
    next_cursor: str | None
