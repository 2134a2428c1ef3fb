"""A file of people on both backends: a yes adds and never revives, and nothing counts twice."""

from __future__ import annotations

from typing import Any

import pytest

from askfirst.domain.bulk.cell_times import EARLIEST
from askfirst.domain.bulk.import_job import ImportJob, ImportState
from askfirst.domain.bulk.import_settings import DateOrder, ImportMode, ImportSettings, Role
from askfirst.domain.bulk.table import Record
from askfirst.domain.consent.event import Assurance, EventKind, NumberProof, Source
from askfirst.domain.consent.standing import Answer
from askfirst.domain.opt_out.stop_file import StopFile
from askfirst.domain.tasks.task import LeasedTask, Queue
from askfirst.domain.value import replace
from askfirst.domain.values.errors import Conflict, Unavailable, UnknownReference
from askfirst.domain.values.ids import ContactId
from askfirst.domain.values.timestamp import DAY, HOUR, MINUTE, Instant, to_datetime
from askfirst.ports.consent.change import ContactErased, ImportPart, WriteBatch, WriteEntry
from askfirst.usecases.bulk.imports import prepare_import
from askfirst.usecases.bulk.imports.preparations import Preparations
from askfirst.usecases.bulk.imports.receive_import import (
    begin_import,
    confirm_import,
    give_up_import,
    receive_file,
    task_of,
)
from askfirst.usecases.bulk.imports.report_import import report_of
from askfirst.usecases.bulk.imports.run_import import go_on_with_import, work_on_import
from askfirst.usecases.bulk.sweep_files import forget_old_imports
from askfirst.usecases.context.services import Services
from askfirst.usecases.opt_out.import_stops import import_stops
from tests.support.builders import ANA, BEN, BUSINESS, CLEO, change, grant, stop
from tests.support.bulk import answer, be_british, find, in_pieces, outcomes, run, send, table, take
from tests.support.clocks import at
from tests.support.mortal import Mortal, Power
from tests.support.reading import all_events, answer_of, assert_sound, contact_of
from tests.support.services import World
from tests.support.workbooks import workbook

WORDS = "I agree to offers from Acme on WhatsApp. I can stop at any time."
PROOF_HEADER = "Mobile,Agreed,Wording,Signed at,How,Collected by"
SURE = {"assurance": Assurance.SHOWN, "number_proof": NumberProof.VOUCHED}
YEARS_AGO = -900 * 86_400


async def say(world: World, act: Any) -> None:
    await world.store.ledger.commit(change(act, at=world.clock.now()))


async def test_nothing_is_recorded_before_the_preview_is_confirmed(world: World) -> None:
    job = await send(world, table("+447700900123,yes,2025-05-02T09:30:00Z"))
    assert job.state is ImportState.READY
    assert await all_events(world.store) == ()
    with pytest.raises(Conflict):
        await confirm_import(world.services, BUSINESS, job.import_id, "another hash")
    await run(world, job)
    (event,) = await all_events(world.store)
    assert (event.kind, event.source, event.purposes) == (
        EventKind.GRANTED,
        Source.IMPORT,
        ("marketing",),
    )
    assert (event.assurance, event.number_proof) == (Assurance.ASSERTED, NumberProof.VOUCHED)


async def test_the_preview_counts_what_will_become_of_each_row(world: World) -> None:
    await be_british(world)
    await say(world, stop(ANA, at=at(-60)))
    await say(world, grant(BEN, at=at(-60), **SURE))
    job = await send(
        world,
        table(
            "+447700900123,yes,2025-05-02T09:30:00Z",
            "+447700900456,yes,2025-05-02T09:30:00Z",
            "07700 900789,yes,",
            "'+447700900789,yes,",
            "4.47701E+11,yes,",
            "+447700900111,,",
        ),
    )
    assert job.preview is not None
    told = {one.reason or one.outcome: (one.rows, one.lines) for one in job.preview.summary.counts}
    assert told == {
        "already_no": (1, (2,)),
        "already_yes": (1, (3,)),
        "yes": (1, (4,)),
        "duplicate": (1, (5,)),
        "scientific_notation": (1, (6,)),
        "no_answer": (1, (7,)),
    }
    assert job.preview.summary.said_no == 1
    assert job.preview.summary.asserted == 1
    assert dict(job.preview.summary.repairs) == {"apostrophe": 1}


