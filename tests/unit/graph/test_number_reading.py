"""What Meta answers about a number."""

from __future__ import annotations

import json

import pytest

from askfirst.domain.tenants.sender_health import NumberReading, Quality
from askfirst.domain.values.errors import InvalidInput
from askfirst.graph.tenants.number_reading import read_number

_LIMIT = "whatsapp_business_manager_messaging_limit"


@pytest.mark.parametrize(
    ("word", "quality"),
    [
        ("GREEN", Quality.HIGH),
        ("yellow", Quality.MEDIUM),
        ("RED", Quality.LOW),
        ("UNKNOWN", Quality.UNKNOWN),
        ("NA", Quality.UNKNOWN),
        (None, Quality.UNKNOWN),
    ],
)
def test_quality_is_read_in_each_of_metas_words(word: str | None, quality: Quality) -> None:
    body = json.dumps({"id": "1", "quality_rating": word}).encode()
    assert read_number(body) == NumberReading(quality, None)


@pytest.mark.parametrize(
    ("word", "limit"), [("TIER_250", 250), ("TIER_UNLIMITED", 0), (2000, 2000), ("NOT_SET", None)]
)
def test_the_limit_is_a_number_of_people(word: str | int, limit: int | None) -> None:
    assert read_number(json.dumps({_LIMIT: word}).encode()).messaging_limit == limit


@pytest.mark.parametrize("body", [b"", b"[]", b'{"quality_rating": 5}'])
def test_another_shape_is_refused(body: bytes) -> None:
    with pytest.raises(InvalidInput):
        read_number(body)
