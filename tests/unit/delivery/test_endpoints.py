"""Posts to endpoints: what is in them, who can check them, and where they must not go."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import cast

import pytest
from standardwebhooks.webhooks import Webhook, WebhookVerificationError

from askfirst.delivery import endpoints as adapter
from askfirst.delivery.endpoints import KeptClients, PublicEndpoints, seconds_of
from askfirst.delivery.http_client import Caution, HttpAddress, HttpClient
from askfirst.domain.consent.event import Assurance, Event, EventKind, NumberProof, Source
from askfirst.domain.consent.standing import fold
from askfirst.domain.events.endpoint import parse_endpoint
from askfirst.domain.prompts.prompt import Surface
from askfirst.domain.value import replace
from askfirst.domain.values.ids import ContactId, EventId, Position
from askfirst.domain.values.timestamp import from_datetime
from askfirst.ports.events.subscriptions import ConsentChange, EndpointRefused
from askfirst.ports.sending.http_connection import NotSent, exchange
from tests.support.builders import BUSINESS
from tests.support.clocks import FakeClock, at
from tests.unit.delivery.test_first_byte import server_and_client_contexts
from tests.unit.delivery.upstream import OK, Upstream, hangs, says, upstream

NEW = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
OLD = "whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD"
EVENT = Event(
    event_id=EventId("evt_1"),
    business_id=BUSINESS,
    contact_id=ContactId("con_1"),
    position=Position(7),
    kind=EventKind.GRANTED,
    occurred_at=at(0),
    recorded_at=at(1),
    source=Source.API,
    surface=Surface.SIGNUP,
    purposes=("marketing",),
    assurance=Assurance.SHOWN,
    sender="15550100001",
    number_proof=NumberProof.VOUCHED,
)
CHANGE = ConsentChange(event=EVENT, standing=fold([EVENT]))


def real_clock() -> FakeClock:
    clock = FakeClock()
    clock.set(from_datetime(datetime.now(UTC)))
    return clock


async def post(up: Upstream, secrets: tuple[str, ...] = (NEW,), seconds: float = 2) -> None:
    endpoints = PublicEndpoints(real_clock(), allows_loopback=True, answer_seconds=seconds)
    url = parse_endpoint(f"{up.url}/hook?a=b", with_loopback=True)
    try:
        async with endpoints.reach(url, secrets) as endpoint:
            await endpoint.post(CHANGE)
    finally:
        await endpoints.close()


def heard_by(up: Upstream) -> tuple[str, dict[str, str], bytes]:
    (request,) = up.heard
    head, _, body = request.partition(b"\r\n\r\n")
    first, *lines = head.decode().split("\r\n")
    return first, dict(line.split(": ", 1) for line in lines), body


async def test_a_post_is_a_cloud_event_without_a_number() -> None:
    async with upstream(says(OK)) as up:
        await post(up)
    first, headers, body = heard_by(up)
    assert first == "POST /hook?a=b HTTP/1.1"
    assert headers["content-type"] == "application/cloudevents+json"
    assert headers["webhook-id"] == "evt_1"
    unasked = {"answer": "unasked", "since": None, "assurance": None, "number_proof": None}
    assert json.loads(body) == {
        "specversion": "1.0",
        "id": "evt_1",
        "source": f"/businesses/{BUSINESS}",
        "type": "askfirst.consent.granted",
        "subject": "con_1",
        "time": "2026-01-15T12:00:01.000000Z",
        "datacontenttype": "application/json",
        "data": {
            "position": 7,
            "kind": "granted",
            "purposes": ["marketing"],
            "surface": "signup",
            "assurance": "shown",
            "number_proof": "vouched",
            "occurred_at": "2026-01-15T12:00:00.000000Z",
            "absorbed": None,
            "standing": [
                {"purpose": "authentication"} | unasked,
                {
                    "purpose": "marketing",
                    "answer": "granted",
                    "since": "2026-01-15T12:00:00.000000Z",
                    "assurance": "shown",
                    "number_proof": "vouched",
                },
                {"purpose": "utility"} | unasked,
            ],
            "natively_stopped_since": None,
            "doubted_since": None,
        },
    }


@pytest.mark.parametrize("secret", [NEW, OLD])
async def test_whoever_has_one_of_the_secrets_can_check_the_signature(secret: str) -> None:
    async with upstream(says(OK)) as up:
        await post(up, (NEW, OLD))
    _, headers, body = heard_by(up)
    assert Webhook(secret).verify(body, headers) == json.loads(body)
    with pytest.raises(WebhookVerificationError):
        Webhook(secret).verify(body.replace(b"granted", b"refused"), headers)
    with pytest.raises(WebhookVerificationError):
        Webhook(secret).verify(body, headers | {"webhook-id": "evt_2"})


async def test_a_secret_that_is_over_checks_nothing() -> None:
    async with upstream(says(OK)) as up:
        await post(up, (NEW,))
    _, headers, body = heard_by(up)
    with pytest.raises(WebhookVerificationError):
        Webhook(OLD).verify(body, headers)


@pytest.mark.parametrize("status", [301, 302, 307, 400, 404, 410, 429, 500, 503])
async def test_only_2xx_is_taken_and_no_redirection_is_followed(status: int) -> None:
    async with upstream(says(OK)) as other:
        where = f"location: {other.url}/\r\n".encode()
        line = f"HTTP/1.1 {status} X\r\ncontent-length: 0\r\n".encode()
        async with upstream(says(line + where + b"\r\n")) as up:
            with pytest.raises(EndpointRefused, match=f"^answered {status}$"):
                await post(up)
        assert (len(up.heard), len(other.heard)) == (1, 0)


@pytest.mark.parametrize(
    ("said", "seconds"),
    [
        ("120", 120),
        ("Thu, 15 Jan 2026 12:02:00 GMT", 120),
        ("Thu, 15 Jan 2026 11:00:00 GMT", 0),
        ("", None),
        ("soon", None),
        ("-5", None),
        ("9" * 400, 999_999_999),
    ],
)
def test_retry_after_is_seconds_or_a_date(said: str, seconds: int | None) -> None:
    assert seconds_of(said, datetime(2026, 1, 15, 12, tzinfo=UTC)) == seconds


async def test_who_does_not_answer_or_answers_without_end_is_given_up() -> None:
    endless = b"HTTP/1.1 200 OK\r\ncontent-length: 9999999\r\n\r\n" + b"x" * 100_000
    for act in (hangs, says(endless)):
        async with upstream(act) as up:
            with pytest.raises(EndpointRefused, match=r"^no answer in time$"):
                await post(up, seconds=0.2)


async def test_this_machine_is_not_called_where_that_is_not_set() -> None:
    endpoints = PublicEndpoints(real_clock())
    async with upstream(says(OK)) as up:
        url = parse_endpoint(up.url, with_loopback=True)
        async with endpoints.reach(url, (NEW,)) as endpoint:
            with pytest.raises(EndpointRefused, match=r"^not a public address$"):
                await endpoint.post(CHANGE)
    assert up.connections == 0
    await endpoints.close()


@pytest.mark.parametrize(
    "found",
    [
        ["127.0.0.1"],
        ["10.0.0.1"],
        ["169.254.169.254"],
        ["::1"],
        ["::ffff:127.0.0.1"],
        ["64:ff9b::7f00:1"],
        ["8.8.8.8", "127.0.0.1"],
        ["127.0.0.1", "8.8.8.8"],
        [],
    ],
)
async def test_a_name_that_leads_into_a_network_is_not_called(found: list[str]) -> None:
    asked: list[str] = []

    def lookup(host: str, _: int) -> Sequence[str]:
        asked.append(host)
        return found

    endpoints = PublicEndpoints(real_clock(), lookup=lookup)
    async with upstream(says(OK)) as up:
        port = up.url.rpartition(":")[2]
        url = parse_endpoint(f"https://rebound.example:{port}/")
        async with endpoints.reach(url, (NEW,)) as endpoint:
            with pytest.raises(EndpointRefused, match=r"^not a public address$"):
                await endpoint.post(CHANGE)
    assert (asked, up.connections) == (["rebound.example"], 0)
    await endpoints.close()


@pytest.mark.parametrize(("host", "is_its_own"), [("shop.example", True), ("evil.example", False)])
async def test_a_connection_goes_to_the_address_that_was_looked_at_with_the_hosts_certificate(
    host: str, is_its_own: bool, tmp_path: Path
) -> None:
    server, client = server_and_client_contexts(tmp_path)
    looked: list[str] = []

    async def resolve(name: str, _: int) -> Sequence[str]:
        looked.append(name)
        return ["127.0.0.1"]

    async with upstream(says(OK), tls=server) as up:
        port = int(up.url.rpartition(":")[2])
        address = HttpAddress(host=host, port=port, tls=True, authority=f"{host}:{port}")
        lines = HttpClient(address, tls=client, caution=Caution(resolve=resolve))
        if is_its_own:
            assert (await exchange(lines, "POST", "/", {}, b"{}")).status == 200
            assert f"host: {host}:{port}".encode() in up.heard[0]
        else:
            with pytest.raises(NotSent):
                await exchange(lines, "POST", "/", {}, b"{}")
            assert not up.heard
        await lines.close()
    assert looked == [host]


async def test_the_same_event_is_written_the_same_at_each_try() -> None:
    later = replace(CHANGE, event=replace(EVENT))
    assert adapter.cloud_event(later) == adapter.cloud_event(CHANGE)


def test_a_post_says_since_when_marketing_rests_although_its_answer_is_a_yes() -> None:
    doubted = replace(EVENT, kind=EventKind.DOUBTED, occurred_at=at(60), recorded_at=at(61))
    doubted = replace(doubted, position=Position(8))
    change = ConsentChange(event=doubted, standing=fold([EVENT, doubted]))
    data = adapter.cloud_event(change)["data"]
    assert data["doubted_since"] == "2026-01-15T12:01:00.000000Z"
    assert {one["purpose"]: one["answer"] for one in data["standing"]}["marketing"] == "granted"


async def test_who_comes_soon_after_finds_the_connection() -> None:
    endpoints = PublicEndpoints(real_clock(), allows_loopback=True, answer_seconds=2)
    async with upstream(says(OK), says(OK)) as up:
        url = parse_endpoint(up.url, with_loopback=True)
        for _ in range(2):
            async with endpoints.reach(url, (NEW,)) as endpoint:
                await endpoint.post(CHANGE)
        await endpoints.close()
        assert (len(up.heard), up.connections) == (2, 1)


async def test_a_client_has_one_user_and_rests_for_a_moment_only() -> None:
    made: list[str] = []

    class Client:
        async def close(self) -> None:
            made.remove("open")

    def make() -> HttpClient:
        made.append("open")
        return cast("HttpClient", Client())

    kept = KeptClients(0.01)
    async with kept.lend("a", make) as one, kept.lend("a", make) as other:
        assert one is not other
    assert made == ["open"]
    async with kept.lend("a", make), kept.lend("b", make):
        assert made == ["open", "open"]
    await asyncio.sleep(0.1)
    assert made == []
    async with kept.lend("a", make):
        await kept.close()
        assert made == ["open"]
    assert made == []
