"""A webhook POST of Meta's, as notices of ours.

Nothing that Meta may send is refused for being new: unknown fields, types and shapes become
`Unrecognised` or `ContentReceived`. A `revoke` or an `edit` cannot undo a STOP: it is a message of
its own, which can only say no. What the business wrote itself (`smb_message_echoes`, its side of
the `history`) is never read as the person's words.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from functools import lru_cache

from askfirst.domain.inbound.delivery import Place
from askfirst.domain.inbound.inbound_event import (
    BrakeSignalled,
    CallReceived,
    DeliveryReported,
    InboundEvent,
    MessageContext,
    MessagingLimitChanged,
    NumberChanged,
    PersonNamed,
    Preference,
    PreferenceChanged,
    TemplateChanged,
    Unrecognised,
)
from askfirst.domain.tenants.template_content import TemplateContent
from askfirst.domain.value import Value
from askfirst.domain.values.alias import Alias
from askfirst.domain.values.errors import InvalidInput
from askfirst.domain.values.ids import PhoneNumberId, WabaId
from askfirst.domain.values.phone import subscriber
from askfirst.domain.values.timestamp import Instant, from_unix_seconds
from askfirst.graph.inbound import wire
from askfirst.graph.inbound.account_notice import read_signals
from askfirst.graph.inbound.message import Head, read_sent, shared_number
from askfirst.graph.inbound.person import Names, aliases, known_aliases
from askfirst.graph.tenants.messaging_limit import read_messaging_limit
from askfirst.graph.tenants.template_content import told_content
from askfirst.graph.tenants.template_state import (
    template_category,
    template_language,
    template_quality,
    template_state,
)

UPDATES_MAX = 1_000
"""Meta: "up to 1,000 updates per POST". A piece of history may hold thousands of messages."""

_PREFERENCES = {word.value: word for word in Preference}
_CONVERSATION = frozenset({"", "messages", "user_preferences", "user_id_update"})
_CALLS, _HISTORY, _ECHOES = "calls", "history", "smb_message_echoes"
_CAPABILITIES = frozenset({"business_capability_update", "phone_number_quality_update"})
_USER_INITIATED = "USER_INITIATED"
_NODE_DIGITS_MAX = 32
_ID_MAX = 512
_CODE_MAX = 2**31 - 1
_FIELD = re.compile(r"[a-z_]{1,64}", re.ASCII)


class _Origin(Value, frozen=True):
    """Where an update stands: its account, sender, companions and time."""

    field: str
    waba_id: WabaId | None
    phone_number_id: PhoneNumberId | None
    contacts: tuple[wire.Contact, ...]
    time: wire.Loose
    own_number: wire.Loose
    """The sender's own, as it is displayed: who writes from it is the business."""


def read_webhook(body: bytes) -> tuple[InboundEvent, ...]:
    """Turn a verified POST into notices, in the order Meta gave them.

    Raises InvalidInput naming `body` where it is no JSON object, too deep, or holds more
    than 1,000 updates.
    """
    return read_placed(body)[0]


def read_placed(body: bytes) -> tuple[tuple[InboundEvent, ...], tuple[Place, ...]]:
    """Read the notices, as `read_webhook` does, and each place that they stand in, once."""
    reader = _Reader(body)
    places: dict[Place, None] = {}
    for entry in wire.read_envelope(body).entry or ():
        waba_id = node_id(entry.id)
        for change in entry.changes or ():
            value = change.value or wire.Value()
            metadata = value.metadata
            sender = node_id(metadata.phone_number_id) if metadata else None
            account = WabaId(waba_id) if waba_id else None
            number = PhoneNumberId(sender) if sender else None
            places[Place(account, number, field_name(change.field))] = None
            reader.take(
                _Origin(
                    change.field or "",
                    account,
                    number,
                    value.contacts or (),
                    entry.time,
                    metadata.display_phone_number if metadata else None,
                ),
                value,
            )
    return tuple(reader.notices), tuple(places)


@lru_cache(maxsize=256)
def field_name(value: str | None) -> str:
    """Return the name of a change's field; what is none of Meta's shape is no name."""
    return value if value and _FIELD.fullmatch(value) else ""


