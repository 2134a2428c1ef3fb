"""The console's figures are those of the ledger, told apart as somebody asks."""

from __future__ import annotations

import re

import pytest

from askfirst.domain.operators.operator import OperatorRole
from askfirst.usecases.stats.read_figures import last_days
from tests.support.builders import ANA, BEN, BUSINESS, CLEO, change, grant, stop
from tests.support.clocks import at
from tests.support.counting import count_ledger
from tests.web.console.office import Office

FIGURES = f"/console/{BUSINESS}/figures"
VIEWER = OperatorRole.VIEWER


async def shown(office: Office, asked: str = "") -> str:
    return (await office.at(VIEWER).get(FIGURES + asked)).got.body.decode()


def rows(told: str, panel: str) -> dict[str, list[str]]:
    """The counts of each row of a table, by what the row is called."""
    table = told.partition(f'aria-labelledby="{panel}"')[2].partition("</table>")[0]
    found = {}
    for row in re.findall(r"<tr>(.*?)</tr>", table.partition("<tbody>")[2], re.DOTALL):
        name, *cells = re.findall(r"<t[hd][^>]*>(.*?)</t[hd]>", row, re.DOTALL)
        texts = [re.sub(r"<[^>]+>", " ", cell).split() for cell in cells]
        found[re.sub(r"<[^>]+>", "", name)] = [text[0] for text in texts if text]
    return found


async def counted(office: Office) -> None:
    ledger = office.world.store.ledger
    await ledger.commit(change(grant(ANA)))
    await ledger.commit(change(grant(BEN), stop(BEN, at=at(1))))
    await ledger.commit(change(grant(CLEO)))
    await count_ledger(office.world.services, BUSINESS)


async def test_before_anything_is_counted_the_page_says_so(office: Office) -> None:
    assert "Nothing is counted yet" in await shown(office)


async def test_figures_by_time_have_a_bar_and_a_row_for_each_day(office: Office) -> None:
    await counted(office)
    told = await shown(office)
    days = rows(told, "figures")
    assert len(days) == 30
    assert [sum(int(row[place]) for row in days.values()) for place in (0, 2)] == [3, 1]
    assert next(iter(days.values()))[-1] == "2"
    assert told.count('class="f-yes"') == 1
    assert "Exact up to ledger position" in told


async def test_figures_by_place_name_where_people_answered(office: Office) -> None:
    await counted(office)
    told = rows(await shown(office, "?by=surface&days=90"), "figures")
    assert told["Sign-up"][0] == "3"
    assert told["WhatsApp chat"][:3] == ["0", "0", "1"]


async def test_the_funnel_goes_from_answers_to_who_agreed(office: Office) -> None:
    await counted(office)
    told = rows(await shown(office), "funnel")
    assert told["Sign-up"][1:3] == ["3", "3"]


@pytest.mark.parametrize(("days", "stretches"), [("30", 30), ("90", 14), ("365", 13)])
async def test_a_longer_period_is_told_in_longer_stretches(
    office: Office, days: str, stretches: int
) -> None:
    await counted(office)
    told = rows(await shown(office, f"?days={days}"), "figures")
    first, last = await last_days(office.world.services, BUSINESS, int(days))
    assert stretches - 1 <= len(told) <= stretches
    assert (last - first).days == int(days) - 1


async def test_figures_are_about_one_purpose_where_one_is_chosen(office: Office) -> None:
    await counted(office)
    told = rows(await shown(office, "?by=surface&purpose=authentication"), "figures")
    assert all(row[0] == "0" for row in told.values())
    by_purpose = rows(await shown(office, "?by=purpose&purpose=marketing"), "figures")
    assert by_purpose["offers and news"][0] == "3"


@pytest.mark.parametrize("asked", ["?by=colour", "?days=7", "?purpose=no purpose"])
async def test_what_is_no_choice_is_refused(office: Office, asked: str) -> None:
    page = await office.at(VIEWER).get(FIGURES + asked)
    assert page.got.status == 422


async def test_a_language_that_hardly_anybody_speaks_is_not_told(office: Office) -> None:
    await counted(office)
    assert set(rows(await shown(office, "?by=country"), "figures")) <= {"Other", "Not known"}
