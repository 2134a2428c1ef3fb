"""`python -m benchmarks`: one command a hot path; each ends with one line of JSON."""

from __future__ import annotations

import socket
from collections.abc import Callable
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from askfirst.cli.output import clear_errors
from benchmarks import help_texts
from benchmarks.commands import peer
from benchmarks.commands.options import Copies, OnlyJson, Rounds, Seconds
from benchmarks.commands.result import tell_result

if TYPE_CHECKING:
    from benchmarks.at_rate import Rate
    from benchmarks.measure import Plan
    from benchmarks.progress import Progress

_STEPS_BESIDE_ROUNDS = 3


class GeneratorName(StrEnum):
    """What makes the load."""

    AUTO = "auto"
    WRK = "wrk"
    ASYNCIO = "asyncio"


class MixName(StrEnum):
    """What the webhooks say."""

    REAL = "real"
    TEXTS = "texts"


class BareApp(StrEnum):
    """What a bare server does."""

    HELLO = "hello"
    META = "meta"
    CODES = "codes"


DatabaseUrl = Annotated[
    str | None,
    typer.Option(
        help="postgresql://…, for a schema of its own there; otherwise a SQLite file.",
        show_default=False,
    ),
]
PerSecond = Annotated[
    float,
    typer.Option("--rate", min=0, max=100_000, help="Requests a second; 0: as fast as it goes."),
]
Generated = Annotated[
    GeneratorName, typer.Option(help="The load generator: wrk where installed, or our own.")
]

app = typer.Typer(
    help="Measure the hot paths on this machine.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    add_completion=False,
)
app.add_typer(peer.app)


@app.command("webhooks", help=help_texts.WEBHOOKS)
def webhooks(
    *,
    database_url: DatabaseUrl = None,
    mix: Annotated[
        MixName, typer.Option(help="real: 70 % statuses, 30 % inbound; texts: inbound only.")
    ] = MixName.REAL,
    ledger_events: Annotated[
        int, typer.Option(min=0, max=100_000_000, help="Events that the ledger has before.")
    ] = 10_000,
    seconds: Seconds = 5.0,
    rounds: Rounds = 3,
    generator: Generated = GeneratorName.AUTO,
    rate: PerSecond = 0.0,
    json: OnlyJson = False,
) -> None:
    from benchmarks.setup.webhook_bodies import Mix
    from benchmarks.webhooks import CONNECTIONS, Past, bench_webhooks, bench_webhooks_at_rate

    past = Past(mix=Mix(mix), ledger_events=ledger_events)

    def run(plan: Plan, progress: Progress) -> dict[str, Any]:
        return bench_webhooks(plan, database_url, past, progress)

    def at_rate(rate: Rate, database_url: str | None, progress: Progress) -> dict[str, Any]:
        return bench_webhooks_at_rate(rate, database_url, past, progress)

    if rate:
        _at_rate("webhooks", at_rate, database_url, (rate, rounds, seconds), json)
        return
    _under_load("webhooks", run, database_url, (rounds, seconds, CONNECTIONS), generator, json)


@app.command("check", help=help_texts.CHECK)
def check(
    database_url: DatabaseUrl = None,
    seconds: Seconds = 5.0,
    rounds: Rounds = 3,
    generator: Generated = GeneratorName.AUTO,
    rate: PerSecond = 0.0,
    json: OnlyJson = False,
) -> None:
    from benchmarks.check import CONNECTIONS, bench_check, bench_check_at_rate

    if rate:
        _at_rate("check", bench_check_at_rate, database_url, (rate, rounds, seconds), json)
        return
    size = (rounds, seconds, CONNECTIONS)
    _on_database("check", bench_check, database_url, size, generator, json)


@app.command("gateway", help=help_texts.GATEWAY)
def gateway(
    database_url: DatabaseUrl = None,
    seconds: Seconds = 5.0,
    rounds: Rounds = 3,
    generator: Generated = GeneratorName.AUTO,
    rate: PerSecond = 0.0,
    json: OnlyJson = False,
) -> None:
    from benchmarks.gateway import CONNECTIONS, bench_gateway, bench_gateway_at_rate

    if rate:
        _at_rate("gateway", bench_gateway_at_rate, database_url, (rate, rounds, seconds), json)
        return
    size = (rounds, seconds, CONNECTIONS)
    _on_database("gateway", bench_gateway, database_url, size, generator, json)


