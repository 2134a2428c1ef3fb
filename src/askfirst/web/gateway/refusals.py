"""Everything that the gateway itself answers, in the shape of Meta's errors.

A refusal never has a `messages` key: some clients take that for a success.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any, Final

from askfirst.decision.decision import Decision, Verdict
from askfirst.decision.reason import Reason
from askfirst.domain.values.errors import InvalidInput, NotAuthenticated, NotPermitted, Unavailable
from askfirst.domain.values.ids import DecisionId
from askfirst.domain.values.timestamp import to_rfc3339
from askfirst.graph.platform.errors import GraphCode, error_body
from askfirst.usecases.sending.graph_responses import NotSent, OutcomeUnknown
from askfirst.web.asgi import BodyIncomplete, BodyTooLarge, Headers
from askfirst.web.gateway.routes import ALLOWED

JSON: Final = b"application/json"
DECISION_HEADER: Final = b"x-askfirst-decision"

ACCOUNT_LOCKED: Final = 131031
COUNTRY_RESTRICTED: Final = 130497
NUMBER_NOT_REGISTERED: Final = 133010
SOMETHING_WENT_WRONG: Final = 131000

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
    Reason.COUNTRY_EMBARGOED: COUNTRY_RESTRICTED,
    Reason.WINDOW_CLOSED: GraphCode.WINDOW_CLOSED,
    Reason.PERMIT_EXPIRED: GraphCode.SERVICE_UNAVAILABLE,
    Reason.LEDGER_BEHIND: GraphCode.SERVICE_UNAVAILABLE,
    Reason.LEDGER_ALTERED: GraphCode.SERVICE_UNAVAILABLE,
}
"""Meta's code for each reason. Whatever is about consent is 131050: do not write to them."""

_FAILURES: Final[Mapping[type[Exception], tuple[int, int, str]]] = {
    NotAuthenticated: (
        HTTPStatus.UNAUTHORIZED,
        GraphCode.TOKEN_INVALID,
        "Send one askfirst key with the scope send: Authorization: Bearer ask_…",
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


@dataclass(frozen=True, slots=True)
class Reply:
    """An answer to the caller."""

    status: int
    body: bytes
    content_type: bytes = JSON
    headers: Headers | None = None


def refusal(decision: Decision, decision_id: DecisionId) -> Reply:
    """Say no: 403 with Meta's code, or "later" where it is only a matter of time."""
    reason = decision.reason
    code, status = _CODES.get(reason, GraphCode.MARKETING_STOPPED), HTTPStatus.FORBIDDEN
    if decision.verdict is Verdict.WAIT:
        code, status = GraphCode.RATE_LIMIT, HTTPStatus.TOO_MANY_REQUESTS
    elif _CODES.get(reason) == GraphCode.SERVICE_UNAVAILABLE:
        status = HTTPStatus.SERVICE_UNAVAILABLE
    body = error_body(
        code,
        sentence(reason),
        askfirst=_account(decision, decision_id),
        message=f"Refused by askfirst: {reason.value}",
        transient=status != HTTPStatus.FORBIDDEN,
    )
    return Reply(status, body, headers=[(DECISION_HEADER, decision_id.encode())])


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
    return _reply(HTTPStatus.FORBIDDEN, NUMBER_NOT_REGISTERED, sentence(Reason.SENDER_UNKNOWN))


def unknown_media() -> Reply:
    """Say that an id names no file of the caller's; Meta, too, answers 400 with this code."""
    details = "No file of this id was uploaded through askfirst or named by a webhook of yours."
    remedy = "Files are remembered for as long as the bodies of webhooks are kept."
    return _reply(HTTPStatus.BAD_REQUEST, GraphCode.PARAMETER_INVALID, f"{details} {remedy}")


def tokenless() -> Reply:
    """Say that the sender is known, but not how to speak for it."""
    details = "No access token of Meta's is stored for this sender."
    remedy = "Store it with PUT /v1/senders/{phone_number_id}."
    return _reply(HTTPStatus.FORBIDDEN, GraphCode.ACCESS_DENIED, f"{details} {remedy}")


def not_allowed() -> Reply:
    """Say that a call is not on the list."""
    details = f"This call does not pass the gateway. Allowed are: {ALLOWED}."
    return _reply(HTTPStatus.FORBIDDEN, GraphCode.PERMISSION_DENIED, details)


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


def _account(decision: Decision, decision_id: DecisionId) -> dict[str, Any]:
    account: dict[str, Any] = {
        "decision_id": decision_id,
        "verdict": decision.verdict.value,
        "reasons": [reason.value for reason in decision.reasons],
        "position": decision.position,
        "policy": decision.policy_fingerprint,
    }
    if decision.retry_at is not None:
        account["retry_at"] = to_rfc3339(decision.retry_at)
    return account
