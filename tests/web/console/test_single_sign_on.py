"""Single sign-on at the console's doors: with oidc-provider itself, and with a hostile one."""

from __future__ import annotations

import asyncio
import re
import socket
from base64 import urlsafe_b64encode
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from html import unescape
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest

from askfirst.adapters.clock import SystemClock
from askfirst.bootstrap.settings import isolated_settings
from askfirst.delivery.single_sign_on import SignOnAtProvider, SignOnClient
from askfirst.domain.operators.audit_entry import AuditAct
from askfirst.domain.operators.operator import INVITATION_LIFE, OperatorRole
from askfirst.domain.value import replace
from askfirst.domain.values.errors import InvalidInput
from askfirst.domain.values.timestamp import SECOND
from askfirst.usecases.operators.invite_operator import invite_operator
from askfirst.usecases.operators.manage_team import end_access
from askfirst.usecases.operators.write_down import Actor
from askfirst.web.console.app import build_console
from askfirst.web.metrics import Metrics
from tests.support.builders import BUSINESS
from tests.support.fake_provider import ROTATED, STOLEN, FakeProvider, open_provider
from tests.support.services import World, changed
from tests.web.console.office import PASSWORD, Office, open_office
from tests.web.public.visitors import SITE, STRANGER, Page, Visitor

ROOT = Path(__file__).resolve().parents[3]
HOME = f"/console/{BUSINESS}"
SECRET = "a secret of thirty-two characters"
SERVER = Actor(business_id=BUSINESS, operator_id=None)
EVE, SUPPORT = "eve@example.com", "support@example.com"


@dataclass
class Gate:
    """A console with single sign-on at a provider."""

    office: Office

    async def leave(self) -> tuple[dict[str, str], Visitor]:
        """Go to the provider; gives what it is told, and the browser that will come back."""
        page = await Visitor(self.office.app).post(f"{HOME}/sign-in/sso", {})
        assert page.got.status == 200, page.text
        cookie = page.got.headers["set-cookie"]
        assert {"HttpOnly", "SameSite=lax"} <= set(cookie.split("; "))
        place = page.got.headers["refresh"].removeprefix("0; url=")
        told = {name: one[0] for name, one in parse_qs(urlsplit(place).query).items()}
        return told | {"place": place}, Visitor(
            self.office.app, {"cookie": cookie.partition(";")[0]}
        )

    async def come_back(self, browser: Visitor, **query: str) -> Page:
        return await browser.get(f"{HOME}/sign-in/sso?{httpx.QueryParams(query)}")

    async def go(self, provider: FakeProvider, **claims: Any) -> Page:
        """Sign in at the fake provider, which says so and so."""
        told, browser = await self.leave()
        provider.claims = right(self, provider, told) | claims
        return await self.come_back(browser, state=told["state"], code="code")

    async def invite(self, email: str = EVE) -> None:
        await invite_operator(self.office.world.services, SERVER, email, OperatorRole.VIEWER)


def right(gate: Gate, provider: FakeProvider, told: dict[str, str]) -> dict[str, Any]:
    now = gate.office.world.clock.now() // SECOND
    return {
        "iss": provider.url,
        "aud": "askfirst",
        "sub": "subject-of-eve",
        "nonce": told["nonce"],
        "iat": now,
        "exp": now + 300,
        "email": EVE,
        "email_verified": True,
    }


@pytest.fixture
def provider() -> Iterator[FakeProvider]:
    with open_provider() as provider:
        yield provider


async def gate_at(world: World, issuer: str, clock: Any, **more: Any) -> Gate:
    office = await open_office(world)
    client = SignOnClient(issuer=issuer, client_id="askfirst", secret=SECRET, **more)
    services = changed(world.services, sign_on=SignOnAtProvider(client, clock))
    office.world = replace(world, services=services)
    office.app = build_console(services, Metrics())
    return Gate(office)


@pytest.fixture
async def gate(sqlite_world: World, provider: FakeProvider) -> Gate:
    return await gate_at(sqlite_world, provider.url, sqlite_world.clock)


def is_in(page: Page) -> bool:
    is_sent_home = page.got.headers.get("location") == HOME
    return page.got.status == 303 and is_sent_home


