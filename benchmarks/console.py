"""`python -m benchmarks console`: how long an operator waits for each page.

The pages are asked for one after another, in this process, as the browser of an administrator asks.
"""

from __future__ import annotations

import asyncio
import statistics
import time
from collections.abc import Callable, Sequence
from typing import Any, Final

import httpx

from askfirst.decision.decision import Decision, Verdict
from askfirst.decision.question import MessageKind, SendRequest
from askfirst.decision.reason import Reason
from askfirst.domain.consent.event import Event
from askfirst.domain.operators.operator import OperatorRole
from askfirst.domain.values.alias import phone_alias
from askfirst.domain.values.errors import Unavailable
from askfirst.domain.values.ids import ContactId, DecisionId, Position, Prefix, mint
from askfirst.domain.values.timestamp import DAY, SECOND, Instant
from askfirst.ports.sending.gate import DecisionRecord
from askfirst.usecases.context.services import Services
from askfirst.usecases.operators.invite_operator import invite_operator, join
from askfirst.usecases.operators.write_down import Actor
from askfirst.usecases.stats.business_days import zone_of
from askfirst.usecases.stats.count_decisions import count_decisions
from askfirst.usecases.stats.follow_ledger import begin_build, follow_stretch
from askfirst.web.console.app import build_console
from askfirst.web.metrics import Metrics
from benchmarks.imports import import_people, phone_of, write_people
from benchmarks.progress import Progress
from benchmarks.setup.multiplied import multiply_decisions
from benchmarks.setup.seeds import BUSINESS, SENDER_ID, open_business
from benchmarks.setup.world import own_world, prepare

STEPS: Final = 4
_SITE: Final = "http://localhost:8000"
_HOME: Final = f"/console/{BUSINESS}"
_EMAIL, _PASSWORD = "admin@example.com", "a phrase that is long enough"
_CAMPAIGN: Final = "spring"
_DISTINCT: Final = 1_000
"""Decisions that are written down; the others are copies of them."""
_STRETCH: Final = 400
_PEOPLE_LOOKED_AT: Final = 50


