"""Let an operator in, know them by their session, and let them out.

Whoever does not come in is told the same whatever was wrong, after the same work: an address that
is unknown, an access that ended, a password or a code that is wrong.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from typing import Final, Protocol

from askfirst.domain.operators.audit_entry import AuditAct
from askfirst.domain.operators.operator import PASSWORD_MAX, Operator
from askfirst.domain.operators.operator_session import SEEN_EVERY, OperatorSession
from askfirst.domain.operators.sign_in_waits import SignInSubject
from askfirst.domain.value import replace
from askfirst.domain.values.errors import NotAuthenticated, TooMany
from askfirst.domain.values.ids import BusinessId
from askfirst.domain.values.network_address import counted_address
from askfirst.domain.values.timestamp import Instant, seconds_to_wait
from askfirst.ports.operators.credentials import HasAuthenticators, HasPasswords, HasSignOn
from askfirst.ports.operators.operators import HasOperators
from askfirst.usecases.operators.invite_operator import hash_secret
from askfirst.usecases.operators.write_down import Actor, WriteDownNeeds, write_down

WRONG: Final = "the address, the password or the code is not right"
_BROWSER_MAX: Final = 200
Subjects = tuple[tuple[SignInSubject, str], ...]


class SignInNeeds(
    HasAuthenticators, HasOperators, HasPasswords, HasSignOn, WriteDownNeeds, Protocol
):
    """What this use case needs from the world."""


class KnowOperatorNeeds(HasOperators, WriteDownNeeds, Protocol):
    """What knowing one by their session needs."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SignInTry:
    """What somebody typed, and where they come from. `email` as `parse_email` gives it."""

    business_id: BusinessId
    email: str
    password: str = field(repr=False)
    code: str = field(default="", repr=False)
    address: str = ""
    browser: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Seat:
    """An operator in a session of theirs."""

    operator: Operator
    session: OperatorSession

    @property
    def actor(self) -> Actor:
        """Who acts."""
        return Actor(business_id=self.operator.business_id, operator_id=self.operator.operator_id)


async def sign_in(services: SignInNeeds, typed: SignInTry) -> tuple[Seat, str]:
    """Open a session; returns it with its secret, which is given this once.

    Raises:
        NotAuthenticated: something is not right; nobody is told what.
        TooMany: too many tries led nowhere; nothing was looked at.
        Unavailable: nobody can be let in now.
    """
    business_id, now = typed.business_id, services.clock.now()
    own = await count_guess(services, business_id, typed.email, typed.address)
    operator = await services.operators.of_email(business_id, typed.email)
    # A line for each, known or not: nobody can tell by the time it takes.
    if not await _is_right(services, operator, typed, now) or operator is None:
        who = operator.operator_id if operator else None
        actor = Actor(business_id=business_id, operator_id=who)
        await write_down(services, actor, AuditAct.SIGN_IN_REFUSED)
        raise NotAuthenticated(WRONG)
    await services.operators.forget_tries(business_id, own)
    return await open_session(services, operator, typed.address, typed.browser)


async def count_guess(
    services: KnowOperatorNeeds, business_id: BusinessId, email: str, address: str
) -> Subjects:
    """Count a guess at somebody's password before it is looked at.

    Returns what is forgotten where it was right: other people share the network address.

    Raises:
        TooMany: too many led nowhere; this one must not be looked at.
    """
    own = ((SignInSubject.OPERATOR, email),)
    place = (SignInSubject.ADDRESS, counted_address(address))
    await count_try(services, business_id, (*own, place))
    return own


async def is_password(services: HasPasswords, kept: str, typed: str) -> bool:
    """Return whether somebody typed their password; one that is too long is none."""
    return await services.passwords.verify(kept, typed[: PASSWORD_MAX + 1])


async def count_try(services: KnowOperatorNeeds, business_id: BusinessId, tries: Subjects) -> None:
    """Count a try before anything of it is looked at.

    Raises:
        TooMany: too many led nowhere; this one must not be looked at.
    """
    now = services.clock.now()
    opens_at = await services.operators.try_sign_in(business_id, tries, now)
    if opens_at is not None:
        raise TooMany(
            "too many tries to sign in led nowhere",
            policy="sign_in",
            retry_after_seconds=seconds_to_wait(opens_at - now),
        )


async def _is_right(
    services: SignInNeeds, operator: Operator | None, typed: SignInTry, now: Instant
) -> bool:
    """Look at password and code. A code is used up only behind the right password."""
    is_open = operator is not None and operator.is_live and services.sign_on.has_passwords
    kept = operator.password if operator and is_open else ""
    is_right = await is_password(services, kept, typed.password)
    if not is_right or operator is None:
        return False
    if not operator.totp_secret:
        return True
    step = services.authenticators.step(operator.totp_secret, typed.code, now)
    return step is not None and await services.operators.use_step(operator, step)


async def open_session(
    services: KnowOperatorNeeds, operator: Operator, address: str, browser: str, *, by: str = ""
) -> tuple[Seat, str]:
    """Open a session for somebody who was let in; returns it with its secret, given this once.

    `by` names what they came in with, for the log, where it is not the password.
    """
    now = services.clock.now()
    session = OperatorSession(
        session_id=services.ids.session(),
        business_id=operator.business_id,
        operator_id=operator.operator_id,
        created_at=now,
        seen_at=now,
        address=address,
        browser=browser[:_BROWSER_MAX],
    )
    secret = services.ids.secret()
    about = f"{session.session_id}/{by}" if by else session.session_id
    await write_down(services, _actor(operator), AuditAct.SIGNED_IN, about=about)
    await services.operators.open_session(session, hash_secret(secret))
    return Seat(operator=operator, session=session), secret


async def know_operator(
    services: KnowOperatorNeeds, business_id: BusinessId, secret: str
) -> Seat | None:
    """Return who a session's secret belongs to; None where it is over, or never was."""
    if not secret:
        return None
    session = await services.operators.session(business_id, hash_secret(secret))
    now = services.clock.now()
    if session is None or not session.is_live(now):
        return None
    operator = await services.operators.find(business_id, session.operator_id)
    if operator is None or not operator.is_live:
        return None
    if now - session.seen_at >= SEEN_EVERY:
        await services.operators.see_session(session, now)
        session = replace(session, seen_at=now)
    return Seat(operator=operator, session=session)


async def sign_out(services: KnowOperatorNeeds, seat: Seat) -> None:
    """End a session."""
    session = seat.session
    await write_down(services, seat.actor, AuditAct.SIGNED_OUT, about=session.session_id)
    place = (session.business_id, session.operator_id, session.session_id)
    await services.operators.end_session(*place, services.clock.now())


def form_token(secret: str) -> str:
    """Return what each form of a session carries, so that no other site can send it.

    It is made of the session's secret, and tells nothing of it.
    """
    return hashlib.sha256(b"askfirst/form:" + secret.encode()).hexdigest()


def _actor(operator: Operator) -> Actor:
    return Actor(business_id=operator.business_id, operator_id=operator.operator_id)
