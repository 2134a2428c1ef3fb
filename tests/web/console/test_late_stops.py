"""Operators see whose stop came late and ended a newer yes: on the first page, and in a list."""

from __future__ import annotations

from askfirst.domain.operators.operator import OperatorRole
from askfirst.domain.values.alias import Alias
from askfirst.domain.values.ids import BusinessId
from askfirst.web.console.words import console_words
from tests.support.builders import ANA, BEN, BUSINESS, RIVAL, change, grant, person, stop
from tests.support.clocks import at
from tests.support.counting import count_ledger
from tests.support.reading import contact_of
from tests.web.console.office import Office

HOME = f"/console/{BUSINESS}"
LIST = f"{HOME}/stops/late"
ADMIN, VIEWER = OperatorRole.ADMIN, OperatorRole.VIEWER
SAY = console_words()["en"]
EARLIER, LATER = at(-7200), at(-60)


async def come_late(office: Office, *people: Alias, business: BusinessId = BUSINESS) -> None:
    ledger = office.world.services.ledger
    for who in people:
        await ledger.commit(change(grant(who, at=LATER), business=business))
        late = stop(who, at=EARLIER, purposes=("marketing",))
        await ledger.commit(change(late, business=business))
    await count_ledger(office.world.services, business)


async def test_the_first_page_says_how_many_and_leads_to_them(office: Office) -> None:
    await come_late(office, ANA, BEN)
    page = await office.at(VIEWER).get(HOME)
    assert SAY.plain("work.late", count=2) in page.text
    assert f'href="{LIST}"' in page.got.body.decode()
    assert SAY.plain("home.waits", count=2) in page.text


async def test_the_first_page_is_silent_where_there_are_none(office: Office) -> None:
    await office.world.services.ledger.commit(change(grant(at=EARLIER), stop(at=LATER)))
    await count_ledger(office.world.services, BUSINESS)
    page = await office.at(VIEWER).get(HOME)
    assert "/stops/late" not in page.got.body.decode()
    assert SAY.plain("home.nothing_waits") in page.text


async def test_the_list_says_who_when_and_what_without_the_number(office: Office) -> None:
    await come_late(office, ANA)
    for role in OperatorRole:
        page = await office.at(role).get(LIST)
        told = page.got.body.decode()
        assert f"+{ANA.value[:3]} ···· ·· {ANA.value[-2:]}" in page.text
        assert ANA.value not in told
        contact = await contact_of(office.world.store, ANA)
        assert f'href="{HOME}/people/{contact}#event-2"' in told
        assert "10:00 UTC" in page.text
        assert "12:00 UTC" in page.text


async def test_an_empty_list_says_what_it_would_mean(office: Office) -> None:
    assert SAY.plain("late.counting") in (await office.at(VIEWER).get(LIST)).text
    await come_late(office)
    page = await office.at(VIEWER).get(LIST)
    assert page.got.status == 200
    assert SAY.plain("late.none") in page.text


async def test_nobody_sees_those_of_another_business(office: Office) -> None:
    await come_late(office, BEN, business=RIVAL)
    await come_late(office)
    assert SAY.plain("late.none") in (await office.at(VIEWER).get(LIST)).text
    assert SAY.plain("home.nothing_waits") in (await office.at(VIEWER).get(HOME)).text
    theirs = await office.at(ADMIN, RIVAL).get(f"/console/{RIVAL}/stops/late")
    assert f"+{BEN.value[:3]} ···· ·· {BEN.value[-2:]}" in theirs.text
    assert (await office.at(ADMIN, RIVAL).get(LIST)).got.status != 200


async def test_a_long_list_comes_in_pages(office: Office) -> None:
    await come_late(office, *(person(number) for number in range(51)))
    first = (await office.at(VIEWER).get(LIST)).got.body.decode()
    assert first.count("#event-") == 50
    more = first.partition("/stops/late?before=")[2].partition('"')[0]
    rest = (await office.at(VIEWER).get(f"{LIST}?before={more}")).got.body.decode()
    assert rest.count("#event-") == 1
    assert "before=" not in rest


async def test_a_place_that_no_page_names_is_refused(office: Office) -> None:
    for wrong in ("x", "1", "1-", "-1-2", "1-2-3", "9" * 40 + "-1"):
        got = (await office.at(VIEWER).get(f"{LIST}?before={wrong}")).got
        assert 400 <= got.status < 500
