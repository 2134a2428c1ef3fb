"""Commands about sends: ask whether one may leave, and read back what was decided."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Mapping
from typing import Annotated, Any, Final

import typer

from askfirst.cli.admin_command import perform
from askfirst.cli.options import AsJson, Business, DatabaseUrl
from askfirst.cli.output import EXIT_CODES, Exit, fail, paragraphs, tell, tell_table

HELP = paragraphs("""
Ask whether a message may leave, without sending it. The answer is not a permit.

Example: askfirst check +447700900123 --sender 200000000000001 --purpose marketing

With --explain it shows every rule of the gate: what it looked at, what it said, and what would
change that.

Exit codes: 0 allow, 1 deny or wait, 2 wrong usage, 3 the database or server is not available.
""")


def check(
    *,
    to: Annotated[
        str, typer.Argument(help="A number such as +447700900123, or a BSUID.", show_default=False)
    ],
    sender: Annotated[
        str, typer.Option(help="Meta's phone number id of the sender.", show_default=False)
    ],
    purpose: Annotated[
        str, typer.Option(help="authentication, utility, marketing or a topic.")
    ] = "",
    template: Annotated[str, typer.Option(help="Or the template's name.")] = "",
    campaign: Annotated[str, typer.Option(help="The label that the send would have.")] = "",
    explain: Annotated[
        bool, typer.Option("--explain", help="Show what each rule looked at, and what it said.")
    ] = False,
    business: Business = "",
    database_url: DatabaseUrl = None,
    json: AsJson = False,
) -> None:
    from askfirst.web.admin.sending import CheckSend

    if bool(purpose) == bool(template):
        fail("name either --purpose or --template", Exit.USAGE)
    command = CheckSend(
        business=business,
        to=to,
        sender=sender,
        purpose=purpose,
        template=template,
        campaign=campaign,
        explain=explain,
    )
    answer = perform(command, database_url)
    tell(answer, *(explained(answer) if explain else _lines(answer)), json=json)
    raise typer.Exit(Exit.OK if answer["verdict"] == "allow" else Exit.NO)


def _lines(answer: Mapping[str, Any]) -> Iterator[str]:
    allowed = answer["verdict"] == "allow"
    verdict = typer.style(
        answer["verdict"], bold=True, fg=typer.colors.GREEN if allowed else typer.colors.RED
    )
    for reason in answer["reasons"]:
        yield f"{verdict} {reason['code']}: {reason['explanation']} {reason['remedy']}".rstrip()
    yield (
        f"decided by rule {answer['rule']} for {answer['purpose']}, "
        f"with the ledger at position {answer['position']}"
    )


SCREEN: Final = 100
"""How many columns an explanation has at most, whatever the terminal."""
_SAID: Final = {
    "passed": "passed",
    "yielded": "gave way",
    "not_asked": "not asked",
    "does_not_apply": "does not apply",
    "allow": "says yes",
    "deny": "says no",
    "wait": "says wait",
}
_COLOURS: Final = {"allow": typer.colors.GREEN, "deny": typer.colors.RED, "wait": typer.colors.RED}


def explained(answer: Mapping[str, Any]) -> Iterator[str]:
    """Lay the chain of rules out as a table of fixed width; then the verdict, and what helps."""
    verdict, rules = answer["verdict"], answer["rules"]
    names = max(len("rule"), *(len(rule["name"]) for rule in rules))
    said = max(map(len, _SAID.values()))
    yield f" #  {'rule':<{names}}  {'says':<{said}}  it looked at"
    for rule in rules:
        key = _said_by(rule, verdict)
        word = f"{_SAID[key]:<{said}}"
        if key in _COLOURS:
            word = typer.style(word, bold=True, fg=_COLOURS[key])
        head = f"{rule['number']:>2}  {rule['name']:<{names}}  "
        indent = " " * (len(head) + said + 2)
        looked_at = "; ".join(f"{fact['name']}: {fact['value']}" for fact in rule["facts"])
        first, *rest = textwrap.wrap(looked_at, SCREEN - len(indent)) or [""]
        yield f"{head}{word}  {first}".rstrip()
        yield from (indent + line for line in rest)
    yield ""
    yield from _wrapped(_SAID[verdict].removeprefix("says "), _why(answer))
    remedies = " ".join(reason["remedy"] for reason in answer["reasons"] if reason["remedy"])
    if verdict != "allow":
        yield from _wrapped("what would change it", remedies)
    for rule in rules:
        if rule["verdict"] == "yielded":
            yield from _wrapped(f"{rule['name']} gave way", rule["reason"]["explanation"])
    where = f"rule {answer['rule']}, {answer['purpose']}, ledger position {answer['position']}"
    yield from _wrapped("decided by", f"{where}, policy {answer['policy']}")


def _said_by(rule: Mapping[str, Any], verdict: str) -> str:
    if rule["verdict"] == "spoke":
        return verdict
    if rule["verdict"] == "passed" and rule["lifts"]:
        return "does_not_apply"
    return str(rule["verdict"])


def _why(answer: Mapping[str, Any]) -> str:
    """Give the reasons in words and as codes, and until when to wait."""
    parts = [f"{reason['explanation']} ({reason['code']})" for reason in answer["reasons"]]
    if answer["retry_at"]:
        parts.append(f"Not before {answer['retry_at']}.")
    return " ".join(parts)


def _wrapped(label: str, words: str) -> list[str]:
    return textwrap.wrap(f"{label}: {words}", SCREEN, subsequent_indent="  ")


DECISIONS_SHOW = paragraphs("""
Show one decision, and make it once more: the person's events are folded anew up to the position
that it rests on, and judged by the policy that was in force then.

Example: askfirst decisions show dec_01KGA2V8M0Q3R5T7W9Y1B3D5F7

