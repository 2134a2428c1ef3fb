"""The numbers of an account, a page at a time, and the id of whatever node was asked for."""

from __future__ import annotations

from dataclasses import dataclass

import msgspec

from askfirst.domain.values.errors import InvalidInput
from askfirst.graph.platform.paging import Paging, next_cursor


@dataclass(frozen=True, slots=True)
class NumberPage:
    """One page; `next_cursor` is None on the last."""

    phone_number_ids: tuple[str, ...]
    next_cursor: str | None


class _Node(msgspec.Struct, gc=False):
    id: str | int = ""


class _Template(msgspec.Struct, gc=False):
    name: str = ""
    category: str = ""


class _Flow(msgspec.Struct, gc=False):
    whatsapp_business_account: _Node | None = None


class _AccountPage(msgspec.Struct, gc=False):
    data: tuple[_Node, ...]
    paging: Paging | None = None


_PAGES = msgspec.json.Decoder(_AccountPage)
_NODES = msgspec.json.Decoder(_Node)
_TEMPLATES = msgspec.json.Decoder(_Template)
_FLOWS = msgspec.json.Decoder(_Flow)


def read_number_page(body: bytes) -> NumberPage:
    """Read one answer of `GET /{waba}/phone_numbers`; another shape raises InvalidInput."""
    try:
        page = _PAGES.decode(body)
    except (msgspec.DecodeError, RecursionError) as error:
        raise InvalidInput("body", "must be a page of phone numbers") from error
    return NumberPage(tuple(str(node.id) for node in page.data), next_cursor(page.paging))


def read_node_id(body: bytes) -> str:
    """Read the id in an answer of `GET /{node}`; another shape raises InvalidInput."""
    try:
        return str(_NODES.decode(body).id)
    except (msgspec.DecodeError, RecursionError) as error:
        raise InvalidInput("body", "must be an object with an id") from error


def read_template_name(body: bytes) -> str:
    """Read the name of a template; "" for a node that has no category, and so is none."""
    try:
        found = _TEMPLATES.decode(body)
    except (msgspec.DecodeError, RecursionError) as error:
        raise InvalidInput("body", "must be an object") from error
    return found.name if found.category else ""


def read_flow_account(body: bytes) -> str:
    """Read whose a flow is; "" for a node that says of no account, and so is none."""
    try:
        account = _FLOWS.decode(body).whatsapp_business_account
    except (msgspec.DecodeError, RecursionError) as error:
        raise InvalidInput("body", "must be an object") from error
    return str(account.id) if account else ""