@app.command("consents", help=help_texts.CONSENTS)
def consents(
    database_url: DatabaseUrl = None,
    seconds: Seconds = 5.0,
    rounds: Rounds = 3,
    generator: Generated = GeneratorName.AUTO,
    rate: PerSecond = 0.0,
    json: OnlyJson = False,
) -> None:
    from benchmarks.consents import CONNECTIONS, bench_consents, bench_consents_at_rate

    if rate:
        _at_rate("consents", bench_consents_at_rate, database_url, (rate, rounds, seconds), json)
        return
    size = (rounds, seconds, CONNECTIONS)
    _on_database("consents", bench_consents, database_url, size, generator, json)


@app.command("render", help=help_texts.RENDER)
def render(
    database_url: DatabaseUrl = None,
    seconds: Seconds = 5.0,
    rounds: Rounds = 3,
    generator: Generated = GeneratorName.AUTO,
    rate: PerSecond = 0.0,
    json: OnlyJson = False,
) -> None:
    from benchmarks.render import CONNECTIONS, bench_render, bench_render_at_rate

    if rate:
        _at_rate("render", bench_render_at_rate, database_url, (rate, rounds, seconds), json)
        return
    size = (rounds, seconds, CONNECTIONS)
    _on_database("render", bench_render, database_url, size, generator, json)


@app.command("codes", help=help_texts.ONE_TIME_CODES)
def codes(
    database_url: DatabaseUrl = None,
    seconds: Seconds = 5.0,
    rounds: Rounds = 3,
    json: OnlyJson = False,
) -> None:
    from benchmarks.codes import CONNECTIONS, bench_codes

    size = (rounds, seconds, CONNECTIONS)
    _on_database("codes", bench_codes, database_url, size, GeneratorName.ASYNCIO, json)


@app.command("stop", help=help_texts.STOP)
def stop(
    database_url: DatabaseUrl = None,
    seconds: Seconds = 15.0,
    stops_per_second: Annotated[
        float, typer.Option(min=0.1, max=500, help="How many people type STOP in a second.")
    ] = 20.0,
    json: OnlyJson = False,
) -> None:
    from benchmarks.progress import progress
    from benchmarks.setup.machine import describe
    from benchmarks.stop import QUEUES, STEPS, bench_stop

    machine = describe()
    with clear_errors(), progress(STEPS, quiet=json) as shown:
        figures = bench_stop(seconds, stops_per_second, database_url, shown)
    head = {"benchmark": "stop", "backend": "postgres" if database_url else "sqlite"}
    how = {"queues": QUEUES, "stops_per_second": stops_per_second, "seconds": seconds}
    tell_result({**head, **figures, **how, **machine}, json)


@app.command("decide", help=help_texts.DECIDE)
def decide(seconds: Seconds = 2.0, rounds: Rounds = 3, json: OnlyJson = False) -> None:
    from benchmarks.decide import bench_decide
    from benchmarks.progress import progress
    from benchmarks.setup.machine import describe

    machine = describe()
    with progress(rounds + 1, quiet=json) as shown:
        figures = bench_decide(rounds, seconds, shown)
    head = {"benchmark": "decide", "backend": None}
    tell_result({**head, **figures, "rounds": rounds, "seconds": seconds, **machine}, json)


@app.command("media", help=help_texts.MEDIA)
def media(
    files: Annotated[
        int, typer.Option(min=4, max=10_000, help="Files in each of five rounds.")
    ] = 48,
    json: OnlyJson = False,
) -> None:
    from benchmarks.media import STEPS, bench_media
    from benchmarks.progress import progress
    from benchmarks.setup.machine import describe

    machine = describe()
    with clear_errors(), progress(STEPS, quiet=json) as shown:
        figures = bench_media(files, shown)
    tell_result({"benchmark": "media", "backend": "sqlite", **figures, **machine}, json)


@app.command("rules", help=help_texts.RULES_OF_TIME)
def rules(
    database_url: DatabaseUrl = None,
    seconds: Seconds = 2.0,
    rounds: Rounds = 5,
    json: OnlyJson = False,
) -> None:
    from benchmarks.progress import progress
    from benchmarks.rules import bench_rules
    from benchmarks.setup.machine import describe

    machine = describe()
    with clear_errors(), progress(2 * rounds + 1, quiet=json) as shown:
        figures = bench_rules(rounds, seconds, database_url, shown)
    head = {"benchmark": "rules", "backend": "postgres" if database_url else "sqlite"}
    tell_result({**head, **figures, "rounds": rounds, "seconds": seconds, **machine}, json)


