"""Find the businesses whose name cannot stand in the confirmation of a stop."""

from __future__ import annotations

from typing import Protocol

from askfirst.domain.prompts.confirmation_rules import sender_name_faults
from askfirst.domain.values.finding import Finding, Severity
from askfirst.domain.values.ids import BusinessId
from askfirst.ports.prompts.catalogue import HasCatalogue
from askfirst.ports.tenants.directory import UNROUTED, HasDirectory
from askfirst.ports.tenants.site import ConfirmsStops
from askfirst.usecases.prompts.business_name import name_of

_CHECK = "stop_confirmation"


class FindUnconfirmableNeeds(HasCatalogue, HasDirectory, ConfirmsStops, Protocol):
    """What this use case needs from the world."""


async def find_unconfirmable(services: FindUnconfirmableNeeds) -> tuple[Finding, ...]:
    """Return one finding for each business whose stops go unconfirmed, or one that all is well."""
    if not services.confirms_stops:
        said = "Stops that are said in the chat are honoured without a confirmation."
        return (Finding(check=_CHECK, severity=Severity.OK, summary=said),)
    found = [
        Finding(
            check=_CHECK,
            severity=Severity.WARNING,
            summary=f"Stops of {business_id} go unconfirmed: its name {fault}.",
            remedy=(
                "Set the name that people know, alone: "
                f'askfirst business set --business {business_id} --name "…"'
            ),
        )
        for business_id in await services.directory.businesses()
        if business_id != UNROUTED and (fault := await _fault(services, business_id))
    ]
    if found:
        return tuple(found)
    said = "Stops that are said in the chat are confirmed, once each."
    return (Finding(check=_CHECK, severity=Severity.OK, summary=said),)


async def _fault(services: FindUnconfirmableNeeds, business_id: BusinessId) -> str | None:
    name = await name_of(services, business_id)
    catalogue = services.catalogue
    return next(sender_name_faults(name, catalogue.opt_out, catalogue.patterns), None)
