"""Accounts: where their webhooks go, what they show, and every route that there is."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import httpx
import pytest

from askfirst.simulator.simulator import Simulator
from askfirst.web.gateway.routes import find_route
from tests.unit.simulator.conftest import ANA, SENDER, WABA, Receiver
from tests.unit.simulator.test_belongings import code_of

APPS = f"/v26.0/{WABA}/subscribed_apps"
CALLBACK = {"override_callback_uri": "https://chat.example/hook", "verify_token": "word"}


@dataclass
class Chat:
    """A server that knows one word."""

    word: str = "word"
    posted: list[tuple[str, bytes]] = field(default_factory=list)

    async def post(self, url: str, body: bytes, headers: Mapping[str, str]) -> int:
        assert "X-Hub-Signature-256" in headers
        self.posted.append((url, body))
        return 200

    async def get(self, url: str, parameters: Mapping[str, str]) -> tuple[int, bytes]:
        assert (url, parameters["hub.mode"]) == (CALLBACK["override_callback_uri"], "subscribe")
        if parameters["hub.verify_token"] != self.word:
            raise OSError
        return 200, parameters["hub.challenge"].encode()


@pytest.fixture
def chat(simulator: Simulator) -> Chat:
    chat = Chat()
    simulator.courier.web = chat
    return chat


async def says(client: httpx.AsyncClient, words: str) -> int:
    said = await client.post(f"/phones/{ANA}/messages", json={"text": words})
    return int(said.json()["webhook_status"])


async def test_an_account_turns_its_webhooks_to_an_address_that_knows_the_word(
    client: httpx.AsyncClient, chat: Chat, receiver: Receiver
) -> None:
    assert (await client.post(APPS, json=CALLBACK)).json() == {"success": True}
    shown = (await client.get(APPS)).json()["data"]
    assert [app["override_callback_uri"] for app in shown] == [CALLBACK["override_callback_uri"]]
    assert await says(client, "Hello") == 200
    ((url, body),) = chat.posted
    assert (url, b'"Hello"' in body, receiver.bodies) == (
        CALLBACK["override_callback_uri"],
        True,
        [],
    )
    assert (await client.post(APPS)).json() == {"success": True}
    assert await says(client, "Still there?") == 200
    assert (len(chat.posted), len(receiver.bodies)) == (1, 1)


@pytest.mark.parametrize(
    ("wish", "code"),
    [
        (CALLBACK | {"verify_token": "guess"}, 2200),
        ({"override_callback_uri": "https://chat.example/hook"}, 100),
        ({"verify_token": "word"}, 100),
    ],
)
async def test_another_address_gets_none(
    client: httpx.AsyncClient, chat: Chat, receiver: Receiver, wish: dict[str, str], code: int
) -> None:
    assert code_of(await client.post(APPS, json=wish)) == (400, code)
    assert await says(client, "Hello") == 200
    assert (chat.posted, len(receiver.bodies)) == ([], 1)


async def test_an_app_that_lets_go_hears_nothing_more(
    client: httpx.AsyncClient, receiver: Receiver
) -> None:
    assert (await client.delete(APPS)).json() == {"success": True}
    assert (await client.get(APPS)).json() == {"data": []}
    assert await says(client, "Hello") == 0
    assert receiver.bodies == []
    assert code_of(await client.get("/v26.0/999/subscribed_apps")) == (400, 100)


@pytest.mark.parametrize("node", [SENDER, WABA])
async def test_a_node_shows_what_is_asked_for_and_has_no_other_field(
    client: httpx.AsyncClient, node: str
) -> None:
    fields = {"fields": "id,health_status,status{x}"}
    assert set((await client.get(f"/{node}", params=fields)).json()) <= {"id", "status"}
    wrong = await client.get(f"/{node}", params={"fields": "id,colour"})
    assert code_of(wrong) == (400, 100)
    assert "(colour)" in wrong.json()["error"]["error_data"]["details"]


async def test_a_proof_is_of_the_token_that_is_shown(client: httpx.AsyncClient) -> None:
    answer = await client.get(f"/{SENDER}", params={"appsecret_proof": "0f0e"})
    assert code_of(answer) == (400, 100)
    assert "appsecret_proof" in answer.json()["error"]["error_data"]["details"]


ROUTES = [
    ("GET", f"/{SENDER}"),
    ("GET", f"/{WABA}"),
    ("GET", "/debug_token?input_token=x"),
    ("GET", "/message_template_library"),
    *(
        ("GET", f"/{SENDER}/{edge}")
        for edge in (
            "block_users",
            "media",
            "message_qrdls",
            "settings",
            "whatsapp_business_encryption",
            "whatsapp_business_profile",
            "whatsapp_commerce_settings",
        )
    ),
    *(
        ("GET", f"/{WABA}/{edge}")
        for edge in (
            "flows",
            "message_template_library",
            "message_templates",
            "phone_numbers",
            "subscribed_apps",
            "template_analytics?start=1&end=2",
            "template_group_analytics?start=1&end=2",
        )
    ),
    ("POST", f"/{SENDER}/deregister"),
    *(
        ("POST", f"/{SENDER}/{edge}")
        for edge in (
            "settings",
            "whatsapp_business_encryption",
            "whatsapp_business_profile",
            "whatsapp_commerce_settings",
        )
    ),
    ("POST", f"/{WABA}/subscribed_apps"),
    ("DELETE", f"/{WABA}/subscribed_apps"),
    ("POST", "/9/uploads"),
]
WANTING = [
    ("POST", f"/{SENDER}"),
    *(
        ("POST", f"/{SENDER}/{edge}")
        for edge in (
            "block_users",
            "calls",
            "marketing_messages",
            "media",
            "message_qrdls",
            "messages",
            "register",
            "request_code",
            "verify_code",
        )
    ),
    ("DELETE", f"/{SENDER}/block_users"),
    ("GET", f"/{SENDER}/message_qrdls/ABC"),
    ("DELETE", f"/{SENDER}/message_qrdls/ABC"),
    ("POST", f"/{WABA}/flows"),
    ("POST", f"/{WABA}/message_templates"),
    ("DELETE", f"/{WABA}/message_templates"),
    ("POST", f"/{WABA}/upsert_message_templates"),
    ("POST", "/999"),
    ("DELETE", "/999"),
    ("GET", "/999/assets"),
    ("POST", "/999/assets"),
    ("POST", "/999/publish"),
    ("POST", "/999/deprecate"),
    ("GET", "/upload:no?sig=x"),
]
"""Routes that say what is missing, when they are called with nothing."""


@pytest.mark.parametrize(("method", "path"), ROUTES, ids=" ".join)
@pytest.mark.parametrize("version", ["", "/v26.0"])
async def test_a_route_answers_with_and_without_a_version(
    client: httpx.AsyncClient, method: str, path: str, version: str
) -> None:
    answer = await client.request(method, version + path)
    assert (answer.status_code, "error" in answer.json()) == (200, False)


@pytest.mark.parametrize(("method", "path"), WANTING, ids=" ".join)
async def test_a_route_says_what_it_wants_in_metas_shape(
    client: httpx.AsyncClient, method: str, path: str
) -> None:
    answer = await client.request(method, path)
    error = answer.json()["error"]
    assert (answer.status_code, error["type"]) == (400, "OAuthException")
    assert error["code"] in (100, 131008)
    assert "Unknown path" not in error["error_data"]["details"]


@pytest.mark.parametrize(("method", "path"), [*ROUTES, *WANTING], ids=" ".join)
async def test_a_route_wants_the_token(client: httpx.AsyncClient, method: str, path: str) -> None:
    headers = {"authorization": "Bearer another"}
    assert code_of(await client.request(method, path, headers=headers)) == (401, 190)


def test_every_route_of_the_gateway_is_among_them() -> None:
    known = {(method, _edge(path)) for method, path in [*ROUTES, *WANTING]}
    edges = {edge for _, edge in known} | {"groups", "/media/", "link"}
    possible = {
        (method, edge)
        for method in ("GET", "POST", "DELETE")
        for edge in edges
        if find_route(method, f"/1/{edge}" if edge else "/1") is not None
    }
    assert possible - known == {("POST", "groups")}


def _edge(path: str) -> str:
    parts = path.partition("?")[0].strip("/").split("/")
    return parts[1] if len(parts) > 1 else "" if parts[0].isdigit() else parts[0]