@app.command("forwarding", help=help_texts.FORWARDING)
def forwarding(database_url: DatabaseUrl = None, json: OnlyJson = False) -> None:
    from benchmarks.forwarding import STEPS, bench_forwarding
    from benchmarks.progress import progress
    from benchmarks.setup.machine import describe

    machine = describe()
    with progress(STEPS, quiet=json) as shown:
        figures = bench_forwarding(database_url, shown)
    backend = "postgres" if database_url else "sqlite"
    tell_result({"benchmark": "forwarding", "backend": backend, **figures, **machine}, json)


@app.command("holds", help=help_texts.HOLDS)
def holds(json: OnlyJson = False) -> None:
    from benchmarks.holds import STEPS, bench_holds
    from benchmarks.progress import progress
    from benchmarks.setup.machine import describe

    machine = describe()
    with progress(STEPS, quiet=json) as shown:
        figures = bench_holds(shown)
    tell_result({"benchmark": "holds", "backend": "sqlite", **figures, **machine}, json)


@app.command("import", help=help_texts.IMPORT)
def import_(
    rows: Annotated[int, typer.Option(min=1, help="How many rows the file has.")] = 100_000,
    database_url: DatabaseUrl = None,
    json: OnlyJson = False,
) -> None:
    from benchmarks.imports import STEPS, bench_import
    from benchmarks.progress import progress
    from benchmarks.setup.machine import describe

    machine = describe()
    with progress(STEPS, quiet=json) as shown, clear_errors():
        figures = bench_import(rows, database_url, shown)
    told = {"benchmark": "import", "backend": "postgres" if database_url else "sqlite", **figures}
    tell_result({**told, **machine}, json)


@app.command("screen", help=help_texts.SCREEN)
def screen(
    rows: Annotated[int, typer.Option(min=2, help="How many rows the list has.")] = 100_000,
    database_url: DatabaseUrl = None,
    json: OnlyJson = False,
) -> None:
    from benchmarks.progress import progress
    from benchmarks.screens import STEPS, bench_screen
    from benchmarks.setup.machine import describe

    machine = describe()
    with progress(STEPS, quiet=json) as shown, clear_errors():
        figures = bench_screen(rows, database_url, shown)
    told = {"benchmark": "screen", "backend": "postgres" if database_url else "sqlite", **figures}
    tell_result({**told, **machine}, json)


@app.command("export", help=help_texts.EXPORT)
def export(
    rows: Annotated[int, typer.Option(min=1, help="How many people there are.")] = 100_000,
    database_url: DatabaseUrl = None,
    json: OnlyJson = False,
) -> None:
    from benchmarks.exports import STEPS, bench_export
    from benchmarks.progress import progress
    from benchmarks.setup.machine import describe

    machine = describe()
    with progress(STEPS, quiet=json) as shown, clear_errors():
        figures = bench_export(rows, database_url, shown)
    told = {"benchmark": "export", "backend": "postgres" if database_url else "sqlite", **figures}
    tell_result({**told, **machine}, json)


@app.command("stats", help=help_texts.STATS)
def stats(
    events: Annotated[int, typer.Option(min=1, help="How many events are followed.")] = 20_000,
    rounds: Rounds = 30,
    database_url: DatabaseUrl = None,
    json: OnlyJson = False,
) -> None:
    from benchmarks.progress import progress
    from benchmarks.setup.machine import describe
    from benchmarks.stats import STEPS, bench_stats

    machine = describe()
    with progress(STEPS, quiet=json) as shown, clear_errors():
        figures = bench_stats(events, rounds, database_url, shown)
    told = {"benchmark": "stats", "backend": "postgres" if database_url else "sqlite", **figures}
    tell_result({**told, **machine}, json)


@app.command("console", help=help_texts.CONSOLE)
def console(
    contacts: Annotated[int, typer.Option(min=100, help="How many contacts.")] = 100_000,
    copies: Copies = 1,
    decisions: Annotated[
        int, typer.Option(min=1_000, help="How many decisions on sends; whole thousands.")
    ] = 100_000,
    rounds: Rounds = 50,
    database_url: DatabaseUrl = None,
    json: OnlyJson = False,
) -> None:
    from benchmarks.console import STEPS, bench_console
    from benchmarks.progress import progress
    from benchmarks.setup.machine import describe

    machine = describe()
    with progress(STEPS, quiet=json) as shown, clear_errors():
        figures = bench_console(contacts, copies, decisions, rounds, database_url, shown)
    told = {"benchmark": "console", "backend": "postgres" if database_url else "sqlite", **figures}
    tell_result({**told, **machine}, json)


