"""`askfirst screen`: which people of a list may be written to now, and why not the others."""

from __future__ import annotations

import time
from collections.abc import Generator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Final

import typer

from askfirst.cli.admin_command import converse, perform
from askfirst.cli.bulk.list_files import check_readable, digest_of, pieces_of, read_column
from askfirst.cli.options import AsJson, Business, DatabaseUrl
from askfirst.cli.output import (
    EXIT_CODES,
    Exit,
    clear_errors,
    note,
    paragraphs,
    print_json,
    print_table,
    progress_bar,
    tell,
    tell_table,
)

if TYPE_CHECKING:
    from askfirst.domain.bulk.screen_job import ScreenSettings
    from askfirst.web.admin.admin_commands import AnyAdminCommand

SCREEN = paragraphs("""
Screen a list before a campaign: which of its people may be written to now, and why not the others.
CSV, JSON lines, a workbook (.xlsx) or Parquet. All rows are answered at one ledger position, by the
rules that every message passes, and summed up by reason. With --out, the rows of each answer are
written to a file of their own.

No answer is a permit: the gate decides again on each message, when it is sent.

Example: askfirst screen list.csv --purpose marketing.offers --out screened

Exit codes: 0 done, 1 the list cannot be read as it is, 2 wrong usage, 3 the database or server is
not available.
""")
LIST = paragraphs(f"""
List the lists that were screened, the newest first. They are forgotten after a week.

Example: askfirst screens list

{EXIT_CODES}
""")
DELETE = paragraphs(f"""
Forget a screening with its list and the rows of its answers; one that is at work ends.

Example: askfirst screens delete scr_01KGA2V8M0Q3R5T7W9Y1B3D5F7

{EXIT_CODES}
""")
_POLL_SECONDS: Final = 0.3


def build_app() -> typer.Typer:
    app = typer.Typer(help="Lists that were screened.", no_args_is_help=True)
    app.command("list", help=LIST)(list_screens)
    app.command("delete", help=DELETE)(delete_screen)
    return app


def screen_file(
    path: Annotated[Path, typer.Argument(metavar="FILE", help="The list.", show_default=False)],
    *,
    purpose: Annotated[str, typer.Option(help="What messages are for: marketing.offers.")] = "",
    template: Annotated[str, typer.Option(help="Or the name of a template.")] = "",
    language: Annotated[str, typer.Option(help="The language of the template.")] = "",
    sender: Annotated[
        str, typer.Option(help="Meta's phone number id of the sender. Default: your only one.")
    ] = "",
    column: Annotated[
        list[str] | None,
        typer.Option(help='What a column holds: "Mobile no.=phone".', show_default=False),
    ] = None,
    country: Annotated[str, typer.Option(help="Where numbers without a code are dialled.")] = "",
    sheet: Annotated[str, typer.Option(help="The sheet of the workbook.")] = "",
    out: Annotated[
        Path | None,
        typer.Option(
            metavar="FOLDER", help="Write the rows of each answer here.", show_default=False
        ),
    ] = None,
    business: Business = "",
    database_url: DatabaseUrl = None,
    json: AsJson = False,
) -> None:
    from askfirst.domain.bulk.screen_job import ScreenSettings
    from askfirst.domain.values.ids import parse_node_id
    from askfirst.web.admin.bulk.screens import BeginScreen

    with clear_errors():
        settings = ScreenSettings(
            sender=parse_node_id(sender, "sender") if sender else "",
            purpose=purpose,
            template=template,
            language=language,
            country=country.upper(),
            sheet=sheet,
            columns=tuple(map(read_column, column or ())),
        )
        check_readable(path)
        digest = digest_of(path)
    if out:
        out.mkdir(mode=0o700, parents=True, exist_ok=True)
    talk = _Screen(path, settings, business, digest, out, json=json)
    converse(talk, BeginScreen(business=business, settings=settings), database_url)
    raise typer.Exit(talk.exit)


