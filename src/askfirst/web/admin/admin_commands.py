"""All commands: a value each, with the function that does it.

The same value travels to a running server as JSON, or runs on the spot. Answers are plain JSON, in
the words of the REST API.
"""

from __future__ import annotations

from askfirst.usecases.context.services import Services
from askfirst.web.admin.admin_command import Answer
from askfirst.web.admin.brakes.commands import LiftBrake, ListBrakes, SetBrake
from askfirst.web.admin.bulk.commands import (
    BeginImport,
    ConfirmImport,
    EndImportFile,
    FindImport,
    ForgetImport,
    ListImports,
    PutImportFile,
    ReadReport,
    ShowImport,
)
from askfirst.web.admin.bulk.schedules import (
    ChangeSchedule,
    ListSchedules,
    PauseSchedule,
    RemoveSchedule,
    ResumeSchedule,
    RunScheduleNow,
    ScheduleExport,
)
from askfirst.web.admin.bulk.screens import (
    BeginScreen,
    EndScreenFile,
    ForgetScreen,
    ListScreens,
    PutScreenFile,
    ReadScreenRows,
    ShowScreen,
)
from askfirst.web.admin.consent import (
    CreateLink,
    ListEvents,
    RecordConsent,
    RecordLimit,
    RecordPause,
    RevokeLink,
    RotateReceiptKey,
    SetTimeZone,
    ShowReceipt,
    ShowReceiptKeys,
)
from askfirst.web.admin.decisions import ListDecisions, ShowDecision, SumUpCampaign
from askfirst.web.admin.entry_points import CreateEntry, DrawPoster, EndEntry, ListEntries
from askfirst.web.admin.erasure import EraseContact, ExportContact, ListEraseRequests
from askfirst.web.admin.events import (
    ChangeSubscription,
    CreateSubscription,
    ListSubscriptions,
    RedeliverEvents,
)
from askfirst.web.admin.evidence import PackEvidence
from askfirst.web.admin.inbound.receivers import (
    AddReceiver,
    ChangeReceiver,
    ListReceivers,
    RedeliverWebhooks,
)
from askfirst.web.admin.operators.commands import EndOperator, InviteOperator, ListOperators
from askfirst.web.admin.opt_out import CloseReview, ImportStops, ListReviews
from askfirst.web.admin.prompts import PublishPrompts
from askfirst.web.admin.sending import CancelHeld, CheckSend, ListHeld, SimulatePolicy
from askfirst.web.admin.stats.commands import CatchUp, RebuildFigures, ShowFigures
from askfirst.web.admin.templates.commands import (
    AcceptTemplate,
    CreateCodeTemplates,
    LintTemplates,
    ListTemplates,
    ShowTemplate,
)
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
    | RecordPause
    | RecordLimit
    | SetTimeZone
    | CheckSend
    | SimulatePolicy
    | ListEvents
    | RefreshTemplates
    | ListTemplates
    | ShowTemplate
    | LintTemplates
    | AcceptTemplate
    | CreateCodeTemplates
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
    | CreateSubscription
    | ListSubscriptions
    | ChangeSubscription
    | RedeliverEvents
    | AddReceiver
    | ListReceivers
    | ChangeReceiver
    | RedeliverWebhooks
    | ListReviews
    | CloseReview
    | ListHeld
    | CancelHeld
    | ListBrakes
    | SetBrake
    | LiftBrake
    | Diagnose
    | EraseContact
    | ExportContact
    | ListEraseRequests
    | ImportStops
    | ShowDecision
    | ListDecisions
    | SumUpCampaign
    | PackEvidence
    | FindImport
    | BeginImport
    | BeginScreen
    | EndScreenFile
    | ForgetScreen
    | ListScreens
    | PutScreenFile
    | ReadScreenRows
    | ShowScreen
    | ScheduleExport
    | ListSchedules
    | ChangeSchedule
    | PauseSchedule
    | ResumeSchedule
    | RunScheduleNow
    | RemoveSchedule
    | ForgetImport
    | ListImports
    | PutImportFile
    | EndImportFile
    | ShowImport
    | ConfirmImport
    | ReadReport
    | ShowFigures
    | CatchUp
    | RebuildFigures
    | InviteOperator
    | ListOperators
    | EndOperator
)


async def carry_out(command: AnyAdminCommand, services: Services, checks: Checks) -> Answer:
    """Do it, by use cases alone; only a check-up looks at more of the house."""
    if isinstance(command, Diagnose):
        return await command.look_at(checks)
    return await command.run(services)
