"""`python -m benchmarks codes`: asked for, sent, typed in, approved: such a pair is one."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from typing import Any

from askfirst.domain.codes.code_limits import CodeRules
from askfirst.domain.tenants.sender import Template, TemplateState
from askfirst.domain.values.purpose import Category
from askfirst.usecases.context.services import Services
from benchmarks.code_pairs import PairLoad
from benchmarks.generators.frames import Frames, post, write_frames
from benchmarks.measure import Plan, measure
from benchmarks.progress import Progress
from benchmarks.setup.counting import count_rows
from benchmarks.setup.seeds import BUSINESS, WABA_ID, open_business
from benchmarks.setup.world import bare, own_world, prepare, server

CONNECTIONS = 32
_LANGUAGE = "en"
_AREAS = 10_000
_PLENTY = str(10**9)
# What is measured is the work, not the limits: each pair is about a number of its own.
_SETTINGS = {
    "ASKFIRST_CODE_WHATSAPP_COST": "0",
    "ASKFIRST_CODE_BUSINESS_PER_HOUR": _PLENTY,
    "ASKFIRST_CODE_EVERYBODY_PER_HOUR": _PLENTY,
}


def bench_codes(plan: Plan, database_url: str | None, progress: Progress) -> dict[str, Any]:
    """Measure, and count what was approved and written into the ledger."""
    with own_world(database_url) as (settings, folder), ExitStack() as running:
        progress.step("opening a business")
        key = prepare(settings, _seed)
        upstream = running.enter_context(bare(folder, "codes"))
        subject = running.enter_context(server(settings, folder, upstream.address, _SETTINGS))
        baseline = running.enter_context(bare(folder))
        people = _People(key)

        def make(count: int) -> Frames:
            return write_frames(folder / "codes", people.ask(count), cycles=False)

        check = post("/", {"Content-Type": "application/json"}, b"{}")
        cycle = write_frames(folder / "hello", [check], cycles=True)
        generator = PairLoad(key, subject.address, upstream.address)
        own = Plan(
            rounds=plan.rounds,
            seconds=plan.seconds,
            connections=plan.connections,
            generator=generator,
        )
        measured = measure(own, (subject, make), (baseline, cycle), progress)
        progress.step("counting")
        running.close()
        rows = count_rows(settings)
    pairs = sum(measured.asked)
    written = {name: rows[name] for name in ("codes", "approved", "allowed", "confirmed")}
    return {
        **measured.figures(),
        "acknowledged": measured.answered,
        "written": written,
        "verified": set(written.values()) == {pairs},
        "baseline": "raw ASGI hello-world on the same uvicorn",
        "upstream": "a small ASGI server on uvicorn, which tells the load what was sent",
    }


@dataclass
class _People:
    """Numbers, a new one each time, spread over blocks as those of real people are."""

    key: str
    asked: int = 0

    def ask(self, count: int) -> Iterator[bytes]:
        headers = {"Authorization": f"Bearer {self.key}", "Content-Type": "application/json"}
        for number in range(self.asked, self.asked + count):
            block, end = number % _AREAS, number // _AREAS
            body = {"to": f"+4477{block:04d}{end:04d}", "channel": "whatsapp"}
            yield post("/v1/codes", headers, json.dumps(body).encode())
        self.asked += count


async def _seed(services: Services) -> str:
    key = await open_business(services)
    template = Template(
        business_id=BUSINESS,
        waba_id=WABA_ID,
        name=CodeRules().template,
        language=_LANGUAGE,
        category=Category.AUTHENTICATION,
        state=TemplateState.IN_SERVICE,
        seen_at=services.clock.now(),
    )
    await services.directory.put_templates((template,))
    return key
