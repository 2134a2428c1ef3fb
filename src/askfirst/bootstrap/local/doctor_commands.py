"""The errand that checks up on the installation."""

from __future__ import annotations

from askfirst.bootstrap.health.diagnosis import checks_of
from askfirst.bootstrap.local.admin_command import Answer, Errand
from askfirst.bootstrap.local.answers import check_up_row
from askfirst.bootstrap.wiring import Wired
from askfirst.usecases.transparency.diagnose import diagnose


class Diagnose(Errand, frozen=True, kw_only=True, tag=True):
    """Run every check; `asks_meta` also asks whether the Graph API can be reached."""

    asks_meta: bool = False

    async def look_at(self, wired: Wired) -> Answer:
        findings = await diagnose(checks_of(wired, asks_meta=self.asks_meta))
        return {"findings": [check_up_row(finding) for finding in findings]}
