"""Why a message may leave or not: a closed list.

Each code has one sentence that explains it and one that says what to do about it. Codes are
part of the interface: they are added, never renamed.
"""

from __future__ import annotations

from enum import StrEnum
from typing import Final

from askfirst.domain.values.errors import InvalidInput


class Reason(StrEnum):
    """A code that a machine can branch on."""

    OPTED_IN = "opted_in"
    INFORMED = "informed"
    WINDOW_OPEN = "window_open"
    STOP_CONFIRMATION = "stop_confirmation"
    STOP_QUESTION = "stop_question"
    CODE_ASKED_FOR = "code_asked_for"

    RECIPIENT_INVALID = "recipient_invalid"
    RECIPIENT_CONFLICT = "recipient_conflict"
    RECIPIENT_IS_SENDER = "recipient_is_sender"
    MESSAGE_UNKNOWN = "message_unknown"
    QUESTION_ALTERED = "question_altered"
    SENDER_UNKNOWN = "sender_unknown"
    SENDER_OUT_OF_SERVICE = "sender_out_of_service"
    TEMPLATE_OUT_OF_SERVICE = "template_out_of_service"
    TEMPLATE_MISSING = "template_missing"
    TEMPLATE_BECAME_MARKETING = "template_became_marketing"
    TEMPLATE_WITHOUT_STOP = "template_without_stop"
    TEMPLATE_READS_LIKE_AD = "template_reads_like_ad"
    REPLY_READS_LIKE_AD = "reply_reads_like_ad"
    LEDGER_BEHIND = "ledger_behind"
    LEDGER_ALTERED = "ledger_altered"
    COUNTRY_EMBARGOED = "country_embargoed"
    MARKETING_WITHHELD = "marketing_withheld"
    WITHDRAWN = "withdrawn"
    REFUSED = "refused"
    SUSPENDED = "suspended"
    NATIVE_STOPPED = "native_stopped"
    PAUSED_BY_PERSON = "paused_by_person"
    AWAITING_ANSWER = "awaiting_answer"
    NO_OPT_IN = "no_opt_in"
    NOTICE_NOT_ENOUGH = "notice_not_enough"
    ASSURANCE_TOO_LOW = "assurance_too_low"
    NUMBER_PROOF_TOO_LOW = "number_proof_too_low"
    OPT_IN_TOO_OLD = "opt_in_too_old"
    OPT_IN_IDLE = "opt_in_idle"
    WINDOW_CLOSED = "window_closed"
    QUIET_HOURS = "quiet_hours"
    TIME_ZONE_UNKNOWN = "time_zone_unknown"
    UNREACHABLE = "unreachable"
    DEFERRED_BY_META = "deferred_by_meta"
    IN_EXPERIMENT = "in_experiment"
    BRAKE = "brake"
    BRAKE_HELD = "brake_held"
    BRAKE_HALVED = "brake_halved"
    NEW_AND_WATCHED = "new_and_watched"
    PAUSED_BY_OPERATOR = "paused_by_operator"
    PAUSED_BY_OPERATOR_UNTIL = "paused_by_operator_until"
    DUPLICATE = "duplicate"
    FREQUENCY_CAP = "frequency_cap"
    FREQUENCY_CHOSEN = "frequency_chosen"
    FREQUENCY_LAW = "frequency_law"
    MESSAGING_LIMIT = "messaging_limit"
    PAIR_RATE = "pair_rate"
    THROUGHPUT = "throughput"
    CODES_UNWANTED = "codes_unwanted"
    NO_STOP_TO_CONFIRM = "no_stop_to_confirm"
    NOTHING_TO_ASK = "nothing_to_ask"
    LINK_SENT_TODAY = "link_sent_today"
    HELD_ENDED = "held_ended"
    PERMIT_EXPIRED = "permit_expired"

    @property
    def explanation(self) -> str:
        """One sentence: what the code means."""
        return _TEXTS[self][0]

    @property
    def remedy(self) -> str:
        """One sentence: what to do about it; empty where nothing needs doing."""
        return _TEXTS[self][1]


