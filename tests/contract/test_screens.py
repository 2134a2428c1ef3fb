"""A list that is screened, on both backends: the gate's own answers, at one ledger position."""

from __future__ import annotations

import asyncio
import csv
import io
from collections import Counter
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import replace
from random import Random
from typing import Any

import pytest

from askfirst.bootstrap.background_tasks import handlers_of
from askfirst.decision.facts import DecisionContext
from askfirst.decision.policy import Policy, Terms
from askfirst.decision.question import MessageKind, SendRequest
from askfirst.decision.rules.limits import brakes
from askfirst.domain.brakes.brake import Hold
from askfirst.domain.brakes.subject import BrakeScope
from askfirst.domain.bulk.screen_job import ScreenJob, ScreenSettings, ScreenState
from askfirst.domain.consent.choice import PauseUntil
from askfirst.domain.consent.event import Assurance, EventKind, NumberProof, Source
from askfirst.domain.consent.standing import NOTHING_SAID
from askfirst.domain.prompts.prompt import Surface
from askfirst.domain.tasks.task import LeasedTask, Queue, Task, TaskId
from askfirst.domain.values.alias import Alias, phone_alias
from askfirst.domain.values.errors import Conflict, InvalidInput, UnknownReference
from askfirst.domain.values.ids import ScreenId
from askfirst.domain.values.purpose import Category, Purpose
from askfirst.domain.values.timestamp import DAY, SECOND, Instant
from askfirst.ports.bulk.screens import Seen, Snapshot, YesClass
from askfirst.ports.consent.change import ContactErased, WriteBatch, WriteEntry
from askfirst.usecases.brakes.manage_brakes import Pause, set_brake
from askfirst.usecases.bulk.screens import run_screen, screen_files
from askfirst.usecases.bulk.screens.run_screen import go_on_with_screen, work_on_screen
from askfirst.usecases.bulk.screens.screen_files import rows_of_answer, screen_part
from askfirst.usecases.bulk.screens.start_screen import begin_screen, give_up_screen, receive_list
from askfirst.usecases.bulk.sweep_files import forget_old_screens
from askfirst.usecases.contacts.read_number import country_of_alias, place_of_alias
from askfirst.usecases.sending.check_send import check_send
from askfirst.usecases.sending.outbound.sends import Send
from askfirst.usecases.sending.send_message import send_message
from askfirst.usecases.tasks.worker import Worker
from tests.support.builders import (
    ANA,
    BEN,
    BUENOS_AIRES,
    BUENOS_AIRES_WITHOUT_9,
    BUSINESS,
    CLEO,
    SENDER,
    change,
    grant,
    opening,
    person,
    sender,
    statement,
    stop,
    unreachable,
)
from tests.support.bulk import in_pieces
from tests.support.clocks import NOON, at
from tests.support.mortal import Mortal, Power
from tests.support.reading import contact_of
from tests.support.services import World, changed

MARKETING = ScreenSettings(sender=SENDER, purpose="marketing")
STRANGERS = tuple(phone_alias(f"3361234560{n}") for n in range(4))
OWN = phone_alias("15550100001")
PEOPLE = (ANA, BEN, CLEO, BUENOS_AIRES, BUENOS_AIRES_WITHOUT_9, *map(person, range(9)))


async def say(world: World, *acts: Any) -> None:
    await world.store.ledger.commit(change(*acts, at=world.clock.now()))


async def with_sender(world: World) -> None:
    await world.store.directory.put_sender(sender(), "EAAG", NOON)


async def start(world: World, content: str, settings: ScreenSettings = MARKETING) -> ScreenJob:
    job = await begin_screen(world.services, BUSINESS, settings)
    return await receive_list(world.services, job, in_pieces(content.encode()))


async def screen(world: World, content: str, settings: ScreenSettings = MARKETING) -> ScreenJob:
    job = await start(world, content, settings)
    job = await go_on_with_screen(world.services, job)
    assert job.problem == ""
    return job


def listed(people: Sequence[Alias], header: str = "Phone") -> str:
    return "\n".join((header, *(f"+{one.value}" for one in people))) + "\n"


