"""`python -m benchmarks gateway`: template sends through the full gate, beside a plain proxy."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

from askfirst.usecases.context.services import Services
from benchmarks.at_rate import Rate, measure_at_rate
from benchmarks.generators.frames import post, write_frames
from benchmarks.measure import Plan, measure
from benchmarks.progress import Progress
from benchmarks.setup.counting import count_rows
from benchmarks.setup.machine import Running
from benchmarks.setup.nginx import find_nginx, like_meta, proxy_to
from benchmarks.setup.people import LOADED, digits_of
from benchmarks.setup.seasoned import season
from benchmarks.setup.seeds import (
    BUSINESS,
    LANGUAGE,
    SENDER_ID,
    TEMPLATE,
    open_business,
    record_answers,
)
from benchmarks.setup.world import bare, own_world, prepare, server

CONNECTIONS = 32


def bench_gateway(plan: Plan, database_url: str | None, progress: Progress) -> dict[str, Any]:
    """Measure, and count the decisions that were written down."""
    with own_world(database_url) as (settings, folder):
        progress.step("recording answers")
        key = prepare(settings, _seed)
        season(settings, BUSINESS, (TEMPLATE,), (SENDER_ID,))
        cycle = write_frames(folder / "sends", _sends(key), cycles=True)
        with ExitStack() as running:
            upstream, baseline, words = _others(running, folder)
            subject = running.enter_context(server(settings, folder, upstream.address))
            measured = measure(plan, (subject, lambda _: cycle), (baseline, cycle), progress)
        progress.step("counting")
        rows = count_rows(settings)
    written = {name: rows[name] for name in ("decisions", "allowed", "outcomes", "contacts")}
    sends = sum(measured.asked)
    expected = {"decisions": sends, "allowed": sends, "outcomes": sends, "contacts": LOADED}
    return {
        **measured.figures(),
        "contacts": LOADED,
        "acknowledged": measured.answered,
        "written": written,
        "verified": written == expected,
        **words,
    }


def bench_gateway_at_rate(
    rate: Rate, database_url: str | None, progress: Progress
) -> dict[str, Any]:
    """Send at a rate; milliseconds count from when a send fell due."""
    with own_world(database_url) as (settings, folder):
        progress.step("recording answers")
        key = prepare(settings, _seed)
        season(settings, BUSINESS, (TEMPLATE,), (SENDER_ID,))
        cycle = write_frames(folder / "sends", _sends(key), cycles=True)
        with ExitStack() as running:
            upstream, _, words = _others(running, folder)
            subject = running.enter_context(server(settings, folder, upstream.address))
            measured = measure_at_rate(rate, subject, lambda _: cycle, progress)
        rows = count_rows(settings)
    written = {name: rows[name] for name in ("decisions", "allowed", "outcomes")}
    return {
        **measured.figures,
        "contacts": LOADED,
        "written": written,
        "verified": set(written.values()) == {sum(measured.asked)},
        "upstream": words["upstream"],
    }


async def _seed(services: Services) -> str:
    key = await open_business(services)
    await record_answers(services, one_yes_in=1)
    return key


def _others(running: ExitStack, folder: Path) -> tuple[Running, Running, dict[str, str]]:
    """Start Meta's stand-in and what the gateway is compared with."""
    nginx = find_nginx()
    if nginx is None:
        upstream = running.enter_context(bare(folder, "meta"))
        words = {
            "baseline": "raw ASGI hello-world on the same uvicorn",
            "upstream": "a small ASGI server on uvicorn",
        }
        return upstream, running.enter_context(bare(folder)), words
    upstream = running.enter_context(like_meta(nginx, folder / "upstream"))
    proxy = running.enter_context(proxy_to(nginx, folder / "proxy", upstream.address))
    words = {"baseline": "nginx proxy_pass, connections kept alive", "upstream": "nginx"}
    return upstream, proxy, words


def _sends(key: str) -> Iterator[bytes]:
    return (template_send(key, person) for person in range(LOADED))


def template_send(key: str, person: int) -> bytes:
    """Write the whole request that sends this person an offer through the gateway."""
    digits = digits_of(person)
    headers = {
        "Authorization": f"Bearer {key}",
        "Content-Type": "application/json",
        "User-Agent": digits,
    }
    body = {
        "messaging_product": "whatsapp",
        "recipient_type": "individual",
        "to": f"+{digits}",
        "type": "template",
        "template": {"name": TEMPLATE, "language": {"code": LANGUAGE}},
    }
    content = json.dumps(body, separators=(",", ":")).encode()
    return post(f"/v26.0/{SENDER_ID}/messages", headers, content)
