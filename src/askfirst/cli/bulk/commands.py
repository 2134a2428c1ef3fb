"""`askfirst import`: send a file, look at what it would do, confirm that, keep the report."""

from __future__ import annotations

import time
from collections.abc import Generator, Mapping, Sequence
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Final

import typer

from askfirst.cli.admin_command import converse
from askfirst.cli.bulk.list_files import check_readable, digest_of, pieces_of, read_column
from askfirst.cli.options import AsJson, Business, DatabaseUrl
from askfirst.cli.output import (
    Exit,
    clear_errors,
    note,
    paragraphs,
    print_json,
    print_table,
    progress_bar,
)

if TYPE_CHECKING:
    from askfirst.domain.bulk.import_settings import ImportSettings
    from askfirst.web.admin.admin_commands import AnyAdminCommand

IMPORT = paragraphs("""
Import a list of people with their answers from another system: CSV, JSON lines, a workbook (.xlsx)
or Parquet. First it tells what it would do, by outcome and line; nothing is recorded until you
confirm that.

A yes of a file is asserted, unless its row brings proof: the words, the time, how, and who took it
down. No row lifts a no, and an empty cell says nothing. Killed in the middle, the same command goes
on; the same file again changes nothing. What the file leaves open is asked once.

With --suppression each row is a no: a list of people who opted out.

Example: askfirst import contacts.csv --purpose marketing --report report.csv

Exit codes: 0 done, 1 something is to be answered or confirmed, or rows were refused, 2 wrong usage,
3 the database or server is not available: what was recorded before is in force.
""")
_POLL_SECONDS: Final = 0.3
_OPTIONS: Final = {
    "sheet": "--sheet NAME",
    "columns": '--column "NAME=HOLDS", once for each column',
    "phone": '--column "NAME=phone"',
    "state": '--column "NAME=state", or --everybody yes, or --everybody no',
    "channel": "--only VALUE, once for each that is about WhatsApp",
    "date_order": "--date-order day-first, month-first or unsure",
    "time_zone": "--time-zone NAME, such as Europe/London",
}
_WORDS: Final = {
    "yes": "yes, asserted",
    "yes_with_proof": "yes, with proof",
    "stop": "stop",
    "skipped": "skipped",
    "refused": "refused",
}
_CHOICES_MAX: Final = 12


class Everybody(StrEnum):
    """Whether all said yes."""

    YES = "yes"
    NO = "no"


class Order(StrEnum):
    """What 03/04/2025 means."""

    DAY_FIRST = "day-first"
    MONTH_FIRST = "month-first"
    UNSURE = "unsure"


def import_file(
    path: Annotated[Path, typer.Argument(metavar="FILE", help="The file.", show_default=False)],
    *,
    purpose: Annotated[str, typer.Option(help="What a yes is for, such as marketing.offers.")] = "",
    suppression: Annotated[
        bool, typer.Option("--suppression", help="Each row is a no; without --purpose, to all.")
    ] = False,
    column: Annotated[
        list[str] | None,
        typer.Option(help='What a column holds: "SMS consent=state".', show_default=False),
    ] = None,
    only: Annotated[
        list[str] | None,
        typer.Option(help="A value of the channel column that means WhatsApp.", show_default=False),
    ] = None,
    everybody: Annotated[
        Everybody | None,
        typer.Option(help="No column of answers: whether all said yes.", show_default=False),
    ] = None,
    country: Annotated[str, typer.Option(help="Where numbers without a code are dialled.")] = "",
    time_zone: Annotated[str, typer.Option(help="The zone of times that have none.")] = "",
    date_order: Annotated[
        Order | None, typer.Option(help="What 03/04/2025 means.", show_default=False)
    ] = None,
    sheet: Annotated[str, typer.Option(help="The sheet of the workbook.")] = "",
    preset: Annotated[str, typer.Option(help="The product that wrote the file.")] = "",
    confirm: Annotated[
        str, typer.Option(metavar="HASH", help="The hash of the preview that you reviewed.")
    ] = "",
    report: Annotated[
        Path | None,
        typer.Option(help="Write what became of each row to this file.", show_default=False),
    ] = None,
    business: Business = "",
    database_url: DatabaseUrl = None,
    json: AsJson = False,
) -> None:
    from askfirst.domain.bulk.import_settings import DateOrder, ImportMode, ImportSettings
    from askfirst.web.admin.bulk.commands import FindImport

    with clear_errors():
        settings = ImportSettings(
            mode=ImportMode.SUPPRESSION if suppression else ImportMode.CONTACTS,
            purpose=purpose,
            preset=preset,
            sheet=sheet,
            country=country.upper(),
            time_zone=time_zone,
            date_order=DateOrder(date_order.value.replace("-", "_")) if date_order else None,
            everybody=None if everybody is None else everybody is Everybody.YES,
            columns=tuple(map(read_column, column or ())),
            only=tuple(only or ()),
        )
        _check(path, report)
        digest = digest_of(path)
    talk = _Import(path, settings, business, digest, confirm, report, json=json)
    converse(talk, FindImport(business=business, digest=digest, purpose=purpose), database_url)
    raise typer.Exit(talk.exit)


