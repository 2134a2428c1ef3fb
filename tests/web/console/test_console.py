"""What the pages of the console say and do, and what they keep to themselves."""

from __future__ import annotations

import re

import pytest

from askfirst.domain.consent.event import EventKind, Source
from askfirst.domain.operators.audit_entry import AuditAct
from askfirst.domain.operators.operator import OperatorRole
from askfirst.domain.prompts.prompt import Surface
from askfirst.domain.value import replace
from askfirst.usecases.consent.export_contact import export_contact
from askfirst.web.console.app import build_console
from askfirst.web.console.desk import CONTENT_SECURITY_POLICY
from askfirst.web.console.words import console_words
from askfirst.web.metrics import Metrics
from tests.support.builders import ANA, BEN, BUSINESS, CLEO, change, grant, stop
from tests.support.clocks import at
from tests.support.counting import count_ledger
from tests.support.evidence import said_at_sign_up, stopped_in_chat
from tests.support.reading import contact_of
from tests.support.services import World
from tests.web.console.office import COOKIE, PASSWORD, Office, open_office
from tests.web.public.visitors import Visitor

HOME = f"/console/{BUSINESS}"
SIGN_IN = {"email": "admin@example.com", "password": PASSWORD}
ADMIN, VIEWER, SUPPORT = OperatorRole.ADMIN, OperatorRole.VIEWER, OperatorRole.SUPPORT
DIGITS = ANA.value


async def test_no_script_may_run_and_nothing_is_kept_by_caches(office: Office) -> None:
    for path in ("", "/account", "/sign-in"):
        got = (await office.at(ADMIN).get(HOME + path)).got
        assert got.headers["content-security-policy"] == CONTENT_SECURITY_POLICY
        assert "script" not in CONTENT_SECURITY_POLICY
        assert got.headers["cache-control"] == "no-store"
        assert b"<script" not in got.body
        assert b"style=" not in got.body


async def test_who_signs_in_gets_a_cookie_that_no_script_reads(office: Office) -> None:
    page = await office.at(None).post(f"{HOME}/sign-in", SIGN_IN)
    assert page.got.status == 303
    cookie = page.got.headers["set-cookie"]
    name, value = re.match(r"([^=]+)=([^;]+)", cookie).groups()  # type: ignore[union-attr]
    assert name == COOKIE + BUSINESS
    assert {"HttpOnly", "Path=/", "SameSite=lax"} <= set(cookie.split("; "))
    visitor = Visitor(office.app, {"cookie": f"{name}={value}"})
    assert "Today" in (await visitor.get(HOME)).text


async def test_behind_https_the_cookie_is_for_this_host_alone(sqlite_world: World) -> None:
    office = await open_office(sqlite_world)
    site = replace(sqlite_world.services.site, public_url="https://ask.example")
    services = replace(sqlite_world.services, site=site)
    visitor = Visitor(build_console(services, Metrics()))
    page = await visitor.post(f"{HOME}/sign-in", SIGN_IN, "https://ask.example")
    cookie = page.got.headers["set-cookie"]
    assert cookie.startswith(f"__Host-{COOKIE}{BUSINESS}=")
    assert "Secure" in cookie
    assert office.operators


@pytest.mark.parametrize(
    "wrong",
    [
        {"email": "nobody@example.com", "password": PASSWORD},
        {"email": "admin@example.com", "password": "another long phrase"},
        {"email": "no address", "password": PASSWORD},
        {},
    ],
)
async def test_whoever_does_not_come_in_sees_the_same_page(
    office: Office, wrong: dict[str, str]
) -> None:
    page = await office.at(None).post(f"{HOME}/sign-in", wrong)
    assert page.got.status == 401
    assert "set-cookie" not in page.got.headers
    told = page.source.replace(wrong.get("email", ""), "") if wrong.get("email") else page.source
    assert "The address, the password or the code is not right." in told


async def test_guessing_is_slowed_and_says_for_how_long(office: Office) -> None:
    wrong = {**SIGN_IN, "password": "another long phrase"}
    for _ in range(5):
        await office.at(None).post(f"{HOME}/sign-in", wrong)
    page = await office.at(None).post(f"{HOME}/sign-in", SIGN_IN)
    assert page.got.status == 429
    assert page.got.headers["retry-after"] == "5"
    assert "Try again in 5 seconds" in page.text


