"""Find the business that each notice of a delivery, and each file that it names, is for."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from itertools import chain

from askfirst.domain.inbound.dead_letter import Route
from askfirst.domain.inbound.inbound_event import InboundEvent
from askfirst.domain.inbound.named_media import NamedMedia
from askfirst.domain.values.ids import BusinessId
from askfirst.ports.tenants.directory import HasDirectory


@dataclass(slots=True)
class Share:
    """What of a delivery is for one business, in the order in which it was told.

    `routes` are what it names there.
    """

    notices: list[InboundEvent] = field(default_factory=list)
    media: list[NamedMedia] = field(default_factory=list)
    routes: list[Route] = field(default_factory=list)


async def route_notices(
    services: HasDirectory, notices: Iterable[InboundEvent], media: Iterable[NamedMedia] = ()
) -> tuple[Mapping[BusinessId, Share], Share]:
    """Share out by the business that registered the sender, or else the sender's WABA.

    The second share is nobody's: neither is registered.
    """
    shares: dict[Route, Share] = {}
    owned: dict[BusinessId, Share] = {}
    unowned = Share()
    everything: Iterable[InboundEvent | NamedMedia] = chain(notices, media)
    for told in everything:
        route = Route(told.waba_id, told.phone_number_id)
        share = shares.get(route)
        if share is None:
            owner = await services.directory.owner(route.phone_number_id, route.waba_id)
            share = unowned if owner is None else owned.setdefault(owner, Share())
            shares[route] = share
            share.routes.append(route)
        if isinstance(told, NamedMedia):
            share.media.append(told)
        else:
            share.notices.append(told)
    return owned, unowned


def route_of(told: InboundEvent | NamedMedia) -> Route:
    """Return what a notice or file names to be found by."""
    return Route(told.waba_id, told.phone_number_id)
