"""Everything that the gateway itself answers, in the shape of Meta's errors.

A refusal never has a `messages` key: some clients take that for a success.
"""

from __future__ import annotations

from collections.abc import Mapping
from http import HTTPStatus
from typing import Any, Final

from askfirst.decision.decision import Decision, Verdict
from askfirst.decision.reason import Reason
from askfirst.domain.value import Value, replace
from askfirst.domain.values.errors import InvalidInput, NotAuthenticated, NotPermitted, Unavailable
from askfirst.domain.values.ids import DecisionId
from askfirst.domain.values.purpose import MARKETING
from askfirst.domain.values.timestamp import Instant, seconds_to_wait, to_rfc3339
from askfirst.graph.platform.errors import METHOD_ERROR, GraphCode, error_body, http_status
from askfirst.usecases.sending.graph_responses import NotSent, OutcomeUnknown
from askfirst.web.asgi import BodyIncomplete, BodyTooLarge, Headers
from askfirst.web.gateway.routes import ALLOWED

JSON: Final = b"application/json"
DECISION_HEADER: Final = b"x-askfirst-decision"

ACCOUNT_LOCKED: Final = 131031
COUNTRY_RESTRICTED: Final = 130497
NUMBER_NOT_REGISTERED: Final = 133010
SOMETHING_WENT_WRONG: Final = 131000
SPAM_LIMIT: Final = 131048

_CODES: Final[Mapping[Reason, int]] = {
    Reason.RECIPIENT_INVALID: GraphCode.PARAMETER_VALUE_INVALID,
    Reason.RECIPIENT_CONFLICT: GraphCode.PARAMETER_VALUE_INVALID,
    Reason.QUESTION_ALTERED: GraphCode.PARAMETER_VALUE_INVALID,
    Reason.RECIPIENT_IS_SENDER: GraphCode.RECIPIENT_IS_SENDER,
    Reason.MESSAGE_UNKNOWN: GraphCode.TYPE_UNSUPPORTED,
    Reason.SENDER_UNKNOWN: NUMBER_NOT_REGISTERED,
    Reason.SENDER_OUT_OF_SERVICE: ACCOUNT_LOCKED,
    Reason.TEMPLATE_OUT_OF_SERVICE: GraphCode.TEMPLATE_PAUSED,
    Reason.TEMPLATE_MISSING: GraphCode.TEMPLATE_MISSING,
    Reason.TEMPLATE_BECAME_MARKETING: GraphCode.TEMPLATE_PAUSED,
    Reason.TEMPLATE_WITHOUT_STOP: GraphCode.TEMPLATE_PAUSED,
    Reason.TEMPLATE_READS_LIKE_AD: GraphCode.TEMPLATE_PAUSED,
    Reason.REPLY_READS_LIKE_AD: GraphCode.TYPE_UNSUPPORTED,
    Reason.COUNTRY_EMBARGOED: COUNTRY_RESTRICTED,
    Reason.MARKETING_WITHHELD: GraphCode.MARKETING_LIMIT,
    Reason.PAUSED_BY_PERSON: GraphCode.MARKETING_LIMIT,
    Reason.QUIET_HOURS: GraphCode.RATE_LIMIT,
    Reason.BRAKE: SPAM_LIMIT,
    Reason.BRAKE_HELD: SPAM_LIMIT,
    Reason.BRAKE_HALVED: GraphCode.MARKETING_LIMIT,
    Reason.NEW_AND_WATCHED: SPAM_LIMIT,
    Reason.PAUSED_BY_OPERATOR: SPAM_LIMIT,
    Reason.PAUSED_BY_OPERATOR_UNTIL: SPAM_LIMIT,
    Reason.TIME_ZONE_UNKNOWN: COUNTRY_RESTRICTED,
    Reason.UNREACHABLE: GraphCode.UNDELIVERABLE,
    Reason.DEFERRED_BY_META: GraphCode.MARKETING_LIMIT,
    Reason.IN_EXPERIMENT: GraphCode.MARKETING_LIMIT,
    Reason.DUPLICATE: GraphCode.PARAMETER_VALUE_INVALID,
    Reason.FREQUENCY_CAP: GraphCode.MARKETING_LIMIT,
    Reason.FREQUENCY_CHOSEN: GraphCode.MARKETING_LIMIT,
    Reason.FREQUENCY_LAW: GraphCode.MARKETING_LIMIT,
    Reason.MESSAGING_LIMIT: SPAM_LIMIT,
    Reason.PAIR_RATE: GraphCode.PAIR_RATE_LIMIT,
    Reason.THROUGHPUT: GraphCode.RATE_LIMIT,
    Reason.WINDOW_CLOSED: GraphCode.WINDOW_CLOSED,
    Reason.HELD_ENDED: SOMETHING_WENT_WRONG,
    Reason.PERMIT_EXPIRED: GraphCode.SERVICE_UNAVAILABLE,
    Reason.LEDGER_BEHIND: GraphCode.SERVICE_UNAVAILABLE,
    Reason.LEDGER_ALTERED: GraphCode.SERVICE_UNAVAILABLE,
}
"""Meta's code for each reason. What is not here is about consent: do not write to them."""

