"""Find what a bare id names at Meta, whether it is this business's, and which token may be used.

Meta's ids do not say what they name, and a token may read more than one business's nodes. So a
node counts as the business's where Meta named it to the business as a file, or lists it, asked
now, in one of the business's own accounts. Nothing is remembered.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass
from enum import Enum
from typing import Protocol

from askfirst.domain.values.ids import BusinessId, WabaId
from askfirst.ports.tenants.accounts import HasAccounts
from askfirst.ports.tenants.directory import HasDirectory
from askfirst.usecases.tenants.manage_senders import token_for_node
from askfirst.usecases.tenants.node_ownership import token_for_media


class FindNodeNeeds(HasAccounts, HasDirectory, Protocol):
    """What this use case needs from the world."""


class NodeKind(Enum):
    """What an id may name."""

    OWN = "own"
    """A sender or a WABA."""
    FILE = "file"
    TEMPLATE = "template"
    FLOW = "flow"


@dataclass(frozen=True, slots=True)
class OwnedNode:
    """A node of the business, and the token that may be used on it."""

    kind: NodeKind
    token: str


async def find_node(
    services: FindNodeNeeds, business_id: BusinessId, node: str
) -> OwnedNode | None:
    """Find it; None for everything that is not the business's.

    Raises:
        Unavailable: Meta did not answer, so nothing is known.
    """
    if token := await token_for_node(services, business_id, node):
        return OwnedNode(NodeKind.OWN, token)
    if token := await token_for_media(services, business_id, node):
        return OwnedNode(NodeKind.FILE, token)
    async for waba_id, token in _accounts(services, business_id):
        if await services.accounts.has_template(waba_id, node, token):
            return OwnedNode(NodeKind.TEMPLATE, token)
        if await services.accounts.has_flow(waba_id, node, token):
            return OwnedNode(NodeKind.FLOW, token)
    return None


async def find_flow(services: FindNodeNeeds, business_id: BusinessId, node: str) -> str | None:
    """Lend the token for a flow of the business; None for everything else.

    Raises:
        Unavailable: Meta did not answer, so nothing is known.
    """
    async for waba_id, token in _accounts(services, business_id):
        if await services.accounts.has_flow(waba_id, node, token):
            return token
    return None


async def any_token(services: HasDirectory, business_id: BusinessId) -> str | None:
    """Lend a token of the business's for what belongs to no account; None where it has none."""
    async for _, token in _accounts(services, business_id):
        return token
    return None


async def _accounts(
    services: HasDirectory, business_id: BusinessId
) -> AsyncIterator[tuple[WabaId, str]]:
    """List each account of the business once, with a token for it."""
    seen: set[WabaId] = set()
    for sender in await services.directory.senders(business_id):
        if sender.waba_id in seen:
            continue
        token = await services.directory.token(business_id, sender.phone_number_id)
        if token is not None:
            seen.add(sender.waba_id)
            yield sender.waba_id, token
