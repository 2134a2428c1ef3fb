"""Passkeys at the doors of the console: cookies, words, and what each page may run."""

from __future__ import annotations

import re
from dataclasses import dataclass

import pytest

from askfirst.domain.operators.audit_entry import AuditAct
from askfirst.domain.operators.operator import OperatorRole
from askfirst.domain.tenants.deployment import Site
from askfirst.domain.value import replace
from askfirst.web.console.app import build_console
from askfirst.web.metrics import Metrics
from tests.support.builders import BUSINESS
from tests.support.services import World, changed
from tests.support.software_authenticator import SoftwareKey
from tests.web.console.office import COOKIE, PASSWORD, Office, open_office
from tests.web.public.visitors import STRANGER, Page, Visitor

ORIGIN = "https://ask.example"
HOME = f"/console/{BUSINESS}"
ADMIN, SUPPORT = OperatorRole.ADMIN, OperatorRole.SUPPORT


@dataclass
class Hall:
    """A console at an https address, and its operators."""

    office: Office

    def at(self, role: OperatorRole) -> Visitor:
        secret = self.office.secrets[BUSINESS, role]
        return Visitor(self.office.app, {"cookie": f"__Host-{COOKIE}{BUSINESS}={secret}"})

    async def token(self, role: OperatorRole) -> str:
        return (await self.at(role).get(f"{HOME}/account")).fields()["form_token"]

    async def send(self, role: OperatorRole, path: str, **form: str) -> Page:
        filled = {"form_token": await self.token(role), **form}
        return await self.at(role).post(f"{HOME}/account/passkeys{path}", filled, ORIGIN)

    async def add(self, role: OperatorRole, label: str = "laptop") -> SoftwareKey:
        key = SoftwareKey(ORIGIN, "ask.example")
        question = await self.send(role, "/question")
        assert question.got.status == 200
        kept = await self.send(role, "", answer=key.make(question.source), label=label)
        assert kept.got.headers["location"] == f"{HOME}/account?done=passkey_added"
        return key

    async def ask(self) -> tuple[str, Visitor]:
        """What a stranger's browser is asked, and that browser."""
        got = (
            await Visitor(self.office.app).post(f"{HOME}/sign-in/passkey/question", {}, ORIGIN)
        ).got
        assert got.status == 200
        cookie = got.headers["set-cookie"]
        assert {"HttpOnly", "Secure", "Path=/", "SameSite=strict"} <= set(cookie.split("; "))
        assert cookie.startswith("__Host-askfirst-passkey-")
        return got.body.decode(), Visitor(self.office.app, {"cookie": cookie.partition(";")[0]})


@pytest.fixture
async def hall(sqlite_world: World) -> Hall:
    office = await open_office(sqlite_world)
    services = changed(sqlite_world.services, site=Site(public_url=ORIGIN))
    office.world = replace(sqlite_world, services=services)
    office.app = build_console(services, Metrics())
    return Hall(office)


async def test_two_pages_run_a_script_of_ours_and_no_other_does(hall: Hall) -> None:
    for path in ("/account", "/sign-in"):
        visitor = hall.at(ADMIN) if path == "/account" else Visitor(hall.office.app)
        page = await visitor.get(HOME + path)
        policy = page.got.headers["content-security-policy"]
        assert "script-src 'self'; connect-src 'self'" in policy
        assert "default-src 'none'" in policy
        assert page.all("script") == [{"type": "module", "src": "/console/static/passkeys.js"}]
        assert (await visitor.get("/console/static/passkeys.js")).got.status == 200
    for path in ("", "/team", "/account/authenticator"):
        page = await hall.at(ADMIN).get(HOME + path)
        assert "script" not in page.got.headers["content-security-policy"]


