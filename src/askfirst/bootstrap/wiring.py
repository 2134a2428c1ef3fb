"""Builds the world: the one place where adapters and use cases meet."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from typing import NamedTuple, Protocol

import structlog

from askfirst.adapters.clock import SystemClock
from askfirst.adapters.clock_watch import ClockWatch
from askfirst.adapters.head_file import HeadFile
from askfirst.adapters.ids import SystemIds
from askfirst.adapters.jws_tokens import JwsTokens
from askfirst.adapters.phone_numbers import WorldNumbering
from askfirst.bootstrap.catalogue_files import built_in_catalogue
from askfirst.bootstrap.keyring_store import make_keyring, read_keyring
from askfirst.bootstrap.settings import Settings
from askfirst.bootstrap.telemetry import LoggedTelemetry
from askfirst.bootstrap.write_watch import WriteWatch
from askfirst.decision.policy import Policy
from askfirst.decision.policy_file import parse_policy
from askfirst.delivery.accounts import AccountsAtGraph
from askfirst.delivery.call_outs import (
    HeadReceiverByCallOut,
    NoHeadReceiver,
    NoReceiver,
    NoSms,
    ReceiverByCallOut,
    SmsByCallOut,
)
from askfirst.delivery.composer import GraphComposer
from askfirst.delivery.graph_client import graph_client
from askfirst.delivery.http_client import HttpClient
from askfirst.delivery.qr_links import ManagedLinksAtGraph
from askfirst.delivery.templates import CodeTemplatesAtGraph, TemplatesFromGraph, code_template
from askfirst.domain.codes.code_limits import CodeRules
from askfirst.domain.codes.code_template import parse_apps
from askfirst.domain.tenants.deployment import Site
from askfirst.domain.values.errors import AskfirstError, InvalidInput, UnsafeStorage
from askfirst.domain.values.ids import BusinessId
from askfirst.domain.values.timestamp import MINUTE, SECOND, Instant
from askfirst.ports.codes.codes import Codes
from askfirst.ports.codes.sms import Sms
from askfirst.ports.consent.ledger import Ledger
from askfirst.ports.consent.timeline import Timeline
from askfirst.ports.events.outbox import Outbox, Receiver
from askfirst.ports.inbound.dead_letters import DeadLetters
from askfirst.ports.opt_out.reviews import Reviews
from askfirst.ports.opt_out.stop_confirmations import StopConfirmations
from askfirst.ports.platform.clock import Clock, Ids
from askfirst.ports.platform.rate_limits import Limits
from askfirst.ports.sending.gate import DecisionLog, Gate
from askfirst.ports.tasks.tasks import Tasks
from askfirst.ports.tenants.directory import Directory
from askfirst.ports.transparency.audit import Audit
from askfirst.storage.engagement_store import Asking
from askfirst.storage.platform.errors import KeyMissing
from askfirst.storage.platform.keyring import Keyring
from askfirst.usecases.context.ledger_watch import LedgerWatch
from askfirst.usecases.context.services import Services
from askfirst.usecases.sending.watched_gate import WatchedGate
from askfirst.usecases.transparency.follow_head import follow_head
from askfirst.web.metrics import Metrics
from askfirst.web.webhooks.reader import read_delivery


class Store(Protocol):
    """What both backends are."""

    @property
    def ledger(self) -> Ledger:
        """The ledger."""
        ...

    @property
    def gate(self) -> Gate:
        """The gate's look at the world."""
        ...

    @property
    def decisions(self) -> DecisionLog:
        """The log of decisions."""
        ...

    @property
    def directory(self) -> Directory:
        """Businesses, keys, senders, templates."""
        ...

    @property
    def asking(self) -> Asking:
        """Questions, entries, proofs, links, receipts."""
        ...

    @property
    def limits(self) -> Limits:
        """Counters that all processes share."""
        ...

    @property
    def codes(self) -> Codes:
        """Requests for one-time codes."""
        ...

    @property
    def happenings(self) -> Outbox:
        """What still has to be told of them."""
        ...

    @property
    def tasks(self) -> Tasks:
        """What waits for a worker."""
        ...

    @property
    def timeline(self) -> Timeline:
        """Where the ledger is in time."""
        ...

    @property
    def audit(self) -> Audit:
        """A look at what was written, to check it."""
        ...

    @property
    def dead_letters(self) -> DeadLetters:
        """Deliveries that nobody is registered for."""
        ...

    @property
    def reviews(self) -> Reviews:
        """Messages that an operator has to look at."""
        ...

    @property
    def stop_confirmations(self) -> StopConfirmations:
        """Stops in the chat that wait for their confirmation."""
        ...

    async def ready(self) -> None:
        """Raise Unavailable or UnsafeStorage where nothing can be promised now."""
        ...

    async def probe(self) -> None:
        """Write something and make it durable; raise Unavailable where that cannot be."""
        ...

    async def sweep(self, business_id: BusinessId, before: Instant) -> int:
        """Forget raw bodies of a business from before a moment."""
        ...

    async def close(self) -> None:
        """Commit what waits and close."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Wired:
    """A world that is open, and what only the server needs of it."""

    settings: Settings
    services: Services
    store: Store
    metrics: Metrics
    watch: ClockWatch
    writes: WriteWatch


@asynccontextmanager
async def open_services(settings: Settings) -> AsyncIterator[Wired]:
    """Open everything; closed again when the block ends.

    Raises:
        InvalidInput: a file that a setting names cannot be understood.
        UnsafeStorage: the database or its keyring cannot keep the promise.
        Unavailable: the database cannot be reached.
    """
    rules = _read_rules(settings)
    metrics, clock = Metrics(), SystemClock()
    watch = watch_of(clock, metrics)
    ids = SystemIds(clock)
    async with AsyncExitStack() as open_things:
        store = await _open_store(settings, ids, clock)
        open_things.push_async_callback(store.close)
        outward = _open_outward(settings, clock, open_things)
        machine = _Machine(clock=clock, ids=ids, telemetry=LoggedTelemetry(metrics, watch))
        services = services_of(settings, rules, machine, store, outward)
        await _follow(services)
        open_things.push_async_callback(_follow, services)
        writes = WriteWatch(store, metrics)
        open_things.push_async_callback(writes.close)
        yield Wired(
            settings=settings,
            services=services,
            store=store,
            metrics=metrics,
            watch=watch,
            writes=writes,
        )


class _Rules(NamedTuple):
    """What an operator laid down, checked before anything is opened."""

    policy: Policy
    codes: CodeRules


def _read_rules(settings: Settings) -> _Rules:
    return _Rules(policy=read_policy(settings), codes=code_rules_of(settings))


class _Machine(NamedTuple):
    """What this process has by itself."""

    clock: SystemClock
    ids: SystemIds
    telemetry: LoggedTelemetry


class _Outward(NamedTuple):
    """The ways out of this machine."""

    connections: HttpClient
    sms: Sms
    receiver: Receiver
    head_receiver: HeadReceiverByCallOut | NoHeadReceiver


def _open_outward(settings: Settings, clock: Clock, open_things: AsyncExitStack) -> _Outward:
    outward = _Outward(
        connections=graph_client(f"{settings.graph_url}/{settings.graph_version}"),
        sms=sms_of(settings, clock),
        receiver=receiver_of(settings, clock),
        head_receiver=head_receiver_of(settings, clock),
    )
    for one in outward:
        open_things.push_async_callback(one.close)
    return outward


def services_of(
    settings: Settings,
    rules: _Rules,
    machine: _Machine,
    store: Store,
    outward: _Outward,
) -> Services:
    """Return all ports, each by its name, so that one that is missing is an error of types."""
    version, connections = settings.graph_version, outward.connections
    clock, asking = machine.clock, store.asking
    watch = LedgerWatch(machine.telemetry.damaged)
    code_templates = CodeTemplatesAtGraph(
        connections, clock, code_template(rules.codes), version=version
    )
    return Services(
        clock=clock,
        ids=machine.ids,
        numbering=WorldNumbering(),
        telemetry=machine.telemetry,
        policy=rules.policy,
        catalogue=built_in_catalogue(),
        site=site_of(settings),
        ledger=store.ledger,
        gate=WatchedGate(store.gate, watch),
        decisions=store.decisions,
        directory=store.directory,
        limits=store.limits,
        prompts=asking.prompts,
        profiles=asking.profiles,
        tokens=JwsTokens(asking.token_keys),
        entries=asking.entries,
        proofs=asking.proofs,
        personal_links=asking.personal_links,
        receipts=asking.receipts,
        codes=store.codes,
        code_rules=rules.codes,
        happenings=store.happenings,
        receiver=outward.receiver,
        sms=outward.sms,
        dead_letters=store.dead_letters,
        read_delivery=read_delivery,
        stop_confirmations=store.stop_confirmations,
        reviews=store.reviews,
        confirms_stops=settings.stop_confirmation,
        connections=connections,
        composer=GraphComposer(version),
        template_source=TemplatesFromGraph(connections, clock, version=version),
        managed_links=ManagedLinksAtGraph(connections, version=version),
        code_templates=code_templates,
        accounts=AccountsAtGraph(connections, version=version),
        audit=store.audit,
        watch=watch,
        head_file=HeadFile(settings.head_path),
        head_receiver=outward.head_receiver,
        is_head_needed=settings.sqlite_path is not None,
    )


def watch_of(clock: SystemClock, metrics: Metrics) -> ClockWatch:
    """Have somebody hear of it when the clock jumps, and tell how it differs from Meta's."""
    watch = ClockWatch(clock.steady)

    def on_jump(by: int) -> None:
        watch.jumped(by)
        metrics.clock_jump("ahead" if by > 0 else "back")

    clock.on_jump = on_jump
    metrics.clock_difference = lambda: watch.seconds_from_meta
    return watch


