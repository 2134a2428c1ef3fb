"""What a webhook tells us, in our own words.

Meta's dialect ends at the door (`graph.inbound`): everything behind it works on these values.
Every notice carries a `source_id`, the name under which Meta may deliver it again, and the
aliases of the person it is about.
"""

from __future__ import annotations

from enum import StrEnum

from askfirst.domain.brakes.signal import Signal
from askfirst.domain.opt_out.flow_stop import FlowAnswer
from askfirst.domain.tenants.sender import TemplateState
from askfirst.domain.tenants.template_content import TemplateContent, TemplateQuality
from askfirst.domain.value import Value
from askfirst.domain.values.alias import Alias
from askfirst.domain.values.ids import PhoneNumberId, WabaId
from askfirst.domain.values.purpose import Category
from askfirst.domain.values.timestamp import Instant


class InboundEvent(Value, frozen=True, kw_only=True):
    """What all notices share. `source_id` is what makes a second delivery a duplicate.

    `phone_number_id` routes to a business; account-level notices have only `waba_id`.
    `aliases` all name one person: Meta signed them together.
    """

    source_id: str
    phone_number_id: PhoneNumberId | None
    waba_id: WabaId | None
    aliases: tuple[Alias, ...] = ()
    occurred_at: Instant | None = None


class TextReceived(InboundEvent, frozen=True, kw_only=True):
    """The person typed a message."""

    text: str


class ReplyTapped(InboundEvent, frozen=True, kw_only=True):
    """The person tapped a quick reply, a reply button or a list row that we offered.

    `description` is what stood below the label of a list row.
    """

    payload: str
    label: str
    description: str = ""


class FlowAnswered(InboundEvent, frozen=True, kw_only=True):
    """The person sent off a WhatsApp Flow, a form of the business's in the chat."""

    answers: tuple[FlowAnswer, ...]


class ContentReceived(InboundEvent, frozen=True, kw_only=True):
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


class RestrictedMessage(InboundEvent, frozen=True, kw_only=True):
    """A message that can say no, and nothing else: no yes, no code, no window of the person's."""

    context: MessageContext
    message: TextReceived | ReplyTapped | FlowAnswered | ContentReceived


class CallReceived(InboundEvent, frozen=True, kw_only=True):
    """The person called the business, answered or not."""


class PersonNamed(InboundEvent, frozen=True, kw_only=True):
    """Meta names a person by the way, by all names in `aliases`; the person said nothing."""


class Preference(StrEnum):
    """Meta's own marketing switch."""

    STOP = "stop"
    RESUME = "resume"
    SIGNUP = "signup"


class PreferenceChanged(InboundEvent, frozen=True, kw_only=True):
    """The person used WhatsApp's own switch for marketing messages, or Meta's sign-up link."""

    preference: Preference


class DeliveryReported(InboundEvent, frozen=True, kw_only=True):
    """What became of a message we sent: `status` is Meta's word, `codes` its error codes.

    `reference` is what we gave along with the message, for Meta to repeat here.
    """

    message_id: str
    status: str
    codes: tuple[int, ...] = ()
    reference: str = ""


class NumberChanged(InboundEvent, frozen=True, kw_only=True):
    """The person moved to another number or id: `aliases` are the old ones."""

    new_aliases: tuple[Alias, ...]


class TemplateChanged(InboundEvent, frozen=True, kw_only=True):
    """Meta changed a template: its state, category, quality or words (None: unchanged)."""

    name: str
    language: str
    state: TemplateState | None = None
    category: Category | None = None
    quality: TemplateQuality | None = None
    content: TemplateContent | None = None


class MessagingLimitChanged(InboundEvent, frozen=True, kw_only=True):
    """Meta says to how many people the portfolio may write outside windows in 24 hours.

    `limit` 0 is none.
    """

    limit: int


class BrakeSignalled(InboundEvent, frozen=True, kw_only=True):
    """Meta restricts, warns or rates an account, a sender or a template, or takes that back."""

    signals: tuple[Signal, ...]


class Unrecognised(InboundEvent, frozen=True, kw_only=True):
    """Signed by Meta, but nothing we act on; kept with the body, never refused."""

    kind: str
