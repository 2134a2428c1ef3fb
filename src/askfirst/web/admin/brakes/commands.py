"""Commands about brakes."""

from __future__ import annotations

from askfirst.domain.brakes.brake import Brake, Hold
from askfirst.domain.brakes.subject import BrakeScope
from askfirst.domain.values.timestamp import parse_rfc3339, to_rfc3339
from askfirst.usecases.brakes.manage_brakes import Pause, lift_brake, list_brakes, set_brake
from askfirst.usecases.context.services import Services
from askfirst.web.admin.admin_command import AdminCommand, Answer, business_of


class ListBrakes(AdminCommand, frozen=True, kw_only=True, tag=True):
    """Give a page of them, the newest first; `before` is the id of the last one seen."""

    with_lifted: bool = False
    before: str = ""
    limit: int = 100

    async def run(self, services: Services) -> Answer:
        business_id = await business_of(services, self.business)
        found = await list_brakes(
            services, business_id, self.before, self.limit, with_lifted=self.with_lifted
        )
        return {"brakes": [_row(brake) for brake in found]}


class SetBrake(AdminCommand, frozen=True, kw_only=True, tag=True):
    """Pause by hand; `until` empty: until somebody lifts it."""

    scope: BrakeScope
    name: str
    holds: Hold
    until: str
    by: str
    reason: str

    async def run(self, services: Services) -> Answer:
        pause = Pause(
            business_id=await business_of(services, self.business),
            scope=self.scope,
            subject=self.name,
            holds=self.holds,
            until=parse_rfc3339(self.until, "until") if self.until else None,
            by=self.by,
            reason=self.reason,
        )
        return {"brake": _row(await set_brake(services, pause))}


class LiftBrake(AdminCommand, frozen=True, kw_only=True, tag=True):
    """Lift one."""

    id: str
    by: str
    reason: str

    async def run(self, services: Services) -> Answer:
        business_id = await business_of(services, self.business)
        lifted = await lift_brake(services, business_id, self.id, self.by, self.reason)
        return {"brake": _row(lifted)}


def _row(brake: Brake) -> Answer:
    lifts_at, lifted_at = brake.lifts_at, brake.lifted_at
    return {
        "id": brake.brake_id,
        "scope": brake.subject.scope.value,
        "name": brake.subject.name,
        "holds": brake.holds.value,
        "colour": brake.colour.value,
        "cause": brake.cause.value,
        "detail": brake.detail,
        "since": to_rfc3339(brake.since),
        "lifts_at": to_rfc3339(lifts_at) if lifts_at is not None else None,
        "set_by": brake.set_by,
        "reason": brake.reason,
        "lifted_at": to_rfc3339(lifted_at) if lifted_at is not None else None,
    }
