"""Errands about the ledger as a whole."""

from __future__ import annotations

from askfirst.bootstrap.local.admin_command import Answer, Errand
from askfirst.bootstrap.local.answers import event_row
from askfirst.domain.values.ids import parse_business_id
from askfirst.usecases.context.services import Services
from askfirst.usecases.transparency.accept_ledger import accept_ledger


class AcceptLedger(Errand, frozen=True, kw_only=True, tag=True):
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
            "held": [str(damage) for damage in services.watch.damages()],
        }