@app.command("opt_out", help=help_texts.OPT_OUT)
def opt_out(
    corpus: Annotated[
        Path | None,
        typer.Option(help="A folder of {language}.jsonl.", exists=True, file_okay=False),
    ] = None,
    rounds: Rounds = 3,
    json: OnlyJson = False,
) -> None:
    from benchmarks.opt_out import bench_opt_out
    from benchmarks.progress import progress
    from benchmarks.setup.machine import describe

    machine = describe()
    with progress(rounds + 2, quiet=json) as shown:
        figures = bench_opt_out(corpus, rounds, shown)
    head = {"benchmark": "opt_out", "backend": None}
    tell_result({**head, **figures, "rounds": rounds, **machine}, json)


@app.command("bare", hidden=True, help=help_texts.BARE)
def bare(
    what: Annotated[BareApp, typer.Argument()],
    fd: Annotated[int, typer.Option(help="Take over a listening socket.")],
) -> None:
    import uvloop

    from askfirst.bootstrap.observability.logging import configure_logging
    from askfirst.bootstrap.settings import LogFormat, LogLevel
    from askfirst.web.asgi import App
    from benchmarks.bare import Phones, answer_like_meta, hello, serve_bare

    configure_logging(LogLevel.ERROR, LogFormat.JSON)
    served: dict[BareApp, App] = {
        BareApp.HELLO: hello,
        BareApp.META: answer_like_meta,
        BareApp.CODES: Phones(),
    }
    uvloop.run(serve_bare(served[what], socket.socket(fileno=fd)))


def _on_database(
    name: str,
    bench: Callable[[Plan, str | None, Progress], dict[str, Any]],
    database_url: str | None,
    size: tuple[int, float, int],
    generator: GeneratorName,
    json: bool,
) -> None:
    """Run one benchmark that is told of nothing but the plan and the database."""

    def run(plan: Plan, progress: Progress) -> dict[str, Any]:
        return bench(plan, database_url, progress)

    _under_load(name, run, database_url, size, generator, json)


def _at_rate(
    name: str,
    bench: Callable[[Rate, str | None, Progress], dict[str, Any]],
    database_url: str | None,
    size: tuple[float, int, float],
    json: bool,
) -> None:
    """Run one benchmark in an open loop and report it."""
    from benchmarks.at_rate import CONNECTIONS, Rate
    from benchmarks.progress import progress
    from benchmarks.setup.machine import describe

    per_second, rounds, seconds = size
    machine = describe()
    with clear_errors(), progress(rounds + 2, quiet=json) as shown:
        rate = Rate(per_second=per_second, rounds=rounds, seconds=seconds)
        figures = bench(rate, database_url, shown)
    head = {"benchmark": name, "backend": "postgres" if database_url else "sqlite"}
    how = {"loop": "open", "rate": per_second, "connections": CONNECTIONS}
    tell_result({**head, **figures, **how, "rounds": rounds, "seconds": seconds, **machine}, json)


def _under_load(
    name: str,
    run: Callable[[Plan, Progress], dict[str, Any]],
    database_url: str | None,
    size: tuple[int, float, int],
    generator: GeneratorName,
    json: bool,
) -> None:
    """Run one benchmark and report it."""
    from benchmarks.generators.load import find_generator
    from benchmarks.measure import Plan
    from benchmarks.progress import progress
    from benchmarks.setup.machine import describe

    rounds, seconds, connections = size
    machine = describe()
    with clear_errors(), progress(2 * rounds + _STEPS_BESIDE_ROUNDS, quiet=json) as shown:
        found = find_generator(generator)
        plan = Plan(rounds=rounds, seconds=seconds, connections=connections, generator=found)
        figures = run(plan, shown)
    head = {"benchmark": name, "backend": "postgres" if database_url else "sqlite"}
    how = {
        "generator": found.name,
        "connections": connections,
        "rounds": rounds,
        "seconds": seconds,
    }
    tell_result({**head, **figures, **how, **machine}, json)
