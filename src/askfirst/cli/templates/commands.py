"""`askfirst templates`: list, show and lint them, accept what Meta did, make those for codes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Annotated, Any

import typer

from askfirst.cli.admin_command import perform
from askfirst.cli.options import AsJson, Business, DatabaseUrl
from askfirst.cli.output import EXIT_CODES, Exit, fail, paragraphs, tell, tell_table

LIST = paragraphs(f"""
List the templates as Meta last described them, with what is amiss with each.

Example: askfirst templates list

{EXIT_CODES}
""")
SHOW = paragraphs(f"""
Show one template in all its languages: category and the one before, state, quality, words, buttons.

Example: askfirst templates show summer_offer

{EXIT_CODES}
""")
LINT = paragraphs(f"""
Say what is amiss with templates, and how to mend it.

Looked for are a marketing template with no way to stop, a utility template that reads like an
advertisement, and one that Meta moved to marketing and nobody has accepted.

Example: askfirst templates lint

{EXIT_CODES}
""")
ACCEPT = paragraphs(f"""
Accept that Meta moved a template to marketing: it is sent again, to those who said yes to offers.

Example: askfirst templates accept order_update --language en_US

{EXIT_CODES}
""")
REFRESH = paragraphs(f"""
Read Meta's list of templates now. The server reads it each hour anyway.

Example: askfirst templates refresh

{EXIT_CODES}
""")
CREATE_CODE = paragraphs(f"""
Make askfirst's templates for one-time codes in the WhatsApp account of a sender.

Nothing else makes them. Meta looks at new ones first; what is there already stays as it is.

Example: askfirst templates create-code --sender 106540352242922 --languages en,de

{EXIT_CODES}
""")
_COLUMNS = ("template", "language", "category", "state", "quality", "amiss")


def build_app() -> typer.Typer:
    app = typer.Typer(
        help="The templates of the business's WhatsApp accounts.", no_args_is_help=True
    )
    app.command("list", help=LIST)(list_them)
    app.command("show", help=SHOW)(show)
    app.command("lint", help=LINT)(lint)
    app.command("accept", help=ACCEPT)(accept)
    app.command("refresh", help=REFRESH)(refresh)
    app.command("create-code", help=CREATE_CODE)(create_code)
    return app


def list_them(
    business: Business = "", database_url: DatabaseUrl = None, json: AsJson = False
) -> None:
    from askfirst.web.admin.templates.commands import ListTemplates

    answer = perform(ListTemplates(business=business), database_url)
    tell_table(answer, _COLUMNS, [_row(one) for one in answer["templates"]], json=json)


def show(
    name: Annotated[str, typer.Argument(help="The template's name.", show_default=False)],
    business: Business = "",
    database_url: DatabaseUrl = None,
    json: AsJson = False,
) -> None:
    from askfirst.web.admin.templates.commands import ShowTemplate

    answer = perform(ShowTemplate(business=business, name=name), database_url)
    rows = [row for one in answer["templates"] for row in _sheet(one)]
    tell_table(answer, ("what", "is"), rows, json=json)


def lint(business: Business = "", database_url: DatabaseUrl = None, json: AsJson = False) -> None:
    from askfirst.web.admin.templates.commands import LintTemplates

    answer = perform(LintTemplates(business=business), database_url)
    lines = [line for one in answer["templates"] for line in _findings(one)]
    tell(answer, "\n".join(lines) or "nothing is amiss", json=json)


def accept(
    name: Annotated[str, typer.Argument(help="The template's name.", show_default=False)],
    language: Annotated[
        str, typer.Option(help="One language; all, if left out.", show_default=False)
    ] = "",
    business: Business = "",
    database_url: DatabaseUrl = None,
    json: AsJson = False,
) -> None:
    from askfirst.web.admin.templates.commands import AcceptTemplate

    command = AcceptTemplate(business=business, name=name, language=language)
    tell(perform(command, database_url), f"{name} is accepted as marketing", json=json)


def refresh(
    business: Business = "", database_url: DatabaseUrl = None, json: AsJson = False
) -> None:
    from askfirst.web.admin.tenants import RefreshTemplates

    answer = perform(RefreshTemplates(business=business), database_url)
    tell(answer, f"{answer['templates']} templates read", json=json)


def create_code(
    languages: Annotated[
        str,
        typer.Option(help="Which, as Meta writes them, with commas: en,de.", show_default=False),
    ],
    sender: Annotated[
        str,
        typer.Option(
            help="Meta's id of a number of the account; left out: the only one.",
            show_default=False,
        ),
    ] = "",
    business: Business = "",
    database_url: DatabaseUrl = None,
    json: AsJson = False,
) -> None:
    from askfirst.web.admin.templates.commands import CreateCodeTemplates

    wanted = tuple(filter(None, (part.strip() for part in languages.split(","))))
    command = CreateCodeTemplates(business=business, sender=sender, languages=wanted)
    answer = perform(command, database_url)
    tell(answer, "\n".join(_made(answer)), json=json)
    if answer["troubles"]:
        fail("Meta did not make all of them", Exit.NO)


def _made(answer: Mapping[str, Any]) -> Sequence[str]:
    lines = [f"{answer['name']}: made in {', '.join(answer['made']) or 'no language'}"]
    if answer["there"]:
        lines.append(f"there before: {', '.join(answer['there'])}")
    for one in answer["troubles"]:
        why = f"{one['fault']}, status {one['status']}, code {one['code']}"
        lines.append(f"not usable in {', '.join(one['languages'])}: {why}")
    return lines


def _row(one: Mapping[str, Any]) -> Sequence[str]:
    amiss = ", ".join(finding["flag"] for finding in one["findings"])
    return [one["name"], one["language"], one["category"], one["state"], one["quality"], amiss]


def _sheet(one: Mapping[str, Any]) -> Sequence[tuple[str, str]]:
    shown = [("template", f"{one['name']} {one['language']}")]
    for key in ("category", "state", "quality"):
        changed = one[f"{key}_changed_at"]
        shown.append((key, f"{one[key]}, since {changed}" if changed else one[key]))
    if one["previous_category"]:
        shown.append(("category before", one["previous_category"]))
    content = one["content"] or {}
    words = (content.get("header"), content.get("body"), *content.get("more", ()))
    shown += [("says", text) for text in (*words, content.get("footer")) if text]
    shown += [
        ("button", f"{each['label']} ({each['kind']})") for each in content.get("buttons", ())
    ]
    return shown + [("amiss", finding["message"]) for finding in one["findings"]]


def _findings(one: Mapping[str, Any]) -> Sequence[str]:
    lines = []
    for finding in one["findings"]:
        words = f' ("{finding["words"]}")' if finding["words"] else ""
        lines.append(f"{one['name']} {one['language']}: {finding['flag']}")
        lines.append(f"  {finding['message']}{words} {finding['fix']}")
    return lines
