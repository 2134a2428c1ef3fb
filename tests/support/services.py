"""A world for use cases: a real store, a clock that stands, a line to Meta that only records."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

from argon2 import PasswordHasher

from askfirst.adapters.head_file import merged
from askfirst.adapters.jws_tokens import JwsTokens
from askfirst.adapters.operators.authenticators import TotpAuthenticators
from askfirst.adapters.operators.passkeys import WebauthnCeremonies
from askfirst.adapters.operators.passwords import Argon2Passwords
from askfirst.adapters.phone_numbers import WorldNumbering
from askfirst.adapters.tables.reader import FileTables
from askfirst.bootstrap.catalogue_files import built_in_catalogue
from askfirst.bootstrap.database.store import Store, stored_ports
from askfirst.bootstrap.exports.writer import ExportWriter
from askfirst.decision.gate_rules import GATE_RULES
from askfirst.decision.policy import Policy
from askfirst.delivery.call_outs import NoHeadReceiver
from askfirst.delivery.composer import GraphComposer
from askfirst.delivery.single_sign_on import NoSignOn
from askfirst.domain.brakes.brake import BrakeChange
from askfirst.domain.codes.code_event import CodeEvent
from askfirst.domain.codes.code_limits import CodeRules
from askfirst.domain.codes.code_template import LANGUAGES
from askfirst.domain.events.endpoint import EndpointUrl
from askfirst.domain.held.held_message import HeldMessage
from askfirst.domain.tenants.deployment import Site
from askfirst.domain.tenants.sender import Sender, Template, TemplateState
from askfirst.domain.tenants.sender_health import NumberReading, Quality
from askfirst.domain.value import replace
from askfirst.domain.values.errors import Unavailable
from askfirst.domain.values.ids import PhoneNumberId, WabaId
from askfirst.domain.values.phone import PhoneNumber
from askfirst.domain.values.purpose import Category
from askfirst.ports.codes.sms import SmsNotSent
from askfirst.ports.events.outbox import NotTaken
from askfirst.ports.events.subscriptions import ConsentChange, EndpointRefused
from askfirst.ports.events.template_notices import TemplateNotice
from askfirst.ports.sending.http_connection import Answer, NotSent, OutcomeUnknown
from askfirst.ports.tenants.accounts import TokenRefused
from askfirst.ports.transparency.head import Heads, HeadUnreadable
from askfirst.usecases.context.meta_ports import MetaPorts
from askfirst.usecases.context.process_ports import ProcessPorts
from askfirst.usecases.context.services import Services
from askfirst.usecases.memory.ledger_watch import LedgerWatch
from askfirst.usecases.memory.policy_in_force import PolicyInForce
from askfirst.web.webhooks.reader import read_delivery
from tests.support.clocks import NOON, CountingIds, FakeClock
from tests.support.law import TIMELESS
from tests.support.media import FakeMediaFiles
from tests.support.receivers import FakeReceiverLines
from tests.support.signals import FakeSignals

ACCEPTED = Answer(
    status=200,
    content_type="application/json",
    body=b'{"messages":[{"id":"wamid.sent"}]}',
)


@dataclass(frozen=True, slots=True)
class Request:
    """What left by a line."""

    method: str
    target: str
    headers: Mapping[str, str]
    body: bytes


@dataclass(slots=True)
class FakeConnections:
    """Connections to Meta. `acts` tells in order what was done: open, send, release, answer.

    `before_send` runs in place of the wire, right before a request is recorded.
    """

    reply: Answer = ACCEPTED
    can_open: bool = True
    can_send: bool = True
    is_answered: bool = True
    before_send: Callable[[], None] | None = None
    acts: list[str] = field(default_factory=list)
    sent: list[Request] = field(default_factory=list)

    async def open(self) -> FakeLine:
        self.acts.append("open")
        if not self.can_open:
            raise NotSent
        return FakeLine(self)

    async def close(self) -> None:
        self.acts.append("close")


class FakeLine:
    """One of them."""

    def __init__(self, connections: FakeConnections) -> None:
        self._connections = connections

    def send(self, method: str, target: str, headers: Mapping[str, str], body: bytes) -> None:
        if self._connections.before_send:
            self._connections.before_send()
        if not self._connections.can_send:
            raise NotSent
        self._connections.acts.append("send")
        self._connections.sent.append(Request(method, target, headers, body))

    def release(self) -> None:
        self._connections.acts.append("release")

    async def answer(self) -> Answer:
        self._connections.acts.append("answer")
        if not self._connections.is_answered:
            raise OutcomeUnknown
        return self._connections.reply


@dataclass(slots=True)
class FakeTemplateSource:
    """Meta's list of templates, as the test wrote it."""

    listed: tuple[Template, ...] = ()

    async def read(self, sender: Sender, token: str) -> tuple[Template, ...]:
        return tuple(
            replace(found, business_id=sender.business_id, waba_id=sender.waba_id)
            for found in self.listed
        )


