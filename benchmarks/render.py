"""`python -m benchmarks render`: a question, ready to be shown, with the token that proves it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from askfirst.usecases.context.services import Services
from benchmarks.at_rate import Rate, measure_at_rate
from benchmarks.generators.frames import write_frames
from benchmarks.measure import Plan, measure
from benchmarks.progress import Progress
from benchmarks.setup.machine import Running
from benchmarks.setup.metrics import read_metrics
from benchmarks.setup.seeds import open_business
from benchmarks.setup.world import bare, own_world, prepare, server

CONNECTIONS = 32
_KEYS = ("signup", "login", "order", "code")
_LOCALES = ("en", "tr", "pt_BR", "ar", "id", "hi", "es", "fr")
_COUNTED = re.compile(
    r'^askfirst_requests_total\{door="api",status="200"\} (?P<count>[0-9.e+]+)$', re.MULTILINE
)


def bench_render(plan: Plan, database_url: str | None, progress: Progress) -> dict[str, Any]:
    """Measure, and have the server tell how many it rendered."""
    with own_world(database_url) as (settings, folder):
        progress.step("opening a business")
        key = prepare(settings, _seed)
        cycle = write_frames(folder / "renders", _renders(key), cycles=True)
        with server(settings, folder) as subject, bare(folder) as baseline:
            measured = measure(plan, (subject, lambda _: cycle), (baseline, cycle), progress)
            rendered = _rendered(subject)
    return {
        **measured.figures(),
        "questions": len(_KEYS),
        "languages": len(_LOCALES),
        "acknowledged": measured.answered,
        "rendered": rendered,
        "verified": rendered == sum(measured.asked),
        "baseline": "raw ASGI hello-world on the same uvicorn",
    }


def bench_render_at_rate(
    rate: Rate, database_url: str | None, progress: Progress
) -> dict[str, Any]:
    """Ask at a rate; milliseconds count from when a request fell due."""
    with own_world(database_url) as (settings, folder):
        progress.step("opening a business")
        key = prepare(settings, _seed)
        cycle = write_frames(folder / "renders", _renders(key), cycles=True)
        with server(settings, folder) as subject:
            measured = measure_at_rate(rate, subject, lambda _: cycle, progress)
            rendered = _rendered(subject)
    return {
        **measured.figures,
        "rendered": rendered,
        "verified": rendered == sum(measured.asked),
    }


async def _seed(services: Services) -> str:
    return await open_business(services)


def _renders(key: str) -> Iterator[bytes]:
    for locale in _LOCALES:
        for name in _KEYS:
            path = f"/v1/prompts/{name}/render?locale={locale}"
            lines = (f"GET {path} HTTP/1.1", "Host: 127.0.0.1", f"Authorization: Bearer {key}")
            yield "\r\n".join((*lines, "", "")).encode()


def _rendered(server: Running) -> int:
    found = _COUNTED.search(read_metrics(server))
    return int(float(found["count"])) if found else 0