class _Reader:
    """Collects the notices of one body."""

    __slots__ = ("_body", "_digest", "_updates", "notices")

    def __init__(self, body: bytes) -> None:
        self._body = body
        self._digest = ""
        self._updates = 0
        self.notices: list[InboundEvent] = []

    def take(self, origin: _Origin, value: wire.Value) -> None:
        before = len(self.notices)
        if origin.field in _CONVERSATION:
            self._take_conversation(origin, value)
        elif origin.field == _CALLS:
            self._take_calls(origin, value)
        elif origin.field == _HISTORY:
            self._take_history(origin, value)
        elif origin.field == _ECHOES:
            for echo in value.message_echoes or ():
                names = (echo.to, echo.to_user_id, echo.to_parent_user_id)
                self._add_named(origin, names, echo.timestamp)
        if len(self.notices) == before:
            self._take_account_news(origin, value)

    def _take_account_news(self, origin: _Origin, value: wire.Value) -> None:
        """Take all that is told of an account: a template's quality may set a brake, too."""
        signals, template = self._signals(origin, value), _template(origin, value)
        told = [one for one in (signals, template, self._messaging_limit(origin, value)) if one]
        if not told:
            told.append(self._unrecognised(origin, origin.field or "unnamed"))
        self._add(told[0])
        self.notices += told[1:]  # one update of Meta's

    def _take_conversation(self, origin: _Origin, value: wire.Value) -> None:
        for message in value.messages or ():
            self._add(self._message(origin, message))
        if value.statuses:
            for status in value.statuses:
                self._add(self._status(origin, status))
        for preference in value.user_preferences or ():
            self._add(self._preference(origin, preference))
        for update in value.user_id_update or ():
            self._add(self._id_update(origin, update))

    def _add(self, notice: InboundEvent) -> None:
        if self._updates == UPDATES_MAX:
            raise InvalidInput("body", "must hold 1,000 updates at most")
        self._updates += 1
        self.notices.append(notice)

    def _place(self, what: str) -> str:
        """Name an update that has no id of its own by the bytes it came in and its place."""
        if not self._digest:
            self._digest = hashlib.sha256(self._body).hexdigest()
        return f"{what}|{self._digest}|{len(self.notices)}"

    def _unrecognised(self, origin: _Origin, kind: str) -> InboundEvent:
        return Unrecognised(
            source_id=self._place(kind),
            phone_number_id=origin.phone_number_id,
            waba_id=origin.waba_id,
            occurred_at=_instant(origin.time),
            kind=kind,
        )

    def _signals(self, origin: _Origin, value: wire.Value) -> InboundEvent | None:
        """Read what sets a brake. One that says when it was said counts from then on."""
        at = _instant(origin.time) or Instant(0)
        signals = read_signals(origin.field, origin.waba_id or "", value, at)
        if not signals or origin.waba_id is None:
            return None
        return BrakeSignalled(
            source_id=self._place(origin.field),
            phone_number_id=origin.phone_number_id,
            waba_id=origin.waba_id,
            occurred_at=_instant(origin.time),
            signals=signals,
        )

    def _messaging_limit(self, origin: _Origin, value: wire.Value) -> InboundEvent | None:
        limit = read_messaging_limit(value.max_daily_conversations_per_business)
        if limit is None or origin.field not in _CAPABILITIES:
            return None
        return MessagingLimitChanged(
            source_id=self._place(origin.field),
            phone_number_id=origin.phone_number_id,
            waba_id=origin.waba_id,
            occurred_at=_instant(origin.time),
            limit=limit,
        )

    def _take_calls(self, origin: _Origin, value: wire.Value) -> None:
        for call in value.calls or ():
            if call.direction == _USER_INITIATED:
                self._add(self._call(origin, call))
            else:
                names = (call.to, call.to_user_id, call.to_parent_user_id)
                self._add_named(origin, names, call.timestamp)
        for status in value.statuses or ():
            self._add_named(origin, _recipient_names(status), status.timestamp)

    def _call(self, origin: _Origin, call: wire.Call) -> InboundEvent:
        """Read a customer's call: it counts from when it began. Its end alone tells no beginning.

        Meta: the customer service window opens "when a WhatsApp user messages or calls you".
        """
        names = (call.sender, call.from_user_id, call.from_parent_user_id)
        began = call.timestamp if call.event == "connect" else call.start_time
        if not began:
            return self._unrecognised(origin, _CALLS)
        event = f"{_id(call.id)}|{call.event or ''}" if call.id else self._place("call")
        return CallReceived(
            source_id=f"call|{event}",
            phone_number_id=origin.phone_number_id,
            waba_id=origin.waba_id,
            aliases=known_aliases(names, origin.contacts),
            occurred_at=_instant(began),
        )

    def _take_history(self, origin: _Origin, value: wire.Value) -> None:
        """Take the customers' side of what Meta hands over; media comes later, in `messages`."""
        for message in value.messages or ():
            if not _is_own(origin, message):
                self.notices.append(self._message(origin, message, MessageContext.HISTORY))
        for thread, message in _history(value):
            if _is_of_thread(origin, thread, message):
                self.notices.append(self._message(origin, message, MessageContext.HISTORY))

    def _add_named(self, origin: _Origin, names: Names, timestamp: wire.Loose) -> None:
        """Take what is learnt of a person in passing; one name alone teaches nothing."""
        people = known_aliases(names, origin.contacts)
        if len(people) > 1:
            self._add(
                PersonNamed(
                    source_id=self._place("named"),
                    phone_number_id=origin.phone_number_id,
                    waba_id=origin.waba_id,
                    aliases=people,
                    occurred_at=_instant(timestamp),
                )
            )

    def _message(
        self, origin: _Origin, message: wire.Message, context: MessageContext | None = None
    ) -> InboundEvent:
        names = (message.sender, message.from_user_id, message.from_parent_user_id)
        people = known_aliases(names, origin.contacts)
        if message.contacts and not any(alias.is_number for alias in people):
            people = aliases((shared_number(message), None, None)) + people
        head = Head(
            _id(message.id) if message.id else self._place("message"),
            origin.phone_number_id,
            origin.waba_id,
            people,
            _instant(message.timestamp),
        )
        if message.group_id:
            context = context or MessageContext.GROUP
        return read_sent(head, message, context)

    def _status(self, origin: _Origin, status: wire.Status) -> InboundEvent:
        codes = tuple([_code(error.code) for error in status.errors]) if status.errors else ()
        word = status.status or ""
        message_id = _id(status.id) if status.id else ""
        told = ",".join(map(str, codes)) if codes else ""
        return DeliveryReported(
            source_id=(
                f"{message_id}|{word}|{status.timestamp or ''}|{told}"
                if message_id
                else self._place("status")
            ),
            phone_number_id=origin.phone_number_id,
            waba_id=origin.waba_id,
            aliases=_recipient(origin, status),
            occurred_at=_instant(status.timestamp),
            message_id=message_id,
            status=word,
            codes=codes,
            reference=status.biz_opaque_callback_data or "",
        )

    def _preference(self, origin: _Origin, preference: wire.Preference) -> InboundEvent:
        """Read Meta's switch; only a no may come under a category that is not marketing's."""
        word = _PREFERENCES.get((preference.value or "").lower())
        marketing = (preference.category or "marketing").lower().startswith("marketing")
        if word is None or not (marketing or word is Preference.STOP):
            return self._unrecognised(origin, "user_preferences")
        names = (preference.wa_id, preference.user_id, preference.parent_user_id)
        people = known_aliases(names, origin.contacts)
        return PreferenceChanged(
            source_id=self._act(origin, word.value, people, preference.timestamp),
            phone_number_id=origin.phone_number_id,
            waba_id=origin.waba_id,
            aliases=people,
            occurred_at=_instant(preference.timestamp),
            preference=word,
        )

    def _id_update(self, origin: _Origin, update: wire.IdUpdate) -> InboundEvent:
        user, parent = update.user_id or wire.Renamed(), update.parent_user_id or wire.Renamed()
        people = aliases((update.wa_id, user.previous, parent.previous))
        return NumberChanged(
            source_id=self._act(origin, "user_id_update", people, update.timestamp),
            phone_number_id=origin.phone_number_id,
            waba_id=origin.waba_id,
            aliases=people,
            occurred_at=_instant(update.timestamp),
            new_aliases=aliases((None, user.current, parent.current)),
        )

    def _act(
        self, origin: _Origin, what: str, people: tuple[Alias, ...], timestamp: wire.Loose
    ) -> str:
        """Name an act that Meta gives no id by who did what when; hashed: it is kept for ever."""
        if not timestamp or not people:
            return self._place(what)
        parts = (origin.phone_number_id or "", people[0].key, what, str(timestamp))
        return f"{what}|{hashlib.sha256('|'.join(parts).encode()).hexdigest()}"


