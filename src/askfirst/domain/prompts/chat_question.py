"""A question in the chat as it is about to be sent: words, and buttons that say what a tap means.

The ids of the buttons name the words. A tap proves that the number answered; that it answered
these words is only known where the message showed them, and nothing beside them.
"""

from __future__ import annotations

from typing import NamedTuple

from askfirst.domain.prompts.interpolation import above_buttons
from askfirst.domain.prompts.prompt import PromptHash, PromptVersion
from askfirst.domain.prompts.quick_reply import Reply, ReplyVerb, read_reply, reply_payload


class ChatQuestion(NamedTuple):
    """A message with a button of ours: its text, and the id and title of every button in it."""

    text: str
    buttons: tuple[tuple[str, str], ...]


def answer_ids(version: PromptVersion) -> tuple[str, str]:
    """Return the ids of the two buttons below a question: yes and no."""
    yes, no = (
        reply_payload(Reply(verb=verb, purposes=version.purposes, prompt=version.hash))
        for verb in (ReplyVerb.YES, ReplyVerb.NO)
    )
    return yes, no


def has_only_stops(question: ChatQuestion) -> bool:
    """Return whether nothing is asked: a stop counts below whatever words."""
    return all(map(_is_stop, question.buttons))


def prompt_named(question: ChatQuestion) -> PromptHash | None:
    """Return which words the buttons name; None where they name none."""
    replies = (read_reply(payload) for payload, _ in question.buttons)
    return next((reply.prompt for reply in replies if reply and reply.prompt), None)


def shows(question: ChatQuestion, version: PromptVersion) -> bool:
    """Return whether a person reads exactly these words, and can answer both yes and no."""
    answers = [button for button in question.buttons if not _is_stop(button)]
    ids = tuple(payload for payload, _ in answers)
    words = above_buttons(question.text, [title for _, title in answers])
    return ids == answer_ids(version) and words == version.text


def _is_stop(button: tuple[str, str]) -> bool:
    reply = read_reply(button[0])
    return reply is not None and reply.verb is ReplyVerb.STOP
