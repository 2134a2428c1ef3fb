"""A simulated WhatsApp and askfirst, on free ports of this machine, with a database thrown away."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from http import HTTPStatus
from pathlib import Path

from player import NotAsRecorded, ask
from recording import decoded

WABA, NUMBER, CUSTOMER = "100000000000001", "200000000000001", "447700900123"
APP_SECRET = "simulated-app-secret"  # noqa: S105 - visibly fake, and good for nothing else
_SECONDS_MAX = 120.0


@contextmanager
def run_servers(folder: Path) -> Iterator[tuple[str, str]]:
    """Give the addresses of askfirst and of the simulated WhatsApp while the block runs."""
    ports = [free_port(), free_port()]
    gateway, simulator = (f"http://127.0.0.1:{port}" for port in ports)
    to = ["--webhooks-to", f"{gateway}/webhooks/whatsapp"]
    settings = {
        "ASKFIRST_PORT": str(ports[0]),
        "ASKFIRST_GRAPH_URL": simulator,
        "ASKFIRST_WEBHOOK_SECRETS": APP_SECRET,
        "ASKFIRST_SUBSCRIPTIONS_TO_LOOPBACK": "true",
        "ASKFIRST_POLICY_FILE": str(folder / "policy.toml"),
    }
    always = '[hours]\nevery_day = "00:00-24:00"\n'  # whoever plays it may do so at night
    (folder / "policy.toml").write_text(always, encoding="utf-8")
    askfirst = [sys.executable, "-m", "askfirst"]
    simulated = [*askfirst, "simulator", "--port", str(ports[1]), *to]
    with (
        running(simulated, folder, _environment(), f"{simulator}/phones"),
        running([*askfirst, "serve"], folder, _environment() | settings, f"{gateway}/readyz"),
    ):
        yield gateway, simulator


@contextmanager
def running(
    command: Sequence[str], folder: Path, environment: Mapping[str, str], ready: str
) -> Iterator[None]:
    """Run a command in a folder while the block runs, once `ready` answers 200.

    Raises:
        SystemExit: it does not, with what the command has said.
    """
    log = folder / f"{free_port()}.log"
    with log.open("wb") as output:
        process = subprocess.Popen(  # noqa: S603 - ourselves, with arguments of our own
            command, cwd=folder, env=environment, stdout=output, stderr=output
        )
    try:
        _await(ready, process, log)
        yield
    finally:
        process.terminate()
        process.wait()


def _await(url: str, process: subprocess.Popen[bytes], log: Path) -> None:
    deadline = time.monotonic() + _SECONDS_MAX
    while process.poll() is None and time.monotonic() < deadline:
        try:
            if ask("GET", url).status == HTTPStatus.OK:
                return
        except OSError:
            pass
        time.sleep(0.05)
    raise SystemExit(f"it did not start:\n{log.read_text(errors='replace')}")


def _environment() -> dict[str, str]:
    return {name: text for name, text in os.environ.items() if not name.startswith("ASKFIRST_")}


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return int(listener.getsockname()[1])


def make_key(folder: Path, *scopes: str) -> str:
    command = [sys.executable, "-m", "askfirst", "keys", "create", "--business", "cafe-lune"]
    command += [part for scope in scopes for part in ("--scope", scope)]
    made = subprocess.run(  # noqa: S603 - the same
        command, cwd=folder, env=_environment(), check=True, capture_output=True, text=True
    )
    return made.stdout.strip()


def register_number(gateway: str, key: str) -> None:
    sender = {
        "waba_id": WABA,
        "number": "+15550100001",
        "name": "Café Lune",
        "token": "simulated-meta-token",
    }
    answer = ask("PUT", f"{gateway}/v1/senders/{NUMBER}", _bearer(key), json.dumps(sender).encode())
    if answer.status != HTTPStatus.OK:
        raise SystemExit(f"the number was not registered: {answer.body.decode()}")


def say_yes(gateway: str, key: str) -> None:
    """Record the yes of a customer who ticked the box at sign-up, logged in."""
    shown = ask("GET", f"{gateway}/v1/prompts/signup/render?locale=en", _bearer(key))
    consent = {
        "verb": "grant",
        "contact": {"phone": f"+{CUSTOMER}"},
        "prompt": {"token": decoded(shown.body)["token"]},
        "number_proof": "vouched",
    }
    body = json.dumps(consent).encode()
    answer = ask("POST", f"{gateway}/v1/consents", _bearer(key), body)
    if answer.status != HTTPStatus.CREATED:
        raise NotAsRecorded(answer.body.decode())


def _bearer(key: str) -> dict[str, str]:
    return {"authorization": f"Bearer {key}", "content-type": "application/json"}
