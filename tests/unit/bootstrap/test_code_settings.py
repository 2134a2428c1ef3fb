"""What may be set about codes, and what the server does about them unasked."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path

import pytest
import structlog

from askfirst.adapters.clock_watch import ClockWatch
from askfirst.bootstrap import background_tasks as chores
from askfirst.bootstrap.background_tasks import sweep, upkeep
from askfirst.bootstrap.observability.telemetry import LoggedTelemetry
from askfirst.bootstrap.settings import Settings, isolated_settings, load_settings
from askfirst.bootstrap.wiring import code_rules_of, open_services
from askfirst.domain.codes.code import Channel, StatusKind
from askfirst.domain.codes.code_event import EventFate
from askfirst.domain.codes.code_limits import CodeRules
from askfirst.domain.codes.code_signal import CodeSignal
from askfirst.domain.codes.code_template import CodeApp, CodeVariant, TemplateFault, TemplateTrouble
from askfirst.domain.tasks.task import LeasedTask, Queue, Task, TaskId
from askfirst.domain.tenants.api_key import Business
from askfirst.domain.values.errors import InvalidInput
from askfirst.domain.values.ids import BusinessId, CodeId
from askfirst.domain.values.rate_limit import LimitName
from askfirst.domain.values.timestamp import DAY, MINUTE, SECOND, Instant
from askfirst.ports.codes.codes import code_task
from askfirst.ports.events.outbox import events_task
from askfirst.usecases.context.services import Services
from askfirst.web.metrics import Metrics
from tests.support.codes import RIGHT, code
from tests.support.codes import line as happened

SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
SHOP = BusinessId("shop")
EVENTS: dict[str, object] = {
    "events_url": "http://127.0.0.1:9/askfirst",
    "events_secret": SECRET,
}


def settings_in(folder: Path, **parts: object) -> Settings:
    return isolated_settings(database_url=f"sqlite:///{folder / 'ledger.db'}", **parts)


def test_the_rules_are_those_of_the_domain_unless_they_are_set() -> None:
    assert code_rules_of(isolated_settings()) == CodeRules()


def test_what_is_set_holds() -> None:
    settings = isolated_settings(
        code_digits=6,
        code_minutes=10,
        code_fallback_seconds=5,
        code_variant="one_tap",
        code_apps="com.example.shop=K8a/AINcGX7",
        code_whatsapp_cost=1,
        code_sms_cost=2,
        code_budget_per_day=3,
        code_business_per_hour=4,
        code_everybody_per_hour=5,
    )
    assert code_rules_of(settings) == CodeRules(
        digits=6,
        life=10 * MINUTE,
        fallback_after=5 * SECOND,
        variant=CodeVariant.ONE_TAP,
        apps=(CodeApp("com.example.shop", "K8a/AINcGX7"),),
        whatsapp_cost=1,
        sms_cost=2,
        budget=3,
        business_most=4,
        everybody_most=5,
    )


@pytest.mark.parametrize(
    "parts", [{"code_variant": "zero_tap"}, {"code_apps": "com.example.shop=K8a/AINcGX7"}]
)
def test_apps_and_variant_go_together(parts: dict[str, str]) -> None:
    with pytest.raises(InvalidInput) as refused:
        code_rules_of(isolated_settings(**parts))
    assert refused.value.field == "code_apps"


@pytest.mark.parametrize(
    "parts",
    [
        {"sms_url": "sms.example/send", "sms_secret": SECRET},
        {"sms_url": "https://sms.example/#part", "sms_secret": SECRET},
        {"sms_url": "http://sms.example/send", "sms_secret": SECRET},
        {"sms_url": "http://127.0.0.1@sms.example/send", "sms_secret": SECRET},
        {"sms_url": "http://192.0.2.7/send", "sms_secret": SECRET},
        {"sms_url": "https://sms.example/send"},
        {"sms_url": "https://sms.example/send", "sms_secret": "secret"},
        {"sms_url": "https://sms.example/send", "sms_secret": "whsec_c2hvcnQ="},
        {"sms_url": "https://sms.example/send", "sms_secret": "whsec_!!!!"},
        {"events_url": "shop.example/askfirst", "events_secret": SECRET},
        {"events_url": "http://shop.example/askfirst", "events_secret": SECRET},
        {"events_url": "https://shop.example/askfirst"},
        {"events_url": "https://shop.example/askfirst", "events_secret": "secret"},
        {"code_digits": 5},
        {"code_digits": 11},
        {"code_minutes": 11},
        {"code_minutes": 0},
        {"code_budget_per_day": -1},
    ],
)
def test_half_configured_codes_refuse_to_start(parts: dict[str, object]) -> None:
    with pytest.raises(ValueError, match="Settings"):
        isolated_settings(**parts)


@pytest.mark.parametrize("host", ["127.0.0.1:9", "localhost", "[::1]:9"])
def test_sms_may_leave_in_the_clear_on_this_machine(host: str) -> None:
    settings = isolated_settings(sms_url=f"http://{host}/send", sms_secret=SECRET)
    assert settings.sms_url == f"http://{host}/send"


async def test_there_is_sms_where_it_is_set(tmp_path: Path) -> None:
    async with open_services(settings_in(tmp_path)) as wired:
        assert not wired.services.sms.is_configured
    settings = settings_in(tmp_path, sms_url="http://127.0.0.1:9/sms?a=b", sms_secret=SECRET)
    async with open_services(settings) as wired:
        assert wired.services.sms.is_configured


def test_signals_are_counted_and_name_nobody(capsys: pytest.CaptureFixture[str]) -> None:
    metrics = Metrics()
    signals = LoggedTelemetry(metrics, ClockWatch(lambda: 0))
    structlog.configure(processors=[structlog.processors.JSONRenderer()])
    try:
        signals.happened(StatusKind.SENT, Channel.SMS)
        signals.refused(LimitName.NUMBER)
        signals.alarm(SHOP, CodeSignal.STOPPED)
        trouble = TemplateTrouble(
            fault=TemplateFault.REFUSED, languages=("th",), status=400, code=192
        )
        signals.template_trouble(SHOP, trouble)
    finally:
        structlog.reset_defaults()
    counted = metrics.render().decode()
    for line in (
        'askfirst_codes_total{channel="sms",happening="sent"} 1.0',
        'askfirst_codes_refused_total{policy="number"} 1.0',
        'askfirst_code_alarms_total{signal="stopped"} 1.0',
        'askfirst_code_template_troubles_total{fault="refused"} 1.0',
    ):
        assert line in counted
    said = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert said == [
        {"business": "shop", "event": "codes_may_be_misused", "signal": "stopped"},
        {
            "business": "shop",
            "event": "code_templates_unusable",
            "fault": "refused",
            "languages": ["th"],
            "status": 400,
            "code": 192,
        },
    ]


async def test_events_are_told_where_it_is_set(tmp_path: Path) -> None:
    for parts, told in ((EVENTS, True), ({}, False)):
        folder = tmp_path / str(told)
        async with open_services(settings_in(folder, **parts)) as wired:
            assert wired.services.receiver.is_configured is told
            made = code(business_id=SHOP)
            assert (await wired.services.codes.open(made, RIGHT, None, None, None)).code
            await wired.services.codes.note(made, happened(StatusKind.SENT), None)
            far = Instant(wired.services.clock.now() + DAY)
            due = await wired.store.tasks.find_due(far, (Queue.EVENTS,))
            assert bool(due.queues) is told


@pytest.mark.parametrize(
    ("variables", "named"),
    [
        ({"EVENTS_URL": "https://shop.example/"}, "ASKFIRST_EVENTS_SECRET is missing"),
        ({"EVENTS_URL": "http://shop.example/"}, "ASKFIRST_EVENTS_URL: must begin with https"),
        ({"EVENTS_SECRET": "secret"}, "ASKFIRST_EVENTS_SECRET: must be whsec_"),
    ],
)
def test_a_start_without_all_of_it_says_which_setting_is_wrong(
    monkeypatch: pytest.MonkeyPatch, variables: dict[str, str], named: str
) -> None:
    for name, text in variables.items():
        monkeypatch.setenv(f"ASKFIRST_{name}", text)
    with pytest.raises(InvalidInput) as refused:
        load_settings()
    assert refused.value.message.startswith(named)


def test_what_is_given_up_is_counted_and_said(capsys: pytest.CaptureFixture[str]) -> None:
    metrics = Metrics()
    structlog.configure(processors=[structlog.processors.JSONRenderer()])
    try:
        for fate in EventFate:
            LoggedTelemetry(metrics, ClockWatch(lambda: 0)).told(SHOP, fate)
    finally:
        structlog.reset_defaults()
    counted = metrics.render().decode()
    for fate in EventFate:
        assert f'askfirst_code_events_total{{fate="{fate.value}"}} 1.0' in counted
    said = [json.loads(one) for one in capsys.readouterr().out.splitlines()]
    assert said == [{"business": "shop", "event": "code_event_given_up"}]


async def test_the_server_tells_events_only_where_somebody_listens(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def deliver(_: Services, leased: LeasedTask) -> None:
        done.append(leased.task)

    monkeypatch.setattr(chores, "deliver_events", deliver)
    for parts, told in (({}, False), (EVENTS, True)):
        done: list[Task] = []
        settings = settings_in(tmp_path / str(told), **parts)
        async with open_services(settings) as wired, upkeep(wired, settings):
            task = events_task(SHOP, CodeId("cod_1"))
            await wired.store.tasks.enqueue(task, wired.services.clock.now())
            await asyncio.sleep(0.3)
        assert done == ([task] if told else [])


async def test_requests_are_forgotten_after_their_time(tmp_path: Path) -> None:
    settings = settings_in(tmp_path)
    async with open_services(settings) as wired:
        codes, now = wired.services.codes, wired.services.clock.now()
        business = Business(business_id=SHOP, name="Shop")
        await wired.services.directory.put_business(business, now)
        old = code(1, business_id=SHOP, created_at=Instant(now - 30 * DAY - 1))
        new = code(
            2, business_id=SHOP, purpose="other", created_at=Instant(now - 30 * DAY + MINUTE)
        )
        for one in (old, new):
            assert (await codes.open(one, RIGHT, None, None, None)).code
        task = Task(SHOP, Queue.SWEEPING, TaskId("all"))
        await sweep(wired, settings, LeasedTask(task=task, until=now, attempts=1))
        assert await codes.find(SHOP, old.code_id) is None
        assert await codes.find(SHOP, new.code_id) is not None


async def test_the_server_goes_on_with_codes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    went_on = asyncio.Event()

    async def go_on(_: Services, __: LeasedTask) -> None:
        went_on.set()

    monkeypatch.setattr(chores, "continue_code", go_on)
    settings = settings_in(tmp_path)
    async with open_services(settings) as wired, upkeep(wired, settings):
        task, now = code_task(SHOP, CodeId("cod_1")), wired.services.clock.now()
        await wired.store.tasks.enqueue(task, now)
        assert await asyncio.wait_for(went_on.wait(), 5)
