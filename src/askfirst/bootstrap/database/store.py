"""What a database has, whichever it is, and the ports that are made of it."""

from __future__ import annotations

from typing import Protocol

from askfirst.domain.values.ids import BusinessId
from askfirst.domain.values.timestamp import Instant
from askfirst.ports.brakes.brakes import Brakes
from askfirst.ports.bulk.export_schedules import ExportSchedules
from askfirst.ports.bulk.exports import Exports
from askfirst.ports.bulk.imports import Imports
from askfirst.ports.bulk.screens import Screens
from askfirst.ports.codes.codes import Codes
from askfirst.ports.consent.erasures import Erasures
from askfirst.ports.consent.event_archive import EventArchive
from askfirst.ports.consent.ledger import Ledger
from askfirst.ports.consent.time_zones import TimeZones
from askfirst.ports.consent.timeline import Timeline
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
from askfirst.ports.sending.decision_archive import DecisionArchive
from askfirst.ports.sending.gate import DecisionLog, Gate
from askfirst.ports.stats.decision_counts import DecisionCounts
from askfirst.ports.stats.statistics import Statistics
from askfirst.ports.tasks.tasks import Tasks
from askfirst.ports.tenants.directory import Directory
from askfirst.ports.transparency.audit import Audit
from askfirst.storage.engagement_store import Asking
from askfirst.usecases.context.stored_ports import StoredPorts
from askfirst.usecases.memory.ledger_watch import LedgerWatch
from askfirst.usecases.sending.watched_gate import WatchedGate


class Store(Protocol):
    """What both backends are."""

    @property
    def ledger(self) -> Ledger:
        """The ledger."""
        ...

    @property
    def gate(self) -> Gate:
        """The gate's look at the world."""
        ...

    @property
    def decisions(self) -> DecisionLog:
        """The log of decisions."""
        ...

    @property
    def decision_archive(self) -> DecisionArchive:
        """Decisions looked up afterwards."""
        ...

    @property
    def event_archive(self) -> EventArchive:
        """Events looked up afterwards."""
        ...

    @property
    def directory(self) -> Directory:
        """Businesses, keys, senders, templates."""
        ...

    @property
    def asking(self) -> Asking:
        """Questions, entries, proofs, links, receipts."""
        ...

    @property
    def limits(self) -> Limits:
        """Counters that all processes share."""
        ...

    @property
    def codes(self) -> Codes:
        """Requests for one-time codes."""
        ...

    @property
    def happenings(self) -> Outbox:
        """What still has to be told of them."""
        ...

    @property
    def template_notices(self) -> TemplateNotices:
        """Changes of templates that subscriptions have not taken."""
        ...

    @property
    def subscriptions(self) -> Subscriptions:
        """Servers of businesses that are told each change of consent."""
        ...

    @property
    def receivers(self) -> Receivers:
        """Servers of businesses that webhooks are forwarded to."""
        ...

    @property
    def tasks(self) -> Tasks:
        """What waits for a worker."""
        ...

    @property
    def timeline(self) -> Timeline:
        """Where the ledger is in time."""
        ...

    @property
    def audit(self) -> Audit:
        """A look at what was written, to check it."""
        ...

    @property
    def dead_letters(self) -> DeadLetters:
        """Deliveries that nobody is registered for."""
        ...

    @property
    def reviews(self) -> Reviews:
        """Messages that an operator has to look at."""
        ...

    @property
    def time_zones(self) -> TimeZones:
        """Where people live by the word of the business."""
        ...

    @property
    def held_messages(self) -> HeldMessages:
        """Messages that wait here until they may leave."""
        ...

    @property
    def brakes(self) -> Brakes:
        """Holds on what a business sends."""
        ...

    @property
    def imports(self) -> Imports:
        """Files that are imported."""
        ...

    @property
    def exports(self) -> Exports:
        """Where exports come from."""
        ...

    @property
    def export_schedules(self) -> ExportSchedules:
        """Exports that are wanted again and again."""
        ...

    @property
    def screens(self) -> Screens:
        """Lists that are screened."""
        ...

    @property
    def statistics(self) -> Statistics:
        """Counts of the ledger."""
        ...

    @property
    def operators(self) -> Operators:
        """Who works in the console."""
        ...

    @property
    def passkeys(self) -> Passkeys:
        """By which passkeys they come in."""
        ...

    @property
    def audit_log(self) -> AuditLog:
        """What they looked at and did."""
        ...

    @property
    def decision_counts(self) -> DecisionCounts:
        """What the first page of the console counts."""
        ...

    @property
    def stop_confirmations(self) -> StopConfirmations:
        """Stops in the chat that wait for their confirmation."""
        ...

    @property
    def erasures(self) -> Erasures:
        """What is kept of one person beside the ledger."""
        ...

    async def ready(self) -> None:
        """Raise Unavailable or UnsafeStorage where nothing can be promised now."""
        ...

    async def probe(self) -> None:
        """Write something and make it durable; raise Unavailable where that cannot be."""
        ...

    async def sweep(self, business_id: BusinessId, before: Instant) -> int:
        """Forget raw bodies of a business from before a moment."""
        ...

    async def sweep_traffic(self, business_id: BusinessId, now: Instant) -> None:
        """Forget what was sent so long ago that no cap counts it."""
        ...

    async def close(self) -> None:
        """Commit what waits and close."""
        ...


def stored_ports(store: Store, watch: LedgerWatch) -> StoredPorts:
    """Return a port for each thing that is kept; the gate is closed where the ledger is damaged."""
    return StoredPorts(
        ledger=store.ledger,
        gate=WatchedGate(store.gate, watch),
        decisions=store.decisions,
        decision_archive=store.decision_archive,
        event_archive=store.event_archive,
        directory=store.directory,
        limits=store.limits,
        prompts=store.asking.prompts,
        profiles=store.asking.profiles,
        entries=store.asking.entries,
        proofs=store.asking.proofs,
        personal_links=store.asking.personal_links,
        receipts=store.asking.receipts,
        codes=store.codes,
        happenings=store.happenings,
        subscriptions=store.subscriptions,
        template_notices=store.template_notices,
        receivers=store.receivers,
        dead_letters=store.dead_letters,
        erasures=store.erasures,
        stop_confirmations=store.stop_confirmations,
        reviews=store.reviews,
        held_messages=store.held_messages,
        time_zones=store.time_zones,
        brakes=store.brakes,
        tasks=store.tasks,
        imports=store.imports,
        decision_counts=store.decision_counts,
        audit_log=store.audit_log,
        operators=store.operators,
        passkeys=store.passkeys,
        statistics=store.statistics,
        screens=store.screens,
        exports=store.exports,
        export_schedules=store.export_schedules,
        audit=store.audit,
    )
