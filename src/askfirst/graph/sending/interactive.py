"""Messages with buttons, as Meta takes them.

Source: Meta, "Interactive reply buttons messages".
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from askfirst.domain.values.errors import InvalidInput

_BODY_MAX: Final = 1024
_TITLE_MAX: Final = 20
_ID_MAX: Final = 256
_BUTTONS_MAX: Final = 3


def reply_buttons(body: str, buttons: Sequence[tuple[str, str]]) -> dict[str, Any]:
    """Write the part of a message that holds a text and its buttons, each an id and a title.

    Raises:
        InvalidInput: Meta would refuse it.
    """
    if not 0 < len(body) <= _BODY_MAX:
        raise InvalidInput("text", f"must have {_BODY_MAX} characters at most, for WhatsApp")
    if not 0 < len(buttons) <= _BUTTONS_MAX:
        raise InvalidInput("buttons", f"must be {_BUTTONS_MAX} at most, for WhatsApp")
    if len({title for _, title in buttons}) != len(buttons):
        raise InvalidInput("buttons", "must each have a title of their own, for WhatsApp")
    for payload, title in buttons:
        if not 0 < len(title) <= _TITLE_MAX:
            raise InvalidInput("buttons", f"must have {_TITLE_MAX} characters each, for WhatsApp")
        if len(payload) > _ID_MAX:
            raise InvalidInput("purpose", f"must fit a button's id of {_ID_MAX} characters")
    replies = [
        {"type": "reply", "reply": {"id": payload, "title": title}} for payload, title in buttons
    ]
    return {
        "type": "interactive",
        "interactive": {
            "type": "button",
            "body": {"text": body},
            "action": {"buttons": replies},
        },
    }
