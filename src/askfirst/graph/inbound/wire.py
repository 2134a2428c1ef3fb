"""The shape of a webhook, as loosely as it can be typed.

Every field may be absent or null, unknown fields are skipped. What has a surprising type is
dropped field by field (`_salvage`), so that one odd update never costs the others.
"""

from __future__ import annotations

import re
from types import UnionType
from typing import Any, TypeVar, Union, get_args, get_origin

import msgspec

from askfirst.domain.values.errors import InvalidInput

Loose = str | int | None
"""Ids and time stamps come as text and as numbers."""

S = TypeVar("S", bound=msgspec.Struct)


class Text(msgspec.Struct, gc=False):
    body: str | None = None


class Tap(msgspec.Struct, gc=False):
    """A template's button (`payload`, `text`), a reply button or a list row (`id`, `title`).

    A row may have a `description` below its title.
    """

    payload: str | None = None
    text: str | None = None
    id: Loose = None
    title: str | None = None
    description: str | None = None


class FlowReply(msgspec.Struct, gc=False):
    """The answers of a WhatsApp Flow: JSON inside a text, or (never seen) an object."""

    response_json: Any = None


class Interactive(msgspec.Struct, gc=False):
    type: str | None = None
    button_reply: Tap | None = None
    list_reply: Tap | None = None
    nfm_reply: FlowReply | None = None


class Media(msgspec.Struct, gc=False):
    caption: str | None = None


class Order(msgspec.Struct, gc=False):
    text: str | None = None


class CardPhone(msgspec.Struct, gc=False):
    wa_id: Loose = None
    phone: str | None = None


class Card(msgspec.Struct, gc=False):
    """A contact card. `origin` "contact_request": the person's own number, shared on request."""

    origin: str | None = None
    phones: tuple[CardPhone, ...] | None = None
    vcard: str | None = None


class Edit(msgspec.Struct, gc=False):
    """An edit; `message` is what it says now."""

    message: Message | None = None


class System(msgspec.Struct, gc=False):
    type: str | None = None
    body: str | None = None
    wa_id: Loose = None
    new_wa_id: Loose = None
    user_id: str | None = None
    parent_user_id: str | None = None
    previous_user_id: str | None = None
    previous_parent_user_id: str | None = None


class Message(msgspec.Struct, gc=False):
    sender: Loose = msgspec.field(default=None, name="from")
    from_user_id: str | None = None
    from_parent_user_id: str | None = None
    to: Loose = None
    to_user_id: str | None = None
    to_parent_user_id: str | None = None
    group_id: Loose = None
    id: Loose = None
    timestamp: Loose = None
    type: str | None = None
    text: Text | None = None
    button: Tap | None = None
    interactive: Interactive | None = None
    image: Media | None = None
    video: Media | None = None
    document: Media | None = None
    order: Order | None = None
    contacts: tuple[Card, ...] | None = None
    edit: Edit | None = None
    system: System | None = None


class Call(msgspec.Struct, gc=False):
    sender: Loose = msgspec.field(default=None, name="from")
    from_user_id: str | None = None
    from_parent_user_id: str | None = None
    to: Loose = None
    to_user_id: str | None = None
    to_parent_user_id: str | None = None
    id: Loose = None
    timestamp: Loose = None
    start_time: Loose = None
    event: str | None = None
    direction: str | None = None


class Thread(msgspec.Struct, gc=False):
    """One chat of the synchronised history; `id` is the customer's number."""

    id: Loose = None
    messages: tuple[Message, ...] | None = None


class HistoryChunk(msgspec.Struct, gc=False):
    threads: tuple[Thread, ...] | None = None


class Failure(msgspec.Struct, gc=False):
    code: Loose = None


class Status(msgspec.Struct, gc=False):
    id: Loose = None
    status: str | None = None
    timestamp: Loose = None
    group_id: Loose = None
    recipient_type: str | None = None
    recipient_id: Loose = None
    recipient_user_id: str | None = None
    parent_recipient_user_id: str | None = None
    recipient_parent_user_id: str | None = None
    recipient_participant_id: Loose = None
    recipient_participant_user_id: str | None = None
    recipient_participant_parent_user_id: str | None = None
    errors: tuple[Failure, ...] | None = None
    biz_opaque_callback_data: str | None = None


class Preference(msgspec.Struct, gc=False):
    wa_id: Loose = None
    user_id: str | None = None
    parent_user_id: str | None = None
    category: str | None = None
    value: str | None = None
    timestamp: Loose = None


class Renamed(msgspec.Struct, gc=False):
    previous: str | None = None
    current: str | None = None


class IdUpdate(msgspec.Struct, gc=False):
    wa_id: Loose = None
    timestamp: Loose = None
    user_id: Renamed | None = None
    parent_user_id: Renamed | None = None


class Contact(msgspec.Struct, gc=False):
    wa_id: Loose = None
    user_id: str | None = None
    parent_user_id: str | None = None