async def test_who_was_invited_comes_in_is_linked_and_has_the_role_of_the_team_page(
    gate: Gate, provider: FakeProvider
) -> None:
    await gate.invite()
    page = await gate.go(provider, roles=["admin"], groups=["admin"])
    assert is_in(page)
    assert (await gate.office.acts())[:2] == [AuditAct.SIGNED_IN, AuditAct.SIGN_ON_LINKED]
    team = await gate.office.world.services.operators.list(BUSINESS)
    eve = next(one for one in team if one.email == EVE)
    assert (eve.role, eve.subject, eve.password) == (OperatorRole.VIEWER, "subject-of-eve", "")
    assert is_in(await gate.go(provider, email="moved@example.com", email_verified=False))
    told = (await gate.office.at(OperatorRole.ADMIN).get(f"{HOME}/team")).text
    assert "single sign-on" in told


async def test_what_leaves_is_a_code_flow_with_state_nonce_and_a_proof_key(
    gate: Gate, provider: FakeProvider
) -> None:
    told, _ = await gate.leave()
    assert told["response_type"] == "code"
    assert told["code_challenge_method"] == "S256"
    assert told["redirect_uri"] == f"{SITE}{HOME}/sign-in/sso"
    assert len({told["state"], told["nonce"], told["code_challenge"]}) == 3
    assert all(len(told[name]) == 43 for name in ("state", "nonce", "code_challenge"))
    await gate.invite()
    await gate.go(provider)
    (form,) = (form for path, form in provider.asked if path == "/token")
    assert len(form["code_verifier"]) == 43
    assert form["redirect_uri"] == told["redirect_uri"]


@pytest.mark.parametrize(
    "bent",
    [
        {"nonce": "another"},
        {"nonce": None},
        {"aud": "somebody-else"},
        {"aud": ["askfirst", "somebody-else"]},
        {"azp": "somebody-else"},
        {"iss": "https://evil.example"},
        {"exp": 0},
        {"exp": "soon"},
        {"exp": None},
        {"iat": 0},
        {"iat": 9_999_999_999},
        {"sub": ""},
        {"sub": None},
        {"sub": "x" * 256},
    ],
    ids=str,
)
async def test_a_token_that_does_not_hold_lets_nobody_in(
    gate: Gate, provider: FakeProvider, bent: dict[str, Any]
) -> None:
    await gate.invite()
    page = await gate.go(provider, **bent)
    assert page.got.status == 401
    assert "does not hold" in page.text
    assert (await gate.office.acts())[0] is AuditAct.SIGN_IN_REFUSED


def unsigned(claims: str) -> str:
    parts = (b'{"alg":"none"}', claims.encode())
    return ".".join(urlsafe_b64encode(one).rstrip(b"=").decode() for one in parts) + "."


@pytest.mark.parametrize("kind", ["none", "secret", "another key", "no token", "nonsense"])
async def test_a_token_that_the_provider_did_not_sign_lets_nobody_in(
    gate: Gate, provider: FakeProvider, kind: str
) -> None:
    await gate.invite()
    told, browser = await gate.leave()
    provider.claims = right(gate, provider, told)
    match kind:
        case "none":
            provider.token = unsigned(httpx.Response(200, json=provider.claims).text)
        case "secret":
            provider.token = provider.signed_by_secret(SECRET)
        case "another key":
            provider.key = STOLEN
        case "no token":
            provider.status = 400
        case _:
            provider.token = "a.b.c"
    page = await gate.come_back(browser, state=told["state"], code="code")
    assert page.got.status == 401
    assert "does not hold" in page.text


async def test_a_way_back_counts_once_at_the_browser_that_began_and_in_time(
    gate: Gate, provider: FakeProvider
) -> None:
    await gate.invite()
    told, browser = await gate.leave()
    provider.claims = right(gate, provider, told)
    back = {"state": told["state"], "code": "code"}
    assert (await gate.come_back(Visitor(gate.office.app), **back)).got.status == 401
    assert is_in(await gate.come_back(browser, **back))
    assert "was used before" in (await gate.come_back(browser, **back)).text
    told, browser = await gate.leave()
    provider.claims = right(gate, provider, told)
    page = await gate.come_back(browser, state="another", code="code")
    assert page.got.status == 401
    told, browser = await gate.leave()
    gate.office.world.clock.advance(300)
    page = await gate.come_back(browser, state=told["state"], code="code")
    assert "took too long" in page.text


