"""Who may call what."""

import httpx
import pytest
from fastapi import FastAPI
from fastapi.routing import APIRoute

from askfirst.domain.tenants.api_key import ApiScope, Business
from askfirst.usecases.tenants.authenticate import create_key
from askfirst.web.api.app import ROUTES, build_api
from tests.support.builders import BUSINESS, SENDER
from tests.web.api.bodies import ADA, check, consent
from tests.web.api.desk import Desk

SCOPES = {(route.method, route.path): route.scope for route in ROUTES}
READING_POSTS = {("POST", "/v1/contacts/lookup"), ("POST", "/v1/check")}
OF_READERS = {("POST", "/v1/screens"), ("DELETE", "/v1/screens/{id}")}
"""A screening answers as a look-up does: it is kept for its reader, and changes nothing."""
OF_SENDERS = {("DELETE", "/v1/held/{id}")}
"""Who may send may take back what was handed over to be sent."""
BODIES = {"/v1/consents": consent(), "/v1/check": check()}


def test_whatever_writes_needs_a_scope_to_write() -> None:
    writing = (
        {route for route in SCOPES if route[0] != "GET"} - READING_POSTS - OF_SENDERS - OF_READERS
    )
    assert all(SCOPES[route] is ApiScope.SEND for route in OF_SENDERS)
    assert all(SCOPES[route] is ApiScope.CONTACTS_READ for route in OF_READERS)
    assert all(
        (scope := SCOPES[route]) and scope.endswith((":write", ":erase")) for route in writing
    )


def test_whatever_reads_needs_no_scope_to_write() -> None:
    reading = {route for route in SCOPES if route[0] == "GET"} | READING_POSTS
    assert not any(
        (scope := SCOPES[route]) and scope.endswith((":write", ":erase")) for route in reading
    )


def test_a_route_that_is_not_in_the_table_cannot_be_built(desk: Desk) -> None:
    app = framework_of(desk)
    with pytest.raises(KeyError):
        app.add_api_route("/v1/open", test_whatever_reads_needs_no_scope_to_write, methods=["GET"])


def test_no_handler_is_reached_by_another_kind_of_route(desk: Desk) -> None:
    others = [route for route in framework_of(desk).routes if not isinstance(route, APIRoute)]
    plain = {getattr(route, "path", "") for route in others}
    assert plain == {"/openapi.json", "/docs", "/docs/{file}", "/problems/{code}"}


def framework_of(desk: Desk) -> FastAPI:
    framework = build_api(desk.services, desk.metrics).framework
    assert isinstance(framework, FastAPI)
    return framework


def url(path: str) -> str:
    return path.replace("{alias}", ADA).replace("{phone_number_id}", SENDER)


@pytest.mark.parametrize(("method", "path"), list(SCOPES))
@pytest.mark.parametrize("given", ["", "Bearer ", "Bearer ask_wrong", "Basic ask_wrong"])
async def test_without_a_live_key_nothing_is_told(
    stranger: httpx.AsyncClient, method: str, path: str, given: str
) -> None:
    headers = {"authorization": given} if given else {}
    response = await stranger.request(method, url(path), headers=headers)
    assert response.status_code == 401
    assert response.headers["www-authenticate"] == 'Bearer realm="askfirst"'


@pytest.mark.parametrize(("route", "needed"), [(r, s) for r, s in SCOPES.items() if s])
async def test_a_key_without_the_scope_is_turned_away(
    desk: Desk, stranger: httpx.AsyncClient, route: tuple[str, str], needed: ApiScope
) -> None:
    secret = await desk.key(set(ApiScope) - {needed})
    response = await stranger.request(
        route[0], url(route[1]), headers={"authorization": f"Bearer {secret}"}
    )
    assert response.status_code == 403
    assert f'scope="{needed.value}"' in response.headers["www-authenticate"]


@pytest.mark.parametrize(("route", "needed"), [(r, s) for r, s in SCOPES.items() if s])
async def test_the_one_scope_is_enough(
    desk: Desk, stranger: httpx.AsyncClient, route: tuple[str, str], needed: ApiScope
) -> None:
    headers = {"authorization": f"Bearer {await desk.key([needed])}"}
    response = await stranger.request(
        route[0], url(route[1]), headers=headers, json=BODIES.get(route[1])
    )
    assert response.status_code not in {401, 403}


async def test_a_revoked_key_is_dead_at_once(desk: Desk, stranger: httpx.AsyncClient) -> None:
    services = desk.services
    business = Business(business_id=BUSINESS, name="Acme")
    key, secret = await create_key(services, business, "old", frozenset(ApiScope))
    headers = {"authorization": f"Bearer {secret}"}
    assert (await stranger.get("/v1/me", headers=headers)).status_code == 200
    await services.directory.revoke_key(BUSINESS, key.key_id, services.clock.now())
    assert (await stranger.get("/v1/me", headers=headers)).status_code == 401


async def test_one_business_sees_nothing_of_another(
    desk: Desk, caller: httpx.AsyncClient, stranger: httpx.AsyncClient
) -> None:
    await caller.post("/v1/consents", json=consent())
    headers = {"authorization": f"Bearer {await desk.rivals_key()}"}
    assert (await stranger.get(f"/v1/contacts/{ADA}", headers=headers)).status_code == 404
    assert (await stranger.get("/v1/events", headers=headers)).json()["data"] == []
    told = (await stranger.post("/v1/check", json=check(), headers=headers)).json()
    assert told["reasons"][0]["code"] == "sender_unknown"


async def test_a_caller_can_ask_who_it_is(desk: Desk, stranger: httpx.AsyncClient) -> None:
    secret = await desk.key([ApiScope.CHECK], name="campaigns")
    told = (await stranger.get("/v1/me", headers={"authorization": f"Bearer {secret}"})).json()
    assert told["business"] == {"id": BUSINESS, "name": "Acme"}
    assert (told["key"]["name"], told["key"]["scopes"]) == ("campaigns", ["check"])
    assert secret not in str(told)
