"""The list of an account's templates, a page at a time: where categories are learnt."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import msgspec

from askfirst.domain.tenants.sender import TemplateState
from askfirst.domain.tenants.template_content import TemplateContent, TemplateQuality
from askfirst.domain.values.errors import InvalidInput
from askfirst.domain.values.purpose import Category
from askfirst.graph.platform.paging import Paging, next_cursor
from askfirst.graph.tenants.template_content import read_components
from askfirst.graph.tenants.template_state import (
    template_category,
    template_language,
    template_quality,
    template_state,
)


@dataclass(frozen=True, slots=True)
class TemplateEntry:
    """One template in one language, as Meta lists it."""

    name: str
    language: str
    category: Category
    state: TemplateState
    previous_category: Category | None = None
    quality: TemplateQuality = TemplateQuality.UNKNOWN
    content: TemplateContent | None = None


@dataclass(frozen=True, slots=True)
class TemplatePage:
    """One page; `next_cursor` is None on the last."""

    templates: tuple[TemplateEntry, ...]
    next_cursor: str | None


class _Row(msgspec.Struct, gc=False):
    name: str | None = None
    language: str | None = None
    category: str | None = None
    correct_category: str | None = None
    previous_category: str | None = None
    status: str | None = None
    quality_score: Any = None
    components: Any = None


class _TemplatePage(msgspec.Struct, gc=False):
    data: tuple[_Row, ...]
    paging: Paging | None = None


_DECODER = msgspec.json.Decoder(_TemplatePage)


def read_template_page(body: bytes) -> TemplatePage:
    """Read one answer of `GET /{waba}/message_templates`; another shape raises InvalidInput."""
    try:
        page = _DECODER.decode(body)
    except (msgspec.DecodeError, RecursionError) as error:
        raise InvalidInput("body", "must be a page of templates") from error
    return TemplatePage(
        templates=tuple(_entry(row) for row in page.data if row.name and row.language),
        next_cursor=next_cursor(page.paging),
    )


def _entry(row: _Row) -> TemplateEntry:
    return TemplateEntry(
        name=row.name or "",
        language=template_language(row.language),
        category=template_category(row.category, row.correct_category),
        state=template_state(row.status),
        previous_category=template_category(row.previous_category)
        if row.previous_category
        else None,
        quality=template_quality(_score(row.quality_score)),
        content=read_components(row.components),
    )


def _score(told: Any) -> str:
    """Read `{"score": "GREEN", "date": …}`, or the word alone."""
    word = told.get("score") if isinstance(told, dict) else told
    return word if isinstance(word, str) else ""
