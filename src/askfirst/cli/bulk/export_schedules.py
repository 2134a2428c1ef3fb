"""`askfirst exports`: exports that the server writes again and again."""

from __future__ import annotations

from typing import Annotated, Final

import typer

from askfirst.cli.admin_command import perform
from askfirst.cli.options import AsJson, Business, DatabaseUrl
from askfirst.cli.output import EXIT_CODES, clear_errors, note, paragraphs, tell, tell_table

SCHEDULE: Final = paragraphs(f"""
Have the server write an export now, and again every so many hours: contacts, suppressions,
decisions or ledger. Of ledger and decisions each file has what is new since the one before.

The destination is a name that ASKFIRST_EXPORT_DESTINATIONS of the server gives a folder or bucket.
A file has its name only when it is whole. One that fails is tried again; askfirst doctor tells.

Example: askfirst exports schedule ledger --to warehouse --every 24 --format parquet

{EXIT_CODES}
""")
LIST: Final = paragraphs(f"""
List the exports that are scheduled, when each is due, and how the last one went.

Example: askfirst exports list

{EXIT_CODES}
""")
CHANGE: Final = paragraphs(f"""
Change how, how often or where to. A file that is being written is begun anew; at another
destination, files of the ledger and decisions go on where the last one ended.

Example: askfirst exports change exs_01KGA2V8M0Q3R5T7W9Y1B3D5F7 --every 6

{EXIT_CODES}
""")
PAUSE: Final = paragraphs(f"""
Write nothing of a schedule until it is resumed. A file that is being written is given up.

Example: askfirst exports pause exs_01KGA2V8M0Q3R5T7W9Y1B3D5F7

{EXIT_CODES}
""")
RESUME: Final = paragraphs(f"""
Go on with a schedule that was paused: one export makes up for the turns that were missed.

Example: askfirst exports resume exs_01KGA2V8M0Q3R5T7W9Y1B3D5F7

{EXIT_CODES}
""")
RUN: Final = paragraphs(f"""
Have the server write an export at once. Its turns stay as they are.

Example: askfirst exports run exs_01KGA2V8M0Q3R5T7W9Y1B3D5F7

{EXIT_CODES}
""")
REMOVE: Final = paragraphs(f"""
End a schedule. The files that it wrote stay where they are.

Example: askfirst exports remove exs_01KGA2V8M0Q3R5T7W9Y1B3D5F7

{EXIT_CODES}
""")
_COLUMNS: Final = ("id", "kind", "to", "every", "next", "last", "file")


ScheduleId = Annotated[str, typer.Argument(metavar="ID", help="As askfirst exports list shows.")]


def build_app() -> typer.Typer:
    app = typer.Typer(help="Exports that are written on a schedule.", no_args_is_help=True)
    app.command("schedule", help=SCHEDULE)(schedule)
    app.command("list", help=LIST)(list_schedules)
    app.command("change", help=CHANGE)(change)
    app.command("pause", help=PAUSE)(pause)
    app.command("resume", help=RESUME)(resume)
    app.command("run", help=RUN)(run)
    app.command("remove", help=REMOVE)(remove)
    return app


def schedule(
    kind: Annotated[
        str,
        typer.Argument(metavar="KIND", help="contacts, suppressions, decisions or ledger."),
    ],
    *,
    to: Annotated[str, typer.Option(help="The name of the destination.", show_default=False)],
    every: Annotated[int, typer.Option(min=1, max=744, help="Every so many hours.")] = 24,
    file_format: Annotated[
        str, typer.Option("--format", help="jsonl, or parquet (needs polars).")
    ] = "jsonl",
    numbers: Annotated[
        bool, typer.Option("--numbers", help="With people's numbers and ids.")
    ] = False,
    business: Business = "",
    database_url: DatabaseUrl = None,
    json: AsJson = False,
) -> None:
    from askfirst.domain.bulk.export import export_kind_of, file_format_of
    from askfirst.web.admin.bulk.schedules import ScheduleExport

    with clear_errors():
        command = ScheduleExport(
            business=business,
            kind=export_kind_of(kind),
            format=file_format_of(file_format),
            every_hours=every,
            destination=to,
            with_numbers=numbers,
        )
    answer = perform(command, database_url)
    told = f"{answer['id']}: {answer['kind']} to {answer['destination']} every {every} hours"
    tell(answer, told, json=json)


