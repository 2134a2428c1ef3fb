"""A subscription: a server of the business's that is told each change of consent."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from askfirst.domain.consent.event import EventFilter, EventKind
from askfirst.domain.events.endpoint import EndpointUrl
from askfirst.domain.values.errors import InvalidInput
from askfirst.domain.values.ids import BusinessId, Position, SubscriptionId
from askfirst.domain.values.timestamp import DAY, Instant

SUBSCRIPTIONS_MAX: Final = 16
"""Of one business: each costs the writing of an event a statement."""
FAILING_FOR: Final = 3 * DAY
"""How long an endpoint may take nothing before the subscription is parked."""
TWO_SECRETS_FOR: Final = DAY
"""How long the secret of before still signs after a rotation."""
TOLD_KINDS: Final = frozenset(EventKind) - {EventKind.ACCEPTED}
"""An operator's word about the ledger is about nobody."""


class SubscriptionState(StrEnum):
    """Whether events are delivered. `parked`: given up after days of failures; `resume` ends it."""

    LIVE = "live"
    PAUSED = "paused"
    PARKED = "parked"


@dataclass(frozen=True, slots=True, kw_only=True)
class Subscription:
    """Where events go, which, and how far that has come.

    `position`: all wanted events up to there were taken. `failing_since` and `reason` tell of an
    endpoint that takes nothing now. Its secrets are kept apart.
    """

    subscription_id: SubscriptionId
    business_id: BusinessId
    url: EndpointUrl
    wanted: EventFilter
    state: SubscriptionState
    position: Position
    created_at: Instant
    failing_since: Instant | None = None
    reason: str = ""

    def __post_init__(self) -> None:
        if self.wanted.surface is not None or self.wanted.since is not None:
            raise InvalidInput("wanted", "of a subscription has kinds and purposes only")
        if not self.wanted.kinds <= TOLD_KINDS:
            raise InvalidInput("kinds", "must be kinds of events about contacts, not accepted")
