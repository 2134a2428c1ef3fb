"""A webhook POST of Meta's, as notices of ours.

Nothing that Meta may send is refused for being new: unknown fields, types and shapes become
`Unrecognised` or `ContentReceived`. A `revoke` or an `edit` is content, not a text, so it
can neither undo a STOP nor be one.
"""

from __future__ import annotations

import hashlib
import re
from typing import NamedTuple

from askfirst.domain.alias import Alias
from askfirst.domain.errors import InvalidInput
from askfirst.domain.ids import PhoneNumberId, WabaId
from askfirst.domain.instant import Instant, from_unix_seconds
from askfirst.domain.notice import (
    ContentReceived,
    DeliveryReported,
    Notice,
    NumberChanged,
    Preference,
    PreferenceChanged,
    ReplyTapped,
    TemplateChanged,
    TextReceived,
    Unrecognised,
)
from askfirst.graph import wire
from askfirst.graph.person import aliases, known_aliases
from askfirst.graph.template_state import template_category, template_language, template_state

UPDATES_MAX = 1_000
"""Meta: "up to 1,000 updates per POST"."""

_PREFERENCES = {word.value: word for word in Preference}
_MOVES = frozenset({"user_changed_number", "user_changed_user_id", "user_id_update"})
_MOVED = re.compile(r" changed from (\S+) to (\S+)\Z")
_CONVERSATION = frozenset({"", "messages", "user_preferences", "user_id_update"})
_NODE_DIGITS_MAX = 32
_ID_MAX = 512
_CODE_MAX = 2**31 - 1


class _Origin(NamedTuple):
    """Where an update stands: its account, sender, companions and time."""

    field: str
    waba_id: WabaId | None
    phone_number_id: PhoneNumberId | None
    contacts: tuple[wire.Contact, ...]
    time: wire.Loose


def read_webhook(body: bytes) -> tuple[Notice, ...]:
    """Turn a verified POST into notices, in the order Meta gave them.

    Raises InvalidInput naming `body` where it is no JSON object, too deep, or holds more
    than 1,000 updates.
    """
    reader = _Reader(body)
    for entry in wire.read_envelope(body).entry or ():
        waba_id = _node(entry.id)
        for change in entry.changes or ():
            value = change.value or wire.Value()
            sender = _node(value.metadata.phone_number_id) if value.metadata else None
            reader.take(
                _Origin(
                    change.field or "",
                    WabaId(waba_id) if waba_id else None,
                    PhoneNumberId(sender) if sender else None,
                    value.contacts or (),
                    entry.time,
                ),
                value,
            )
    return tuple(reader.notices)


class _Reader:
    """Collects the notices of one body."""

    __slots__ = ("_body", "_digest", "notices")

    def __init__(self, body: bytes) -> None:
        self._body = body
        self._digest = ""
        self.notices: list[Notice] = []

    def take(self, origin: _Origin, value: wire.Value) -> None:
        before = len(self.notices)
        if origin.field in _CONVERSATION:
            for message in value.messages or ():
                self._add(self._message(origin, message))
            for status in value.statuses or ():
                self._add(self._status(origin, status))
            for preference in value.user_preferences or ():
                self._add(self._preference(origin, preference))
            for update in value.user_id_update or ():
                self._add(self._id_update(origin, update))
        if len(self.notices) == before:
            kind = origin.field or "unnamed"
            self._add(_template(origin, value) or self._unrecognised(origin, kind))

    def _add(self, notice: Notice) -> None:
        if len(self.notices) == UPDATES_MAX:
            raise InvalidInput("body", "must hold 1,000 updates at most")
        self.notices.append(notice)

    def _place(self, what: str) -> str:
        """Name an update that has no id of its own by the bytes it came in and its place."""
        if not self._digest:
            self._digest = hashlib.sha256(self._body).hexdigest()
        return f"{what}|{self._digest}|{len(self.notices)}"

    def _unrecognised(self, origin: _Origin, kind: str) -> Notice:
        return Unrecognised(
            source_id=self._place(kind),
            phone_number_id=origin.phone_number_id,
            waba_id=origin.waba_id,
            occurred_at=_instant(origin.time),
            kind=kind,
        )

    def _message(self, origin: _Origin, message: wire.Message) -> Notice:
        names = (message.sender, message.from_user_id, message.from_parent_user_id)
        source_id = _id(message.id) if message.id else self._place("message")
        people = known_aliases(names, origin.contacts)
        occurred_at = _instant(message.timestamp)
        text = message.text.body if message.text is not None else None
        if text is not None and message.type in (None, "text"):
            return TextReceived(
                source_id=source_id,
                phone_number_id=origin.phone_number_id,
                waba_id=origin.waba_id,
                aliases=people,
                occurred_at=occurred_at,
                text=text,
            )
        head = _Head(source_id, origin.phone_number_id, origin.waba_id, people, occurred_at)
        if message.type == "system" and message.system is not None:
            return _system(head, message.system)
        return _tap(head, message) or _content(head, _kind(message))

    def _status(self, origin: _Origin, status: wire.Status) -> Notice:
        codes = tuple([_code(error.code) for error in status.errors or ()])
        word = status.status or ""
        message_id = _id(status.id or "")
        parts = (message_id, word, str(status.timestamp or ""), ",".join(map(str, codes)))
        return DeliveryReported(
            source_id="|".join(parts) if message_id else self._place("status"),
            phone_number_id=origin.phone_number_id,
            waba_id=origin.waba_id,
            aliases=_recipient(origin, status),
            occurred_at=_instant(status.timestamp),
            message_id=message_id,
            status=word,
            codes=codes,
            reference=status.biz_opaque_callback_data or "",
        )

    def _preference(self, origin: _Origin, preference: wire.Preference) -> Notice:
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

    def _id_update(self, origin: _Origin, update: wire.IdUpdate) -> Notice:
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


