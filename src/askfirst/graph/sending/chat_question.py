"""A question in the chat, whose tap is the answer: a text and buttons, written and read.

Source: Meta, "Interactive reply buttons messages", "Interactive list messages" and, for the
payloads of a template's quick replies, "Messages API".
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from askfirst.domain.prompts.chat_question import ChatQuestion, answer_ids
from askfirst.domain.prompts.interpolation import FilledPrompt, plain_text
from askfirst.domain.prompts.prompt import CHAT_SURFACES
from askfirst.domain.prompts.quick_reply import PREFIX
from askfirst.domain.values.errors import InvalidInput

_BODY_MAX: Final = 1024
_TITLE_MAX: Final = 20
_ID_MAX: Final = 256
_BUTTONS_MAX: Final = 3
_OURS: Final = f"{PREFIX}:"
_NAMED: Final = frozenset({"id", "payload"})
_PARTS: Final = {"type", "body", "action"}


def question_message(prompt: FilledPrompt) -> dict[str, Any]:
    """Write the message; add to whom it goes, and send it inside the 24-hour window.

    Raises:
        InvalidInput: the question is not one for the chat, or Meta would refuse it.
    """
    if prompt.version.surface not in CHAT_SURFACES:
        surfaces = " or ".join(sorted(CHAT_SURFACES))
        raise InvalidInput("format", f"must be text or html: only {surfaces} is asked in the chat")
    body = plain_text(prompt.text, is_rtl=prompt.is_right_to_left)
    buttons = zip(answer_ids(prompt.version), (prompt.yes, prompt.no), strict=True)
    message = reply_buttons(body, list(buttons))
    return {"messaging_product": "whatsapp", "recipient_type": "individual"} | message


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
