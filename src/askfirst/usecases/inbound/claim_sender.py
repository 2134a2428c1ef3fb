"""Claim a sender and its WABA for a business: only with Meta's word that they are its own."""

from __future__ import annotations

from typing import Final, Protocol

from askfirst.domain.tenants.sender import Sender
from askfirst.domain.values.errors import Conflict, InvalidInput
from askfirst.ports.platform.clock import HasClock
from askfirst.ports.tenants.accounts import HasAccounts, TokenRefused
from askfirst.ports.tenants.directory import CLAIMED, HasDirectory

_UNPROVEN: Final = (
    "a token of Meta's is needed to register a number: one that may read its WABA "
    "(whatsapp_business_management) proves that both are yours"
)
_REFUSED: Final = (
    "the token must be one that may read the WABA (whatsapp_business_management): Meta refused it"
)
_ELSEWHERE: Final = "must be the WABA of this number: Meta does not list the number there"


class ClaimSenderNeeds(HasAccounts, HasClock, HasDirectory, Protocol):
    """What this use case needs from the world."""


async def claim_sender(services: ClaimSenderNeeds, sender: Sender, token: str | None) -> None:
    """Make the WABA of a sender its business's, where the business can prove both.

    The proof is Meta's list of the WABA's numbers, read with the token that is given, or else
    with one that is stored for the sender or its WABA. Whoever changes a sender that is its own
    already claims nothing.

    Raises:
        Conflict: the number or the WABA is another business's.
        InvalidInput: there is no proof; the field and message say what would be one.
        Unavailable: Meta does not answer, so nothing is proven and nothing claimed.
    """
    directory, business_id = services.directory, sender.business_id
    of_number = await directory.owner(sender.phone_number_id, None)
    of_account = await directory.owner(None, sender.waba_id)
    if {of_number, of_account} - {None, business_id}:
        raise Conflict(CLAIMED)
    if of_account is not None and await _is_known(services, sender):
        return
    await _prove(services, sender, token)
    await directory.claim_waba(business_id, sender.waba_id, services.clock.now())


async def _is_known(services: HasDirectory, sender: Sender) -> bool:
    place = (sender.phone_number_id, sender.waba_id)
    known = await services.directory.senders(sender.business_id)
    return any((one.phone_number_id, one.waba_id) == place for one in known)


async def _prove(services: ClaimSenderNeeds, sender: Sender, token: str | None) -> None:
    proof = token or await _stored_token(services, sender)
    if proof is None:
        raise InvalidInput("token", _UNPROVEN)
    try:
        is_there = await services.accounts.has_number(sender.waba_id, sender.phone_number_id, proof)
    except TokenRefused as refused:
        raise InvalidInput("token", _REFUSED) from refused
    if not is_there:
        raise InvalidInput("waba_id", _ELSEWHERE)


async def _stored_token(services: HasDirectory, sender: Sender) -> str | None:
    """Find a token of a sender of the same WABA, or of this sender under its former one."""
    directory, business_id = services.directory, sender.business_id
    known = await directory.senders(business_id)
    for one in sorted(known, key=lambda one: one.waba_id != sender.waba_id):
        is_near = one.waba_id == sender.waba_id or one.phone_number_id == sender.phone_number_id
        if is_near and (token := await directory.token(business_id, one.phone_number_id)):
            return token
    return None