async def _follow(services: Services) -> None:
    """Look at the head first of all, and keep what was written last; what fails, goes on later."""
    try:
        await follow_head(services)
    except AskfirstError as error:
        structlog.get_logger("askfirst").error("head_not_kept", error=error.message)


def code_rules_of(settings: Settings) -> CodeRules:
    """Tell the use cases what holds for codes; InvalidInput where settings do not go together."""
    return CodeRules(
        digits=settings.code_digits,
        life=settings.code_minutes * MINUTE,
        fallback_after=settings.code_fallback_seconds * SECOND,
        whatsapp_cost=settings.code_whatsapp_cost,
        sms_cost=settings.code_sms_cost,
        budget=settings.code_budget_per_day,
        business_most=settings.code_business_per_hour,
        everybody_most=settings.code_everybody_per_hour,
        variant=settings.code_variant,
        apps=parse_apps(settings.code_apps),
    )


def sms_of(settings: Settings, clock: Clock) -> Sms:
    """Open the way out by SMS, where there is one."""
    if settings.sms_url is None or settings.sms_secret is None:
        return NoSms()
    return SmsByCallOut(settings.sms_url, settings.sms_secret.get_secret_value(), clock)


def receiver_of(settings: Settings, clock: Clock) -> Receiver:
    """Open the way to whoever is told of events, where there is anybody."""
    if settings.events_url is None or settings.events_secret is None:
        return NoReceiver()
    secret = settings.events_secret.get_secret_value()
    return ReceiverByCallOut(settings.events_url, secret, clock)


