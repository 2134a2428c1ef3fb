"""List brakes, pause by hand, and lift what is on, with a reason."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Protocol

from askfirst.domain.brakes.brake import (
    Brake,
    BrakeChange,
    Hold,
    check_operator,
    check_reason,
)
from askfirst.domain.brakes.course import hand_signal
from askfirst.domain.brakes.subject import BrakeScope, check_subject
from askfirst.domain.values.errors import InvalidInput, UnknownReference
from askfirst.domain.values.finding import Finding, Severity
from askfirst.domain.values.ids import BrakeId, BusinessId, Prefix, parse_id
from askfirst.domain.values.timestamp import Instant
from askfirst.ports.brakes.brakes import HasBrakes
from askfirst.ports.platform.clock import HasClock
from askfirst.ports.tenants.directory import UNROUTED, HasDirectory

PAUSABLE: Final = frozenset({Hold.MARKETING, Hold.EVERYTHING})
_CHECK: Final = "brakes"


class ManageBrakesNeeds(HasBrakes, HasClock, Protocol):
    """What these use cases need from the world."""


class FindBrakesNeeds(HasBrakes, HasDirectory, Protocol):
    """What the check-up needs from the world."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Pause:
    """A pause by hand. `until` None: until somebody lifts it."""

    business_id: BusinessId
    scope: BrakeScope
    subject: str
    holds: Hold
    until: Instant | None
    by: str
    reason: str


async def set_brake(services: ManageBrakesNeeds, pause: Pause) -> Brake:
    """Pause marketing, or everything, of one subject. A pause that is on is replaced.

    Sends that were decided before it may still leave for two seconds: a permit's life.

    Raises:
        InvalidInput: naming the field.
    """
    now = services.clock.now()
    if pause.holds not in PAUSABLE:
        raise InvalidInput("holds", "must be marketing or everything")
    if pause.until is not None and pause.until <= now:
        raise InvalidInput("until", "must be a time to come")
    subject = check_subject(pause.scope, pause.subject)
    by, reason = check_operator(pause.by), check_reason(pause.reason)
    signal = hand_signal(subject, pause.holds, pause.until, by, reason)
    changes = await services.brakes.signal(pause.business_id, (signal,), now)
    return changes[-1].brake


async def lift_brake(
    services: ManageBrakesNeeds, business_id: BusinessId, brake_id: str, by: str, reason: str
) -> Brake:
    """Lift a brake. What Meta restricts stays restricted there: the next answer sets it again.

    Raises:
        InvalidInput: naming the field.
        UnknownReference: no brake of this id is on.
    """
    name = BrakeId(parse_id(Prefix.BRAKE, brake_id, "id"))
    by, reason = check_operator(by), check_reason(reason)
    now = services.clock.now()
    lifted = await services.brakes.lift(business_id, name, by, reason, now)
    if lifted is None:
        raise UnknownReference("id", "no brake of this id is on; askfirst brakes list shows them")
    return lifted


async def list_brakes(
    services: HasBrakes, business_id: BusinessId, before: str, limit: int, *, with_lifted: bool
) -> tuple[Brake, ...]:
    """Return a page, the newest first."""
    return await services.brakes.list(business_id, before, limit, with_lifted=with_lifted)


async def show_brake(
    services: HasBrakes, business_id: BusinessId, brake_id: str
) -> tuple[BrakeChange, ...]:
    """Return what happened to a brake, the oldest first.

    Raises:
        UnknownReference: there is none of this id.
    """
    name = BrakeId(parse_id(Prefix.BRAKE, brake_id, "id"))
    changes = await services.brakes.changes(business_id, name)
    if not changes:
        raise UnknownReference("id", "is not a brake of this business")
    return changes


async def find_brakes(services: FindBrakesNeeds) -> tuple[Finding, ...]:
    """Return one finding for each business with brakes on, or one that none is."""
    found = []
    for business_id in await services.directory.businesses():
        if business_id == UNROUTED:
            continue
        on = await services.brakes.list(business_id, "", 1000, with_lifted=False)
        if on:
            found.append(
                Finding(
                    check=_CHECK,
                    severity=Severity.WARNING,
                    summary=f"Of {business_id}, brakes are on: {len(on)}.",
                    remedy=f"Run askfirst brakes list --business {business_id}",
                )
            )
    if found:
        return tuple(found)
    return (Finding(check=_CHECK, severity=Severity.OK, summary="No brake is on."),)
