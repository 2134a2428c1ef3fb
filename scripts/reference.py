"""Writes docs/reference from the code: what it says is what the program has.

The list of the gate's rules in docs/architecture.md is written along.

    python scripts/reference.py            write the pages
    python scripts/reference.py --check    say which pages are not up to date

Running it twice changes nothing; a test fails where the committed pages differ.
"""

import re
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

import msgspec
import typer
from prometheus_client import CollectorRegistry

from askfirst.adapters.country_rule_files import built_in_law
from askfirst.bootstrap.settings import PREFIX, Settings
from askfirst.cli.main import build_app
from askfirst.decision.countries.country_book import DEFAULT, CountryBook
from askfirst.decision.countries.country_rules import Source
from askfirst.decision.decide import RULES
from askfirst.decision.decision import Decision, Verdict
from askfirst.decision.reason import WAITING, Reason
from askfirst.domain.codes.code import Channel, StatusKind
from askfirst.domain.codes.code_event import EventFate
from askfirst.domain.codes.code_signal import CodeSignal
from askfirst.domain.codes.code_template import TemplateFault
from askfirst.domain.consent.number_confirmation import ProofStep
from askfirst.domain.consent.stop_confirmation import ConfirmationFate
from askfirst.domain.prompts.prompt import Surface
from askfirst.domain.tasks.task import Queue, TaskFate
from askfirst.domain.values.errors import (
    InvalidInput,
    NotAuthenticated,
    NotPermitted,
    Unavailable,
)
from askfirst.domain.values.ids import DecisionId, Position
from askfirst.domain.values.rate_limit import LimitName
from askfirst.domain.values.timestamp import Instant
from askfirst.usecases.sending.graph_responses import OutcomeUnknown
from askfirst.web.api.app import api_document
from askfirst.web.asgi import BodyIncomplete, BodyTooLarge
from askfirst.web.gateway import refusals
from askfirst.web.gateway.refusals import Reply
from askfirst.web.metrics import Metrics
from askfirst.web.problems import KINDS

sys.path.insert(0, str(Path(__file__).parents[1]))
from scripts.meta_errors import meta_errors_page

DOCS = Path(__file__).resolve().parents[1] / "docs"
FOLDER = DOCS / "reference"
ARCHITECTURE = DOCS / "architecture.md"

_MADE = "<!-- Made by scripts/reference.py; change the code, then run it. -->"
_RULES_BEGIN = "<!-- The rules, made by scripts/reference.py -->"
_RULES_END = "<!-- End of the rules -->"
_ALLOWS = (
    Reason.OPTED_IN,
    Reason.WINDOW_OPEN,
    Reason.STOP_CONFIRMATION,
    Reason.CODE_ASKED_FOR,
)
_DEPTH_MAX = 4

Row = Sequence[str]


def main(arguments: Sequence[str]) -> int:
    """Write every page, or check them; the exit code says whether something was to do."""
    if list(arguments) not in ([], ["--check"]):
        print("usage: python scripts/reference.py [--check]", file=sys.stderr)
        return 2
    wanted = {FOLDER / name: text for name, text in pages().items()}
    wanted[ARCHITECTURE] = with_rules(read(ARCHITECTURE))
    stale = [path for path, text in wanted.items() if read(path) != text]
    for path in stale:
        if arguments:
            print(f"{path.name} is not up to date; run python scripts/reference.py")
        else:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(wanted[path], encoding="utf-8")
    return 1 if stale and arguments else 0


def current(name: str) -> str:
    """Return a page as it stands; empty where it is missing."""
    return read(FOLDER / name)


def read(path: Path) -> str:
    """Return a file's text; empty where it is missing."""
    return path.read_text(encoding="utf-8") if path.exists() else ""


def pages() -> dict[str, str]:
    """Make every page."""
    makers: dict[str, Callable[[], Iterator[str]]] = {
        "api.md": api_page,
        "cli.md": cli_page,
        "countries.md": countries_page,
        "errors.md": errors_page,
        "meta-errors.md": lambda: meta_errors_page(table),
        "metrics.md": metrics_page,
        "reasons.md": reasons_page,
        "settings.md": settings_page,
    }
    return {name: "\n\n".join([_MADE, *make()]) + "\n" for name, make in makers.items()}


def table(columns: Row, rows: Iterable[Row]) -> str:
    """Write a table; a bar inside a cell must not end it."""
    lines = [columns, ["---"] * len(columns), *rows]
    return "\n".join(
        "| " + " | ".join(" ".join(cell.replace("|", "\\|").split()) for cell in line) + " |"
        for line in lines
    )


def with_rules(text: str) -> str:
    """Put the list of the gate's rules between the two marks of a page."""
    before, _, rest = text.partition(_RULES_BEGIN)
    return (
        f"{before}{_RULES_BEGIN}\n\n{rules_table()}\n\n{_RULES_END}" + rest.partition(_RULES_END)[2]
    )


