"""`python -m benchmarks console`: how long an operator waits for each page.

The pages are asked for one after another, in this process, as the browser of an administrator asks.
Of many people some are imported and counted, the others are copied by the database
(`multiplied_people`). A ledger of copies does not verify as a chain, and no page reads it as one:
a person's page reads their events, names and evidence, the first page what was counted, and the
newest leaf is only quoted. PostgreSQL is vacuumed and analyzed before, as its autovacuum does by
itself a minute later; SQLite is left as askfirst leaves it.
"""

from __future__ import annotations

import asyncio
import re
import statistics
import time
from collections.abc import Awaitable, Callable, Sequence
from functools import partial
from pathlib import Path
from typing import Any, Final

import httpx

from askfirst.bootstrap.settings import Settings
from askfirst.decision.decision import Decision, Verdict
from askfirst.decision.question import MessageKind, SendRequest
from askfirst.decision.reason import Reason
from askfirst.domain.operators.operator import OperatorRole
from askfirst.domain.values.alias import phone_alias
from askfirst.domain.values.errors import InvalidInput, Unavailable
from askfirst.domain.values.ids import ContactId, DecisionId, Position, Prefix, mint
from askfirst.domain.values.timestamp import DAY, SECOND, Instant
from askfirst.ports.sending.gate import DecisionRecord
from askfirst.usecases.context.services import Services
from askfirst.usecases.operators.invite_operator import invite_operator, join
from askfirst.usecases.operators.see_home import see_home
from askfirst.usecases.operators.write_down import Actor
from askfirst.usecases.stats.business_days import zone_of
from askfirst.usecases.stats.count_decisions import count_decisions
from askfirst.usecases.stats.follow_ledger import begin_build, follow_stretch
from askfirst.web.console.app import build_console
from askfirst.web.metrics import Metrics
from benchmarks.imports import STOPS, import_people, phone_of, write_people, write_stops
from benchmarks.progress import Progress
from benchmarks.setup.multiplied import multiply_decisions
from benchmarks.setup.multiplied_people import multiply_people, vacuum
from benchmarks.setup.seeds import BUSINESS, SENDER_ID, open_business
from benchmarks.setup.world import own_world, prepare

STEPS: Final = 5
_SITE: Final = "http://localhost:8000"
_HOME: Final = f"/console/{BUSINESS}"
_EMAIL, _PASSWORD = "admin@example.com", "a phrase that is long enough"
_CAMPAIGN: Final = "spring"
_DISTINCT: Final = 1_000
"""Decisions that are written down; the others are copies of them."""
_ONE_STOP_IN: Final = 100
_STRETCH: Final = 400
_PEOPLE_LOOKED_AT: Final = 50
_TOKEN: Final = re.compile('name="form_token" value="([^"]+)"')
_Ask = Callable[[], Awaitable[httpx.Response]]


