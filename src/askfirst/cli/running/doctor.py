"""`askfirst doctor`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Annotated, Any

import typer

from askfirst.cli.admin_command import perform
from askfirst.cli.options import AsJson, DatabaseUrl
from askfirst.cli.output import Exit, paragraphs, tell

HELP = paragraphs("""
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
    tell(answer, *(line for finding in findings for line in _lines(finding)), json=json)
    raise typer.Exit(_exit_code(findings, strict=strict))


def _lines(finding: Mapping[str, Any]) -> Iterator[str]:
    severity = finding["severity"]
    mark = typer.style(f"{severity:<8}", bold=True, fg=_COLOURS[severity])
    yield f"{mark} {finding['check']}: {finding['summary']}"
    if finding["remedy"]:
        yield f"{'':<8} {finding['remedy']}"


def _exit_code(findings: Sequence[Mapping[str, Any]], *, strict: bool) -> Exit:
    bad = {"problem", "warning"} if strict else {"problem"}
    return Exit.NO if any(finding["severity"] in bad for finding in findings) else Exit.OK