async def test_signing_out_ends_the_session_for_good(office: Office) -> None:
    page = await office.send(ADMIN, "/sign-out", {})
    assert page.got.status == 303
    assert "Max-Age=0" in page.got.headers["set-cookie"]
    assert (await office.at(ADMIN).get(HOME)).got.status == 303


async def test_opening_an_invitation_uses_nothing_up(office: Office) -> None:
    page = await office.send(ADMIN, "/team", {"email": "new@example.com", "role": "support"})
    link = re.search(r"http://127\.0\.0\.1:8080(/console/\S+/join/[^<\s]+)", page.source)
    assert link
    for _ in range(3):
        opened = await office.at(None).get(link[1])
        assert opened.got.status == 200
        assert "Support" in opened.text
    form = {"name": "New", "password": PASSWORD}
    assert (await office.at(None).post(link[1], form)).got.status == 303
    assert (await office.at(None).get(link[1])).got.status == 410
    assert (await office.at(None).post(link[1], form)).got.status == 410


async def test_a_person_is_found_without_their_number_in_any_address(office: Office) -> None:
    await said_at_sign_up(office.world)
    found = await office.send(SUPPORT, "/people", {"person": f"+{DIGITS}"})
    assert found.got.headers["location"] == f"{HOME}/people/{await office.person()}"


async def test_who_may_see_no_numbers_cannot_ask_whose_one_is(office: Office) -> None:
    await said_at_sign_up(office.world)
    for role in (VIEWER, OperatorRole.MARKETING):
        asked = await office.send(role, "/people", {"person": f"+{DIGITS}"})
        assert asked.got.status == 403
        by_id = await office.send(role, "/people", {"person": await office.person()})
        assert by_id.got.status == 303


async def test_nobody_and_nonsense_are_told_apart(office: Office) -> None:
    nobody = await office.send(SUPPORT, "/people", {"person": "+33612345678"})
    assert (nobody.got.status, "Nobody with this number" in nobody.text) == (404, True)
    nonsense = await office.send(SUPPORT, "/people", {"person": "12"})
    assert nonsense.got.status == 422


async def test_a_number_is_masked_until_a_reason_is_given_which_the_log_keeps(
    office: Office,
) -> None:
    await said_at_sign_up(office.world)
    person = f"/people/{await office.person()}"
    page = await office.at(SUPPORT).get(HOME + person)
    assert DIGITS not in page.source
    assert f"+{DIGITS[:3]} ···· ·· {DIGITS[-2:]}" in page.text
    refused = await office.send(SUPPORT, f"{person}/number", {"reason": "curious"})
    assert (refused.got.status, DIGITS in refused.source) == (422, False)
    shown = await office.send(SUPPORT, f"{person}/number", {"reason": "caller"})
    assert f"+{DIGITS}" in shown.text
    assert (await office.acts())[:2] == [AuditAct.NUMBER_SHOWN, AuditAct.LOOKED_AT]


async def test_what_people_wrote_is_shown_to_those_who_may_see_numbers(office: Office) -> None:
    await said_at_sign_up(office.world)
    await stopped_in_chat(office.world, 20)
    person = f"{HOME}/people/{await office.person()}"
    assert "STOP please" in (await office.at(SUPPORT).get(person)).text
    for role in (VIEWER, OperatorRole.MARKETING):
        page = await office.at(role).get(person)
        assert "STOP please" not in page.source
        assert "Your role does not show the words of people" in page.text


async def test_a_stop_for_a_caller_is_in_force_and_says_who_took_it(office: Office) -> None:
    await said_at_sign_up(office.world)
    path = f"/people/{await office.person()}/stop"
    sent = await office.send(SUPPORT, path, {"what": "marketing", "note": "do not write again"})
    assert sent.got.status == 303
    event = (await office.events())[-1]
    assert (event.kind, event.source, event.surface) == (
        EventKind.WITHDRAWN,
        Source.CONSOLE,
        Surface.PHONE,
    )
    assert event.purposes == ("marketing",)
    page = await office.at(SUPPORT).get(sent.got.headers["location"])
    assert "do not write again" in page.text
    assert office.operators[BUSINESS, SUPPORT].operator_id in page.source