class _Head(NamedTuple):
    """What every notice about a message begins with."""

    source_id: str
    phone_number_id: PhoneNumberId | None
    waba_id: WabaId | None
    aliases: tuple[Alias, ...]
    occurred_at: Instant | None


def _content(head: _Head, kind: str) -> Notice:
    return ContentReceived(
        source_id=head.source_id,
        phone_number_id=head.phone_number_id,
        waba_id=head.waba_id,
        aliases=head.aliases,
        occurred_at=head.occurred_at,
        kind=kind,
    )


def _kind(message: wire.Message) -> str:
    """Name the content: an interactive reply by what was replied."""
    if message.type == "interactive" and message.interactive is not None:
        return message.interactive.type or "interactive"
    return message.type or "unnamed"


def _tap(head: _Head, message: wire.Message) -> Notice | None:
    tap: wire.Tap | None = None
    if message.type == "button":
        tap = message.button
    elif message.type == "interactive" and message.interactive is not None:
        tap = message.interactive.button_reply or message.interactive.list_reply
    if tap is None:
        return None
    label = tap.text or tap.title or ""
    return ReplyTapped(
        source_id=head.source_id,
        phone_number_id=head.phone_number_id,
        waba_id=head.waba_id,
        aliases=head.aliases,
        occurred_at=head.occurred_at,
        payload=tap.payload or str(tap.id or "") or label,
        label=label,
    )


def _system(head: _Head, system: wire.System) -> Notice:
    """Read a move to another number or id, or a new owner of the same number (no new aliases)."""
    kind = system.type or "system"
    if kind == "customer_identity_changed":
        return _moved(head, head.aliases, ())
    if kind not in _MOVES:
        return _content(head, kind)
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


def _moved(head: _Head, old: tuple[Alias, ...], new: tuple[Alias, ...]) -> Notice:
    return NumberChanged(
        source_id=head.source_id,
        phone_number_id=head.phone_number_id,
        waba_id=head.waba_id,
        aliases=old,
        occurred_at=head.occurred_at,
        new_aliases=new,
    )


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


def _template(origin: _Origin, value: wire.Value) -> Notice | None:
    """Read a template's change of state or category; a change of its quality is neither."""
    name = value.message_template_name
    if not name or not (value.event or value.new_category or value.correct_category):
        return None
    word = value.new_category or value.message_template_category
    correct = value.correct_category
    facts = (value.event or "", word or "", correct or "", str(origin.time or ""))
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
    )


def _node(value: wire.Loose) -> str | None:
    text = str(value or "")
    shaped = text.isascii() and text.isdigit() and len(text) <= _NODE_DIGITS_MAX
    return text if shaped else None


def _id(value: str | int) -> str:
    """Give an id as it came; one that no store would take as text is named by its hash."""
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
        return from_unix_seconds(int(value)) if value else None
    except ValueError:
        return None
