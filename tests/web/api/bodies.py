"""Bodies that are right, to be bent by tests."""

from typing import Any

import httpx

from tests.support.builders import SENDER

ADA = "+447700900123"
PROMPT = {"key": "newsletter", "locale": "en_GB", "text": "Send me offers on WhatsApp."}


def consent(verb: str = "grant", **changes: Any) -> dict[str, Any]:
    """Ada says yes to marketing at sign-up; a change of None leaves a member out."""
    body = {
        "verb": verb,
        "contact": {"phone": ADA},
        "purposes": ["marketing"],
        "surface": "signup",
        "prompt": PROMPT,
    } | changes
    return {key: value for key, value in body.items() if value is not None}


async def shown(caller: httpx.AsyncClient, contact: dict[str, str] | None = None) -> dict[str, Any]:
    """Ada (or somebody else) says yes to what was just rendered for her."""
    rendered = (await caller.get("/v1/prompts/signup/render")).json()
    token = {"token": rendered["token"]}
    known = {"contact": contact or {"phone": ADA}, "number_proof": "vouched"}
    return {"verb": "grant", "prompt": token, **known}


def check(**changes: Any) -> dict[str, Any]:
    """May marketing leave to Ada? A change of None leaves a member out."""
    body = {"sender": SENDER, "to": ADA, "purpose": "marketing"} | changes
    return {key: value for key, value in body.items() if value is not None}
