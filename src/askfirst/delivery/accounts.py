"""Asks Meta whose an account or a number is, with the token of whoever claims it."""

from __future__ import annotations

from http import HTTPStatus
from typing import Final
from urllib.parse import urlencode

from askfirst.delivery.graph_client import GraphCalls
from askfirst.domain.sending.meta_answers import can_pass
from askfirst.domain.tenants.sender_health import NumberReading
from askfirst.domain.values.errors import Unavailable
from askfirst.domain.values.ids import PhoneNumberId, WabaId
from askfirst.graph.sending.send_answer import read_error_code
from askfirst.graph.tenants.accounts import (
    NumberPage,
    read_flow_account,
    read_node_id,
    read_number_page,
    read_template_name,
)
from askfirst.graph.tenants.number_reading import FIELDS, read_number
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

    async def read_number(self, phone_number_id: PhoneNumberId, token: str) -> NumberReading:
        answer = await self._calls.make("GET", f"{phone_number_id}?fields={FIELDS}", token)
        if _is_refusal(answer):
            raise TokenRefused(answer.status)
        return self._calls.read(answer, read_number)

    async def has_template(self, waba_id: WabaId, template_id: str, token: str) -> bool:
        """Ask for its name, and look for the id among the account's templates of that name."""
        answer = await self._calls.make("GET", f"{template_id}?fields=id,name,category", token)
        if _is_refusal(answer):
            return False
        name = self._calls.read(answer, read_template_name)
        query = {"fields": "id", "name": name, "limit": str(PAGE_SIZE)}
        cursor: str | None = None
        for _ in range(PAGES_MAX if name else 0):
            more = {"after": cursor} if cursor else {}
            path = f"{waba_id}/message_templates?{urlencode(query | more)}"
            answer = await self._calls.make("GET", path, token)
            if _is_refusal(answer):
                return False
            page = self._calls.read(answer, read_number_page)
            if template_id in page.phone_number_ids:
                return True
            if page.next_cursor is None:
                return False
            cursor = page.next_cursor
        return False

    async def has_flow(self, waba_id: WabaId, flow_id: str, token: str) -> bool:
        path = f"{flow_id}?fields=id,whatsapp_business_account"
        answer = await self._calls.make("GET", path, token)
        return not _is_refusal(answer) and self._calls.read(answer, read_flow_account) == waba_id

    async def _page(self, waba_id: WabaId, token: str, cursor: str | None) -> NumberPage:
        query = {"fields": "id", "limit": str(PAGE_SIZE)} | ({"after": cursor} if cursor else {})
        path = f"{waba_id}/phone_numbers?{urlencode(query)}"
        answer = await self._calls.make("GET", path, token)
        if _is_refusal(answer):
            raise TokenRefused(answer.status)
        return self._calls.read(answer, read_number_page)


def _is_refusal(answer: Answer) -> bool:
    """Tell a no from trouble that passes: only a no is about the token.

    A limit that was reached has status 400, too.
    """
    return answer.status in _NO and not can_pass(read_error_code(answer.body))
