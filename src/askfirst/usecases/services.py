"""Everything a use case may need, in one frozen value that bootstrap builds."""

from __future__ import annotations

from dataclasses import dataclass

from askfirst.decision.policy import Policy
from askfirst.ports.clock import Clock, Ids
from askfirst.ports.directory import Directory
from askfirst.ports.gate import DecisionLog, Gate
from askfirst.ports.ledger import Ledger
from askfirst.ports.line import Lines, TemplateSource
from askfirst.ports.numbering import Numbering


@dataclass(frozen=True, slots=True, kw_only=True)
class Services:
    """The world as the use cases see it."""

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
