"""What a template says, as Meta tells it: components in a listing, single texts in a webhook.

Examples are left out: they may hold somebody's name. What has a surprising shape is not read.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, Final

from askfirst.domain.tenants.template_content import TemplateButton, TemplateContent

_TEXT_MAX: Final = 4096
_BUTTONS_MAX: Final = 100
"""Ten in a template, two on each of ten cards: several times what Meta allows."""
_CARDS_MAX: Final = 50

Component = Mapping[str, Any]


def read_components(components: Any) -> TemplateContent | None:
    """Read the `components` of a listing; None where it has none."""
    if not isinstance(components, list):
        return None
    parts = [part for part in components if isinstance(part, dict)]
    by_type = {_type(part): part for part in parts}
    cards = tuple(_cards(parts))[:_CARDS_MAX]
    offer = by_type.get("limited_time_offer", {}).get("limited_time_offer")
    told = [_text(offer)] if isinstance(offer, dict) else []
    return TemplateContent(
        header=_text(by_type.get("header", {})),
        body=_text(by_type.get("body", {})),
        footer=_text(by_type.get("footer", {})),
        more=tuple(filter(None, (*told, *map(_text, cards)))),
        buttons=(*_offers(parts), *_buttons((*parts, *cards)))[:_BUTTONS_MAX],
    )


def told_content(
    header: str | None, body: str | None, footer: str | None, buttons: Sequence[tuple[str, str]]
) -> TemplateContent:
    """Put together what a webhook about changed words tells; a button is its type and label."""
    return TemplateContent(
        header=(header or "")[:_TEXT_MAX],
        body=(body or "")[:_TEXT_MAX],
        footer=(footer or "")[:_TEXT_MAX],
        buttons=tuple(
            TemplateButton(kind.lower()[:_TEXT_MAX], label[:_TEXT_MAX])
            for kind, label in buttons[:_BUTTONS_MAX]
        ),
    )


def _cards(parts: Iterable[Component]) -> Iterator[Component]:
    for part in parts:
        for card in _dicts(part.get("cards")):
            yield from _dicts(card.get("components"))


def _buttons(parts: Iterable[Component]) -> Iterator[TemplateButton]:
    for part in parts:
        for button in _dicts(part.get("buttons")):
            yield TemplateButton(_type(button), _text(button))


def _offers(parts: Iterable[Component]) -> Iterator[TemplateButton]:
    """A limited offer is no button, and says as much as one about what the template is for."""
    for part in parts:
        if _type(part) == "limited_time_offer":
            yield TemplateButton("limited_time_offer", "")


def _dicts(value: Any) -> list[dict[str, Any]]:
    return [one for one in value if isinstance(one, dict)] if isinstance(value, list) else []


def _type(part: Component) -> str:
    return str(part.get("type") or "").lower()


def _text(part: Component) -> str:
    text = part.get("text")
    return text[:_TEXT_MAX] if isinstance(text, str) else ""
