"""Every case, through the gateway: the message itself is sent, and leaves or does not."""

import json

import pytest

from askfirst.domain.values.timestamp import to_rfc3339
from tests.scenarios.doors import Doors
from tests.scenarios.story import Case, load_cases

_REFUSED = frozenset({400, 403, 429})
"""Meta's statuses for the codes by which the gate says no."""


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
        assert (got.status == 429) is (case.verdict == "wait"), got.body
        assert got.status in _REFUSED, got.body
        until = to_rfc3339(case.retry) if case.retry else None
        assert got.error["askfirst"].get("retry_at") == until
        assert got.error["askfirst"]["reasons"] == [case.reason]
        assert left == []
