"""Play a product's own calls against askfirst: python examples/products/play.py chatwoot

Starts a simulated WhatsApp and askfirst on free ports, with a database that is thrown away, and
plays what the product asks of Meta: it sets itself up, gets a customer's picture, sends, and stops.
"""

from __future__ import annotations

import argparse
import json
import os
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from http import HTTPStatus
from pathlib import Path

from player import NotAsRecorded, Stage, ask, play
from receiver import receiving
from recording import NAMES, Step, decoded, read_recording

WABA, NUMBER, CUSTOMER = "100000000000001", "200000000000001", "447700900123"
APP_SECRET = "simulated-app-secret"  # noqa: S105 - visibly fake, and good for nothing else
SCOPES = ("send", "manage")
_SECONDS_MAX = 30.0


def main(arguments: Sequence[str]) -> int:
    """Play one product; 0 where every step went as recorded."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("product", choices=NAMES)
    recording = read_recording(parser.parse_args(arguments).product)
    print(f"{recording.product}, as its source says ({recording.source})\n")
    with ExitStack() as running:
        folder = Path(running.enter_context(tempfile.TemporaryDirectory(prefix="askfirst-play-")))
        receiver = running.enter_context(receiving(APP_SECRET.encode()))
        gateway, simulator = running.enter_context(_servers(folder))
        owner = _key(folder, "all")
        _register(gateway, owner)
        stage = Stage(
            gateway=gateway,
            simulator=simulator,
            key=_key(folder, *SCOPES),
            waba=WABA,
            number=NUMBER,
            customer=CUSTOMER,
            receiver=receiver,
            says_yes=lambda: _say_yes(gateway, owner),
        )
        try:
            for place, step in enumerate(play(recording, stage), 1):
                print(f"  ✓ {place:2} {step.says}\n       {_what(step)}")
        except NotAsRecorded as error:
            print(f"  ✗ {error}", file=sys.stderr)
            return 1
    print(f"\nEach of {len(recording.steps)} steps went as {recording.product} needs it.")
    return 0


def _what(step: Step) -> str:
    if step.call:
        refused = f", code {step.code}" if step.code else ""
        return f"{step.call.partition('?')[0]} → {step.status}{refused}"
    if step.customer:
        return f"customer: {step.customer}"
    return f"phone: {step.phone}" if step.phone else "webhook: " + ", ".join(step.hears)


@contextmanager
def _servers(folder: Path) -> Iterator[tuple[str, str]]:
    ports = [_free_port(), _free_port()]
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
    with (
        _running(["simulator", "--port", str(ports[1]), *to], folder, {}, f"{simulator}/phones"),
        _running(["serve"], folder, settings, f"{gateway}/readyz"),
    ):
        yield gateway, simulator


@contextmanager
def _running(
    command: Sequence[str], folder: Path, settings: Mapping[str, str], ready: str
) -> Iterator[None]:
    """Run a command of askfirst in a folder while the block runs."""
    log = folder / f"{command[0]}.log"
    with log.open("wb") as output:
        process = subprocess.Popen(  # noqa: S603 - ourselves, with arguments of our own
            [sys.executable, "-m", "askfirst", *command],
            cwd=folder,
            env=_environment() | dict(settings),
            stdout=output,
            stderr=output,
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


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return int(listener.getsockname()[1])


def _key(folder: Path, *scopes: str) -> str:
    command = [sys.executable, "-m", "askfirst", "keys", "create", "--business", "cafe-lune"]
    command += [part for scope in scopes for part in ("--scope", scope)]
    made = subprocess.run(  # noqa: S603 - the same
        command, cwd=folder, env=_environment(), check=True, capture_output=True, text=True
    )
    return made.stdout.strip()


def _register(gateway: str, key: str) -> None:
    sender = {
        "waba_id": WABA,
        "number": "+15550100001",
        "name": "Café Lune",
        "token": "simulated-meta-token",
    }
    answer = ask("PUT", f"{gateway}/v1/senders/{NUMBER}", _bearer(key), json.dumps(sender).encode())
    if answer.status != HTTPStatus.OK:
        raise SystemExit(f"the number was not registered: {answer.body.decode()}")


def _say_yes(gateway: str, key: str) -> None:
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


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
