"""The list of an account's templates, a page at a time: where categories are learnt."""

from __future__ import annotations

from dataclasses import dataclass

import msgspec

from askfirst.domain.tenants.sender import TemplateState
from askfirst.domain.values.errors import InvalidInput
from askfirst.domain.values.purpose import Category
from askfirst.graph.platform.paging import Paging, next_cursor
from askfirst.graph.tenants.template_state import (
    template_category,
    template_language,
    template_state,
)


@dataclass(frozen=True, slots=True)
class TemplateEntry:
    """One template in one language, as Meta lists it."""

    name: str
    language: str
    category: Category
    state: TemplateState


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
    status: str | None = None


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
    )
