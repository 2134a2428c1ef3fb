"""Commands that run askfirst and look after it: server, demonstration, doctor, keys, clock."""

from __future__ import annotations

import os
import socket
import sys
import tempfile
import webbrowser
from collections.abc import Iterator, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from askfirst.cli.admin_command import perform
from askfirst.cli.options import AsJson, DatabaseUrl
from askfirst.cli.output import EXIT_CODES, Exit, clear_errors, paragraphs, print_table, tell

if TYPE_CHECKING:
    from askfirst.web.public.start_page import DemoSheet

SERVE_HELP = paragraphs(f"""
Run the server: REST API, gateway and webhooks on one port.

Settings come from ASKFIRST_… variables; --settings lists them. SIGTERM and Ctrl-C end it
cleanly: requests that have begun are finished, for ten seconds at most.

Example: ASKFIRST_WEBHOOK_SECRETS=… askfirst serve --port 8080

{EXIT_CODES}
""")


def serve(
    host: Annotated[
        str | None, typer.Option(help="The address to listen on.", show_default="127.0.0.1")
    ] = None,
    port: Annotated[
        int | None, typer.Option(help="The port; 0 for a free one.", show_default="8080")
    ] = None,
    database_url: DatabaseUrl = None,
    settings: Annotated[
        bool, typer.Option("--settings", help="List all settings and end.")
    ] = False,
    fd: Annotated[
        int | None, typer.Option(help="Take over a listening socket.", hidden=True)
    ] = None,
) -> None:
    if settings:
        _list_settings()
        return
    import uvloop

    from askfirst.bootstrap.observability.logging import configure_logging
    from askfirst.bootstrap.server import serve as run
    from askfirst.bootstrap.settings import load_settings

    with clear_errors():
        loaded = load_settings(database_url=database_url, host=host, port=port)
        configure_logging(loaded.log_level, loaded.log_format)
        listener = socket.socket(fileno=fd) if fd is not None else None
        uvloop.run(run(loaded, _serve_announce, listener))


def _serve_announce(address: str) -> None:
    """One line on stdout, for whoever started us; the log is on stderr."""
    print(f"listening on {address}", flush=True)


def _list_settings() -> None:
    from askfirst.bootstrap.settings import PREFIX, Settings

    rows = []
    for name, field in Settings.model_fields.items():
        default = field.get_default()
        shown = "" if default in (None, ()) else str(default)
        rows.append((PREFIX + name.upper(), shown, field.description or ""))
    print_table(("setting", "default", "what it is"), rows)
    sys.stdout.flush()


DEMO_HELP = paragraphs(f"""
Try askfirst with a simulated WhatsApp and made-up people; nothing leaves this machine.

Starts both, makes a business with a key, and prints the address of a page that says what to
try; where there is a screen, a browser opens it. With --product, a product runs beside them, for
instance a shop that asks its customers; then its address comes first. In another terminal,
commands such as askfirst events find the demo, unless there is a database of your own. Ctrl-C
ends all. What was recorded is thrown away, unless --folder names a place for it.

Example: askfirst demo --product examples/shop

{EXIT_CODES}
""")


def demo(
    port: Annotated[int, typer.Option(help="Askfirst's port; a free one if taken.")] = 8080,
    simulator_port: Annotated[
        int, typer.Option(help="The simulator's port; a free one if taken.")
    ] = 8090,
    folder: Annotated[
        Path | None, typer.Option(help="Keep the ledger in this folder.", show_default=False)
    ] = None,
    product: Annotated[
        Path | None,
        typer.Option(help="Run the app.py of this folder beside them.", show_default=False),
    ] = None,
    product_port: Annotated[
        int, typer.Option(help="The product's port; a free one if taken.")
    ] = 8070,
    browser: Annotated[
        bool,
        typer.Option(
            "--browser/--no-browser", help="Open the first page, where there is a screen."
        ),
    ] = True,
) -> None:
    import uvloop

    from askfirst.bootstrap.demo.demo_server import Doors, run_demo
    from askfirst.bootstrap.observability.logging import configure_logging
    from askfirst.bootstrap.settings import LogFormat, LogLevel

    with clear_errors(), tempfile.TemporaryDirectory(prefix="askfirst-demo-") as temporary:
        configure_logging(LogLevel.WARNING, LogFormat.CONSOLE)
        place = (folder or Path(temporary)).absolute()
        doors = Doors(
            server=_listen(port),
            simulator=_listen(simulator_port),
            product=product,
            product_port=_free_port(product_port) if product else 0,
        )
        uvloop.run(run_demo(place, doors, partial(_demo_announce, is_opened=browser)))


