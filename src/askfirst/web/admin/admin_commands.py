"""All commands: a value each, with the function that does it.

The same value travels to a running server as JSON, or runs on the spot. Answers are plain JSON, in
the words of the REST API.
"""

from __future__ import annotations

from askfirst.usecases.context.services import Services
from askfirst.web.admin.admin_command import Answer
from askfirst.web.admin.consent import (
    CreateLink,
    ListEvents,
    RecordConsent,
    RevokeLink,
    RotateReceiptKey,
    ShowReceipt,
    ShowReceiptKeys,
)
from askfirst.web.admin.entry_points import CreateEntry, DrawPoster, EndEntry, ListEntries
from askfirst.web.admin.opt_out import CloseReview, ListReviews
from askfirst.web.admin.prompts import PublishPrompts
from askfirst.web.admin.sending import CheckSend
from askfirst.web.admin.tenants import (
    CreateKey,
    ListKeys,
    ListSenders,
    RefreshTemplates,
    RevokeKey,
    SetBusiness,
    SetSender,
    ShowBusiness,
)
from askfirst.web.admin.transparency import AcceptLedger, Checks, Diagnose

AnyAdminCommand = (
    CreateKey
    | ListKeys
    | RevokeKey
    | RecordConsent
    | CheckSend
    | ListEvents
    | RefreshTemplates
    | PublishPrompts
    | ShowReceipt
    | ShowReceiptKeys
    | RotateReceiptKey
    | CreateEntry
    | ListEntries
    | EndEntry
    | DrawPoster
    | CreateLink
    | RevokeLink
    | ShowBusiness
    | SetBusiness
    | AcceptLedger
    | ListSenders
    | SetSender
    | ListReviews
    | CloseReview
    | Diagnose
)


async def carry_out(command: AnyAdminCommand, services: Services, checks: Checks) -> Answer:
    """Do it, by use cases alone; only a check-up looks at more of the house."""
    if isinstance(command, Diagnose):
        return await command.look_at(checks)
    return await command.run(services)
