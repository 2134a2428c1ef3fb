"""What Meta answered to a message of askfirst's own, at once or later."""

from __future__ import annotations

from askfirst.domain.value import Value


class AcceptedByMeta(Value, frozen=True):
    """The message left, and Meta took it under an id of its own."""

    message_id: str = ""


class RejectedByMeta(Value, frozen=True):
    """Meta said no to the message, at once or by a later report.

    `code` is that of Meta's error; 0 where none could be read: the no may have been somebody
    else's on the way.
    """

    code: int
