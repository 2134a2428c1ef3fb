"""What every manner has: a yes and a no, each one request or several in a row."""

from __future__ import annotations

from typing import Protocol

from tests.promise.harness import letters
from tests.promise.harness.wire import Reply, Wire

_OK = range(200, 400)


class Manner(Protocol):
    """One person's way. A no is named, so that Meta's can be told apart."""

    async def agree(self, wire: Wire) -> Reply | None:
        """Say yes; None where nobody was asked, so that nothing can have been said."""
        ...

    async def stop(self, wire: Wire, name: str) -> Reply:
        """Say no to everything."""
        ...


async def agree_when_shown(wire: Wire, contact: str) -> Reply | None:
    """Say yes to a question that was just rendered, at a business that vouches for the number."""
    shown = await wire.get(letters.RENDERING)
    if shown.status not in _OK:
        return None
    return await wire.post(letters.CONSENTS, letters.shown_yes(contact, shown.body))


async def deliver(wire: Wire, body: bytes) -> Reply:
    """Deliver what Meta signed."""
    return await wire.post(letters.WEBHOOKS, body, letters.signature(body))


def is_good(reply: Reply | None) -> bool:
    return reply is not None and reply.status in _OK


def joined(first: Reply, last: Reply) -> Reply:
    """Take two requests for one: asked with the first, answered with the last, as bad as either."""
    worst = min((first, last), key=lambda reply: reply.status) if not last.status else last
    worst = first if first.status not in _OK else worst
    return Reply(
        status=worst.status,
        head=last.head,
        body=last.body,
        asked=first.asked,
        answered=last.answered,
    )
