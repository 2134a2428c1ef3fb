"""Commands about brakes: what holds your marketing, and how to pause and to go on."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated, Final

import typer

from askfirst.cli.admin_command import perform
from askfirst.cli.options import AsJson, Business, DatabaseUrl
from askfirst.cli.output import EXIT_CODES, clear_errors, note, paragraphs, tell, tell_table

LIST: Final = paragraphs(f"""
List what holds messages now: because people object to them, because Meta restricts or warns,
because something is new, or because somebody paused it.

Example: askfirst brakes list

{EXIT_CODES}
""")
SET: Final = paragraphs(f"""
Pause marketing by hand, or everything. Refusals name who paused it, and why.

Example: askfirst brakes set --by Kim --reason "wrong prices in the spring campaign"

Example: askfirst brakes set --on template --name spring_sale --by Kim --reason "wrong prices"

{EXIT_CODES}
""")
LIFT: Final = paragraphs(f"""
Lift a brake, with a reason. What people did before is not counted against it again. What Meta
restricts stays restricted there: its next answer sets the brake again.

Example: askfirst brakes lift brk_01KGA2V8M0Q3R5T7W9Y1B3D5F7 --by Kim --reason "prices are right"

{EXIT_CODES}
""")
By = Annotated[str, typer.Option("--by", help="Your name: refusals and the history tell it.")]
Reason = Annotated[str, typer.Option(help="Why; without personal data.")]


class On(StrEnum):
    """What a pause is on."""

    BUSINESS = "business"
    WABA = "waba"
    SENDER = "sender"
    TEMPLATE = "template"
    CAMPAIGN = "campaign"
    METHOD = "method"
    LIST = "list"


class Holds(StrEnum):
    """What a pause holds."""

    MARKETING = "marketing"
    EVERYTHING = "everything"


def brakes_app() -> typer.Typer:
    app = typer.Typer(help="Holds on what you send.", no_args_is_help=True)
    app.command("list", help=LIST)(list_brakes)
    app.command("set", help=SET)(set_brake)
    app.command("lift", help=LIFT)(lift_brake)
    return app


def list_brakes(
    *,
    lifted: Annotated[bool, typer.Option("--lifted", help="Those that were lifted, too.")] = False,
    before: Annotated[str, typer.Option(help="Only brakes set before this id.")] = "",
    limit: Annotated[int, typer.Option(min=1, max=1000, help="How many at most.")] = 100,
    business: Business = "",
    database_url: DatabaseUrl = None,
    json: AsJson = False,
) -> None:
    from askfirst.web.admin.brakes.commands import ListBrakes

    command = ListBrakes(business=business, with_lifted=lifted, before=before, limit=limit)
    answer = perform(command, database_url)
    rows = [
        (
            one["id"],
            f"{one['scope']} {one['name']}".strip(),
            f"{one['colour']} {one['holds']}",
            _why(one),
            one["lifted_at"] or one["lifts_at"] or "not by time",
        )
        for one in answer["brakes"]
    ]
    tell_table(answer, ("id", "on", "holds", "why", "lifts"), rows, json=json)
    if not rows and not json:
        note("No brake is on.")


def _why(brake: dict[str, str]) -> str:
    if brake["set_by"]:
        return f"{brake['set_by']}: {brake['reason']}"
    return f"{brake['cause']}: {brake['detail']}"


def set_brake(
    *,
    by: By,
    reason: Reason,
    on: Annotated[On, typer.Option("--on", help="What is paused.")] = On.BUSINESS,
    name: Annotated[str, typer.Option(help="Which one: an id, a name, a label.")] = "",
    holds: Annotated[Holds, typer.Option(help="What it holds.")] = Holds.MARKETING,
    until: Annotated[str, typer.Option(help="When it lifts by itself (RFC 3339).")] = "",
    business: Business = "",
    database_url: DatabaseUrl = None,
    json: AsJson = False,
) -> None:
    from askfirst.domain.brakes.brake import Hold
    from askfirst.domain.brakes.subject import BrakeScope
    from askfirst.web.admin.brakes.commands import SetBrake

    with clear_errors():
        command = SetBrake(
            business=business,
            scope=BrakeScope(on.value),
            name=name,
            holds=Hold(holds.value),
            until=until,
            by=by,
            reason=reason,
        )
    answer = perform(command, database_url)
    brake = answer["brake"]
    tell(answer, f"Paused {brake['holds']}: {brake['id']}.", json=json)


def lift_brake(
    *,
    brake: Annotated[str, typer.Argument(metavar="ID", help="As askfirst brakes list shows it.")],
    by: By,
    reason: Reason,
    business: Business = "",
    database_url: DatabaseUrl = None,
    json: AsJson = False,
) -> None:
    from askfirst.web.admin.brakes.commands import LiftBrake

    with clear_errors():
        command = LiftBrake(business=business, id=brake, by=by, reason=reason)
    answer = perform(command, database_url)
    tell(answer, f"Lifted {answer['brake']['id']}.", json=json)
