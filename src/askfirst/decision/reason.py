"""Why a message may leave or not: a closed list.

Each code has one sentence that explains it and one that says what to do about it. Codes are
part of the interface: they are added, never renamed.
"""

from __future__ import annotations

from enum import StrEnum


class Reason(StrEnum):
    """A code that a machine can branch on."""

    OPTED_IN = "opted_in"
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
    LEDGER_BEHIND = "ledger_behind"
    LEDGER_ALTERED = "ledger_altered"
    COUNTRY_EMBARGOED = "country_embargoed"
    MARKETING_WITHHELD = "marketing_withheld"
    WITHDRAWN = "withdrawn"
    REFUSED = "refused"
    SUSPENDED = "suspended"
    NATIVE_STOPPED = "native_stopped"
    AWAITING_ANSWER = "awaiting_answer"
    NO_OPT_IN = "no_opt_in"
    ASSURANCE_TOO_LOW = "assurance_too_low"
    NUMBER_PROOF_TOO_LOW = "number_proof_too_low"
    OPT_IN_TOO_OLD = "opt_in_too_old"
    WINDOW_CLOSED = "window_closed"
    CODES_UNWANTED = "codes_unwanted"
    NO_STOP_TO_CONFIRM = "no_stop_to_confirm"
    NOTHING_TO_ASK = "nothing_to_ask"
    PERMIT_EXPIRED = "permit_expired"

    @property
    def explanation(self) -> str:
        """One sentence: what the code means."""
        return _TEXTS[self][0]

    @property
    def remedy(self) -> str:
        """One sentence: what to do about it; empty where nothing needs doing."""
        return _TEXTS[self][1]


_TEXTS = {
    Reason.OPTED_IN: ("The contact said yes to messages of this purpose.", ""),
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
        "Look for code_templates_unusable in the log: it says why Meta did not make it.",
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
    Reason.AWAITING_ANSWER: (
        "The contact wrote what may be a stop, was asked what they meant, and has not answered.",
        "Do not send marketing; only the contact can say that it may go on, in WhatsApp.",
    ),
    Reason.NO_OPT_IN: (
        "There is no opt-in for messages of this purpose.",
        "Ask first: show a prompt and record the answer with POST /v1/consents.",
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
    Reason.WINDOW_CLOSED: (
        "The contact has not written within the last 24 hours.",
        "Send a template for whose purpose the contact opted in.",
    ),
    Reason.CODES_UNWANTED: (
        "The contact stopped codes, or did not ask for the last one.",
        "Let the contact prove the number with a message of their own (whatsapp_inbound).",
    ),
    Reason.NO_STOP_TO_CONFIRM: (
        "No stop in the chat waits for its confirmation: confirmed, too old, or a yes followed.",
        "Nothing to do: askfirst confirms each stop once, and nobody else does.",
    ),
    Reason.NOTHING_TO_ASK: (
        "No message that may be a stop waits for this question: asked, answered, or too old.",
        "Nothing to do: askfirst asks once, and nobody else does.",
    ),
    Reason.PERMIT_EXPIRED: (
        "The message did not leave within two seconds of being allowed.",
        "Send it again; it will be decided anew.",
    ),
}
