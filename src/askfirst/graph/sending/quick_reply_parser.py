"""Buttons of ours in a message that a client wants to send.

Source: Meta, "Interactive reply buttons messages", "Interactive list messages" and, for the
payloads of a template's quick replies, "Messages API".
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

from askfirst.domain.prompts.chat_question import ChatQuestion
from askfirst.domain.prompts.quick_reply import PREFIX

_OURS: Final = f"{PREFIX}:"
_NAMED: Final = frozenset({"id", "payload"})
_PARTS: Final = {"type", "body", "action"}


def read_question(fields: Mapping[str, Any]) -> ChatQuestion | None:
    """Read the question that a message asks with buttons of ours; None where it has none.

    What has more parts than text and buttons (a header, a footer, a list, a template) shows words
    that we do not know: then no text is given, and no version of words is like it.
    """
    ours = tuple(_own_ids((fields.get("interactive"), fields.get("template"))))
    if not ours:
        return None
    return _reply_buttons(fields.get("interactive")) or ChatQuestion(
        "", tuple((payload, "") for payload in ours)
    )


def _reply_buttons(interactive: Any) -> ChatQuestion | None:
    try:
        if set(interactive) != _PARTS or interactive["type"] != "button":
            return None
        replies = [button["reply"] for button in interactive["action"]["buttons"]]
        buttons = tuple((reply["id"], reply["title"]) for reply in replies)
        return ChatQuestion(interactive["body"]["text"], buttons)
    except (KeyError, TypeError):
        return None


def _own_ids(node: Any) -> Iterator[str]:
    if isinstance(node, dict):
        for key, value in node.items():
            if key in _NAMED and isinstance(value, str) and value.startswith(_OURS):
                yield value
            yield from _own_ids(value)
    elif isinstance(node, list | tuple):
        for each in node:
            yield from _own_ids(each)
