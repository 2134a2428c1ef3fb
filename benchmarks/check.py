"""`python -m benchmarks check`: may this message leave? Known contacts, half of them allowed."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

from askfirst.usecases.context.services import Services
from benchmarks.at_rate import Rate, measure_at_rate
from benchmarks.generators.frames import post, write_frames
from benchmarks.measure import Plan, measure
from benchmarks.progress import Progress
from benchmarks.setup.machine import Running
from benchmarks.setup.metrics import read_metrics
from benchmarks.setup.people import LOADED, digits_of
from benchmarks.setup.seeds import SENDER_ID, open_business, record_answers
from benchmarks.setup.world import bare, own_world, prepare, server

CONNECTIONS = 32
_COUNTED = re.compile(
    r'^askfirst_decisions_total\{door="check",reason="[a-z_]+",verdict="(?P<verdict>[a-z]+)"\} '
    r"(?P<count>[0-9.e+]+)$",
    re.MULTILINE,
)


def bench_check(plan: Plan, database_url: str | None, progress: Progress) -> dict[str, Any]:
    """Measure, and count the answers by what they said."""
    with own_world(database_url) as (settings, folder):
        progress.step("recording answers")
        key = prepare(settings, _seed)
        cycle = write_frames(folder / "checks", _checks(key), cycles=True)
        with server(settings, folder) as subject, bare(folder) as baseline:
            measured = measure(plan, (subject, lambda _: cycle), (baseline, cycle), progress)
            answers = _answers(subject)
    allowed = sum(-(-asked // 2) for asked in measured.asked)
    expected = {"allow": allowed, "deny": sum(measured.asked) - allowed}
    return {
        **measured.figures(),
        "contacts": LOADED,
        "acknowledged": measured.answered,
        "answers": answers,
        "verified": answers == expected,
        "baseline": "raw ASGI hello-world on the same uvicorn",
    }


def bench_check_at_rate(rate: Rate, database_url: str | None, progress: Progress) -> dict[str, Any]:
    """Ask at a rate; milliseconds count from when a request fell due."""
    with own_world(database_url) as (settings, folder):
        progress.step("recording answers")
        key = prepare(settings, _seed)
        cycle = write_frames(folder / "checks", _checks(key), cycles=True)
        with server(settings, folder) as subject:
            measured = measure_at_rate(rate, subject, lambda _: cycle, progress)
            answers = _answers(subject)
    return {
        **measured.figures,
        "contacts": LOADED,
        "answers": answers,
        "verified": sum(answers.values()) == sum(measured.asked),
    }


async def _seed(services: Services) -> str:
    key = await open_business(services)
    await record_answers(services, one_yes_in=2)
    return key


def _checks(key: str) -> Iterator[bytes]:
    """Ask for everybody in turn: a yes, a no, a yes, a no."""
    headers = {"Authorization": f"Bearer {key}", "Content-Type": "application/json"}
    for person in range(LOADED):
        body = {"sender": SENDER_ID, "to": f"+{digits_of(person)}", "purpose": "marketing"}
        yield post("/v1/check", headers, json.dumps(body, separators=(",", ":")).encode())


def _answers(server: Running) -> dict[str, int]:
    """Read the server's own count of what it answered."""
    counts = {"allow": 0, "deny": 0}
    for found in _COUNTED.finditer(read_metrics(server)):
        counts[found["verdict"]] += int(float(found["count"]))
    return counts
