"""Strangers hold all that can be held, and a STOP still gets in; the server stays small.

Everything goes over loopback to a server process of the test's own, and each flood is bounded.
"""

from __future__ import annotations

import contextlib
import http.client
import json
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from askfirst.graph.platform.signature import sign
from tests.strangers import without_limits
from tests.support.processes import Process, environment, running

SECRET = "app secret"
MIB = 1024 * 1024
HALF_HEADS = 1_000
HALF_BODIES = 150
HEADER_BYTES = 200 * MIB
MOST = 1.5
"""How much larger than at rest the server may get."""

Flood = Callable[["House", ExitStack], None]


class House:
    """A server, its size, and the way in."""

    def __init__(self, process: Process) -> None:
        self.process = process
        place = urlsplit(process.address)
        self.place = (str(place.hostname), int(place.port or 0))

    def size(self) -> int:
        """Resident memory in bytes, as the kernel counts it."""
        status = Path(f"/proc/{self.process.process.pid}/status").read_text()
        (line,) = (line for line in status.splitlines() if line.startswith("VmRSS"))
        return int(line.split()[1]) * 1024

    def connect(self, stack: ExitStack) -> socket.socket:
        return stack.enter_context(socket.create_connection(self.place, timeout=10))

    def stop(self, message_id: str = "wamid.stop") -> tuple[int, float]:
        """Deliver a STOP as Meta does; gives the status and how many seconds it took."""
        body = stop_webhook(message_id)
        began = time.monotonic()
        client = http.client.HTTPConnection(*self.place, timeout=10)
        with contextlib.closing(client):
            headers = {"X-Hub-Signature-256": sign(body, SECRET.encode())}
            client.request("POST", "/webhooks/whatsapp", body, headers)
            return client.getresponse().status, time.monotonic() - began


def stop_webhook(message_id: str) -> bytes:
    message = {
        "from": "447700900123",
        "id": message_id,
        "timestamp": str(int(time.time())),
        "type": "text",
        "text": {"body": "STOP"},
    }
    value = {"metadata": {"phone_number_id": "200000000000001"}, "messages": [message]}
    entry = {"id": "100000000000001", "changes": [{"field": "messages", "value": value}]}
    return json.dumps({"object": "whatsapp_business_account", "entry": [entry]}).encode()


def half_heads(house: House, stack: ExitStack) -> None:
    for _ in range(HALF_HEADS):
        house.connect(stack).sendall(b"POST /webhooks/whatsapp HTTP/1.1\r\nHost: x\r\nX-A: ")


def half_heads_with_headers(house: House, stack: ExitStack) -> None:
    lines = b"".join(b"X-%d: %s\r\n" % (number, b"a" * 300) for number in range(90))
    for _ in range(HALF_HEADS):
        house.connect(stack).sendall(b"GET /healthz HTTP/1.1\r\nHost: x\r\n" + lines)


def half_bodies(house: House, stack: ExitStack) -> None:
    size = 3 * MIB
    head = (
        b"POST /webhooks/whatsapp HTTP/1.1\r\nHost: x\r\nX-Hub-Signature-256: sha256="
        + b"0" * 64
        + b"\r\nContent-Length: %d\r\n\r\n" % size
    )
    for _ in range(HALF_BODIES):
        with contextlib.suppress(OSError):  # cut off: what else
            house.connect(stack).sendall(head + b"x" * (size - 10))


def much_of_a_head(house: House, stack: ExitStack) -> None:
    client = house.connect(stack)
    client.sendall(b"GET /healthz HTTP/1.1\r\nHost: x\r\n")
    with contextlib.suppress(OSError):
        for number in range(HEADER_BYTES // MIB):
            client.sendall(b"X-%d: " % number + b"a" * MIB + b"\r\n")


def dripping_bodies(house: House, stack: ExitStack) -> None:
    """A body of a byte a packet: each part must not cost more than itself."""
    head = (
        b"POST /webhooks/whatsapp HTTP/1.1\r\nHost: x\r\nX-Hub-Signature-256: sha256=0\r\n"
        b"Content-Length: 2000000\r\n\r\n"
    )
    clients = [house.connect(stack) for _ in range(20)]
    for client in clients:
        client.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        client.sendall(head)
    with contextlib.suppress(OSError):
        for _ in range(2_000):
            for client in clients:
                client.sendall(b"x")


FLOODS = (half_heads, half_heads_with_headers, half_bodies, much_of_a_head, dripping_bodies)


def settings_in(folder: Path) -> dict[str, str]:
    return {"database_url": f"sqlite:///{folder / 'ledger.db'}", "webhook_secrets": SECRET}


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    with running(tmp_path / "log", "serve", "--port", "0", **settings_in(tmp_path)) as process:
        yield warm(House(process))


@contextmanager
def house_without_limits(folder: Path) -> Iterator[House]:
    with (folder / "log").open("a") as errors:
        process = subprocess.Popen(
            [sys.executable, without_limits.__file__, "serve", "--port", "0"],
            stdout=subprocess.PIPE,
            stderr=errors,
            text=True,
            env=environment(**settings_in(folder)) | {"PYTHONPATH": str(Path.cwd())},
        )
    with process:
        try:
            yield warm(House(Process(process, folder / "log")))
        finally:
            process.kill()


def warm(house: House) -> House:
    """Let it do once what it does later, so that its size at rest is that of a server in use."""
    for _ in range(20):
        assert house.stop()[0] == 200
    return house


@pytest.mark.parametrize("flood", FLOODS, ids=lambda flood: flood.__name__)
def test_a_stop_gets_in_at_once_and_the_server_stays_small(house: House, flood: Flood) -> None:
    at_rest = house.size()
    with ExitStack() as stack:
        flood(house, stack)
        largest = house.size()
        status, seconds = house.stop()
        largest = max(largest, house.size())
    assert status == 200
    assert seconds < 5  # not timed, only bounded: it did not wait for anybody's deadline
    assert largest <= MOST * at_rest, f"{largest // MIB} MiB, at rest {at_rest // MIB}"


@pytest.mark.parametrize("flood", [half_bodies, much_of_a_head], ids=lambda flood: flood.__name__)
def test_without_limits_the_same_flood_is_seen(tmp_path: Path, flood: Flood) -> None:
    with house_without_limits(tmp_path) as house, ExitStack() as stack:
        at_rest = house.size()
        flood(house, stack)
        assert house.size() > MOST * at_rest


def test_more_half_heads_than_connections_do_not_keep_a_stop_out(tmp_path: Path) -> None:
    few = {"connections_max": "64", **settings_in(tmp_path)}
    with running(tmp_path / "log", "serve", "--port", "0", **few) as process:
        house = warm(House(process))
        with ExitStack() as stack:
            half_heads(house, stack)
            assert house.stop()[0] == 200
        metrics = http.client.HTTPConnection(*house.place, timeout=10)
        metrics.request("GET", "/metrics")
        assert b'askfirst_connections_refused_total{limit="connections"} 9' in (
            metrics.getresponse().read()
        )
        metrics.close()
    log = [json.loads(line) for line in (tmp_path / "log").read_text().splitlines()]
    told = [line for line in log if line["event"] == "connections_refused"]
    assert len(told) == 1  # a flood is one line a minute
    assert told[0]["setting"] == "ASKFIRST_CONNECTIONS_MAX"
