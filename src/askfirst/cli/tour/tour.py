"""`askfirst tour`: the main job done, from a refused send to a STOP that is confirmed."""

from __future__ import annotations

import dataclasses
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from http import HTTPStatus
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any
from urllib.parse import quote

import typer

from askfirst.cli.options import AsJson
from askfirst.cli.output import Exit, clear_errors, fail, paragraphs, print_json
from askfirst.cli.tour.children import Reply, call, child

if TYPE_CHECKING:
    from askfirst.bootstrap.settings import Settings

_DO_NOT_WRITE = 131050
_PATIENCE_SECONDS, _LOOK_SECONDS = 10.0, 0.1


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """What happened, and whether it was what the story says."""

    what: str
    verdict: str
    reason: str
    position: int
    as_told: bool
    detail: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Stage:
    """Where the story plays."""

    server: str
    simulator: str
    key: str
    version: str
    sender_id: str
    waba_id: str
    number: str
    name: str
    meta_token: str
    template: str
    language: str
    person: str


def play(stage: Stage) -> Iterator[Step]:
    """Play the story, a step at a time."""
    yield _send(stage, "a marketing message to a stranger", refused_for="no_opt_in")
    yield _say_yes(stage)
    yield _send(stage, "the same message again")
    yield _look_at_phone(stage)
    yield _type_stop(stage)
    yield _await_confirmation(stage)
    yield _send(stage, "the same message once more", refused_for="withdrawn")
    yield _show_contact(stage)
    yield _read_ledger(stage)


def register_sender(stage: Stage) -> Reply:
    """Tell askfirst about the business's number."""
    body = {
        "waba_id": stage.waba_id,
        "number": stage.number,
        "name": stage.name,
        "token": stage.meta_token,
    }
    return call("PUT", f"{stage.server}/v1/senders/{stage.sender_id}", body, token=stage.key)


def _send(stage: Stage, what: str, *, refused_for: str = "") -> Step:
    """Send through the gateway, as any client of Meta's API would."""
    message = {
        "messaging_product": "whatsapp",
        "to": stage.person,
        "type": "template",
        "template": {"name": stage.template, "language": {"code": stage.language}},
    }
    url = f"{stage.server}/{stage.version}/{stage.sender_id}/messages"
    reply = call("POST", url, message, token=stage.key)
    if refused_for:
        return _refused(what, reply, refused_for)
    sent = reply.body.get("messages") or [{}]
    message_id = str(sent[0].get("id", ""))
    return Step(
        what=what,
        verdict="allow" if message_id else "deny",
        reason="opted_in" if message_id else _title(reply),
        position=_head(stage),
        as_told=reply.status == HTTPStatus.OK and message_id.startswith("wamid."),
        detail=message_id,
    )


def _refused(what: str, reply: Reply, reason: str) -> Step:
    error = reply.body.get("error", {})
    account = reply.body.get("askfirst") or error.get("askfirst") or {}
    reasons = account.get("reasons") or [_title(reply)]
    return Step(
        what=what,
        verdict=account.get("verdict", ""),
        reason=reasons[0],
        position=account.get("position", 0),
        as_told=reply.status == HTTPStatus.BAD_REQUEST
        and reasons == [reason]
        and error.get("code") == _DO_NOT_WRITE
        and "messages" not in reply.body,
        detail=str(account.get("decision_id", "")),
    )


def _say_yes(stage: Stage) -> Step:
    url = f"{stage.server}/v1/prompts/signup/render?locale=en"
    shown = call("GET", url, token=stage.key)
    body = {
        "verb": "grant",
        "contact": {"phone": stage.person},
        "prompt": {"token": shown.body.get("token", "")},
        "number_proof": "vouched",
    }
    reply = call("POST", f"{stage.server}/v1/consents", body, token=stage.key)
    return _event_step("the person says yes to the words shown at sign-up", reply, "granted")


def _event_step(what: str, reply: Reply, kind: str) -> Step:
    event = reply.body
    return Step(
        what=what,
        verdict=str(event.get("kind", "")),
        reason=str(event.get("assurance", _title(reply))),
        position=int(event.get("position", 0)),
        as_told=reply.status == HTTPStatus.CREATED
        and event.get("kind") == kind
        and event.get("assurance") == "shown",
        detail=str(event.get("id", "")),
    )