class _Screen:
    """The conversation: the list goes over, and what came of it comes back."""

    def __init__(
        self,
        path: Path,
        settings: ScreenSettings,
        business: str,
        digest: str,
        out: Path | None,
        *,
        json: bool,
    ) -> None:
        self._path, self._settings, self._business = path, settings, business
        self._digest, self._out, self._json = digest, out, json
        self.exit = int(Exit.NO)

    def __call__(self, *, served: bool) -> Generator[AnyAdminCommand, dict[str, Any], None]:
        from askfirst.web.admin.bulk.screens import BeginScreen, EndScreenFile, PutScreenFile

        job = yield BeginScreen(business=self._business, settings=self._settings)
        size = parts = 0
        for piece in pieces_of(self._path):
            yield PutScreenFile(business=self._business, id=job["id"], part=parts, content=piece)
            size, parts = size + len(piece), parts + 1
        job = yield EndScreenFile(
            business=self._business, id=job["id"], digest=self._digest, size=size, parts=parts
        )
        job = yield from self._wait(job, served=served)
        if job["state"] == "done":
            self.exit = int(Exit.OK)
            yield from self._write_rows(job)
        self._tell(job)

    def _wait(
        self, job: dict[str, Any], *, served: bool
    ) -> Generator[AnyAdminCommand, dict[str, Any], dict[str, Any]]:
        from askfirst.web.admin.bulk.screens import ShowScreen

        with progress_bar(quiet=self._json) as progress:
            while job["state"] == "screening":
                job = yield ShowScreen(business=self._business, id=job["id"], works=not served)
                progress(job["rows"], max(job["rows"], 1))
                if served:
                    time.sleep(_POLL_SECONDS)
        return job

    def _write_rows(
        self, job: Mapping[str, Any]
    ) -> Generator[AnyAdminCommand, dict[str, Any], None]:
        from askfirst.web.admin.bulk.screens import ReadScreenRows

        if self._out is None:
            return
        for one in job["answers"]:
            path = self._out / f"{one['verdict']}-{one['reason']}.csv"
            path.touch(mode=0o600)
            with path.open("w", encoding="utf-8", newline="") as file:
                part, parts = 0, 1
                while part < parts:
                    found = yield ReadScreenRows(
                        business=self._business,
                        id=job["id"],
                        verdict=one["verdict"],
                        reason=one["reason"],
                        part=part,
                    )
                    file.write(found["csv"])
                    part, parts = part + 1, found["of"]

    def _tell(self, job: Mapping[str, Any]) -> None:
        if self._json:
            print_json(job)
        elif job["state"] == "unreadable":
            note(f"the list cannot be read: {job['problem']}")
        else:
            print_answers(job)
            if self._out:
                note(f"the rows of each answer are in {self._out}")


def print_answers(job: Mapping[str, Any]) -> None:
    """Say how many rows have which answer, and what that rests on."""
    rows = [
        (one["verdict"], one["reason"], str(one["rows"]), f"{one['percent']:.1f} %")
        for one in job["answers"]
    ]
    print_table(("verdict", "reason", "rows", "part"), rows)
    where = f"ledger position {job['position']}, at {job['decided_at']}, policy {job['policy']}"
    typer.echo(f"{job['rows']} rows, all at {where}")
    typer.echo(job["note"])


def list_screens(
    *,
    after: Annotated[str, typer.Option(help="Only screenings behind this id.")] = "",
    limit: Annotated[int, typer.Option(min=1, max=1000, help="How many at most.")] = 100,
    business: Business = "",
    database_url: DatabaseUrl = None,
    json: AsJson = False,
) -> None:
    from askfirst.web.admin.bulk.screens import ListScreens

    answer = perform(ListScreens(business=business, after=after, limit=limit), database_url)
    rows = [
        (one["id"], one["state"], one["purpose"] or one["template"], str(one["rows"]))
        for one in answer["screens"]
    ]
    tell_table(answer, ("id", "state", "about", "rows"), rows, json=json)
    if not rows and not json:
        note("No list was screened. Begin with: askfirst screen list.csv --purpose marketing")


def delete_screen(
    *,
    screen_id: Annotated[str, typer.Argument(metavar="ID", help="As askfirst screens list shows.")],
    business: Business = "",
    database_url: DatabaseUrl = None,
    json: AsJson = False,
) -> None:
    from askfirst.web.admin.bulk.screens import ForgetScreen

    answer = perform(ForgetScreen(business=business, id=screen_id), database_url)
    tell(answer, f"{screen_id} is forgotten", json=json)