Exit codes: 0 the ledger gives the same, or it cannot be compared, 1 it gives something else,
2 wrong usage, 3 the database or server is not available.
""")
DECISIONS_LIST = paragraphs(f"""
List the decisions on a person, or those of a campaign that have one reason, each compared with
what the ledger gives.

Example: askfirst decisions list --contact +447700900123

Example: askfirst decisions list --campaign spring_sale --reason no_opt_in

{EXIT_CODES}
""")
DECISIONS_SUMMARY = paragraphs(f"""
Sum up a campaign, or each one: how many of its sends were allowed or not, by reason, and on how
many people.

Example: askfirst decisions summary --campaign spring_sale --since 2026-01-31T00:00:00Z

{EXIT_CODES}
""")
_Since = Annotated[str, typer.Option(help="Only what was decided then or later: an RFC 3339 time.")]
_COMPARED: Final = {
    True: "the ledger gives the same",
    False: "the ledger gives something else",
    None: "cannot be compared",
}


def decision_app() -> typer.Typer:
    app = typer.Typer(help="What was decided on messages, and why.", no_args_is_help=True)
    app.command("show", help=DECISIONS_SHOW)(show_decision)
    app.command("list", help=DECISIONS_LIST)(list_decisions)
    app.command("summary", help=DECISIONS_SUMMARY)(sum_up)
    return app


def show_decision(
    decision_id: Annotated[str, typer.Argument(help="Its id: dec_…", show_default=False)],
    business: Business = "",
    database_url: DatabaseUrl = None,
    json: AsJson = False,
) -> None:
    from askfirst.web.admin.decisions import ShowDecision

    answer = perform(ShowDecision(business=business, decision_id=decision_id), database_url)
    tell(answer, *_decision_lines(answer), json=json)
    if answer["again"]["matches"] is False:
        raise typer.Exit(int(Exit.NO))


def list_decisions(
    *,
    contact: Annotated[
        str,
        typer.Option(
            help="A number such as +447700900123, a BSUID, or a contact id: con_…",
            show_default=False,
        ),
    ] = "",
    campaign: Annotated[str, typer.Option(help="Or the label of a campaign.")] = "",
    reason: Annotated[str, typer.Option(help="With --campaign: the code of the reason.")] = "",
    since: _Since = "",
    after: Annotated[str, typer.Option(help="From after this decision's id.")] = "",
    limit: Annotated[int, typer.Option(min=1, max=1000, help="How many at most.")] = 100,
    business: Business = "",
    database_url: DatabaseUrl = None,
    json: AsJson = False,
) -> None:
    from askfirst.web.admin.decisions import ListDecisions

    if bool(contact) == bool(campaign) or bool(campaign) != bool(reason) or (since and contact):
        fail("name either --contact, or --campaign and --reason (and --since)", Exit.USAGE)
    command = ListDecisions(
        business=business,
        contact=contact,
        campaign=campaign,
        reason=reason,
        since=since,
        after=after,
        limit=limit,
    )
    answer = perform(command, database_url)
    columns = ("decision", "when", "contact", "verdict", "why", "of", "ledger")
    rows = [
        (
            one["id"],
            one["decided_at"],
            one["contact"] or "",
            one["verdict"],
            ",".join(reason["code"] for reason in one["reasons"]),
            one["purpose"],
            _COMPARED[one["again"]["matches"]],
        )
        for one in answer["decisions"]
    ]
    tell_table(answer, columns, rows, json=json)


def sum_up(
    *,
    campaign: Annotated[
        str, typer.Option(help="The label; if not given, each label.", show_default=False)
    ] = "",
    since: _Since = "",
    after: Annotated[str, typer.Option(help="From after this label, where none is given.")] = "",
    limit: Annotated[int, typer.Option(min=1, max=1000, help="How many labels at most.")] = 100,
    business: Business = "",
    database_url: DatabaseUrl = None,
    json: AsJson = False,
) -> None:
    from askfirst.web.admin.decisions import SumUpCampaign

    command = SumUpCampaign(
        business=business, campaign=campaign, since=since, after=after, limit=limit
    )
    answer = perform(command, database_url)
    columns = ("verdict", "why", "sends", "part", "people", "what it means")
    if campaign:
        tell_table(answer, columns, list(_summary_rows(answer)), json=json)
        return
    rows = [
        (label["campaign"], *row) for label in answer["campaigns"] for row in _summary_rows(label)
    ]
    tell_table(answer, ("campaign", *columns), rows, json=json)


def _summary_rows(summary: Mapping[str, Any]) -> Iterator[tuple[str, ...]]:
    """Write a label's reasons, and the line that they sum to."""
    for one in summary["reasons"]:
        part, told = f"{one['percent']:.1f} %", one["explanation"]
        yield one["verdict"], one["code"], str(one["decisions"]), part, str(one["people"]), told
    whole = "100.0 %" if summary["reasons"] else "0.0 %"
    yield "all", "", str(summary["decisions"]), whole, "", ""


def _decision_lines(answer: Mapping[str, Any]) -> Iterator[str]:
    for reason in answer["reasons"]:
        yield f"{answer['verdict']} {reason['code']}: {reason['explanation']}"
    yield (
        f"decided at {answer['decided_at']} by rule {answer['rule']} for {answer['purpose']}, "
        f"with the ledger at position {answer['position']} and policy {answer['policy']}"
    )
    if answer["basis"]:
        yield f"the answer rested on the event at position {answer['basis']}"
    again = answer["again"]
    yield _COMPARED[again["matches"]] + (
        f": {again['incomparable']}" if again["incomparable"] else ""
    )
    for one in again["differences"]:
        yield f"  {one['part']}: stored {one['stored']}, from the ledger {one['derived']}"
