"""In doubt nothing leaves: whatever the gate rests on is down, hangs, or says nonsense.

`ROWS` names every port of `Services`. Those that the gate rests on have to keep the message here,
and to say so in time; the others must let it through, in time as well, and never let through what
nobody agreed to. A port that is new fails the first test until it has a row.
"""

from __future__ import annotations

import asyncio
import inspect
import json
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, fields
from enum import StrEnum
from typing import Any

import asyncpg
import pytest

from askfirst.bootstrap.database.store import Store
from askfirst.decision.limits import Caps, Duplicates, Pacing
from askfirst.decision.policy import Policy
from askfirst.domain.prompts.interpolation import Filling
from askfirst.domain.tenants.api_key import ApiScope, Business
from askfirst.domain.values.errors import Unavailable
from askfirst.graph.sending.chat_question import question_message
from askfirst.ports.sending.http_connection import Answer
from askfirst.storage.platform.keyring import Keyring
from askfirst.usecases.context.services import Services
from askfirst.usecases.inbound.register_sender import register_sender
from askfirst.usecases.prompts.show_prompt import show_prompt
from askfirst.usecases.sending import patience
from askfirst.usecases.tenants.authenticate import create_key
from askfirst.usecases.transparency.follow_head import follow_head
from askfirst.web.api.platform.raw_endpoint import RawEndpoint
from askfirst.web.api.sending.routes import ROUTES
from askfirst.web.asgi import App
from askfirst.web.gateway.endpoint import GatewayEndpoint
from askfirst.web.metrics import Metrics
from tests.contract.test_trouble import locked
from tests.support import builders
from tests.support.builders import BUSINESS, SENDER, grant, opening
from tests.support.clocks import FakeClock
from tests.support.law import TIMELESS
from tests.support.services import FakeHeadFile, FakeLine, World, build_world, changed
from tests.support.stores import Home, PostgresHome
from tests.web.asgi_call import Got, call
from tests.web.gateway.desk import META_TOKEN, TEMPLATE

SECONDS_MAX = 2.0
"""For how long a client waits."""
IN_PRODUCTION = patience.ANSWER_SECONDS
SHORT, LONG = 0.02, 20.0
"""Of patience: for what hangs, and for what need not wait for it, on a machine of any speed."""
HANGS_SECONDS = LONG + 10
KEEN = TEMPLATE | {"to": "+447700900123"}
STRANGER = TEMPLATE | {"to": "+447700900789"}


class Trouble(StrEnum):
    DOWN = "down"
    SLOW = "slow"
    GARBAGE = "garbage"


class Door(StrEnum):
    GATEWAY = "gateway"
    META_TOKEN = "meta token"
    CHECK = "check"


@dataclass(frozen=True)
class Row:
    """At which doors a message stays here when the port is in trouble."""

    holds: frozenset[Door] = frozenset()
    troubles: frozenset[Trouble] = frozenset(Trouble)


def _holds(*doors: Door, but: tuple[Trouble, ...] = ()) -> Row:
    return Row(frozenset(doors), frozenset(Trouble) - set(but))


_ANYWHERE = tuple(Door)
_WHERE_IT_LEAVES = (Door.GATEWAY, Door.META_TOKEN)
_BESIDE = Row()

_BESIDE_NAMES = """
ledger event_archive media_files template_source tokens catalogue
prompts profiles entries managed_links proofs personal_links receipts
limits composer site codes code_templates code_rules sms happenings
subscriptions template_notices endpoints receivers receiver_lines
dead_letters read_delivery receiver telemetry audit watch head_file
head_receiver is_head_needed erasures stop_confirmations reviews
held_messages time_zones brakes tasks confirms_stops imports tables
known_names screens statistics shown_prompts operators audit_log
decision_counts passwords authenticators exports passkeys ceremonies sign_on
export_schedules export_files
"""

ROWS: dict[str, Row] = {
    "clock": _holds(*_ANYWHERE, but=(Trouble.SLOW,)),
    "ids": _holds(*_WHERE_IT_LEAVES, but=(Trouble.SLOW,)),
    "numbering": _holds(*_ANYWHERE, but=(Trouble.SLOW,)),
    "policies": _holds(*_ANYWHERE, but=(Trouble.SLOW,)),
    "rules": _holds(*_ANYWHERE, but=(Trouble.SLOW,)),
    "gate": _holds(*_ANYWHERE),
    "directory": _holds(*_ANYWHERE),
    "decisions": _holds(*_WHERE_IT_LEAVES),
    # It gives nothing back that could be nonsense.
    "decision_archive": _holds(*_WHERE_IT_LEAVES, but=(Trouble.GARBAGE,)),
    "connections": _holds(*_WHERE_IT_LEAVES),
    "accounts": _holds(Door.META_TOKEN),
    **dict.fromkeys(
        _BESIDE_NAMES.split(),
        _BESIDE,
    ),
}
"""`prompts`, `watch`, `head_file` and the keyring have tests of their own below."""