def head_receiver_of(settings: Settings, clock: Clock) -> HeadReceiverByCallOut | NoHeadReceiver:
    """Open the way to whoever is told the heads, where there is anybody."""
    if settings.head_url is None or settings.head_secret is None:
        return NoHeadReceiver()
    return HeadReceiverByCallOut(settings.head_url, settings.head_secret.get_secret_value(), clock)


def site_of(settings: Settings) -> Site:
    """Tell the use cases where they are reached."""
    return Site(
        public_url=settings.public_url or f"http://127.0.0.1:{settings.port}",
        chat_url=settings.chat_url,
        prompt_token_life=settings.prompt_token_seconds * SECOND,
    )


def read_policy(settings: Settings) -> Policy:
    """Read the policy file; without one, the built-in policy."""
    if settings.policy_file is None:
        return Policy()
    try:
        return parse_policy(settings.policy_file.read_text(encoding="utf-8"))
    except OSError as error:
        message = f"the policy {settings.policy_file} cannot be read: {error.strerror}"
        raise InvalidInput("policy", message) from error


async def _open_store(settings: Settings, ids: Ids, clock: Clock) -> Store:
    """Open the database with its keyring; a keyring is made only where the database is new."""
    path = settings.keyring_path
    keyring = read_keyring(path)
    if keyring is not None:
        return await _open_backend(settings, keyring, ids, clock)
    if not _may_be_new(settings):
        raise UnsafeStorage(f"the keyring {path} is missing; without it no number can be found")
    keyring = make_keyring(path)
    try:
        return await _open_backend(settings, keyring, ids, clock)
    except KeyMissing as error:
        path.unlink(missing_ok=True)  # the database is not new: it waits for its own keyring
        raise UnsafeStorage(
            f"the keyring {path} is missing; without it no number can be found"
        ) from error


def _may_be_new(settings: Settings) -> bool:
    path = settings.sqlite_path
    return path is None or not path.exists() or path.stat().st_size == 0


async def _open_backend(settings: Settings, keyring: Keyring, ids: Ids, clock: Clock) -> Store:
    is_telling = settings.events_url is not None
    if settings.sqlite_path is not None:
        from askfirst.storage.sqlite.store import SqliteStore

        return await SqliteStore.open(
            settings.sqlite_path, keyring, ids, clock, is_telling=is_telling
        )
    from askfirst.storage.postgres.store import PostgresStore

    return await PostgresStore.open(
        settings.database_url, keyring, ids, clock, is_telling=is_telling
    )