@dataclass(slots=True)
class FakeManagedLinks:
    """Meta's short links: each text gets the next number."""

    made: list[str] = field(default_factory=list)
    alive: set[str] = field(default_factory=set)
    can_drop: bool = True

    async def make(self, sender: Sender, token: str, text: str) -> tuple[str, str]:
        self.made.append(text)
        code = f"LINK{len(self.made)}"
        self.alive.add(code)
        return code, f"https://wa.me/message/{code}"

    async def drop(self, sender: Sender, token: str, code: str) -> bool:
        if not self.can_drop:
            raise Unavailable("Meta does not answer")
        was_there = code in self.alive
        self.alive.discard(code)
        return was_there


@dataclass(slots=True)
class FakeAccounts:
    """Meta's word on accounts: every token may read everything, but for what a test takes away.

    `asked` lists what was asked: the node and the token.
    """

    foreign: set[str] = field(default_factory=set)
    unlisted: set[str] = field(default_factory=set)
    bad_tokens: set[str] = field(default_factory=set)
    templates: set[tuple[str, str]] = field(default_factory=set)
    flows: set[tuple[str, str]] = field(default_factory=set)
    is_answering: bool = True
    asked: list[tuple[str, str]] = field(default_factory=list)
    readings: dict[str, NumberReading] = field(default_factory=dict)

    async def has_number(self, waba_id: WabaId, phone_number_id: PhoneNumberId, token: str) -> bool:
        if not await self.can_read(waba_id, token):
            raise TokenRefused(403)
        return phone_number_id not in self.unlisted

    async def can_read(self, node: str, token: str) -> bool:
        self.asked.append((node, token))
        if not self.is_answering:
            raise Unavailable("Meta does not answer")
        return token not in self.bad_tokens and node not in self.foreign

    async def read_number(self, phone_number_id: PhoneNumberId, token: str) -> NumberReading:
        if not await self.can_read(phone_number_id, token):
            raise TokenRefused(403)
        return self.readings.get(phone_number_id, NumberReading(Quality.UNKNOWN, None))

    async def has_template(self, waba_id: WabaId, template_id: str, token: str) -> bool:
        self.asked.append((template_id, token))
        return (waba_id, template_id) in self.templates

    async def has_flow(self, waba_id: WabaId, flow_id: str, token: str) -> bool:
        self.asked.append((flow_id, token))
        return (waba_id, flow_id) in self.flows


class FakeCodeTemplates:
    """Meta takes the templates for codes and does not say what becomes of them."""

    async def make(
        self, sender: Sender, token: str, languages: Sequence[str]
    ) -> tuple[Template, ...]:
        return ()


def code_templates_of(sender: Sender) -> tuple[Template, ...]:
    """The templates for codes, in service."""
    return tuple(
        Template(
            business_id=sender.business_id,
            waba_id=sender.waba_id,
            name=CodeRules().template,
            language=language,
            category=Category.AUTHENTICATION,
            state=TemplateState.IN_SERVICE,
            seen_at=NOON,
        )
        for language in LANGUAGES
    )


@dataclass(slots=True)
class FakeSms:
    """A provider of SMS that keeps what it was given: numbers, texts, ids."""

    is_configured: bool = True
    is_working: bool = True
    sent: list[tuple[str, str, str]] = field(default_factory=list)

    async def send(self, to: PhoneNumber, text: str, message_id: str) -> None:
        if not self.is_working:
            raise SmsNotSent
        self.sent.append((to.digits, text, message_id))

    async def close(self) -> None:
        """Nothing is open."""


@dataclass(slots=True)
class FakeReceiver:
    """A server that is told events: those it took, and all that it was told.

    `before_taking` runs while an event is on its way.
    """

    is_configured: bool = True
    is_taking: bool = True
    before_taking: Callable[[CodeEvent], Awaitable[None]] | None = None
    taken: list[CodeEvent] = field(default_factory=list)
    heard: list[CodeEvent] = field(default_factory=list)

    async def tell(self, event: CodeEvent) -> None:
        if self.before_taking:
            await self.before_taking(event)
        self.heard.append(event)
        if not self.is_taking:
            raise NotTaken
        self.taken.append(event)

    async def close(self) -> None:
        """Nothing is open."""


