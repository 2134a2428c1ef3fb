"""Commands about the installation as a whole: check up on it, and accept what its ledger lost."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from askfirst.domain.values.finding import Finding
from askfirst.domain.values.ids import parse_business_id
from askfirst.usecases.context.services import Services
from askfirst.usecases.transparency.accept_ledger import accept_ledger, list_damages
from askfirst.usecases.transparency.diagnose import Check, diagnose
from askfirst.web.admin.admin_command import AdminCommand, Answer
from askfirst.web.admin.event_row import event_row


class Checks(Protocol):
    """What a check-up looks at. `asks_meta`: also whether the Graph API can be reached."""

    def __call__(self, *, asks_meta: bool) -> Sequence[Check]: ...


class Diagnose(AdminCommand, frozen=True, kw_only=True, tag=True):
    """Run every check; `asks_meta` also asks whether the Graph API can be reached."""

    asks_meta: bool = False

    async def look_at(self, checks: Checks) -> Answer:
        findings = await diagnose(checks(asks_meta=self.asks_meta))
        return {"findings": [_check_up_row(finding) for finding in findings]}


class AcceptLedger(AdminCommand, frozen=True, kw_only=True, tag=True):
    """End a hold by an operator's word. `business` empty: for all that are held."""

    reason: str

    async def run(self, services: Services) -> Answer:
        named = parse_business_id(self.business) if self.business else None
        done = await accept_ledger(services, named, self.reason)
        return {
            "accepted": [
                {
                    "event": event_row(one.event),
                    "business": one.event.business_id,
                    "damages": [str(damage) for damage in one.damages],
                }
                for one in done
            ],
            "held": [str(damage) for damage in list_damages(services)],
        }


def _check_up_row(finding: Finding) -> Answer:
    """Write what a check-up found."""
    return {
        "check": finding.check,
        "severity": finding.severity.value,
        "summary": finding.summary,
        "remedy": finding.remedy,
    }