class _Import:
    """The conversation: what is said next follows from what was answered."""

    def __init__(
        self,
        path: Path,
        settings: ImportSettings,
        business: str,
        digest: str,
        confirm: str,
        report: Path | None,
        *,
        json: bool,
    ) -> None:
        self._path, self._settings, self._business = path, settings, business
        self._digest, self._confirm, self._report, self._json = digest, confirm, report, json
        self.exit = int(Exit.NO)

    def __call__(self, *, served: bool) -> Generator[AnyAdminCommand, dict[str, Any], None]:
        from askfirst.web.admin.bulk.commands import ConfirmImport, FindImport

        purpose = self._settings.purpose
        job = yield FindImport(business=self._business, digest=self._digest, purpose=purpose)
        if job["id"]:
            note("this file is being imported already: going on with that")
        else:
            job = yield from self._prepare(served=served)
            if job["state"] != "ready" or not self._is_confirmed(job):
                return
            job = yield ConfirmImport(
                business=self._business, id=job["id"], hash=job["preview"]["hash"]
            )
        job = yield from self._wait(job["id"], ("running",), served=served)
        yield from self._write_report(job)
        if self._json:
            print_json(job)
        else:
            print_summary(job["summary"])
        is_clean = not any(one["outcome"] == "refused" for one in job["summary"]["counts"])
        self.exit = int(Exit.OK if is_clean else Exit.NO)

    def _prepare(
        self, *, served: bool
    ) -> Generator[AnyAdminCommand, dict[str, Any], dict[str, Any]]:
        from askfirst.web.admin.bulk.commands import BeginImport, EndImportFile, PutImportFile

        job = yield BeginImport(business=self._business, settings=self._settings)
        size = parts = 0
        for piece in pieces_of(self._path):
            yield PutImportFile(business=self._business, id=job["id"], part=parts, content=piece)
            size, parts = size + len(piece), parts + 1
        yield EndImportFile(
            business=self._business, id=job["id"], digest=self._digest, size=size, parts=parts
        )
        job = yield from self._wait(job["id"], ("preparing",), served=served)
        if self._json and not (job["state"] == "ready" and self._confirm):
            print_json(job)
        elif not self._json:
            self._tell(job)
        return job

    def _tell(self, job: Mapping[str, Any]) -> None:
        if job["state"] == "unreadable":
            note(f"the file cannot be read: {job['problem']}")
        elif job["state"] == "asking":
            print_questions(job["questions"])
        else:
            print_preview(job["preview"])

    def _is_confirmed(self, job: Mapping[str, Any]) -> bool:
        found = job["preview"]["hash"]
        if self._confirm:
            if self._confirm != found:
                note("this is not the hash of the preview above: nothing was recorded")
            return bool(self._confirm == found)
        if not self._json and _is_terminal():
            return typer.confirm("Record this?", default=False)
        if not self._json:
            note(f"nothing is recorded yet; to record it, add --confirm {found}")
        return False

    def _wait(
        self, import_id: str, states: tuple[str, ...], *, served: bool
    ) -> Generator[AnyAdminCommand, dict[str, Any], dict[str, Any]]:
        """Look until it is done with that; where no server does the work, do it on the way."""
        from askfirst.web.admin.bulk.commands import ShowImport

        with progress_bar(quiet=self._json) as progress:
            while True:
                job = yield ShowImport(business=self._business, id=import_id, works=not served)
                if job["state"] not in states:
                    return job
                progress(_rows_done(job), job["rows"])
                if served:
                    time.sleep(_POLL_SECONDS)

    def _write_report(
        self, job: Mapping[str, Any]
    ) -> Generator[AnyAdminCommand, dict[str, Any], None]:
        from askfirst.web.admin.bulk.commands import ReadReport

        if self._report is None:
            return
        with self._report.open("w", encoding="utf-8", newline="") as file:
            part, parts = 0, 1
            while part < parts:
                found = yield ReadReport(business=self._business, id=job["id"], part=part)
                file.write(found["csv"])
                part, parts = part + 1, found["of"]