WAITING: Final = frozenset(
    {
        Reason.PAUSED_BY_PERSON,
        Reason.QUIET_HOURS,
        Reason.UNREACHABLE,
        Reason.DEFERRED_BY_META,
        Reason.IN_EXPERIMENT,
        Reason.BRAKE,
        Reason.BRAKE_HALVED,
        Reason.NEW_AND_WATCHED,
        Reason.PAUSED_BY_OPERATOR_UNTIL,
        Reason.FREQUENCY_CAP,
        Reason.FREQUENCY_CHOSEN,
        Reason.FREQUENCY_LAW,
        Reason.MESSAGING_LIMIT,
        Reason.PAIR_RATE,
        Reason.THROUGHPUT,
    }
)
"""What only time stands against: the decision tells when the message may leave."""


def parse_reason(text: str, field: str) -> Reason:
    """Read the code of a reason; what is none raises InvalidInput naming `field`."""
    try:
        return Reason(text)
    except ValueError as error:
        raise InvalidInput(field, "must be the code of a reason, for example no_opt_in") from error


_TEXTS = {
    Reason.OPTED_IN: ("The contact said yes to messages of this purpose.", ""),
    Reason.INFORMED: (
        "The contact was shown a notice about messages of this purpose, and never said no.",
        "",
    ),
    Reason.WINDOW_OPEN: ("The contact wrote within the last 24 hours.", ""),
    Reason.STOP_CONFIRMATION: (
        "askfirst itself confirms a stop that was said in the chat: once, within five minutes.",
        "Send nothing yourself: no message of a client leaves by this exception.",
    ),
    Reason.STOP_QUESTION: (
        "askfirst itself asks what a message meant that may be a stop: once, with buttons.",
        "Send nothing yourself: no message of a client leaves by this exception.",
    ),
    Reason.CODE_ASKED_FOR: (
        "The contact has just asked for this code via WhatsApp.",
        "Send nothing else: this exception is used up now.",
    ),
    Reason.RECIPIENT_INVALID: (
        "The recipient is neither a phone number nor a business-scoped user id.",
        "Send `to` as a number with its country code, for example +447700900123.",
    ),
    Reason.RECIPIENT_CONFLICT: (
        "`to` and `recipient` are not known to be one person.",
        "Send only one of them.",
    ),
    Reason.RECIPIENT_IS_SENDER: (
        "The message is addressed to the sender itself.",
        "Use the customer's number as recipient.",
    ),
    Reason.MESSAGE_UNKNOWN: (
        "The kind of message is not one that the gate knows.",
        "Send a template or one of Meta's message types.",
    ),
    Reason.QUESTION_ALTERED: (
        "Buttons of askfirst's stand below other words than those that their ids name.",
        "Render the question with GET /v1/prompts/{key}/render and send its words as they are.",
    ),
    Reason.SENDER_UNKNOWN: (
        "This phone number id is not a sender of the business.",
        "Register it with PUT /v1/senders/{phone_number_id}.",
    ),
    Reason.SENDER_OUT_OF_SERVICE: (
        "The sender is paused, restricted or banned.",
        "If you paused it, make it active with PUT /v1/senders; otherwise see WhatsApp Manager.",
    ),
    Reason.TEMPLATE_OUT_OF_SERVICE: (
        "Meta does not send this template now.",
        "Use another template, or wait until Meta approves or resumes this one.",
    ),
    Reason.TEMPLATE_MISSING: (
        "Meta has none of askfirst's templates for codes in this language.",
        "Make it with askfirst templates create-code; the log says why Meta did not make one.",
    ),
    Reason.TEMPLATE_BECAME_MARKETING: (
        "Meta moved this template to marketing, and nobody has accepted that yet.",
        "Change its words and ask Meta for a review, or accept it: askfirst templates accept.",
    ),
    Reason.TEMPLATE_WITHOUT_STOP: (
        "This marketing template does not say how to stop, and the policy refuses such templates.",
        'Add a stop button or words such as "Reply STOP to stop offers" to the template.',
    ),
    Reason.TEMPLATE_READS_LIKE_AD: (
        "This utility template reads like an advertisement, and the policy refuses those.",
        "Take the offer out of it, or have it approved as marketing; see askfirst templates lint.",
    ),
    Reason.REPLY_READS_LIKE_AD: (
        "This reply of a campaign reads like an advertisement, and the policy refuses those.",
        "Send offers as a marketing template to people who said yes to them.",
    ),
    Reason.LEDGER_BEHIND: (
        "The ledger is older than what was acknowledged: stops may be missing.",
        "Bring back the stops of that time, then run askfirst ledger accept; /readyz says more.",
    ),
    Reason.LEDGER_ALTERED: (
        "The ledger does not fit together: it was changed from outside.",
        "Run askfirst ledger verify, and restore a backup from before; /readyz says more.",
    ),
    Reason.COUNTRY_EMBARGOED: (
        "Meta does not deliver business messages to the recipient's country.",
        "Use another channel.",
    ),
    Reason.MARKETING_WITHHELD: (
        "Meta withholds marketing messages to the recipient's country at present.",
        "Use another channel for marketing; utility messages are not affected.",
    ),
    Reason.WITHDRAWN: (
        "The contact withdrew the opt-in.",
        "Do not send; only the contact can say yes again, to a prompt shown to them.",
    ),
    Reason.REFUSED: (
        "The contact said no when asked.",
        "Do not send; only the contact can say yes, to a prompt shown to them.",
    ),
    Reason.SUSPENDED: (
        "The number may have a new owner, so earlier opt-ins are suspended.",
        "Ask again; the new answer counts.",
    ),
    Reason.NATIVE_STOPPED: (
        "The contact stopped marketing messages with WhatsApp's own switch.",
        "Only the contact can resume them, in WhatsApp.",
    ),
    Reason.PAUSED_BY_PERSON: (
        "The contact paused these messages until a moment that they chose.",
        "Wait until the time in the answer; a yes to a prompt shown to them ends the pause sooner.",
    ),
    Reason.AWAITING_ANSWER: (
        "The contact wrote what may be a stop, was asked what they meant, and has not answered.",
        "Do not send marketing; only the contact can say that it may go on, in WhatsApp.",
    ),
    Reason.NO_OPT_IN: (
        "There is no opt-in for messages of this purpose.",
        "Ask first: show a prompt and record the answer with POST /v1/consents.",
    ),
    Reason.NOTICE_NOT_ENOUGH: (
        "The contact was only informed, and for this message the policy asks for a yes.",
        "Ask: show a question. A notice is for orders, for a time, and never after a no.",
    ),
    Reason.ASSURANCE_TOO_LOW: (
        "An opt-in exists, but its assurance is lower than the policy requires.",
        "Show the contact a prompt, or let them confirm from their own number.",
    ),
    Reason.NUMBER_PROOF_TOO_LOW: (
        "An opt-in exists, but nothing shows whose number it is.",
        "Let the contact confirm in WhatsApp or with a code, or vouch for the number yourself.",
    ),
    Reason.OPT_IN_TOO_OLD: (
        "The opt-in is older than the policy allows.",
        "Ask again; the new answer counts.",
    ),
    Reason.OPT_IN_IDLE: (
        "The contact has not said or written anything for longer than the policy allows.",
        "Ask again; the new answer counts.",
    ),
    Reason.WINDOW_CLOSED: (
        "The contact has not written within the last 24 hours.",
        "Send a template for whose purpose the contact opted in.",
    ),
    Reason.QUIET_HOURS: (
        "It is night, a rest day or a holiday where the recipient may live.",
        "Send it at `retry_at` or later; `askfirst policy show` has the hours of the country.",
    ),
    Reason.TIME_ZONE_UNKNOWN: (
        "No hour is open in all the time zones in which the recipient may live.",
        "Use another channel for marketing; other messages are not affected.",
    ),
    Reason.UNREACHABLE: (
        "On three days Meta could bring this contact no message, and nothing arrived since.",
        "Use another channel; a message of theirs, or one that arrives, ends it before `retry_at`.",
    ),
    Reason.DEFERRED_BY_META: (
        "Meta chose not to bring this contact marketing now. It is no stop.",
        "Wait until `retry_at`: trying sooner brings more of the same. Other messages may be sent.",
    ),
    Reason.IN_EXPERIMENT: (
        "The contact is in an experiment of Meta's, and gets no marketing for now. It is no stop.",
        "Wait until `retry_at`, or use another channel for marketing.",
    ),
    Reason.BRAKE: (
        "A brake holds messages of this kind, because of objections or of Meta's limits.",
        "See askfirst brakes list. Send it again at the time that is given, unless it is renewed.",
    ),
    Reason.BRAKE_HELD: (
        "A brake holds messages of this kind, and does not lift by time.",
        "See askfirst brakes list: it says why. Mend that, then lift it with a reason.",
    ),
    Reason.BRAKE_HALVED: (
        "A brake lets half of the people have marketing each day; today is the others' turn.",
        "Send it again tomorrow, and look at askfirst brakes list for what people object to.",
    ),
    Reason.NEW_AND_WATCHED: (
        "A new template, way of opting in or imported list has sent its first 200 messages.",
        "Send the rest later: it goes on once people had time to answer and few of them object.",
    ),
    Reason.PAUSED_BY_OPERATOR: (
        "Somebody at your business paused messages of this kind.",
        "The refusal names them. Ask them, or lift it with askfirst brakes lift and a reason.",
    ),
    Reason.PAUSED_BY_OPERATOR_UNTIL: (
        "Somebody at your business paused messages of this kind until a moment.",
        "The refusal names them. Send it again at the time that is given.",
    ),
    Reason.DUPLICATE: (
        "The contact was sent this very content already, within the time that the policy sets.",
        "Send something new, or nothing; a retry is not needed where the first one left.",
    ),
    Reason.FREQUENCY_CAP: (
        "The contact was sent as many messages of this purpose as the policy allows in this time.",
        "Wait until `retry_at`, and choose the message that matters most to them then.",
    ),
    Reason.FREQUENCY_CHOSEN: (
        "The contact chose to get messages of this purpose less often.",
        "Wait until `retry_at`; only the contact can choose to get more messages.",
    ),
    Reason.FREQUENCY_LAW: (
        "The contact got as much marketing as the law of their country or state allows.",
        "Wait until `retry_at`; the policy can ask for less marketing, and never for more.",
    ),
    Reason.MESSAGING_LIMIT: (
        "Today's messages went to as many people as Meta allows the business to start a chat with.",
        "Wait until `retry_at`; people who were written to today, or just wrote, can be now.",
    ),
    Reason.PAIR_RATE: (
        "Messages from this sender to this contact follow each other faster than Meta takes them.",
        "Wait until `retry_at`: one message each six seconds, after a burst of 45 at most.",
    ),
    Reason.THROUGHPUT: (
        "This sender's messages follow each other faster than Meta takes them.",
        "Wait until `retry_at`, or send more slowly: the policy's `[pace]` says how fast.",
    ),
    Reason.CODES_UNWANTED: (
        "The contact stopped codes, or did not ask for the last one.",
        "Let the contact prove the number with a message of their own (whatsapp_inbound).",
    ),
    Reason.NO_STOP_TO_CONFIRM: (
        "No stop in the chat waits for its confirmation: confirmed, too old, or a yes followed.",
        "Nothing to do: askfirst confirms each stop once, and nobody else does.",
    ),
    Reason.LINK_SENT_TODAY: (
        "The link to the person's preference page was sent to them today.",
        "Let them open the link they have, or give them one with `askfirst link create`.",
    ),
    Reason.NOTHING_TO_ASK: (
        "No message that may be a stop waits for this question: asked, answered, or too old.",
        "Nothing to do: askfirst asks once, and nobody else does.",
    ),
    Reason.HELD_ENDED: (
        "The held message ended meanwhile: it left, was cancelled, or the contact said no.",
        "Nothing to do: `GET /v1/held/{id}` says how it ended.",
    ),
    Reason.PERMIT_EXPIRED: (
        "The message did not leave within two seconds of being allowed.",
        "Send it again; it will be decided anew.",
    ),
}
