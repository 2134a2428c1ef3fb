"""The one question after a message that may be a stop: its words, and what its buttons say.

Its words come with askfirst, in every language of the catalogue, and no business can edit them; all
that is filled in is the business's name. Two of its buttons are stops as any other. The third says
that nothing was to stop: it counts for the question that is open, and gives no consent.
"""

from __future__ import annotations

from typing import Final, NamedTuple

from askfirst.domain.opt_out.classifier import OptOutClassifier
from askfirst.domain.prompts.catalogue import Vocabulary
from askfirst.domain.prompts.confirmation_rules import sender_name_faults
from askfirst.domain.prompts.quick_reply import Reply, ReplyVerb, reply_payload
from askfirst.domain.prompts.simple_text import fill_words
from askfirst.domain.values.errors import InvalidInput
from askfirst.domain.values.ids import Position
from askfirst.domain.values.purpose import MARKETING
from askfirst.domain.values.timestamp import HOUR

ASKED_WITHIN: Final = HOUR
"""How long after the message the question may follow: later it would puzzle people."""
QUESTION_NAME: Final = "askfirst:stop-question"
"""What goes along with the message, for Meta to repeat in its reports."""


class StopQuestion(NamedTuple):
    """A text and its buttons, each an id and a title."""

    text: str
    buttons: tuple[tuple[str, str], ...]


def stop_question(
    vocabulary: Vocabulary,
    locale: str,
    business: str,
    doubt: Position,
    opt_out: OptOutClassifier,
) -> StopQuestion:
    """Write the question about the message at position `doubt`.

    Raises:
        InvalidInput: the business's name is more than a name.
    """
    fault = next(sender_name_faults(business, opt_out), None)
    if fault is not None:
        raise InvalidInput("business", fault)
    offers = (MARKETING.name,)
    replies = (
        Reply(verb=ReplyVerb.STOP, purposes=(), prompt=None),
        Reply(verb=ReplyVerb.STOP, purposes=offers, prompt=None),
        Reply(verb=ReplyVerb.KEEP, purposes=offers, prompt=None, doubt=doubt),
    )
    titles = (vocabulary.unsure_all, vocabulary.unsure_offers, vocabulary.unsure_keep)
    text = fill_words(vocabulary.unsure_text, locale, {"business": business})
    return StopQuestion(text, tuple(zip(map(reply_payload, replies), titles, strict=True)))
