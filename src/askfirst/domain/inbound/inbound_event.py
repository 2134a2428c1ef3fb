"""What a webhook tells us, in our own words.

Meta's dialect ends at the door (`graph.inbound`): everything behind it works on these values.
Every notice carries a `source_id`, the name under which Meta may deliver it again, and the
aliases of the person it is about.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from askfirst.domain.brakes.signal import Signal
from askfirst.domain.opt_out.flow_stop import FlowAnswer
from askfirst.domain.tenants.sender import TemplateState
from askfirst.domain.tenants.template_content import TemplateContent, TemplateQuality
from askfirst.domain.values.alias import Alias
from askfirst.domain.values.ids import PhoneNumberId, WabaId
from askfirst.domain.values.purpose import Category
from askfirst.domain.values.timestamp import Instant


@dataclass(frozen=True, slots=True, kw_only=True)
class InboundEvent:
    """What all notices share. `source_id` is what makes a second delivery a duplicate.

    `phone_number_id` routes to a business; account-level notices have only `waba_id`.
    `aliases` all name one person: Meta signed them together.
    """

    source_id: str
    phone_number_id: PhoneNumberId | None
    waba_id: WabaId | None
    aliases: tuple[Alias, ...] = ()
    occurred_at: Instant | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class TextReceived(InboundEvent):
    """The person typed a message."""

    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ReplyTapped(InboundEvent):
    """The person tapped a quick reply, a reply button or a list row that we offered.

    `description` is what stood below the label of a list row.
    """

    payload: str
    label: str
    description: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class FlowAnswered(InboundEvent):
    """The person sent off a WhatsApp Flow, a form of the business's in the chat."""

    answers: tuple[FlowAnswer, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ContentReceived(InboundEvent):
    """The person sent something else: a picture, a location, a reaction … `kind` is Meta's type.

    `words` is what they typed along with it: a caption, a note to an order.
    """

    kind: str
    words: str = ""


class MessageContext(StrEnum):
    """Why a message can say no, and nothing else.

    `edit`: an older message was changed or taken back. `group`: others read and write there, too.
    `history`: it was written before the sender was connected, and Meta hands it over now.
    """

    EDIT = "edit"
    GROUP = "group"
    HISTORY = "history"


@dataclass(frozen=True, slots=True, kw_only=True)
class RestrictedMessage(InboundEvent):
    """A message that can say no, and nothing else: no yes, no code, no window of the person's."""

    context: MessageContext
    message: TextReceived | ReplyTapped | FlowAnswered | ContentReceived


@dataclass(frozen=True, slots=True, kw_only=True)
class CallReceived(InboundEvent):
    """The person called the business, answered or not."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonNamed(InboundEvent):
    """Meta names a person by the way, by all names in `aliases`; the person said nothing."""


class Preference(StrEnum):
    """Meta's own marketing switch."""

    STOP = "stop"
    RESUME = "resume"
    SIGNUP = "signup"


@dataclass(frozen=True, slots=True, kw_only=True)
class PreferenceChanged(InboundEvent):
    """The person used WhatsApp's own switch for marketing messages, or Meta's sign-up link."""

    preference: Preference


@dataclass(frozen=True, slots=True, kw_only=True)
class DeliveryReported(InboundEvent):
    """What became of a message we sent: `status` is Meta's word, `codes` its error codes.

    `reference` is what we gave along with the message, for Meta to repeat here.
    """

    message_id: str
    status: str
    codes: tuple[int, ...] = ()
    reference: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class NumberChanged(InboundEvent):
    """The person moved to another number or id: `aliases` are the old ones."""

    new_aliases: tuple[Alias, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class TemplateChanged(InboundEvent):
    """Meta changed a template: its state, category, quality or words (None: unchanged)."""

    name: str
    language: str
    state: TemplateState | None = None
    category: Category | None = None
    quality: TemplateQuality | None = None
    content: TemplateContent | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class MessagingLimitChanged(InboundEvent):
    """Meta says to how many people the portfolio may write outside windows in 24 hours.

    `limit` 0 is none.
    """

    limit: int


@dataclass(frozen=True, slots=True, kw_only=True)
class BrakeSignalled(InboundEvent):
    """Meta restricts, warns or rates an account, a sender or a template, or takes that back."""

    signals: tuple[Signal, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Unrecognised(InboundEvent):
    """Signed by Meta, but nothing we act on; kept with the body, never refused."""

    kind: str
