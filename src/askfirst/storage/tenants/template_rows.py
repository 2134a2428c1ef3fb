"""Rows of the registry of templates, and values, for both backends."""

from __future__ import annotations

from typing import Any, Final, NamedTuple

import msgspec

from askfirst.domain.tenants.sender import Reading, Template, TemplateState
from askfirst.domain.tenants.template_content import TemplateContent, TemplateQuality
from askfirst.domain.values.ids import BusinessId, SubscriptionId, WabaId
from askfirst.domain.values.purpose import Category
from askfirst.domain.values.timestamp import MINUTE, Instant
from askfirst.ports.consent.change import TemplateObserved
from askfirst.ports.events.template_notices import TemplateNotice, template_notice_task
from askfirst.storage.tasks.tasks import enqueue_row

_encode: Final = msgspec.json.Encoder().encode
_decode: Final = msgspec.json.Decoder(TemplateContent).decode
_CLOCKS_APART: Final = MINUTE
_LISTS_APART: Final = 60 * MINUTE


class TemplateRow(NamedTuple):
    """The columns of statement `templates`."""

    business_id: str
    waba_id: str
    name: str
    language: str
    category: str
    state: str
    seen_at: int
    previous_category: str | None
    category_changed_at: int | None
    accepted_change: int | None
    state_changed_at: int | None
    quality: str
    quality_changed_at: int | None
    content: str | None
    content_changed_at: int | None
    has_stop: int | None
    is_advertising: int | None


def row_template(columns: tuple[Any, ...]) -> Template:
    """Read a row of statement `templates`."""
    row = TemplateRow._make(columns)
    return Template(
        business_id=BusinessId(row.business_id),
        waba_id=WabaId(row.waba_id),
        name=row.name,
        language=row.language,
        category=Category(row.category),
        state=TemplateState(row.state),
        seen_at=Instant(row.seen_at),
        previous_category=category_of(row.previous_category),
        category_changed_at=instant_of(row.category_changed_at),
        accepted_change=instant_of(row.accepted_change),
        state_changed_at=instant_of(row.state_changed_at),
        quality=TemplateQuality(row.quality),
        quality_changed_at=instant_of(row.quality_changed_at),
        content=_decode(row.content) if row.content is not None else None,
        content_changed_at=instant_of(row.content_changed_at),
        reading=reading_of(row.has_stop, row.is_advertising),
    )


def template_row(template: Template) -> tuple[Any, ...]:
    """Parameters of statement `put_template`."""
    previous = template.previous_category
    return (
        template.business_id,
        template.waba_id,
        template.name,
        template.language,
        template.category.value,
        template.state.value,
        template.seen_at,
        previous.value if previous else None,
        template.quality.value,
        _content_text(template.content),
        *_reading_columns(template.reading),
    )


def change_row(template: Template) -> tuple[Any, ...]:
    """Parameters of statement `note_template_change`, for what a list says."""
    place = (template.business_id, template.waba_id, template.name, template.language)
    seen_at = template.seen_at
    return (*place, template.category.value, seen_at, seen_at + _LISTS_APART)


def sighting_steps(
    business_id: BusinessId, seen: TemplateObserved, now: Instant
) -> list[tuple[str, tuple[Any, ...]]]:
    """Return the statements for what a webhook says, with their parameters."""
    place = (business_id, seen.waba_id, seen.name)
    category = seen.category.value if seen.category else None
    news = (category, seen.state.value if seen.state else None, seen.at, now + _CLOCKS_APART)
    quality = seen.quality.value if seen.quality else None
    steps: list[tuple[str, tuple[Any, ...]]] = []
    if category is not None:
        change = (*place, seen.language, category, seen.at, now + _CLOCKS_APART)
        steps.append(("note_template_change", change))
    if seen.language:
        words = (_content_text(seen.content), *_reading_columns(seen.reading))
        steps.append(("sight_template", (*place, seen.language, *news, quality, *words)))
    else:
        steps.append(("sight_template_all", (*place, *news, quality)))
    return steps


def notice_task_row(business_id: BusinessId, subscription: str, now: Instant) -> tuple[Any, ...]:
    """Parameters of `enqueue_task` for a subscription that has changes to take."""
    return enqueue_row(template_notice_task(business_id, SubscriptionId(subscription)), now)


def row_notice(business_id: BusinessId, row: tuple[Any, ...]) -> TemplateNotice:
    """Read a row of statement `template_notices`."""
    changed_at, waba_id, name, language, previous, category = row
    return TemplateNotice(
        business_id=business_id,
        changed_at=Instant(changed_at),
        waba_id=WabaId(waba_id),
        name=name,
        language=language,
        previous_category=Category(previous),
        category=Category(category),
    )


def reading_of(has_stop: int | None, is_advertising: int | None) -> Reading | None:
    """Read the two columns of what was read out of a template."""
    if has_stop is None or is_advertising is None:
        return None
    return Reading(has_stop=bool(has_stop), is_advertising=bool(is_advertising))


def category_of(text: str | None) -> Category | None:
    """Read a category that may be unknown."""
    return Category(text) if text is not None else None


def instant_of(value: int | None) -> Instant | None:
    """Read a moment that may not have been."""
    return Instant(value) if value is not None else None


def _reading_columns(reading: Reading | None) -> tuple[int | None, int | None]:
    return (int(reading.has_stop), int(reading.is_advertising)) if reading else (None, None)


def _content_text(content: TemplateContent | None) -> str | None:
    return _encode(content).decode() if content is not None else None
