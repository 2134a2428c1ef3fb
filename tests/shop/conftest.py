"""The shop against an askfirst that says what a test wants to hear, and notes what it was asked."""

from __future__ import annotations

import sys
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
import pytest

SHOP = Path(__file__).resolve().parents[2] / "examples" / "shop"
sys.path.insert(0, str(SHOP))  # as it is when the shop is run

from app import build_app  # noqa: E402
from askfirst_client import Answer, Askfirst  # noqa: E402

ORIGIN = "http://shop.test"
ADA = "+447700900123"


@dataclass
class Call:
    """What the shop asked of askfirst."""

    method: str
    path: str
    body: Mapping[str, Any] | None


def question(key: str) -> Answer:
    """A question as `render` gives it, as far as the shop looks."""
    token = f'<input type="hidden" name="askfirst_{key}_token" value="signed-{key}">'
    box = f'<input type="checkbox" name="askfirst_{key}" value="grant">'
    return {"key": key, "html": f'<div class="askfirst-prompt">{token}{box}</div>'}


def code(channel: str) -> Answer:
    """A code that was asked for; askfirst reminds of WhatsApp only."""
    return {
        "id": "cod_1",
        "channel": channel,
        "masked": "+••••••••0123",
        "expires_at": "2026-01-31T09:05:00Z",
        "resend_at": "2026-01-31T09:00:30Z",
        "reminder": "Go to WhatsApp to get your code." if channel == "whatsapp" else "",
        "open_url": "https://wa.me/15550100001",
        "qr": None,
    }


CONFIRMATION: Answer = {
    "id": "prf_1",
    "link": "https://wa.me/1?text=AF-1",
    "page": "http://askfirst.test/p/cafe-lune/confirm/token",
    "expires_at": "2999-01-31T09:30:00.000000Z",
    "proven_at": None,
}


def consent(proof: str = "typed", reason: str | None = None, *remedies: str) -> Answer:
    """What was recorded, as far as the shop looks. Of a typed number, a proof is missing."""
    if proof == "typed" and reason is None:
        reason, remedies = "number_proof_too_low", ("vouch", "ask", "confirm_in_whatsapp")
    standing = {"reason": reason, "would_make_it_effective": list(remedies)}
    return {
        "position": 7,
        "assurance": "shown",
        "purposes": ["marketing"],
        "effective": reason is None,
        "standing": [standing],
    }


@dataclass
class FakeAskfirst(Askfirst):
    """Answers by path, with its query or without; an exception is raised.

    `calls` are those that change something.
    """

    url: str = "http://askfirst.test"
    answers: dict[str, Answer | Exception] = field(default_factory=dict)
    calls: list[Call] = field(default_factory=list)

    async def call(self, method: str, path: str, body: Mapping[str, Any] | None = None) -> Answer:
        if method != "GET":
            self.calls.append(Call(method, path, body))
        plain = path.partition("?")[0]
        usual = self.answers.get(plain, self._usual(plain, body or {}))
        answer = self.answers.get(path, usual)
        if isinstance(answer, Exception):
            raise answer
        return answer

    def made(self, path: str) -> list[Mapping[str, Any]]:
        """Bodies of the calls to a path."""
        return [call.body or {} for call in self.calls if call.path == path]

    def _usual(self, path: str, body: Mapping[str, Any]) -> Answer:
        if path.endswith("/render"):
            return question(path.split("/")[3])
        usual: dict[str, Answer] = {
            "/v1/senders": {"data": [{"phone_number_id": "200000000000001"}]},
            "/v1/entries": {
                "data": [],
                "next_cursor": None,
                "locale": body.get("locale"),
                "link": "",
                "page": "",
                "qr_svg": "",
            },
            "/v1/consents": consent(str(body.get("number_proof", ""))),
            "/v1/confirmations": CONFIRMATION,
            "/v1/confirmations/prf_1": CONFIRMATION,
            "/v1/check": {"verdict": "allow", "reasons": [{"code": "opted_in"}]},
            "/v1/codes": code(str(body.get("channel", "whatsapp" if "prompt" in body else "sms"))),
            "/v1/codes/cod_1/check": {"result": "approved", "tries_left": 0},
            "/v1/preference-links": {"url": "http://askfirst.test/p/cafe-lune/me/token"},
        }
        return usual.get(path, {})


@pytest.fixture
def askfirst() -> FakeAskfirst:
    return FakeAskfirst()


@pytest.fixture
async def visitor(askfirst: FakeAskfirst) -> AsyncIterator[httpx.AsyncClient]:
    """A browser at the shop: it keeps cookies, follows, and says from where its forms come."""
    app = build_app(askfirst)
    transport = httpx.ASGITransport(app)
    async with (
        app.router.lifespan_context(app),
        httpx.AsyncClient(
            transport=transport,
            base_url=ORIGIN,
            headers={"origin": ORIGIN, "accept-language": "en"},
            follow_redirects=True,
        ) as client,
    ):
        askfirst.calls.clear()  # those of opening the shop
        yield client
