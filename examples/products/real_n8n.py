"""Run the real n8n against askfirst: python examples/products/real_n8n.py build/n8n

Installs n8n from the npm registry into the folder (about 3 GB), builds n8n-nodes-askfirst and holds
it to n8n's own rules. Then workflows are run, against a simulated WhatsApp: by our node, and by
n8n's own WhatsApp node behind a rewriting proxy. Every other name that n8n asks for is refused.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from http import HTTPStatus
from pathlib import Path
from typing import Any

from n8n_room import N8N, Room
from player import NotAsRecorded, ask
from rewriting import rewriting_to
from servers import CUSTOMER, WABA, make_key, register_number, run_servers, say_yes

SCOPES = (
    *("send", "check", "consents:write", "contacts:read", "prompts:read"),
    *("subscriptions:read", "subscriptions:write"),
)
NO_OPT_IN = "Not allowed: There is no opt-in for messages of this purpose."
WITHDRAWN = "Not allowed: The contact withdrew the opt-in."
_SECONDS_MAX = 30.0


@dataclass(frozen=True)
class Scene:
    """Everybody."""

    gateway: str
    simulator: str
    owner: str
    credentials: list[dict[str, Any]]
    room: Room


def main(arguments: Sequence[str]) -> int:
    """Play the story; 0 where every step went as the guide says."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("room", type=Path, help="the folder that n8n is installed in")
    folder_of_n8n = parser.parse_args(arguments).room
    with ExitStack() as running:
        folder = Path(running.enter_context(tempfile.TemporaryDirectory(prefix="askfirst-n8n-")))
        gateway, simulator = running.enter_context(run_servers(folder))
        owner = make_key(folder, "all")
        register_number(gateway, owner)
        room = Room(folder_of_n8n, folder / "home")
        room.home.mkdir()
        print(f"n8n {N8N}: installing, building n8n-nodes-askfirst …", flush=True)
        room.prepare()
        variables = running.enter_context(rewriting_to(gateway, folder))
        room.settings |= variables | {"ASKFIRST_ADDRESS": gateway}
        credentials = _credentials(gateway, make_key(folder, *SCOPES))
        room.import_all(credentials)
        scene = Scene(gateway, simulator, owner, credentials, room)
        try:
            for place, said in enumerate(_steps(scene), 1):
                print(f"  ✓ {place:2} {said}", flush=True)
        except NotAsRecorded as error:
            print(f"  ✗ {error}", file=sys.stderr)
            return 1
    print("\nEach step went as the guide says.")
    return 0


def _credentials(gateway: str, key: str) -> list[dict[str, Any]]:
    ours, metas = {"baseUrl": gateway, "apiKey": key}, {"accessToken": key}
    return [
        {"id": "askfirstDemoKey1", "name": "askfirst", "type": "askfirstApi", "data": ours},
        {
            "id": "whatsAppDemoKey1",
            "name": "WhatsApp, by way of askfirst",
            "type": "whatsAppApi",
            "data": metas | {"businessAccountId": WABA},
        },
    ]


def _steps(scene: Scene) -> Iterator[str]:
    yield from _before_a_yes(scene)
    yield from _after_a_yes(scene)
    yield from _after_a_stop(scene)
    yield from _server(scene)


def _before_a_yes(scene: Scene) -> Iterator[str]:
    run = scene.room.execute
    error = run("offerAskfirst001")["Send the offer"]
    _hold(error["message"].startswith(NO_OPT_IN), error)
    _hold((error["description"], error["httpCode"]) == ("Reason: no_opt_in.", "400"), error)
    yield f"Our node, without an opt-in, fails: {error['message']}"
    done = run("branchesAskfirst")
    _hold("Sent" not in done and done["Not sent"][0][0]["reasons"] == ["no_opt_in"], done)
    yield "With an output of its own, the refusal goes on there, with its reasons"
    error = run("waTemplate000001")["Send the template"]
    _hold(error["message"] == "Bad request - please check your parameters", error)
    _hold(error["description"] == "Refused by askfirst: no_opt_in", error)
    yield f"n8n's WhatsApp node fails: {error['message']}: {error['description']}"
    error = run("waText0000000001")["Send the text"]
    _hold(error["description"] == "Refused by askfirst: window_closed", error)
    yield f"A text of its, outside the 24-hour window, fails: {error['description']}"


