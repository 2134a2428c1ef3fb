"""Errands about the numbers that a business sends from."""

from __future__ import annotations

from askfirst.bootstrap.local.admin_command import Answer, Errand, business_of
from askfirst.domain.tenants.sender import Sender, SenderState, check_token
from askfirst.domain.values.errors import InvalidInput
from askfirst.domain.values.ids import BusinessId, PhoneNumberId, WabaId, parse_node_id
from askfirst.usecases.contacts.read_number import read_own_number
from askfirst.usecases.context.services import Services
from askfirst.usecases.inbound.register_sender import register_sender
from askfirst.usecases.tenants.manage_senders import find_sender, list_senders


class ListSenders(Errand, frozen=True, kw_only=True, tag=True):
    """List a business's senders, without their tokens."""

    async def run(self, services: Services) -> Answer:
        senders = await list_senders(services, await business_of(services, self.business))
        return {"senders": [_row(sender) for sender in senders]}


class SetSender(Errand, frozen=True, kw_only=True, tag=True):
    """Register a sender, or change what is named; None leaves it as it is."""

    phone_number_id: str
    waba_id: str | None = None
    number: str | None = None
    name: str | None = None
    state: str | None = None
    token: str | None = None

    async def run(self, services: Services) -> Answer:
        business_id = await business_of(services, self.business)
        sender_id = PhoneNumberId(parse_node_id(self.phone_number_id, "phone_number_id"))
        known = await find_sender(services, business_id, sender_id)
        sender = self._sender(services, business_id, sender_id, known)
        token = None if self.token is None else check_token(self.token)
        await register_sender(services, sender, token)
        return _row(sender)

    def _sender(
        self,
        services: Services,
        business_id: BusinessId,
        sender_id: PhoneNumberId,
        known: Sender | None,
    ) -> Sender:
        waba_id = _named("waba_id", self.waba_id, known.waba_id if known else None)
        number = _named("number", self.number, f"+{known.digits}" if known else None)
        return Sender(
            business_id=business_id,
            phone_number_id=sender_id,
            waba_id=WabaId(parse_node_id(waba_id, "waba_id")),
            digits=read_own_number(services.numbering, number, "number").digits,
            name=_named("name", self.name, known.name if known else None),
            state=_state(self.state or (known.state if known else SenderState.ACTIVE)),
        )


def _named(field: str, given: str | None, known: str | None) -> str:
    """Take what is given, or else what is known."""
    text = known if given is None else given
    if not text:
        raise InvalidInput(field, "is needed to register a sender")
    return text


def _state(text: str) -> SenderState:
    try:
        return SenderState(text)
    except ValueError as error:
        raise InvalidInput("state", "must be one of " + ", ".join(SenderState)) from error


def _row(sender: Sender) -> Answer:
    return {
        "phone_number_id": sender.phone_number_id,
        "waba_id": sender.waba_id,
        "number": f"+{sender.digits}",
        "name": sender.name,
        "state": sender.state.value,
    }