class Metadata(msgspec.Struct, gc=False):
    phone_number_id: Loose = None
    display_phone_number: Loose = None


class TemplateButton(msgspec.Struct, gc=False):
    message_template_button_type: str | None = None
    message_template_button_text: str | None = None


class RestrictionInfo(msgspec.Struct, gc=False):
    restriction_type: str | None = None
    expiration: Loose = None


class ViolationInfo(msgspec.Struct, gc=False):
    violation_type: str | None = None


class BanInfo(msgspec.Struct, gc=False):
    waba_ban_state: str | None = None


class AlertInfo(msgspec.Struct, gc=False):
    alert_severity: str | None = None
    alert_status: str | None = None
    alert_type: str | None = None


class Value(msgspec.Struct, gc=False):
    metadata: Metadata | None = None
    contacts: tuple[Contact, ...] | None = None
    messages: tuple[Message, ...] | None = None
    statuses: tuple[Status, ...] | None = None
    user_preferences: tuple[Preference, ...] | None = None
    user_id_update: tuple[IdUpdate, ...] | None = None
    calls: tuple[Call, ...] | None = None
    history: tuple[HistoryChunk, ...] | None = None
    message_echoes: tuple[Message, ...] | None = None
    event: str | None = None
    message_template_name: str | None = None
    message_template_language: str | None = None
    message_template_category: str | None = None
    new_category: str | None = None
    correct_category: str | None = None
    new_quality_score: str | None = None
    message_template_title: str | None = None
    message_template_element: str | None = None
    message_template_footer: str | None = None
    message_template_buttons: tuple[TemplateButton, ...] | None = None
    max_daily_conversations_per_business: Loose = None
    restriction_info: tuple[RestrictionInfo, ...] | None = None
    violation_info: ViolationInfo | None = None
    ban_info: BanInfo | None = None
    alert_info: AlertInfo | None = None
    entity_type: str | None = None
    entity_id: Loose = None


class Change(msgspec.Struct, gc=False):
    field: str | None = None
    value: Value | None = None


class Entry(msgspec.Struct, gc=False):
    id: Loose = None
    time: Loose = None
    changes: tuple[Change, ...] | None = None


class Envelope(msgspec.Struct, gc=False):
    entry: tuple[Entry, ...] | None = None


_DECODER = msgspec.json.Decoder(Envelope)
_ANYTHING = msgspec.json.Decoder()
_ESCAPE = re.compile(
    rb"\\(?:u[dD][89abAB]..\\u[dD][c-fC-F]..|(u[dD][89a-fA-F][0-9a-fA-F]{2})|.)", re.DOTALL
)


def read_envelope(body: bytes) -> Envelope:
    """Read a whole POST; what is not a JSON object of sane depth raises InvalidInput."""
    try:
        return _DECODER.decode(body)
    except msgspec.ValidationError:
        return _salvage_envelope(body)
    except msgspec.DecodeError:
        return _salvage_envelope(_mend(body))
    except RecursionError as error:
        raise InvalidInput("body", "is nested too deeply") from error


def read_inner(text: str) -> object:
    """Read JSON that stands inside a text of a POST; what is none, or too deep, is None."""
    try:
        return _ANYTHING.decode(_mend(text.encode()))
    except (msgspec.DecodeError, RecursionError):
        return None


def _mend(body: bytes) -> bytes:
    """Replace halves of surrogate pairs: a text cut in an emoji must not cost the whole POST."""
    return _ESCAPE.sub(lambda found: rb"\ufffd" if found[1] else found[0], body)


def _salvage_envelope(body: bytes) -> Envelope:
    try:
        envelope = _salvage(Envelope, msgspec.json.decode(body))
    except msgspec.DecodeError as error:
        raise InvalidInput("body", "must be JSON in UTF-8") from error
    except RecursionError as error:
        raise InvalidInput("body", "is nested too deeply") from error
    if envelope is None:
        raise InvalidInput("body", "must be a JSON object")
    return envelope


def _salvage(wanted: type[S], raw: object) -> S | None:
    if not isinstance(raw, dict):
        return None
    fields = msgspec.structs.fields(wanted)
    kept = {f.name: _fit(f.type, raw[f.encode_name]) for f in fields if f.encode_name in raw}
    return wanted(**kept)


def _fit(wanted: Any, raw: object) -> Any:
    """Return the value where it fits, what can be saved of it where it does not, else None."""
    try:
        return msgspec.convert(raw, wanted)
    except msgspec.ValidationError:
        for option in get_args(wanted) if get_origin(wanted) in (UnionType, Union) else ():
            if get_origin(option) is tuple:
                items = raw if isinstance(raw, list) else [raw]
                saved = (_salvage(get_args(option)[0], item) for item in items)
                return tuple(item for item in saved if item is not None)
            if issubclass(option, msgspec.Struct):
                return _salvage(option, raw)
        return None
