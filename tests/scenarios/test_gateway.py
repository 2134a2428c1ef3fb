"""Every case, through the gateway: the message itself is sent, and leaves or does not."""

import json

import pytest

from tests.scenarios.doors import Doors
from tests.scenarios.story import Case, load_cases


@pytest.mark.parametrize("case", load_cases(), ids=str)
async def test_the_message_leaves_or_does_not(case: Case, doors: Doors) -> None:
    for act in case.acts:
        await doors.play(act)
    got = await doors.send(case.ask)
    left = doors.world.connections.sent
    if case.verdict == "allow":
        assert got.status == 200, got.body
        assert "messages" in got.json
        (request,) = left
        kind = "text" if case.ask.is_reply else "template"
        assert json.loads(request.body)["type"] == kind
    else:
        assert got.status == 403, got.body
        assert got.error["askfirst"]["reasons"] == [case.reason]
        assert left == []