def rules_table() -> str:
    """List the rules of the gate in the order in which they are asked."""
    columns = ("number", "rule", "what it says", "in the place of")
    rows = ((str(rule.number), rule.name, rule.says, _codes(rule.lifts)) for rule in RULES)
    return table(columns, rows)


def _codes(reasons: frozenset[Reason]) -> str:
    return ", ".join(f"`{reason}`" for reason in Reason if reason in reasons)


def reasons_page() -> Iterator[str]:
    """Every reason of a decision, and the rules that give them."""
    yield "# Reasons"
    yield (
        "Why a message may leave or not. A closed list: codes are added, never renamed. "
        "`POST /v1/check` gives them with explanation and remedy, the gateway in "
        "`error.askfirst.reasons`. The code and status are those of the gateway's answer. "
        "A refusal that is only a matter of time (`wait`) has status 429. Where 131050 stands, "
        "messages that are not marketing get 131030: nobody stopped marketing by them."
    )
    yield "## The message may leave"
    yield table(
        ("reason", "what it means", "what to do"),
        [(f"`{reason}`", reason.explanation, reason.remedy) for reason in _ALLOWS],
    )
    yield "## The message does not leave"
    yield table(
        ("reason", "what it means", "what to do", "code", "status"),
        [_denial(reason) for reason in Reason if reason not in _ALLOWS],
    )
    yield "## The rules, in order"
    yield (
        "The first that says no, speaks; `rule` of a decision is its number. A rule that stands in "
        "the place of reasons is an exception: it is asked only where another rule gives one of "
        "them."
    )
    yield rules_table()


def countries_page() -> Iterator[str]:
    """What is known of each country: how sure an opt-in must be, hours, caps, sources."""
    law = built_in_law()
    yield "# Countries"
    yield (
        "What askfirst knows of the law of countries on marketing, and follows unless the policy "
        "says otherwise. It is no legal advice. Hours are those of the recipient's clock; where a "
        "country has none of its own, the last row holds. *For* says what a rule was made for: "
        "`messages`, `sms` or `calls` (both followed by caution), or `custom`, which is no law. "
        "`askfirst policy show --country FR` says what holds with a policy of your own."
    )
    columns = ("", "name", "rule", "what it asks", "for", "confidence", "sources")
    yield table(columns, (row for name in _by_country(law) for row in _law(law, name)))
    yield f"Looked at on {max(rules.checked_on for rules in law.rules.values())}."


def _by_country(law: CountryBook) -> list[str]:
    return sorted(law.rules, key=lambda name: (name == DEFAULT, name))


def _law(law: CountryBook, name: str) -> Iterator[Row]:
    rules, written = law.rules[name], law.table()["rules"][name]
    for rule, ground in rules.grounds.items():
        asked = (
            f"{key} {value}"
            for key, value in written[rule].items()
            if key not in {"basis", "confidence", "sources"}
        )
        yield (
            "" if name == DEFAULT else f"`{name}`",
            rules.name,
            rule,
            ", ".join(asked),
            ground.basis.value,
            ground.confidence.value,
            ", ".join(_link(rules.sources[source]) for source in ground.sources),
        )


def _link(source: Source) -> str:
    return f"[{source.title}](<{source.url}>)" if source.url else source.title


def _denial(reason: Reason) -> Row:
    reply = refusals.refusal(*_decided(reason), Instant(0))
    code = str(_error(reply)["code"])
    return (f"`{reason}`", reason.explanation, reason.remedy, code, str(reply.status))


def _decided(reason: Reason) -> tuple[Decision, DecisionId]:
    decision = Decision(
        verdict=Verdict.WAIT if reason in WAITING else Verdict.DENY,
        reasons=(reason,),
        rule=5,
        purpose="marketing",
        position=Position(0),
        policy_fingerprint="pol_",
    )
    return decision, DecisionId("dec_")


def _error(reply: Reply) -> dict[str, Any]:
    body: dict[str, Any] = msgspec.json.decode(reply.body)["error"]
    return body


def errors_page() -> Iterator[str]:
    """Every error of the REST API and of the gateway."""
    yield "# Errors"
    yield "## REST API"
    yield (
        "Problems as RFC 9457 has them, `application/problem+json`. `code` is stable, `type` is "
        "`/problems/{code}`. `errors` names the fields and says what each must be; values that "
        "were sent are never repeated. With `retry_after` (and the header `Retry-After`) the same "
        "request may succeed after so many seconds."
    )
    yield table(("code", "status", "title", "when"), _problem_rows())
    yield "## Gateway"
    yield (
        "Errors in the shape of Meta's. Those with a decision are listed with the "
        "[reasons](reasons.md); these are the others. Errors of Meta's own are passed on as they "
        "come."
    )
    yield table(("status", "code", "message", "details"), _gateway_rows())


