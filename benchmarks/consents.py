"""`python -m benchmarks consents`: each a yes of somebody new, to a question that was rendered."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from askfirst.domain.prompts.interpolation import Filling
from askfirst.domain.prompts.prompt import PromptVersion
from askfirst.domain.prompts.prompt_token import prompt_token
from askfirst.domain.values.timestamp import HOUR, Instant
from askfirst.ports.platform.clock import Clock, Ids
from askfirst.ports.tenants.tokens import TokenKind, Tokens
from askfirst.usecases.context.services import Services
from askfirst.usecases.prompts.business_name import name_of
from askfirst.usecases.prompts.show_prompt import fill_prompt
from benchmarks.at_rate import Rate, measure_at_rate
from benchmarks.generators.frames import Frames, post, write_frames
from benchmarks.measure import Plan, measure
from benchmarks.progress import Progress
from benchmarks.setup.counting import count_rows
from benchmarks.setup.seeds import BUSINESS, open_business
from benchmarks.setup.world import bare, own_world, prepare, server

CONNECTIONS = 32
_QUESTION, _LOCALE = "signup", "en"
_AREAS = 10_000
_BASELINE_FRAMES = 1_000
_BARE_REQUESTS = 3
"""A yes costs more than so many bare requests, so no more of them are signed beforehand."""


@dataclass
class Customers:
    """New people, each with the token of a question of their own; numbers are spread over blocks.

    A token is signed as the server signs it when it renders.
    """

    key: str
    version: PromptVersion
    tokens: Tokens
    ids: Ids
    clock: Clock
    asked: int = 0

    def fresh(self, folder: Path, count: int) -> Frames:
        """Write answers of people who never answered, in place of the ones before."""
        return write_frames(folder / "consents", self.answers(count), cycles=False)

    def answers(self, count: int) -> Iterator[bytes]:
        """Write so many answers."""
        headers = {"Authorization": f"Bearer {self.key}", "Content-Type": "application/json"}
        until = Instant(self.clock.now() + HOUR)
        for number in range(self.asked, self.asked + count):
            block, end = number % _AREAS, number // _AREAS
            shown = prompt_token(
                self.version, business=BUSINESS, token_id=self.ids.secret(), until=until
            )
            body = {
                "verb": "grant",
                "contact": {"phone": f"+4477{block:04d}{end:04d}"},
                "prompt": {"token": self.tokens.sign(TokenKind.PROMPT, shown.fields())},
                "number_proof": "vouched",
            }
            content = json.dumps(body, separators=(",", ":")).encode()
            yield post("/v1/consents", headers, content)
        self.asked += count


def bench_consents(plan: Plan, database_url: str | None, progress: Progress) -> dict[str, Any]:
    """Measure, and count what stands in the ledger."""
    with own_world(database_url) as (settings, folder):
        progress.step("opening a business")
        people = prepare(settings, _seed)
        cycle = write_frames(folder / "cycle", people.answers(_BASELINE_FRAMES), cycles=True)

        def make(count: int) -> Frames:
            return people.fresh(folder, count // _BARE_REQUESTS)

        with server(settings, folder) as subject, bare(folder) as baseline:
            measured = measure(plan, (subject, make), (baseline, cycle), progress)
        progress.step("counting")
        rows = count_rows(settings)
    return {
        **measured.figures(),
        "acknowledged": measured.answered,
        **_written(rows, sum(measured.asked)),
        "baseline": "raw ASGI hello-world on the same uvicorn",
    }


def bench_consents_at_rate(
    rate: Rate, database_url: str | None, progress: Progress
) -> dict[str, Any]:
    """Answer at a rate; milliseconds count from when an answer fell due."""
    with own_world(database_url) as (settings, folder):
        progress.step("opening a business")
        people = prepare(settings, _seed)
        with server(settings, folder) as subject:
            measured = measure_at_rate(
                rate, subject, lambda count: people.fresh(folder, count), progress
            )
        rows = count_rows(settings)
    return {**measured.figures, **_written(rows, sum(measured.asked))}


def _written(rows: Mapping[str, int], asked: int) -> dict[str, Any]:
    written = {name: rows[name] for name in ("granted", "contacts", "newest")}
    return {"written": written, "verified": set(written.values()) == {asked}}


async def _seed(services: Services) -> Customers:
    key = await open_business(services)
    filling = Filling(business=await name_of(services, BUSINESS))
    filled = await fill_prompt(services, BUSINESS, _QUESTION, _LOCALE, filling)
    return Customers(
        key=key,
        version=filled.version,
        tokens=services.tokens,
        ids=services.ids,
        clock=services.clock,
    )
