"""What a person sent, as a notice: typed, tapped, filled in, shown, changed.

A message that changes an older one, that stands in a group, or that Meta hands over as history can
say no and nothing else (`RestrictedMessage`): it opens no window and makes no yes.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any, Final, NamedTuple

from askfirst.domain.inbound.inbound_event import (
    ContentReceived,
    FlowAnswered,
    InboundEvent,
    MessageContext,
    NumberChanged,
    ReplyTapped,
    RestrictedMessage,
    TextReceived,
)
from askfirst.domain.opt_out.flow_stop import ANSWERS_READ_MAX, FlowAnswer
from askfirst.domain.values.alias import Alias
from askfirst.domain.values.ids import PhoneNumberId, WabaId
from askfirst.domain.values.timestamp import Instant
from askfirst.graph.inbound import wire
from askfirst.graph.inbound.person import aliases

_MOVES: Final = frozenset({"user_changed_number", "user_changed_user_id", "user_id_update"})
_MOVED: Final = re.compile(r" changed from (\S+) to (\S+)\Z")
_CHANGES: Final = frozenset({"edit", "revoke"})
_SHARED_ON_REQUEST: Final = "contact_request"
_VCARD_NUMBER: Final = re.compile(r"waid=([0-9]{5,20})", re.IGNORECASE)
_PHONE: Final = re.compile(r"\A\+[0-9 ().\-/]{5,40}\Z")
_DEPTH_MAX: Final = 8

Spoken = TextReceived | ReplyTapped | FlowAnswered | ContentReceived


class Head(NamedTuple):
    """What every notice about a message begins with."""

    source_id: str
    phone_number_id: PhoneNumberId | None
    waba_id: WabaId | None
    aliases: tuple[Alias, ...]
    occurred_at: Instant | None

    def fields(self) -> dict[str, Any]:
        """Return the fields that all notices share, by name."""
        return self._asdict()


def read_sent(head: Head, message: wire.Message, context: MessageContext | None) -> InboundEvent:
    """Read one message. `context` is what its place says of it; an edit says so itself."""
    if message.type == "system" and message.system is not None and context is None:
        return _system(head, message.system)
    if message.type in _CHANGES or message.edit is not None:
        context = context or MessageContext.EDIT
    # The text of a chat is by far the most frequent: it takes the short way.
    spoken = _spoken(head, message)
    if context is None:
        return spoken
    named = f"{context.value}|{head.source_id}"
    about = head._replace(source_id=named).fields()
    return RestrictedMessage(**about, context=context, message=spoken)


def shared_number(message: wire.Message) -> wire.Loose:
    """Return the number of a person who shared it on request: with one card, of one number.

    A card of another origin is anybody's.
    """
    numbers: set[str] = set()
    cards = message.contacts or ()
    for card in cards:
        if card.origin == _SHARED_ON_REQUEST:
            numbers.update(_numbers(card))
    return numbers.pop() if len(cards) == 1 and len(numbers) == 1 else None


def _numbers(card: wire.Card) -> Iterator[str]:
    for phone in card.phones or ():
        if phone.wa_id:
            yield str(phone.wa_id).removeprefix("+")
        elif phone.phone and _PHONE.fullmatch(phone.phone):
            yield re.sub("[^0-9]", "", phone.phone)
    if not card.phones and card.vcard:
        yield from _VCARD_NUMBER.findall(card.vcard)


def _spoken(head: Head, message: wire.Message) -> Spoken:
    text = message.text.body if message.text is not None else None
    if text is not None and message.type in (None, "text") and message.edit is None:
        return TextReceived(
            source_id=head.source_id,
            phone_number_id=head.phone_number_id,
            waba_id=head.waba_id,
            aliases=head.aliases,
            occurred_at=head.occurred_at,
            text=text,
        )
    return _tap(head, message) or _flow(head, message) or _content(head, message)


def _content(head: Head, message: wire.Message) -> ContentReceived:
    words = _words(message)
    if message.edit is not None and message.edit.message is not None:
        words = "\n".join(filter(None, (words, _words(message.edit.message))))
    return ContentReceived(**head.fields(), kind=_kind(message), words=words)


def _words(message: wire.Message) -> str:
    """Return what was typed, wherever it stands in a message of this kind."""
    media = (message.image, message.video, message.document)
    typed = [message.text.body if message.text else None]
    typed += [medium.caption if medium else None for medium in media]
    typed.append(message.order.text if message.order else None)
    return "\n".join(filter(None, typed))


def _kind(message: wire.Message) -> str:
    """Name the content: an interactive reply by what was replied."""
    if message.type == "interactive" and message.interactive is not None:
        return message.interactive.type or "interactive"
    return message.type or "unnamed"


def _tap(head: Head, message: wire.Message) -> ReplyTapped | None:
    tap: wire.Tap | None = None
    if message.type == "button":
        tap = message.button
    elif message.type == "interactive" and message.interactive is not None:
        tap = message.interactive.button_reply or message.interactive.list_reply
    if tap is None:
        return None
    label = tap.text or tap.title or ""
    return ReplyTapped(
        **head.fields(),
        payload=tap.payload or str(tap.id or "") or label,
        label=label,
        description=tap.description or "",
    )


def _flow(head: Head, message: wire.Message) -> FlowAnswered | None:
    reply = message.interactive.nfm_reply if message.interactive is not None else None
    if reply is None or message.type != "interactive":
        return None
    fields = reply.response_json
    if isinstance(fields, str):
        fields = wire.read_inner(fields)
    return FlowAnswered(**head.fields(), answers=_answers(fields))


def _answers(fields: object) -> tuple[FlowAnswer, ...]:
    found: list[FlowAnswer] = []
    _collect(found, "", fields, _DEPTH_MAX)
    return tuple(found)


def _collect(found: list[FlowAnswer], key: str, value: object, depth: int) -> None:
    """Add an answer, or those inside it; what is nested deeper than any form is left out."""
    if len(found) == ANSWERS_READ_MAX or not depth:
        return
    if isinstance(value, Mapping):
        for name, inner in value.items():
            _collect(found, f"{key}.{name}" if key else name, inner, depth - 1)
    elif isinstance(value, list) and any(isinstance(one, dict | list) for one in value):
        for inner in value:
            _collect(found, key, inner, depth - 1)
    elif key:
        values = value if isinstance(value, list) else [value]
        found.append(FlowAnswer(key, tuple(_plain(one) for one in values if one is not None)))


def _plain(value: object) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value)


def _system(head: Head, system: wire.System) -> InboundEvent:
    """Read a move to another number or id, or a new owner of the same number (no new aliases)."""
    kind = system.type or "system"
    if kind == "customer_identity_changed":
        return _moved(head, head.aliases, ())
    if kind not in _MOVES:
        return ContentReceived(**head.fields(), kind=kind)
    new = aliases((system.new_wa_id or system.wa_id, system.user_id, system.parent_user_id))
    previous = aliases((None, system.previous_user_id, system.previous_parent_user_id))
    old = tuple(dict.fromkeys([a for a in (*head.aliases, *previous) if a not in new]))
    return _moved(head, old or _told(system.body), new)


def _told(sentence: str | None) -> tuple[Alias, ...]:
    """Find the old name in "User … changed from A to B": for some people it is only there."""
    found = _MOVED.search(sentence or "")
    if found is None:
        return ()
    return aliases((found[1], found[1], None))


def _moved(head: Head, old: tuple[Alias, ...], new: tuple[Alias, ...]) -> InboundEvent:
    return NumberChanged(**head._replace(aliases=old).fields(), new_aliases=new)