def _problem_rows() -> Iterator[Row]:
    words: dict[str, list[str]] = {}
    for error, kind in KINDS.items():
        told = "" if error is BaseException else (error.__doc__ or "").strip().split("\n")[0]
        words.setdefault(kind.code, []).append(told or kind.detail)
    for kind in {kind.code: kind for kind in KINDS.values()}.values():
        when = " ".join(dict.fromkeys(words[kind.code]))
        yield (f"`{kind.code}`", str(kind.status), kind.title, when)


def _gateway_rows() -> Iterator[Row]:
    lost, decision_id = _decided(Reason.OPTED_IN)
    scope = NotPermitted("the key lacks the scope send", needed="send")
    replies = (
        refusals.not_allowed(),
        refusals.unowned(),
        refusals.tokenless(),
        refusals.no_groups(),
        refusals.unknown_node(),
        refusals.no_file("This address has expired."),
        refusals.reply_to(NotAuthenticated("")),
        refusals.reply_to(scope),
        refusals.reply_to(InvalidInput("field", "says what would be right")),
        refusals.reply_to(BodyTooLarge()),
        refusals.reply_to(BodyIncomplete()),
        refusals.reply_to(Unavailable("")),
        refusals.lost(lost, decision_id),
        refusals.reply_to(OutcomeUnknown("")),
        refusals.reply_to(Exception()),
    )
    for reply in replies:
        error = _error(reply)
        message = str(error["message"]).partition(") ")[2]
        details = str(error["error_data"]["details"])
        yield (str(reply.status), str(error["code"]), message, details)


def settings_page() -> Iterator[str]:
    """Every setting."""
    yield "# Settings"
    yield (
        "Settings are environment variables, read when `askfirst serve` or another command starts. "
        f"A variable that starts with `{PREFIX}` and is none of these refuses to start. "
        "`askfirst serve --settings` prints this list."
    )
    for name, field in Settings.model_fields.items():
        yield f"## `{PREFIX}{name.upper()}`"
        yield field.description or ""
        yield _default(field.get_default()) + _bounds(field.metadata)


def _default(value: Any) -> str:
    if value in (None, ()):
        return "Default: none."
    return f"Default: `{str(value).lower() if isinstance(value, bool) else value}`."


def _bounds(metadata: Iterable[Any]) -> str:
    least = [one.ge for one in metadata if hasattr(one, "ge")]
    most = [one.le for one in metadata if hasattr(one, "le")]
    return f" From {least[0]} to {most[0]}." if least and most else ""


def cli_page() -> Iterator[str]:
    """Every command."""
    yield "# Command line"
    yield (
        "Commands that read or write the ledger find a running server by themselves: where one "
        "holds the SQLite file, it does the work. Otherwise the command does it on the database "
        "itself."
    )
    yield from _command("askfirst", typer.main.get_command(build_app()))


def _command(path: str, command: Any) -> Iterator[str]:
    yield f"## `{path}`"
    for part in (command.help or "").split("\n\n"):
        example = re.fullmatch(r"Example: (.+)", part)
        yield f"Example: `{example[1]}`" if example else part
    shown = [one for one in command.params if not getattr(one, "hidden", False)]
    if shown:
        rows = [_parameter(one) for one in shown]
        yield table(("parameter", "what it is", "default"), rows)
    for name, inner in getattr(command, "commands", {}).items():
        yield from _command(f"{path} {name}", inner)


def _parameter(one: Any) -> Row:
    is_option = one.opts[0].startswith("-")
    name = ", ".join(f"`{text}`" for text in (*one.opts, *one.secondary_opts))
    if not is_option:
        name = f"`{one.name.upper()}`"
    default = one.show_default if isinstance(one.show_default, str) else one.default
    if callable(default) or default in (None, "", False, [], ()):
        default = "required" if one.required else ""
    return (name, one.help or "", str(getattr(default, "value", default)))


def metrics_page() -> Iterator[str]:
    """Every metric."""
    yield "# Metrics"
    yield (
        "`GET /metrics` gives Prometheus's text format. Counters say what one server process did "
        "since it started, gauges how things are now. Labels are closed lists: nothing about a "
        "person can get into one. "
        "`door` is the face that answered: `api`, `check`, `gateway`, `public`, `webhooks`. "
        "`verdict` and `reason` are those of [decisions](reasons.md)."
    )
    yield table(("metric", "type", "labels", "what it counts"), _metric_rows(_used().registry))
    yield "Beside each counter `…_created` says since when it counts, as Prometheus's client does."


