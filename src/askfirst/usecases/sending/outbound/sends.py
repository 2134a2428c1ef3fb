"""A message that is to leave, and what became of it."""

from __future__ import annotations

from collections.abc import Mapping

from askfirst.decision.decision import Decision
from askfirst.decision.facts import Circumstances
from askfirst.decision.question import SendRequest
from askfirst.decision.reason import Reason
from askfirst.domain.value import Value
from askfirst.domain.values.ids import ContactId, DecisionId, WabaId
from askfirst.domain.values.timestamp import Instant
from askfirst.ports.sending.http_connection import Answer


class Send(Value, frozen=True, kw_only=True):
    """A message as it will leave: `target` is the path at Meta, `body` the very bytes.

    `kept` is what is written down of the body, where that is not all of it. `objection`: something
    of ours speaks against it that the ledger does not know of.
    """

    question: SendRequest
    target: str
    headers: Mapping[str, str]
    body: bytes
    kept: bytes | None = None
    objection: Reason | None = None


class Sent(Value, frozen=True, kw_only=True):
    """The message left; Meta's answer is to be relayed."""

    decision_id: DecisionId
    decision: Decision
    question: SendRequest
    left_at: Instant
    answer: Answer
    contact_id: ContactId | None = None
    circumstances: Circumstances | None = None
    waba_id: WabaId | None = None
