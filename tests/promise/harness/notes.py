"""What the clients of a race write down of each answer, in one form."""

from __future__ import annotations

from tests.promise.harness import letters
from tests.promise.harness.journal import Journal
from tests.promise.harness.wire import Reply, Wire


def note_word(journal: Journal, what: str, contact: str, reply: Reply) -> None:
    """Note a `yes` or a `stop`."""
    journal.note(
        what,
        contact=contact,
        asked=reply.asked,
        answered=reply.answered,
        status=reply.status,
    )


async def send_once(wire: Wire, journal: Journal, contact: str, key: str) -> None:
    """Send a marketing message and note what was decided."""
    reply = await wire.post(letters.MESSAGES, letters.message(contact, key))
    journal.note(
        "decision",
        contact=contact,
        key=key,
        asked=reply.asked,
        answered=reply.answered,
        status=reply.status,
        decision=reply.header("x-askfirst-decision"),
    )
