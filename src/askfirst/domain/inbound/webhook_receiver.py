"""A receiver: a server of the business's that Meta's webhooks are forwarded to."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from askfirst.domain.consent.event import Event
from askfirst.domain.events.endpoint import EndpointUrl
from askfirst.domain.inbound.delivery import Place
from askfirst.domain.values.errors import InvalidInput
from askfirst.domain.values.ids import BusinessId, KeyId, ReceiverId, WabaId
from askfirst.domain.values.timestamp import DAY, Instant

RECEIVERS_MAX: Final = 8
"""Of one business: each is another request for each webhook."""
FAILING_FOR: Final = 7 * DAY
"""How long a receiver may take nothing before it is parked: Meta, too, tries for seven days."""
FIELDS_MAX: Final = 32
EVENTS_TOLD_MAX: Final = 16
"""Of one delivery, in a header: it may make a thousand events, and a server takes 8 KB or so."""

_FIELD: Final = re.compile(r"[a-z_]{1,64}", re.ASCII)
_NODE: Final = re.compile(r"[0-9]{1,32}", re.ASCII)


class ReceiverState(StrEnum):
    """Whether webhooks are forwarded. `parked`: given up after days of failures."""

    LIVE = "live"
    PAUSED = "paused"
    PARKED = "parked"


@dataclass(frozen=True, slots=True, kw_only=True)
class WebhookReceiver:
    """Where webhooks go, which, and how far that has come.

    `fields` and `waba_id` choose what is forwarded; no field, no account: everything. `key_id` is
    the API key whose client set it in Meta's way, for one account; it has one for each. Deliveries
    are numbered; all wanted ones up to `position` were taken or set aside. `set_aside` counts those
    that the server refused again and again while it took the next; `newest` is the number of the
    newest delivery there is.
    """

    receiver_id: ReceiverId
    business_id: BusinessId
    url: EndpointUrl
    fields: frozenset[str] = frozenset()
    waba_id: WabaId | None = None
    key_id: KeyId | None = None
    state: ReceiverState = ReceiverState.LIVE
    position: int = 0
    created_at: Instant
    failing_since: Instant | None = None
    reason: str = ""
    set_aside: int = 0
    newest: int = 0

    def __post_init__(self) -> None:
        if len(self.fields) > FIELDS_MAX or not all(map(_FIELD.fullmatch, self.fields)):
            message = f"must be at most {FIELDS_MAX} names of Meta's fields, such as messages"
            raise InvalidInput("fields", message)
        if self.waba_id is not None and not _NODE.fullmatch(self.waba_id):
            raise InvalidInput("waba_id", "must be 1 to 32 digits")

    @property
    def waiting(self) -> int:
        """How many deliveries were not looked at yet, wanted or not."""
        return max(0, self.newest - self.position)

    def wants(self, places: Iterable[Place]) -> bool:
        """Return whether a delivery is forwarded: whole, where any place in it is wanted."""
        return any(
            (not self.fields or place.field in self.fields)
            and (self.waba_id is None or place.waba_id == self.waba_id)
            for place in places
        )


def event_words(events: Sequence[Event]) -> str:
    """Tell what askfirst understood, as a list of RFC 9651 (structured fields); no name is in it.

    `withdrawn;id="evt_…";contact="con_…"`; the first 16 events of a delivery.
    """
    return ", ".join(
        f'{event.kind.value};id="{event.event_id}";contact="{event.contact_id}"'
        for event in events[:EVENTS_TOLD_MAX]
    )
