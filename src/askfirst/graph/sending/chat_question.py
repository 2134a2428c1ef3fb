"""A question as a message in the chat: a text and two buttons, whose tap is the answer."""

from __future__ import annotations

from typing import Any

from askfirst.domain.prompts.chat_question import answer_ids
from askfirst.domain.prompts.interpolation import FilledPrompt, plain_text
from askfirst.domain.prompts.prompt_sizes import CHAT_SURFACES
from askfirst.domain.values.errors import InvalidInput
from askfirst.graph.sending.interactive import reply_buttons


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
