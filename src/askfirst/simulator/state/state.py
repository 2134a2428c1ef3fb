"""What the simulated WhatsApp knows: businesses' numbers, templates, links, phones, a log.

State lives in memory and belongs to one event loop. Phones come into being when somebody
writes to them: here every well-formed number is on WhatsApp.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from askfirst.domain.values.errors import InvalidInput, UnknownReference
from askfirst.simulator.state.belongings import Belongings
from askfirst.simulator.state.spelling import user_id_of, wa_id_of

INBOX_MAX = 1_000
EVENTS_MAX = 1_000
LOG_MAX = 1_000_000
WINDOW_SECONDS = 24 * 60 * 60


@dataclass(frozen=True, slots=True, kw_only=True)
class BusinessNumber:
    """A number that a business writes from."""

    phone_number_id: str
    waba_id: str
    digits: str
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Template:
    """A template in one language, in Meta's words."""

    template_id: str
    waba_id: str
    name: str
    language: str
    category: str
    status: str = "APPROVED"
    components: Sequence[Mapping[str, Any]] = ()
    ttl_seconds: int | None = None

    def component(self, kind: str) -> Mapping[str, Any]:
        """Find `BODY`, `BUTTONS` … ; empty where the template has none."""
        return next((c for c in self.components if str(c.get("type")).upper() == kind), {})


@dataclass(frozen=True, slots=True)
class Button:
    """Something to tap: `kind` is how the tap comes back (`button`, `button_reply` …)."""

    title: str
    payload: str
    kind: str


@dataclass(frozen=True, slots=True)
class Link:
    """A button that opens a page."""

    title: str
    url: str


@dataclass(frozen=True, slots=True)
class CopyCode:
    """A button that copies a one-time code, as long as the code lives."""

    title: str
    code: str
    expires_at: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Letter:
    """A message in somebody's inbox."""

    message_id: str
    phone_number_id: str
    received_at: float
    type: str
    text: str
    header: str = ""
    footer: str = ""
    template: str = ""
    category: str = ""
    language: str = ""
    buttons: tuple[Button, ...] = ()
    links: tuple[Link, ...] = ()
    copy_code: CopyCode | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """What a person did: `text` typed or tapped, or a switch turned (`act`).

    `status` is what the business's receiver answered, 0 where nobody listens.
    """

    phone_number_id: str
    at: float
    text: str = ""
    act: str = ""
    status: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Sms:
    """A text message that came another way."""

    sms_id: str
    received_at: float
    text: str


@dataclass(slots=True, kw_only=True)
class Troubles:
    """What goes wrong with what is sent to a phone. `fail_with` is a code of Meta's, 0 for none."""

    not_on_whatsapp: bool = False
    no_delivery: bool = False
    fail_with: int = 0
    sms_fails: bool = False


@dataclass(slots=True)
class Phone:
    """A person's phone. `stopped`, `blocked` and `wrote_at` are per business number."""

    wa_id: str
    user_id: str
    name: str
    stopped: set[str] = field(default_factory=set)
    blocked: set[str] = field(default_factory=set)
    wrote_at: dict[str, float] = field(default_factory=dict)
    unread: dict[str, str] = field(default_factory=dict)
    inbox: deque[Letter] = field(default_factory=lambda: deque(maxlen=INBOX_MAX))
    said: deque[Said] = field(default_factory=lambda: deque(maxlen=INBOX_MAX))
    sms: deque[Sms] = field(default_factory=lambda: deque(maxlen=INBOX_MAX))
    troubles: Troubles = field(default_factory=Troubles)

    def has_open_window(self, phone_number_id: str, now: float) -> bool:
        """Return whether the person wrote to this business within 24 hours."""
        return now - self.wrote_at.get(phone_number_id, float("-inf")) < WINDOW_SECONDS

    def letter(self, message_id: str) -> Letter:
        """Find a message in the inbox."""
        for letter in self.inbox:
            if letter.message_id == message_id:
                return letter
        raise UnknownReference("message_id", "is not a message in this inbox")


@dataclass(frozen=True, slots=True, kw_only=True)
class ManagedLink:
    """A link of Meta's that opens a chat with a text ready."""

    code: str
    phone_number_id: str
    prefilled_message: str


@dataclass(frozen=True, slots=True, kw_only=True)
class LoggedSend:
    """One send that reached us, whatever became of it: the ground truth of tests.

    `seen_ns` is the monotonic time at which the request was first seen. `code` is 0 unless
    the send was refused at once or failed later.
    """

    seen_ns: int
    path: str
    phone_number_id: str
    recipient: str
    wa_id: str
    template: str
    message_id: str
    status: str
    code: int


@dataclass(slots=True)
class World:
    """Everything there is."""

    numbers: dict[str, BusinessNumber] = field(default_factory=dict)
    templates: dict[tuple[str, str, str], Template] = field(default_factory=dict)
    phones: dict[str, Phone] = field(default_factory=dict)
    links: dict[str, ManagedLink] = field(default_factory=dict)
    log: deque[LoggedSend] = field(default_factory=lambda: deque(maxlen=LOG_MAX))
    logged: int = 0
    belongings: Belongings = field(default_factory=Belongings)
    events: dict[str, dict[str, Any]] = field(default_factory=dict)

    def phone(self, number: str, *, keep: bool = True) -> Phone:
        """Find a phone under any spelling of its number; a new one is kept if `keep`."""
        wa_id = wa_id_of(number)
        phone = self.phones.get(wa_id)
        if phone is None:
            phone = Phone(wa_id, user_id_of(wa_id), f"Person {wa_id[-4:]}")
            if keep:
                self.phones[wa_id] = phone
        return phone

    def phone_of_user(self, user_id: str) -> Phone | None:
        """Find a phone by its user id."""
        return next((p for p in self.phones.values() if p.user_id == user_id), None)

    def number(self, phone_number_id: str | None = None) -> BusinessNumber:
        """Find a business's number; without an id the first one."""
        if phone_number_id is None:
            return next(iter(self.numbers.values()))
        if phone_number_id not in self.numbers:
            raise UnknownReference("to", "is not the id of a business's number")
        return self.numbers[phone_number_id]

    def number_with_digits(self, digits: str) -> BusinessNumber | None:
        """Find a business's number by what people dial."""
        return next((n for n in self.numbers.values() if n.digits == digits), None)

    def put_template(self, template: Template) -> None:
        """Add a template or replace it."""
        self.templates[template.waba_id, template.name, template.language] = template

    def named_template(self, waba_id: str, name: str, language: str) -> Template | None:
        """Find a template in a language."""
        return self.templates.get((waba_id, name, language))

    def template_with_id(self, template_id: str) -> Template | None:
        """Find a template by its id."""
        found = (one for one in self.templates.values() if one.template_id == template_id)
        return next(found, None)

    def move(self, phone: Phone, new: str) -> str:
        """Return a person a new number, and with it a new user id; tell the new `wa_id`."""
        wa_id = wa_id_of(new)
        if wa_id in self.phones:
            raise InvalidInput("new", "is somebody's number already")
        del self.phones[phone.wa_id]
        phone.wa_id, phone.user_id = wa_id, user_id_of(wa_id)
        phone.wrote_at.clear()
        self.phones[wa_id] = phone
        return wa_id

    def record(self, send: LoggedSend) -> None:
        """Keep a send in the log."""
        self.log.append(send)
        self.logged += 1
