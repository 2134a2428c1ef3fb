"""What happens to a send: checked as Meta checks it, then answered, then delivered.

A marketing template to somebody who has stopped them is accepted and fails later, by webhook
(131050), as at Meta; so does one to a number that is not on WhatsApp (131026). A blocked
business is told nothing: the message is sent and never arrives.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

import msgspec

from askfirst.domain.values.errors import InvalidInput
from askfirst.graph.platform.errors import GraphCode
from askfirst.graph.sending.outgoing import MessageKind, OutgoingMessage, read_message
from askfirst.simulator.graph.code_templates import AUTHENTICATION, check_code
from askfirst.simulator.graph.letter_parts import (
    PLACEHOLDER,
    buttons_of,
    parameters,
    placeholders,
    url_parameter,
)
from askfirst.simulator.graph.letters import write_letter
from askfirst.simulator.graph.refused import Refused
from askfirst.simulator.state.state import BusinessNumber, Phone, Template, World

_FILES = frozenset({"audio", "document", "image", "sticker", "video"})
_NOT_IN_SERVICE = {
    "PAUSED": GraphCode.TEMPLATE_PAUSED,
    "DISABLED": GraphCode.TEMPLATE_DISABLED,
}


class Accepted(NamedTuple):
    """A send that is on its way. `failure` is the code that it will fail with, or 0.

    `reference` is the business's own word for it, which comes back with every report.
    """

    phone: Phone
    message_id: str
    failure: int
    arrives: bool
    reference: str = ""


class Request(NamedTuple):
    """A send as it came in."""

    number: BusinessNumber
    message: OutgoingMessage
    fields: Mapping[str, Any]
    marketing_only: bool


def read_request(number: BusinessNumber, body: bytes, *, marketing_only: bool) -> Request:
    """Read the body of a send."""
    try:
        message = read_message(body)
    except InvalidInput as error:
        details = f"{error.field} {error.message}"
        raise Refused(GraphCode.PARAMETER_INVALID, details) from error
    fields = msgspec.json.decode(body)
    if fields.get("messaging_product") != "whatsapp":
        details = "The parameter messaging_product is required and must be whatsapp."
        raise Refused(GraphCode.PARAMETER_INVALID, details)
    return Request(number, message, fields, marketing_only)


def accept(world: World, request: Request, message_id: str, now: float) -> Accepted:
    """Check a send and put it into the person's inbox, or raise Refused."""
    number = request.number
    phone = _recipient(world, request)
    if phone.wa_id in world.belongings.shut_out.get(number.phone_number_id, {}):
        raise Refused(GraphCode.UNDELIVERABLE, "The business has blocked this person.")
    template = _check(world, request, phone, now)
    failure = _failure(number, phone, template)
    blocked = number.phone_number_id in phone.blocked
    arrives = not (failure or blocked or phone.troubles.no_delivery)
    if arrives:
        letter = write_letter(message_id, number, request.fields, template, now)
        phone.inbox.append(letter)
        phone.unread[message_id] = number.phone_number_id
    world.phones.setdefault(phone.wa_id, phone)
    reference = str(request.fields.get("biz_opaque_callback_data") or "")
    return Accepted(phone, message_id, failure, arrives, reference)


def _failure(number: BusinessNumber, phone: Phone, template: Template | None) -> int:
    """Return the code that a message will fail with, or 0."""
    if phone.troubles.fail_with:
        return phone.troubles.fail_with
    if phone.troubles.not_on_whatsapp:
        return int(GraphCode.UNDELIVERABLE)
    is_offer = template is not None and template.category == "MARKETING"
    if is_offer and number.phone_number_id in phone.stopped:
        return int(GraphCode.MARKETING_STOPPED)
    return 0


def answer(request: Request, accepted: Accepted) -> Mapping[str, Any]:
    """Write the answer to an accepted send: as at Meta, with the name it was sent to and no other.

    The names of one person meet in webhooks only.
    """
    message, phone = request.message, accepted.phone
    contact = {"input": message.to or message.recipient}
    contact |= {"wa_id": phone.wa_id} if message.to else {"user_id": phone.user_id}
    sent = {"id": accepted.message_id}
    if message.kind is MessageKind.TEMPLATE:
        sent["message_status"] = "accepted"
    return {"messaging_product": "whatsapp", "contacts": [contact], "messages": [sent]}


