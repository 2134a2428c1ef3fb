"""What people see of a refusal in three clients: the guide's table has every reason, and is right.

pywa is asked itself. n8n shows a title by status (`n8n-workflow`, NodeApiError), Chatwoot the
`message` of the error.
"""

from __future__ import annotations

import re

import pytest
from pywa.errors import WhatsAppError

from askfirst.decision.reason import Reason
from askfirst.graph.platform.errors import GraphCode
from tests.docs.pages import GUIDE
from tests.web.gateway.test_refusals import CODES, THROTTLED

PAGE = (GUIDE / "guard-your-client.md").read_text(encoding="utf-8")
ROW = re.compile(r"^\| (\d{3,6}) \| ([\d, ]+) \| (.*?) \| `(\w+)` \| (.*?) \|$", re.MULTILINE)
TITLES = {
    400: "Bad request",
    401: "Authorization failed",
    403: "Forbidden - perhaps check your credentials?",
    404: "The resource you are requesting could not be found",
    429: "The service is receiving too many requests from you",
    503: "Service unavailable",
}
ROWS = {int(row[1]): row for row in ROW.finditer(PAGE)}
OURS = {GraphCode.PARAMETER_INVALID: {400}, GraphCode.TOKEN_INVALID: {401}}
OURS |= {GraphCode.MEDIA_FAILED: {400}}


def expected() -> dict[int, tuple[set[int], set[str]]]:
    """Return by code: the statuses it comes with, and the reasons."""
    found: dict[int, tuple[set[int], set[str]]] = {}
    said = [(code, status, reason) for reason, (status, code) in CODES.items()]
    said += [(code, 429, reason) for reason, code in THROTTLED.items()]
    for code, status, reason in said:
        statuses, reasons = found.setdefault(code, (set(), set()))
        statuses.add(status)
        reasons.add(reason.value)
    consent = found[GraphCode.MARKETING_STOPPED]
    found[GraphCode.RECIPIENT_NOT_ALLOWED] = consent
    return found | {code: (statuses, set()) for code, statuses in OURS.items()}


def test_every_code_has_one_row() -> None:
    assert set(ROWS) == set(expected())
    assert len(ROW.findall(PAGE)) == len(ROWS)


@pytest.mark.parametrize("code", sorted(expected()))
def test_a_row_says_what_a_client_shows(code: int) -> None:
    statuses, reasons = expected()[code]
    _, said, about, raised, shown = ROWS[code].groups()
    assert {int(status) for status in said.split(", ")} == statuses
    assert raised == WhatsAppError._get_exception(code).__name__
    assert [f'"{TITLES[status]}"' for status in sorted(statuses)] == shown.split(", ")
    named = set(re.findall(r"`(\w+)`", about))
    assert named <= {reason.value for reason in Reason}
    assert named in (reasons, set())
    assert named or len(about) > 8
