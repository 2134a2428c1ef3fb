"""Events about codes, the whole way: a server as a process, and a server of the operator's."""

from __future__ import annotations

import http.server
import json
import signal
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, TypeVar

import httpx
import pytest
from standardwebhooks.webhooks import Webhook

from askfirst.domain.codes.code import masked
from tests.support.builders import ANA
from tests.support.processes import Process, run, running

EVENTS_SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
SMS_SECRET = "whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD"
ADDRESS = "203.0.113.47"
NOT_TAKEN = 'askfirst_code_events_total{fate="not_taken"} 1.0'
SECONDS_MAX = 20.0
Found = TypeVar("Found")


@dataclass(frozen=True, slots=True)
class Heard:
    """A request that came in, byte for byte, and when."""

    path: str
    headers: dict[str, str]
    body: bytes
    at: datetime

    @property
    def raw(self) -> str:
        return f"{self.path}\n{self.headers}\n{self.body.decode()}"


@dataclass(slots=True)
class Listener:
    """The operator's own server: `/sms` takes all, `/events` answers with the next status.

    It keeps an event when it comes in, whatever it answers, and knows doubles by their id.
    """

    url: str = ""
    statuses: list[int] = field(default_factory=list)
    heard: list[Heard] = field(default_factory=list)
    events: dict[str, dict[str, Any]] = field(default_factory=dict)

    def take(self, request: Heard) -> int:
        self.heard.append(request)
        if request.path == "/sms":
            return 200
        event = Webhook(EVENTS_SECRET).verify(request.body, request.headers)
        self.events.setdefault(request.headers["webhook-id"], event)
        return self.statuses.pop(0) if self.statuses else 204

    @property
    def told(self) -> list[Heard]:
        """What came in about events, doubles included."""
        return [one for one in self.heard if one.path.startswith("/events")]

    @property
    def types(self) -> list[str]:
        return [event["type"] for event in self.events.values()]

    def texted(self) -> str:
        """The code in the one SMS."""
        (sms,) = until(lambda: [one for one in self.heard if one.path == "/sms"])
        return str(json.loads(sms.body)["text"]).split()[0]


def until(look: Callable[[], Found]) -> Found:
    """Wait until something is there."""
    end = time.monotonic() + SECONDS_MAX
    while not (found := look()):
        assert time.monotonic() < end, "it did not happen"
        time.sleep(0.02)
    return found


@pytest.fixture
def listener() -> Iterator[Listener]:
    listener = Listener()

    class Door(http.server.BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["content-length"]))
            headers = {name.lower(): value for name, value in self.headers.items()}
            status = listener.take(Heard(self.path, headers, body, datetime.now(UTC)))
            self.send_response(status)
            self.send_header("content-length", "0")
            self.end_headers()

        def log_message(self, *_: object) -> None: ...

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Door)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    listener.url = f"http://127.0.0.1:{server.server_port}"
    yield listener
    server.shutdown()
    thread.join()
    server.server_close()


@dataclass(frozen=True, slots=True)
class House:
    """A database, and servers on it one after the other."""

    folder: Path
    listener: Listener

    def serving(self) -> AbstractContextManager[Process]:
        settings = {
            "sms_url": f"{self.listener.url}/sms",
            "sms_secret": SMS_SECRET,
            "events_url": f"{self.listener.url}/events?shop=7",
            "events_secret": EVENTS_SECRET,
        }
        log = self.folder / "log"
        return running(log, "serve", "--port", "0", database_url=self.database, **settings)

    @property
    def database(self) -> str:
        return f"sqlite:///{self.folder / 'askfirst.db'}"

    def client(self, server: Process) -> httpx.Client:
        arguments = ("keys", "create", "--business", "shop", "--scope", "all")
        created = run(*arguments, settings={"DATABASE_URL": self.database})
        headers = {"authorization": f"Bearer {created.stdout.strip()}"}
        return httpx.Client(base_url=server.address, headers=headers)


@pytest.fixture
def house(tmp_path: Path, listener: Listener) -> House:
    return House(tmp_path, listener)


def ask(client: httpx.Client) -> dict[str, Any]:
    order = {"to": f"+{ANA.value}", "channel": "sms", "reference": "4711", "address": ADDRESS}
    return client.post("/v1/codes", json=order).raise_for_status().json()  # type: ignore[no-any-return]


def type_in(client: httpx.Client, code: dict[str, Any], digits: str) -> None:
    answer = client.post(f"/v1/codes/{code['id']}/check", json={"code": digits})
    assert answer.json()["result"] == "approved"


def test_what_happens_to_a_code_is_told_soon_and_names_nobody(
    house: House, listener: Listener
) -> None:
    with house.serving() as server, house.client(server) as client:
        code = ask(client)
        until(lambda: listener.types == ["code.sent"])
        digits = listener.texted()
        type_in(client, code, digits)
        until(lambda: listener.types == ["code.sent", "code.approved"])
    assert [event["data"] for event in listener.events.values()] == [
        {
            "id": code["id"],
            "business_id": "shop",
            "what": what,
            "channel": "sms",
            "number": 1,
            "reason": None,
            "purpose": "login",
            "reference": "4711",
            "state": state,
        }
        for what, state in (("sent", "waiting"), ("approved", "approved"))
    ]
    for heard, event in zip(listener.told, listener.events.values(), strict=True):
        assert 0 <= (heard.at - datetime.fromisoformat(event["timestamp"])).total_seconds() < 3
        for personal in (ANA.value, ANA.value[3:], masked(ANA), digits, ADDRESS, ADDRESS[:-3]):
            assert personal not in heard.raw


def test_what_was_not_taken_is_told_again_even_by_another_process(
    house: House, listener: Listener
) -> None:
    listener.statuses = [500]
    with house.serving() as server, house.client(server) as client:
        code = ask(client)
        until(lambda: NOT_TAKEN in client.get("/metrics").text)
        type_in(client, code, listener.texted())
        server.end(signal.SIGKILL)
    assert listener.types == ["code.sent"]
    with house.serving():
        until(lambda: len(listener.events) == 2)
    first, again, approved = listener.told
    assert first.headers["webhook-id"] == again.headers["webhook-id"] == f"{code['id']}:1:sent"
    assert first.body == again.body
    assert again.at >= first.at
    assert approved.headers["webhook-id"] == f"{code['id']}:2:approved"
    assert listener.types == ["code.sent", "code.approved"]


def test_what_happens_while_the_receiver_is_away_is_told_when_it_is_back(
    house: House, listener: Listener
) -> None:
    listener.statuses = [503, 503]
    with house.serving() as server, house.client(server) as client:
        code = ask(client)
        type_in(client, code, listener.texted())
        until(lambda: len(listener.events) == 2)
    ids = [one.headers["webhook-id"] for one in listener.told]
    assert ids == [f"{code['id']}:1:sent"] * 3 + [f"{code['id']}:2:approved"]
    times = [one.at for one in listener.told]
    assert (times[1] - times[0]).total_seconds() > 4