@dataclass(slots=True)
class FakeEndpoints:
    """Servers of businesses: what was posted to each, and what each took.

    `refuses` says why one takes nothing now, asked for each event; it may do something first.
    `refused` is what else a refusal says.
    """

    allows_loopback: bool = True
    refuses: Callable[[str, ConsentChange], Awaitable[str]] | None = None
    posted: list[tuple[str, ConsentChange]] = field(default_factory=list)
    taken: list[tuple[str, ConsentChange]] = field(default_factory=list)
    secrets: list[tuple[str, ...]] = field(default_factory=list)
    refused: dict[str, Any] = field(default_factory=dict)
    announced: list[tuple[str, TemplateNotice]] = field(default_factory=list)
    is_closed_to_notices: bool = False
    told: list[tuple[str, HeldMessage]] = field(default_factory=list)
    is_deaf: bool = False
    brakes: list[tuple[str, BrakeChange]] = field(default_factory=list)
    refuses_brakes: bool = False

    @asynccontextmanager
    async def reach(
        self, url: EndpointUrl, secrets: tuple[str, ...]
    ) -> AsyncIterator[FakeEndpoint]:
        self.secrets.append(secrets)
        yield FakeEndpoint(self, url.value)

    def positions(self, url: str) -> list[int]:
        """The positions that a server took, in the order of taking."""
        return [change.event.position for where, change in self.taken if where == url]


@dataclass(frozen=True, slots=True)
class FakeEndpoint:
    """One of them."""

    all: FakeEndpoints
    url: str

    async def post(self, change: ConsentChange) -> None:
        self.all.posted.append((self.url, change))
        if self.all.refuses and (reason := await self.all.refuses(self.url, change)):
            raise EndpointRefused(reason, **self.all.refused)
        self.all.taken.append((self.url, change))

    async def announce(self, notice: TemplateNotice) -> None:
        if self.all.is_closed_to_notices:
            raise EndpointRefused("no answer in time", **self.all.refused)
        self.all.announced.append((self.url, notice))

    async def tell(self, message: HeldMessage) -> None:
        self.all.told.append((self.url, message))
        if self.all.is_deaf:
            raise EndpointRefused("answered 500", **self.all.refused)

    async def post_brake(self, change: BrakeChange) -> None:
        self.all.brakes.append((self.url, change))
        if self.all.refuses_brakes:
            raise EndpointRefused("answered 500", **self.all.refused)


@dataclass(slots=True)
class FakeHeadFile:
    """A file of heads in memory."""

    heads: Heads | None = None
    is_readable: bool = True

    async def read(self) -> Heads | None:
        if not self.is_readable:
            raise HeadUnreadable("it is not a file of heads")
        return self.heads

    async def keep(self, heads: Heads, *, replace: bool = False) -> None:
        self.heads = heads if replace else merged(self.heads, heads)


@dataclass(frozen=True, slots=True, kw_only=True)
class World:
    """Services and the fakes inside them, to be set and looked at."""

    services: Services
    store: Store
    clock: FakeClock
    connections: FakeConnections
    template_source: FakeTemplateSource
    managed_links: FakeManagedLinks
    sms: FakeSms
    receiver: FakeReceiver
    telemetry: FakeSignals
    accounts: FakeAccounts
    media_files: FakeMediaFiles


def build_world(store: Store, clock: FakeClock, **parts: Any) -> World:
    """Wire services on a store; `parts` replace members of Services; `policy` is followed."""
    connections, source, links = FakeConnections(), FakeTemplateSource(), FakeManagedLinks()
    sms, telemetry, receiver, accounts = FakeSms(), FakeSignals(), FakeReceiver(), FakeAccounts()
    media_files = FakeMediaFiles()
    watch = LedgerWatch(telemetry.damaged)
    meta = MetaPorts(
        connections=connections,
        media_files=media_files,
        template_source=source,
        managed_links=links,
        composer=GraphComposer("v26.0"),
        code_templates=FakeCodeTemplates(),
        accounts=accounts,
    )
    process = ProcessPorts(
        clock=clock,
        ids=CountingIds(),
        numbering=WorldNumbering(),
        policies=PolicyInForce(Policy(law=TIMELESS)),
        rules=GATE_RULES,
        catalogue=built_in_catalogue(),
        site=Site(),
        code_rules=CodeRules(),
        sms=sms,
        endpoints=FakeEndpoints(),
        receiver_lines=FakeReceiverLines(),
        read_delivery=read_delivery,
        receiver=receiver,
        telemetry=telemetry,
        watch=watch,
        head_file=FakeHeadFile(),
        head_receiver=NoHeadReceiver(),
        is_head_needed=True,
        confirms_stops=True,
        tables=FileTables(),
        export_files=ExportWriter({}),
        passwords=Argon2Passwords(PasswordHasher(1, 8, 1)),
        authenticators=TotpAuthenticators(),
        ceremonies=WebauthnCeremonies(),
        sign_on=NoSignOn(),
        tokens=JwsTokens(store.asking.token_keys),
    )
    services = Services.of(stored_ports(store, watch), meta, process)
    return World(
        services=changed(services, **parts),
        store=store,
        clock=clock,
        connections=connections,
        template_source=source,
        managed_links=links,
        sms=sms,
        receiver=receiver,
        telemetry=telemetry,
        accounts=accounts,
        media_files=media_files,
    )


def changed(services: Services, **parts: Any) -> Services:
    """Replace members of services; `policy` is the one that is followed."""
    if "policy" in parts:
        parts["policies"] = PolicyInForce(parts.pop("policy"))
    return replace(services, **parts)