def _listen(port: int) -> socket.socket:
    from askfirst.bootstrap.listening import listen
    from askfirst.domain.values.errors import InvalidInput

    try:
        return listen("127.0.0.1", port)
    except InvalidInput:
        return listen("127.0.0.1", 0)


def _free_port(wanted: int) -> int:
    """Find a port for a program that binds it itself, a moment later."""
    with _listen(wanted) as listener:
        port: int = listener.getsockname()[1]
        return port


def _demo_announce(sheet: DemoSheet, *, is_opened: bool) -> None:
    places = [
        (f"{sheet.address}/", "what this is, and three things to try"),
        (sheet.phone_page, "the customer's phone"),
        (f"{sheet.address}/docs", "the REST API"),
    ]
    if sheet.shop:
        places.insert(0, (f"{sheet.shop}/", "open this: a shop that asks its customers"))
    for place, what in places:
        typer.echo(f"  {typer.style(place, bold=True):<60} {what}")
    typer.echo(f"\n  The API key of this run: {sheet.key}")
    typer.echo("  In another terminal: askfirst events\n  Ctrl-C ends the demo.")
    if is_opened and _has_screen() and webbrowser.open(places[0][0]):
        typer.echo(f"  Your browser opens {places[0][0]} (--no-browser: it does not).")


def _has_screen() -> bool:
    """Whether somebody sits before a screen: not in a pipe, nor in a terminal from afar."""
    has_display = sys.platform in ("darwin", "win32") or bool(
        os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY")
    )
    return sys.stdout.isatty() and has_display


SIMULATOR_HELP = paragraphs(f"""
Run a WhatsApp of your own to develop against: Graph API, webhooks and phones.

It has one business (Café Lune, phone number id 200000000000001, token simulated-meta-token) and
its templates. Every well-formed number has a phone: open / in a browser.

Example: askfirst simulator --port 8090 --webhooks-to http://127.0.0.1:8080/webhooks/whatsapp

{EXIT_CODES}
""")


