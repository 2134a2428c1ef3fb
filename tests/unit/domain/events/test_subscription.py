"""Which events a filter lets through."""

from __future__ import annotations

import pytest

from askfirst.domain.consent.event import EventFilter, EventKind
from askfirst.domain.events.endpoint import parse_endpoint
from askfirst.domain.events.subscription import Subscription, SubscriptionState
from askfirst.domain.values.errors import InvalidInput
from askfirst.domain.values.ids import Position, SubscriptionId
from tests.support.builders import BUSINESS
from tests.support.clocks import at


def subscription(wanted: EventFilter) -> Subscription:
    return Subscription(
        subscription_id=SubscriptionId("sub_1"),
        business_id=BUSINESS,
        url=parse_endpoint("https://shop.example"),
        wanted=wanted,
        state=SubscriptionState.LIVE,
        position=Position(0),
        created_at=at(0),
    )


def test_a_purpose_that_is_none_is_refused() -> None:
    with pytest.raises(InvalidInput):
        EventFilter(purposes=frozenset({"marketing,utility"}))


@pytest.mark.parametrize(
    "wanted", [EventFilter(since=at(0)), EventFilter(kinds=frozenset({EventKind.ACCEPTED}))]
)
def test_a_subscription_is_by_kinds_and_purposes_of_events_about_people(
    wanted: EventFilter,
) -> None:
    with pytest.raises(InvalidInput):
        subscription(wanted)