async def test_erasing_asks_once_more_and_leaves_no_number(office: Office) -> None:
    await said_at_sign_up(office.world)
    person = f"/people/{await office.person()}"
    asked = await office.at(ADMIN).get(f"{HOME}{person}/erase")
    assert "go for good" in asked.text
    done = await office.send(ADMIN, f"{person}/erase", {"reason": "requested"})
    assert done.got.status == 303
    assert (await office.events())[-1].kind is EventKind.ERASED
    assert "This person was erased" in (await office.at(ADMIN).get(HOME + person)).text


async def test_an_evidence_pack_is_taken_away_once_the_log_knows(office: Office) -> None:
    await said_at_sign_up(office.world)
    page = await office.send(ADMIN, f"/people/{await office.person()}/evidence", {})
    assert page.got.headers["content-type"] == "application/zip"
    assert page.got.body[:2] == b"PK"
    assert (await office.acts())[0] is AuditAct.EVIDENCE_TAKEN


async def test_a_pause_and_its_lifting_tell_who_and_why(office: Office) -> None:
    form = {"sender": "", "holds": "marketing", "reason": "wrong price"}
    assert (await office.send(ADMIN, "/senders/pause", form)).got.status == 303
    page = await office.at(ADMIN).get(f"{HOME}/senders")
    assert "admin: wrong price" in page.text
    brake = re.search(r"brk_\w{26}", page.source)
    assert brake
    lifted = await office.send(ADMIN, f"/brakes/{brake[0]}/lift", {"reason": "put right"})
    assert lifted.got.status == 303
    after = (await office.at(ADMIN).get(f"{HOME}/senders")).text
    assert "No brake is on" in after
    assert "Lifted lately" in after


async def test_a_page_links_only_to_what_is_there(office: Office) -> None:
    await said_at_sign_up(office.world)
    admin = office.at(ADMIN)
    for path in ("", "/people", "/stops", "/not-sent", "/senders", "/team", "/audit", "/account"):
        for link in (await admin.get(HOME + path)).links():
            if link.startswith(f"{HOME}"):
                assert (await admin.get(link)).got.status == 200, link


async def test_what_is_not_there_is_said_inside_and_outside(office: Office) -> None:
    assert (await office.at(ADMIN).get(f"{HOME}/nothing")).got.status == 404
    assert (await office.at(None).get("/console/nobody/sign-in")).got.status == 404
    assert (await office.at(None).get("/console")).got.status == 200


def test_each_language_says_what_english_says() -> None:
    source = console_words()["en"]
    for locale, words in console_words().items():
        for key in sorted(source.keys()):
            places = re.findall(r"\{[a-z]+\}", source.unfilled(key))
            assert sorted(re.findall(r"\{[a-z]+\}", words.unfilled(key))) == sorted(places), (
                locale,
                key,
            )


async def test_the_first_page_tells_who_may_be_written_to_once_that_was_counted(
    office: Office,
) -> None:
    assert "being counted" in (await office.at(VIEWER).get(HOME)).text
    await office.world.store.ledger.commit(change(grant(BEN), stop(BEN, at=at(1))))
    await office.world.store.ledger.commit(change(grant(CLEO)))
    await count_ledger(office.world.services, BUSINESS)
    told = (await office.at(VIEWER).get(HOME)).got.body.decode()
    assert "being counted" not in told
    shown = re.findall(r'<dd class="big">([^<]+?)\s*<', told)
    assert shown[:3] == ["1", "2", "1"]


async def test_a_person_is_told_when_they_were_looked_at_and_not_by_whom(office: Office) -> None:
    await office.world.store.ledger.commit(change(grant(ANA)))
    contact = await contact_of(office.world.store, ANA)
    await office.at(SUPPORT).get(f"{HOME}/people/{contact}")
    told = await export_contact(office.world.services, BUSINESS, contact)
    assert [look["act"] for look in told["looked_at"]] == ["looked_at"]
    assert set(told["looked_at"][0]) == {"at", "act", "reason"}