class Troubled:
    """A port in trouble, whatever is asked of it."""

    def __init__(self, port: object, trouble: Trouble) -> None:
        self._port = port
        self._trouble = trouble

    def __getattr__(self, name: str) -> Any:
        real = inspect.getattr_static(type(self._port), name, None)
        if inspect.iscoroutinefunction(real):
            return self._waited_for
        if name == "hold":
            return lambda *_: _TroubledHold(self._waited_for)
        if self._trouble is Trouble.SLOW:  # what is not waited for cannot be slow
            return getattr(self._port, name)
        if isinstance(real, property) or real is None:
            return self._at_once()
        return lambda *_args, **_named: self._at_once()

    async def _waited_for(self, *_args: object, **_named: object) -> object:
        if self._trouble is Trouble.SLOW:
            await asyncio.Event().wait()
        return self._at_once()

    def _at_once(self) -> object:
        if self._trouble is Trouble.GARBAGE:
            return object()
        raise Unavailable("it is down")


class _TroubledHold:
    def __init__(self, enter: Callable[[], Awaitable[object]]) -> None:
        self._enter = enter

    async def __aenter__(self) -> object:
        return await self._enter()

    async def __aexit__(self, *_: object) -> None:
        return None


@dataclass(frozen=True)
class House:
    """A gateway with somebody who said yes, and what is sent through it."""

    world: World
    secret: str

    def with_trouble(self, port: str, trouble: Trouble) -> Services:
        services = self.world.services
        return changed(services, **{port: Troubled(getattr(services, port), trouble)})

    async def send(self, services: Services, door: Door, message: dict[str, Any]) -> Got:
        metrics = Metrics()
        if door is Door.CHECK:
            app: App = RawEndpoint(ROUTES[0], services, metrics)
            asked = {"sender": SENDER, "to": message["to"], "template": "offer", "language": "en"}
            return await self._call(app, "/v1/check", asked, self.secret)
        is_meta = door is Door.META_TOKEN
        app = GatewayEndpoint(services, metrics, pass_through_meta_tokens=is_meta)
        secret = META_TOKEN if is_meta else self.secret
        return await self._call(app, f"/v23.0/{SENDER}/messages", message, secret)

    async def _call(self, app: App, path: str, body: dict[str, Any], secret: str) -> Got:
        headers = (("authorization", f"Bearer {secret}"), ("content-type", "application/json"))
        async with asyncio.timeout(HANGS_SECONDS):
            try:
                content = json.dumps(body).encode()
                return await call(app, "POST", path, headers=headers, body=content)
            except (TypeError, AttributeError, ValueError):  # told, and raised again for the log
                return Got(status=500)

    @property
    def left(self) -> int:
        return len(self.world.connections.sent)


@pytest.fixture
async def house(store: Store, clock: FakeClock, monkeypatch: pytest.MonkeyPatch) -> House:
    monkeypatch.setattr(patience, "ANSWER_SECONDS", LONG)
    policy = Policy(
        law=TIMELESS,
        caps=Caps(limits={}),
        duplicates=Duplicates(minutes={}),
        pace=Pacing(pair_seconds=0, messages_per_second=0),
    )
    world = build_world(store, clock, policy=policy)
    business = Business(business_id=BUSINESS, name="Acme")
    scopes = frozenset({ApiScope.SEND, ApiScope.CHECK})
    _, secret = await create_key(world.services, business, "shop", scopes)
    await register_sender(world.services, builders.sender(), META_TOKEN)
    await world.services.directory.put_templates((builders.template("offer"),))
    await world.services.ledger.commit(builders.change(grant(), opening()))
    return House(world, secret)


def test_every_port_has_a_row() -> None:
    assert set(ROWS) == {field.name for field in fields(Services)}


def test_a_caller_hears_in_time() -> None:
    assert IN_PRODUCTION < SECONDS_MAX


def _wrong(house: House, door: Door, got: Got, before: int, *, may_leave: bool) -> Iterator[str]:
    """Yield what is wrong with an answer."""
    has_left = house.left - before
    if door is Door.CHECK:
        is_yes = b'"verdict":"allow"' in got.body
        if is_yes is not may_leave:
            yield f"answered {got.status} {got.body!r}"
        return
    if may_leave:
        if (has_left, got.status) != (1, 200):
            yield f"{has_left} left, answered {got.status} {got.body!r}"
        return
    if has_left or got.status < 400 or "code" not in got.error:
        yield f"{has_left} left, answered {got.status} {got.body!r}"


