"""A file of stops on both backends: what is stored is in force; the same file is nothing new."""

from __future__ import annotations

from collections.abc import Iterable

import pytest

from askfirst.domain.consent.event import Assurance, EventKind, NumberProof, Source
from askfirst.domain.consent.standing import Answer
from askfirst.domain.opt_out.stop_file import StopFile
from askfirst.domain.tenants.profile import Profile
from askfirst.usecases.opt_out.import_stops import BATCH_ROWS, ImportedStops, import_stops
from tests.support.builders import ANA, ANA_BSUID, BEN, BUSINESS, change, grant, person
from tests.support.clocks import NOON, at
from tests.support.reading import all_events, answer_of, assert_sound
from tests.support.services import World

HEADER = "phone,bsuid,scope,said_at,note"
HOURS = 3600


async def take(world: World, *rows: str, header: str = HEADER) -> ImportedStops:
    file = StopFile("\n".join((header, *rows)).encode())
    return await import_stops(world.services, BUSINESS, file.digest, file.rows())


async def say_yes(world: World, *aliases: object, seconds: float = -60, **parts: object) -> None:
    sure = {"assurance": Assurance.SHOWN, "number_proof": NumberProof.VOUCHED, **parts}
    acts = [grant(alias, at=at(seconds), **sure) for alias in aliases]  # type: ignore[arg-type]
    await world.store.ledger.commit(change(*acts, at=world.clock.now()))


async def kinds(world: World) -> list[EventKind]:
    return [event.kind for event in await all_events(world.store)]


async def test_each_row_is_stored_or_refused_by_its_line(world: World) -> None:
    await say_yes(world, ANA, BEN)
    told = await take(
        world, "+447700900123,,,,", "4.477E+11,,,,", "+447700900456,,holidays,,", ",GB.1349,,,"
    )
    assert (told.stored, told.known) == (2, 0)
    assert [(one.line, one.field) for one in told.refused] == [(3, "phone"), (4, "scope")]
    assert await answer_of(world.store, ANA) is Answer.WITHDRAWN
    assert await answer_of(world.store, ANA_BSUID) is Answer.WITHDRAWN
    assert await answer_of(world.store, BEN) is Answer.GRANTED
    await assert_sound(world.store)


async def test_the_same_file_again_changes_nothing_even_after_a_new_yes(world: World) -> None:
    rows = ("+447700900123,,,,", "+447700900456,,,2026-01-10,")
    await take(world, *rows)
    world.clock.advance(HOURS)
    await say_yes(world, ANA, seconds=HOURS)
    before = await kinds(world)
    told = await take(world, *rows)
    assert (told.stored, told.known, await kinds(world)) == (2, 2, before)
    assert await answer_of(world.store, ANA) is Answer.GRANTED


async def test_a_newer_file_without_times_stops_whoever_is_in_it_again(world: World) -> None:
    await take(world, "+447700900123,,,,")
    world.clock.advance(HOURS)
    await say_yes(world, ANA, seconds=HOURS)
    told = await take(world, "+447700900123,,,,", "+447700900456,,,,")
    assert (told.stored, told.known) == (2, 0)
    assert await answer_of(world.store, ANA) is Answer.WITHDRAWN


async def test_a_row_with_its_time_is_one_stop_in_whichever_file_it_stands(world: World) -> None:
    await take(world, "+447700900123,,,2026-01-10,")
    told = await take(world, "+447700900456,,,2026-01-10,", "+447700900123,,,2026-01-10,again")
    assert (told.stored, told.known) == (2, 1)


async def test_a_stop_said_before_a_yes_does_not_end_it(world: World) -> None:
    await say_yes(world, ANA, seconds=-HOURS)
    await take(world, "+447700900123,,,2026-01-10T09:00:00Z,")
    assert await answer_of(world.store, ANA) is Answer.GRANTED


@pytest.mark.parametrize("said", ["", "soon", "2031-01-01", "1970-01-01", "2026-01-15"])
async def test_where_the_time_is_missing_or_doubtful_the_stop_counts_from_now(
    world: World, said: str
) -> None:
    await say_yes(world, ANA, seconds=0)
    told = await take(world, f"+447700900123,,,{said},")
    assert await answer_of(world.store, ANA) is Answer.WITHDRAWN
    assert [one.field for one in told.noted] == ["said_at"] * (said in ("soon", "1970-01-01"))


async def test_a_scope_leaves_the_rest(world: World) -> None:
    await say_yes(world, ANA, purposes=("marketing", "utility"))
    await take(world, "+447700900123,,Marketing,,")
    assert await answer_of(world.store, ANA) is Answer.WITHDRAWN
    assert await answer_of(world.store, ANA, "utility") is Answer.GRANTED


async def test_each_name_of_a_row_stops(world: World) -> None:
    await say_yes(world, ANA, BEN)
    header = "phone,wa_id"
    told = await take(world, "+447700900123,447700900456", header=header)
    assert told.stored == 1
    for alias in (ANA, BEN):
        assert await answer_of(world.store, alias) is Answer.WITHDRAWN


async def test_numbers_are_read_with_the_country_of_the_business(world: World) -> None:
    assert (await take(world, "07700 900123,,,,")).refused
    await world.services.profiles.put_profile(BUSINESS, Profile(country="GB"), NOON)
    await take(world, "07700 900123,,,,x")
    assert await answer_of(world.store, ANA) is Answer.WITHDRAWN


@pytest.mark.parametrize("cell", ["4.47701E+11", "447701000000.0", "#REF!", "+447701000000", "x"])
async def test_what_a_spreadsheet_damaged_is_refused_without_being_repeated(
    world: World, cell: str
) -> None:
    told = await take(world, f'"{cell}",,,,')
    assert told.stored == 0
    (refused,) = told.refused
    assert (refused.line, refused.field) == (2, "phone")
    assert cell not in refused.reason or cell == "x"
    assert await kinds(world) == []


def many(count: int) -> Iterable[str]:
    return (f"+{person(number).value},,,," for number in range(1, count + 1))


async def test_a_large_file_is_written_in_batches_and_every_row_is_one_event(world: World) -> None:
    count = 2 * BATCH_ROWS + 3
    head = await world.store.ledger.head(BUSINESS)
    told = await take(world, *many(count))
    assert (told.stored, await world.store.ledger.head(BUSINESS) - head) == (count, count)
    events = await all_events(world.store)
    assert {(event.kind, event.source) for event in events} == {
        (EventKind.WITHDRAWN, Source.IMPORT)
    }
    assert len({event.recorded_at for event in events}) == 1  # the clock stands: no commit a row
    assert all(event.evidence_digest for event in events)