def list_schedules(
    *, business: Business = "", database_url: DatabaseUrl = None, json: AsJson = False
) -> None:
    from askfirst.web.admin.bulk.schedules import ListSchedules

    answer = perform(ListSchedules(business=business), database_url)
    rows = [
        (
            one["id"],
            one["kind"],
            one["destination"],
            f"{one['every_hours']} h",
            "paused" if one["paused"] else one["next_at"],
            " ".join(filter(None, (one["outcome"], one["reason"]))),
            one["file"] or "",
        )
        for one in answer["schedules"]
    ]
    tell_table(answer, _COLUMNS, rows, json=json)
    if not rows and not json:
        note("Nothing is scheduled. Begin with: askfirst exports schedule ledger --to NAME")


def change(
    *,
    schedule_id: ScheduleId,
    to: Annotated[str | None, typer.Option(help="The name of the destination.")] = None,
    every: Annotated[int | None, typer.Option(min=1, max=744, help="Every so many hours.")] = None,
    file_format: Annotated[
        str | None, typer.Option("--format", help="jsonl, or parquet (needs polars).")
    ] = None,
    numbers: Annotated[
        bool | None,
        typer.Option("--numbers/--no-numbers", help="With people's numbers and ids, or without."),
    ] = None,
    business: Business = "",
    database_url: DatabaseUrl = None,
    json: AsJson = False,
) -> None:
    from askfirst.domain.bulk.export import file_format_of
    from askfirst.web.admin.bulk.schedules import ChangeSchedule

    with clear_errors():
        command = ChangeSchedule(
            business=business,
            id=schedule_id,
            format=None if file_format is None else file_format_of(file_format),
            every_hours=every,
            destination=to,
            with_numbers=numbers,
        )
    answer = perform(command, database_url)
    what = f"{answer['kind']} to {answer['destination']} every {answer['every_hours']} hours"
    tell(answer, f"{schedule_id}: {what}", json=json)


def pause(
    *,
    schedule_id: ScheduleId,
    business: Business = "",
    database_url: DatabaseUrl = None,
    json: AsJson = False,
) -> None:
    from askfirst.web.admin.bulk.schedules import PauseSchedule

    answer = perform(PauseSchedule(business=business, id=schedule_id), database_url)
    tell(answer, f"{schedule_id} is paused", json=json)


def resume(
    *,
    schedule_id: ScheduleId,
    business: Business = "",
    database_url: DatabaseUrl = None,
    json: AsJson = False,
) -> None:
    from askfirst.web.admin.bulk.schedules import ResumeSchedule

    answer = perform(ResumeSchedule(business=business, id=schedule_id), database_url)
    tell(answer, f"{schedule_id} goes on; the next is due at {answer['next_at']}", json=json)


def run(
    *,
    schedule_id: ScheduleId,
    business: Business = "",
    database_url: DatabaseUrl = None,
    json: AsJson = False,
) -> None:
    from askfirst.web.admin.bulk.schedules import RunScheduleNow

    answer = perform(RunScheduleNow(business=business, id=schedule_id), database_url)
    tell(answer, f"{schedule_id} is written by the server as soon as may be", json=json)


def remove(
    *,
    schedule_id: ScheduleId,
    business: Business = "",
    database_url: DatabaseUrl = None,
    json: AsJson = False,
) -> None:
    from askfirst.web.admin.bulk.schedules import RemoveSchedule

    answer = perform(RemoveSchedule(business=business, id=schedule_id), database_url)
    tell(answer, f"{schedule_id} is removed; its files stay", json=json)
