"""The front door: which face answers, and what a supervisor is told."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest

from askfirst.adapters.clock import SystemClock
from askfirst.bootstrap.router import Router
from askfirst.bootstrap.server import build_app, webhook_door
from askfirst.bootstrap.settings import isolated_settings
from askfirst.bootstrap.wiring import open_services
from askfirst.domain.values.errors import Unavailable
from askfirst.domain.values.storage_trouble import StorageTrouble
from askfirst.domain.values.timestamp import DAY, SECOND, Instant
from askfirst.web.asgi import App, Receive, Scope, Send, respond
from tests.web.asgi_call import call


def named(name: str) -> App:
    async def app(_: Scope, __: Receive, send: Send) -> None:
        await respond(send, 200, name.encode(), b"text/plain")

    return app


@pytest.mark.parametrize(
    ("path", "face"),
    [
        ("/v1/check", "check"),
        ("/v1/check/", "api"),
        ("/v1/consents", "api"),
        ("/v1/special/one", "special"),
        ("/v1.0/123/messages", "gateway"),
        ("/v1", "gateway"),
        ("/v26.0/123/messages", "gateway"),
        ("//v1/check", "gateway"),
        ("/", "gateway"),
    ],
)
async def test_an_exact_path_wins_then_the_longest_prefix(path: str, face: str) -> None:
    door = Router(
        {"/v1/check": named("check")},
        {"/v1/": named("api"), "/v1/special/": named("special")},
        named("gateway"),
    )
    assert (await call(door, "GET", path)).body.decode() == face


async def test_every_face_is_in_its_place(tmp_path: Path) -> None:
    settings = isolated_settings(
        database_url=f"sqlite:///{tmp_path / 'ledger.db'}", webhook_secrets="secret"
    )
    async with open_services(settings) as wired:
        app = build_app(wired, settings, webhooks=webhook_door(wired, settings))
        assert (await call(app, "GET", "/healthz")).body == b"ok\n"
        assert (await call(app, "GET", "/readyz")).status == 200
        assert b"askfirst_requests" in (await call(app, "GET", "/metrics")).body
        assert b"live opt-in" in (await call(app, "GET", "/")).body
        assert (await call(app, "GET", "/p/none")).status == 404
        assert (await call(app, "GET", "/static/tokens.css")).status == 200
        assert (await call(app, "GET", "/docs")).status == 200
        assert (await call(app, "GET", "/openapi.json")).json["info"]["title"] == "askfirst"
        assert (await call(app, "GET", "/v1/senders")).json["code"] == "not_authenticated"
        assert (await call(app, "POST", "/v1/check")).json["code"] == "not_authenticated"
        assert (await call(app, "POST", "/webhooks/whatsapp", body=b"{}")).status in (401, 403)
        assert (await call(app, "GET", "/v26.0/1/anything")).error["type"] == "GraphMethodException"
        assert (await call(app, "POST", "/local", body=b"{}")).status == 400


async def test_without_a_secret_webhooks_are_refused_so_that_meta_tries_again(
    tmp_path: Path,
) -> None:
    settings = isolated_settings(database_url=f"sqlite:///{tmp_path / 'ledger.db'}")
    async with open_services(settings) as wired:
        app = build_app(wired, settings, webhooks=webhook_door(wired, settings))
        for method in ("GET", "POST"):
            assert (await call(app, method, "/webhooks/whatsapp")).status == 503


async def test_readiness_fails_with_the_database(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = isolated_settings(database_url=f"sqlite:///{tmp_path / 'ledger.db'}")
    async with open_services(settings) as wired:

        async def broken(_: object) -> None:
            raise Unavailable("no room", trouble=StorageTrouble.DISK_FULL)

        monkeypatch.setattr(type(wired.store), "ready", broken)
        app = build_app(wired, settings)
        answer = await call(app, "GET", "/readyz")
        assert answer.status == 503
        assert answer.body.startswith(b"not ready: no room\nMake room on the disk")
        assert (await call(app, "GET", "/healthz")).status == 200


async def test_readiness_fails_where_the_gate_cannot_decide(tmp_path: Path) -> None:
    settings = isolated_settings(database_url=f"sqlite:///{tmp_path / 'ledger.db'}")
    async with open_services(settings) as wired:
        app = build_app(wired, settings)
        connection = sqlite3.connect(tmp_path / "ledger.db")
        connection.execute("ALTER TABLE template RENAME COLUMN category TO gone")
        connection.close()
        assert (await call(app, "GET", "/readyz")).status == 503
        assert (await call(app, "GET", "/healthz")).status == 200


async def test_readiness_and_metrics_say_that_the_clock_jumped(tmp_path: Path) -> None:
    settings = isolated_settings(database_url=f"sqlite:///{tmp_path / 'ledger.db'}")
    async with open_services(settings) as wired:
        app = build_app(wired, settings)
        assert (await call(app, "GET", "/readyz")).body == b"ready\n"
        clock = wired.services.clock
        assert isinstance(clock, SystemClock)
        clock.on_jump(DAY)
        answer = await call(app, "GET", "/readyz")
        assert answer.status == 200
        ready, warning = answer.body.decode().splitlines()
        assert ready == "ready"
        assert warning.startswith("warning: The clock of this server jumped 24 hours ahead")
        metrics = (await call(app, "GET", "/metrics")).body.decode()
        assert 'askfirst_clock_jumps_total{direction="ahead"} 1.0' in metrics


async def test_metrics_tell_how_the_clock_differs_from_metas(tmp_path: Path) -> None:
    settings = isolated_settings(database_url=f"sqlite:///{tmp_path / 'ledger.db'}")
    async with open_services(settings) as wired:
        app = build_app(wired, settings)
        now = wired.services.clock.now()
        wired.services.telemetry.delivered(Instant(now - 90 * SECOND), now)
        metrics = (await call(app, "GET", "/metrics")).body.decode()
        assert "askfirst_clock_difference_seconds 90.0" in metrics