@pytest.mark.parametrize("door", Door, ids=str)
@pytest.mark.parametrize("trouble", Trouble, ids=str)
async def test_what_the_gate_rests_on_holds_it_and_what_it_does_not_rest_on_does_not(
    house: House, trouble: Trouble, door: Door, monkeypatch: pytest.MonkeyPatch
) -> None:
    wrong = []
    for port, row in ROWS.items():
        services = house.with_trouble(port, trouble)
        for message, is_keen in ((KEEN, True), (STRANGER, False)):
            holds = door in row.holds and trouble in row.troubles
            seconds = SHORT if holds and trouble is Trouble.SLOW else LONG
            monkeypatch.setattr(patience, "ANSWER_SECONDS", seconds)
            before = house.left
            try:
                got = await house.send(services, door, message)
            except TimeoutError:
                wrong.append(f"{port}: no answer in {HANGS_SECONDS} s")
                continue
            may_leave = is_keen and not holds
            told = _wrong(house, door, got, before, may_leave=may_leave)
            wrong += [
                f"{port} {trouble}, {'keen' if is_keen else 'stranger'}: {one}" for one in told
            ]
    assert wrong == []


async def test_without_trouble_who_said_yes_is_written_to(house: House) -> None:
    for door in Door:
        before = house.left
        got = await house.send(house.world.services, door, KEEN)
        assert list(_wrong(house, door, got, before, may_leave=True)) == []


async def test_once_the_message_is_out_its_answer_is_waited_for(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(patience, "ANSWER_SECONDS", SECONDS_MAX)
    real = FakeLine.answer

    async def late(line: FakeLine) -> Answer:
        await asyncio.sleep(SECONDS_MAX + 0.2)
        return await real(line)

    monkeypatch.setattr(FakeLine, "answer", late)
    got = await house.send(house.world.services, Door.GATEWAY, KEEN)
    assert (got.status, house.left) == (200, 1)


@asynccontextmanager
async def hanging(home: Home) -> AsyncIterator[None]:
    """Nobody can write a decision down."""
    if isinstance(home, PostgresHome):
        other = await asyncpg.connect(home.url)
        async with other.transaction():
            await other.execute("LOCK TABLE decision IN ACCESS EXCLUSIVE MODE")
            yield
        await other.close()
    else:
        async with locked(home):
            yield


async def test_a_database_that_hangs_holds_it_and_nothing_leaves_when_it_goes_on(
    house: House, home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(patience, "ANSWER_SECONDS", 10 * SHORT)
    async with hanging(home):
        got = await house.send(house.world.services, Door.GATEWAY, KEEN)
        assert list(_wrong(house, Door.GATEWAY, got, 0, may_leave=False)) == []
    await house.world.services.ledger.commit(builders.change(opening()))
    assert house.left == 0
    monkeypatch.setattr(patience, "ANSWER_SECONDS", LONG)
    assert (await house.send(house.world.services, Door.GATEWAY, KEEN)).status == 200


@pytest.mark.parametrize("trouble", Trouble, ids=str)
async def test_a_question_whose_prompt_cannot_be_read_stays(
    house: House, trouble: Trouble, monkeypatch: pytest.MonkeyPatch
) -> None:
    shown = await show_prompt(
        house.world.services, BUSINESS, "chat", "en", Filling(business="Acme")
    )
    asked = question_message(shown.filled) | {"to": KEEN["to"]}
    assert (await house.send(house.world.services, Door.GATEWAY, asked)).status == 200
    seconds = 10 * SHORT if trouble is Trouble.SLOW else LONG
    monkeypatch.setattr(patience, "ANSWER_SECONDS", seconds)
    got = await house.send(house.with_trouble("prompts", trouble), Door.GATEWAY, asked)
    assert list(_wrong(house, Door.GATEWAY, got, 1, may_leave=False)) == []


@pytest.mark.parametrize("door", Door, ids=str)
@pytest.mark.parametrize("name", ["lookups", "open", "seal"])
async def test_a_keyring_that_fails_or_gives_nonsense_holds_it(
    house: House, door: Door, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(*_: object, **__: object) -> Any:
        message = "no key"
        raise ValueError(message)

    for broken in (fails, lambda *_args, **_named: object()):
        with monkeypatch.context() as patched:
            patched.setattr(Keyring, name, broken)
            before = house.left
            got = await house.send(house.world.services, door, KEEN)
            if name == "lookups" or (name == "seal" and door is not Door.CHECK):
                assert list(_wrong(house, door, got, before, may_leave=False)) == []


@pytest.mark.parametrize("door", Door, ids=str)
async def test_a_head_that_cannot_be_read_holds_it(house: House, door: Door) -> None:
    head_file = FakeHeadFile(is_readable=False)
    services = changed(house.world.services, head_file=head_file)
    await follow_head(services)
    before = house.left
    got = await house.send(services, door, KEEN)
    assert list(_wrong(house, door, got, before, may_leave=False)) == []
