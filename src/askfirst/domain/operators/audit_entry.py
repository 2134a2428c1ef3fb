"""A line of the audit log: who looked at whom, or did what, when, and why.

It holds ids and codes, never a name, number or text of anybody, so nothing in it has to go when a
person is erased, and no line ever changes.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from askfirst.domain.values.errors import InvalidInput
from askfirst.domain.values.ids import AuditEntryId, BusinessId, ContactId, OperatorId
from askfirst.domain.values.timestamp import Instant

_ABOUT: Final = re.compile(r"[A-Za-z0-9_.:/-]{0,128}", re.ASCII)


class AuditAct(StrEnum):
    """What was done. A look at a person is an act as well."""

    INVITED = "invited"
    JOINED = "joined"
    SIGNED_IN = "signed_in"
    SIGN_IN_REFUSED = "sign_in_refused"
    SIGNED_OUT = "signed_out"
    SESSION_ENDED = "session_ended"
    ROLE_CHANGED = "role_changed"
    ACCESS_ENDED = "access_ended"
    SECOND_FACTOR_SET = "second_factor_set"
    SECOND_FACTOR_REMOVED = "second_factor_removed"
    SIGN_ON_LINKED = "sign_on_linked"
    PASSKEY_ADDED = "passkey_added"
    PASSKEY_REFUSED = "passkey_refused"
    PASSKEY_NAMED = "passkey_named"
    PASSKEY_REMOVED = "passkey_removed"
    LOOKED_AT = "looked_at"
    NUMBER_SHOWN = "number_shown"
    STOPPED = "stopped"
    ERASED = "erased"
    EVIDENCE_TAKEN = "evidence_taken"
    REVIEW_CLOSED = "review_closed"
    PAUSED = "paused"
    BRAKE_LIFTED = "brake_lifted"
    IMPORT_SENT = "import_sent"
    IMPORT_ANSWERED = "import_answered"
    IMPORT_CONFIRMED = "import_confirmed"
    IMPORT_GIVEN_UP = "import_given_up"
    LIST_SCREENED = "list_screened"
    SCREEN_ROWS_TAKEN = "screen_rows_taken"
    SCREEN_GIVEN_UP = "screen_given_up"
    HELD_TAKEN_BACK = "held_taken_back"
    DRAFT_WRITTEN = "draft_written"
    DRAFT_DISCARDED = "draft_discarded"
    DRAFT_SUBMITTED = "draft_submitted"
    DRAFT_DECLINED = "draft_declined"
    PROMPT_PUBLISHED = "prompt_published"
    ENTRY_MADE = "entry_made"
    ENTRY_ENDED = "entry_ended"
    ENDPOINT_PAUSED = "endpoint_paused"
    ENDPOINT_RESUMED = "endpoint_resumed"
    DELIVERED_AGAIN = "delivered_again"
    EXPORT_SCHEDULED = "export_scheduled"
    EXPORT_CHANGED = "export_changed"
    EXPORT_PAUSED = "export_paused"
    EXPORT_RESUMED = "export_resumed"
    EXPORT_RUN = "export_run"
    EXPORT_REMOVED = "export_removed"


class LookReason(StrEnum):
    """Why somebody wants to see a number: one of a closed list, so that no text names a person."""

    CALLER = "caller"
    COMPLAINT = "complaint"
    DATA_REQUEST = "data_request"
    DELIVERY = "delivery"


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditEntry:
    """One line. `operator_id` is empty where a command on the server did it.

    `about` names what it was done to, other than a person: an id or a code of ours.
    """

    entry_id: AuditEntryId
    business_id: BusinessId
    at: Instant
    operator_id: OperatorId | None
    act: AuditAct
    contact_id: ContactId | None = None
    reason: LookReason | None = None
    about: str = ""

    def __post_init__(self) -> None:
        if not _ABOUT.fullmatch(self.about):
            raise InvalidInput("about", "must be an id or a code, of 128 characters at most")


def parse_look_reason(text: str) -> LookReason:
    """Read why a number is wanted; InvalidInput lists the reasons."""
    try:
        return LookReason(text)
    except ValueError as error:
        raise InvalidInput("reason", "must be one of " + ", ".join(LookReason)) from error