async def test_who_comes_in_by_a_passkey_has_a_session_like_any_other(hall: Hall) -> None:
    key = await hall.add(SUPPORT)
    question, browser = await hall.ask()
    form = {"answer": key.sign(question)}
    page = await browser.post(f"{HOME}/sign-in/passkey", form, ORIGIN)
    assert (page.got.status, page.got.headers["location"]) == (303, HOME)
    again = await browser.post(f"{HOME}/sign-in/passkey", form, ORIGIN)
    assert again.got.status == 401
    assert "took too long, or was sent twice" in again.text
    assert (await hall.office.acts())[:2] == [AuditAct.SIGN_IN_REFUSED, AuditAct.SIGNED_IN]


async def test_another_browser_or_site_cannot_send_the_answer(hall: Hall) -> None:
    key = await hall.add(SUPPORT)
    question, browser = await hall.ask()
    form = {"answer": key.sign(question)}
    page = await browser.post(f"{HOME}/sign-in/passkey", form, STRANGER)
    assert page.got.status == 403
    ask = await browser.post(f"{HOME}/sign-in/passkey/question", {}, STRANGER)
    assert ask.got.status == 403
    page = await Visitor(hall.office.app).post(f"{HOME}/sign-in/passkey", form, ORIGIN)
    assert page.got.status == 401
    page = await browser.post(f"{HOME}/sign-in/passkey", form, ORIGIN)
    assert page.got.status == 303


async def test_each_refusal_says_what_to_do_in_the_readers_language(hall: Hall) -> None:
    key = await hall.add(SUPPORT)
    question, browser = await hall.ask()
    browser.headers = {**browser.headers, "accept-language": "de"}
    form = {"answer": replace(key, origin=STRANGER).sign(question)}
    page = await browser.post(f"{HOME}/sign-in/passkey", form, ORIGIN)
    assert "Dieser Passkey passt nicht zu dieser Website." in page.text


async def test_too_many_refusals_wait(hall: Hall) -> None:
    form = {"answer": "{}"}
    for _ in range(15):  # five operators came in from the same address before
        page = await Visitor(hall.office.app).post(f"{HOME}/sign-in/passkey", form, ORIGIN)
        assert page.got.status == 401
    page = await Visitor(hall.office.app).post(f"{HOME}/sign-in/passkey", form, ORIGIN)
    assert page.got.status == 429
    assert page.got.headers["retry-after"] == "5"


async def test_the_password_is_asked_for_again_after_a_while(hall: Hall) -> None:
    assert "password" not in [one.get("name") for one in await _inputs(hall)]
    hall.office.world.clock.advance(301)
    assert "password" in [one.get("name") for one in await _inputs(hall)]
    wrong = await hall.send(ADMIN, "/question", password="not the phrase")
    assert (wrong.got.status, wrong.got.json) == (401, {"detail": "The password is not right."})
    assert (await hall.send(ADMIN, "/question", password=PASSWORD)).got.status == 200


async def _inputs(hall: Hall) -> list[dict[str, str]]:
    return (await hall.at(ADMIN).get(f"{HOME}/account")).all("input")


async def test_the_team_and_ones_account_say_who_has_a_passkey(hall: Hall) -> None:
    await hall.add(SUPPORT, "<b>phone</b>")
    page = await hall.at(SUPPORT).get(f"{HOME}/account")
    assert "<b>phone</b>" in page.text
    assert "not used yet" in page.text
    team = (await hall.at(ADMIN).get(f"{HOME}/team")).text
    assert team.count("password, passkey") == 1
    (place,) = set(re.findall(r"/passkeys/(psk_\w+)/remove", page.source))
    theirs = await hall.send(ADMIN, f"/{place}/remove")
    assert theirs.got.status == 422
    named = await hall.send(SUPPORT, f"/{place}/name", label="tablet")
    assert named.got.status == 303
    assert "tablet" in (await hall.at(SUPPORT).get(f"{HOME}/account")).text
    assert (await hall.send(SUPPORT, f"/{place}/name", label="")).got.status == 422
    assert (await hall.send(SUPPORT, f"/{place}/remove")).got.status == 303
    assert "passkey" not in (await hall.at(ADMIN).get(f"{HOME}/team")).text.replace("passkeys", "")
