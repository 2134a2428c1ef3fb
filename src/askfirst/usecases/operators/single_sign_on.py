"""Sign in by single sign-on: who was invited, and is vouched for by the provider.

Roles come of the team page alone; the provider says who somebody is, never what they may do.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Protocol

from askfirst.domain.operators.audit_entry import AuditAct
from askfirst.domain.operators.operator import Operator, parse_email
from askfirst.domain.operators.passkey import ChallengeUse
from askfirst.domain.operators.sign_in_waits import SignInSubject
from askfirst.domain.operators.single_sign_on import (
    SignOnFault,
    SignOnIdentity,
    SignOnRefused,
    SignOnSecrets,
)
from askfirst.domain.value import replace
from askfirst.domain.values.errors import InvalidInput
from askfirst.domain.values.ids import BusinessId
from askfirst.domain.values.network_address import counted_address
from askfirst.ports.operators.credentials import HasSignOn, SignOnReturn
from askfirst.ports.tenants.site import HasSite
from askfirst.usecases.operators.passkeys import (
    AskBrowserNeeds,
    SignInByPasskeyNeeds,
    ask_browser,
    count_question,
    take_question,
)
from askfirst.usecases.operators.sign_in import Seat, count_try, open_session
from askfirst.usecases.operators.write_down import Actor, write_down

_BY = "sso"


class BeginSignOnNeeds(AskBrowserNeeds, HasSignOn, Protocol):
    """What beginning needs."""


class FinishSignOnNeeds(HasSignOn, SignInByPasskeyNeeds, Protocol):
    """What coming back needs."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SignOnTry:
    """What a browser came back with; `issuer` as RFC 9207 has it, "" where it was not named."""

    business_id: BusinessId
    secret: str = field(repr=False)
    state: str = field(repr=False)
    code: str = field(repr=False)
    issuer: str = ""
    address: str = ""
    browser: str = ""


def has_sign_on(services: HasSignOn) -> bool:
    """Whether there is single sign-on."""
    return services.sign_on.is_on


def has_passwords(services: HasSignOn) -> bool:
    """Whether passwords count."""
    return services.sign_on.has_passwords


async def begin_sign_on(
    services: BeginSignOnNeeds, business_id: BusinessId, secret: str, address: str
) -> str:
    """Return the address at the provider to which a browser goes.

    Raises:
        TooMany: one network address begins all the time.
        Unavailable: there is no single sign-on, or its provider cannot be reached.
    """
    await count_question(services, business_id, address)
    asked = await ask_browser(services, business_id, secret, ChallengeUse.SIGN_ON)
    return await services.sign_on.address(_callback(services, business_id), SignOnSecrets(asked))


async def finish_sign_on(services: FinishSignOnNeeds, given: SignOnTry) -> tuple[Seat, str]:
    """Open a session for whom the provider vouches; returns it with its secret.

    Raises:
        SignOnRefused: nobody comes in, and why.
        TooMany: too many tries led nowhere; nothing was looked at.
        Unavailable: the provider cannot be reached.
    """
    business_id = given.business_id
    tries = ((SignInSubject.ADDRESS, counted_address(given.address)),)
    await count_try(services, business_id, tries)
    found = await _look_at(services, given)
    if isinstance(found, SignOnFault):
        actor = Actor(business_id=business_id, operator_id=None)
        await write_down(services, actor, AuditAct.SIGN_IN_REFUSED, about=f"{_BY}/{found.value}")
        raise SignOnRefused(found)
    return await open_session(services, found, given.address, given.browser, by=_BY)


async def _look_at(services: FinishSignOnNeeds, given: SignOnTry) -> Operator | SignOnFault:
    asked = await take_question(services, given.business_id, given.secret, ChallengeUse.SIGN_ON)
    if asked is None:
        return SignOnFault.OVER
    secrets = SignOnSecrets(asked.challenge)
    if not secrets.is_state(given.state):
        return SignOnFault.WRONG
    if not given.code:
        return SignOnFault.REFUSED
    returned = SignOnReturn(code=given.code, issuer=given.issuer, secrets=secrets)
    callback = _callback(services, given.business_id)
    identity = await services.sign_on.identity(callback, returned)
    if identity is None:
        return SignOnFault.WRONG
    return await _known(services, given.business_id, identity)


async def _known(
    services: FinishSignOnNeeds, business_id: BusinessId, identity: SignOnIdentity
) -> Operator | SignOnFault:
    """Find who is linked, or link who was invited: by the address that the provider vouches for."""
    team = await services.operators.list(business_id)
    linked = [one for one in team if one.subject == identity.subject]
    if linked:
        return linked[0] if linked[0].is_live else SignOnFault.STRANGER
    if not identity.email:
        return SignOnFault.UNVERIFIED
    try:
        operator = await services.operators.of_email(business_id, parse_email(identity.email))
    except InvalidInput:
        return SignOnFault.UNVERIFIED
    if operator is None or operator.ended_at is not None or operator.subject:
        return SignOnFault.STRANGER
    return await _link(services, operator, identity.subject)


async def _link(
    services: FinishSignOnNeeds, operator: Operator, subject: str
) -> Operator | SignOnFault:
    now, business_id = services.clock.now(), operator.business_id
    digest = await services.operators.invitation_of(business_id, operator.operator_id, now)
    if not operator.is_live and digest is None:
        return SignOnFault.STRANGER
    actor = Actor(business_id=business_id, operator_id=operator.operator_id)
    await write_down(services, actor, AuditAct.SIGN_ON_LINKED)
    changed = replace(operator, subject=subject)
    if operator.is_live:
        await services.operators.change(changed)
    elif digest is None or not await services.operators.take_up(business_id, digest, changed, now):
        return SignOnFault.STRANGER
    return await services.operators.find(business_id, operator.operator_id) or SignOnFault.STRANGER


def _callback(services: HasSite, business_id: BusinessId) -> str:
    """Where the provider sends browsers back to; it has to know this address."""
    return f"{services.site.public_url}/console/{business_id}/sign-in/sso"
