"""A world for use cases: a real store, a clock that stands, a line to Meta that only records."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from askfirst.adapters.head_file import merged
from askfirst.adapters.jws_tokens import JwsTokens
from askfirst.adapters.phone_numbers import WorldNumbering
from askfirst.bootstrap.catalogue_files import built_in_catalogue
from askfirst.decision.policy import Policy
from askfirst.delivery.call_outs import NoHeadReceiver
from askfirst.delivery.composer import GraphComposer
from askfirst.domain.codes.code import Channel, StatusKind
from askfirst.domain.codes.code_event import CodeEvent, EventFate
from askfirst.domain.codes.code_limits import CodeRules
from askfirst.domain.codes.code_signal import CodeSignal
from askfirst.domain.codes.code_template import LANGUAGES, TemplateTrouble
from askfirst.domain.consent.number_confirmation import ProofStep
from askfirst.domain.consent.stop_confirmation import ConfirmationFate
from askfirst.domain.opt_out.reading import About
from askfirst.domain.prompts.prompt import Surface
from askfirst.domain.tasks.task import Task, TaskFate
from askfirst.domain.tenants.deployment import Site
from askfirst.domain.tenants.sender import Sender, Template, TemplateState
from askfirst.domain.transparency.ledger_check import Damage
from askfirst.domain.values.errors import Unavailable
from askfirst.domain.values.ids import BusinessId, PhoneNumberId, WabaId
from askfirst.domain.values.phone import PhoneNumber
from askfirst.domain.values.purpose import Category
from askfirst.domain.values.rate_limit import LimitName
from askfirst.domain.values.timestamp import Instant
from askfirst.ports.codes.sms import SmsNotSent
from askfirst.ports.events.outbox import NotTaken
from askfirst.ports.inbound.dead_letters import LetterFate, Route
from askfirst.ports.sending.http_connection import Answer, NotSent, OutcomeUnknown
from askfirst.ports.tenants.accounts import TokenRefused
from askfirst.ports.transparency.head import Heads, HeadUnreadable
from askfirst.usecases.context.ledger_watch import LedgerWatch
from askfirst.usecases.context.services import Services
from askfirst.usecases.sending.watched_gate import WatchedGate
from askfirst.web.webhooks.reader import read_delivery
from tests.support.clocks import NOON, CountingIds, FakeClock
from tests.support.stores import Store

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
    is_answering: bool = True
    asked: list[tuple[str, str]] = field(default_factory=list)

    async def has_number(self, waba_id: WabaId, phone_number_id: PhoneNumberId, token: str) -> bool:
        if not await self.can_read(waba_id, token):
            raise TokenRefused(403)
        return phone_number_id not in self.unlisted

    async def can_read(self, node: str, token: str) -> bool:
        self.asked.append((node, token))
        if not self.is_answering:
            raise Unavailable("Meta does not answer")
        return token not in self.bad_tokens and node not in self.foreign


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
class FakeSignals:
    """Keeps what was signalled."""

    happenings: list[tuple[StatusKind, Channel]] = field(default_factory=list)
    refusals: list[LimitName] = field(default_factory=list)
    fates: list[EventFate] = field(default_factory=list)
    alarms: list[CodeSignal] = field(default_factory=list)
    answers_refused: list[LimitName] = field(default_factory=list)
    troubles: list[TemplateTrouble] = field(default_factory=list)
    deliveries: list[tuple[Instant, Instant]] = field(default_factory=list)
    damages: list[Damage] = field(default_factory=list)
    tasks: list[tuple[Task, TaskFate, str]] = field(default_factory=list)
    proofs: list[tuple[ProofStep, Surface]] = field(default_factory=list)
    letters: list[tuple[LetterFate, int, Collection[Route]]] = field(default_factory=list)
    confirmations: list[tuple[ConfirmationFate, str]] = field(default_factory=list)
    questions: list[tuple[ConfirmationFate, str]] = field(default_factory=list)
    reviews: list[About] = field(default_factory=list)

    def happened(self, what: StatusKind, channel: Channel) -> None:
        self.happenings.append((what, channel))

    def told(self, business_id: BusinessId, fate: EventFate) -> None:
        self.fates.append(fate)

    def refused(self, limit: LimitName) -> None:
        self.refusals.append(limit)

    def alarm(self, business_id: BusinessId, signal: CodeSignal) -> None:
        self.alarms.append(signal)

    def answer_refused(self, limit: LimitName) -> None:
        self.answers_refused.append(limit)

    def delivered(self, said_at: Instant, received_at: Instant) -> None:
        self.deliveries.append((said_at, received_at))

    def number_proof(self, step: ProofStep, surface: Surface) -> None:
        self.proofs.append((step, surface))

    def dead_letters(
        self, fate: LetterFate, count: int, routes: Collection[Route] = frozenset()
    ) -> None:
        self.letters.append((fate, count, routes))

    def stop_confirmation(
        self, business_id: BusinessId, fate: ConfirmationFate, reason: str = ""
    ) -> None:
        self.confirmations.append((fate, reason))

    def stop_question(
        self, business_id: BusinessId, fate: ConfirmationFate, reason: str = ""
    ) -> None:
        self.questions.append((fate, reason))

    def review_opened(self, about: About) -> None:
        self.reviews.append(about)

    def template_trouble(self, business_id: BusinessId, trouble: TemplateTrouble) -> None:
        self.troubles.append(trouble)

    def task(self, task: Task, fate: TaskFate, reason: str = "") -> None:
        self.tasks.append((task, fate, reason))

    def damaged(self, damage: Damage) -> None:
        self.damages.append(damage)


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


def build_world(store: Store, clock: FakeClock, **parts: Any) -> World:
    """Wire services on a store; `parts` replace members of Services, for example `policy`."""
    connections, source = FakeConnections(), FakeTemplateSource()
    links, sms, telemetry = FakeManagedLinks(), FakeSms(), FakeSignals()
    receiver, accounts = FakeReceiver(), FakeAccounts()
    watch = LedgerWatch(telemetry.damaged)
    services = Services(
        clock=clock,
        ids=CountingIds(),
        numbering=WorldNumbering(),
        ledger=store.ledger,
        gate=WatchedGate(store.gate, watch),
        decisions=store.decisions,
        directory=store.directory,
        connections=connections,
        template_source=source,
        policy=Policy(),
        catalogue=built_in_catalogue(),
        managed_links=links,
        composer=GraphComposer("v26.0"),
        site=Site(),
        codes=store.codes,
        limits=store.limits,
        code_rules=CodeRules(),
        code_templates=FakeCodeTemplates(),
        sms=sms,
        happenings=store.happenings,
        accounts=accounts,
        dead_letters=store.dead_letters,
        read_delivery=read_delivery,
        receiver=receiver,
        telemetry=telemetry,
        audit=store.audit,
        watch=watch,
        head_file=FakeHeadFile(),
        head_receiver=NoHeadReceiver(),
        is_head_needed=True,
        stop_confirmations=store.stop_confirmations,
        reviews=store.reviews,
        confirms_stops=True,
        prompts=store.asking.prompts,
        profiles=store.asking.profiles,
        entries=store.asking.entries,
        proofs=store.asking.proofs,
        personal_links=store.asking.personal_links,
        receipts=store.asking.receipts,
        tokens=JwsTokens(store.asking.token_keys),
    )
    return World(
        services=replace(services, **parts),
        store=store,
        clock=clock,
        connections=connections,
        template_source=source,
        managed_links=links,
        sms=sms,
        receiver=receiver,
        telemetry=telemetry,
        accounts=accounts,
    )
