"""What the command line can ask for: a value each, with the function that does it.

The same value travels to a running server as JSON, or runs on the spot. Answers are plain JSON.
"""

from __future__ import annotations

import msgspec

from askfirst.bootstrap.local.admin_command import Answer, Errand, business_of
from askfirst.bootstrap.local.answers import (
    check_answer,
    event_row,
    finding_row,
    key_row,
    told_row,
)
from askfirst.bootstrap.local.business_commands import SetBusiness, ShowBusiness
from askfirst.bootstrap.local.doctor_commands import Diagnose
from askfirst.bootstrap.local.entry_point_commands import (
    CreateEntry,
    DrawPoster,
    EndEntry,
    ListEntries,
)
from askfirst.bootstrap.local.ledger_commands import AcceptLedger
from askfirst.bootstrap.local.link_commands import CreateLink, RevokeLink
from askfirst.bootstrap.local.sender_commands import ListSenders, SetSender
from askfirst.bootstrap.wiring import Wired
from askfirst.decision.question import MessageKind, SendRequest
from askfirst.domain.consent.attestation import Attestation, needs_witness
from askfirst.domain.consent.event import NumberProof, Source
from askfirst.domain.prompts.prompt import PromptVersion, Surface
from askfirst.domain.prompts.prompt_file import parse_prompts
from askfirst.domain.tenants.api_key import ApiScope, Business
from askfirst.domain.values.errors import InvalidInput, UnknownReference
from askfirst.domain.values.ids import KeyId, PhoneNumberId, Position, parse_node_id
from askfirst.domain.values.purpose import Purpose, parse_purpose
from askfirst.domain.values.timestamp import parse_rfc3339, to_rfc3339
from askfirst.usecases.consent.issue_receipt import issue_receipt, public_keys
from askfirst.usecases.consent.record_consent import Consent, ConsentVerb, record_consent
from askfirst.usecases.consent.tell_effect import tell_effect
from askfirst.usecases.contacts.read_number import read_typed_contact
from askfirst.usecases.contacts.show_contact import list_events
from askfirst.usecases.context.services import Services
from askfirst.usecases.prompts.manage_prompts import publish_prompts
from askfirst.usecases.sending.check_send import check_send, country_of
from askfirst.usecases.tenants.authenticate import create_key
from askfirst.usecases.tenants.manage_senders import refresh_templates


class CreateKey(Errand, frozen=True, kw_only=True, tag=True):
    """Make a key, and its business where that is new."""

    name: str
    business_name: str = ""
    scopes: tuple[str, ...]

    async def run(self, services: Services) -> Answer:
        business_id = await business_of(services, self.business, or_first=True)
        known = await services.directory.business(business_id)
        name = self.business_name or (known.name if known else business_id)
        business = Business(business_id=business_id, name=name)
        scopes = frozenset(_scope(scope) for scope in self.scopes)
        key, secret = await create_key(services, business, self.name, scopes)
        return {**key_row(key), "secret": secret}


class ListKeys(Errand, frozen=True, kw_only=True, tag=True):
    """List a business's keys, revoked ones included."""

    async def run(self, services: Services) -> Answer:
        keys = await services.directory.keys(await business_of(services, self.business))
        return {"keys": [key_row(key) for key in keys]}


class RevokeKey(Errand, frozen=True, kw_only=True, tag=True):
    """End a key."""

    key_id: str

    async def run(self, services: Services) -> Answer:
        business_id, now = await business_of(services, self.business), services.clock.now()
        if not await services.directory.revoke_key(business_id, KeyId(self.key_id), now):
            raise UnknownReference(
                "key_id", "no live key of that id; askfirst keys list shows them"
            )
        return {"id": self.key_id, "revoked_at": to_rfc3339(now)}


