"""An opt-in at askfirst: a question is rendered, its yes recorded, and a send is checked."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from functools import partial

from benchmarks.generators.frames import get, post
from benchmarks.generators.journeys import Journey, Line
from benchmarks.peers.people import new_people
from benchmarks.setup.seeds import SENDER_ID

REQUESTS = 3
_OK, _CREATED = 200, 201
_RENDER = "/v1/prompts/signup/render?locale=en"


def opt_ins(key: str) -> Iterator[Journey]:
    """Yield opt-ins of somebody new, without end."""
    headers = {"Authorization": f"Bearer {key}", "Content-Type": "application/json"}
    return (partial(_opt_in, headers, phone) for phone in new_people())


async def _opt_in(headers: Mapping[str, str], phone: str, lines: Sequence[Line]) -> bool:
    (server,) = lines
    status, shown = await server.ask(get(_RENDER, headers))
    if status != _OK:
        return False
    answer = {
        "verb": "grant",
        "contact": {"phone": phone},
        "prompt": {"token": shown["token"]},
        "number_proof": "vouched",
    }
    status, _ = await server.ask(post("/v1/consents", headers, json.dumps(answer).encode()))
    if status != _CREATED:
        return False
    send = {"sender": SENDER_ID, "to": phone, "purpose": "marketing"}
    status, judged = await server.ask(post("/v1/check", headers, json.dumps(send).encode()))
    return status == _OK and judged["verdict"] == "allow"