_STATUSES: Final[Mapping[int, int]] = {
    ACCOUNT_LOCKED: HTTPStatus.FORBIDDEN,
    COUNTRY_RESTRICTED: HTTPStatus.FORBIDDEN,
    GraphCode.SERVICE_UNAVAILABLE: HTTPStatus.SERVICE_UNAVAILABLE,
}
"""Meta's statuses of codes that are said here alone; and 503 for our own trouble, which passes."""
_PASSING: Final = frozenset({HTTPStatus.SERVICE_UNAVAILABLE, HTTPStatus.TOO_MANY_REQUESTS})

_FAILURES: Final[Mapping[type[Exception], tuple[int, int, str]]] = {
    NotAuthenticated: (
        HTTPStatus.UNAUTHORIZED,
        GraphCode.TOKEN_INVALID,
        "Send one live askfirst key: Authorization: Bearer ask_…",
    ),
    BodyTooLarge: (
        HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
        GraphCode.PARAMETER_INVALID,
        "The body is too large.",
    ),
    BodyIncomplete: (
        HTTPStatus.REQUEST_TIMEOUT,
        GraphCode.PARAMETER_INVALID,
        "The body did not arrive in time.",
    ),
    OutcomeUnknown: (
        HTTPStatus.GATEWAY_TIMEOUT,
        GraphCode.TEMPORARY,
        "The call left and its outcome is unknown.",
    ),
}
_UNEXPECTED: Final = (
    HTTPStatus.INTERNAL_SERVER_ERROR,
    SOMETHING_WENT_WRONG,
    "askfirst failed; look at its logs before you send this again.",
)


class Reply(Value, frozen=True):
    """An answer to the caller."""

    status: int
    body: bytes
    content_type: bytes = JSON
    headers: Headers | None = None
    is_sent: bool = False


def refusal(decision: Decision, decision_id: DecisionId, now: Instant) -> Reply:
    """Say no with Meta's code and status, or "later" where it is only a matter of time.

    429 is how Meta answers a pair that is too fast, a sender that is, a limit that is reached; a
    client that knows these codes tries again, and Retry-After says when that makes sense.
    """
    reason = decision.reason
    code = _CODES.get(reason) or _consent_code(decision.purpose)
    status = _STATUSES.get(code, http_status(code))
    if decision.verdict is Verdict.WAIT:
        code, status = _CODES.get(reason, GraphCode.RATE_LIMIT), HTTPStatus.TOO_MANY_REQUESTS
    body = error_body(
        code,
        " ".join(filter(None, (sentence(reason), decision.said))),
        askfirst=_account(decision, decision_id, now),
        message=f"Refused by askfirst: {reason.value}",
        transient=status in _PASSING,
    )
    headers = [(DECISION_HEADER, decision_id.encode())]
    if decision.retry_at is not None:
        wait = seconds_to_wait(decision.retry_at - now)
        headers.append((b"retry-after", str(wait).encode()))
    return Reply(status, body, headers=headers)


def _consent_code(purpose: str) -> int:
    """Return how Meta says that this person is not to be written to.

    131050 says that they stopped marketing messages, which is not true of others.
    """
    is_marketing = purpose.partition(".")[0] == MARKETING.name
    return GraphCode.MARKETING_STOPPED if is_marketing else GraphCode.RECIPIENT_NOT_ALLOWED


def lost(decision: Decision, decision_id: DecisionId) -> Reply:
    """Say that the message left and nobody knows more."""
    body = error_body(
        GraphCode.TEMPORARY,
        "The message left and its outcome is unknown; do not send it again blindly.",
        askfirst=_account(decision, decision_id),
        message="The outcome is unknown",
    )
    return Reply(
        HTTPStatus.GATEWAY_TIMEOUT, body, headers=[(DECISION_HEADER, decision_id.encode())]
    )


def unowned() -> Reply:
    """Say that the node is none of the caller's."""
    return _reply(HTTPStatus.BAD_REQUEST, NUMBER_NOT_REGISTERED, sentence(Reason.SENDER_UNKNOWN))