def simulator(
    host: Annotated[str, typer.Option(help="The address to listen on.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(help="The port; 0 for a free one.")] = 8090,
    webhooks_to: Annotated[
        str, typer.Option(help="Where to post webhooks; without it, none are posted.")
    ] = "",
    app_secret: Annotated[
        str, typer.Option(help="The secret that signs webhooks; it protects nothing real.")
    ] = "simulated-app-secret",  # noqa: S107 - of a world that is not real
    fd: Annotated[
        int | None, typer.Option(help="Take over a listening socket.", hidden=True)
    ] = None,
) -> None:
    import uvloop

    from askfirst.bootstrap.demo.simulation import serve_simulator
    from askfirst.bootstrap.listening import listen
    from askfirst.bootstrap.observability.logging import configure_logging
    from askfirst.bootstrap.settings import LogFormat, LogLevel

    with clear_errors():
        configure_logging(LogLevel.WARNING, LogFormat.CONSOLE)
        listener = socket.socket(fileno=fd) if fd is not None else listen(host, port)
        uvloop.run(
            serve_simulator(
                listener,
                webhooks_to=webhooks_to,
                app_secret=app_secret,
                announce=_simulator_announce,
            )
        )


def _simulator_announce(address: str) -> None:
    print(f"listening on {address}", flush=True)


DOCTOR_HELP = paragraphs("""
Check up on the installation: what keeps the promise from being kept, and what to do about it.

Where a server runs on this SQLite file, it is the server that looks, with its own settings.
A warning is worth a look; a problem means that a part of the promise is not kept.

Example: askfirst doctor --strict

Exit codes: 0 no problem, 1 a problem (with --strict also a warning), 2 wrong usage, 3 the
database or server is not available.
""")
_COLOURS = {
    "ok": typer.colors.GREEN,
    "warning": typer.colors.YELLOW,
    "problem": typer.colors.RED,
}


def doctor(
    *,
    meta: Annotated[
        bool, typer.Option("--meta", help="Also ask whether the Graph API can be reached.")
    ] = False,
    strict: Annotated[
        bool, typer.Option("--strict", help="A warning ends with exit code 1, too.")
    ] = False,
    database_url: DatabaseUrl = None,
    json: AsJson = False,
) -> None:
    from askfirst.web.admin.transparency import Diagnose

    answer = perform(Diagnose(asks_meta=meta), database_url)
    findings = answer["findings"]
    tell(answer, *(line for finding in findings for line in _doctor_lines(finding)), json=json)
    raise typer.Exit(_doctor_exit_code(findings, strict=strict))


def _doctor_lines(finding: Mapping[str, Any]) -> Iterator[str]:
    severity = finding["severity"]
    mark = typer.style(f"{severity:<8}", bold=True, fg=_COLOURS[severity])
    yield f"{mark} {finding['check']}: {finding['summary']}"
    if finding["remedy"]:
        yield f"{'':<8} {finding['remedy']}"


def _doctor_exit_code(findings: Sequence[Mapping[str, Any]], *, strict: bool) -> Exit:
    bad = {"problem", "warning"} if strict else {"problem"}
    return Exit.NO if any(finding["severity"] in bad for finding in findings) else Exit.OK


KEYRING_ROTATE = paragraphs(f"""
Add a version to the keyring: new keys that encrypt and find from now on. The old ones stay, or what
they wrote could not be read again.

Stop every server process before, copy the file to every machine, and start them again. The database
records the new version: a server that goes on with the old file neither writes nor decides.

Example: askfirst keyring rotate

{EXIT_CODES}
""")


def keyring_app() -> typer.Typer:
    app = typer.Typer(
        help="The keys that numbers and bodies are encrypted with.", no_args_is_help=True
    )
    app.command("rotate", help=KEYRING_ROTATE)(rotate_keyring)
    return app


def rotate_keyring(database_url: DatabaseUrl = None, json: AsJson = False) -> None:
    from askfirst.bootstrap.commands.keyring_commands import add_version
    from askfirst.bootstrap.settings import load_settings

    with clear_errors():
        path, version = add_version(load_settings(database_url=database_url))
    tell(
        {"keyring": str(path), "version": version},
        f"version {version} of the keyring encrypts from the next start on",
        aside="Back up the keyring at once, apart from the database.",
        json=json,
    )


CLOCK_ACCEPT = paragraphs(f"""
Let a server start although its clock is behind the newest event, because that event came from a
clock that ran ahead. Set the clock first: only where it is right now is this the way to go on.

What you accept is written down. Events keep their time stamps, and stops count all the same.

Example: askfirst clock accept

{EXIT_CODES}
""")


def clock_app() -> typer.Typer:
    app = typer.Typer(help="The clock, held against the ledger.", no_args_is_help=True)
    app.callback()(_clock_group)
    app.command("accept", help=CLOCK_ACCEPT)(accept_clock)
    return app


def _clock_group() -> None:
    """A command of one command is a group only with this."""


def accept_clock(database_url: DatabaseUrl = None, json: AsJson = False) -> None:
    from askfirst.bootstrap.health.clock_check import accept_stamps
    from askfirst.bootstrap.settings import load_settings
    from askfirst.domain.values.timestamp import to_rfc3339

    with clear_errors():
        accepted = accept_stamps(load_settings(database_url=database_url))
    rows = [
        {"business": one.business_id, "recorded_at": to_rfc3339(one.recorded_at)}
        for one in accepted
    ]
    lines = [f"accepted {row['recorded_at']} of {row['business']}" for row in rows]
    tell({"accepted": rows}, *(lines or ["nothing to accept"]), json=json)