def _recipient(origin: _Origin, status: wire.Status) -> tuple[Alias, ...]:
    """Name whom a message was for; in a group `recipient_id` is the group, not a person."""
    if status.group_id or status.recipient_type == "group":
        participant = (
            status.recipient_participant_id,
            status.recipient_participant_user_id,
            status.recipient_participant_parent_user_id,
        )
        return aliases(participant)
    parent = status.parent_recipient_user_id or status.recipient_parent_user_id
    names = (status.recipient_id, status.recipient_user_id, parent)
    return known_aliases(names, origin.contacts)


def _recipient_names(status: wire.Status) -> Names:
    parent = status.parent_recipient_user_id or status.recipient_parent_user_id
    return (status.recipient_id, status.recipient_user_id, parent)


def _history(value: wire.Value) -> Iterator[tuple[wire.Thread, wire.Message]]:
    for chunk in value.history or ():
        for thread in chunk.threads or ():
            for message in thread.messages or ():
                yield thread, message


def _is_of_thread(origin: _Origin, thread: wire.Thread, message: wire.Message) -> bool:
    """Return whether the customer of a thread wrote a message, and not the business."""
    if _is_own(origin, message):
        return False
    if not message.sender or _digits(origin.own_number):
        return True
    # Where the business's number is not told, only the thread says whose message it is.
    return _digits(message.sender) == _digits(thread.id)