async def test_another_issuer_is_not_mixed_up_with_ours(gate: Gate, provider: FakeProvider) -> None:
    await gate.invite()
    provider.discovery = {"authorization_response_iss_parameter_supported": True}
    for issuer, is_right in (("https://evil.example", False), ("", False), (provider.url, True)):
        told, browser = await gate.leave()
        provider.claims = right(gate, provider, told)
        page = await gate.come_back(browser, state=told["state"], code="code", iss=issuer)
        assert is_in(page) is is_right


async def test_who_gave_up_at_the_provider_is_told(gate: Gate) -> None:
    told, browser = await gate.leave()
    page = await gate.come_back(browser, state=told["state"], error="access_denied", code="x")
    assert "did not let you in" in page.text


@pytest.mark.parametrize(
    "claims", [{"email_verified": False}, {"email_verified": "true"}, {"email": ""}], ids=str
)
async def test_an_address_that_is_not_vouched_for_finds_no_invitation(
    gate: Gate, provider: FakeProvider, claims: dict[str, Any]
) -> None:
    await gate.invite()
    page = await gate.go(provider, **claims)
    assert page.got.status == 401
    assert "does not confirm your e-mail address" in page.text


async def test_who_was_not_invited_stays_outside(gate: Gate, provider: FakeProvider) -> None:
    assert "Nobody invited this address" in (await gate.go(provider)).text
    await gate.invite()
    gate.office.world.clock.advance(INVITATION_LIFE / SECOND)
    assert "or the invitation is over" in (await gate.go(provider)).text
    assert len(await gate.office.world.services.operators.list(BUSINESS)) == 6


async def test_whose_access_ended_stays_outside(gate: Gate, provider: FakeProvider) -> None:
    await gate.invite()
    assert is_in(await gate.go(provider))
    team = await gate.office.world.services.operators.list(BUSINESS)
    eve = next(one for one in team if one.email == EVE)
    await end_access(gate.office.world.services, SERVER, eve.operator_id)
    assert "Nobody invited this address" in (await gate.go(provider)).text


async def test_a_colleague_with_a_password_is_linked_to_one_subject_only(
    gate: Gate, provider: FakeProvider
) -> None:
    assert is_in(await gate.go(provider, email=SUPPORT, sub="first"))
    assert "linked" not in (page := await gate.go(provider, email=SUPPORT, sub="second")).text
    assert page.got.status == 401
    assert is_in(await gate.go(provider, email=SUPPORT, sub="first"))


async def test_the_address_is_asked_for_where_the_token_has_none(
    gate: Gate, provider: FakeProvider
) -> None:
    await gate.invite()
    told, browser = await gate.leave()
    provider.claims = right(gate, provider, told)
    del provider.claims["email"], provider.claims["email_verified"]
    provider.userinfo = {"sub": "somebody else", "email": EVE, "email_verified": True}
    back = {"state": told["state"], "code": "code"}
    assert "does not confirm" in (await gate.come_back(browser, **back)).text
    provider.userinfo |= {"sub": "subject-of-eve"}
    told, browser = await gate.leave()
    provider.claims |= {"nonce": told["nonce"]}
    assert is_in(await gate.come_back(browser, state=told["state"], code="code"))


async def test_keys_are_kept_and_read_again_once_one_is_new(
    gate: Gate, provider: FakeProvider
) -> None:
    await gate.invite()
    for _ in range(3):
        assert is_in(await gate.go(provider))
    assert [path for path, _ in provider.asked].count("/jwks") == 1
    provider.key, provider.keys = ROTATED, [ROTATED]
    gate.office.world.clock.advance(60)
    assert is_in(await gate.go(provider))
    provider.key = STOLEN
    for _ in range(3):
        assert (await gate.go(provider)).got.status == 401
    assert [path for path, _ in provider.asked].count("/jwks") == 2


@pytest.mark.parametrize(
    "said",
    [
        {"issuer": "https://evil.example"},
        {"authorization_endpoint": "http://login.example/auth"},
        {"authorization_endpoint": 7},
    ],
    ids=str,
)
async def test_a_provider_that_is_not_the_issuer_or_not_safe_is_told_loudly(
    gate: Gate, provider: FakeProvider, said: dict[str, Any]
) -> None:
    provider.discovery = said
    page = await Visitor(gate.office.app).post(f"{HOME}/sign-in/sso", {})
    assert page.got.status == 503
    assert "cannot be reached" in page.text


