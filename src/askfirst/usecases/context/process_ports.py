"""What a process has beside the database and Meta."""

from __future__ import annotations

from dataclasses import dataclass, field

from askfirst.decision.gate_rules import GateRules
from askfirst.domain.codes.code_limits import CodeRules
from askfirst.domain.prompts.catalogue import Catalogue
from askfirst.domain.tenants.deployment import Site
from askfirst.ports.bulk.tables import Tables
from askfirst.ports.codes.sms import Sms
from askfirst.ports.events.outbox import Receiver
from askfirst.ports.events.subscriptions import Endpoints
from askfirst.ports.inbound.dead_letters import DeliveryReader
from askfirst.ports.inbound.receivers import ReceiverLines
from askfirst.ports.operators.credentials import (
    Authenticators,
    PasskeyCeremonies,
    Passwords,
    SignOn,
)
from askfirst.ports.platform.clock import Clock, Ids
from askfirst.ports.platform.phone_numbers import Numbering
from askfirst.ports.platform.telemetry import Telemetry
from askfirst.ports.tenants.tokens import Tokens
from askfirst.ports.transparency.head import HeadFile, HeadReceiver
from askfirst.usecases.bulk.exports.run_schedule import WritesExports
from askfirst.usecases.memory.known_names import KnownNames
from askfirst.usecases.memory.ledger_watch import LedgerWatch
from askfirst.usecases.memory.policy_in_force import PolicyInForce
from askfirst.usecases.memory.shown_prompts import ShownPrompts


@dataclass(frozen=True, kw_only=True)
class ProcessPorts:
    """Ports of this process: its machine, its settings and its ways out."""

    clock: Clock
    ids: Ids
    numbering: Numbering
    policies: PolicyInForce
    rules: GateRules
    tokens: Tokens
    catalogue: Catalogue
    site: Site
    code_rules: CodeRules
    sms: Sms
    endpoints: Endpoints
    receiver_lines: ReceiverLines
    read_delivery: DeliveryReader
    receiver: Receiver
    telemetry: Telemetry
    watch: LedgerWatch
    head_file: HeadFile
    head_receiver: HeadReceiver
    is_head_needed: bool
    """Where a head was kept and its file is gone, sends are held: this machine is the only one."""
    confirms_stops: bool
    """Stops in the chat are confirmed."""
    tables: Tables
    export_files: WritesExports
    passwords: Passwords
    authenticators: Authenticators
    ceremonies: PasskeyCeremonies
    sign_on: SignOn
    known_names: KnownNames = field(default_factory=KnownNames)
    shown_prompts: ShownPrompts = field(default_factory=ShownPrompts)