async def test_a_yes_of_a_file_never_lifts_a_no(world: World) -> None:
    await say(world, stop(ANA, at=at(-60)))
    told = await take(
        world,
        table(
            f"+447700900123,yes,{WORDS},2025-12-01T00:00:00Z,paper form,Jo",
            f"+447700900123,yes,{WORDS},2026-01-14T00:00:00Z,paper form,Jo",
            header=PROOF_HEADER,
        ),
    )
    assert set(told.values()) == {"already_no"}
    assert await answer_of(world.store, ANA) is Answer.WITHDRAWN


async def test_a_no_of_the_file_stands_whatever_yes_the_file_has(world: World) -> None:
    rows = (
        "+447700900123,no,2025-01-01T10:00:00Z",
        "+447700900123,yes,2025-02-01T10:00:00Z",
        "+447700900456,yes,2025-02-01T10:00:00Z",
        "+447700900456,no,2025-01-01T10:00:00Z",
        "+447700900789,yes,",
        "+447700900789,no,",
    )
    told = await take(world, table(*rows))
    assert [told[line] for line in (2, 3, 4)] == ["stop", "contradicted", "contradicted"]
    for person in (ANA, BEN, CLEO):
        assert await answer_of(world.store, person) is Answer.WITHDRAWN
    await assert_sound(world.store)


async def test_an_old_no_ends_no_yes_that_was_said_after_it(world: World) -> None:
    await say(world, grant(ANA, at=at(-60), **SURE))
    told = await take(world, table("+447700900123,no,2024-01-01T10:00:00Z"))
    assert told == {2: "older"}
    assert await answer_of(world.store, ANA) is Answer.GRANTED


async def test_a_yes_without_a_time_is_older_than_any_no(world: World) -> None:
    assert await take(world, table("+447700900123,yes,")) == {2: "yes"}
    assert [event.occurred_at for event in await all_events(world.store)] == [EARLIEST]
    assert await take(world, table("+447700900123,no,2024-01-01T10:00:00Z")) == {2: "stop"}
    assert await answer_of(world.store, ANA) is Answer.WITHDRAWN


async def test_an_empty_cell_erases_nothing(world: World) -> None:
    await say(world, grant(ANA, at=at(-60), **SURE))
    assert await take(world, table("+447700900123,,")) == {2: "no_answer"}
    assert await answer_of(world.store, ANA) is Answer.GRANTED


async def test_only_words_time_how_and_who_together_are_proof(world: World) -> None:
    told = await take(
        world,
        table(
            f"+447700900123,yes,{WORDS},2025-05-02T09:30:00Z,paper form,Jo",
            f"+447700900456,yes,{WORDS},2025-05-02T09:30:00Z,-,Jo",
            "+447700900789,yes,,2025-05-02T09:30:00Z,paper form,Jo",
            header=PROOF_HEADER,
        ),
    )
    assert told == {2: "yes_with_proof", 3: "yes", 4: "yes"}
    sure = [event.assurance for event in await all_events(world.store)]
    assert sure == [Assurance.SHOWN, Assurance.ASSERTED, Assurance.ASSERTED]


async def test_better_evidence_for_the_same_yes_is_kept(world: World) -> None:
    header = PROOF_HEADER
    weak = "+447700900123,yes,,2025-05-02T09:30:00Z,,"
    proven = f"+447700900123,yes,{WORDS},2025-05-02T09:30:00Z,paper form,Jo"
    assert await take(world, table(weak, header=header)) == {2: "yes"}
    assert await take(world, table(proven, header=header)) == {2: "yes_with_proof"}
    assert await take(world, table(proven, weak, header=header)) == {2: "known", 3: "duplicate"}


async def test_an_erased_person_stays_out(world: World) -> None:
    await say(world, grant(ANA, at=at(-60), **SURE))
    contact = await contact_of(world.store, ANA)
    await erase(world, contact)
    head = await world.store.ledger.head(BUSINESS)
    told = await take(world, table("+447700900123,yes,", "+447700900123,no,"))
    assert told == {2: "not_contactable", 3: "not_contactable"}
    assert await world.store.ledger.head(BUSINESS) == head


async def erase(world: World, contact: ContactId) -> None:
    erased = ContactErased(
        aliases=(ANA,),
        contact_id=contact,
        at=world.clock.now(),
        source=Source.CLI,
        evidence=b"{}",
    )
    entry = WriteEntry(acts=(erased,))
    batch = WriteBatch(business_id=BUSINESS, recorded_at=world.clock.now(), items=(entry,))
    await world.store.ledger.commit(batch)