def _used() -> Metrics:
    """Use each metric once: its labels show only then."""
    metrics = Metrics()
    metrics.request("api", 200)
    metrics.decision("check", _decided(Reason.OPTED_IN)[0])
    metrics.events("api", 1)
    metrics.answer_refused(LimitName.ANSWERS_ADDRESS.value)
    metrics.number_proof(ProofStep.OFFERED.value, Surface.SIGNUP.value)
    metrics.code(StatusKind.SENT.value, Channel.WHATSAPP.value)
    metrics.code_event(EventFate.TAKEN.value)
    metrics.subscription(EventFate.TAKEN.value, 1)
    metrics.code_refused(LimitName.COOL_DOWN.value)
    metrics.code_alarm(CodeSignal.NOT_REQUESTED.value)
    metrics.code_template_trouble(TemplateFault.REFUSED.value)
    metrics.policy_change("taken")
    metrics.clock_jump("ahead")
    metrics.clock_difference = lambda: 1.0
    metrics.stop_confirmation(ConfirmationFate.SENT.value)
    metrics.task(Queue.EVENTS.value, TaskFate.DONE.value)
    return metrics


def _metric_rows(registry: CollectorRegistry) -> Iterator[Row]:
    for family in registry.collect():
        if family.name.endswith("_created"):
            continue
        names = {name for sample in family.samples for name in sample.labels}
        name = family.name + ("_total" if family.type == "counter" else "")
        labels = ", ".join(f"`{label}`" for label in sorted(names))
        yield (f"`{name}`", family.type, labels, family.documentation)


def api_page() -> Iterator[str]:
    """Every operation of the REST API."""
    document = api_document()
    schemas = document["components"]["schemas"]
    yield "# REST API"
    yield from document["info"]["description"].strip().split("\n\n")
    yield "A running server shows the same at `/docs`, and as OpenAPI at `/openapi.json`."
    for path, operations in document["paths"].items():
        for method, operation in operations.items():
            yield f"## `{method.upper()} {path}`"
            yield operation["summary"] + "."
            yield from operation["description"].strip().split("\n\n")
            yield from _operation(operation, schemas)


def _operation(operation: dict[str, Any], schemas: dict[str, Any]) -> Iterator[str]:
    parameters = [
        (f"`{one['name']}`", one["in"], _needed(one), _told(one))
        for one in operation.get("parameters", ())
    ]
    if parameters:
        yield table(("parameter", "in", "", "what it is"), parameters)
    columns = ("type", "", "what it is")
    body = operation.get("requestBody", {}).get("content", {}).get("application/json")
    if body:
        yield table(("body", *columns), _fields(body["schema"], schemas))
    for status, told in operation["responses"].items():
        content = told.get("content", {}) if status < "300" else {}
        if "application/json" in content:
            answer = content["application/json"]["schema"]
            fields = [(name, kind, words) for name, kind, _, words in _fields(answer, schemas)]
            yield table((f"answer {status}", "type", "what it is"), fields)
        elif content:
            yield f"Answer {status}: a file, `{next(iter(content))}`."
    problems = [
        f"{status} ({told['description'].rstrip('.')})"
        for status, told in operation["responses"].items()
        if status >= "400"
    ]
    yield "Problems: " + "; ".join(problems) + "."


def _fields(
    schema: dict[str, Any], schemas: dict[str, Any], prefix: str = "", depth: int = 0
) -> Iterator[tuple[str, str, str, str]]:
    found = _resolved(schema, schemas)
    for shape in found.get("anyOf") or found.get("oneOf") or ():
        yield from _fields(shape, schemas, prefix, depth)
    for name, member in found.get("properties", {}).items():
        needed = "required" if name in found.get("required", ()) else ""
        told = member.get("description") or _resolved(member, schemas).get("description", "")
        yield (f"`{prefix}{name}`", _type(member, schemas), needed, told)
        inner, mark = (member["items"], "[].") if "items" in member else (member, ".")
        if depth < _DEPTH_MAX:
            yield from _fields(inner, schemas, prefix + name + mark, depth + 1)


def _type(schema: dict[str, Any], schemas: dict[str, Any]) -> str:
    found = _resolved(schema, schemas)
    if shapes := found.get("anyOf") or found.get("oneOf"):
        return " or ".join(dict.fromkeys(_type(shape, schemas) for shape in shapes))
    if values := found.get("enum"):
        return ", ".join(f"`{value}`" for value in values)
    if found.get("type") == "array":
        return "list of " + _type(found["items"], schemas)
    return str(found.get("type", "any"))


def _resolved(schema: dict[str, Any], schemas: dict[str, Any]) -> dict[str, Any]:
    if "$ref" not in schema:
        return schema
    resolved: dict[str, Any] = schemas[schema["$ref"].rsplit("/", 1)[1]]
    return resolved


def _needed(one: dict[str, Any]) -> str:
    return "required" if one.get("required") else ""


def _told(one: dict[str, Any]) -> str:
    return str(one.get("description") or one["schema"].get("description", ""))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
