"""Commands about questions."""

from __future__ import annotations

from askfirst.domain.prompts.prompt_file import parse_prompts
from askfirst.domain.prompts.prompt_lint import LintFinding
from askfirst.usecases.context.services import Services
from askfirst.usecases.prompts.manage_prompts import publish_prompts
from askfirst.web.admin.admin_command import AdminCommand, Answer, business_of


class PublishPrompts(AdminCommand, frozen=True, kw_only=True, tag=True):
    """Publish the questions of a file; `content` is its TOML."""

    content: str

    async def run(self, services: Services) -> Answer:
        business_id = await business_of(services, self.business)
        prompts = parse_prompts(self.content).prompts.values()
        revisions, findings = await publish_prompts(services, business_id, prompts)
        return {
            "published": [{"key": key, "revision": revision} for key, revision in revisions],
            "findings": [finding_row(finding) for finding in findings],
        }


def finding_row(finding: LintFinding) -> Answer:
    """Write what lint found."""
    rule = finding.rule
    return {
        "rule": rule.id,
        "severity": finding.severity.value,
        "where": finding.where,
        "message": finding.message,
        "asks": rule.asks,
        "reason": rule.reason,
        "source": rule.source,
        "fix": rule.fix,
    }