async def test_another_site_cannot_begin_and_too_many_tries_wait(
    gate: Gate, provider: FakeProvider
) -> None:
    page = await Visitor(gate.office.app).post(f"{HOME}/sign-in/sso", {}, STRANGER)
    assert page.got.status == 403
    statuses = [(await gate.go(provider)).got.status for _ in range(16)]
    assert statuses == [401] * 15 + [429]


async def test_passwords_may_be_turned_off(sqlite_world: World, provider: FakeProvider) -> None:
    gate = await gate_at(sqlite_world, provider.url, sqlite_world.clock, has_passwords=False)
    page = await Visitor(gate.office.app).get(f"{HOME}/sign-in")
    assert not page.all("input", type="password")
    form = {"email": SUPPORT, "password": PASSWORD}
    page = await Visitor(gate.office.app).post(f"{HOME}/sign-in", form)
    assert page.got.status == 401
    made = await invite_operator(sqlite_world.services, SERVER, EVE, OperatorRole.VIEWER)
    page = await Visitor(gate.office.app).get(urlsplit(made.link).path)
    assert page.got.headers["location"] == f"{HOME}/sign-in"
    assert is_in(await gate.go(provider))


@pytest.mark.parametrize(
    "wrong",
    [
        {"sso_issuer": "http://login.example", "sso_client_id": "a", "sso_client_secret": "b"},
        {"sso_issuer": "https://login.example?x", "sso_client_id": "a", "sso_client_secret": "b"},
        {"sso_issuer": "https://login.example", "sso_client_id": "a"},
        {"sso_passwords": False},
    ],
    ids=str,
)
def test_settings_that_would_let_in_nobody_or_anybody_are_refused(wrong: dict[str, Any]) -> None:
    with pytest.raises((InvalidInput, ValueError)):
        isolated_settings(database_url="sqlite:////tmp/x.db", **wrong)


def test_the_secret_is_shown_nowhere() -> None:
    given = {"sso_issuer": "https://login.example", "sso_client_id": "a"}
    settings = isolated_settings(
        database_url="sqlite:////tmp/x.db", sso_client_secret=SECRET, **given
    )
    assert SECRET not in repr(settings)


@pytest.fixture
async def real() -> AsyncIterator[str]:
    """The issuer of oidc-provider, in a process of its own."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    script = ROOT / "tests" / "support" / "oidc_provider.mjs"
    callback = f"{SITE}{HOME}/sign-in/sso"
    process = await asyncio.create_subprocess_exec(
        "node", str(script), str(port), callback, SECRET, stdout=asyncio.subprocess.PIPE, cwd=ROOT
    )
    assert process.stdout is not None
    try:
        said = b""
        while b"ready" not in said:
            said = await asyncio.wait_for(process.stdout.readline(), 30)
            assert said, "oidc-provider did not start: make setup installs it"
        yield f"http://127.0.0.1:{port}"
    finally:
        if process.returncode is None:
            process.terminate()
        await process.wait()


async def at_provider(place: str, email: str) -> dict[str, str]:
    """Sign in at oidc-provider as a person does; gives what the browser comes back with."""
    async with httpx.AsyncClient(timeout=20) as browser:
        for _ in range(12):
            got = await browser.get(place)
            while got.status_code == 200:
                prompt = re.search(r'name="prompt" value="(\w+)"', got.text)
                action = re.search(r'action="([^"]+)"', got.text)
                assert prompt, got.text
                assert action, got.text
                form = {"prompt": prompt[1], "login": email, "password": "any"}
                got = await browser.post(unescape(action[1]), data=form)
            assert got.status_code in (302, 303), got.text
            place = str(got.url.join(got.headers["location"]))
            if place.startswith(SITE):
                return dict(httpx.URL(place).params)
    raise AssertionError("it never leads back")


async def test_oidc_provider_itself_lets_in_who_was_invited_and_nobody_else(
    sqlite_world: World, real: str
) -> None:
    gate = await gate_at(sqlite_world, real, SystemClock())
    await gate.invite()
    await gate.invite("unverified@example.com")
    told = {EVE: "", "unverified@example.com": "does not confirm", "zoe@example.com": "Nobody"}
    for email, refusal in told.items():
        left, browser = await gate.leave()
        back = await at_provider(left["place"], email)
        page = await gate.come_back(browser, **back)
        assert is_in(page) is not bool(refusal), page.text
        assert refusal in page.text
    left, browser = await gate.leave()
    back = await at_provider(left["place"], EVE)
    assert (await gate.come_back(browser, **back | {"code": "another"})).got.status == 401
