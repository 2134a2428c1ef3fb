"""Builds the world: the one place where adapters and use cases meet."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from typing import NamedTuple

import structlog

from askfirst.adapters.clock import SystemClock
from askfirst.adapters.clock_watch import ClockWatch
from askfirst.adapters.head_file import HeadFile
from askfirst.adapters.ids import SystemIds
from askfirst.adapters.jws_tokens import JwsTokens
from askfirst.adapters.operators.authenticators import TotpAuthenticators
from askfirst.adapters.operators.passkeys import WebauthnCeremonies
from askfirst.adapters.operators.passwords import Argon2Passwords
from askfirst.adapters.phone_numbers import WorldNumbering
from askfirst.adapters.tables.reader import FileTables
from askfirst.bootstrap.call_outs import head_receiver_of, receiver_of, sms_of
from askfirst.bootstrap.catalogue_files import built_in_catalogue
from askfirst.bootstrap.database.opening import open_store
from askfirst.bootstrap.database.store import Store, stored_ports
from askfirst.bootstrap.exports.places import export_places_of
from askfirst.bootstrap.exports.writer import ExportWriter
from askfirst.bootstrap.observability.telemetry import LoggedTelemetry
from askfirst.bootstrap.policy_watch import read_policy
from askfirst.bootstrap.settings import Settings
from askfirst.bootstrap.sign_on.settings import sign_on_of
from askfirst.bootstrap.write_watch import WriteWatch
from askfirst.decision.gate_rules import GATE_RULES
from askfirst.decision.policy import Policy
from askfirst.delivery.accounts import AccountsAtGraph
from askfirst.delivery.call_outs import HeadReceiverByCallOut, NoHeadReceiver
from askfirst.delivery.composer import GraphComposer
from askfirst.delivery.endpoints import PublicEndpoints
from askfirst.delivery.graph_client import graph_client, parse_graph_url
from askfirst.delivery.http_client import HttpClient
from askfirst.delivery.media_files import MediaFilesAtMeta
from askfirst.delivery.qr_links import ManagedLinksAtGraph
from askfirst.delivery.receivers import ReceiversByHttp
from askfirst.delivery.templates import CodeTemplatesAtGraph, TemplatesFromGraph, code_template
from askfirst.domain.codes.code_limits import CodeRules
from askfirst.domain.codes.code_template import parse_apps
from askfirst.domain.tenants.deployment import Site
from askfirst.domain.values.errors import AskfirstError
from askfirst.domain.values.timestamp import MINUTE, SECOND
from askfirst.ports.codes.sms import Sms
from askfirst.ports.events.outbox import Receiver
from askfirst.ports.platform.clock import Clock
from askfirst.usecases.context.meta_ports import MetaPorts
from askfirst.usecases.context.process_ports import ProcessPorts
from askfirst.usecases.context.services import Services
from askfirst.usecases.memory.ledger_watch import LedgerWatch
from askfirst.usecases.memory.policy_in_force import PolicyInForce
from askfirst.usecases.transparency.follow_head import follow_head
from askfirst.web.metrics import Metrics
from askfirst.web.webhooks.reader import read_delivery


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
        store = await open_store(settings, ids, clock)
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
    endpoints: PublicEndpoints


def _open_outward(settings: Settings, clock: Clock, open_things: AsyncExitStack) -> _Outward:
    outward = _Outward(
        connections=graph_client(f"{settings.graph_url}/{settings.graph_version}"),
        sms=sms_of(settings, clock),
        receiver=receiver_of(settings, clock),
        head_receiver=head_receiver_of(settings, clock),
        endpoints=PublicEndpoints(clock, allows_loopback=settings.subscriptions_to_loopback),
    )
    for one in outward:
        open_things.push_async_callback(one.close)
    return outward


def services_of(
    settings: Settings, rules: _Rules, machine: _Machine, store: Store, outward: _Outward
) -> Services:
    """Return all ports: those of the database, those to Meta, and the rest of this process."""
    watch = LedgerWatch(machine.telemetry.damaged)
    return Services.of(
        stored_ports(store, watch),
        meta_ports(settings, rules, machine.clock, outward.connections),
        process_ports(settings, rules, machine, store, outward, watch),
    )


def meta_ports(
    settings: Settings, rules: _Rules, clock: Clock, connections: HttpClient
) -> MetaPorts:
    """Return what is asked of Meta, in the version of its API that settings name."""
    version, code = settings.graph_version, code_template(rules.codes)
    return MetaPorts(
        connections=connections,
        media_files=MediaFilesAtMeta(parse_graph_url(settings.graph_url), settings.media_hosts),
        composer=GraphComposer(version),
        template_source=TemplatesFromGraph(connections, clock, version=version),
        managed_links=ManagedLinksAtGraph(connections, version=version),
        code_templates=CodeTemplatesAtGraph(connections, clock, code, version=version),
        accounts=AccountsAtGraph(connections, version=version),
    )


def process_ports(
    settings: Settings,
    rules: _Rules,
    machine: _Machine,
    store: Store,
    outward: _Outward,
    watch: LedgerWatch,
) -> ProcessPorts:
    """Return what this process has beside the database and Meta."""
    return ProcessPorts(
        clock=machine.clock,
        ids=machine.ids,
        numbering=WorldNumbering(),
        telemetry=machine.telemetry,
        policies=PolicyInForce(rules.policy),
        rules=GATE_RULES,
        catalogue=built_in_catalogue(),
        site=site_of(settings),
        tokens=JwsTokens(store.asking.token_keys),
        code_rules=rules.codes,
        endpoints=outward.endpoints,
        receiver_lines=ReceiversByHttp(outward.endpoints, machine.clock, app_secrets(settings)),
        receiver=outward.receiver,
        sms=outward.sms,
        read_delivery=read_delivery,
        confirms_stops=settings.stop_confirmation,
        tables=FileTables(),
        export_files=ExportWriter(export_places_of(settings)),
        passwords=Argon2Passwords(),
        authenticators=TotpAuthenticators(),
        ceremonies=WebauthnCeremonies(),
        sign_on=sign_on_of(settings, machine.clock),
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


def app_secrets(settings: Settings) -> tuple[bytes, ...]:
    """Return what Meta signs webhooks with, the one in use first."""
    return tuple(secret.get_secret_value().encode() for secret in settings.webhook_secrets)


def site_of(settings: Settings) -> Site:
    """Tell the use cases where they are reached."""
    return Site(
        public_url=settings.public_url or f"http://127.0.0.1:{settings.port}",
        chat_url=settings.chat_url,
        prompt_token_life=settings.prompt_token_seconds * SECOND,
    )
