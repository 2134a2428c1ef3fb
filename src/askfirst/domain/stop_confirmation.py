"""The one message that follows a stop: what it says, in which language, and that it is no offer.

Its words come with askfirst, in every language of the catalogue, and no business can edit them.
All that is filled in is the business's name and the kinds of messages that end. So that the name
cannot be made an offer, it has to be a name: short, in plain letters, without a link, a price or a
picture.

Source: 47 CFR 64.1200(a)(12): one message may confirm a stop, within five minutes, and without
marketing.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from askfirst.domain.alias import Alias
from askfirst.domain.code_words import filled_words
from askfirst.domain.errors import InvalidInput
from askfirst.domain.filling import kinds_in_words
from askfirst.domain.honest_text import hidden_characters, mixed_words, name_faults
from askfirst.domain.ids import BusinessId, PhoneNumberId, Position
from askfirst.domain.instant import MINUTE, Instant
from askfirst.domain.keywords import names_marketing
from askfirst.domain.locales import closest_locale, language_of
from askfirst.domain.purpose import CONSENTED, Purpose
from askfirst.domain.standing import EVERYTHING, Answer, Standing, view
from askfirst.domain.wording import Vocabulary

CONFIRMED_WITHIN: Final = 5 * MINUTE
"""How long after a stop its one confirmation may follow."""
CONFIRMATION_NAME: Final = "askfirst:stop-confirmation"
"""What goes along with the message, for Meta to repeat in its reports."""

NAME_LENGTH_MAX: Final = 60
_NAME_WORDS_MAX: Final = 8
_DIGITS_IN_A_ROW_MAX: Final = 4
TEXT_LENGTH_MAX: Final = 300
_LINK: Final = re.compile(r"://|www\.|@|[^\W_]\.[^\W\d_]{2,}", re.IGNORECASE)
_PRICE: Final = re.compile(r"[%‰٪﹪％]")
_DIGITS: Final = re.compile(rf"\d{{{_DIGITS_IN_A_ROW_MAX + 1},}}")
_PICTURES: Final = frozenset({"So", "Sk", "Sc"})
# Names such as Gulf Market are no offers; calls to buy are, in whatever else they stand.
_HARMLESS: Final = re.compile(r"\bmarket(ing|s)?\b", re.IGNORECASE)
_CALLS: Final = re.compile(
    r"\b(?:(?:buy|shop|order|sale|save)s? (?:now|today)|half price|free gift|coupons?|vouchers?"
    r"|\d+ ?off|soldes|rebajas|saldi|gutscheine?|liquida[cç][aã]o|wyprzedaż)\b",
    re.IGNORECASE,
)
_PLACE: Final = re.compile(r"\{([^{}]*)\}")


class ConfirmationFate(StrEnum):
    """What became of one confirmation, as it stands in metrics and the log.

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
    """A stop said in the chat that waits for its confirmation.

    `position` is its event's, `alias` the name under which the person wrote to `sender`. `purposes`
    is empty where everything was stopped. `languages` are those in which the words mean stop.
    `due_at`: from when on any process may take it up.
    """

    business_id: BusinessId
    position: Position
    alias: Alias
    sender: PhoneNumberId
    purposes: tuple[str, ...]
    languages: tuple[str, ...]
    said_at: Instant
    due_at: Instant

    def is_over(self, now: Instant) -> bool:
        """Whether it is too late to confirm it."""
        return now - self.said_at >= CONFIRMED_WITHIN


def can_be_named(purposes: Sequence[str]) -> bool:
    """Tell whether there are words for what was stopped: for everything, or for built-in purposes.

    A topic is called as its purpose is, and "no more offers" after the stop of one topic is untrue.
    """
    return all(name in {category.value for category in CONSENTED} for name in purposes)


def newest_live_yes(standing: Standing) -> int:
    """Give the position of the newest yes that counts, to anything; 0 where there is none."""
    names = (name for name in standing.scopes if name != EVERYTHING)
    alive = (yes for name in names for yes in view(standing, Purpose(name)).alive)
    return max((yes.mark.position for yes in alive), default=0)


def is_in_force(standing: Standing, purposes: Sequence[str]) -> bool:
    """Tell whether a stop still holds for all that it named (empty: everything)."""
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
    vocabulary: Vocabulary, locale: str, business: str, purposes: tuple[str, ...]
) -> str:
    """Write the message.

    Raises:
        InvalidInput: the business's name is more than a name.
    """
    fault = next(sender_name_faults(business), None)
    if fault is not None:
        raise InvalidInput("business", fault)
    if not purposes:
        return filled_words(vocabulary.stopped_everything, locale, {"business": business})
    kinds = kinds_in_words(vocabulary, purposes)
    return filled_words(vocabulary.stopped_kinds, locale, {"business": business, "kinds": kinds})


def sender_name_faults(name: str) -> Iterator[str]:
    """Say why a name cannot stand in a confirmation, each as what would be right."""
    yield from name_faults(name)
    if len(name) > NAME_LENGTH_MAX or len(name.split()) > _NAME_WORDS_MAX:
        yield f"must have {NAME_LENGTH_MAX} characters and {_NAME_WORDS_MAX} words at most"
    if _LINK.search(name):
        yield "must not hold an address: WhatsApp would make a link of it"
    if _PRICE.search(name) or _DIGITS.search(name):
        yield "must not hold a percentage or a long number"
    if any(unicodedata.category(char) in _PICTURES for char in name):
        yield "must not hold pictures or signs of money"
    if _offers(name):
        yield "must not hold a word for an offer"


def confirmation_faults(words: str, places: Collection[str]) -> Iterator[str]:
    """Say what is wrong with the words of a confirmation, before anything is filled in."""
    if sorted(_PLACE.findall(words)) != sorted(places):
        yield "must have each of its placeholders once: " + ", ".join(places)
    bare = _PLACE.sub("", words)
    if len(words) > TEXT_LENGTH_MAX or "\n" in words:
        yield f"must be one paragraph of {TEXT_LENGTH_MAX} characters at most"
    if "{" in bare or "}" in bare or hidden_characters(bare) or mixed_words(bare):
        yield "must be what it looks like"
    if _LINK.search(bare) or _PRICE.search(bare) or re.search(r"\d", bare) or "!" in bare:
        yield "must hold no address, number or exclamation mark"
    if any(unicodedata.category(char) in _PICTURES for char in bare):
        yield "must hold no picture"
    if _offers(bare):
        yield "must hold no word for an offer"


def _offers(text: str) -> bool:
    return bool(_CALLS.search(text)) or names_marketing(_HARMLESS.sub(" ", text))
