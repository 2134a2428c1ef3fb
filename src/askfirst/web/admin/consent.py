"""Commands about what people answered and chose: record it, sign it, link to their page."""

from __future__ import annotations

import re
from typing import Final

import msgspec

from askfirst.domain.consent.attestation import Attestation, needs_witness
from askfirst.domain.consent.choice import Choice, PauseUntil
from askfirst.domain.consent.consent import Consent, ConsentVerb
from askfirst.domain.consent.event import NumberProof, Source
from askfirst.domain.consent.frequency import Frequency
from askfirst.domain.prompts.prompt import PromptVersion, Surface
from askfirst.domain.values.errors import InvalidInput, UnknownReference
from askfirst.domain.values.ids import Position, Prefix, parse_id
from askfirst.domain.values.purpose import MARKETING, Purpose
from askfirst.domain.values.timestamp import parse_rfc3339, to_rfc3339
from askfirst.usecases.consent.issue_receipt import issue_receipt, public_keys, rotate_key
from askfirst.usecases.consent.manage_links import LIFE_DAYS_DEFAULT, make_link, revoke_link
from askfirst.usecases.consent.read_purposes import read_purpose
from askfirst.usecases.consent.record_choice import ChoiceOrder, record_choice
from askfirst.usecases.consent.record_consent import record_consent
from askfirst.usecases.consent.tell_effect import Told, tell_effect
from askfirst.usecases.contacts.set_time_zone import set_time_zone
from askfirst.usecases.contacts.show_contact import list_events
from askfirst.usecases.context.services import Services
from askfirst.web.admin.admin_command import AdminCommand, Answer, business_of, read_name
from askfirst.web.admin.event_row import event_row

_ASKED_AS: Final = {"pause_until": "until", "purposes": "purpose", "at_most": "count"}
"""What a command calls the fields of a choice."""
_DATE: Final = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)


