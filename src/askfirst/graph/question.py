"""A question as a message in the chat: a text and two buttons, whose tap is the answer."""

from __future__ import annotations

from typing import Any

from askfirst.domain.errors import InvalidInput
from askfirst.domain.filling import FilledPrompt, plain_text
from askfirst.domain.prompt_sizes import CHAT_SURFACES
from askfirst.domain.reply import Reply, ReplyVerb, reply_payload
from askfirst.graph.interactive import reply_buttons


def question_message(prompt: FilledPrompt) -> dict[str, Any]:
    """Write the message; add to whom it goes, and send it inside the 24-hour window.

    Raises:
        InvalidInput: the question is not one for the chat, or Meta would refuse it.
    """
    if prompt.version.surface not in CHAT_SURFACES:
        surfaces = " or ".join(sorted(CHAT_SURFACES))
        raise InvalidInput("format", f"must be text or html: only {surfaces} is asked in the chat")
    body = plain_text(prompt.text, is_rtl=prompt.is_right_to_left)
    answers = ((ReplyVerb.YES, prompt.yes), (ReplyVerb.NO, prompt.no))
    message = reply_buttons(body, [(_payload(verb, prompt), title) for verb, title in answers])
    return {"messaging_product": "whatsapp", "recipient_type": "individual"} | message


def _payload(verb: ReplyVerb, prompt: FilledPrompt) -> str:
    version = prompt.version
    return reply_payload(Reply(verb=verb, purposes=version.purposes, prompt=version.hash))