async def test_who_is_erased_between_preview_and_run_stays_out(world: World) -> None:
    await say(world, grant(ANA, at=at(YEARS_AGO)))
    job = await send(world, table("+447700900123,yes,2025-05-02T09:30:00Z", "+447700900456,yes,"))
    await erase(world, await contact_of(world.store, ANA))
    job = await run(world, job)
    assert await outcomes(world, job) == {2: "not_contactable", 3: "yes"}


async def test_the_same_file_again_changes_nothing_even_after_a_new_yes(world: World) -> None:
    file = table("+447700900123,no,", "+447700900456,yes,", "+447700900789,yes,2025-05-02")
    await take(world, file, time_zone="Europe/London")
    world.clock.advance(3600)
    await say(world, grant(ANA, at=at(3600), **SURE))
    before = await all_events(world.store)
    told = await take(world, file, time_zone="Europe/London")
    assert set(told.values()) == {"known"}
    assert await all_events(world.store) == before
    assert await answer_of(world.store, ANA) is Answer.GRANTED


async def test_a_stop_is_one_through_whichever_door_its_file_came(world: World) -> None:
    file = b"phone,said_at\n+447700900123,2025-05-02T09:30:00Z\n+447700900456,\n"
    stops = StopFile(file)
    await import_stops(world.services, BUSINESS, stops.digest, stops.rows())
    before = await all_events(world.store)
    told = await take(world, file, mode=ImportMode.SUPPRESSION, purpose="")
    assert told == {2: "known", 3: "known"}
    assert await all_events(world.store) == before


async def test_in_a_list_of_stops_every_number_that_a_cell_may_mean_stops(world: World) -> None:
    await be_british(world)
    file = table("07700 900123 / 07700 900456", "+447700900789 ext. 4", "4.47E+11", header="phone")
    job = await run(world, await send(world, file, mode=ImportMode.SUPPRESSION, purpose=""))
    assert await outcomes(world, job) == {2: "stop", 3: "stop", 4: "scientific_notation"}
    for person in (ANA, BEN, CLEO):
        assert await answer_of(world.store, person) is Answer.WITHDRAWN
    assert job.summary is not None
    assert job.summary.alarms.lines == (4,)


async def test_what_the_file_does_not_settle_is_asked_once(world: World) -> None:
    file = table("+447700900123,yes,03/04/2025", "+447700900456,no,03/04/2025")
    job = await send(world, file)
    assert job.state is ImportState.ASKING
    assert {one.code.value for one in job.questions} == {"date_order", "time_zone"}
    job = await answer(world, job, date_order=DateOrder.MONTH_FIRST, time_zone="Europe/London")
    assert job.state is ImportState.READY
    await run(world, job)
    yes, no = await all_events(world.store)
    assert [str(one.occurred_at)[:10] for one in (yes, no)] == ["1741046400", "1741132799"]


async def test_one_day_above_twelve_settles_the_order_for_all(world: World) -> None:
    await be_british(world)
    file = table("+447700900123,yes,03/04/2025", "+447700900456,yes,25/12/2025")
    job = await send(world, file)
    assert job.state is ImportState.READY
    assert job.preview is not None
    assert job.preview.date_order == "day_first"


@pytest.mark.parametrize("rows", [1, 1000])
@pytest.mark.parametrize(
    ("days", "read"),
    [
        (("03/04/2025", "04/05/2025", "25/12/2025"), ("03 Apr", "04 May", "25 Dec")),
        (("25/12/2025", "03/04/2025", "04/05/2025"), ("25 Dec", "03 Apr", "04 May")),
        (("12/25/2025", "25/12/2025", "11/11/2025"), ("25 Dec", "25 Dec", "11 Nov")),
    ],
)
async def test_each_row_is_read_as_the_whole_file_settles_it(
    world: World,
    monkeypatch: pytest.MonkeyPatch,
    rows: int,
    days: tuple[str, ...],
    read: tuple[str, ...],
) -> None:
    monkeypatch.setattr(prepare_import, "PART_ROWS", rows)
    file = table(*(f"+44770090012{place},yes,{day} 12:00Z" for place, day in enumerate(days)))
    job = await run(world, await send(world, file))
    assert await outcomes(world, job) == dict.fromkeys((2, 3, 4), "yes")
    events = await all_events(world.store)
    assert tuple(f"{to_datetime(one.occurred_at):%d %b}" for one in events) == read


