"""Register a sender: claimed with proof, and only after its stops are in force."""

from __future__ import annotations

import contextlib
from collections.abc import Awaitable
from typing import Final, Protocol

from askfirst.domain.tenants.sender import Sender
from askfirst.domain.values.errors import Unavailable
from askfirst.domain.values.ids import PhoneNumberId, WabaId
from askfirst.domain.values.timestamp import SECOND, Instant
from askfirst.usecases.inbound.claim_sender import ClaimSenderNeeds, claim_sender
from askfirst.usecases.tenants.manage_senders import ManageSendersNeeds, refresh_templates

_TAKING_UP: Final = 20 * SECOND
"""How long a caller waits for what came before; then it is told to call again."""


class TakesUpDeadLetters(Protocol):
    """Whatever takes up what waits for an account or a number (`replay_dead_letters`)."""

    def take_up_account(self, waba_id: WabaId, until: Instant, /) -> Awaitable[None]:
        """Take up what waits for an account; when it returns, each stop in it is in force.

        Raises:
            Unavailable: some of it still waits at `until`, or the database does not answer.
        """
        ...

    def take_up_number(self, phone_number_id: PhoneNumberId, until: Instant, /) -> Awaitable[None]:
        """Take up what waits for a number; raises as `take_up_account` does."""
        ...


class RegisterSenderNeeds(TakesUpDeadLetters, ManageSendersNeeds, ClaimSenderNeeds, Protocol):
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
    await services.take_up_account(sender.waba_id, until)
    await services.directory.put_sender(sender, token, now)
    await services.take_up_number(sender.phone_number_id, until)
    with contextlib.suppress(Unavailable):
        await refresh_templates(services, sender.business_id)