async def told(world: World, job: ScreenJob) -> dict[int, tuple[str, str, str]]:
    """Return verdict, reason and time by line, out of the files of all answers."""
    found = {}
    for one in job.counts:
        text = "".join(
            [part async for part in rows_of_answer(world.services, job, one.verdict, one.reason)]
        )
        rows = list(csv.DictReader(io.StringIO(text)))
        assert len(rows) == one.rows
        for row in rows:
            assert int(row["line"]) not in found
            found[int(row["line"])] = (row["verdict"], row["reason"], row["retry_at"])
    return found


def asked(world: World, alias: Alias, **parts: Any) -> SendRequest:
    known: dict[str, Any] = {
        "business_id": BUSINESS,
        "sender": SENDER,
        "recipients": (alias,),
        "kind": MessageKind.PURPOSE,
        "purpose": Purpose("marketing"),
        "country": country_of_alias(world.services, alias),
        "place": place_of_alias(world.services, alias),
    }
    return SendRequest(**(known | parts))


async def live(world: World, seed: int) -> None:
    """Let people say and be sent many things."""
    dice = Random(seed)
    sure = {"assurance": Assurance.SHOWN, "number_proof": NumberProof.VOUCHED}
    for number in range(40):
        who, when = dice.choice(PEOPLE), at(-dice.randrange(10**6))
        purposes = dice.choice([("marketing",), ("marketing.offers",), ("utility",)])
        until = PauseUntil(at(dice.randrange(-(10**6), 10**6)))
        acts = (
            grant(who, at=when, purposes=purposes, **sure),
            grant(who, at=when, purposes=purposes, assurance=Assurance.ASSERTED),
            stop(who, at=when),
            stop(who, at=when, purposes=purposes),
            statement(EventKind.PAUSED, who, at=when, purposes=("marketing",), choice=until),
            statement(EventKind.NATIVE_STOPPED, who, at=when, sender=SENDER),
            statement(EventKind.SUSPENDED, who, at=when),
            opening(who, at=when),
            unreachable(who, at=when),
        )
        await say(world, acts[number % len(acts)] if number % 2 else acts[0])
    for who in dice.choices(PEOPLE, k=12):
        message = Send(question=asked(world, who), target="/x", headers={}, body=b"{}")
        await send_message(world.services, message)


@pytest.mark.parametrize("seed", range(3))
async def test_the_answers_are_those_of_the_gate(world: World, seed: int) -> None:
    await with_sender(world)
    await live(world, seed)
    people = (*PEOPLE, *STRANGERS, OWN)
    job = await screen(world, listed(people))
    found = await told(world, job)
    assert len(found) == len(people) == job.rows == sum(one.rows for one in job.counts)
    for line, alias in enumerate(people, start=2):
        decision = await check_send(world.services, asked(world, alias))
        assert found[line][:2] == (decision.verdict.value, decision.reason.value)
        assert bool(found[line][2]) is (decision.retry_at is not None)
        assert job.position == decision.position
        assert job.policy == decision.policy_fingerprint
    assert len(job.counts) > 3


async def test_facts_of_a_snapshot_are_those_that_the_gate_reads(world: World) -> None:
    await with_sender(world)
    await live(world, 7)
    people = (*PEOPLE, *STRANGERS, OWN)
    async with world.services.screens.snapshot() as state:
        question = asked(world, ANA)
        nobody = await state.nobody(question)
        seen = await state.look(question, people, lambda *yes: yes)
    assert len({one.likeness for one in seen if one}) > 2
    for name, one in zip(people, seen, strict=True):
        read = await world.services.gate.look(asked(world, name))
        if one is None or not one.likeness:
            assert (one.facts if one else nobody) == read
        else:  # all but who they are, and where their one yes stands in the ledger
            assert replace(one.facts, contacts=(), standing=NOTHING_SAID) == replace(
                read, contacts=(), standing=NOTHING_SAID
            )


AGES = Policy(
    purposes={
        Category.MARKETING: Terms(age_days_max=365, idle_days_max=90),
        Category.UTILITY: Terms(assurance_min=Assurance.SHOWN),
        Category.AUTHENTICATION: Terms(),
    },
    topics=frozenset({"marketing.offers"}),
    topic_days={"marketing.offers": 30},
)