def _rows_done(job: Mapping[str, Any]) -> int:
    done, parts = job["progress"]["done"], job["progress"]["parts"]
    return int(job["rows"] * done / parts) if parts else 0


def _check(path: Path, report: Path | None) -> None:
    """Look before anything is sent; the report is its owner's alone."""
    from askfirst.domain.values.errors import InvalidInput

    check_readable(path)
    try:
        if report:
            report.touch(mode=0o600)
            report.open("a").close()
    except OSError as error:
        raise InvalidInput("report", f"{report} cannot be written: {error.strerror}") from error


def _is_terminal() -> bool:
    import sys

    return sys.stdin.isatty() and sys.stdout.isatty()


def print_questions(questions: Sequence[Mapping[str, Any]]) -> None:
    """Say what has to be answered, and by which option."""
    for one in questions:
        typer.echo(f"To be answered: {one['about']}")
        for choice in one["choices"][:_CHOICES_MAX]:
            typer.echo(f"  {choice}")
        typer.echo(f"Answer with {_OPTIONS[one['code']]}")
    note("nothing is recorded; run the same command with the answers")


def print_preview(preview: Mapping[str, Any]) -> None:
    """Say how the file was read and what would become of its rows."""
    read = ", ".join(f"{one['name']} is {one['holds']}" for one in preview["columns"])
    how = " ".join(filter(None, (preview["format"], preview["encoding"], preview["preset"])))
    typer.echo(f"Read as {how}: {read}")
    zone = f"Numbers of {preview['country'] or 'no country'}, times of {preview['time_zone']}"
    typer.echo(zone + (f", {preview['date_order']}" if preview["date_order"] else ""))
    if preview["other_sheets"]:
        typer.echo(f"Not read: {', '.join(preview['other_sheets'])}")
    print_summary(preview["would"])


def print_summary(summary: Mapping[str, Any]) -> None:
    """Say what becomes of the rows: first what somebody has to look at."""
    lost = summary["opt_outs_lost"]
    if lost["rows"]:
        typer.echo(f"{lost['rows']} opt-outs cannot be read: look at lines {_lines(lost)}")
    rows = [
        (_WORDS[one["outcome"]], one["reason"] or "", str(one["rows"]), _lines(one))
        for one in summary["counts"]
    ]
    print_table(("outcome", "why", "rows", "first lines"), rows)
    if summary["repaired"]:
        repaired = ", ".join(f"{kind} {rows}" for kind, rows in summary["repaired"].items())
        typer.echo(f"Repaired: {repaired}")
    if summary["proofs_without_whatsapp"]:
        count = summary["proofs_without_whatsapp"]
        typer.echo(f"The words of {count} proofs do not name WhatsApp")
    again = summary["re_permission"]
    typer.echo(
        f"{summary['rows']} rows. To ask again: {again['asserted']} who are only asserted, "
        f"{again['said_no']} who said no before"
    )


def _lines(one: Mapping[str, Any]) -> str:
    shown = ", ".join(map(str, one["lines"]))
    return shown + (" …" if one["rows"] > len(one["lines"]) else "")
