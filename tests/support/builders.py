"""Short ways to say who did what: people, acts, changes, questions, senders, templates."""

from __future__ import annotations

from typing import Any

from askfirst.decision.decision import Decision, Verdict
from askfirst.decision.question import MessageKind, SendRequest
from askfirst.decision.reason import Reason
from askfirst.decision.reservation import Reservation
from askfirst.domain.consent.event import Assurance, EventKind, NumberProof, Source
from askfirst.domain.prompts.prompt import PromptVersion, Surface
from askfirst.domain.tenants.api_key import ApiScope, Key
from askfirst.domain.tenants.sender import Sender, SenderState, Template, TemplateState
from askfirst.domain.values.alias import Alias, AliasKind, phone_alias, wa_id_alias
from askfirst.domain.values.ids import (
    BusinessId,
    ContactId,
    DecisionId,
    KeyId,
    PhoneNumberId,
    Position,
    WabaId,
)
from askfirst.domain.values.purpose import Category, Purpose
from askfirst.domain.values.timestamp import Instant
from askfirst.ports.consent.change import (
    AliasesLinked,
    Command,
    Idempotency,
    MediaObserved,
    MessagingLimitObserved,
    PairSlowed,
    SenderSlowed,
    Statement,
    TemplateObserved,
    Unreachable,
    WindowOpened,
    WriteBatch,
    WriteEntry,
)
from askfirst.ports.sending.gate import DecisionRecord, Outcome
from tests.support.clocks import NOON, at

BUSINESS = BusinessId("acme")
RIVAL = BusinessId("rival")
SENDER = PhoneNumberId("200")
OTHER_SENDER = PhoneNumberId("201")
WABA = WabaId("100")
OTHER_WABA = WabaId("109")
MARKETING = ("marketing",)
UTILITY = ("utility",)

ANA = phone_alias("447700900123")
BEN = phone_alias("447700900456")
CLEO = phone_alias("447700900789")
ANA_BSUID = Alias(AliasKind.BSUID, "GB.1349")
BEN_BSUID = Alias(AliasKind.BSUID, "GB.2468")
BUENOS_AIRES = phone_alias("5491123456789")
BUENOS_AIRES_WITHOUT_9 = phone_alias("541123456789")


def person(number: int) -> Alias:
    """One of many people, by number."""
    return phone_alias(f"4477{number:08d}")


def statement(kind: EventKind, *aliases: Alias, at: Instant = NOON, **parts: Any) -> Statement:
    """One act of the person of these names (Ana, where none are given)."""
    known: dict[str, Any] = {
        "source": Source.API,
        "surface": Surface.SIGNUP,
        "number_proof": NumberProof.VOUCHED,
        "assurance": Assurance.SHOWN,
    }
    return Statement(aliases=aliases or (ANA,), kind=kind, occurred_at=at, **(known | parts))


def grant(*aliases: Alias, at: Instant = NOON, **parts: Any) -> Statement:
    """A yes to marketing, shown, unless the parts say otherwise."""
    return statement(EventKind.GRANTED, *aliases, at=at, **({"purposes": MARKETING} | parts))


def refuse(*aliases: Alias, at: Instant = NOON, **parts: Any) -> Statement:
    """A no to marketing when asked."""
    return statement(EventKind.REFUSED, *aliases, at=at, **({"purposes": MARKETING} | parts))


def stop(*aliases: Alias, at: Instant = NOON, **parts: Any) -> Statement:
    """A withdrawal of everything, from the person's own number."""
    known = {
        "source": Source.WEBHOOK,
        "surface": Surface.CHAT,
        "number_proof": NumberProof.PROVEN,
        "assurance": Assurance.CONFIRMED,
    }
    return statement(EventKind.WITHDRAWN, *aliases, at=at, **(known | parts))


def opening(*aliases: Alias, at: Instant = NOON, sender: PhoneNumberId = SENDER) -> WindowOpened:
    """The person wrote to a sender."""
    return WindowOpened(aliases=aliases or (ANA,), sender=sender, at=at)


def acquaintance(*aliases: Alias, at: Instant = NOON) -> AliasesLinked:
    """Meta says that these names are one person."""
    return AliasesLinked(aliases=aliases, at=at, source=Source.GATEWAY)


def named(media_id: str, *, sender: PhoneNumberId = SENDER, at: Instant = NOON) -> MediaObserved:
    """Meta named a file."""
    return MediaObserved(media_id=media_id, sender=sender, at=at)


def unreachable(*aliases: Alias, at: Instant = NOON) -> Unreachable:
    """Meta could not deliver."""
    return Unreachable(aliases=aliases or (ANA,), at=at)


def sighting(**parts: Any) -> TemplateObserved:
    """Meta says something of the template `offer`."""
    known: dict[str, Any] = {
        "waba_id": WABA,
        "name": "offer",
        "language": "en",
        "state": None,
        "category": None,
        "at": NOON,
    }
    return TemplateObserved(**(known | parts))


