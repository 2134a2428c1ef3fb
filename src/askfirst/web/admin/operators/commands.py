"""Commands about operators: who works in the console, and in which role."""

from __future__ import annotations

from askfirst.domain.operators.operator import Operator, parse_email, parse_role, ways_of
from askfirst.domain.values.ids import OperatorId, Prefix, parse_id
from askfirst.domain.values.timestamp import to_rfc3339
from askfirst.usecases.context.services import Services
from askfirst.usecases.operators.invite_operator import invite_operator
from askfirst.usecases.operators.manage_team import end_access, list_team
from askfirst.usecases.operators.passkeys import list_passkeys
from askfirst.usecases.operators.write_down import Actor
from askfirst.web.admin.admin_command import AdminCommand, Answer, business_of


class InviteOperator(AdminCommand, frozen=True, kw_only=True, tag=True):
    """Invite somebody; the link is given this once."""

    email: str
    role: str

    async def run(self, services: Services) -> Answer:
        actor = Actor(business_id=await business_of(services, self.business), operator_id=None)
        made = await invite_operator(
            services, actor, parse_email(self.email), parse_role(self.role)
        )
        row = _operator_row(made.operator)
        return {**row, "link": made.link, "expires_at": to_rfc3339(made.expires_at)}


class ListOperators(AdminCommand, frozen=True, kw_only=True, tag=True):
    """List who is in the team."""

    async def run(self, services: Services) -> Answer:
        business_id = await business_of(services, self.business)
        passkeys = await list_passkeys(services, business_id)
        rows = [
            _operator_row(one) | _ways(one, len(passkeys.get(one.operator_id, ())))
            for one in await list_team(services, business_id)
        ]
        return {"operators": rows}


class EndOperator(AdminCommand, frozen=True, kw_only=True, tag=True):
    """End somebody's access."""

    operator_id: str

    async def run(self, services: Services) -> Answer:
        actor = Actor(business_id=await business_of(services, self.business), operator_id=None)
        operator_id = OperatorId(parse_id(Prefix.OPERATOR, self.operator_id, "id"))
        return _operator_row(await end_access(services, actor, operator_id))


def _operator_row(operator: Operator) -> Answer:
    return {
        "id": operator.operator_id,
        "email": operator.email,
        "name": operator.name,
        "role": operator.role.value,
        "state": _state(operator),
        "second_factor": bool(operator.totp_secret),
    }


def _ways(operator: Operator, passkeys: int) -> Answer:
    ways = ways_of(operator, passkeys)
    return {"sign_in": [way.value for way in ways], "passkeys": passkeys}


def _state(operator: Operator) -> str:
    if operator.ended_at is not None:
        return "ended"
    return "active" if operator.is_live else "invited"
