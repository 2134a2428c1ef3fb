"""The server as a process: it starts, answers, ends cleanly, and keeps a second one off."""

from __future__ import annotations

import http.client
import json
import signal
import socket
import time
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from askfirst.cli.tour.children import call
from tests.support.processes import Process, run, running

PERSON = "+447700900123"


@pytest.fixture
def database(tmp_path: Path) -> str:
    return f"sqlite:///{tmp_path / 'ledger.db'}"


@pytest.fixture
def server(tmp_path: Path, database: str) -> Iterator[Process]:
    with running(tmp_path / "log", "serve", "--port", "0", database_url=database) as server:
        yield server


def logged(server: Process) -> list[dict[str, object]]:
    return [json.loads(line) for line in server.log.read_text().splitlines()]


def connect(server: Process) -> http.client.HTTPConnection:
    place = urlsplit(server.address)
    return http.client.HTTPConnection(place.hostname or "", place.port, timeout=20)


def test_it_answers_and_says_where(server: Process) -> None:
    for path in ("/healthz", "/readyz", "/metrics", "/", "/docs"):
        connection = connect(server)
        connection.request("GET", path)
        response = connection.getresponse()
        assert (path, response.status) == (path, 200)
        assert "server" not in {name.lower() for name, _ in response.getheaders()}
        connection.close()
    events = [line["event"] for line in logged(server)]
    assert {"webhooks_refused", "listening"} <= set(events)


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_it_ends_cleanly_when_told(server: Process, tmp_path: Path, number: signal.Signals) -> None:
    assert (tmp_path / "ledger.db.server").stat().st_mode & 0o777 == 0o600
    assert server.end(number) == 0
    # What was begun in the background may still say so in between.
    events = [line["event"] for line in logged(server)]
    assert events.index("ending") < len(events) - 1
    assert events[-1] == "ended"
    assert not (tmp_path / "ledger.db.server").exists()


def test_a_request_that_has_begun_is_finished(server: Process, database: str) -> None:
    created = run("keys", "create", "--scope", "all", settings={"DATABASE_URL": database})
    place = urlsplit(server.address)
    head = (
        "POST /v1/check HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\n"
        f"authorization: Bearer {created.stdout.strip()}\r\ncontent-length: 2\r\n\r\n{{"
    )
    with socket.create_connection((place.hostname, place.port), timeout=20) as client:
        client.sendall(head.encode())
        time.sleep(0.3)
        server.process.send_signal(signal.SIGTERM)
        time.sleep(0.5)
        assert server.process.poll() is None
        client.sendall(b"}")
        assert client.recv(4096).startswith(b"HTTP/1.1 422")
    assert server.process.wait(10) == 0


def test_a_second_server_on_the_same_file_is_refused(server: Process, database: str) -> None:
    done = run("serve", "--port", "0", settings={"DATABASE_URL": database})
    assert done.returncode == 3
    (line,) = done.stderr.splitlines()
    assert "another process serves" in line
    assert "ASKFIRST_DATABASE_URL" in line
    assert call("GET", server.address + "/healthz").status == 200


def test_a_taken_port_is_told(server: Process, tmp_path: Path) -> None:
    port = str(urlsplit(server.address).port)
    settings = {"DATABASE_URL": f"sqlite:///{tmp_path / 'other.db'}"}
    done = run("serve", "--port", port, settings=settings)
    assert done.returncode == 2
    assert f"cannot listen on 127.0.0.1 port {port}" in done.stderr


def test_the_command_line_talks_to_the_running_server(server: Process, database: str) -> None:
    settings = {"DATABASE_URL": database}
    created = run("keys", "create", "--scope", "all", "--json", settings=settings)
    assert created.returncode == 0, created.stderr
    key = json.loads(created.stdout)
    assert call("GET", server.address + "/v1/me", token=key["secret"]).status == 200
    recorded = run("record", "grant", PERSON, "--purpose", "marketing", settings=settings)
    assert recorded.stdout.startswith("granted marketing (asserted, vouched) at position 1")
    seen = call("GET", f"{server.address}/v1/events", token=key["secret"]).body["data"]
    assert [(event["kind"], event["source"]) for event in seen] == [("granted", "cli")]
    listed = json.loads(run("events", "--json", settings=settings).stdout)["events"]
    assert listed[0]["id"] == seen[0]["id"]
    wrong = run("record", "grant", "0770", "--purpose", "marketing", settings=settings)
    assert (wrong.returncode, "contact: must start with a plus" in wrong.stderr) == (2, True)
    assert run("keys", "revoke", key["id"], settings=settings).returncode == 0
    assert call("GET", server.address + "/v1/me", token=key["secret"]).status == 401


def test_a_business_without_a_developer_talks_to_the_running_server(
    server: Process, database: str
) -> None:
    settings = {"DATABASE_URL": database}
    key = run("keys", "create", "--scope", "all", settings=settings).stdout.strip()
    told = run("business", "set", "--name", "Café Lune", settings=settings)
    assert told.returncode == 0, told.stderr
    assert call("GET", f"{server.address}/v1/business", token=key).body["name"] == "Café Lune"
    run("record", "refuse", PERSON, "--purpose", "marketing", settings=settings)
    link = run("link", "create", PERSON, settings=settings).stdout.strip()
    place = urlsplit(link).path
    assert call("GET", f"{server.address}{place}").status == 200
    entry = run("entry", "create", "Window", "--text", "Hello", settings=settings)
    assert (entry.returncode, "no sender in service" in entry.stderr) == (2, True)


def test_a_note_that_a_crash_left_behind_is_not_followed(
    server: Process, tmp_path: Path, database: str
) -> None:
    server.process.kill()
    server.process.wait()
    assert (tmp_path / "ledger.db.server").exists()
    settings = {"DATABASE_URL": database}
    assert run("keys", "create", "--scope", "check", settings=settings).returncode == 0


def test_nothing_about_a_person_is_logged(server: Process, database: str) -> None:
    settings = {"DATABASE_URL": database}
    run("keys", "create", "--scope", "all", settings=settings)
    run("record", "grant", PERSON, "--purpose", "marketing", settings=settings)
    call("GET", f"{server.address}/v1/contacts/{PERSON}")
    server.end()
    assert PERSON[1:] not in server.log.read_text()
