"""Everything a use case may need, in one frozen value that bootstrap builds."""

from __future__ import annotations

from dataclasses import dataclass, field

from askfirst.decision.policy import Policy
from askfirst.domain.codes.code_limits import CodeRules
from askfirst.domain.prompts.catalogue import Catalogue
from askfirst.domain.tenants.deployment import Site
from askfirst.ports.codes.codes import Codes
from askfirst.ports.codes.composer import Composer
from askfirst.ports.codes.sms import Sms
from askfirst.ports.consent.ledger import Ledger
from askfirst.ports.consent.proofs import PersonalLinks, Proofs
from askfirst.ports.consent.receipts import Receipts
from askfirst.ports.entry_points.entry_points import Entries, ManagedLinks
from askfirst.ports.events.outbox import Outbox, Receiver
from askfirst.ports.inbound.dead_letters import DeadLetters, DeliveryReader
from askfirst.ports.opt_out.reviews import Reviews
from askfirst.ports.opt_out.stop_confirmations import StopConfirmations
from askfirst.ports.platform.clock import Clock, Ids
from askfirst.ports.platform.phone_numbers import Numbering
from askfirst.ports.platform.rate_limits import Limits
from askfirst.ports.platform.telemetry import Telemetry
from askfirst.ports.prompts.prompts import Profiles, Prompts
from askfirst.ports.sending.gate import DecisionLog, Gate
from askfirst.ports.sending.http_connection import CodeTemplates, HttpConnections, TemplateSource
from askfirst.ports.tenants.accounts import Accounts
from askfirst.ports.tenants.directory import Directory
from askfirst.ports.tenants.tokens import Tokens
from askfirst.ports.transparency.audit import Audit
from askfirst.ports.transparency.head import HeadFile, HeadReceiver
from askfirst.usecases.context.known_names import KnownNames
from askfirst.usecases.context.ledger_watch import LedgerWatch


@dataclass(frozen=True, slots=True, kw_only=True)
class Services:
    """The world as the use cases see it. `confirms_stops`: stops in the chat are confirmed."""

    clock: Clock
    ids: Ids
    numbering: Numbering
    ledger: Ledger
    gate: Gate
    decisions: DecisionLog
    directory: Directory
    connections: HttpConnections
    template_source: TemplateSource
    policy: Policy
    tokens: Tokens
    catalogue: Catalogue
    prompts: Prompts
    profiles: Profiles
    entries: Entries
    managed_links: ManagedLinks
    proofs: Proofs
    personal_links: PersonalLinks
    receipts: Receipts
    limits: Limits
    composer: Composer
    site: Site
    codes: Codes
    code_templates: CodeTemplates
    code_rules: CodeRules
    sms: Sms
    happenings: Outbox
    accounts: Accounts
    dead_letters: DeadLetters
    read_delivery: DeliveryReader
    receiver: Receiver
    telemetry: Telemetry
    audit: Audit
    watch: LedgerWatch
    head_file: HeadFile
    head_receiver: HeadReceiver
    is_head_needed: bool
    """Where a head was kept and its file is gone, sends are held: this machine is the only one."""
    stop_confirmations: StopConfirmations
    reviews: Reviews
    confirms_stops: bool
    known_names: KnownNames = field(default_factory=KnownNames)
