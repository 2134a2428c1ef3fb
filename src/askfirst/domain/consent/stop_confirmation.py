"""The one message that follows a stop, or what may be one: its words, its language, no offer.

After a stop it confirms that, after what may be one it is a question with buttons. Two of those are
stops as any other; the third says that nothing was to stop, which counts for the question that is
open and gives no consent.

Its words come with askfirst, in every language of the catalogue, and no business can edit them.
All that is filled in is the business's name and the kinds of messages that end
(`prompts/confirmation_rules`).

Source: 47 CFR 64.1200(a)(12): one message may confirm a stop, within five minutes, and without
marketing.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final, NamedTuple

from askfirst.domain.consent.standing import EVERYTHING, Answer, Standing, view
from askfirst.domain.prompts.catalogue import Catalogue
from askfirst.domain.prompts.confirmation_rules import sender_name_faults
from askfirst.domain.prompts.interpolation import kinds_in_words
from askfirst.domain.prompts.quick_reply import Reply, ReplyVerb, reply_payload
from askfirst.domain.prompts.simple_text import fill_words
from askfirst.domain.values.alias import Alias
from askfirst.domain.values.errors import InvalidInput
from askfirst.domain.values.ids import BusinessId, PhoneNumberId, Position
from askfirst.domain.values.locales import closest_locale, language_of
from askfirst.domain.values.purpose import CONSENTED, MARKETING, Purpose
from askfirst.domain.values.timestamp import HOUR, MINUTE, Instant

CONFIRMED_WITHIN: Final = 5 * MINUTE
"""How long after a stop its one confirmation may follow."""
CONFIRMED_AGAIN_AFTER: Final = MINUTE
"""When one that could not leave is tried again, or is taken from a process that went quiet."""
CONFIRMATION_NAME: Final = "askfirst:stop-confirmation"
"""What goes along with the message, for Meta to repeat in its reports."""
ASKED_WITHIN: Final = HOUR
"""How long after the message the question may follow: later it would puzzle people."""
QUESTION_NAME: Final = "askfirst:stop-question"
"""What goes along with the message, for Meta to repeat in its reports."""


class ConfirmationFate(StrEnum):
    """What became of one confirmation, question or link, as it stands in metrics and the log.

    `refused`: the gate said no. `failed`: Meta did. `lost`: it left, and nobody knows more.
    `unnamed`: the business's name is more than a name. `expired`: its five minutes were over.
    `postponed`: the database or Meta could not be reached; it is tried again while there is time.
    """

    SENT = "sent"
    LOST = "lost"
    REFUSED = "refused"
    FAILED = "failed"
    UNNAMED = "unnamed"
    EXPIRED = "expired"
    POSTPONED = "postponed"


@dataclass(frozen=True, slots=True, kw_only=True)
class UnconfirmedStop:
    """A stop said in the chat that waits for its confirmation, or for a question.

    `is_doubt`: it may be a stop, so the person is asked what they meant instead. `position` is its
    event's, `alias` the name under which the person wrote to `sender`. `purposes` is empty where
    everything was stopped. `languages` are those in which the words mean stop.
    """

    business_id: BusinessId
    position: Position
    alias: Alias
    sender: PhoneNumberId
    purposes: tuple[str, ...]
    languages: tuple[str, ...]
    said_at: Instant
    is_doubt: bool = False


def can_be_named(purposes: Sequence[str]) -> bool:
    """Return whether there are words for what was stopped: everything, or built-in purposes.

    A topic is called as its purpose is, and "no more offers" after the stop of one topic is untrue.
    """
    return all(name in {category.value for category in CONSENTED} for name in purposes)


def newest_live_yes(standing: Standing) -> int:
    """Return the position of the newest yes that counts, to anything; 0 where there is none."""
    names = (name for name in standing.scopes if name != EVERYTHING)
    alive = (yes for name in names for yes in view(standing, Purpose(name)).alive)
    return max((yes.mark.position for yes in alive), default=0)


def is_in_force(standing: Standing, purposes: Sequence[str]) -> bool:
    """Return whether a stop still holds for all that it named (empty: everything)."""
    if purposes:
        named = all(
            view(standing, Purpose(name)).answer in (Answer.WITHDRAWN, Answer.ERASED)
            for name in purposes
        )
    else:
        scope = standing.scopes.get(EVERYTHING)
        named = scope is not None and scope.no is not None
    return named and not any(
        view(standing, purpose).answer is Answer.GRANTED
        for purpose in map(Purpose, set(standing.scopes) - {EVERYTHING})
        if not purposes or not set(purposes).isdisjoint(purpose.chain)
    )


def choose_locale(heard: Sequence[str], known: Sequence[str], written: Collection[str]) -> str:
    """Choose the language of a confirmation among those that it is `written` in.

    `heard` are the languages in which the words mean stop. `known` are locales, the surest first:
    of the person's last question, of the business, of the country. Where those speak one of the
    languages heard, they decide between its varieties; English where nothing is known.
    """
    spoken = [one for one in known if language_of(one) in heard]
    for wanted in (*spoken, *heard, *known):
        if found := closest_locale(wanted, written):
            return found
    return closest_locale("en", written) or min(written)


def confirmation_text(
    catalogue: Catalogue, locale: str, business: str, purposes: tuple[str, ...]
) -> str:
    """Write the message in one of the catalogue's languages.

    Raises:
        InvalidInput: the business's name is more than a name.
    """
    fault = next(sender_name_faults(business, catalogue.opt_out, catalogue.patterns), None)
    if fault is not None:
        raise InvalidInput("business", fault)
    vocabulary = catalogue.vocabularies[locale]
    if not purposes:
        return fill_words(vocabulary.stopped_everything, locale, {"business": business})
    kinds = kinds_in_words(vocabulary, purposes)
    return fill_words(vocabulary.stopped_kinds, locale, {"business": business, "kinds": kinds})


class StopQuestion(NamedTuple):
    """A text and its buttons, each an id and a title."""

    text: str
    buttons: tuple[tuple[str, str], ...]


def stop_question(
    catalogue: Catalogue, locale: str, business: str, doubt: Position
) -> StopQuestion:
    """Write the question about the message at position `doubt`, in one of the languages.

    Raises:
        InvalidInput: the business's name is more than a name.
    """
    fault = next(sender_name_faults(business, catalogue.opt_out, catalogue.patterns), None)
    if fault is not None:
        raise InvalidInput("business", fault)
    vocabulary = catalogue.vocabularies[locale]
    offers = (MARKETING.name,)
    replies = (
        Reply(verb=ReplyVerb.STOP, purposes=(), prompt=None),
        Reply(verb=ReplyVerb.STOP, purposes=offers, prompt=None),
        Reply(verb=ReplyVerb.KEEP, purposes=offers, prompt=None, doubt=doubt),
    )
    titles = (vocabulary.unsure_all, vocabulary.unsure_offers, vocabulary.unsure_keep)
    text = fill_words(vocabulary.unsure_text, locale, {"business": business})
    return StopQuestion(text, tuple(zip(map(reply_payload, replies), titles, strict=True)))
