"""Commands about questions."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from askfirst.cli.admin_command import perform
from askfirst.cli.options import AsJson, Business, DatabaseUrl
from askfirst.cli.output import EXIT_CODES, Exit, clear_errors, note, paragraphs, tell, tell_table

LIST = paragraphs(f"""
List the questions: the built-in ones, or those of a file.

Example: askfirst prompt list

{EXIT_CODES}
""")
SHOW = paragraphs(f"""
Print a question in somebody's language, ready to paste: as text, as HTML for any form, or as the
message with two buttons that the Graph API takes. The name of the words goes to stderr.

Example: askfirst prompt show signup --business "Café Lune" --locale fr --format html

In HTML, style the classes askfirst-prompt, askfirst-text, askfirst-box, askfirst-yes, askfirst-no,
askfirst-open, askfirst-line and askfirst-after.

{EXIT_CODES}
""")
LINT = paragraphs("""
Check your own questions against Meta's rules and the law, so that the opt-in they get is valid.
Each finding names a rule, its source and a fix.

Example: askfirst prompt lint prompts.toml --country DE

Exit codes: 0 nothing or only warnings, 1 errors, 2 wrong usage or a file that is not understood.
""")
PUBLISH = paragraphs("""
Publish your own questions: from now on they are rendered, in the place of built-in ones of the
same key. All of them, or none where lint finds an error under the law of the business's country.

Example: askfirst prompt publish prompts.toml --business cafe-lune

Exit codes: 0 published, 1 errors and nothing was published, 2 wrong usage, 3 the database or
server is not available.
""")
_ERROR = "error"


class Format(StrEnum):
    """How a question is written."""

    TEXT = "text"
    HTML = "html"
    WHATSAPP = "whatsapp"


File = Annotated[
    Path | None,
    typer.Option("--file", help="Your own prompts (TOML), instead of the built-in ones."),
]


def build_app() -> typer.Typer:
    app = typer.Typer(help="Questions (prompts) that ask for an opt-in.", no_args_is_help=True)
    app.command("list", help=LIST)(list_prompts)
    app.command("show", help=SHOW)(show)
    app.command("lint", help=LINT)(lint)
    app.command("publish", help=PUBLISH)(publish)
    return app


def list_prompts(file: File = None, json: AsJson = False) -> None:
    from askfirst.bootstrap.commands.prompt_commands import open_catalogue

    with clear_errors():
        catalogue = open_catalogue(file)
    rows = [
        {
            "key": prompt.key,
            "surface": prompt.surface.value,
            "purposes": list(prompt.purposes),
            "locales": list(prompt.wordings),
        }
        for prompt in catalogue.prompts.values()
    ]
    shown = [
        (str(row["key"]), str(row["surface"]), ",".join(row["purposes"]), " ".join(row["locales"]))
        for row in rows
    ]
    tell_table(rows, ("key", "surface", "purposes", "locales"), shown, json=json)


def show(
    *,
    key: Annotated[str, typer.Argument(help="Which question; askfirst prompt list names them.")],
    business: Annotated[str, typer.Option(help="The name that customers know.")],
    locale: Annotated[str, typer.Option(help="The reader's language, such as fr or pt-BR.")] = "en",
    form: Annotated[Format, typer.Option("--format", help="How to write it.")] = Format.TEXT,
    purpose: Annotated[
        list[str] | None,
        typer.Option(
            help="authentication, utility, marketing or a topic; repeated. Otherwise the "
            "question's own."
        ),
    ] = None,
    kinds: Annotated[str, typer.Option(help="What the messages are about, in words.")] = "",
    order: Annotated[str, typer.Option(help="For {order}, where your own words have it.")] = "",
    number: Annotated[
        str, typer.Option(help="Your WhatsApp number, for the button that opens WhatsApp.")
    ] = "",
    file: File = None,
) -> None:
    from askfirst.bootstrap.commands import prompt_commands
    from askfirst.domain.prompts.interpolation import Filling
    from askfirst.usecases.prompts.render_prompt import PromptRequest

    with clear_errors():
        purposes = tuple(purpose or ())
        filling = Filling(business=business, purposes=purposes, kinds=kinds, order=order)
        text, prompt = prompt_commands.show_prompt(
            prompt_commands.open_catalogue(file),
            PromptRequest(key=key, locale=locale, filling=filling),
            prompt_commands.PromptFormat(form.value),
            number,
        )
    print(text)
    note(f"{prompt.version.hash} {prompt.version.locale} {','.join(prompt.version.purposes)}")
    if form is not Format.WHATSAPP and not number and prompt_commands.has_open_button(prompt):
        note("With --number, a button that opens WhatsApp is added.")


def lint(
    *,
    file: Annotated[Path, typer.Argument(help="Your prompts, as TOML.", show_default=False)],
    country: Annotated[
        str,
        typer.Option(help="Whose law makes rules binding: EU, DE, FR, GB, US, CA, BR, IN, …"),
    ] = "",
    json: AsJson = False,
) -> None:
    from askfirst.bootstrap.commands.prompt_commands import lint_file
    from askfirst.web.admin.prompts import finding_row

    with clear_errors():
        findings = lint_file(file, country)
        rows = [finding_row(finding) for finding in findings]
    tell(rows, *_lines(rows), json=json)
    _end_on_errors(rows)


def publish(
    *,
    file: Annotated[Path, typer.Argument(help="Your prompts, as TOML.", show_default=False)],
    business: Business = "",
    database_url: DatabaseUrl = None,
    json: AsJson = False,
) -> None:
    from askfirst.bootstrap.catalogue_files import read_prompt_text
    from askfirst.web.admin.prompts import PublishPrompts

    with clear_errors():
        command = PublishPrompts(business=business, content=read_prompt_text(file))
    answer = perform(command, database_url)
    published = [
        f"published {one['key']}, revision {one['revision']}" for one in answer["published"]
    ]
    tell(answer, *_lines(answer["findings"]), *published, json=json)
    _end_on_errors(answer["findings"])


def _lines(findings: Sequence[Mapping[str, str]]) -> Iterator[str]:
    for one in findings:
        yield f"{one['severity']} {one['rule']} {one['where']}: {one['message']}"
        yield f"  why: {one['reason']} ({one['source']})"
        yield f"  fix: {one['fix']}"


def _end_on_errors(findings: Sequence[Mapping[str, str]]) -> None:
    errors = sum(one["severity"] == _ERROR for one in findings)
    note(f"{errors} errors, {len(findings) - errors} warnings")
    if errors:
        raise typer.Exit(int(Exit.NO))
