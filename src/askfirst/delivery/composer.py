"""Writes messages in Meta's dialect, and reads what Meta answers to them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

import msgspec

from askfirst.domain.consent.stop_confirmation import CONFIRMATION_NAME, QUESTION_NAME, StopQuestion
from askfirst.domain.inbound.link_wish import LINK_NAME
from askfirst.domain.prompts.interpolation import FilledPrompt
from askfirst.domain.tenants.sender import Sender
from askfirst.domain.value import replace
from askfirst.domain.values.alias import Alias
from askfirst.graph.sending.authentication import code_components
from askfirst.graph.sending.chat_question import question_message, reply_buttons
from askfirst.graph.sending.send_answer import read_answer, read_error_code
from askfirst.ports.codes.composer import CodeMessage, Letter, Reading
from askfirst.ports.sending.http_connection import Answer

_BLANK: Final = "*"
"""In place of each digit of a code, where the message is written down."""


class GraphComposer:
    """See ports.composer.Composer."""

    def __init__(self, version: str) -> None:
        self._version = version

    def question(self, sender: Sender, token: str, to: Alias, prompt: FilledPrompt) -> Letter:
        return self._letter(sender, token, to, question_message(prompt))

    def code(self, sender: Sender, token: str, to: Alias, message: CodeMessage) -> Letter:
        letter = self._letter(sender, token, to, _code_message(message, message.digits))
        blank = _BLANK * len(message.digits)
        return replace(letter, kept=_body(to, _code_message(message, blank)))

    def stop_confirmation(self, sender: Sender, token: str, to: Alias, text: str) -> Letter:
        return self._letter(sender, token, to, _plain_text(text, CONFIRMATION_NAME))

    def stop_question(self, sender: Sender, token: str, to: Alias, asked: StopQuestion) -> Letter:
        message = {
            "messaging_product": "whatsapp",
            "recipient_type": "individual",
            **reply_buttons(*asked),
            "biz_opaque_callback_data": QUESTION_NAME,
        }
        return self._letter(sender, token, to, message)

    def preference_link(
        self, sender: Sender, token: str, to: Alias, text: str, kept: str
    ) -> Letter:
        letter = self._letter(sender, token, to, _plain_text(text, LINK_NAME))
        return replace(letter, kept=_body(to, _plain_text(kept, LINK_NAME)))

    def read(self, answer: Answer) -> Reading:
        if not answer.is_success:
            return Reading(is_accepted=False, code=read_error_code(answer.body))
        found = read_answer(answer.body)
        message_id = found.message_ids[0] if found.message_ids else ""
        code = 0 if message_id else read_error_code(answer.body)
        return Reading(is_accepted=True, code=code, message_id=message_id, names=found.names())

    def _letter(self, sender: Sender, token: str, to: Alias, message: Mapping[str, Any]) -> Letter:
        return Letter(
            target=f"/{self._version}/{sender.phone_number_id}/messages",
            headers={"authorization": f"Bearer {token}", "content-type": "application/json"},
            body=_body(to, message),
        )


def _body(to: Alias, message: Mapping[str, Any]) -> bytes:
    recipient = {"to": f"+{to.value}"} if to.is_number else {"recipient": to.value}
    return msgspec.json.encode({**message, **recipient})


def _plain_text(text: str, name: str) -> Mapping[str, Any]:
    return {
        "messaging_product": "whatsapp",
        "recipient_type": "individual",
        "type": "text",
        "text": {"preview_url": False, "body": text},
        "biz_opaque_callback_data": name,
    }


def _code_message(message: CodeMessage, digits: str) -> Mapping[str, Any]:
    template = {
        "name": message.template,
        "language": {"code": message.language},
        "components": code_components(digits),
    }
    return {
        "messaging_product": "whatsapp",
        "recipient_type": "individual",
        "type": "template",
        "template": template,
        "biz_opaque_callback_data": message.reference,
    }


def question_body(prompt: FilledPrompt) -> Mapping[str, Any]:
    """Write a question as a message to nobody in particular, for people to copy."""
    return question_message(prompt)