def _look_at_phone(stage: Stage) -> Step:
    reply = call("GET", f"{stage.simulator}/phones/{stage.person.removeprefix('+')}")
    inbox = reply.body.get("inbox", [])
    templates = [letter.get("template") for letter in inbox]
    return Step(
        what="it is the one message on the person's phone",
        verdict="received" if inbox else "nothing",
        reason=", ".join(map(str, templates)),
        position=_head(stage),
        as_told=templates == [stage.template],
        detail=str(inbox[-1].get("message_id", "")) if inbox else "",
    )


def _type_stop(stage: Stage) -> Step:
    url = f"{stage.simulator}/phones/{stage.person.removeprefix('+')}/messages"
    reply = call("POST", url, {"text": "STOP"})
    newest = _ledger(stage)[-1:]
    event = newest[0] if newest else {}
    return Step(
        what="the person types STOP; Meta tells by signed webhook",
        verdict=str(event.get("kind", "")),
        reason=str(event.get("assurance", "")),
        position=int(event.get("position", 0)),
        as_told=reply.body.get("webhook_status") == HTTPStatus.OK
        and event.get("kind") == "withdrawn",
        detail=str(event.get("id", "")),
    )


def _await_confirmation(stage: Stage) -> Step:
    """Wait for the confirmation: it leaves after the webhook was answered."""
    deadline = time.monotonic() + _PATIENCE_SECONDS
    texts: list[str] = []
    while not texts and time.monotonic() < deadline:
        time.sleep(_LOOK_SECONDS)
        reply = call("GET", f"{stage.simulator}/phones/{stage.person.removeprefix('+')}")
        inbox = reply.body.get("inbox", [])
        texts = [str(letter.get("text")) for letter in inbox if letter.get("type") == "text"]
    return Step(
        what="askfirst confirms it on the phone, once, in words of its own",
        verdict="received" if texts else "nothing",
        reason="stop_confirmation" if texts else "",
        position=_head(stage),
        as_told=len(texts) == 1 and texts[0].startswith(stage.name),
        detail=texts[0] if texts else "",
    )


def _show_contact(stage: Stage) -> Step:
    url = f"{stage.server}/v1/contacts/{quote(stage.person, safe='')}"
    reply = call("GET", url, token=stage.key)
    standing = {row["purpose"]: row for row in reply.body.get("standing", [])}
    marketing = standing.get("marketing", {})
    return Step(
        what="the contact's sheet says so",
        verdict=str(marketing.get("answer", "")),
        reason=str((marketing.get("basis") or {}).get("kind", _title(reply))),
        position=int(reply.body.get("position", 0)),
        as_told=reply.status == HTTPStatus.OK and marketing.get("answer") == "withdrawn",
        detail=str(reply.body.get("id", "")),
    )


def _read_ledger(stage: Stage) -> Step:
    events = _ledger(stage)
    kinds = [event["kind"] for event in events]
    positions = [event["position"] for event in events]
    return Step(
        what="the ledger holds both answers, in order, without gaps",
        verdict="kept",
        reason=", ".join(kinds),
        position=positions[-1] if positions else 0,
        as_told=kinds == ["granted", "withdrawn"] and positions == [1, 2],
    )


def _ledger(stage: Stage) -> list[dict[str, Any]]:
    reply = call("GET", f"{stage.server}/v1/events", token=stage.key)
    return list(reply.body.get("data", []))


def _head(stage: Stage) -> int:
    return int((_ledger(stage)[-1:] or [{"position": 0}])[0]["position"])


def _title(reply: Reply) -> str:
    error = reply.body.get("error", {})
    return str(error.get("message") or reply.body.get("title") or f"status {reply.status}")


HELP = paragraphs("""
See the main job done, from a refused send to a STOP.

A send is refused, a person says yes, the same send leaves, a STOP ends it.

Starts a server and a simulated WhatsApp on free ports and a database that is thrown away, and
plays the story over HTTP. With --database-url it runs on PostgreSQL, in a schema of its own.

Example: askfirst tour

Exit codes: 0 each step went as described, 1 one did not, 2 wrong usage, 3 something did not start.
""")
_PERSON = "+447700900123"
_LOG_LINES = 5