class RecordConsent(Errand, frozen=True, kw_only=True, tag=True):
    """Record what a person answered, as an operator was told."""

    verb: ConsentVerb
    contact: str
    purposes: tuple[str, ...] = ()
    surface: str = Surface.API.value
    occurred_at: str = ""
    prompt_key: str = ""
    prompt_locale: str = ""
    prompt_text: str = ""
    taken_by: str = ""
    form: str = ""
    scan_sha256: str = ""
    note: str = ""

    async def run(self, services: Services) -> Answer:
        topics = services.policy.topics
        purposes = tuple(parse_purpose(name, topics, "purpose") for name in self.purposes)
        at = parse_rfc3339(self.occurred_at, "at") if self.occurred_at else None
        consent = Consent(
            business_id=await business_of(services, self.business),
            verb=self.verb,
            alias=read_typed_contact(services.numbering, self.contact, "contact"),
            purposes=purposes,
            surface=_surface(self.surface),
            source=Source.CLI,
            number_proof=NumberProof.VOUCHED,
            prompt=self._prompt(purposes),
            occurred_at=at,
            evidence=msgspec.json.encode({"note": self.note}) if self.note else b"",
            witness=self._witness(),
        )
        committed = await record_consent(services, consent)
        told = await tell_effect(services, committed.events[0], consent.alias)
        rows = [event_row(event) for event in committed.events]
        return {"events": rows, **told_row(told)}

    def _witness(self) -> Attestation | None:
        if self.taken_by:
            return Attestation(taken_by=self.taken_by, form=self.form, scan_sha256=self.scan_sha256)
        if self.form or self.scan_sha256:
            raise InvalidInput("taken_by", "must say who used the form, or made the scan")
        if self.verb is ConsentVerb.GRANT and needs_witness(_surface(self.surface)):
            raise InvalidInput("taken_by", f"must say who did, for surface {self.surface}")
        return None

    def _prompt(self, purposes: tuple[Purpose, ...]) -> PromptVersion | None:
        if not self.prompt_text:
            return None
        return PromptVersion(
            key=self.prompt_key,
            locale=self.prompt_locale,
            surface=_surface(self.surface),
            purposes=tuple(purpose.name for purpose in purposes),
            text=self.prompt_text,
        )


class CheckSend(Errand, frozen=True, kw_only=True, tag=True):
    """Ask the gate, without sending."""

    to: str
    sender: str
    purpose: str = ""
    template: str = ""

    async def run(self, services: Services) -> Answer:
        alias = read_typed_contact(services.numbering, self.to, "to")
        purpose = None
        if not self.template:
            purpose = parse_purpose(self.purpose, services.policy.topics, "purpose")
        question = SendRequest(
            business_id=await business_of(services, self.business),
            sender=PhoneNumberId(parse_node_id(self.sender, "sender")),
            recipients=(alias,),
            kind=MessageKind.TEMPLATE if self.template else MessageKind.PURPOSE,
            template=self.template,
            purpose=purpose,
            country=country_of(services, alias),
        )
        return check_answer(await check_send(services, question))


class ListEvents(Errand, frozen=True, kw_only=True, tag=True):
    """Give a page of the ledger."""

    after: int = 0
    limit: int = 100

    async def run(self, services: Services) -> Answer:
        business_id = await business_of(services, self.business)
        events = await list_events(services, business_id, Position(self.after), self.limit)
        return {"events": [event_row(event) for event in events]}


class RefreshTemplates(Errand, frozen=True, kw_only=True, tag=True):
    """Read Meta's list of templates now."""

    async def run(self, services: Services) -> Answer:
        business_id = await business_of(services, self.business)
        return {"templates": await refresh_templates(services, business_id)}


class PublishPrompts(Errand, frozen=True, kw_only=True, tag=True):
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


class ShowReceipt(Errand, frozen=True, kw_only=True, tag=True):
    """Sign the receipt of one event."""

    position: int

    async def run(self, services: Services) -> Answer:
        business_id = await business_of(services, self.business)
        receipt = await issue_receipt(services, business_id, Position(self.position))
        if receipt is None:
            raise UnknownReference("position", "no event is there; askfirst events lists them")
        return {"receipt": receipt}


class ShowReceiptKeys(Errand, frozen=True, kw_only=True, tag=True):
    """Give the public keys of receipts."""

    async def run(self, services: Services) -> Answer:
        business_id = await business_of(services, self.business)
        return {"keys": [dict(key) for key in await public_keys(services, business_id)]}


class RotateReceiptKey(Errand, frozen=True, kw_only=True, tag=True):
    """Sign receipts with a new key from now on."""

    async def run(self, services: Services) -> Answer:
        business_id = await business_of(services, self.business)
        return {"key": await services.receipts.rotate(business_id, services.clock.now())}


AnyErrand = (
    CreateKey
    | ListKeys
    | RevokeKey
    | RecordConsent
    | CheckSend
    | ListEvents
    | RefreshTemplates
    | PublishPrompts
    | ShowReceipt
    | ShowReceiptKeys
    | RotateReceiptKey
    | CreateEntry
    | ListEntries
    | EndEntry
    | DrawPoster
    | CreateLink
    | RevokeLink
    | ShowBusiness
    | SetBusiness
    | AcceptLedger
    | ListSenders
    | SetSender
    | Diagnose
)


async def carry_out(errand: AnyErrand, wired: Wired) -> Answer:
    """Do it, by use cases alone; only a check-up looks at more of the house."""
    if isinstance(errand, Diagnose):
        return await errand.look_at(wired)
    return await errand.run(wired.services)


def _scope(text: str) -> ApiScope:
    try:
        return ApiScope(text)
    except ValueError as error:
        raise InvalidInput("scope", "must be one of " + ", ".join(ApiScope)) from error


def _surface(text: str) -> Surface:
    try:
        return Surface(text)
    except ValueError as error:
        raise InvalidInput("surface", "must be one of " + ", ".join(Surface)) from error
