"""Commands about sends."""

from __future__ import annotations

from askfirst.decision.decision import Decision
from askfirst.decision.question import MessageKind, SendRequest
from askfirst.domain.values.ids import PhoneNumberId, parse_node_id
from askfirst.domain.values.timestamp import to_rfc3339
from askfirst.usecases.consent.read_purposes import read_purpose
from askfirst.usecases.context.services import Services
from askfirst.usecases.sending.check_send import check_send, country_of
from askfirst.web.admin.admin_command import AdminCommand, Answer, business_of, read_name


class CheckSend(AdminCommand, frozen=True, kw_only=True, tag=True):
    """Ask the gate, without sending."""

    to: str
    sender: str
    purpose: str = ""
    template: str = ""

    async def run(self, services: Services) -> Answer:
        business_id = await business_of(services, self.business)
        alias = await read_name(services, business_id, self.to, "to")
        purpose = None if self.template else read_purpose(services, self.purpose, "purpose")
        question = SendRequest(
            business_id=business_id,
            sender=PhoneNumberId(parse_node_id(self.sender, "sender")),
            recipients=(alias,),
            kind=MessageKind.TEMPLATE if self.template else MessageKind.PURPOSE,
            template=self.template,
            purpose=purpose,
            country=country_of(services, alias),
        )
        return _check_answer(await check_send(services, question))


def _check_answer(decision: Decision) -> Answer:
    """A decision with each reason explained."""
    return {
        "verdict": decision.verdict.value,
        "reasons": [
            {"code": reason.value, "explanation": reason.explanation, "remedy": reason.remedy}
            for reason in decision.reasons
        ],
        "rule": decision.rule,
        "purpose": decision.purpose,
        "position": decision.position,
        "policy": decision.policy_fingerprint,
        "retry_at": None if decision.retry_at is None else to_rfc3339(decision.retry_at),
    }