async def test_people_with_one_yes_each_have_the_answers_of_the_gate(world: World) -> None:
    world = replace(world, services=changed(world.services, policy=AGES))
    await with_sender(world)
    dice = Random(3)
    people = [person(number) for number in range(60)]
    for who in people:
        days = dice.choice([1, 29, 30, 31, 89, 90, 91, 364, 365, 366])
        when = Instant(world.clock.now() - days * DAY + dice.choice([-SECOND, 0, SECOND]))
        purposes = dice.choice([("marketing",), ("marketing.offers",), ("utility",)])
        proof = {"assurance": dice.choice(list(Assurance)), "number_proof": NumberProof.VOUCHED}
        await say(world, grant(who, at=when, purposes=purposes, **proof))
        if dice.random() < 0.2:
            await say(world, opening(who, at=Instant(world.clock.now() - 80 * DAY)))
    for purpose in ("marketing", "marketing.offers", "utility"):
        found = await told(
            world, await screen(world, listed(people), replace(MARKETING, purpose=purpose))
        )
        for line, alias in enumerate(people, start=2):
            question = asked(world, alias, purpose=Purpose(purpose))
            decision = await check_send(world.services, question)
            assert found[line][:2] == (decision.verdict.value, decision.reason.value)
        assert len({answer[1] for answer in found.values()}) > 1


async def test_who_was_sent_enough_waits_beside_who_is_alike_but_for_that(world: World) -> None:
    await with_sender(world)
    sure = {"assurance": Assurance.SHOWN, "number_proof": NumberProof.VOUCHED}
    for who in (ANA, BEN):
        await say(world, grant(who, at=at(-60), **sure))
    message = Send(question=asked(world, BEN), target="/x", headers={}, body=b"{}")
    await send_message(world.services, message)
    found = await told(world, await screen(world, listed((ANA, BEN))))
    for line, alias in enumerate((ANA, BEN), start=2):
        decision = await check_send(world.services, asked(world, alias))
        assert found[line][:2] == (decision.verdict.value, decision.reason.value)
    assert found[2] != found[3]


async def test_a_brake_on_one_list_of_imported_people_holds_that_list_only(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(brakes, "LIST_SIZE", 4)
    await with_sender(world)
    people = [person(number) for number in range(12)]
    sure = {"assurance": Assurance.SHOWN, "number_proof": NumberProof.VOUCHED}
    for who in people:
        await say(world, grant(who, at=at(-60), surface=Surface.IMPORT, **sure))
    pause = Pause(
        business_id=BUSINESS,
        scope=BrakeScope.LIST,
        subject="from-5",
        holds=Hold.MARKETING,
        until=None,
        by="ops",
        reason="bought",
    )
    await set_brake(world.services, pause)
    found = await told(world, await screen(world, listed(people)))
    for line, alias in enumerate(people, start=2):
        decision = await check_send(world.services, asked(world, alias))
        assert found[line][:2] == (decision.verdict.value, decision.reason.value)
    assert len({answer[1] for answer in found.values()}) == 2


async def test_a_business_of_which_nothing_is_known_has_only_strangers(world: World) -> None:
    job = await screen(world, listed(STRANGERS))
    assert {(one.verdict, one.rows) for one in job.counts} == {("deny", len(STRANGERS))}


async def test_nobody_who_is_unknown_may_be_written_to(world: World) -> None:
    await with_sender(world)
    await say(world, grant(ANA, at=at(-60)))
    job = await screen(world, listed((ANA, *STRANGERS)))
    counts = {(one.verdict, one.reason): one.rows for one in job.counts}
    assert counts == {("allow", "opted_in"): 1, ("deny", "no_opt_in"): len(STRANGERS)}


async def test_strangers_of_another_country_are_judged_by_theirs(world: World) -> None:
    await with_sender(world)
    await say(world, grant(ANA, at=at(-60)))
    people = (*STRANGERS, phone_alias("5355512345"), phone_alias("12125550123"))  # Cuba, New York
    job = await screen(world, listed(people))
    found = await told(world, job)
    for line, alias in enumerate(people, start=2):
        decision = await check_send(world.services, asked(world, alias))
        assert found[line][:2] == (decision.verdict.value, decision.reason.value)
    assert len(job.counts) > 1


async def test_who_is_erased_may_not_be_written_to(world: World) -> None:
    await with_sender(world)
    await say(world, grant(ANA, at=at(-60)))
    contact = await contact_of(world.store, ANA)
    gone = ContactErased(
        aliases=(ANA,), contact_id=contact, at=world.clock.now(), source=Source.CLI, evidence=b"{}"
    )
    entries = (WriteEntry(acts=(gone,)),)
    batch = WriteBatch(business_id=BUSINESS, recorded_at=world.clock.now(), items=entries)
    await world.store.ledger.commit(batch)
    assert [one.verdict for one in (await screen(world, listed((ANA,)))).counts] == ["deny"]


class Meddling:
    """Screenings beside which somebody writes, after each look at a state of the database."""

    def __init__(self, world: World, acts: Sequence[Any]) -> None:
        self._world, self._acts = world, list(acts)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._world.services.screens, name)

    @asynccontextmanager
    async def snapshot(self) -> AsyncIterator[Snapshot]:
        async with self._world.services.screens.snapshot() as state:
            self._state = state
            yield self

    async def nobody(self, question: SendRequest) -> DecisionContext:
        return await self._state.nobody(question)

    async def look(
        self, question: SendRequest, names: Sequence[Alias | str], yes_class: YesClass
    ) -> Sequence[Seen | None]:
        found = await self._state.look(question, names, yes_class)
        if self._acts:
            await say(self._world, self._acts.pop(0))
        return found


