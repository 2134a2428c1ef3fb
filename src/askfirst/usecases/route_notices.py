"""Find the business that each notice of a delivery is for."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TypeAlias

from askfirst.domain.ids import BusinessId
from askfirst.domain.notice import Notice
from askfirst.ports.dead_letters import Route
from askfirst.usecases.services import Services

Owned: TypeAlias = dict[BusinessId, list[Notice]]


async def route_notices(
    services: Services, notices: Iterable[Notice]
) -> tuple[Owned, list[Notice]]:
    """Sort notices by the business that registered their sender, or else the sender's WABA.

    What is left is nobody's: neither is registered.
    """
    owners: dict[Route, BusinessId | None] = {}
    owned: Owned = {}
    unowned: list[Notice] = []
    for notice in notices:
        route = route_of(notice)
        if route not in owners:
            owners[route] = await services.directory.owner(route.phone_number_id, route.waba_id)
        owner = owners[route]
        if owner is None:
            unowned.append(notice)
        else:
            owned.setdefault(owner, []).append(notice)
    return owned, unowned


def route_of(notice: Notice) -> Route:
    """Give what a notice names to be found by."""
    return Route(notice.waba_id, notice.phone_number_id)
