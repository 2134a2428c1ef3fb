"""`python -m benchmarks console`: how long an operator waits for each page.

The pages are asked for one after another, in this process, as the browser of an administrator asks.
Of many people some are imported and counted, the others are copied by the database
(`multiplied_people`). A ledger of copies does not verify as a chain, and no page reads it as one:
a person's page reads their events, names and evidence, and which place is the newest; the first
page reads what was counted. PostgreSQL is vacuumed and analyzed each time that much was written, as
its autovacuum does by itself a minute later; SQLite is left as askfirst leaves it.
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
from askfirst.domain.inbound.inbound_event import TextReceived
from askfirst.domain.operators.operator import OperatorRole
from askfirst.domain.values.alias import phone_alias, wa_id_alias
from askfirst.domain.values.errors import InvalidInput, Unavailable
from askfirst.domain.values.ids import ContactId, DecisionId, Position, Prefix, mint
from askfirst.domain.values.timestamp import DAY, SECOND, Instant
from askfirst.ports.sending.gate import DecisionRecord
from askfirst.usecases.context.services import Services
from askfirst.usecases.inbound.take_webhook import take_webhook
from askfirst.usecases.operators.invite_operator import invite_operator, join
from askfirst.usecases.operators.see_home import see_home
from askfirst.usecases.operators.write_down import Actor
from askfirst.usecases.stats.count_decisions import count_decisions
from askfirst.usecases.stats.follow_ledger import build_to_follow, follow_stretch
from askfirst.web.console.app import build_console
from askfirst.web.metrics import Metrics
from benchmarks.imports import STOPS, import_people, phone_of, write_people, write_stops
from benchmarks.progress import Progress
from benchmarks.setup.multiplied import multiply_decisions
from benchmarks.setup.multiplied_people import multiply_people, vacuum
from benchmarks.setup.seeds import BUSINESS, SENDER_ID, WABA_ID, open_business
from benchmarks.setup.world import own_world, prepare

STEPS: Final = 5
_SITE: Final = "http://localhost:8000"
_HOME: Final = f"/console/{BUSINESS}"
_EMAIL, _PASSWORD = "admin@example.com", "a phrase that is long enough"
_CAMPAIGN: Final = "spring"
_DISTINCT: Final = 1_000
"""Decisions that are written down; the others are copies of them."""
_ONE_STOP_IN: Final = 100
_ONE_COMPLAINT_IN: Final = 1_000
_COMPLAINT: Final = "I will report you for this harassment"
_STRETCH: Final = 400
_UNKNOWN: Final = 5
"""Stretches of the ledger that are counted before it is known how large counts become."""
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
    imported = range(contacts // copies)
    stops = len(imported[::_ONE_STOP_IN]) * copies
    complaints = len(imported[1::_ONE_COMPLAINT_IN]) * copies
    with own_world(database_url) as (settings, folder):
        began = time.perf_counter()
        fill(settings, folder, imported, decisions // _DISTINCT, progress)
        progress.step("copying contacts")
        multiply_people(settings, copies)
        vacuum(settings)
        filled = time.perf_counter() - began
        progress.step("opening pages")
        pages = prepare(settings, _opening(rounds, imported, copies))
        counted = prepare(settings, _counted)
    slowest = max(pages, key=lambda name: pages[name]["p95_ms"])
    events, reachable = contacts + stops + complaints, contacts - stops - complaints
    return {
        "contacts": contacts,
        "copies": copies,
        "stops": stops,
        "complaints": complaints,
        "decisions": decisions,
        "rounds": rounds,
        "fill_s": round(filled, 1),
        "pages": pages,
        "slowest": slowest,
        "slowest_p95_ms": pages[slowest]["p95_ms"],
        "verified": counted == (events, reachable, complaints, decisions),
    }


def fill(
    settings: Settings, folder: Path, people: range, thousands: int, progress: Progress
) -> None:
    """Let people say yes, some of them no later, and others complain; count all that."""
    progress.step("importing contacts")
    path = folder / "contacts.csv"
    write_people(path, people)
    prepare(settings, import_people(path))
    write_stops(path, people[::_ONE_STOP_IN])
    prepare(settings, import_people(path, STOPS))
    progress.step("writing decisions")
    prepare(settings, _deciding(len(people)))
    multiply_decisions(settings, thousands - 1)
    prepare(settings, _complaining(people[1::_ONE_COMPLAINT_IN]))
    progress.step("counting")
    _count(settings)


def _complaining(people: range) -> Callable[[Services], Any]:
    async def work(services: Services) -> None:
        for person in people:
            said = TextReceived(
                source_id=f"complaint|{person}",
                phone_number_id=SENDER_ID,
                waba_id=WABA_ID,
                aliases=(wa_id_alias(phone_of(person).removeprefix("+")),),
                occurred_at=services.clock.now(),
                text=_COMPLAINT,
            )
            await take_webhook(services, [said], b"")

    return work


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


def _count(settings: Settings) -> None:
    """Count the ledger and the decisions, as the task does meanwhile.

    PostgreSQL has to know how large its tables are by then, or it reads them whole at each step.
    """
    vacuum(settings)
    prepare(settings, _following(_UNKNOWN))
    vacuum(settings)
    prepare(settings, _following(None))


def _following(stretches: int | None) -> Callable[[Services], Any]:
    """Count all decisions, and so many stretches of the ledger, or all."""

    async def work(services: Services) -> None:
        while not await count_decisions(services, BUSINESS):
            pass
        build = await build_to_follow(services, BUSINESS)
        is_level, taken = False, 0
        while not is_level and taken != stretches:
            build, is_level = await follow_stretch(services, build, _STRETCH)
            taken += 1

    return work


async def _counted(services: Services) -> tuple[int, int | None, int, int]:
    """Return how many events there are, and what the first page tells of them and of decisions."""
    verdicts = await services.decision_counts.by_verdict(BUSINESS, Instant(0))
    head, sheet = await services.ledger.head(BUSINESS), await see_home(services, BUSINESS)
    backlog = sheet.work.backlog
    return head, sheet.reachable, backlog.count if backlog else 0, sum(verdicts.values())


def _opening(rounds: int, imported: range, copies: int) -> Callable[[Services], Any]:
    async def work(services: Services) -> dict[str, dict[str, float]]:
        actor = Actor(business_id=BUSINESS, operator_id=None)
        invited = await invite_operator(services, actor, _EMAIL, OperatorRole.ADMIN)
        await join(services, BUSINESS, invited.link.rpartition("/")[2], "Admin", _PASSWORD)
        people = await _people(services, copies)
        transport = httpx.ASGITransport(build_console(services, Metrics()))
        async with httpx.AsyncClient(transport=transport, base_url=_SITE) as browser:
            form = {"email": _EMAIL, "password": _PASSWORD}
            await browser.post(f"{_HOME}/sign-in", data=form, headers={"origin": _SITE})
            pages = _pages(browser, people) | {"find": await _finding(browser, imported)}
            return {name: await _open(asks, rounds) for name, asks in pages.items()}

    return work


async def _people(services: Services, copies: int) -> list[ContactId]:
    """Name some who were imported, and as many of all, from everywhere in the ledger."""
    head = await services.ledger.head(BUSINESS)
    half = _PEOPLE_LOOKED_AT // 2
    places = [head * number // part // half for number in range(half) for part in (copies, 1)]
    pages = [await services.ledger.events(BUSINESS, Position(place), 1) for place in places]
    return [event.contact_id for page in pages for event in page]


async def _finding(browser: httpx.AsyncClient, imported: range) -> list[_Ask]:
    """Type numbers of those who were imported, and be led to their pages."""
    page = await browser.get(f"{_HOME}/people")
    (token,) = _TOKEN.findall(page.text)[:1]
    ask = partial(browser.post, headers={"origin": _SITE}, follow_redirects=True)
    numbers = imported[:: max(1, len(imported) // _PEOPLE_LOOKED_AT)]
    forms = [{"form_token": token, "person": phone_of(number)} for number in numbers]
    return [partial(ask, f"{_HOME}/people", data=form) for form in forms]


def _pages(browser: httpx.AsyncClient, people: Sequence[ContactId]) -> dict[str, list[_Ask]]:
    campaign = f"{_HOME}/not-sent?campaign={_CAMPAIGN}"
    addresses = {
        "home": [_HOME],
        "person": [f"{_HOME}/people/{one}" for one in people],
        "why_not_sent": [campaign],
        "why_not_sent_people": [f"{campaign}&reason={Reason.NO_OPT_IN.value}"],
        "campaigns": [f"{_HOME}/not-sent"],
        "figures": [f"{_HOME}/figures", f"{_HOME}/figures?by=country&days=365"],
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
