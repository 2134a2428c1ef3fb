"""Commands about sends, and about messages that wait until they may leave."""

from __future__ import annotations

from askfirst.decision.decision import Decision, Verdict
from askfirst.decision.question import MessageKind, SendRequest
from askfirst.decision.reason import Reason
from askfirst.decision.telling.explanation import RuleAccount
from askfirst.domain.held.held_message import HeldMessage
from askfirst.domain.values.errors import UnknownReference
from askfirst.domain.values.ids import HeldId, PhoneNumberId, Prefix, parse_id, parse_node_id
from askfirst.domain.values.timestamp import Instant, to_rfc3339
from askfirst.usecases.consent.read_purposes import read_purpose
from askfirst.usecases.contacts.read_number import country_of_alias, place_of_alias
from askfirst.usecases.context.services import Services
from askfirst.usecases.held.manage_held import cancel_held, list_held
from askfirst.usecases.sending.check_send import check_send
from askfirst.usecases.sending.explain_send import explain_send
from askfirst.usecases.sending.simulate_policy import simulate_policy_file
from askfirst.web.admin.admin_command import AdminCommand, Answer, business_of, read_name


class CheckSend(AdminCommand, frozen=True, kw_only=True, tag=True):
    """Ask the gate, without sending; with `explain`, what each of its rules had to say, too."""

    to: str
    sender: str
    purpose: str = ""
    template: str = ""
    campaign: str = ""
    explain: bool = False

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
            country=country_of_alias(services, alias),
            place=place_of_alias(services, alias),
            campaign=self.campaign,
        )
        if not self.explain:
            return _check_answer(await check_send(services, question))
        told = await explain_send(services, question)
        return _check_answer(told.decision) | {"rules": [_rule(one) for one in told.rules]}


class SimulatePolicy(AdminCommand, frozen=True, kw_only=True, tag=True):
    """Decide the sends of the last days anew, by the text of another policy."""

    text: str
    days: int = 30

    async def run(self, services: Services) -> Answer:
        business_id = await business_of(services, self.business)
        found = await simulate_policy_file(services, business_id, self.text, self.days)
        return {
            "policy": found.policy,
            "in_force": found.in_force,
            "days": self.days,
            "unknown": found.unknown,
            "was": {verdict.value: found.count(verdict, then=True) for verdict in Verdict},
            "would_be": {verdict.value: found.count(verdict, then=False) for verdict in Verdict},
            "changes": [
                {
                    "was": one.was_verdict.value,
                    "was_reason": one.was.value,
                    "would_be": one.verdict.value,
                    "reason": one.would_be.value,
                    "count": one.decisions,
                }
                for one in found.changes
            ],
        }


def _check_answer(decision: Decision) -> Answer:
    """A decision with each reason explained."""
    return {
        "verdict": decision.verdict.value,
        "reasons": [_reason(reason) for reason in decision.reasons],
        "rule": decision.rule,
        "purpose": decision.purpose,
        "position": decision.position,
        "policy": decision.policy_fingerprint,
        "retry_at": _time(decision.retry_at),
    }


def _rule(account: RuleAccount) -> Answer:
    rule = account.rule
    return {
        "number": rule.number,
        "name": rule.name,
        "says": rule.says,
        "verdict": account.verdict.value,
        "lifts": sorted(rule.lifts),
        "facts": [fact._asdict() for fact in account.facts],
        "reason": _reason(account.reason) if account.reason else None,
        "retry_at": _time(account.retry_at),
    }


def _reason(reason: Reason) -> Answer:
    return {"code": reason.value, "explanation": reason.explanation, "remedy": reason.remedy}


def _time(instant: Instant | None) -> str | None:
    return to_rfc3339(instant) if instant is not None else None


class ListHeld(AdminCommand, frozen=True, kw_only=True, tag=True):
    """Give a page of those that wait, or of those that ended; `after` is the last id seen."""

    is_open: bool = True
    after: str = ""
    limit: int = 100

    async def run(self, services: Services) -> Answer:
        business_id = await business_of(services, self.business)
        after = parse_id(Prefix.HELD, self.after, "after") if self.after else ""
        found = await list_held(services, business_id, after, self.limit, is_open=self.is_open)
        return {"held": [_held_row(one) for one in found]}


class CancelHeld(AdminCommand, frozen=True, kw_only=True, tag=True):
    """Take one back."""

    held_id: str

    async def run(self, services: Services) -> Answer:
        business_id = await business_of(services, self.business)
        name = HeldId(parse_id(Prefix.HELD, self.held_id, "held_id"))
        found = await cancel_held(services, business_id, name)
        if found is None:
            message = "no held message of that id; askfirst held list shows them"
            raise UnknownReference("held_id", message)
        return {"held": _held_row(found)}


def _held_row(one: HeldMessage) -> Answer:
    """A held message, without whom it goes to."""
    return {
        "id": one.held_id,
        "state": one.state.value,
        "reason": one.reason or None,
        "contact": one.contact_id,
        "purpose": one.purpose,
        "campaign": one.campaign or None,
        "due_at": to_rfc3339(one.due_at),
        "expires_at": to_rfc3339(one.expires_at),
        "ended_at": None if one.ended_at is None else to_rfc3339(one.ended_at),
    }
