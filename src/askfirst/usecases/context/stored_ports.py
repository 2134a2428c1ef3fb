"""What is kept in the database, one port for each thing."""

from __future__ import annotations

from dataclasses import dataclass

from askfirst.ports.brakes.brakes import Brakes
from askfirst.ports.bulk.export_schedules import ExportSchedules
from askfirst.ports.bulk.exports import Exports
from askfirst.ports.bulk.imports import Imports
from askfirst.ports.bulk.screens import Screens
from askfirst.ports.codes.codes import Codes
from askfirst.ports.consent.erasures import Erasures
from askfirst.ports.consent.event_archive import EventArchive
from askfirst.ports.consent.ledger import Ledger
from askfirst.ports.consent.proofs import PersonalLinks, Proofs
from askfirst.ports.consent.receipts import Receipts
from askfirst.ports.consent.time_zones import TimeZones
from askfirst.ports.entry_points.entry_points import Entries
from askfirst.ports.events.outbox import Outbox
from askfirst.ports.events.subscriptions import Subscriptions
from askfirst.ports.events.template_notices import TemplateNotices
from askfirst.ports.held.held_messages import HeldMessages
from askfirst.ports.inbound.dead_letters import DeadLetters
from askfirst.ports.inbound.receivers import Receivers
from askfirst.ports.operators.audit_log import AuditLog
from askfirst.ports.operators.operators import Operators, Passkeys
from askfirst.ports.opt_out.reviews import Reviews
from askfirst.ports.opt_out.stop_confirmations import StopConfirmations
from askfirst.ports.platform.rate_limits import Limits
from askfirst.ports.prompts.prompts import Profiles, Prompts
from askfirst.ports.sending.decision_archive import DecisionArchive
from askfirst.ports.sending.gate import DecisionLog, Gate
from askfirst.ports.stats.decision_counts import DecisionCounts
from askfirst.ports.stats.statistics import Statistics
from askfirst.ports.tasks.tasks import Tasks
from askfirst.ports.tenants.directory import Directory
from askfirst.ports.transparency.audit import Audit


@dataclass(frozen=True, kw_only=True)
class StoredPorts:
    """Ports of one database: all of them are of the same store."""

    ledger: Ledger
    gate: Gate
    decisions: DecisionLog
    decision_archive: DecisionArchive
    event_archive: EventArchive
    directory: Directory
    limits: Limits
    prompts: Prompts
    profiles: Profiles
    entries: Entries
    proofs: Proofs
    personal_links: PersonalLinks
    receipts: Receipts
    codes: Codes
    happenings: Outbox
    subscriptions: Subscriptions
    template_notices: TemplateNotices
    receivers: Receivers
    dead_letters: DeadLetters
    erasures: Erasures
    stop_confirmations: StopConfirmations
    reviews: Reviews
    held_messages: HeldMessages
    time_zones: TimeZones
    brakes: Brakes
    tasks: Tasks
    imports: Imports
    audit: Audit
    screens: Screens
    exports: Exports
    export_schedules: ExportSchedules
    statistics: Statistics
    operators: Operators
    passkeys: Passkeys
    audit_log: AuditLog
    decision_counts: DecisionCounts