def _is_own(origin: _Origin, message: wire.Message) -> bool:
    """Return whether the business wrote a message itself; doubt where nobody is named."""
    if not message.sender:
        return not message.from_user_id
    sender, own = _digits(message.sender), _digits(origin.own_number)
    if sender == origin.phone_number_id:
        return True
    return bool(own) and subscriber(sender) == subscriber(own)


def _digits(value: wire.Loose) -> str:
    return "".join(filter(str.isdecimal, str(value or "")))


def _template(origin: _Origin, value: wire.Value) -> InboundEvent | None:
    """Read a change of a template, by what is told of it: Meta's examples mix the fields up."""
    name, content = value.message_template_name, _content(value)
    is_moved = value.event or value.new_category or value.correct_category
    if not name or not (is_moved or value.new_quality_score or content):
        return None
    word = value.new_category or value.message_template_category
    correct = value.correct_category
    facts = [value.event or "", word or "", correct or "", str(origin.time or "")]
    if value.new_quality_score:
        facts.append(value.new_quality_score)
    if content:
        facts.append(hashlib.sha256(repr(content).encode()).hexdigest())
    language = template_language(value.message_template_language)
    return TemplateChanged(
        source_id="|".join((origin.field, origin.waba_id or "", name, language, *facts)),
        phone_number_id=origin.phone_number_id,
        waba_id=origin.waba_id,
        occurred_at=_instant(origin.time),
        name=name,
        language=language,
        state=template_state(value.event) if value.event else None,
        category=template_category(word, correct) if word or correct else None,
        quality=template_quality(value.new_quality_score) if value.new_quality_score else None,
        content=content,
    )


def _content(value: wire.Value) -> TemplateContent | None:
    """Read what a template says now; an update of its words has all of them."""
    if not value.message_template_element:
        return None
    buttons = [
        (button.message_template_button_type or "", button.message_template_button_text or "")
        for button in value.message_template_buttons or ()
    ]
    return told_content(
        value.message_template_title,
        value.message_template_element,
        value.message_template_footer,
        buttons,
    )


@lru_cache(maxsize=1_024)
def node_id(value: wire.Loose) -> str | None:
    """Return the id of an account or a sender: few, and named in each delivery."""
    text = str(value or "")
    shaped = text.isascii() and text.isdigit() and len(text) <= _NODE_DIGITS_MAX
    return text if shaped else None


def _id(value: str | int) -> str:
    """Return an id as it came; one that no store would take as text is named by its hash."""
    text = str(value)
    if len(text) <= _ID_MAX and text.isprintable():
        return text
    return "sha256:" + hashlib.sha256(text.encode()).hexdigest()


def _code(value: wire.Loose) -> int:
    try:
        code = int(value or 0)
    except ValueError:
        return 0
    return code if 0 <= code <= _CODE_MAX else 0


def _instant(value: wire.Loose) -> Instant | None:
    try:
        return _moment(value) if value else None
    except ValueError:
        return None


@lru_cache(maxsize=128)
def _moment(value: str | int) -> Instant:
    """Read a time stamp: many updates have the same."""
    return from_unix_seconds(int(value))