def _recipient(world: World, request: Request) -> Phone:
    """Find whom it is for; where both are given `to` wins, as at Meta."""
    message = request.message
    if message.is_group:
        raise Refused(GraphCode.PARAMETER_INVALID, "There are no groups in the simulator.")
    if not message.to and not message.recipient:
        raise Refused(GraphCode.PARAMETER_MISSING, "The parameter to or recipient is required.")
    if not message.to:
        phone = world.phone_of_user(message.recipient)
        if phone is None:
            raise Refused(GraphCode.UNDELIVERABLE, "Nobody has this user id.")
        return phone
    try:
        phone = world.phone(message.to, keep=False)
    except InvalidInput as error:
        raise Refused(GraphCode.PARAMETER_VALUE_INVALID, f"to {error.message}") from error
    if phone.wa_id == request.number.digits:
        raise Refused(GraphCode.RECIPIENT_IS_SENDER, "The recipient is the sender.")
    return phone


def _check(world: World, request: Request, phone: Phone, now: float) -> Template | None:
    message, number = request.message, request.number
    if message.kind is MessageKind.TEMPLATE:
        return _check_template(world, request)
    if request.marketing_only:
        raise Refused(GraphCode.PARAMETER_INVALID, "Message must be a template message.")
    if message.kind is MessageKind.DIRECT:
        raise Refused(GraphCode.PARAMETER_INVALID, "Direct Send isn't enabled.")
    if message.kind is not MessageKind.FREE_FORM:
        raise Refused(GraphCode.TYPE_UNSUPPORTED, "The type of this message is not supported.")
    if not isinstance(request.fields.get(message.type), dict | list):
        raise Refused(GraphCode.PARAMETER_MISSING, f"The parameter {message.type} is required.")
    _check_file(world, request.message.type, request.fields[message.type])
    if not phone.has_open_window(number.phone_number_id, now):
        details = "More than 24 hours have passed since the recipient last wrote."
        raise Refused(GraphCode.WINDOW_CLOSED, details)
    return None


def _check_file(world: World, kind: str, content: Any) -> None:
    """Refuse a file that was not uploaded; one that is named by a link is never fetched here."""
    if kind not in _FILES or not isinstance(content, dict) or "id" not in content:
        return
    if str(content["id"]) not in world.belongings.files:
        details = f"Param {kind}['id'] is not a valid whatsapp business account media attachment ID"
        raise Refused(GraphCode.PARAMETER_INVALID, details)


def _check_template(world: World, request: Request) -> Template:
    message, number = request.message, request.number
    template = world.named_template(number.waba_id, message.template, message.language)
    if template is not None and template.status in _NOT_IN_SERVICE:
        details = f"The template is {template.status.lower()}."
        raise Refused(_NOT_IN_SERVICE[template.status], details)
    if template is None or template.status != "APPROVED":
        details = f"template name ({message.template}) does not exist in {message.language}"
        raise Refused(GraphCode.TEMPLATE_MISSING, details)
    if request.marketing_only and template.category != "MARKETING":
        details = "Only marketing templates can be sent here."
        raise Refused(GraphCode.MARKETING_TEMPLATES_ONLY, details)
    if template.category == AUTHENTICATION and not message.to:
        details = "Authentication templates need a phone number."
        raise Refused(GraphCode.USER_ID_UNSUPPORTED, details)
    for kind in ("HEADER", "BODY"):
        _check_count(template, request.fields["template"], kind)
    if template.category == AUTHENTICATION:
        check_code(request.fields["template"])
    _check_addresses(template, request.fields["template"])
    return template


def _check_count(template: Template, sent: Mapping[str, Any], kind: str) -> None:
    wanted = len(placeholders(template, kind))
    given = len(parameters(sent, kind))
    # A header may hold a picture: one parameter that no placeholder announces.
    if given != wanted and not (kind == "HEADER" and not wanted):
        details = f"{kind.lower()}: number of localizable_params ({given}) does not match the "
        details += f"expected number of params ({wanted})"
        raise Refused(GraphCode.PARAMETER_COUNT, details)


def _check_addresses(template: Template, sent: Mapping[str, Any]) -> None:
    for index, button in buttons_of(template, "URL"):
        if PLACEHOLDER.search(str(button.get("url"))) and not url_parameter(sent, index):
            details = f"buttons: Button at index {index} of type Url requires a parameter"
            raise Refused(GraphCode.PARAMETER_MISSING, details)
