"""Sign in by a passkey; add one, name it, remove it.

A question is kept for one browser and used up by its answer, right or wrong. What is refused is in
the audit log, and counts as a try to sign in that led nowhere.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from typing import Final, Protocol

from askfirst.domain.operators.audit_entry import AuditAct
from askfirst.domain.operators.operator import Operator
from askfirst.domain.operators.operator_session import OperatorSession
from askfirst.domain.operators.passkey import (
    CHALLENGE_LIFE,
    PASSKEYS_MAX,
    ChallengeUse,
    Passkey,
    PasskeyChallenge,
    PasskeyFault,
    PasskeyRefused,
    RelyingParty,
    check_label,
    is_fresh,
    relying_party_of,
)
from askfirst.domain.operators.sign_in_waits import SignInSubject
from askfirst.domain.values.errors import (
    Conflict,
    NotAuthenticated,
    TooMany,
    UnknownReference,
)
from askfirst.domain.values.ids import BusinessId, OperatorId, PasskeyId
from askfirst.domain.values.network_address import counted_address
from askfirst.domain.values.rate_limit import LimitName, Use
from askfirst.domain.values.timestamp import Instant
from askfirst.ports.operators.credentials import HasCeremonies, HasPasswords
from askfirst.ports.operators.operators import HasOperators, HasPasskeys
from askfirst.ports.platform.clock import HasClock, HasIds
from askfirst.ports.platform.rate_limits import HasLimits
from askfirst.ports.tenants.site import HasSite
from askfirst.usecases.limits.retry_after import seconds_to_opening
from askfirst.usecases.operators.sign_in import (
    Seat,
    count_guess,
    count_try,
    is_password,
    open_session,
)
from askfirst.usecases.operators.write_down import Actor, WriteDownNeeds, write_down

_CHALLENGE_BYTES: Final = 32
_QUESTIONS_MAX: Final = 60
"""To one network address in the life of a challenge: an office shares one."""


class ListPasskeysNeeds(HasPasskeys, Protocol):
    """What looking at passkeys needs."""


class KeepPasskeysNeeds(HasPasskeys, WriteDownNeeds, Protocol):
    """What naming and removing passkeys needs."""


class SignInByPasskeyNeeds(HasCeremonies, HasOperators, HasSite, KeepPasskeysNeeds, Protocol):
    """What signing in by a passkey needs."""


class AskBrowserNeeds(HasLimits, SignInByPasskeyNeeds, Protocol):
    """What asking a stranger's browser needs."""


