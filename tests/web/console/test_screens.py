"""A list is screened in the console: sent, summed up by reason, and given away by reason."""

from __future__ import annotations

import re

import httpx
import pytest

from askfirst.domain.operators.audit_entry import AuditAct
from askfirst.domain.operators.operator import OperatorRole
from askfirst.domain.values.ids import ScreenId
from askfirst.usecases.bulk.screens.run_screen import go_on_with_screen
from askfirst.usecases.bulk.screens.start_screen import list_screens, read_screen
from askfirst.web.bulk import list_files
from askfirst.web.console.words import console_words
from tests.support.builders import ANA, BUSINESS, RIVAL
from tests.support.evidence import said_at_sign_up
from tests.web.console.office import Office
from tests.web.public.visitors import Page

HOME = f"/console/{BUSINESS}"
MARKETING, ADMIN = OperatorRole.MARKETING, OperatorRole.ADMIN
ASKED = {"about": "purpose:marketing"}
LIST = f"Phone,City\n+{ANA.value},Lyon\n+447700900123,Hull\n4.477E+11,=HYPERLINK(1)\n"


async def screened(office: Office, content: str = LIST, **form: str) -> str:
    """Send a list as somebody of marketing and have it screened; gives the path of its page."""
    sent = await office.upload(MARKETING, "/screens", {**ASKED, **form}, content)
    assert sent.status_code == 303, sent.text
    found = re.search(r"scr_\w{26}", sent.headers["location"])
    assert found
    await work(office, ScreenId(found[0]))
    return f"/screens/{found[0]}"


async def work(office: Office, screen_id: ScreenId) -> None:
    services = office.world.services
    await go_on_with_screen(services, await read_screen(services, BUSINESS, screen_id))


async def look(office: Office, path: str, role: OperatorRole = MARKETING) -> Page:
    return await office.at(role).get(f"{HOME}{path}")


async def take(
    office: Office, path: str, verdict: str, reason: str, role: OperatorRole = MARKETING
) -> httpx.Response:
    form = {"form_token": await office.token(role), "verdict": verdict, "reason": reason}
    async with office.client(role) as browser:
        return await browser.post(f"{path}/rows", data=form)


async def test_each_row_is_in_one_answer_and_all_are_a_hundred_percent(office: Office) -> None:
    await said_at_sign_up(office.world)
    page = await look(office, await screened(office))
    figures = re.findall(r'class="end">(\d+)</td><td [^>]*class="end">([\d.]+) %', page.source)
    assert [int(count) for count, _ in figures] == [2, 1, 3]
    shares = [float(share) for _, share in figures]
    assert round(sum(shares[:-1]), 1) == shares[-1] == 100
    assert {"unread", "deny", "allow"} >= {
        one["value"] for one in page.all("input", name="verdict")
    }
    assert "No answer is a permit" in page.text
    assert ANA.value not in page.source


async def test_rows_of_an_answer_come_down_once_the_log_knows(office: Office) -> None:
    path = await screened(office)
    rows = await take(office, path, "unread", "scientific_notation")
    assert rows.headers["content-type"].startswith("text/csv")
    assert rows.headers["content-disposition"].startswith("attachment")
    assert rows.text.splitlines()[1] == "4,unread,scientific_notation,,4.477E+11,'=HYPERLINK(1)"
    assert (await office.acts())[0] is AuditAct.SCREEN_ROWS_TAKEN
    log = await office.at(ADMIN).get(f"{HOME}/audit")
    assert "Downloaded rows of a list" in log.text
    assert f"{path.rpartition('/')[2]}/unread/scientific_notation" in log.text


async def test_rows_of_no_answer_are_not_there_and_not_written_down(office: Office) -> None:
    path = await screened(office)
    assert (await take(office, path, "allow", "opted_in")).status_code == 404
    assert AuditAct.SCREEN_ROWS_TAKEN not in await office.acts()


async def test_a_template_may_be_asked_about_in_one_language(office: Office) -> None:
    path = await screened(office, about="template:en:spring_offer")
    job = await read_screen(office.world.services, BUSINESS, ScreenId(path.rpartition("/")[2]))
    assert (job.settings.template, job.settings.language) == ("spring_offer", "en")
    assert "spring_offer" in (await look(office, path)).text


@pytest.mark.parametrize(
    ("form", "told"),
    [
        ({"about": ""}, "must be named, or a template"),
        ({"about": "purpose:marketing.unknown"}, "is not a topic"),
        ({"about": "purpose:service"}, "service needs no opt-in"),
        ({"sender": "nobody"}, "Meta"),
    ],
)
async def test_a_setting_that_cannot_be_is_named_and_nothing_is_kept(
    office: Office, form: dict[str, str], told: str
) -> None:
    refused = await office.upload(MARKETING, "/screens", {**ASKED, **form}, LIST)
    assert (refused.status_code, told in refused.text) == (422, True), refused.text
    assert await list_screens(office.world.services, BUSINESS, "", 10) == ()


async def test_what_is_empty_or_too_large_is_refused_and_nothing_is_kept(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    empty = await office.upload(MARKETING, "/screens", ASKED, "")
    assert (empty.status_code, "there is nothing in it" in empty.text) == (422, True)
    monkeypatch.setattr(list_files, "FILE_BYTES_MAX", 2_000)
    assert (await office.upload(MARKETING, "/screens", ASKED, LIST * 50)).status_code == 413
    assert await list_screens(office.world.services, BUSINESS, "", 10) == ()


async def test_a_list_that_names_nobody_says_what_to_do(office: Office) -> None:
    path = await screened(office, "Colour,Size\nred,4\n")
    page = await look(office, path)
    assert "which column holds the phone number" in page.text
    assert f"{HOME}/screens" in page.links()
    named = await screened(office, f"Colour,Reach\nred,+{ANA.value}\n", phone_column="Reach")
    assert "100.0 %" in (await look(office, named)).text


async def test_a_list_is_deleted_with_its_answers(office: Office) -> None:
    path = await screened(office)
    assert (await office.send(MARKETING, f"{path}/give-up", {})).got.status == 303
    assert (await look(office, path)).got.status == 404
    assert "No list was screened this week" in (await look(office, "/screens")).text


async def test_a_list_of_another_business_is_not_found(office: Office) -> None:
    path = await screened(office)
    rival, token = office.at(ADMIN, RIVAL), await office.token(ADMIN, RIVAL)
    place = f"/console/{RIVAL}{path}"
    assert (await rival.get(place)).got.status == 404
    rows = {"form_token": token, "verdict": "unread", "reason": "scientific_notation"}
    assert (await rival.post(f"{place}/rows", rows)).got.status == 404
    assert (await rival.post(f"{place}/give-up", {"form_token": token})).got.status == 404
    assert (await look(office, path)).got.status == 200


async def test_a_waiting_page_looks_again_by_itself(office: Office) -> None:
    sent = await office.upload(MARKETING, "/screens", ASKED, LIST)
    path = sent.headers["location"].removeprefix(HOME)
    waiting = await look(office, path)
    assert waiting.got.headers["refresh"] == "3"
    assert "refresh" not in (await look(office, f"{path}?still=1")).got.headers


async def test_each_answer_has_words_in_each_language(office: Office) -> None:
    path = await screened(office)
    for locale in console_words():
        for place in ("/screens", path):
            assert (await look(office, f"{place}?locale={locale}")).got.status == 200