def tour(
    database_url: Annotated[
        str | None,
        typer.Option(
            help="postgresql://user:password@host/database; otherwise a SQLite file.",
            show_default=False,
        ),
    ] = None,
    json: AsJson = False,
) -> None:
    from askfirst.bootstrap.demo.throwaway import throwaway_world

    steps: list[Step] = []
    with clear_errors(), throwaway_world(database_url) as settings, _stage(settings) as stage:
        for step in play(stage):
            steps.append(step)
            if not json:
                _show(len(steps), step)
    as_told = all(step.as_told for step in steps)
    if json:
        print_json({"as_told": as_told, "steps": [dataclasses.asdict(step) for step in steps]})
    elif as_told:
        typer.secho(f"\nEach of {len(steps)} steps went as described.", bold=True)
    else:
        fail("a step did not go as described", Exit.NO)
    raise typer.Exit(Exit.OK if as_told else Exit.NO)


@contextmanager
def _stage(settings: Settings) -> Iterator[Stage]:
    """Start both servers, and give the business a key and its sender."""
    from askfirst.bootstrap.admin.admin_client import perform
    from askfirst.bootstrap.demo.simulation import CAFE
    from askfirst.domain.tenants.api_key import ApiScope
    from askfirst.web.admin.tenants import CreateKey, RefreshTemplates

    with _servers(settings) as (server, simulator):
        settings = settings.model_copy(update={"graph_url": simulator})
        business = "tour"
        scopes = tuple(map(str, ApiScope))
        key = perform(
            settings,
            CreateKey(business=business, business_name=CAFE.name, name="tour", scopes=scopes),
        )
        stage = Stage(
            server=server,
            simulator=simulator,
            key=key["secret"],
            version=settings.graph_version,
            sender_id=CAFE.phone_number_id,
            waba_id=CAFE.waba_id,
            number=CAFE.number,
            name=CAFE.name,
            meta_token=CAFE.token,
            template=CAFE.marketing_template,
            language=CAFE.language,
            person=_PERSON,
        )
        reply = register_sender(stage)
        if reply.status != HTTPStatus.OK:
            fail(f"the sender was not registered: {reply.body.get('detail')}", Exit.UNAVAILABLE)
        perform(settings, RefreshTemplates(business=business))
        yield stage


@contextmanager
def _servers(settings: Settings) -> Iterator[tuple[str, str]]:
    from askfirst.bootstrap.demo.simulation import CAFE
    from askfirst.bootstrap.demo.throwaway import demo_policy
    from askfirst.bootstrap.listening import address_of, listen

    with ExitStack() as running:
        folder = Path(running.enter_context(tempfile.TemporaryDirectory(prefix="askfirst-tour-")))
        ours, theirs = listen("127.0.0.1", 0), listen("127.0.0.1", 0)
        server, simulator = address_of(ours), address_of(theirs)
        webhooks_to = f"{server}/webhooks/whatsapp"
        command = ["simulator", "--webhooks-to", webhooks_to]
        running.enter_context(child(command, theirs, {}, folder / "simulator.log"))
        environment = {
            "ASKFIRST_DATABASE_URL": settings.database_url,
            "ASKFIRST_KEYRING_FILE": str(settings.keyring_path),
            "ASKFIRST_GRAPH_URL": simulator,
            "ASKFIRST_WEBHOOK_SECRETS": CAFE.app_secret,
            "ASKFIRST_POLICY_FILE": str(demo_policy()),
        }
        running.enter_context(child(["serve"], ours, environment, folder / "server.log"))
        for address, log in (
            (simulator + "/log", "simulator.log"),
            (server + "/readyz", "server.log"),
        ):
            _wait(address, folder / log)
        yield server, simulator


def _wait(url: str, log: Path) -> None:
    """Make the first call, which waits for the child; where it ended, show its last words."""
    from askfirst.domain.values.errors import Unavailable

    try:
        status = call("GET", url).status
    except Unavailable:
        status = 0
    if status != HTTPStatus.OK:
        words = log.read_text(errors="replace").splitlines()[-_LOG_LINES:]
        print("\n".join(words), file=sys.stderr)
        fail(f"{log.stem} did not start", Exit.UNAVAILABLE)


def _show(number: int, step: Step) -> None:
    mark = (
        typer.style("✓", fg=typer.colors.GREEN)
        if step.as_told
        else typer.style("✗", fg=typer.colors.RED)
    )
    verdict = typer.style(step.verdict, bold=True)
    place = typer.style(f"position {step.position}", dim=True)
    typer.echo(f"{mark} {number}. {step.what}: {verdict} ({step.reason}), {place}")
