"""`python -m benchmarks`: one command a hot path; each ends with one line of JSON."""

from __future__ import annotations

import json
import socket
from collections.abc import Callable
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from askfirst.cli.output import Exit, clear_errors, fail, paragraphs

if TYPE_CHECKING:
    from benchmarks.measure import Plan
    from benchmarks.progress import Progress

_RULES = """Runs against a server of its own with a database that is thrown away, beside a baseline
that is measured in the same run, in turns. Shared machines lie about speed: the ratio and the
processor time a request are what counts."""
_CODES = """Exit codes: 0 measured, 1 a request was not answered well or not acted on, 2 wrong
usage, 3 the database or server is not available."""

_WEBHOOKS = paragraphs(f"""Webhooks in: signed, unique, durable, every one acted on.

{_RULES}

Example: python -m benchmarks webhooks --mix real --ledger-events 1000000

{_CODES}
""")
_CHECK = paragraphs(f"""POST /v1/check, for 10,000 known contacts of whom half said yes.

{_RULES}

Example: python -m benchmarks check --database-url postgresql://me@localhost/scratch

{_CODES}
""")
_GATEWAY = paragraphs(f"""Template sends through the whole gate, with the decision written down.

{_RULES}

The baseline is a plain proxy (nginx) to the same upstream, where nginx is installed.

Example: python -m benchmarks gateway --seconds 10

{_CODES}
""")
_ONE_TIME_CODES = paragraphs(f"""One-time codes: asked for, sent by WhatsApp through the whole gate,
typed in, approved, each for a number of its own. Such a pair counts as one request.

{_RULES}

Example: python -m benchmarks codes --database-url postgresql://me@localhost/scratch

{_CODES}
""")
_DECIDE = paragraphs(f"""The decision alone: microseconds for one, over varied facts, in this
process.

Example: python -m benchmarks decide

{_CODES}
""")
_HOLDS = paragraphs(f"""For how long one delivery of Meta's holds the loop: 100 hostile texts of
4,096 characters, 1,000 updates of each kind. Milliseconds of processor time, in this process, on a
SQLite file that is thrown away.

Example: python -m benchmarks holds

{_CODES}
""")
_OPT_OUT = paragraphs(f"""How well stops are understood, on a corpus that you name, and how long a
message takes: the median of the corpus, and hostile texts of 4,096 characters. Percentages by
language: recall of stops, right scope among those, stops read where there are none, and what is
left to a person that should be. In this process; texts of the corpus are never shown. A hostile
text that takes more than a millisecond is a failure; a busy machine may cause one.

Example: python -m benchmarks opt_out --corpus tests/corpora/opt_out/frozen

{_CODES}
""")
_BARE = paragraphs("""A server that does nothing; the benchmarks start it.

Example: python -m benchmarks bare hello --fd 3

Exit codes: 0 ended, 2 wrong usage.
""")
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
Seconds = Annotated[float, typer.Option(min=0.1, max=300, help="How long a round lasts.")]
Rounds = Annotated[int, typer.Option(min=1, max=100, help="How many rounds.")]
OnlyJson = Annotated[bool, typer.Option("--json", help="Print the line of JSON, nothing else.")]
Generated = Annotated[
    GeneratorName, typer.Option(help="The load generator: wrk where installed, or our own.")
]

app = typer.Typer(
    help="Measure the hot paths on this machine.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    add_completion=False,
)


@app.command("webhooks", help=_WEBHOOKS)
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
    json: OnlyJson = False,
) -> None:
    from benchmarks.setup.webhook_bodies import Mix
    from benchmarks.webhooks import CONNECTIONS, bench_webhooks

    def run(plan: Plan, progress: Progress) -> dict[str, Any]:
        return bench_webhooks(plan, database_url, Mix(mix), ledger_events, progress)

    _under_load("webhooks", run, database_url, (rounds, seconds, CONNECTIONS), generator, json)


@app.command("check", help=_CHECK)
def check(
    database_url: DatabaseUrl = None,
    seconds: Seconds = 5.0,
    rounds: Rounds = 3,
    generator: Generated = GeneratorName.AUTO,
    json: OnlyJson = False,
) -> None:
    from benchmarks.check import CONNECTIONS, bench_check

    def run(plan: Plan, progress: Progress) -> dict[str, Any]:
        return bench_check(plan, database_url, progress)

    _under_load("check", run, database_url, (rounds, seconds, CONNECTIONS), generator, json)


@app.command("gateway", help=_GATEWAY)
def gateway(
    database_url: DatabaseUrl = None,
    seconds: Seconds = 5.0,
    rounds: Rounds = 3,
    generator: Generated = GeneratorName.AUTO,
    json: OnlyJson = False,
) -> None:
    from benchmarks.gateway import CONNECTIONS, bench_gateway

    def run(plan: Plan, progress: Progress) -> dict[str, Any]:
        return bench_gateway(plan, database_url, progress)

    _under_load("gateway", run, database_url, (rounds, seconds, CONNECTIONS), generator, json)


@app.command("codes", help=_ONE_TIME_CODES)
def codes(
    database_url: DatabaseUrl = None,
    seconds: Seconds = 5.0,
    rounds: Rounds = 3,
    json: OnlyJson = False,
) -> None:
    from benchmarks.codes import CONNECTIONS, bench_codes

    def run(plan: Plan, progress: Progress) -> dict[str, Any]:
        return bench_codes(plan, database_url, progress)

    size = (rounds, seconds, CONNECTIONS)
    _under_load("codes", run, database_url, size, GeneratorName.ASYNCIO, json)


@app.command("decide", help=_DECIDE)
def decide(seconds: Seconds = 2.0, rounds: Rounds = 3, json: OnlyJson = False) -> None:
    from benchmarks.decide import bench_decide
    from benchmarks.progress import progress
    from benchmarks.setup.machine import describe

    machine = describe()
    with progress(rounds + 1, quiet=json) as shown:
        figures = bench_decide(rounds, seconds, shown)
    head = {"benchmark": "decide", "backend": None}
    _end({**head, **figures, "rounds": rounds, "seconds": seconds, **machine}, json)


@app.command("holds", help=_HOLDS)
def holds(json: OnlyJson = False) -> None:
    from benchmarks.holds import STEPS, bench_holds
    from benchmarks.progress import progress
    from benchmarks.setup.machine import describe

    machine = describe()
    with progress(STEPS, quiet=json) as shown:
        figures = bench_holds(shown)
    _end({"benchmark": "holds", "backend": "sqlite", **figures, **machine}, json)


@app.command("opt_out", help=_OPT_OUT)
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
    _end({**head, **figures, "rounds": rounds, **machine}, json)


@app.command("bare", hidden=True, help=_BARE)
def bare(
    what: Annotated[BareApp, typer.Argument()],
    fd: Annotated[int, typer.Option(help="Take over a listening socket.")],
) -> None:
    import uvloop

    from askfirst.bootstrap.logging import configure_logging
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
    _end({**head, **figures, **how, **machine}, json)


def _end(result: dict[str, Any], quiet: bool) -> None:
    """Print what matters to people, then the line for machines; bad answers are a failure."""
    if not quiet:
        for name, value in result.items():
            shown = json.dumps(value, ensure_ascii=False) if isinstance(value, dict) else value
            typer.echo(f"  {name.replace('_', ' '):<30} {shown}")
    typer.echo(json.dumps(result, ensure_ascii=False))
    if not result["verified"] or result.get("errors"):
        fail("not every request was answered well and acted on", Exit.NO)