def _after_a_yes(scene: Scene) -> Iterator[str]:
    done = scene.room.execute("signUpAskfirst01")
    recorded = done["Record the yes"][0][0]
    _hold((recorded["assurance"], recorded["effective"]) == ("shown", True), recorded)
    yield "Our node records a yes to a question that askfirst wrote: it is in force"
    looked = done["Look at the standing"][0][0]
    answers = {one["purpose"]: one["answer"] for one in looked["standing"]}
    _hold(looked["known"] and answers["marketing"] == "granted", looked)
    yield f"It gets the standing: {answers}"
    checked = done["May the offer be sent?"][0][0]
    _hold(checked["allowed"] is True, checked)
    yield "It checks: the offer may be sent"
    sent = scene.room.execute("branchesAskfirst")
    _hold("Not sent" not in sent and sent["Sent"][0][0]["allowed"], sent)
    yield f"The offer is sent: {_inbox(scene)} message on the customer's phone"
    _types(scene, "Hello")
    text = scene.room.execute("waText0000000001")["Send the text"]
    _hold(text[0][0]["messages"][0]["id"].startswith("wamid."), text)
    yield "The customer writes, and n8n's WhatsApp node sends a text"


def _after_a_stop(scene: Scene) -> Iterator[str]:
    before = _inbox(scene)
    _types(scene, "STOP")
    _await(lambda: _inbox(scene) == before + 1)
    yield "The customer types STOP, and askfirst confirms it"
    error = scene.room.execute("offerAskfirst001")["Send the offer"]
    _hold(error["message"].startswith(WITHDRAWN), error)
    yield f"The next offer of our node fails: {error['message']}"
    for workflow, node in (
        ("waTemplate000001", "Send the template"),
        ("waText0000000001", "Send the text"),
    ):
        error = scene.room.execute(workflow)[node]
        _hold(error["description"] == "Refused by askfirst: withdrawn", error)
    _hold(_inbox(scene) == before + 1, "something was sent")
    yield f"So does n8n's WhatsApp node, template and text: {error['description']}"
    recorded = scene.room.execute("noByPhoneAskfirs")["Record the no"][0][0]
    _hold((recorded["kind"], recorded["effective"]) == ("withdrawn", False), recorded)
    yield "Our node records a no that was said by phone"


def _server(scene: Scene) -> Iterator[str]:
    room, workflow = scene.room, "changesAskfirst1"
    room.publish(workflow)
    with room.started() as server:
        for credential in scene.credentials:
            tested = room.test_credential(server, credential)
            _hold(tested["status"] == "OK", tested)
        yield "n8n's test of the credentials passes, of both kinds"
        wrong = scene.credentials[0] | {"data": scene.credentials[0]["data"] | {"apiKey": "ask_no"}}
        tested = room.test_credential(server, wrong)
        _hold(tested["status"] == "Error", tested)
        yield f"With a wrong key it does not: {tested['message']}"
        _await(lambda: len(_subscriptions(scene)) == 1)
        yield "The trigger has made its subscription"
        say_yes(scene.gateway, scene.owner)
        _await(lambda: room.executions(workflow) == ["success"])
        yield "Somebody opts in, and the workflow runs"
        hook = _subscriptions(scene)[0]["url"]
        forged = ask("POST", hook, {"content-type": "application/json"}, b"{}")
        _hold(
            forged.status == HTTPStatus.UNAUTHORIZED and room.executions(workflow) == ["success"],
            forged,
        )
        yield "What askfirst has not signed is answered 401, and starts nothing"
        room.deactivate(server, workflow)
        _await(lambda: not _subscriptions(scene))
        yield "The workflow is switched off, and its subscription has ended"


def _types(scene: Scene, text: str) -> None:
    phone = f"{scene.simulator}/phones/{CUSTOMER}/messages"
    answer = json.loads(ask("POST", phone, {}, json.dumps({"text": text}).encode()).body)
    _hold(answer["webhook_status"] == HTTPStatus.OK, answer)


def _inbox(scene: Scene) -> int:
    return len(json.loads(ask("GET", f"{scene.simulator}/phones/{CUSTOMER}").body)["inbox"])


def _subscriptions(scene: Scene) -> list[dict[str, Any]]:
    key = {"authorization": f"Bearer {scene.owner}"}
    found: list[dict[str, Any]]
    found = json.loads(ask("GET", f"{scene.gateway}/v1/subscriptions", key).body)["data"]
    return found


def _await(is_so: Callable[[], bool]) -> None:
    deadline = time.monotonic() + _SECONDS_MAX
    while not is_so():
        if time.monotonic() > deadline:
            raise NotAsRecorded("it did not come about")
        time.sleep(0.2)


def _hold(is_so: object, found: object) -> None:
    if not is_so:
        raise NotAsRecorded(str(found)[:2000])


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