def bench_console(
    contacts: int, decisions: int, rounds: int, database_url: str | None, progress: Progress
) -> dict[str, Any]:
    """Fill a ledger and a log of decisions, then open each page `rounds` times."""
    with own_world(database_url) as (settings, folder):
        progress.step("importing contacts")
        path = folder / "contacts.csv"
        write_people(path, range(contacts))
        prepare(settings, import_people(path))
        progress.step("writing decisions")
        prepare(settings, _deciding(contacts))
        multiply_decisions(settings, decisions // _DISTINCT - 1)
        progress.step("counting")
        prepare(settings, _follow)
        progress.step("opening pages")
        pages = prepare(settings, _opening(rounds))
        counted = prepare(settings, _counted)
    slowest = max(pages, key=lambda name: pages[name]["p95_ms"])
    return {
        "contacts": contacts,
        "decisions": decisions,
        "rounds": rounds,
        "pages": pages,
        "slowest": slowest,
        "slowest_p95_ms": pages[slowest]["p95_ms"],
        "verified": counted == (contacts, decisions),
    }


def _deciding(contacts: int) -> Callable[[Services], Any]:
    async def work(services: Services) -> None:
        await open_business(services)
        records = (_decided(services, number, contacts) for number in range(_DISTINCT))
        await asyncio.gather(*(services.decisions.record(one) for one in records))

    return work


def _decided(services: Services, number: int, contacts: int) -> DecisionRecord:
    """Three of four were allowed."""
    verdict = Verdict.ALLOW if number % 4 else Verdict.DENY
    question = SendRequest(
        business_id=BUSINESS,
        sender=SENDER_ID,
        recipients=(phone_alias(phone_of(number % contacts).removeprefix("+")),),
        kind=MessageKind.TEMPLATE,
        template="summer_offer",
        campaign=_CAMPAIGN,
    )
    decision = Decision(
        verdict=verdict,
        reasons=(Reason.OPTED_IN if verdict is Verdict.ALLOW else Reason.NO_OPT_IN,),
        rule=5,
        purpose="marketing",
        position=Position(1),
        policy_fingerprint="pol_0123456789abcdef",
    )
    decided_at = Instant(services.clock.now() - DAY)
    return DecisionRecord(
        decision_id=_id(decided_at, number),
        decided_at=decided_at,
        question=question,
        contact_id=ContactId(f"ctc_{number:022d}"),
        decision=decision,
        body=b"",
    )


def _id(at: Instant, number: int) -> DecisionId:
    """Make an id of its time: what is younger than a minute is counted by nobody yet."""
    digits = bytes([number // 1024 % 32, number // 32 % 32, number % 32])
    return DecisionId(mint(Prefix.DECISION, at * 1_000 // SECOND, digits.ljust(16, b"\0")))


async def _follow(services: Services) -> None:
    """Count the ledger and the decisions, as the task does meanwhile."""
    while not await count_decisions(services, BUSINESS):
        pass
    builds = await services.statistics.builds(BUSINESS)
    build = await begin_build(services, BUSINESS, builds, await zone_of(services, BUSINESS))
    is_level = False
    while not is_level:
        build, is_level = await follow_stretch(services, build, _STRETCH)


async def _counted(services: Services) -> tuple[int, int]:
    """Return how many events there are, and how many decisions the first page tells of."""
    verdicts = await services.decision_counts.by_verdict(BUSINESS, Instant(0))
    return await services.ledger.head(BUSINESS), sum(verdicts.values())


def _opening(rounds: int) -> Callable[[Services], Any]:
    async def work(services: Services) -> dict[str, dict[str, float]]:
        actor = Actor(business_id=BUSINESS, operator_id=None)
        invited = await invite_operator(services, actor, _EMAIL, OperatorRole.ADMIN)
        await join(services, BUSINESS, invited.link.rpartition("/")[2], "Admin", _PASSWORD)
        events = await services.ledger.events(BUSINESS, Position(0), _PEOPLE_LOOKED_AT)
        transport = httpx.ASGITransport(build_console(services, Metrics()))
        async with httpx.AsyncClient(transport=transport, base_url=_SITE) as browser:
            form = {"email": _EMAIL, "password": _PASSWORD}
            await browser.post(f"{_HOME}/sign-in", data=form, headers={"origin": _SITE})
            return {
                name: await _open(browser, addresses, rounds)
                for name, addresses in _pages(events).items()
            }

    return work


def _pages(events: Sequence[Event]) -> dict[str, list[str]]:
    people = [f"{_HOME}/people/{event.contact_id}" for event in events]
    campaign = f"{_HOME}/not-sent?campaign={_CAMPAIGN}"
    return {
        "home": [_HOME],
        "person": people,
        "why_not_sent": [campaign],
        "why_not_sent_people": [f"{campaign}&reason={Reason.NO_OPT_IN.value}"],
        "stops": [f"{_HOME}/stops"],
        "senders": [f"{_HOME}/senders"],
        "templates": [f"{_HOME}/templates"],
        "team": [f"{_HOME}/team"],
        "audit": [f"{_HOME}/audit"],
    }


async def _open(browser: httpx.AsyncClient, addresses: list[str], rounds: int) -> dict[str, float]:
    took, worked = [], []
    for number in range(rounds):
        began, cpu = time.perf_counter(), time.process_time()
        answer = await browser.get(addresses[number % len(addresses)])
        took.append((time.perf_counter() - began) * 1000)
        worked.append((time.process_time() - cpu) * 1000)
        if answer.status_code != httpx.codes.OK:
            raise Unavailable(f"a page was answered with {answer.status_code}")
    return {
        "p50_ms": round(statistics.median(took), 1),
        "p95_ms": round(sorted(took)[int(len(took) * 0.95)], 1),
        "cpu_ms": round(statistics.median(worked), 1),
    }