async def test_all_rows_are_answered_at_one_position_whatever_is_said_meanwhile(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(run_screen, "SCREEN_ROWS", 1)
    await with_sender(world)
    await say(world, grant(ANA, at=at(-60)), grant(BEN, at=at(-60)), grant(CLEO, at=at(-60)))
    head = await world.store.ledger.head(BUSINESS)
    job = await start(world, listed((ANA, BEN, CLEO)))
    meddling: Any = Meddling(world, [stop(BEN), stop(CLEO)])
    job = await go_on_with_screen(replace(world.services, screens=meddling), job)
    assert (job.state, job.position) == (ScreenState.DONE, head)
    assert [(one.reason, one.rows) for one in job.counts] == [("opted_in", 3)]
    assert [one.rows for one in (await screen(world, listed((BEN, CLEO)))).counts] == [2]


async def test_the_gate_decides_again_whatever_a_list_said(world: World) -> None:
    await with_sender(world)
    await say(world, grant(ANA, at=at(-60)))
    job = await screen(world, listed((ANA,)))
    assert job.counts[0].verdict == "allow"
    await say(world, stop(ANA))
    assert not (await check_send(world.services, asked(world, ANA))).allowed


async def test_the_file_of_an_answer_has_the_rows_of_the_list_and_no_formula(world: World) -> None:
    await with_sender(world)
    await say(world, grant(ANA, at=at(-60)))
    content = 'Name,Phone\n=HYPERLINK("x"),+33612345601\n@Bo,4.477E+11\n-1,+33612345602\n'
    job = await screen(world, content)
    denied = await screen_part(world.services, job, "deny", "no_opt_in", 0)
    assert denied.splitlines() == [
        "line,verdict,reason,retry_at,Name,Phone",
        '2,deny,no_opt_in,,"\'=HYPERLINK(""x"")",+33612345601',
        "4,deny,no_opt_in,,'-1,+33612345602",
    ]
    unread = await screen_part(world.services, job, "unread", "scientific_notation", 0)
    assert unread.splitlines()[1:] == ["3,unread,scientific_notation,,'@Bo,4.477E+11"]
    with pytest.raises(UnknownReference):
        await screen_part(world.services, job, "allow", "opted_in", 0)
    with pytest.raises(UnknownReference):
        await screen_part(world.services, job, "deny", "no_opt_in", 1)


async def test_long_rows_are_kept_in_more_parts(world: World) -> None:
    await with_sender(world)
    job = await screen(world, "Phone\n" + ("1" * 600_000 + "\n") * 4)
    (count,) = job.counts
    assert (count.verdict, count.reason, count.rows) == ("unread", "cell_too_long", 4)
    assert count.parts == 2


@pytest.mark.parametrize(
    ("content", "problem"),
    [("Name,City\nAda,Paris\n", "columns"), ("\0\0", "file"), ("PK\3\4 broken", "file")],
)
async def test_what_is_no_list_of_people_is_refused_with_what_would_be_right(
    world: World, content: str, problem: str
) -> None:
    await with_sender(world)
    job = await go_on_with_screen(world.services, await start(world, content))
    assert job.state is ScreenState.UNREADABLE
    assert job.problem.startswith(problem)
    with pytest.raises(Conflict):
        await screen_part(world.services, job, "deny", "no_opt_in", 0)


async def test_the_only_sender_need_not_be_named(world: World) -> None:
    with pytest.raises(InvalidInput, match="phone number id"):
        await begin_screen(world.services, BUSINESS, replace(MARKETING, sender=""))
    await with_sender(world)
    job = await begin_screen(world.services, BUSINESS, replace(MARKETING, sender=""))
    assert job.settings.sender == SENDER


async def test_whoever_is_killed_at_any_of_many_points_counts_no_row_twice(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(run_screen, "SCREEN_ROWS", 2)
    monkeypatch.setattr(screen_files, "_PART_ROWS", 1)
    await with_sender(world)
    await say(world, grant(ANA, at=at(-60)), stop(BEN, at=at(-60)))
    content = listed((ANA, BEN, *STRANGERS * 4, BUENOS_AIRES, CLEO)) + "nonsense\n"
    whole = Counter((await told(world, await screen(world, content))).values())
    deaths = 0
    for fuse in range(1, 51):
        job = await start(world, content)
        screens: Any = Mortal(world.services.screens, [fuse], {"snapshot"})
        try:
            await go_on_with_screen(replace(world.services, screens=screens), job)
        except Power:
            deaths += 1
        world.clock.advance(60)
        task = Task(BUSINESS, Queue.SCREENS, TaskId(job.screen_id))
        leased = LeasedTask(task=task, until=world.clock.now(), attempts=1)
        assert await work_on_screen(world.services, leased) is None
        done = await world.services.screens.find(BUSINESS, job.screen_id)
        assert done is not None
        assert done.state is ScreenState.DONE
        assert Counter((await told(world, done)).values()) == whole
    assert deaths > 30


async def test_two_at_one_list_do_not_mix_their_answers(world: World) -> None:
    await with_sender(world)
    job = await start(world, listed(STRANGERS))
    done = await go_on_with_screen(world.services, job)
    late = await go_on_with_screen(world.services, job)  # it had read the job before
    assert (late.attempt, late.state) == (done.attempt, ScreenState.DONE)


async def test_whoever_is_at_work_is_left_at_it(world: World) -> None:
    job = await start(world, listed(STRANGERS))
    begun = replace(job, attempt=1, seen_at=world.clock.now())
    assert await world.services.screens.change(begun)
    task = Task(BUSINESS, Queue.SCREENS, TaskId(job.screen_id))
    leased = LeasedTask(task=task, until=world.clock.now(), attempts=1)
    again_at = await work_on_screen(world.services, leased)
    assert again_at is not None
    assert again_at > world.clock.now()


async def test_a_screening_that_is_given_up_leaves_nothing(world: World) -> None:
    await with_sender(world)
    job = await start(world, listed(STRANGERS))
    await give_up_screen(world.services, BUSINESS, job.screen_id)
    with pytest.raises(UnknownReference):
        await go_on_with_screen(world.services, job)
    nothing = LeasedTask(
        task=Task(BUSINESS, Queue.SCREENS, TaskId(ScreenId("scr_0"))), until=Instant(1), attempts=1
    )
    assert await work_on_screen(world.services, nothing) is None


async def test_lists_are_forgotten_after_a_week(world: World) -> None:
    await with_sender(world)
    job = await screen(world, listed(STRANGERS))
    world.clock.advance(8 * DAY // 1_000_000)
    await forget_old_screens(world.services, BUSINESS)
    assert await world.services.screens.find(BUSINESS, job.screen_id) is None


async def test_a_small_list_is_done_while_a_large_one_is_screened(world: World) -> None:
    await with_sender(world)
    large = await start(world, listed(tuple(map(person, range(9)))) * 3_000)
    world.clock.advance(1)
    small = await start(world, listed(STRANGERS))
    world.clock.advance(1)
    handlers = {Queue.SCREENS: handlers_of(world.services)[Queue.SCREENS]}
    worker = Worker(world.store.tasks, handlers, world.clock, world.telemetry)

    async def work() -> None:
        while True:
            await worker.look()

    working = asyncio.create_task(work())
    states: dict[ScreenId, ScreenState] = {}
    while states.get(small.screen_id) is not ScreenState.DONE and not working.done():
        jobs = await world.services.screens.list(BUSINESS, "", 9)
        states = {job.screen_id: job.state for job in jobs}
        await asyncio.sleep(0)
    working.cancel()
    await worker.close()
    assert states[small.screen_id] is ScreenState.DONE
    assert states[large.screen_id] is ScreenState.SCREENING
