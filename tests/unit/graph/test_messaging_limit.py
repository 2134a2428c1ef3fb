"""Meta's words for how many people a business may write to, and the webhooks that bring them."""

from __future__ import annotations

import json

import pytest

from askfirst.domain.inbound.inbound_event import MessagingLimitChanged, Unrecognised
from askfirst.graph.inbound.webhook import read_webhook
from askfirst.graph.tenants.messaging_limit import UNLIMITED, read_messaging_limit

WORDS = {
    "TIER_50": 50,
    "TIER_250": 250,
    "TIER_2K": 2_000,
    "TIER_10K": 10_000,
    "TIER_100K": 100_000,
    "TIER_UNLIMITED": UNLIMITED,
    "UNLIMITED": UNLIMITED,
    -1: UNLIMITED,
    2000: 2_000,
}
UNKNOWN = ("TIER_NOT_SET", "NOT_SET", "", None, "TIER_", "TIER_٢K", 0, -2, "many", 10**12)


@pytest.mark.parametrize(("word", "limit"), WORDS.items())
def test_a_tier_is_a_number_of_people(word: str | int, limit: int) -> None:
    assert read_messaging_limit(word) == limit


@pytest.mark.parametrize("word", UNKNOWN)
def test_what_says_no_number_is_none(word: str | int | None) -> None:
    assert read_messaging_limit(word) is None


def told(field: str, **value: object) -> object:
    change = {"field": field, "value": value}
    entry = {"id": "102290129340398", "time": 1739321024, "changes": [change]}
    body = {"object": "whatsapp_business_account", "entry": [entry]}
    (notice,) = read_webhook(json.dumps(body).encode())
    return notice


@pytest.mark.parametrize("field", ["business_capability_update", "phone_number_quality_update"])
def test_meta_tells_a_limit_by_webhook(field: str) -> None:
    notice = told(field, event="ONBOARDING", max_daily_conversations_per_business="TIER_2K")
    assert isinstance(notice, MessagingLimitChanged)
    assert (notice.limit, notice.waba_id) == (2_000, "102290129340398")


def test_a_limit_in_another_webhook_is_none() -> None:
    notice = told("account_update", max_daily_conversations_per_business="TIER_2K")
    assert isinstance(notice, Unrecognised)


def test_a_capability_without_a_limit_changes_nothing() -> None:
    notice = told("business_capability_update", max_phone_numbers_per_business=2)
    assert isinstance(notice, Unrecognised)