def change(
    *acts: Command,
    at: Instant | None = None,
    business: BusinessId = BUSINESS,
    source_id: str = "",
    body: bytes = b"",
    prompt: PromptVersion | None = None,
    key: Idempotency | None = None,
) -> WriteBatch:
    """One item with these acts, recorded when the last of them happened, or at noon if later."""
    moments = [
        act.occurred_at if isinstance(act, Statement) else act.at
        for act in acts
        if not isinstance(act, (MessagingLimitObserved, PairSlowed, SenderSlowed))
    ]
    return WriteBatch(
        business_id=business,
        recorded_at=at if at is not None else max([NOON, *moments]),
        items=(WriteEntry(acts=acts, source_id=source_id),) if acts else (),
        body=body,
        prompt=prompt,
        idempotency=key,
    )


def key_for(text: str = "order-1", digest: bytes = b"d" * 32) -> Idempotency:
    """An idempotency key with a digest."""
    return Idempotency(key=text, digest=digest)


def prompt(text: str = "May we write to you on WhatsApp?", **parts: Any) -> PromptVersion:
    """A wording."""
    known: dict[str, Any] = {
        "key": "newsletter",
        "locale": "en",
        "surface": Surface.SIGNUP,
        "purposes": MARKETING,
    }
    return PromptVersion(text=text, **(known | parts))


def question(*recipients: Alias, **parts: Any) -> SendRequest:
    """May a marketing message go to these names (Ana, where none are given)?"""
    known: dict[str, Any] = {
        "business_id": BUSINESS,
        "sender": SENDER,
        "kind": MessageKind.PURPOSE,
        "purpose": Purpose("marketing"),
        "country": "GB",
    }
    return SendRequest(recipients=recipients or (ANA,), **(known | parts))


def free_form(*recipients: Alias, **parts: Any) -> SendRequest:
    """May a free-form reply go to these names?"""
    return question(*recipients, **({"kind": MessageKind.FREE_FORM, "purpose": None} | parts))


def stop_confirmation(*recipients: Alias, **parts: Any) -> SendRequest:
    """May the confirmation of a stop of everything go to these names?"""
    known = {"kind": MessageKind.STOP_CONFIRMATION, "purpose": None}
    return question(*recipients, **(known | parts))


def from_template(*recipients: Alias, name: str = "offer", **parts: Any) -> SendRequest:
    """May this template go to these names?"""
    known = {"kind": MessageKind.TEMPLATE, "purpose": None, "template": name, "language": "en"}
    return question(*recipients, **(known | parts))


def sender(phone_number_id: PhoneNumberId = SENDER, **parts: Any) -> Sender:
    """A sender of the business, in the account of whichever business it is."""
    known: dict[str, Any] = {
        "business_id": BUSINESS,
        "waba_id": OTHER_WABA if parts.get("business_id") == RIVAL else WABA,
        "digits": "15550100001",
        "name": "Acme",
        "state": SenderState.ACTIVE,
    }
    return Sender(phone_number_id=phone_number_id, **(known | parts))


def template(name: str = "offer", **parts: Any) -> Template:
    """A marketing template in service."""
    known: dict[str, Any] = {
        "business_id": BUSINESS,
        "waba_id": WABA,
        "language": "en",
        "category": Category.MARKETING,
        "state": TemplateState.IN_SERVICE,
        "seen_at": NOON,
    }
    return Template(name=name, **(known | parts))


def decision(verdict: Verdict = Verdict.ALLOW, **parts: Any) -> Decision:
    """A decision of rule 5."""
    reason = Reason.OPTED_IN if verdict is Verdict.ALLOW else Reason.NO_OPT_IN
    known: dict[str, Any] = {
        "reasons": (reason,),
        "rule": 5,
        "purpose": "marketing",
        "position": Position(1),
        "policy_fingerprint": "pol_0123456789abcdef",
    }
    return Decision(verdict=verdict, **(known | parts))


def reservation(**parts: Any) -> Reservation:
    """One use of something that is bound to once."""
    known: dict[str, Any] = {
        "kind": "offers_a_day",
        "key": "con_1/2026-01-15",
        "bound": 1,
        "ends_at": at(86_400),
        "reason": Reason.NO_STOP_TO_CONFIRM,
    }
    return Reservation(**(known | parts))


def decision_record(
    number: int = 1, contact: ContactId | None = None, **parts: Any
) -> DecisionRecord:
    """A row of the log of decisions."""
    known: dict[str, Any] = {
        "decided_at": NOON,
        "question": question(),
        "decision": decision(),
        "body": b'{"to":"+447700900123"}',
    }
    name = DecisionId(f"dec_{number:026d}")
    return DecisionRecord(decision_id=name, contact_id=contact, **(known | parts))


def outcome(number: int = 1, **parts: Any) -> Outcome:
    """What became of a decision."""
    known: dict[str, Any] = {"business_id": BUSINESS, "left_at": NOON, "status": 200}
    return Outcome(decision_id=DecisionId(f"dec_{number:026d}"), **(known | parts))


def api_key(number: int = 1, **parts: Any) -> Key:
    """A key that may do everything."""
    known: dict[str, Any] = {
        "business_id": BUSINESS,
        "name": "shop",
        "scopes": frozenset(ApiScope),
        "created_at": NOON,
    }
    return Key(key_id=KeyId(f"key_{number:026d}"), **(known | parts))


def spelt_by_meta(digits: str) -> Alias:
    """The same number in WhatsApp's own spelling."""
    return wa_id_alias(digits)
