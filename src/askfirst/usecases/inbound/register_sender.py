"""Register a sender: claimed with proof, and only after its stops are in force."""

from __future__ import annotations

import contextlib
from typing import Final, Protocol

from askfirst.domain.tenants.sender import Sender
from askfirst.domain.values.errors import Unavailable
from askfirst.domain.values.timestamp import SECOND, Instant
from askfirst.ports.brakes.brakes import HasBrakes
from askfirst.ports.codes.codes import HasCodes
from askfirst.ports.codes.composer import HasComposer
from askfirst.ports.codes.sms import HasSms
from askfirst.ports.consent.ledger import HasLedger
from askfirst.ports.consent.proofs import HasProofs
from askfirst.ports.entry_points.entry_points import HasEntries
from askfirst.ports.inbound.dead_letters import HasDeadLetters, HasReadDelivery
from askfirst.ports.platform.clock import HasIds
from askfirst.ports.platform.phone_numbers import HasNumbering
from askfirst.ports.platform.rate_limits import HasLimits
from askfirst.ports.prompts.catalogue import HasCatalogue
from askfirst.ports.prompts.prompts import HasProfiles, HasPrompts
from askfirst.ports.sending.gate import HasDecisionArchive, HasDecisions, HasGate
from askfirst.ports.sending.http_connection import HasHttpConnections
from askfirst.ports.sending.policy import HasPolicy
from askfirst.ports.tenants.site import ConfirmsStops, HasSite
from askfirst.ports.tenants.tokens import HasTokens
from askfirst.usecases.context.known_names import HasKnownNames
from askfirst.usecases.context.shown_prompts import HasShownPrompts
from askfirst.usecases.inbound.claim_sender import ClaimSenderNeeds, claim_sender
from askfirst.usecases.inbound.replay_dead_letters import take_up_account, take_up_number
from askfirst.usecases.tenants.manage_senders import ManageSendersNeeds, refresh_templates

_TAKING_UP: Final = 20 * SECOND
"""How long a caller waits for what came before; then it is told to call again."""


class RegisterSenderNeeds(
    ManageSendersNeeds,
    ClaimSenderNeeds,
    HasBrakes,
    HasShownPrompts,
    HasCatalogue,
    HasCodes,
    HasComposer,
    HasDeadLetters,
    HasDecisionArchive,
    HasDecisions,
    HasEntries,
    HasGate,
    HasIds,
    HasKnownNames,
    HasLedger,
    HasLimits,
    HasHttpConnections,
    HasNumbering,
    HasPolicy,
    HasProfiles,
    HasPrompts,
    HasProofs,
    HasReadDelivery,
    HasSite,
    HasSms,
    HasTokens,
    ConfirmsStops,
    Protocol,
):
    """What this use case needs from the world."""


async def register_sender(services: RegisterSenderNeeds, sender: Sender, token: str | None) -> None:
    """Register or change a sender; `token` None keeps Meta's access token as it is.

    What Meta delivered for it before is acted on first: no message leaves from a sender whose
    stops still wait. Its templates are read at once, so that they are not taken for marketing
    until the next refresh; where Meta does not answer, they are until then. Nothing is made or
    changed in the customer's account.

    Raises:
        Conflict: the number or its WABA is another business's.
        InvalidInput: nothing proves that both are the business's.
        Unavailable: Meta does not answer, or too much waits to be taken up at once.
    """
    now = services.clock.now()
    until = Instant(now + _TAKING_UP)
    await claim_sender(services, sender, token)
    await take_up_account(services, sender.waba_id, until)
    await services.directory.put_sender(sender, token, now)
    await take_up_number(services, sender.phone_number_id, until)
    with contextlib.suppress(Unavailable):
        await refresh_templates(services, sender.business_id)
