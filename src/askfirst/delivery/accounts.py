"""Asks Meta whose an account or a number is, with the token of whoever claims it."""

from __future__ import annotations

from http import HTTPStatus
from typing import Final
from urllib.parse import urlencode

from askfirst.delivery.graph_client import GraphCalls
from askfirst.domain.values.errors import Unavailable
from askfirst.domain.values.ids import PhoneNumberId, WabaId
from askfirst.graph.platform.errors import GraphCode
from askfirst.graph.sending.send_answer import read_error_code
from askfirst.graph.tenants.accounts import NumberPage, read_node_id, read_number_page
from askfirst.ports.sending.http_connection import Answer, HttpConnections
from askfirst.ports.tenants.accounts import TokenRefused

PAGE_SIZE: Final = 100
PAGES_MAX: Final = 50
"""5,000 numbers in an account: many times what Meta allows one."""

_NO: Final = frozenset(
    {
        HTTPStatus.BAD_REQUEST,
        HTTPStatus.UNAUTHORIZED,
        HTTPStatus.FORBIDDEN,
        HTTPStatus.NOT_FOUND,
    }
)
"""Statuses with which Meta says that a token is none, or may not read a node."""
_TOO_FAST: Final = frozenset({4, 17, 613, GraphCode.WABA_RATE_LIMIT, GraphCode.RATE_LIMIT})
"""Codes of a limit that was reached, which Meta answers with status 400, too."""
_PASSING: Final = frozenset({GraphCode.UNKNOWN, GraphCode.TEMPORARY})


class AccountsAtGraph:
    """See ports.accounts.Accounts. Source: Meta, "Phone numbers", and "Graph API, Errors"."""

    def __init__(self, connections: HttpConnections, *, version: str) -> None:
        self._calls = GraphCalls(
            connections=connections, version=version, subject="the numbers of the WABA"
        )

    async def has_number(self, waba_id: WabaId, phone_number_id: PhoneNumberId, token: str) -> bool:
        cursor: str | None = None
        for _ in range(PAGES_MAX):
            page = await self._page(waba_id, token, cursor)
            if phone_number_id in page.phone_number_ids:
                return True
            if page.next_cursor is None:
                return False
            cursor = page.next_cursor
        raise Unavailable(f"Meta's list of the numbers of the WABA has more than {PAGES_MAX} pages")

    async def can_read(self, node: str, token: str) -> bool:
        answer = await self._calls.make("GET", f"{node}?fields=id", token)
        if _is_refusal(answer):
            return False
        return self._calls.read(answer, read_node_id) == node

    async def _page(self, waba_id: WabaId, token: str, cursor: str | None) -> NumberPage:
        query = {"fields": "id", "limit": str(PAGE_SIZE)} | ({"after": cursor} if cursor else {})
        path = f"{waba_id}/phone_numbers?{urlencode(query)}"
        answer = await self._calls.make("GET", path, token)
        if _is_refusal(answer):
            raise TokenRefused(answer.status)
        return self._calls.read(answer, read_number_page)


def _is_refusal(answer: Answer) -> bool:
    """Tell a no from trouble that passes: only a no is about the token."""
    return answer.status in _NO and read_error_code(answer.body) not in _TOO_FAST | _PASSING