def bench_console(
    contacts: int,
    copies: int,
    decisions: int,
    rounds: int,
    database_url: str | None,
    progress: Progress,
) -> dict[str, Any]:
    """Fill a ledger and a log of decisions, then open each page `rounds` times.

    Raises:
        InvalidInput: the contacts cannot be so many copies of each.
    """
    if contacts % copies:
        raise InvalidInput("contacts", f"must be a multiple of the copies, {copies}")
    imported = contacts // copies
    stopped = range(0, imported, _ONE_STOP_IN)
    stops = len(stopped) * copies
    with own_world(database_url) as (settings, folder):
        began = time.perf_counter()
        progress.step("importing contacts")
        _import(settings, folder, imported, stopped)
        progress.step("writing decisions")
        prepare(settings, _deciding(imported))
        multiply_decisions(settings, decisions // _DISTINCT - 1)
        progress.step("counting")
        prepare(settings, _follow)
        progress.step("copying contacts")
        multiply_people(settings, copies)
        vacuum(settings)
        filled = time.perf_counter() - began
        progress.step("opening pages")
        pages = prepare(settings, _opening(rounds))
        counted = prepare(settings, _counted)
    slowest = max(pages, key=lambda name: pages[name]["p95_ms"])
    return {
        "contacts": contacts,
        "copies": copies,
        "stops": stops,
        "decisions": decisions,
        "rounds": rounds,
        "fill_s": round(filled, 1),
        "pages": pages,
        "slowest": slowest,
        "slowest_p95_ms": pages[slowest]["p95_ms"],
        "verified": counted == (contacts + stops, contacts - stops, decisions),
    }


def _import(settings: Settings, folder: Path, people: int, stopped: range) -> None:
    """One in a hundred said no later."""
    path = folder / "contacts.csv"
    write_people(path, range(people))
    prepare(settings, import_people(path))
    write_stops(path, stopped)
    prepare(settings, import_people(path, STOPS))


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


async def _counted(services: Services) -> tuple[int, int | None, int]:
    """Return how many events there are, and what the first page tells of people and decisions."""
    verdicts = await services.decision_counts.by_verdict(BUSINESS, Instant(0))
    sheet = await see_home(services, BUSINESS)
    return await services.ledger.head(BUSINESS), sheet.reachable, sum(verdicts.values())


def _opening(rounds: int) -> Callable[[Services], Any]:
    async def work(services: Services) -> dict[str, dict[str, float]]:
        actor = Actor(business_id=BUSINESS, operator_id=None)
        invited = await invite_operator(services, actor, _EMAIL, OperatorRole.ADMIN)
        await join(services, BUSINESS, invited.link.rpartition("/")[2], "Admin", _PASSWORD)
        people = await _people(services)
        transport = httpx.ASGITransport(build_console(services, Metrics()))
        async with httpx.AsyncClient(transport=transport, base_url=_SITE) as browser:
            form = {"email": _EMAIL, "password": _PASSWORD}
            await browser.post(f"{_HOME}/sign-in", data=form, headers={"origin": _SITE})
            pages = _pages(browser, people) | {"find": await _finding(browser)}
            return {name: await _open(asks, rounds) for name, asks in pages.items()}

    return work


async def _people(services: Services) -> list[ContactId]:
    """Name some who were imported, and as many from the middle, who are copies if any are."""
    head = await services.ledger.head(BUSINESS)
    return [
        event.contact_id
        for pair in zip(
            await services.ledger.events(BUSINESS, Position(0), _PEOPLE_LOOKED_AT // 2),
            await services.ledger.events(BUSINESS, Position(head // 2), _PEOPLE_LOOKED_AT // 2),
            strict=True,
        )
        for event in pair
    ]


async def _finding(browser: httpx.AsyncClient) -> list[_Ask]:
    """Type numbers of those who were imported, and be led to their pages."""
    page = await browser.get(f"{_HOME}/people")
    (token,) = _TOKEN.findall(page.text)[:1]
    forms = [
        {"form_token": token, "person": phone_of(number)} for number in range(_PEOPLE_LOOKED_AT)
    ]
    origin = {"origin": _SITE}
    return [
        partial(browser.post, f"{_HOME}/people", data=form, headers=origin, follow_redirects=True)
        for form in forms
    ]


def _pages(browser: httpx.AsyncClient, people: Sequence[ContactId]) -> dict[str, list[_Ask]]:
    campaign = f"{_HOME}/not-sent?campaign={_CAMPAIGN}"
    addresses = {
        "home": [_HOME],
        "person": [f"{_HOME}/people/{one}" for one in people],
        "why_not_sent": [campaign],
        "why_not_sent_people": [f"{campaign}&reason={Reason.NO_OPT_IN.value}"],
        "stops": [f"{_HOME}/stops"],
        "late_stops": [f"{_HOME}/stops/late"],
        "senders": [f"{_HOME}/senders"],
        "templates": [f"{_HOME}/templates"],
        "team": [f"{_HOME}/team"],
        "audit": [f"{_HOME}/audit"],
    }
    return {name: [partial(browser.get, at) for at in ats] for name, ats in addresses.items()}


async def _open(asks: Sequence[_Ask], rounds: int) -> dict[str, float]:
    took, worked = [], []
    for number in range(rounds):
        began, cpu = time.perf_counter(), time.process_time()
        answer = await asks[number % len(asks)]()
        took.append((time.perf_counter() - began) * 1000)
        worked.append((time.process_time() - cpu) * 1000)
        if answer.status_code != httpx.codes.OK:
            raise Unavailable(f"a page was answered with {answer.status_code}")
    return {
        "p50_ms": round(statistics.median(took), 1),
        "p95_ms": round(sorted(took)[int(len(took) * 0.95)], 1),
        "cpu_ms": round(statistics.median(worked), 1),
    }
