"""Looking around in a sentence: what stands near a word, and what turns it round.

A sentence is read in one language, as a list with the slots that each word may fill (`lexicon`);
0 is a word that the language does not have.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import reduce
from operator import or_
from typing import Final

from askfirst.domain.opt_out.lexicon import (
    ABOUT,
    ADVERT,
    ALL,
    BREAK,
    DIGITS,
    ELSE,
    END,
    FROM,
    GIVE,
    GO_ON,
    HOW,
    IF,
    IT,
    KEEP,
    KEPT,
    LIST,
    MAYBE,
    ME,
    MESSAGE,
    MISTAKE,
    MORE,
    MUCH,
    NO,
    NOT,
    NUMBER,
    ONLY,
    OPT_OUT,
    ORDERS,
    OTHER,
    POLITE,
    RECEIVE,
    REMOVE,
    REPORT,
    REST,
    REVOKE,
    SEND,
    SMALL,
    SPAM,
    STOP,
    SUBJECT,
    THING,
    TURN,
    WANT,
    WHEN,
    WHY,
    WRONG,
    YOU,
)


class View(list[int]):
    """The slots that each word of a sentence may fill in one language.

    `any` has those of all words: what is not among them need not be looked for.
    """

    __slots__ = ("any",)

    def __init__(self, slots: Iterable[int]) -> None:
        super().__init__(slots)
        self.any: Final = reduce(or_, self, 0)


TRIGGERS: Final = OPT_OUT | STOP | END | NOT | NO | REMOVE | REVOKE | TURN
SIGNS: Final = (
    TRIGGERS | ONLY | ELSE | SPAM | REPORT | MUCH | WHY | HOW | GIVE | WRONG | MAYBE | KEEP
)
"""A message without any of these says nothing of stopping."""

KEEPING: Final = KEEP | GO_ON | KEPT | ELSE
"""With a word for orders: what is about those may go on."""

TOLD: Final = MESSAGE | ADVERT
GIVING: Final = SEND | RECEIVE
ASKED: Final = TOLD | SEND | RECEIVE | LIST | SPAM
SOFT: Final = POLITE | SMALL | ME | YOU | IT | MORE | ALL | REST | FROM | WANT
OTHER_THINGS: Final = THING | ORDERS
TURNING: Final = NOT | IF | WHY | GO_ON
LOOK: Final = 7
NEAR: Final = 4
SHORT: Final = 5
_SAID_OF_MESSAGES: Final = (TOLD | GIVING | LIST | NUMBER | SPAM | REPORT | NOT | NO) | (
    OPT_OUT | STOP | END | WRONG | WANT | REMOVE | WHY
)


def ahead(view: View, place: int, wanted: int, blockers: int, span: int, unknown_max: int) -> int:
    """Return the nearest place to the right with a wanted slot, before a blocker; or -1.

    It looks `span` words far, and past so many unknown words.
    """
    if not view.any & wanted:
        return -1
    while place + 1 < len(view) and view[place + 1] & REST and not view[place + 1] & wanted:
        # The rest of an expression is no step further away.
        place += 1
    unknown = 0
    for bits in view[place + 1 : place + span + 1]:
        place += 1
        if bits & wanted:
            return place
        if bits & blockers:
            return -1
        if not bits:
            unknown += 1
            if unknown > unknown_max:
                return -1
    return -1


def behind(view: View, place: int, wanted: int, blockers: int, span: int, unknown_max: int) -> int:
    """Return the nearest place to the left, likewise."""
    if not view.any & wanted:
        return -1
    unknown = 0
    for at in range(place - 1, max(-1, place - span - 1), -1):
        bits = view[at]
        if bits & wanted:
            return at
        if bits & blockers:
            return -1
        if not bits:
            unknown += 1
            if unknown > unknown_max:
                return -1
    return -1


def object_of(view: View, place: int, wanted: int) -> int:
    """Return what a trigger is about: to its right, or else to its left."""
    if not view.any & wanted:
        return -1
    if view[place] & wanted:
        return place
    found = ahead(view, place, wanted, OTHER_THINGS | BREAK | KEEP, LOOK, 2)
    if found < 0:
        blockers = OTHER_THINGS | BREAK | NOT
        found = behind(view, place, wanted & ~RECEIVE, blockers | RECEIVE, LOOK, 2)
    if found < 0 and wanted & RECEIVE:
        found = behind(view, place, RECEIVE, BREAK, 1, 0)
    return found


def around(view: View, low: int, high: int, wanted: int) -> int:
    """Return the nearest wanted slot within or a few words around two places, in their clause."""
    if not view.any & wanted:
        return -1
    for at in range(low, high + 1):
        if view[at] & wanted:
            return at
    found = ahead(view, high, wanted, BREAK, NEAR, 2)
    return found if found >= 0 else behind(view, low, wanted, BREAK, NEAR, 2)


def turns_before(view: View, place: int, turning: int = TURNING) -> int:
    """Count what turns a trigger round and stands before it, in its clause.

    What comes between must not end the thought: in "no messages, stop" the "no" is used up.
    """
    if not view.any & turning:
        return 0
    negated = going_on = asked = False
    for at in range(place - 1, max(-1, place - LOOK), -1):
        bits = view[at]
        if bits & (BREAK | TOLD | STOP | OPT_OUT) or (
            bits & POLITE and not bits & (TURNING | WANT)
        ):
            break
        # "Ne veux pas" is one no in two words.
        negated |= bool(bits & turning & NOT)
        going_on |= bool(bits & turning & GO_ON)
        asked |= bool(bits & turning & (IF | WHY))
    return negated + going_on + asked


def is_turned(view: View, place: int) -> bool:
    """Whether something before or right after a trigger makes it the contrary."""
    turns = turns_before(view, place)
    after = place + 1
    last = min(len(view) - 1, place + 2)
    while after <= last and view[after] & (SMALL | REST | YOU) and not view[after] & NOT:
        after += 1
    # "Ne … pas" stands on both sides and is one no.
    is_no = after <= last and view[after] & NOT and not view[after] & (WANT | SEND)
    if is_no and not turns_before(view, place, NOT):
        # "Stop, do not write" is another thought.
        turns += ahead(view, after, WANT | GIVING | TOLD, BREAK, 3, 1) < 0
    return bool(turns % 2)


def is_reported(view: View, place: int) -> bool:
    """Somebody else did it, or it was a mistake."""
    return behind(view, place, OTHER, BREAK, 5, 2) >= 0 or has(view, MISTAKE)


def is_of_another(view: View, place: int) -> bool:
    """Unsubscribe from something that is none of our messages."""
    end = place
    while end + 1 < len(view) and view[end + 1] & REST:
        end += 1
    ours = TOLD | LIST | ME | YOU | IT | ALL
    begin = end
    while begin + 1 < len(view) and view[begin + 1] & (REST | FROM):
        begin += 1
    if ahead(view, begin, OTHER, BREAK | ours, 2, 0) >= 0:
        return True
    others = BREAK | TOLD | LIST
    if ahead(view, end, THING, others, NEAR, 1) >= 0:
        return True
    if behind(view, place, THING, others, NEAR, 1) >= 0:
        return True
    source = ahead(view, end, FROM, BREAK | ABOUT, 2, 0)
    named = ahead(view, max(end, source), ours, BREAK | KEEP, NEAR, 2)
    if named < 0:
        return source >= 0 and unknown_after(view, source)
    return bool(view[named] & TOLD) and is_somebody_elses(view, named)


def is_somebody_elses(view: View, told: int) -> bool:
    """The messages of a bank, of a film service: it is named right after them."""
    after = told + 1
    while after < len(view) and view[after] & (REST | FROM | SMALL) and not view[after] & ABOUT:
        after += 1
    return after < len(view) and bool(view[after] & (THING | OTHER))


def has_owner_before(view: View, told: int) -> bool:
    """The messages of a bank, where the owner stands before what it owns and the verb is last."""
    before = told - 1
    while before >= 0 and view[before] & (REST | FROM) and not view[before] & ABOUT:
        before -= 1
    return before >= 0 and bool(view[before] & THING)


def keeps_only_orders(view: View, place: int) -> bool:
    """Stop everything but what is about orders."""
    if not (view.any & ALL and view.any & ORDERS):
        return False
    low, high = clause_of(view, place)
    return any(bits & ALL for bits in view[low:high]) and bool(keeps_orders(view))


def is_interjection(view: View, place: int) -> bool:
    """Stop, I need to change my order: what comes after the comma is about something else."""
    if not view.any & BREAK:
        return False
    _, high = clause_of(view, place)
    after = reduce(or_, view[high:], 0)
    said = TOLD | SEND | LIST | NUMBER | SPAM | NOT | NO | OPT_OUT
    return bool(after & OTHER_THINGS) and not after & said


def goes_elsewhere(view: View, place: int) -> bool:
    """Stop, you are too kind: after the comma are unknown words, and none that are about messages.

    Who says please means it.
    """
    if not view.any & BREAK:
        return False
    low, high = clause_of(view, place)
    after = view[high + 1 :]
    if low or 0 not in after or reduce(or_, after) & _SAID_OF_MESSAGES:
        return False
    return not any(bits & POLITE for bits in view[:high])


def names_topic(view: View, place: int) -> int:
    """Return where "about" stands, if a topic is named right after a trigger; or -1."""
    if not view.any & ABOUT:
        return -1
    about = ahead(view, place, ABOUT, BREAK | TOLD | GIVING, 3, 0)
    after = about + 1
    while 0 < after < len(view) and view[after] & SMALL:
        after += 1
    is_named = (
        about >= 0 and after < len(view) and bool(view[after] & SUBJECT or not view[after] & ~THING)
    )
    if is_named and view[about] & (FROM | SMALL) and not view[place] & MORE:
        # "For" and "of" have many uses: they need "no more" before them.
        is_named = ahead(view, place, MORE, BREAK, 3, 1) >= 0
    return about if is_named else -1


def is_much_unknown(view: View) -> bool:
    """Most of what stands beside the word for stop is about something else."""
    unknown = sum(not bits for bits in view)
    return unknown >= 2 and 3 * unknown >= len(view)  # noqa: PLR2004  # a third of it


def is_about_things(view: View, place: int, thing: int) -> bool:
    """The verb was found, but what it is about is a parcel or a bill."""
    low, high = min(place, thing), max(place, thing)
    if any(view[at] & THING for at in range(low, high)):
        return True
    if view[thing] & TOLD:
        return is_somebody_elses(view, thing) or (thing < place and has_owner_before(view, thing))
    things = around(view, low, high, OTHER_THINGS)
    if things < 0:
        return False
    return around(view, low, high, TOLD) < 0


def is_alone(view: View, place: int, unknown_max: int = 1) -> bool:
    """Nothing of weight stands in the clause beside the trigger: one unknown word at most."""
    low, high = clause_of(view, place)
    is_last = place == high - 1 > low and view[place - 1] & POLITE
    if is_last and unknown_max and not has(view, OTHER_THINGS):
        # "…, so please stop": whatever was said before.
        return True
    soft = SOFT | STOP | OPT_OUT | REMOVE | TOLD | SPAM | REPORT | NOT | IF | WHY
    soft |= MUCH | WRONG | MAYBE
    unknown = 0
    for at in range(low, high):
        bits = view[at]
        if bits and not bits & soft:
            return False
        if not bits:
            unknown += 1
            # "Stop the fridge": with an article it is an object.
            if at > place + 1 and view[at - 1] & SMALL:
                return False
    return not unknown or (unknown <= unknown_max and high - low <= SHORT)


def is_asked(view: View, place: int, thing: int) -> bool:
    """When do the offers end? The question stands before what is to its left."""
    return thing < place and bool(turns_before(view, thing) % 2)


def is_asked_about(view: View, thing: int, *, asked: bool) -> bool:
    """Is the sale over? Offers end; how to end them, or whether we can, is another question."""
    return (
        asked and bool(view[thing] & ADVERT) and not has(view, POLITE | YOU | ME | HOW | IT | SEND)
    )


def asks_instead(view: View, place: int) -> bool:
    """Do not call, write instead."""
    _, high = clause_of(view, place)
    first = high if high < len(view) else place + 1
    for at in range(first, len(view)):
        if view[at] & SEND:
            return not any(bits & (NOT | NO | STOP) for bits in view[first:at])
    return False


def is_asked_of_us(view: View, place: int, *, asked: bool) -> bool:
    """You no longer send to Spain? It is a question; "can you not write to me?" is a wish."""
    return asked and not has(view, ME) and not any(bits & POLITE for bits in view[:place])


def is_of_other_things(view: View, low: int, high: int) -> bool:
    """Do not send the red one; do not call, ring the bell, or write instead."""
    if asks_instead(view, high):
        return True
    if not has(view, ME) and is_interjection(view, high):
        return True
    if names_topic(view, high) >= 0:
        return False
    return around(view, low, high, OTHER_THINGS) >= 0 or unknown_after(view, high)


def is_it(view: View, place: int) -> bool:
    """Do not send it: not these messages, but something that was spoken of."""
    after = view[place + 1] if place + 1 < len(view) else 0
    return bool(after & IT) and not any(bits & (TOLD | MORE | ME) for bits in view[place:])


def is_one_word(view: View) -> bool:
    """Whether there is nothing beside the trigger."""
    return all(bits & (TRIGGERS | REST) for bits in view)


def is_bare(view: View) -> bool:
    """The sentence has nothing but a trigger and small words."""
    return all(bits & (SOFT | TRIGGERS | BREAK | WANT) for bits in view)


def clause_of(view: View, place: int) -> tuple[int, int]:
    """Return where the clause of a place begins and ends."""
    if not view.any & BREAK:
        return 0, len(view)
    low, high = place, place + 1
    while low > 0 and not view[low - 1] & BREAK:
        low -= 1
    while high < len(view) and not view[high] & BREAK:
        high += 1
    return low, high


def has(view: View, wanted: int) -> bool:
    """Whether a slot is filled anywhere in the sentence."""
    return bool(view.any & wanted)


def has_before(view: View, place: int, wanted: int) -> bool:
    """Whether one stands right before: the subject of the verb."""
    return behind(view, place, wanted, BREAK | TOLD | STOP, 2, 1) >= 0


def unknown_before(view: View, place: int) -> bool:
    """Whether an unknown word stands before, in the clause."""
    low, _ = clause_of(view, place)
    return any(not bits & ~WHEN for bits in view[low:place])


def unknown_after(view: View, place: int) -> bool:
    """Whether something unknown follows as the object, and it is not said "no more"."""
    _, high = clause_of(view, place)
    if any(bits & MORE for bits in view[max(0, place - NEAR) : high]):
        return False
    for bits in view[place + 1 : high]:
        if not bits & (SMALL | ME | REST | NOT):
            return not bits & ~WHEN
    return False


def keeps_orders(view: View) -> tuple[int, ...]:
    """Return where a sentence says that messages about orders may go on."""
    if not (view.any & ORDERS and view.any & KEEPING):
        return ()
    for place, bits in enumerate(view):
        if not bits & (KEEP | GO_ON):
            continue
        kept = ahead(view, place, ORDERS, TRIGGERS & ~bits, LOOK, 4)
        if kept < 0 and ahead(view, place, TRIGGERS, 0, 3, 3) < 0:
            kept = behind(view, place, ORDERS, BREAK | TRIGGERS, NEAR, 2)
        if kept >= 0:
            return (place, kept)
    for place, bits in enumerate(view):
        if bits & KEPT:
            kept = behind(view, place, ORDERS, BREAK, NEAR, 2)
            if kept >= 0:
                return (kept, place)
    return orders_and_nothing_else(view)


def orders_and_nothing_else(view: View) -> tuple[int, ...]:
    """Order updates are fine, the rest is not; write about my order, nothing else."""
    if not (has(view, ELSE) and has(view, TOLD | GIVING | KEEP | KEPT)):
        return ()
    for place, bits in enumerate(view):
        if bits & ELSE and (bits & NOT or around(view, place, place, NOT | NO | STOP | END) >= 0):
            kept = [at for at, other in enumerate(view) if other & ORDERS]
            return (kept[0], place) if kept else ()
    return ()


def is_for_me(view: View, place: int) -> bool:
    """Whether no condition follows what is not to be sent, and nobody else who is not to get it."""
    if ahead(view, place, IF, BREAK | MORE, 3, 1) >= 0 or is_it(view, place):
        return False
    if ahead(view, place, OTHER, BREAK | MORE | ME, 3, 1) >= 0:
        return False
    return has(view, ME) or ahead(view, place, YOU, BREAK | ME | TOLD, 2, 0) < 0


def goes_on_to_other_things(view: View, before: int, after: int) -> bool:
    """No messages about my order; I got no messages: what comes after "no messages" decides."""
    if ahead(view, after, OTHER, BREAK | MORE | ME | WANT, NEAR, 1) >= 0:
        return True
    is_topic = names_topic(view, after) >= 0 or view[after] & SUBJECT
    if not is_topic and ahead(view, after, OTHER_THINGS | IF, BREAK | KEEP, LOOK, 2) >= 0:
        return True
    low, _ = clause_of(view, before)
    is_wished = any(bits & WANT for bits in view[low:before])
    return not is_wished and ahead(view, after, RECEIVE | GIVE, BREAK | MORE | WANT, 3, 1) >= 0


def spaced_number(view: View, place: int) -> int:
    """Find a number that is written in groups: 600 000 123."""
    first = ahead(view, place, DIGITS, OTHER_THINGS | BREAK, NEAR, 1)
    return first if 0 <= first < len(view) - 1 and view[first + 1] & (DIGITS | NUMBER) else -1
