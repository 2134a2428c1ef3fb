"""Commands about figures: what people said, and whom you may write to."""

from __future__ import annotations

from collections.abc import Callable, Generator, Sequence
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated, Any, Final

import typer

from askfirst.cli.admin_command import converse
from askfirst.cli.options import AsJson, Business, DatabaseUrl
from askfirst.cli.output import EXIT_CODES, note, paragraphs, progress_bar, tell, tell_table

if TYPE_CHECKING:
    from askfirst.web.admin.admin_commands import AnyAdminCommand

SHOW: Final = paragraphs(f"""
Show opt-ins, stops, complaints and whom you may write to, by day and by what you choose. An act
counts on the day on which it was said; what comes late corrects that day.

Example: askfirst stats show --by surface --step month --from 2026-01-01

{EXIT_CODES}
""")
FUNNEL: Final = paragraphs(f"""
Show for each surface how many people answered, said yes, proved their number, were written to, and
could still be written to thirty days later.

Example: askfirst stats funnel --purpose marketing

{EXIT_CODES}
""")
REBUILD: Final = paragraphs(f"""
Count the whole ledger anew. The figures of before answer until that is done. It is needed only
where you doubt them.

Example: askfirst stats rebuild

{EXIT_CODES}
""")


class By(StrEnum):
    """What figures are grouped by."""

    NOTHING = "nothing"
    PURPOSE = "purpose"
    SURFACE = "surface"
    ENTRY_POINT = "entry_point"
    PROMPT = "prompt"
    LOCALE = "locale"
    COUNTRY = "country"


class Every(StrEnum):
    """How long the stretches are."""

    DAY = "day"
    WEEK = "week"
    MONTH = "month"
    SPAN = "span"


First = Annotated[str, typer.Option("--from", help="The first day, such as 2026-01-01.")]
Last = Annotated[str, typer.Option("--to", help="The last day. Default: today.")]
ForPurpose = Annotated[str, typer.Option("--purpose", help="Only this purpose or topic.")]


def stats_app() -> typer.Typer:
    app = typer.Typer(help="Figures of opt-ins and stops.", no_args_is_help=True)
    app.command("show", help=SHOW)(show)
    app.command("funnel", help=FUNNEL)(funnel)
    app.command("rebuild", help=REBUILD)(rebuild)
    return app


def show(
    *,
    by: Annotated[By, typer.Option(help="What to group by.")] = By.NOTHING,
    step: Annotated[Every, typer.Option(help="How long each stretch of time is.")] = Every.DAY,
    first: First = "",
    last: Last = "",
    purpose: ForPurpose = "",
    business: Business = "",
    database_url: DatabaseUrl = None,
    json: AsJson = False,
) -> None:
    answer = _ask(business, database_url, (first, last, purpose), by=by, step=step, json=json)
    columns = ("from", *((by.value,) if by is not By.NOTHING else ()))
    counted = ("opt_ins", "refusals", "stops", "complaints", "gained", "lost", "reachable")
    rows = [
        (one["begin"], *((_value(one),) if by is not By.NOTHING else ()), *_texts(one, counted))
        for one in answer["data"]
    ]
    _tell(answer, (*columns, *(name.replace("_", "-") for name in counted)), rows, json=json)


def funnel(
    *,
    first: First = "",
    last: Last = "",
    purpose: ForPurpose = "",
    business: Business = "",
    database_url: DatabaseUrl = None,
    json: AsJson = False,
) -> None:
    answer = _ask(business, database_url, (first, last, purpose), json=json)
    counted = ("shown", "answered", "agreed", "proven", "messaged")
    rows = [
        (_value(one), *_texts(one, counted), f"{one['kept']} of {one['settled']}")
        for one in answer["data"]
    ]
    _tell(answer, ("surface", *counted, "kept for 30 days"), rows, json=json)


def rebuild(
    *, business: Business = "", database_url: DatabaseUrl = None, json: AsJson = False
) -> None:
    from askfirst.web.admin.stats.commands import RebuildFigures

    done: dict[str, Any] = {}
    with progress_bar(quiet=json) as show_progress:

        def talk(*, served: bool) -> Generator[AnyAdminCommand, dict[str, Any], None]:  # noqa: ARG001
            answer = yield RebuildFigures(business=business)
            while not answer["is_done"]:
                show_progress(answer["position"], answer["head"])
                answer = yield RebuildFigures(business=business, build=answer["build"])
            done.update(answer)

        converse(talk, RebuildFigures(business=business), database_url)
    tell(done, f"counted anew: {done['position']:,} events", json=json)


def _ask(
    business: str,
    database_url: str | None,
    asked: tuple[str, str, str],
    by: By | None = None,
    step: Every = Every.SPAN,
    *,
    json: bool,
) -> dict[str, Any]:
    """Ask for figures; where no server follows the ledger, follow it first."""
    from askfirst.domain.stats.report import GroupBy, Step
    from askfirst.web.admin.stats.commands import CatchUp, ShowFigures

    first, last, purpose = asked
    question = ShowFigures(
        business=business,
        first=first,
        last=last,
        by=GroupBy((by or By.SURFACE).value),
        step=Step(step.value),
        purpose=purpose,
        is_funnel=by is None,
    )
    found: dict[str, Any] = {}
    with progress_bar(quiet=json) as show_progress:

        def talk(*, served: bool) -> Generator[AnyAdminCommand, dict[str, Any], None]:
            if not served:
                yield from _caught_up(CatchUp(business=business), show_progress)
            found.update((yield question))

        converse(talk, question, database_url)
    return found


def _caught_up(
    command: AnyAdminCommand, show_progress: Callable[[int, int], None]
) -> Generator[AnyAdminCommand, dict[str, Any], None]:
    is_done = False
    while not is_done:
        answer = yield command
        show_progress(answer["position"], answer["head"])
        is_done = answer["is_done"]


def _value(row: dict[str, Any]) -> str:
    return row["value"] or "none known"


def _texts(row: dict[str, Any], names: Sequence[str]) -> list[str]:
    return [f"{row[name]}" for name in names]


def _tell(
    answer: dict[str, Any], columns: Sequence[str], rows: Sequence[Sequence[str]], *, json: bool
) -> None:
    tell_table(answer, columns, rows, json=json)
    as_of = answer["as_of"]
    if json:
        return
    if as_of is None:
        note("Nothing is counted yet: the server begins within a minute.")
        return
    behind = as_of["head"] - as_of["position"]
    left = f"; {behind:,} newer events are not counted yet" if behind > 0 else ""
    note(f"Days of {as_of['time_zone']}. As of {as_of['at'][:16]}Z{left}.")
