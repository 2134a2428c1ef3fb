import json
from typing import Any

import pytest

from askfirst.domain.tenants.sender import TemplateState
from askfirst.domain.tenants.template_content import (
    TemplateButton,
    TemplateContent,
    TemplateQuality,
)
from askfirst.domain.values.errors import InvalidInput
from askfirst.domain.values.purpose import Category
from askfirst.graph.tenants.templates import TemplateEntry, TemplatePage, read_template_page


def page(*rows: dict[str, Any], **paging: Any) -> TemplatePage:
    return read_template_page(json.dumps({"data": rows, "paging": paging}).encode())


def row(**fields: Any) -> dict[str, Any]:
    given = {"name": "a", "language": "en_US", "category": "UTILITY", "status": "APPROVED"}
    return given | fields


def test_a_page_lists_templates_as_the_gate_sees_them() -> None:
    assert page(row(id="1")).templates == (
        TemplateEntry("a", "en_US", Category.UTILITY, TemplateState.IN_SERVICE),
    )


def test_a_page_tells_what_a_template_was_how_it_is_rated_and_what_it_says() -> None:
    card = {"components": [{"type": "BODY", "text": "A card"}]}
    parts = [
        {"type": "HEADER", "format": "TEXT", "text": "Summer"},
        {"type": "body", "text": "A coffee for {{1}}", "example": {"body_text": [["Ada"]]}},
        {"type": "FOOTER", "text": "Café"},
        {"type": "LIMITED_TIME_OFFER", "limited_time_offer": {"text": "Ends soon"}},
        {"type": "BUTTONS", "buttons": [{"type": "QUICK_REPLY", "text": "Stop"}, 7]},
        {"type": "CAROUSEL", "cards": [card, None]},
    ]
    told = row(previous_category="UTILITY", quality_score={"score": "YELLOW"}, components=parts)
    (entry,) = page(told).templates
    assert (entry.previous_category, entry.quality) == (Category.UTILITY, TemplateQuality.YELLOW)
    assert entry.content == TemplateContent(
        header="Summer",
        body="A coffee for {{1}}",
        footer="Café",
        more=("Ends soon", "A card"),
        buttons=(TemplateButton("limited_time_offer", ""), TemplateButton("quick_reply", "Stop")),
    )
    assert "Ada" not in repr(entry)


@pytest.mark.parametrize("odd", [7, "BODY", {}, [7, None], [{"type": 7, "text": 7, "buttons": 7}]])
def test_odd_components_cost_the_words_and_not_the_template(odd: object) -> None:
    (entry,) = page(row(components=odd, quality_score=odd)).templates
    assert entry.category is Category.UTILITY
    assert entry.quality is TemplateQuality.UNKNOWN
    assert entry.content in (None, TemplateContent())


@pytest.mark.parametrize(
    ("fields", "category"),
    [
        ({"category": "authentication"}, Category.AUTHENTICATION),
        ({"category": "TRANSACTIONAL"}, Category.MARKETING),
        ({"category": None}, Category.MARKETING),
        ({"correct_category": "MARKETING"}, Category.MARKETING),
    ],
)
def test_what_is_not_surely_something_else_is_marketing(
    fields: dict[str, Any], category: Category
) -> None:
    assert page(row(**fields)).templates[0].category is category


def test_what_is_not_known_to_be_in_service_is_not() -> None:
    states = [page(row(status=word)).templates[0].state for word in ("PAUSED", "PENDING", "NEW")]
    assert states == [TemplateState.PAUSED, TemplateState.PENDING, TemplateState.OUT_OF_SERVICE]


def test_the_last_page_has_a_cursor_but_no_next_page() -> None:
    assert page(cursors={"before": "x", "after": "y"}, next="https://…").next_cursor == "y"
    assert page(cursors={"before": "x", "after": "y"}).next_cursor is None
    assert read_template_page(b'{"data":[]}') == TemplatePage((), None)


@pytest.mark.parametrize("body", [b"", b"[]", b'{"error":{"code":190}}', b'{"data":{}}'])
def test_what_is_no_page_is_refused(body: bytes) -> None:
    with pytest.raises(InvalidInput):
        read_template_page(body)
