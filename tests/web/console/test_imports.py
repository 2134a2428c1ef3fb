"""A file is imported in the console: sent, asked about, previewed, confirmed, reported on."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator

import httpx
import pytest

from askfirst.domain.bulk.import_job import ImportState
from askfirst.domain.consent.event import EventKind, Source
from askfirst.domain.operators.audit_entry import AuditAct
from askfirst.domain.operators.operator import OperatorRole
from askfirst.domain.tenants.profile import Profile
from askfirst.domain.values.ids import ImportId
from askfirst.domain.values.timestamp import HOUR
from askfirst.usecases.bulk.imports.receive_import import list_imports, read_import
from askfirst.usecases.bulk.imports.run_import import go_on_with_import
from askfirst.web.bulk import list_files
from askfirst.web.console.words import console_words
from tests.support.builders import ANA, BUSINESS, RIVAL
from tests.support.evidence import said_at_sign_up
from tests.web.asgi_call import call
from tests.web.console.office import Office
from tests.web.public.visitors import SITE, STRANGER, Page

HOME = f"/console/{BUSINESS}"
MARKETING, ADMIN = OperatorRole.MARKETING, OperatorRole.ADMIN
CONTACTS = {"mode": "contacts", "purpose": "marketing"}
STOPS = {"mode": "suppression", "purpose": ""}
ADA, BOB, CEM = "+447700900961", "+447700900962", "+447700900963"
FILE = (
    "Name,Phone,WhatsApp opt-in,Opted in at\n"
    f"Ada,'{ADA},yes,2025-01-31T09:00:00Z\n"
    f"Bob,{BOB},no,2025-01-31T09:00:00Z\n"
    "Cem,4.47701E+11,no,\n"
    f"Dee,{CEM},,\n"
)


def id_of(sent: httpx.Response) -> ImportId:
    found = re.search(r"imp_\w{26}", sent.headers["location"])
    assert found, sent.text
    return ImportId(found[0])


async def work(office: Office, import_id: ImportId) -> None:
    """Do what waits in the background."""
    job = await read_import(office.world.services, BUSINESS, import_id)
    await go_on_with_import(office.world.services, job, HOUR)


async def bring(office: Office, content: str | bytes = FILE, **form: str) -> str:
    """Send a file as somebody of marketing and have it read; gives the path of its page."""
    sent = await office.upload(MARKETING, "/imports", {**CONTACTS, **form}, content)
    assert sent.status_code == 303, sent.text
    await work(office, id_of(sent))
    return f"/imports/{id_of(sent)}"


async def look(office: Office, path: str, role: OperatorRole = MARKETING) -> Page:
    return await office.at(role).get(f"{HOME}{path}")


async def confirm(office: Office, path: str) -> Page:
    """Press the button of the preview."""
    fields = (await look(office, path)).fields()
    return await office.send(MARKETING, f"{path}/confirm", {"hash": fields["hash"]})


async def test_a_file_is_imported_from_its_upload_to_its_report(office: Office) -> None:
    path = await bring(office)
    preview = await look(office, path)
    assert "What this import would do" in preview.text
    assert "customers.csv" in preview.text
    assert "lists" not in re.findall(r"<h1>.*?</h1>", preview.source)[0]
    assert await office.events() == []
    assert "Import 2 answers" in preview.text
    confirmed = await confirm(office, path)
    assert confirmed.got.status == 303
    running = await look(office, path)
    assert running.got.headers["refresh"] == "3"
    await work(office, ImportId(path.rpartition("/")[2]))
    done = await look(office, path)
    assert "refresh" not in done.got.headers
    assert "Imported answers: 2" in done.text
    kinds = {(event.kind, event.source) for event in await office.events()}
    assert kinds == {(EventKind.GRANTED, Source.IMPORT), (EventKind.WITHDRAWN, Source.IMPORT)}
    async with office.client(MARKETING) as browser:
        report = await browser.get(f"{path}/report")
    assert report.headers["content-type"].startswith("text/csv")
    assert report.text.splitlines()[1] == "4,refused,scientific_notation,Phone,,yes,"
    assert ADA not in report.text
    assert (await office.acts())[:3] == [
        AuditAct.IMPORT_CONFIRMED,
        AuditAct.IMPORT_SENT,
        AuditAct.SIGNED_IN,
    ]


async def test_counts_of_a_preview_add_up_and_name_their_lines(office: Office) -> None:
    preview = await look(office, await bring(office))
    rows = re.findall(r'<td class="end">([\d.]+)</td><td class="end">([\d.]+) %', preview.source)
    assert [int(count) for count, _ in rows] == [1, 1, 1, 1, 4]
    shares = [float(share) for _, share in rows]
    assert sum(shares[:-1]) == shares[-1] == 100
    assert "Opt-outs that cannot be read: 1" in preview.text
    assert "a spreadsheet cut digits off" in preview.text


async def test_no_number_of_the_file_is_on_any_page(office: Office) -> None:
    path = await bring(office)
    pages = [await look(office, path), await look(office, "/imports")]
    await confirm(office, path)
    pages.append(await look(office, path))
    await work(office, ImportId(path.rpartition("/")[2]))
    pages.append(await look(office, path))
    for page in pages:
        assert "7700900" not in page.source


async def test_a_preview_that_has_changed_is_not_confirmed(office: Office) -> None:
    path = await bring(office)
    refused = await office.send(MARKETING, f"{path}/confirm", {"hash": "0" * 64})
    assert refused.got.status == 409
    assert "not the hash" in refused.text
    assert "What this import would do" in refused.text
    job = await read_import(office.world.services, BUSINESS, ImportId(path.rpartition("/")[2]))
    assert job.state is ImportState.READY


async def test_a_list_of_stops_is_in_force_with_its_import(office: Office) -> None:
    await said_at_sign_up(office.world)
    path = await bring(office, f"phone\n+{ANA.value}\n", **STOPS)
    await confirm(office, path)
    await work(office, ImportId(path.rpartition("/")[2]))
    event = (await office.events())[-1]
    assert (event.kind, event.purposes) == (EventKind.WITHDRAWN, ())


@pytest.mark.parametrize(
    ("content", "code", "answer", "asked"),
    [
        (f"Phone,SMS consent\n{ADA},yes\n", "state", {"state": "0"}, "counts only where"),
        (f"Phone,Name\n{ADA},Ada\n", "state", {"state": "everybody"}, "everybody in the file"),
        (f"Number of them,WhatsApp\n{ADA},yes\n", "phone", {"phone": "0"}, "holds the phone"),
        (
            f"Phone,WhatsApp,Opted in at\n{ADA},yes,03/04/2025 10:00\n",
            "date_order",
            {"date_order": "day_first"},
            "What does 03/04/2025 mean",
        ),
        (
            f"Phone,Channel,Opt-in\n{ADA},chat,yes\n{BOB},mail,yes\n",
            "only.0",
            {"only.0": "yes"},
            "values of the channel column",
        ),
    ],
)
async def test_what_a_file_leaves_open_is_asked_once(
    office: Office, content: str, code: str, answer: dict[str, str], asked: str
) -> None:
    profile = Profile(country="GB")
    services = office.world.services
    await services.profiles.put_profile(BUSINESS, profile, office.world.clock.now())
    path = await bring(office, content)
    page = await look(office, path)
    assert asked in page.text
    assert code in {one.get("name") for one in page.all("input")}
    unanswered = await office.send(MARKETING, f"{path}/answers", {})
    assert (unanswered.got.status, "must be answered" in unanswered.text) == (422, True)
    answered = await office.send(MARKETING, f"{path}/answers", answer)
    assert answered.got.status == 303
    await work(office, ImportId(path.rpartition("/")[2]))
    assert "What this import would do" in (await look(office, path)).text
    assert (await office.acts())[0] is AuditAct.IMPORT_ANSWERED


async def test_columns_without_names_are_told_one_by_one(office: Office) -> None:
    path = await bring(office, f"{ADA};yes\n{BOB};no\n")
    page = await look(office, path)
    assert "What does each hold?" in page.text
    said = {"column.0": "phone", "column.1": "state"}
    assert (await office.send(MARKETING, f"{path}/answers", said)).got.status == 303
    await work(office, ImportId(path.rpartition("/")[2]))
    assert "Import 2 answers" in (await look(office, path)).text


async def test_a_preview_can_be_read_in_another_way(office: Office) -> None:
    path = await bring(office, f"Phone,WhatsApp,Other answer\n{ADA},yes,no\n")
    columns = (await look(office, path)).all("select")
    assert {"column.0", "column.1", "other_role"} <= {one.get("name") for one in columns}
    said = {"column.1": "none", "other": "Other answer", "other_role": "state"}
    assert (await office.send(MARKETING, f"{path}/answers", said)).got.status == 303
    await work(office, ImportId(path.rpartition("/")[2]))
    assert "Record a stop" in (await look(office, path)).text


async def test_a_file_that_cannot_be_read_says_why_and_can_be_read_otherwise(
    office: Office,
) -> None:
    path = await bring(office, b"PK\x03\x04 no workbook")
    page = await look(office, path)
    assert "cannot be read as it is" in page.text
    again = await office.send(MARKETING, f"{path}/answers", {"delimiter": "comma"})
    assert again.got.status == 303
    wrong = await office.send(MARKETING, f"{path}/answers", {"date_order": "backwards"})
    assert (wrong.got.status, "must be one of" in wrong.text) == (422, True)


async def test_an_import_is_given_up_with_its_file(office: Office) -> None:
    path = await bring(office)
    gone = await office.send(MARKETING, f"{path}/give-up", {})
    assert gone.got.status == 303
    assert (await look(office, path)).got.status == 404
    assert "Nothing was imported yet" in (await look(office, "/imports")).text
    assert (await office.acts())[0] is AuditAct.IMPORT_GIVEN_UP


@pytest.mark.parametrize(
    ("form", "told"),
    [
        ({"mode": "everything"}, "must be one of contacts, suppression"),
        ({"purpose": ""}, "must say what the yeses are for"),
        ({"purpose": "marketing.unknown"}, "is not a topic"),
        ({"country": "ZZ"}, "country"),
    ],
)
async def test_a_setting_that_cannot_be_is_named_and_nothing_is_kept(
    office: Office, form: dict[str, str], told: str
) -> None:
    refused = await office.upload(MARKETING, "/imports", {**CONTACTS, **form}, FILE)
    assert (refused.status_code, told in refused.text) == (422, True), refused.text
    assert await list_imports(office.world.services, BUSINESS, "", 10) == ()
    assert AuditAct.IMPORT_SENT not in await office.acts()


async def test_an_empty_file_is_refused_and_nothing_is_kept(office: Office) -> None:
    refused = await office.upload(MARKETING, "/imports", CONTACTS, "")
    assert (refused.status_code, "there is nothing in it" in refused.text) == (422, True)
    assert await list_imports(office.world.services, BUSINESS, "", 10) == ()


async def test_a_file_that_is_too_large_is_refused_and_nothing_is_kept(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(list_files, "FILE_BYTES_MAX", 4_000)
    refused = await office.upload(MARKETING, "/imports", CONTACTS, FILE * 50)
    assert refused.status_code == 413
    assert await list_imports(office.world.services, BUSINESS, "", 10) == ()


def form_of(token: str, rows: int, ending: str = "--AaB03x--\r\n") -> bytes:
    """A form as a browser writes it."""
    fields = {"form_token": token, **CONTACTS}
    parts = "".join(
        f'--AaB03x\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{text}\r\n'
        for name, text in fields.items()
    )
    head = '--AaB03x\r\nContent-Disposition: form-data; name="file"; filename="a.csv"\r\n\r\n'
    body = "Phone,WhatsApp\n" + f"{ADA},yes\n" * rows
    return f"{parts}{head}{body}\r\n{ending}".encode()


@pytest.mark.parametrize("size", [1, 7, 100_000])
async def test_a_file_is_taken_in_pieces_of_any_size(office: Office, size: int) -> None:
    whole = form_of(await office.token(ADMIN), 40)
    pieces = [whole[at : at + size] for at in range(0, len(whole), size)]
    got = await call(
        office.app,
        "POST",
        f"{HOME}/imports",
        headers=[
            ("cookie", office.at(ADMIN).headers["cookie"]),
            ("origin", SITE),
            ("content-type", "multipart/form-data; boundary=AaB03x"),
        ],
        body=pieces,
    )
    assert got.status == 303, got.body
    (job,) = await list_imports(office.world.services, BUSINESS, "", 10)
    assert job.size == len(f"Phone,WhatsApp\n{ADA},yes\n") + 39 * len(f"{ADA},yes\n")


async def test_a_file_that_ends_before_its_end_is_not_kept(office: Office) -> None:
    cut = form_of(await office.token(ADMIN), 3, ending="")
    got = await call(
        office.app,
        "POST",
        f"{HOME}/imports",
        headers=[
            ("cookie", office.at(ADMIN).headers["cookie"]),
            ("origin", SITE),
            ("content-type", "multipart/form-data; boundary=AaB03x"),
        ],
        body=cut,
    )
    assert got.status == 400
    assert await list_imports(office.world.services, BUSINESS, "", 10) == ()


async def test_nothing_of_a_file_is_read_for_a_form_of_another_session_or_site(
    office: Office,
) -> None:
    others = await office.token(ADMIN)

    async def endless() -> AsyncIterator[bytes]:
        yield form_of(others, 1, ending="")
        raise AssertionError("more of the file was asked for")

    async with office.client(MARKETING) as browser:
        headers = {"content-type": "multipart/form-data; boundary=AaB03x"}
        refused = await browser.post("/imports", content=endless(), headers=headers)
        assert refused.status_code == 403
        strange = await browser.post(
            "/imports",
            content=form_of(await office.token(MARKETING), 1),
            headers={**headers, "origin": STRANGER},
        )
        assert strange.status_code == 403
    assert await list_imports(office.world.services, BUSINESS, "", 10) == ()


async def test_an_import_of_another_business_is_not_found(office: Office) -> None:
    path = await bring(office)
    token = await office.token(ADMIN, RIVAL)
    rival = office.at(ADMIN, RIVAL)
    place = f"/console/{RIVAL}{path}"
    assert (await rival.get(place)).got.status == 404
    assert (await rival.get(f"{place}/report")).got.status == 404
    for act in ("answers", "confirm", "give-up"):
        form = {"form_token": token, "hash": "0" * 64}
        assert (await rival.post(f"{place}/{act}", form)).got.status == 404
    assert (await look(office, path)).got.status == 200


async def test_a_waiting_page_stands_still_for_who_wants_that(office: Office) -> None:
    sent = await office.upload(MARKETING, "/imports", CONTACTS, FILE)
    path = f"/imports/{id_of(sent)}"
    waiting = await look(office, path)
    assert waiting.got.headers["refresh"] == "3"
    assert waiting.all("a", href=f"{HOME}{path}?still=1")
    still = await look(office, f"{path}?still=1")
    assert "refresh" not in still.got.headers
    assert "Look again" in still.text


async def test_each_result_and_question_has_words_in_each_language(office: Office) -> None:
    path = await bring(office)
    for locale in console_words():
        for place in ("/imports", path):
            page = await look(office, f"{place}?locale={locale}")
            assert page.got.status == 200, (locale, place)