class AddPasskeyNeeds(HasPasswords, SignInByPasskeyNeeds, Protocol):
    """What adding a passkey needs."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PasskeyTry:
    """What a browser answered, the secret by which it is known, and where it is."""

    business_id: BusinessId
    secret: str = field(repr=False)
    answer: str = field(repr=False)
    address: str = ""
    browser: str = ""


def browser_secret(services: HasIds) -> str:
    """Return a secret by which one browser is known when it answers."""
    return services.ids.secret()


def is_session_fresh(services: HasClock, session: OperatorSession) -> bool:
    """Return whether somebody signed in so lately that they are not asked for their password."""
    return is_fresh(session, services.clock.now())


def can_have_passkeys(services: HasSite) -> bool:
    """Whether browsers make passkeys for the address of this installation."""
    return relying_party_of(services.site.public_url) is not None


async def list_passkeys(
    services: ListPasskeysNeeds, business_id: BusinessId
) -> dict[OperatorId, tuple[Passkey, ...]]:
    """Return the passkeys of a business by their owner, the oldest first."""
    found: dict[OperatorId, tuple[Passkey, ...]] = {}
    for one in await services.passkeys.list(business_id):
        found[one.operator_id] = (*found.get(one.operator_id, ()), one)
    return found


async def ask_to_sign_in(
    services: AskBrowserNeeds, business_id: BusinessId, secret: str, address: str
) -> str:
    """Ask a browser for a passkey; returns the question, as JSON.

    Raises:
        TooMany: one network address asks all the time.
        Conflict: there are no passkeys at this address.
    """
    await count_question(services, business_id, address)
    party = _party(services)
    challenge = await ask_browser(services, business_id, secret, ChallengeUse.SIGN_IN)
    return services.ceremonies.ask_to_sign_in(party, challenge)


async def count_question(services: AskBrowserNeeds, business_id: BusinessId, address: str) -> None:
    """Count a question to a stranger's browser.

    Raises:
        TooMany: one network address asks all the time.
    """
    now = services.clock.now()
    use = Use(
        limit=LimitName.SIGN_INS_ADDRESS,
        subject=counted_address(address),
        most=_QUESTIONS_MAX,
        window=CHALLENGE_LIFE,
    )
    if await services.limits.take(business_id, (use,), now) is not None:
        wait = await seconds_to_opening(services, business_id, use, now)
        raise TooMany("too many tries to sign in", policy="sign_in", retry_after_seconds=wait)


async def sign_in_by_passkey(services: SignInByPasskeyNeeds, given: PasskeyTry) -> tuple[Seat, str]:
    """Open a session for whoever a passkey belongs to; returns it with its secret.

    A guess at somebody's password does not count here: nobody keeps an owner out of a passkey.

    Raises:
        PasskeyRefused: the answer does not count, and why.
        TooMany: too many tries led nowhere; nothing was looked at.
    """
    business_id = given.business_id
    named = services.ceremonies.named(given.answer)
    passkey = await services.passkeys.of_credential(business_id, named) if named else None
    own = ((SignInSubject.OPERATOR, f"passkey:{passkey.passkey_id}"),) if passkey else ()
    await count_try(
        services, business_id, (*own, (SignInSubject.ADDRESS, counted_address(given.address)))
    )
    found = await _look_at(services, given, passkey)
    if isinstance(found, PasskeyFault) or passkey is None:
        fault = found if isinstance(found, PasskeyFault) else PasskeyFault.UNKNOWN
        who = passkey.operator_id if passkey else None
        actor = Actor(business_id=business_id, operator_id=who)
        await write_down(services, actor, AuditAct.SIGN_IN_REFUSED, about=f"passkey/{fault.value}")
        raise PasskeyRefused(fault)
    await services.operators.forget_tries(business_id, own)
    return await open_session(services, found, given.address, given.browser, by=passkey.passkey_id)


async def _look_at(
    services: SignInByPasskeyNeeds, given: PasskeyTry, passkey: Passkey | None
) -> Operator | PasskeyFault:
    """Look at an answer and use its question up; the count is written where all else is right."""
    asked = await take_question(services, given.business_id, given.secret, ChallengeUse.SIGN_IN)
    if asked is None:
        return PasskeyFault.OVER
    if passkey is None:
        return PasskeyFault.UNKNOWN
    operator = await services.operators.find(passkey.business_id, passkey.operator_id)
    if operator is None or not operator.is_live:
        return PasskeyFault.UNKNOWN
    count = services.ceremonies.signed(_party(services), asked.challenge, passkey, given.answer)
    if count is None:
        return PasskeyFault.WRONG
    now = services.clock.now()
    if not passkey.goes_on(count) or not await services.passkeys.use(passkey, count, now):
        return PasskeyFault.COPIED
    return operator


async def ask_for_passkey(
    services: AddPasskeyNeeds, seat: Seat, secret: str, password: str, address: str
) -> str:
    """Ask the browser of a session to make a passkey; returns the question, as JSON.

    Raises:
        NotAuthenticated: they signed in a while ago, and the password is not theirs.
        TooMany: too many wrong passwords.
        Conflict: there are no passkeys at this address, or they have many.
    """
    await _prove_again(services, seat, password, address)
    operator = seat.operator
    known = (await list_passkeys(services, operator.business_id)).get(operator.operator_id, ())
    if len(known) >= PASSKEYS_MAX:
        raise Conflict(f"you have {PASSKEYS_MAX} passkeys: remove one first")
    challenge = await ask_browser(
        services, operator.business_id, secret, ChallengeUse.ADD, operator.operator_id
    )
    return services.ceremonies.ask_to_make(_party(services), operator, challenge, known)


async def _prove_again(services: AddPasskeyNeeds, seat: Seat, password: str, address: str) -> None:
    if is_fresh(seat.session, services.clock.now()):
        return
    operator = seat.operator
    own = await count_guess(services, operator.business_id, operator.email, address)
    if not await is_password(services, operator.password, password):
        await write_down(services, seat.actor, AuditAct.PASSKEY_REFUSED, about="password")
        raise NotAuthenticated("the password is not right")
    await services.operators.forget_tries(operator.business_id, own)


async def add_passkey(
    services: AddPasskeyNeeds, seat: Seat, secret: str, answer: str, label: str
) -> Passkey:
    """Keep the passkey that a browser made.

    Raises:
        InvalidInput: it needs a name.
        PasskeyRefused: the answer does not count, and why.
    """
    label, operator, now = check_label(label), seat.operator, services.clock.now()
    asked = await take_question(services, operator.business_id, secret, ChallengeUse.ADD)
    if asked is None or asked.owner != operator.operator_id:
        raise await _refused(services, seat, PasskeyFault.OVER)
    made = services.ceremonies.made(_party(services), asked.challenge, answer)
    if made is None:
        raise await _refused(services, seat, PasskeyFault.WRONG)
    passkey = Passkey(
        passkey_id=services.ids.passkey(),
        business_id=operator.business_id,
        operator_id=operator.operator_id,
        credential_id=made.credential_id,
        public_key=made.public_key,
        sign_count=made.sign_count,
        transports=made.transports,
        label=label,
        created_at=now,
    )
    await write_down(services, seat.actor, AuditAct.PASSKEY_ADDED, about=passkey.passkey_id)
    if not await services.passkeys.add(passkey):
        raise await _refused(services, seat, PasskeyFault.WRONG)
    return passkey


async def name_passkey(
    services: KeepPasskeysNeeds, seat: Seat, passkey_id: PasskeyId, label: str
) -> None:
    """Call one of one's own passkeys otherwise.

    Raises:
        InvalidInput: the name will not do.
        UnknownReference: none of theirs has this id.
    """
    label, operator = check_label(label), seat.operator
    await write_down(services, seat.actor, AuditAct.PASSKEY_NAMED, about=passkey_id)
    place = (operator.business_id, operator.operator_id, passkey_id)
    if not await services.passkeys.name(*place, label):
        raise UnknownReference("passkey", "is not a passkey of yours")


async def remove_passkey(services: KeepPasskeysNeeds, seat: Seat, passkey_id: PasskeyId) -> None:
    """Forget one of one's own passkeys: nobody comes in by it any more.

    Raises:
        UnknownReference: none of theirs has this id.
    """
    operator = seat.operator
    await write_down(services, seat.actor, AuditAct.PASSKEY_REMOVED, about=passkey_id)
    place = (operator.business_id, operator.operator_id, passkey_id)
    if not await services.passkeys.remove(*place):
        raise UnknownReference("passkey", "is not a passkey of yours")


async def _refused(services: WriteDownNeeds, seat: Seat, fault: PasskeyFault) -> PasskeyRefused:
    await write_down(services, seat.actor, AuditAct.PASSKEY_REFUSED, about=fault.value)
    return PasskeyRefused(fault)


async def ask_browser(
    services: SignInByPasskeyNeeds,
    business_id: BusinessId,
    secret: str,
    use: ChallengeUse,
    owner: OperatorId | None = None,
) -> bytes:
    """Keep a question to a browser, which is known by a secret; returns its random bytes."""
    challenge = services.ids.entropy(_CHALLENGE_BYTES)
    until = Instant(services.clock.now() + CHALLENGE_LIFE)
    asked = PasskeyChallenge(use=use, challenge=challenge, expires_at=until, owner=owner)
    await services.passkeys.ask(business_id, _digest(secret, use), asked)
    return challenge


async def take_question(
    services: SignInByPasskeyNeeds, business_id: BusinessId, secret: str, use: ChallengeUse
) -> PasskeyChallenge | None:
    """Use up what a browser was asked; None where it was asked nothing, or long ago."""
    asked = await services.passkeys.take(business_id, _digest(secret, use)) if secret else None
    is_open = asked is not None and services.clock.now() < asked.expires_at
    return asked if asked and is_open and asked.use is use else None


def _digest(secret: str, use: ChallengeUse) -> bytes:
    return hashlib.sha256(f"askfirst/passkey/{use.value}/{secret}".encode()).digest()


def _party(services: HasSite) -> RelyingParty:
    party = relying_party_of(services.site.public_url)
    if party is None:
        raise Conflict("passkeys need an address with https and a name, in ASKFIRST_PUBLIC_URL")
    return party
