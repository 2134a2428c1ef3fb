import itertools
from collections.abc import AsyncIterator, Mapping
from typing import Any

import httpx
import pytest

from askfirst.domain.inbound.inbound_event import InboundEvent
from askfirst.graph.inbound.webhook import read_webhook
from askfirst.graph.platform.signature import verify
from askfirst.graph.sending.authentication import code_components
from askfirst.simulator.app import build_app
from askfirst.simulator.simulator import DEFAULT_APP_SECRET, DEFAULT_TOKEN, Simulator

SENDER = "200000000000001"
WABA = "100000000000001"
ANA = "+447700900123"
LANGUAGES = ("en_US", "fr", "de", "ar", "ja")


class Receiver:
    """Takes webhooks as askfirst would, and keeps what they say."""

    def __init__(self) -> None:
        self.bodies: list[bytes] = []
        self.answers: list[int] = []

    async def __call__(self, body: bytes, headers: Mapping[str, str]) -> int:
        assert verify(body, headers["X-Hub-Signature-256"], [DEFAULT_APP_SECRET])
        answer = self.answers.pop(0) if self.answers else 200
        if answer == 200:
            self.bodies.append(body)
        return answer

    async def settled(self, simulator: Simulator) -> list[InboundEvent]:
        await simulator.courier.settle()
        return self.notices

    @property
    def notices(self) -> list[InboundEvent]:
        return [notice for body in self.bodies for notice in read_webhook(body)]


class Day:
    """A clock that a test sets."""

    def __init__(self) -> None:
        self.seconds = 1_790_000_000.0

    def __call__(self) -> float:
        return self.seconds


def count_up() -> Any:
    counter = itertools.count(1)
    return lambda size: next(counter).to_bytes(size, "big")


@pytest.fixture
def receiver() -> Receiver:
    return Receiver()


@pytest.fixture
def day() -> Day:
    return Day()


@pytest.fixture
def simulator(receiver: Receiver, day: Day) -> Simulator:
    return Simulator.with_defaults(now=day, entropy=count_up(), deliver=receiver)


@pytest.fixture
async def client(simulator: Simulator) -> AsyncIterator[httpx.AsyncClient]:
    async with httpx.AsyncClient(
        transport=httpx.ASGITransport(app=build_app(simulator)),
        base_url="http://simulator",
        headers={"Authorization": f"Bearer {DEFAULT_TOKEN}"},
    ) as client:
        yield client


def template(name: str, *parameters: str, to: str = ANA, language: str = "en_US") -> dict[str, Any]:
    filled = [{"type": "text", "text": text} for text in parameters]
    components = [{"type": "BODY", "parameters": filled}] if filled else []
    return {
        "messaging_product": "whatsapp",
        "to": to,
        "type": "template",
        "template": {"name": name, "language": {"code": language}, "components": components},
    }


def code_template(
    code: str, name: str = "verification_code", language: str = "en_US", to: str = ANA
) -> dict[str, Any]:
    body = template(name, to=to, language=language)
    body["template"]["components"] = code_components(code)
    return body


def code_of(answer: httpx.Response) -> int:
    assert "messages" not in answer.json()
    return int(answer.json()["error"]["code"])


def text(words: str, to: str = ANA) -> dict[str, Any]:
    return {"messaging_product": "whatsapp", "to": to, "type": "text", "text": {"body": words}}
