"""Everything a use case may need, in one frozen value that bootstrap builds."""

from __future__ import annotations

from dataclasses import dataclass, field

from askfirst.decision.policy import Policy
from askfirst.domain.code_limits import CodeRules
from askfirst.domain.site import Site
from askfirst.domain.wording import Catalogue
from askfirst.ports.accounts import Accounts
from askfirst.ports.audit import Audit
from askfirst.ports.clock import Clock, Ids
from askfirst.ports.codes import Codes
from askfirst.ports.composer import Composer
from askfirst.ports.dead_letters import DeadLetters, DeliveryReader
from askfirst.ports.directory import Directory
from askfirst.ports.entries import Entries, ManagedLinks
from askfirst.ports.gate import DecisionLog, Gate
from askfirst.ports.happenings import Happenings, Receiver
from askfirst.ports.head import HeadFile, HeadReceiver
from askfirst.ports.ledger import Ledger
from askfirst.ports.limits import Limits
from askfirst.ports.line import CodeTemplates, Lines, TemplateSource
from askfirst.ports.numbering import Numbering
from askfirst.ports.prompts import Profiles, Prompts
from askfirst.ports.proofs import PersonalLinks, Proofs
from askfirst.ports.receipts import Receipts
from askfirst.ports.signals import Signals
from askfirst.ports.sms import Sms
from askfirst.ports.stop_confirmations import StopConfirmations
from askfirst.ports.tokens import Tokens
from askfirst.usecases.known_names import KnownNames
from askfirst.usecases.ledger_watch import LedgerWatch


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
    lines: Lines
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
    happenings: Happenings
    accounts: Accounts
    dead_letters: DeadLetters
    read_delivery: DeliveryReader
    receiver: Receiver
    signals: Signals
    audit: Audit
    watch: LedgerWatch
    head_file: HeadFile
    head_receiver: HeadReceiver
    is_head_needed: bool
    """Where a head was kept and its file is gone, sends are held: this machine is the only one."""
    stop_confirmations: StopConfirmations
    confirms_stops: bool
    known_names: KnownNames = field(default_factory=KnownNames)
