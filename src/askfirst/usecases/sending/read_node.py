"""Tell whether a token of Meta's may read a node of the Graph."""

from __future__ import annotations

from askfirst.usecases.context.services import Services


async def can_read_node(services: Services, node: str, token: str) -> bool:
    """Ask Meta; nothing is remembered.

    Raises:
        Unavailable: Meta does not answer.
    """
    return await services.accounts.can_read(node, token)