class RecordConsent(AdminCommand, frozen=True, kw_only=True, tag=True):
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
        purposes = tuple(read_purpose(services, name, "purpose") for name in self.purposes)
        at = parse_rfc3339(self.occurred_at, "at") if self.occurred_at else None
        business_id = await business_of(services, self.business)
        consent = Consent(
            business_id=business_id,
            verb=self.verb,
            alias=await read_name(services, business_id, self.contact, "contact"),
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
        told = await tell_effect(services, committed, consent.alias)
        rows = [event_row(event) for event in committed.events]
        return {"events": rows, **_told_row(told)}

    def _witness(self) -> Attestation | None:
        if self.taken_by:
            return Attestation(taken_by=self.taken_by, form=self.form, scan_sha256=self.scan_sha256)
        if self.form or self.scan_sha256:
            raise InvalidInput(
                "taken_by", "is required: name the person who used the form or made the scan"
            )
        if self.verb is ConsentVerb.GRANT and needs_witness(_surface(self.surface)):
            raise InvalidInput(
                "taken_by",
                f"is required on {self.surface}: name the person who took the answer down",
            )
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


class RecordPause(AdminCommand, frozen=True, kw_only=True, tag=True):
    """Record that a person paused messages, as an operator was told."""

    contact: str
    until: str
    purposes: tuple[str, ...] = ()
    surface: str = Surface.API.value

    async def run(self, services: Services) -> Answer:
        names = self.purposes or (MARKETING.name,)
        purposes = tuple(read_purpose(services, name, "purpose") for name in names)
        until = f"{self.until}T00:00:00Z" if _DATE.fullmatch(self.until) else self.until
        chosen = PauseUntil(parse_rfc3339(until, "until"))
        return await _choose(services, self, chosen, purposes)


class RecordLimit(AdminCommand, frozen=True, kw_only=True, tag=True):
    """Record how often at most a person wants offers, as an operator was told."""

    contact: str
    count: int
    days: int
    surface: str = Surface.API.value

    async def run(self, services: Services) -> Answer:
        return await _choose(services, self, Frequency(self.count, self.days), ())


class SetTimeZone(AdminCommand, frozen=True, kw_only=True, tag=True):
    """Say in which time zone a person lives; empty: their number tells again."""

    contact: str
    time_zone: str = ""

    async def run(self, services: Services) -> Answer:
        business_id = await business_of(services, self.business)
        name = await read_name(services, business_id, self.contact, "contact")
        contact_id, zones = await set_time_zone(services, business_id, name, self.time_zone)
        return {"id": contact_id, "time_zones": list(zones)}


class ListEvents(AdminCommand, frozen=True, kw_only=True, tag=True):
    """Give a page of the ledger."""

    after: int = 0
    limit: int = 100

    async def run(self, services: Services) -> Answer:
        business_id = await business_of(services, self.business)
        events = await list_events(services, business_id, Position(self.after), self.limit)
        return {"events": [event_row(event) for event in events]}


class ShowReceipt(AdminCommand, frozen=True, kw_only=True, tag=True):
    """Sign the receipt of one event."""

    position: int

    async def run(self, services: Services) -> Answer:
        business_id = await business_of(services, self.business)
        receipt = await issue_receipt(services, business_id, Position(self.position))
        if receipt is None:
            raise UnknownReference("position", "no event is there; askfirst events lists them")
        return {"receipt": receipt}


class ShowReceiptKeys(AdminCommand, frozen=True, kw_only=True, tag=True):
    """Give the public keys of receipts."""

    async def run(self, services: Services) -> Answer:
        business_id = await business_of(services, self.business)
        return {"keys": [dict(key) for key in await public_keys(services, business_id)]}


class RotateReceiptKey(AdminCommand, frozen=True, kw_only=True, tag=True):
    """Sign receipts with a new key from now on."""

    async def run(self, services: Services) -> Answer:
        business_id = await business_of(services, self.business)
        return {"key": await rotate_key(services, business_id)}


class CreateLink(AdminCommand, frozen=True, kw_only=True, tag=True):
    """Make a link for one person who has answered something here."""

    contact: str
    days: int = LIFE_DAYS_DEFAULT

    async def run(self, services: Services) -> Answer:
        business_id = await business_of(services, self.business)
        alias = await read_name(services, business_id, self.contact, "contact")
        made = await make_link(services, business_id, alias, self.days)
        if made is None:
            raise UnknownReference(
                "contact", "nobody with this number or id has answered anything here"
            )
        link, url = made
        return {"id": link.link_id, "url": url, "expires_at": to_rfc3339(link.expires_at)}


class RevokeLink(AdminCommand, frozen=True, kw_only=True, tag=True):
    """End a link."""

    link_id: str

    async def run(self, services: Services) -> Answer:
        business_id = await business_of(services, self.business)
        link_id = parse_id(Prefix.LINK, self.link_id, "link_id")
        revoked_at = await revoke_link(services, business_id, link_id)
        if revoked_at is None:
            raise UnknownReference("link_id", "no live link of that id")
        return {"id": link_id, "revoked_at": to_rfc3339(revoked_at)}


async def _choose(
    services: Services,
    command: RecordPause | RecordLimit,
    choice: Choice,
    purposes: tuple[Purpose, ...],
) -> Answer:
    business_id = await business_of(services, command.business)
    order = ChoiceOrder(
        business_id=business_id,
        alias=await read_name(services, business_id, command.contact, "contact"),
        choice=choice,
        purposes=purposes,
        surface=_surface(command.surface),
        source=Source.CLI,
    )
    try:
        committed = await record_choice(services, order)
    except InvalidInput as error:
        raise InvalidInput(_ASKED_AS.get(error.field, error.field), error.message) from error
    return {"events": [event_row(event) for event in committed.events]}


def _surface(text: str) -> Surface:
    try:
        return Surface(text)
    except ValueError as error:
        raise InvalidInput("surface", "must be one of " + ", ".join(Surface)) from error


def _told_row(told: Told) -> Answer:
    """What is in force after an answer."""
    return {
        "effective": told.is_effective,
        "is_proof_needed": told.is_proof_needed,
        "standing": [
            {
                "purpose": effect.purpose.name,
                "effective": effect.is_effective,
                "reason": effect.reason.value if effect.reason else None,
                "explanation": effect.reason.explanation if effect.reason else None,
                "would_make_it_effective": [remedy.value for remedy in effect.remedies],
            }
            for effect in told.effects
        ],
    }