async def test_only_rows_about_whatsapp_count_however_late_the_file_says_so(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(prepare_import, "PART_ROWS", 1)
    lines = ("+447700900121,yes,", "+447700900122,yes,email", "+447700900123,yes,WhatsApp")
    job = await run(world, await send(world, table(*lines, header="Phone,Opt-in,Channel")))
    assert await outcomes(world, job) == {2: "yes", 3: "other_channel", 4: "yes"}


async def test_a_file_that_has_nothing_to_settle_is_read_once(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    read, see = [], prepare_import.Survey.see

    def count(survey: prepare_import.Survey, record: Record) -> None:
        read.append(record.line)
        see(survey, record)

    monkeypatch.setattr(prepare_import.Survey, "see", count)
    await send(world, table("+447700900121,yes,2025-05-02T09:30:00Z", "+447700900122,no,"))
    assert read == [2, 3]


@pytest.mark.parametrize("channel", ["Email", "SMS"])
async def test_an_answer_of_another_channel_is_never_taken_by_itself(
    world: World, channel: str
) -> None:
    header = f"Phone,{channel} Marketing Consent"
    job = await send(world, table("+447700900123,SUBSCRIBED", header=header))
    assert [one.code.value for one in job.questions] == ["state"]
    column = ((f"{channel} Marketing Consent", Role.STATE),)
    job = await answer(world, job, columns=column)
    assert await outcomes(world, await run(world, job)) == {2: "yes"}


async def test_without_a_column_of_answers_the_operator_says_whether_all_said_yes(
    world: World,
) -> None:
    file = table("+447700900123", header="Phone")
    job = await send(world, file)
    assert [one.code.value for one in job.questions] == ["state"]
    nobody = await answer(world, job, everybody=False)
    assert nobody.preview is not None
    assert nobody.preview.summary.counts[0].reason == "no_answer"
    assert await outcomes(world, await run(world, await answer(world, nobody, everybody=True))) == {
        2: "yes"
    }


async def test_the_report_names_lines_and_reasons_and_says_nothing_of_people(world: World) -> None:
    file = table(
        "+447700900123,yes,", "=cmd|A1,no,", "'+447700900456,no,", header=HEADER_OF_FORMULA
    )
    job = await send(world, file)
    with pytest.raises(Conflict):
        [_ async for _ in report_of(world.services, job)]
    job = await run(world, job)
    told = "".join([part async for part in report_of(world.services, job)])
    assert told.splitlines() == [
        "line,outcome,reason,column,repaired,opt_out_lost,ask_again",
        "3,refused,formula,'=Phone,,yes,",
        "2,stored,yes,,,,yes",
        "4,stored,stop,'=Phone,apostrophe,,",
    ]


HEADER_OF_FORMULA = "=Phone,WhatsApp opt-in,At"


async def test_an_error_of_a_spreadsheet_is_refused_by_its_line_and_column(world: World) -> None:
    rows = ("Phone,WhatsApp opt-in", "+447700900123,#N/A", "#REF!,no", "+447700900456,yes")
    job = await run(world, await send(world, workbook(*rows)))
    told = "".join([part async for part in report_of(world.services, job)])
    assert told.splitlines()[1:] == [
        "3,refused,bad_number,Phone,,yes,",
        "2,refused,unknown_state,WhatsApp opt-in,,,",
        "4,stored,yes,,,,yes",
    ]


async def test_a_file_is_forgotten_once_its_rows_are_written(world: World) -> None:
    job = await send(world, table("+447700900123,yes,"))
    await run(world, job)
    for read in (world.services.imports.source, world.services.imports.rows):
        with pytest.raises(Exception, match="missing"):
            await read(job, 0)


async def test_what_nobody_confirms_is_forgotten_after_a_week(world: World) -> None:
    waiting = await send(world, table("+447700900123,yes,"))
    done = await run(world, await send(world, table("+447700900456,yes,")))
    world.clock.advance(8 * 86_400)
    await forget_old_imports(world.services, BUSINESS)
    assert await world.services.imports.find(BUSINESS, waiting.import_id) is None
    assert (await find(world, done)).state is ImportState.DONE


async def test_an_import_that_is_given_up_is_gone(world: World) -> None:
    job = await send(world, table("+447700900123,yes,"))
    await give_up_import(world.services, BUSINESS, job.import_id)
    with pytest.raises(UnknownReference):
        await give_up_import(world.services, BUSINESS, job.import_id)


async def test_an_import_that_is_given_up_while_it_is_at_work_ends_and_leaves_nothing(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(prepare_import, "PART_ROWS", 1)
    job = await send(world, table("+447700900123,yes,", "+447700900456,yes,"))
    assert job.preview is not None
    running = await confirm_import(world.services, BUSINESS, job.import_id, job.preview.hash)
    await give_up_import(world.services, BUSINESS, job.import_id)
    with pytest.raises(UnknownReference):
        await go_on_with_import(world.services, running, HOUR)
    leased = LeasedTask(task=task_of(job), until=world.clock.now(), attempts=1)
    assert await work_on_import(Preparations(), world.services, leased) is None
    assert await all_events(world.store) == ()


async def test_a_part_is_written_once_whoever_comes_second(world: World) -> None:
    job = await send(world, table("+447700900123,yes,"))
    await run(world, job)
    part = ImportPart(import_id=job.import_id, part=0, report=b"\x90")
    again = WriteBatch(
        business_id=BUSINESS,
        recorded_at=world.clock.now(),
        items=change(grant(BEN), at=world.clock.now()).items,
        import_part=part,
    )
    with pytest.raises(Conflict):
        await world.store.ledger.commit(again)
    assert len(await all_events(world.store)) == 1


async def test_the_task_of_an_import_does_its_work_and_ends(world: World) -> None:
    job = await send(world, table("+447700900123,yes,"))
    assert job.preview is not None
    job = await confirm_import(world.services, BUSINESS, job.import_id, job.preview.hash)
    until = Instant(world.clock.now() + MINUTE)
    claimed = await world.store.tasks.claim(BUSINESS, Queue.IMPORTS, world.clock.now(), until)
    assert claimed is not None
    assert claimed.task == task_of(job)
    assert await work_on_import(Preparations(), world.services, claimed) is None
    assert (await find(world, job)).state is ImportState.DONE
    nothing = LeasedTask(task=claimed.task, until=until, attempts=1)
    assert await work_on_import(Preparations(), world.services, nothing) is None


async def test_whoever_is_killed_at_any_of_many_points_loses_and_doubles_nothing(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(prepare_import, "PART_ROWS", 3)
    deaths = 0
    for fuse in range(1, POINTS + 1):
        rows = [f"+4477{fuse:02d}9001{n:02d},{'no' if n % 5 else 'yes'}," for n in range(1, 12)]
        asked = ImportSettings(purpose="marketing")
        job = await begin_import(world.services, BUSINESS, asked)
        job = await receive_file(world.services, job, in_pieces(table(*rows).encode()))
        deaths += await dies(world, job, fuse)
        job = await done(world, job)
        told = await outcomes(world, job)
        assert sorted(told.values()) == ["stop"] * 9 + ["yes"] * 2
    assert deaths > POINTS - 5
    events = await all_events(world.store)
    assert len(events) == len({event.contact_id for event in events}) == 11 * POINTS
    await assert_sound(world.store)


POINTS = 50


async def done(world: World, job: ImportJob) -> ImportJob:
    """Go on with it as the next process does."""
    while (job := await find(world, job)).state is not ImportState.DONE:
        await step(world.services, job)
    return job


async def step(services: Services, job: ImportJob) -> None:
    if job.state is ImportState.READY and job.preview:
        await confirm_import(services, BUSINESS, job.import_id, job.preview.hash)
    else:
        await go_on_with_import(services, job, HOUR)


async def dies(world: World, job: ImportJob, fuse: int) -> int:
    """Go on until the fuse has burnt; return whether the process died."""
    burning = [fuse]
    mortal = replace(
        world.services,
        imports=Mortal(world.services.imports, burning, {"written"}),
        ledger=Mortal(world.services.ledger, burning, {"written"}),
    )
    try:
        while (job := await find(world, job)).state is not ImportState.DONE:
            await step(mortal, job)
    except Power:
        return 1
    return 0


async def test_trouble_with_the_database_is_tried_again_later(world: World) -> None:
    job = await send(world, table("+447700900123,yes,"))
    assert job.preview is not None
    job = await confirm_import(world.services, BUSINESS, job.import_id, job.preview.hash)

    class Away:
        async def rows(self, *_: Any) -> Any:
            raise Unavailable("the database does not answer")

    broken: Any = Away()
    with pytest.raises(Unavailable):
        await go_on_with_import(replace(world.services, imports=broken), job, DAY)
    assert (await go_on_with_import(world.services, job, DAY)).state is ImportState.DONE
