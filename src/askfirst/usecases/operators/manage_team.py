"""See who is in the team, change roles, end access and sessions; set up one's authenticator."""

from __future__ import annotations

from typing import Protocol

from askfirst.domain.operators.audit_entry import AuditAct
from askfirst.domain.operators.operator import Operator, OperatorRole
from askfirst.domain.operators.operator_session import IDLE_LIFE, OperatorSession
from askfirst.domain.value import replace
from askfirst.domain.values.errors import Conflict, InvalidInput, UnknownReference
from askfirst.domain.values.ids import BusinessId, OperatorId, SessionId
from askfirst.domain.values.timestamp import Instant
from askfirst.ports.operators.credentials import HasAuthenticators
from askfirst.ports.operators.operators import HasOperators
from askfirst.usecases.operators.sign_in import Seat
from askfirst.usecases.operators.write_down import Actor, WriteDownNeeds, write_down


class ManageTeamNeeds(HasOperators, WriteDownNeeds, Protocol):
    """What these use cases need from the world."""


class SetUpAuthenticatorNeeds(HasAuthenticators, ManageTeamNeeds, Protocol):
    """What setting up an authenticator needs."""


async def list_team(services: HasOperators, business_id: BusinessId) -> tuple[Operator, ...]:
    """Return all operators of a business, those whose access ended included."""
    return await services.operators.list(business_id)


async def change_role(
    services: ManageTeamNeeds, actor: Actor, operator_id: OperatorId, role: OperatorRole
) -> Operator:
    """Give an operator another role; it counts with their next request.

    Raises:
        UnknownReference: the business has no such operator.
        Conflict: nobody would be left who can invite others.
    """
    operator = await _live(services, actor.business_id, operator_id)
    if role is not OperatorRole.ADMIN:
        await _keep_an_admin(services, operator)
    about = f"{operator_id}/{role.value}"
    await write_down(services, actor, AuditAct.ROLE_CHANGED, about=about)
    changed = replace(operator, role=role)
    await services.operators.change(changed)
    return changed


async def end_access(services: ManageTeamNeeds, actor: Actor, operator_id: OperatorId) -> Operator:
    """End an operator's access, their sessions and their invitation with it.

    Raises:
        UnknownReference: the business has no such operator.
        Conflict: nobody would be left who can invite others.
    """
    operator = await _live(services, actor.business_id, operator_id)
    await _keep_an_admin(services, operator)
    await write_down(services, actor, AuditAct.ACCESS_ENDED, about=operator_id)
    ended = replace(
        operator, ended_at=services.clock.now(), password="", totp_secret="", subject=""
    )
    await services.operators.change(ended)
    return ended


async def list_sessions(
    services: ManageTeamNeeds, business_id: BusinessId, operator_id: OperatorId
) -> tuple[OperatorSession, ...]:
    """Return an operator's sessions that still count, the one that was used last first."""
    now = services.clock.now()
    found = await services.operators.sessions(business_id, operator_id, Instant(now - IDLE_LIFE))
    return tuple(one for one in found if one.is_live(now))


async def end_session(services: ManageTeamNeeds, seat: Seat, session_id: SessionId) -> None:
    """End one of one's own sessions.

    Raises:
        UnknownReference: none of theirs has this id.
    """
    operator = seat.operator
    await write_down(services, seat.actor, AuditAct.SESSION_ENDED, about=session_id)
    place = (operator.business_id, operator.operator_id, session_id)
    if not await services.operators.end_session(*place, services.clock.now()):
        raise UnknownReference("session", "is not a session of yours that still counts")


def offer_authenticator(
    services: HasAuthenticators, operator: Operator, issuer: str
) -> tuple[str, str]:
    """Return a new secret, and what an authenticator reads it from; nothing is kept yet."""
    secret = services.authenticators.secret()
    return secret, services.authenticators.address(secret, operator.email, issuer)


def authenticator_address(
    services: HasAuthenticators, operator: Operator, secret: str, issuer: str
) -> str:
    """Return what an authenticator reads a secret from that was offered before."""
    return services.authenticators.address(secret, operator.email, issuer)


async def set_authenticator(
    services: SetUpAuthenticatorNeeds, seat: Seat, secret: str, code: str
) -> None:
    """Ask for codes from now on, once the operator showed that theirs makes them.

    Raises:
        InvalidInput: the code is not of this secret and of now.
    """
    now = services.clock.now()
    step = services.authenticators.step(secret, code, now) if _is_secret(secret) else None
    if step is None:
        raise InvalidInput("code", "must be the 6 digits that your authenticator shows now")
    await write_down(services, seat.actor, AuditAct.SECOND_FACTOR_SET)
    changed = replace(seat.operator, totp_secret=secret)
    await services.operators.use_step(changed, step)
    await services.operators.change(changed)


async def drop_authenticator(services: ManageTeamNeeds, seat: Seat) -> None:
    """Ask for no more codes."""
    await write_down(services, seat.actor, AuditAct.SECOND_FACTOR_REMOVED)
    await services.operators.change(replace(seat.operator, totp_secret=""))


_SECRET_LENGTH = 32
_BASE32 = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567")


def _is_secret(text: str) -> bool:
    return len(text) == _SECRET_LENGTH and set(text) <= _BASE32


async def _live(
    services: HasOperators, business_id: BusinessId, operator_id: OperatorId
) -> Operator:
    operator = await services.operators.find(business_id, operator_id)
    if operator is None or operator.ended_at is not None:
        raise UnknownReference("operator", "is not an operator of this business")
    return operator


async def _keep_an_admin(services: HasOperators, operator: Operator) -> None:
    team = await services.operators.list(operator.business_id)
    others = [one for one in team if one.operator_id != operator.operator_id and one.is_live]
    if operator.role is OperatorRole.ADMIN and not any(
        one.role is OperatorRole.ADMIN for one in others
    ):
        raise Conflict("is the only admin: make somebody else one first")