def unknown_node() -> Reply:
    """Say that an id names nothing of the caller's; Meta, too, answers 400 with this code."""
    details = (
        "No file of this id was uploaded through askfirst or named by a webhook of yours, and no "
        "template or flow of yours has it."
    )
    remedy = "Files are remembered for as long as the bodies of webhooks are kept."
    return _reply(HTTPStatus.BAD_REQUEST, GraphCode.PARAMETER_INVALID, f"{details} {remedy}")


def no_file(details: str) -> Reply:
    """Say that a file or an upload cannot be had by this address, in a sentence."""
    remedy = "Ask for GET /{media_id} again, with the key that asks for the file."
    return _reply(HTTPStatus.BAD_REQUEST, GraphCode.MEDIA_FAILED, f"{details} {remedy}")


def no_range(content_range: bytes) -> Reply:
    """Say that a file has no such bytes, and how many it has."""
    details = "The file has no bytes in this range."
    reply = _reply(HTTPStatus.REQUESTED_RANGE_NOT_SATISFIABLE, GraphCode.PARAMETER_INVALID, details)
    headers = [(b"content-range", content_range)] if content_range else None
    return replace(reply, headers=headers)


def tokenless() -> Reply:
    """Say that the sender is known, but not how to speak for it."""
    details = "No access token of Meta's is stored for this sender."
    remedy = "Store it with PUT /v1/senders/{phone_number_id}."
    return _reply(HTTPStatus.FORBIDDEN, GraphCode.ACCESS_DENIED, f"{details} {remedy}")


def callback_refused(error: InvalidInput) -> Reply:
    """Say that an address for webhooks did not pass its handshake."""
    details = f"`{error.field}` {error.message}."
    return _reply(HTTPStatus.BAD_REQUEST, GraphCode.CALLBACK_UNVERIFIED, details)


def not_allowed() -> Reply:
    """Say that a call is not on the list, as Meta says of a call that it does not know.

    With 403, or the type of errors about tokens, clients would blame the key.
    """
    body = error_body(
        GraphCode.PARAMETER_INVALID,
        f"This call does not pass the gateway. Allowed are: {ALLOWED}.",
        askfirst={},
        message="Not passed on by askfirst",
        kind=METHOD_ERROR,
    )
    return Reply(HTTPStatus.BAD_REQUEST, body)


def no_groups() -> Reply:
    """Say that there are no groups; a message to one is refused by the gate."""
    details = "A group is many people, and no one's opt-in covers them: groups are not made here."
    return _reply(HTTPStatus.BAD_REQUEST, GraphCode.TYPE_UNSUPPORTED, details)


def reply_to(error: Exception) -> Reply:
    """Find the answer to whatever went wrong; it is never a yes."""
    match error:
        case NotPermitted():
            details = f"{error.message[:1].upper()}{error.message[1:]}."
            return _reply(HTTPStatus.FORBIDDEN, GraphCode.PERMISSION_DENIED, details)
        case InvalidInput():
            return _reply(
                HTTPStatus.BAD_REQUEST,
                GraphCode.PARAMETER_INVALID,
                f"`{error.field}` {error.message}.",
            )
        case Unavailable():
            return _not_now(error.retry_after_seconds)
        case NotSent():
            return _not_now(1)
        case _:
            return _reply(*_FAILURES.get(type(error), _UNEXPECTED))


def sentence(reason: Reason) -> str:
    """Explain a reason and say what to do about it."""
    return f"{reason.explanation} {reason.remedy}".rstrip()


def _not_now(seconds: int) -> Reply:
    details = "Nothing was sent, because nothing could be decided or Meta cannot be reached."
    body = error_body(GraphCode.SERVICE_UNAVAILABLE, details, askfirst={}, transient=True)
    return Reply(
        HTTPStatus.SERVICE_UNAVAILABLE, body, headers=[(b"retry-after", str(seconds).encode())]
    )


def _reply(status: int, code: int, details: str) -> Reply:
    """Our own words for the title: Meta's would not be true of a call that never reached it."""
    return Reply(
        status, error_body(code, details, askfirst={}, message="Not passed on by askfirst")
    )


def _account(
    decision: Decision, decision_id: DecisionId, now: Instant | None = None
) -> dict[str, Any]:
    account: dict[str, Any] = {
        "decision_id": decision_id,
        "verdict": decision.verdict.value,
        "reasons": [reason.value for reason in decision.reasons],
        "position": decision.position,
        "policy": decision.policy_fingerprint,
    }
    if decision.retry_at is not None and now is not None:
        account["retry_at"] = to_rfc3339(decision.retry_at)
        account["retry_after"] = seconds_to_wait(decision.retry_at - now)
    return account
