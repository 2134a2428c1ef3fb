"""What operators are told about the doors: none is forgotten, and no secret is logged."""

from __future__ import annotations

import pytest

from askfirst.web.public.app import _PLACES
from tests.docs.pages import GUIDE

PAGE = (GUIDE / "operate.md").read_text(encoding="utf-8")
SECRETS = sorted({path.partition("/")[0] for path, _ in _PLACES if "{token}" in path})


@pytest.mark.parametrize(
    "door", ["/v1/", "/webhooks/whatsapp", "/p/", "/elements/", "/static/", "/metrics"]
)
def test_each_door_is_on_the_page(door: str) -> None:
    assert f"| `{door}`" in PAGE


@pytest.mark.parametrize("place", SECRETS)
def test_an_address_that_is_a_key_is_not_to_be_logged(place: str) -> None:
    assert SECRETS == ["confirm", "me", "thanks"]
    assert f"`/p/*/{place}/…`" in PAGE
