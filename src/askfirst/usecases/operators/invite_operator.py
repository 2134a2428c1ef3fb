"""Invite somebody to the console, by a link that works once; let them choose a password by it.

An invitation to somebody who is there already takes the place of a lost password.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from typing import Protocol

from askfirst.domain.operators.audit_entry import AuditAct
from askfirst.domain.operators.operator import (
    INVITATION_LIFE,
    Operator,
    OperatorRole,
    check_name,
    check_password,
)
from askfirst.domain.operators.sign_in_waits import SignInSubject
from askfirst.domain.value import replace
from askfirst.domain.values.errors import Conflict, UnknownReference
from askfirst.domain.values.ids import BusinessId
from askfirst.domain.values.timestamp import Instant
from askfirst.ports.operators.credentials import HasPasswords
from askfirst.ports.operators.operators import HasOperators
from askfirst.ports.tenants.site import HasSite
from askfirst.usecases.operators.write_down import Actor, WriteDownNeeds, write_down


class InviteOperatorNeeds(HasOperators, HasPasswords, HasSite, WriteDownNeeds, Protocol):
    """What this use case needs from the world."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Invitation:
    """An invitation, with its link: it is shown this once."""

    operator: Operator
    link: str = field(repr=False)
    expires_at: Instant


async def invite_operator(
    services: InviteOperatorNeeds, actor: Actor, email: str, role: OperatorRole
) -> Invitation:
    """Invite an e-mail address in a role; an older invitation of it counts no longer.

    Somebody who is there already keeps their password until they choose another by the link; their
    role is the new one at once.
    """
    business_id, now = actor.business_id, services.clock.now()
    operator = await services.operators.of_email(business_id, email)
    if operator is None:
        operator = Operator(
            operator_id=services.ids.operator(),
            business_id=business_id,
            email=email,
            name="",
            role=role,
            created_at=now,
        )
        await write_down(services, actor, AuditAct.INVITED, about=_about(operator))
        if not await services.operators.add(operator):
            raise Conflict("somebody invited this address at the same moment; look at the team")
    else:
        operator = replace(operator, role=role, ended_at=None)
        await write_down(services, actor, AuditAct.INVITED, about=_about(operator))
        await services.operators.change(operator)
    secret, until = services.ids.secret(), Instant(now + INVITATION_LIFE)
    await services.operators.invite(business_id, operator.operator_id, hash_secret(secret), until)
    link = f"{services.site.public_url}/console/{business_id}/join/{secret}"
    return Invitation(operator=operator, link=link, expires_at=until)


async def find_invited(
    services: InviteOperatorNeeds, business_id: BusinessId, secret: str
) -> Operator | None:
    """Return who is invited by a link; None where it counts no longer."""
    now, digest = services.clock.now(), hash_secret(secret)
    found = await services.operators.invited(business_id, digest, now)
    operator = await services.operators.find(business_id, found) if found else None
    return operator if operator and operator.ended_at is None else None


async def join(
    services: InviteOperatorNeeds, business_id: BusinessId, secret: str, name: str, password: str
) -> Operator:
    """Take an invitation up: choose a name and a password.

    Sessions from before end, and so do an authenticator, passkeys and a link to single sign-on:
    they may be what was lost.

    Raises:
        InvalidInput: the name or the password will not do; the invitation still counts.
        UnknownReference: the invitation is over, or was taken up.
    """
    invited = await find_invited(services, business_id, secret)
    if invited is None:
        raise UnknownReference("invitation", "is over, or was used; ask for a new one")
    kept = await services.passwords.hash(check_password(password, invited.email))
    operator = replace(invited, name=check_name(name), password=kept, totp_secret="", subject="")
    actor = Actor(business_id=business_id, operator_id=operator.operator_id)
    await write_down(services, actor, AuditAct.JOINED)
    now, digest = services.clock.now(), hash_secret(secret)
    if not await services.operators.take_up(business_id, digest, operator, now):
        raise UnknownReference("invitation", "is over, or was used; ask for a new one")
    tries = ((SignInSubject.OPERATOR, operator.email),)
    await services.operators.forget_tries(business_id, tries)
    return operator


def hash_secret(secret: str) -> bytes:
    """Hash a secret of ours as it is stored. It has 192 bits: one hash is enough."""
    return hashlib.sha256(secret.encode()).digest()


def _about(operator: Operator) -> str:
    return f"{operator.operator_id}/{operator.role.value}"
