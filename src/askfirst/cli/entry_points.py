"""Commands about entry points and QR codes."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any

import typer

from askfirst.cli.admin_command import perform
from askfirst.cli.options import AsJson, Business, DatabaseUrl
from askfirst.cli.output import EXIT_CODES, clear_errors, paragraphs, tell, tell_table

CREATE = paragraphs(f"""
Make a link and QR code with which customers start the chat: for an ad, a shop window, a parcel.

Their first message is attributed to the entry, opens the 24-hour window and is no yes: askfirst
answers with the question, once.

Example: askfirst entry create "Shop window" --text "Hello Café Lune!" --locale fr

{EXIT_CODES}
""")
LIST = paragraphs(f"""
List the entries, the oldest first, ended ones included, and how many messages came in through each.

Example: askfirst entry list

{EXIT_CODES}
""")
END = paragraphs(f"""
End an entry. Its printed codes still open the chat; nothing is attributed, and nobody is asked.

Example: askfirst entry end ent_01KGA2V8M0Q3R5T7W9Y1B3D5F7

{EXIT_CODES}
""")
POSTER = paragraphs(f"""
Draw an entry's poster as SVG: the business's name, the sentence, the code, and what happens then.
The address of its page, which prints on A4 or A6, goes to stderr.

Example: askfirst entry poster ent_01KGA2V8M0Q3R5T7W9Y1B3D5F7 --out window.svg

{EXIT_CODES}
""")
EntryId = Annotated[str, typer.Argument(help="The entry's id: ent_…", show_default=False)]


def entry_point_app() -> typer.Typer:
    app = typer.Typer(
        help="Links and QR codes with which customers start the chat.", no_args_is_help=True
    )
    app.command("create", help=CREATE)(create)
    app.command("list", help=LIST)(list_entries)
    app.command("end", help=END)(end)
    app.command("poster", help=POSTER)(poster)
    return app


def create(
    *,
    name: Annotated[str, typer.Argument(help="Yours, to tell entries apart.", show_default=False)],
    text: Annotated[
        str,
        typer.Option(help="What stands ready in the customer's message box; a code is added."),
    ],
    locale: Annotated[
        str,
        typer.Option(help="The language of the question.", show_default="that of the business"),
    ] = "",
    prompt: Annotated[
        str, typer.Option(help="The question that answers the first message.")
    ] = "chat",
    sender: Annotated[
        str, typer.Option(help="Meta's phone number id.", show_default="the first in service")
    ] = "",
    managed: Annotated[
        bool, typer.Option("--managed", help="Ask Meta for a short link of its own, too.")
    ] = False,
    business: Business = "",
    database_url: DatabaseUrl = None,
    json: AsJson = False,
) -> None:
    from askfirst.web.admin.entry_points import CreateEntry

    command = CreateEntry(
        business=business,
        name=name,
        text=text,
        locale=locale,
        prompt=prompt,
        sender=sender,
        is_managed=managed,
    )
    entry = perform(command, database_url)
    tell(
        entry,
        f"made {entry['id']}: {entry['text']}",
        f"link {entry['link']}",
        f"page {entry['page']}",
        json=json,
    )


def list_entries(
    after: Annotated[str, typer.Option(help="From after this entry's id.")] = "",
    limit: Annotated[int, typer.Option(min=1, max=10_000, help="How many at most.")] = 100,
    business: Business = "",
    database_url: DatabaseUrl = None,
    json: AsJson = False,
) -> None:
    from askfirst.web.admin.entry_points import ListEntries

    command = ListEntries(business=business, after=after, limit=limit)
    answer = perform(command, database_url)
    columns = ("entry", "name", "state", "came", "code", "link")
    tell_table(answer, columns, [_row(entry) for entry in answer["entries"]], json=json)


def end(
    entry_id: EntryId,
    business: Business = "",
    database_url: DatabaseUrl = None,
    json: AsJson = False,
) -> None:
    from askfirst.web.admin.entry_points import EndEntry

    answer = perform(EndEntry(business=business, entry_id=entry_id), database_url)
    tell(answer, f"ended {answer['id']}", json=json)


def poster(
    *,
    entry_id: EntryId,
    locale: Annotated[
        str, typer.Option(help="The readers' language.", show_default="that of the entry")
    ] = "",
    out: Annotated[Path | None, typer.Option(help="A file that ends in .svg.")] = None,
    business: Business = "",
    database_url: DatabaseUrl = None,
    json: AsJson = False,
) -> None:
    from askfirst.bootstrap.commands.qr_commands import write_picture
    from askfirst.web.admin.entry_points import DrawPoster

    command = DrawPoster(business=business, entry_id=entry_id, locale=locale)
    drawn = perform(command, database_url)
    lines = [drawn["svg"]]
    if out is not None:
        with clear_errors():
            write_picture(drawn["svg"], out)
        lines = []
    tell(drawn, *lines, aside=f"to print: {drawn['page']}", json=json)


def _row(entry: Mapping[str, Any]) -> tuple[str, ...]:
    state = "ended" if entry["ended_at"] else "live"
    arrivals = str(entry["arrivals"])
    return (entry["id"], entry["name"], state, arrivals, entry["code"], entry["link"])


QR_HELP = paragraphs("""
Draw the QR code of a link that opens the WhatsApp chat with a number.

Entries (askfirst entry create) do more: their code tells through which one a customer came.

Example: askfirst qr +15550100001 --text "Hello!" --out window.svg

Exit codes: 0 done, 2 wrong usage.
""")


def qr(
    number: Annotated[str, typer.Argument(help="The business's own number.", show_default=False)],
    text: Annotated[str, typer.Option(help="What stands ready in the message box.")] = "",
    out: Annotated[
        Path | None,
        typer.Option(help="A file that ends in .svg or .png; otherwise the terminal."),
    ] = None,
) -> None:
    from askfirst.bootstrap.commands.qr_commands import draw_on_terminal, draw_to_file, link_to_chat

    with clear_errors():
        link = link_to_chat(number, text)
        if out is not None:
            draw_to_file(link, out)
    if out is None:
        print(draw_on_terminal(link))
    print(link)
