"""Commands about the policy: what holds, what a file says, what a change would have done."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Annotated, Any

import typer

from askfirst.cli.admin_command import perform
from askfirst.cli.options import AsJson, Business, DatabaseUrl
from askfirst.cli.output import Exit, clear_errors, note, paragraphs, tell, tell_table

SHOW = paragraphs("""
Show what holds for one purpose in one country: how sure an opt-in must be, when marketing may be
sent, and where each rule comes from.

Example: askfirst policy show --country FR

Exit codes: 0 done, 2 wrong usage.
""")
LINT = paragraphs("""
Read a policy file as the server would, and say what is wrong with it, or what asks less than the
law of a country as far as askfirst knows it.

Example: askfirst policy lint policy.toml

Exit codes: 0 nothing to say, 1 something to look at, 2 the file is not understood.
""")
EXPLAIN = paragraphs("""
Say what a key of the policy file means, and what holds without it.

Example: askfirst policy explain countries.FR.hours

Exit codes: 0 done, 2 there is no such key.
""")
DIFF = paragraphs("""
Say what differs between two policy files.

Example: askfirst policy diff old.toml new.toml

Exit codes: 0 they are one policy, 1 they differ, 2 a file is not understood.
""")

SIMULATE = paragraphs("""
Say what a policy file would have done to the sends of the last days: each decision is made once
more, from what it rested on then. Nothing is sent or written.

Example: askfirst policy simulate new.toml --days 30

Exit codes: 0 done, 2 the file is not understood, 3 the database or server is not available.
""")

File = Annotated[Path, typer.Argument(help="A policy file.", show_default=False)]
Named = Annotated[
    Path | None,
    typer.Option(
        "--file", help="A policy file; otherwise the one of the server.", show_default=False
    ),
]


def build_app() -> typer.Typer:
    app = typer.Typer(help="The policy: what holds, and why.", no_args_is_help=True)
    app.command("show", help=SHOW)(show)
    app.command("lint", help=LINT)(lint)
    app.command("explain", help=EXPLAIN)(explain)
    app.command("diff", help=DIFF)(diff)
    app.command("simulate", help=SIMULATE)(simulate)
    return app


def show(
    *,
    country: Annotated[str, typer.Option(help="ISO 3166 code, such as FR.")] = "",
    state: Annotated[str, typer.Option(help="A state of the country, such as FL.")] = "",
    purpose: Annotated[
        str, typer.Option(help="authentication, utility, marketing or a topic.")
    ] = "marketing",
    file: Named = None,
    json: AsJson = False,
) -> None:
    from askfirst.bootstrap.commands import policy_commands
    from askfirst.bootstrap.settings import load_settings

    with clear_errors():
        policy = policy_commands.policy_at(load_settings(), file)
        sheet = policy_commands.show(policy, country, state, purpose)
    tell(sheet, *_shown(sheet), json=json)


def _shown(sheet: Mapping[str, Any]) -> Iterator[str]:
    where = sheet["country"] or "a country of which nothing is known"
    yield f"{sheet['purpose']} to {where}, by the policy {sheet['policy']}"
    yield f"sent: {sheet['sent']}"
    for key, value in sheet["opt_in"].items():
        is_for_ever = key.endswith("_max") and not value
        yield f"{key}: {'for ever' if is_for_ever else value}"
    yield f"a notice is enough: {'yes' if sheet['notice_is_enough'] else 'no'}"
    for hours in sheet["hours"]:
        yield f"hours by {hours['by']}: {_rule(hours)}"
        yield from _sources(hours)
    for rule in sheet["known_of_the_law"]:
        if rule["rule"] != "hours":
            yield f"{rule['rule']} by {rule['by']}: {_rule(rule)}"
            yield from _sources(rule)


_ABOUT = frozenset({"by", "rule", "basis", "by_caution", "confidence", "sources"})


def _rule(rule: Mapping[str, Any]) -> str:
    words = ", ".join(f"{key} {value}" for key, value in rule.items() if key not in _ABOUT)
    if "basis" not in rule:
        return f"{words} (the policy's own word)"
    law = "custom, no law" if rule["basis"] == "custom" else f"law for {rule['basis']}"
    caution = ", followed by caution" if rule["by_caution"] else ""
    return f"{words} ({law}{caution}; confidence {rule['confidence']})"


def _sources(rule: Mapping[str, Any]) -> Iterator[str]:
    for source in rule.get("sources", ()):
        yield f"  {source}"


def lint(file: File, *, json: AsJson = False) -> None:
    from askfirst.bootstrap.commands import policy_commands
    from askfirst.bootstrap.policy_watch import read_policy_file

    with clear_errors():
        policy = read_policy_file(file)
    found = policy_commands.lint(policy)
    answer = {"policy": policy.fingerprint, "findings": found}
    tell(answer, *(found or [f"{policy.fingerprint}: nothing to say"]), json=json)
    if found:
        raise typer.Exit(int(Exit.NO))


def explain(
    key: Annotated[str, typer.Argument(help="A key, such as hours.", show_default=False)],
    *,
    json: AsJson = False,
) -> None:
    from askfirst.bootstrap.commands import policy_commands

    with clear_errors():
        told = policy_commands.explain(key)
    lines = (f"{told['key']}: {told['meaning']}", f"built in: {told['built_in']}")
    tell(told, *lines, json=json)


def diff(
    old: Annotated[Path, typer.Argument(help="A policy file.", show_default=False)],
    new: Annotated[Path, typer.Argument(help="Another one.", show_default=False)],
    *,
    json: AsJson = False,
) -> None:
    from askfirst.bootstrap.commands import policy_commands
    from askfirst.bootstrap.policy_watch import read_policy_file

    with clear_errors():
        found = policy_commands.diff(read_policy_file(old), read_policy_file(new))
    rows = [[row["key"], _text(row["old"]), _text(row["new"])] for row in found]
    tell_table(found, ("key", "old", "new"), rows, json=json)
    if found:
        raise typer.Exit(int(Exit.NO))


def simulate(
    file: File,
    *,
    days: Annotated[int, typer.Option(help="How many days back.")] = 30,
    business: Business = "",
    database_url: DatabaseUrl = None,
    json: AsJson = False,
) -> None:
    from askfirst.bootstrap.policy_watch import read_text
    from askfirst.web.admin.sending import SimulatePolicy

    with clear_errors():
        text = read_text(file)
    command = SimulatePolicy(business=business, text=text, days=days)
    answer = perform(command, database_url)
    if not json:
        for line in _simulated(answer):
            note(line)
    columns = ("was", "because", "would be", "because", "count")
    keys = ("was", "was_reason", "would_be", "reason", "count")
    rows = [[str(row[key]) for key in keys] for row in answer["changes"]]
    tell_table(answer, columns, rows, json=json)


def _simulated(answer: Mapping[str, Any]) -> Iterator[str]:
    yield f"{answer['days']} days under {answer['policy']}, in place of what was in force then"
    was, would_be = answer["was"], answer["would_be"]
    yield ", ".join(f"{verdict}: {was[verdict]} → {would_be[verdict]}" for verdict in was)
    if answer["unknown"]:
        yield f"{answer['unknown']} more were decided before it was kept what they rested on"


def _text(value: Any) -> str:
    return "-" if value is None else str(value)
