"""`askfirst tour`."""

from __future__ import annotations

import dataclasses
import sys
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from http import HTTPStatus
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from askfirst.cli.children import child
from askfirst.cli.http import call
from askfirst.cli.options import AsJson
from askfirst.cli.output import Exit, clear_errors, fail, paragraphs, print_json
from askfirst.cli.running.story import Stage, Step, play, register_sender

if TYPE_CHECKING:
    from askfirst.bootstrap.settings import Settings

HELP = paragraphs("""
See the main job done, from a refused send to a STOP.

A send is refused, a person says yes, the same send leaves, a STOP ends it.

Starts a server and a simulated WhatsApp on free ports and a database that is thrown away, and
plays the story over HTTP. With --database-url it runs on PostgreSQL, in a schema of its own.

Example: askfirst tour

Exit codes: 0 each step went as told, 1 one did not, 2 wrong usage, 3 something did not start.
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
        typer.secho(f"\nEach of {len(steps)} steps went as told.", bold=True)
    else:
        fail("a step did not go as told", Exit.NO)
    raise typer.Exit(Exit.OK if as_told else Exit.NO)


@contextmanager
def _stage(settings: Settings) -> Iterator[Stage]:
    """Start both servers, and give the business a key and its sender."""
    from askfirst.bootstrap.admin_client import perform
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
