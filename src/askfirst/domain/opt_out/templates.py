"""The templates of a stop, the same for all languages: which slots together say it.

A template reads one sentence in one language, as a list with the slots that each word may fill
(`lexicon`); 0 is a word that the language does not have. It begins at a *trigger* (a word for
stop, not, remove, …) and looks to both sides, because languages differ in their order. **The
object decides**: "stop" with messages is a stop, with a parcel it is none.

Soundness: whatever turns a sentence round (not, if, why) is counted, so "don't stop" is none and
"if you don't stop" is one.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final, NamedTuple

from askfirst.domain.opt_out.lexicon import (
    ABOUT,
    ADVERT,
    ALL,
    BREAK,
    CONSENT,
    DATA,
    END,
    FROM,
    GIVE,
    GO_ON,
    HOW,
    IF,
    IT,
    KEEP,
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
    THING,
    WANT,
    WHY,
    WRONG,
    YOU,
)
from askfirst.domain.opt_out.reading import About, Certainty, Rule

TRIGGERS: Final = OPT_OUT | STOP | END | NOT | NO | REMOVE | REVOKE
SIGNS: Final = TRIGGERS | ONLY | SPAM | REPORT | MUCH | WHY | HOW | GIVE | WRONG | MAYBE | KEEP
"""A message without any of these says nothing of stopping."""

_TOLD: Final = MESSAGE | ADVERT
_GIVING: Final = SEND | RECEIVE
_ASKED: Final = _TOLD | SEND | RECEIVE | LIST | SPAM
_SOFT: Final = POLITE | SMALL | ME | YOU | IT | MORE | ALL | REST | FROM | WANT
_OTHER_THINGS: Final = THING | ORDERS
_TURNS: Final = NOT | IF | WHY | GO_ON
_LOOK: Final = 7
_NEAR: Final = 4
_UNKNOWN_BESIDE_MAX: Final = 1
_SHORT: Final = 5


class Found(NamedTuple):
    """A template that was found, and the places of the words that fill it."""

    certainty: Certainty
    rule: Rule
    places: tuple[int, ...]
    about: About | None = None


def read_sentence(view: Sequence[int], *, alone: bool, asked: bool) -> Found | None:
    """Return what a sentence says, the surest first.

    `alone`: the message has no other sentence. `asked`: it ends in a question mark.
    """
    unsure = None
    for place, bits in enumerate(view):
        if not bits & TRIGGERS:
            continue
        for found in _at_trigger(view, place, bits, alone=alone, asked=asked):
            if found.certainty is Certainty.STOP:
                return found
            unsure = unsure or found
    return _only_orders(view) or unsure or _read_unsure(view)


def keeps_orders(view: Sequence[int]) -> tuple[int, ...]:
    """Return where a sentence says that messages about orders may go on."""
    for place, bits in enumerate(view):
        if not bits & (KEEP | GO_ON):
            continue
        kept = _reach(view, place, 1, ORDERS, TRIGGERS & ~bits, _LOOK, 4)
        if kept < 0 and _reach(view, place, 1, TRIGGERS, 0, 3, 3) < 0:
            kept = _reach(view, place, -1, ORDERS, BREAK | TRIGGERS, _NEAR, 2)
        if kept >= 0:
            return (place, kept)
    return ()


def _at_trigger(
    view: Sequence[int], place: int, bits: int, *, alone: bool, asked: bool
) -> Iterator[Found]:
    if bits & OPT_OUT:
        yield from _opt_out(view, place, asked=asked)
    if bits & STOP:
        yield from _stop(view, place, asked=asked)
    if bits & END:
        yield from _end(view, place, alone=alone, asked=asked)
    if bits & (NOT | NO):
        yield from _not(view, place, bits)
    if bits & REMOVE:
        yield from _remove(view, place)
    if bits & REVOKE:
        yield from _revoke(view, place)


# --- the templates --------------------------------------------------------------------------------


def _opt_out(view: Sequence[int], place: int, *, asked: bool) -> Iterator[Found]:
    """Unsubscribe."""
    if _is_turned(view, place) or _is_reported(view, place) or _is_of_another(view, place):
        return
    sure = not (_has(view, MAYBE) or (asked and _is_one_word(view)))
    yield _found(sure, Rule.OPT_OUT_WORD, place)


def _stop(view: Sequence[int], place: int, *, asked: bool) -> Iterator[Found]:
    """Stop sending me messages; or stop, and nothing else of weight beside it."""
    if _is_turned(view, place) or _is_reported(view, place):
        return
    sure = not _has(view, MAYBE)
    thing = _object(view, place, _ASKED)
    if thing >= 0:
        if not _is_about_things(view, place, thing) and not _is_asked(view, place, thing):
            yield _found(sure, Rule.STOP_MESSAGES, place, thing)
        return
    if _keeps_only_orders(view, place):
        yield _found(sure, Rule.STOP_MESSAGES, place)
    elif _is_alone(view, place):
        sure = sure and not _is_much_unknown(view)
        yield _found(sure and not (asked and _is_one_word(view)), Rule.STOP_WORD, place)


def _end(view: Sequence[int], place: int, *, alone: bool, asked: bool) -> Iterator[Found]:
    """End the messages; or end, and nothing else in the whole message."""
    if _is_turned(view, place) or _is_reported(view, place):
        return
    if _keeps_only_orders(view, place):
        yield _found(True, Rule.STOP_MESSAGES, place)
        return
    thing = _object(view, place, _TOLD | LIST | SEND)
    if thing >= 0:
        if _is_about_things(view, place, thing) or _is_asked(view, place, thing):
            return
        if _unknown_after(view, max(place, thing)):
            return
        yield _found(not _has(view, MAYBE), Rule.STOP_MESSAGES, place, thing)
    elif alone and all(bits & (END | STOP | _SOFT | BREAK) for bits in view):
        yield _found(not asked, Rule.STOP_WORD, place)


def _not(view: Sequence[int], place: int, bits: int) -> Iterator[Found]:
    if _turns_before(view, place) % 2:
        return
    if bits & NOT:
        yield from _not_send(view, place, bits)
        yield from _not_want(view, place, bits)
        yield from _not_receive(view, place)
    yield from _no_messages(view, place)


def _not_send(view: Sequence[int], place: int, bits: int) -> Iterator[Found]:
    """Do not write to me."""
    blockers = WANT | RECEIVE | STOP | OPT_OUT | END | REMOVE | BREAK
    send = place if bits & SEND else _reach(view, place, 1, SEND, blockers, _NEAR, 0)
    if send < 0:
        send = _reach(view, place, -1, SEND, blockers | _OTHER_THINGS, _NEAR, 0)
    if send < 0 or _has_before(view, place, YOU | OTHER):
        return
    low, high = min(place, send), max(place, send)
    told = _around(view, low, high, _TOLD)
    if told < 0 and (_around(view, low, high, _OTHER_THINGS) >= 0 or _unknown_after(view, high)):
        return
    if _reach(view, high, 1, IF, BREAK | MORE, 3, 1) >= 0 or _is_it(view, high):
        return
    if told >= 0 and _is_about_things(view, low, told):
        return
    yield _found(True, Rule.DO_NOT_SEND, *_once(place, send, told))


def _not_want(view: Sequence[int], place: int, bits: int) -> Iterator[Found]:
    """I do not want messages; I do not want to hear from you any more."""
    blockers = STOP | OPT_OUT | END | REMOVE | BREAK | GO_ON
    want = place if bits & WANT else _reach(view, place, 1, WANT, blockers, _NEAR, 1)
    if want < 0:
        want = _reach(view, place, -1, WANT, blockers, _NEAR, 1)
    if want < 0 or _has_before(view, place, OTHER):
        return
    low, high = min(place, want), max(place, want)
    if _reach(view, high, 1, STOP | OPT_OUT | END | REMOVE | GO_ON, BREAK | _TOLD | IT, _NEAR, 2) >= 0:
        return
    thing = _object(view, high, _TOLD) if high else -1
    if thing < 0:
        thing = _object(view, low, _TOLD)
    if thing >= 0:
        if not _is_about_things(view, low, thing):
            yield _found(True, Rule.DO_NOT_WANT, *_once(place, want, thing))
        return
    asked = _object(view, high, SEND | RECEIVE | LIST)
    if asked < 0:
        asked = _object(view, low, SEND | RECEIVE | LIST)
    things = _around(view, low, high, _OTHER_THINGS) >= 0
    if asked >= 0 and not things and not _unknown_after(view, max(high, asked)):
        yield _found(True, Rule.DO_NOT_WANT, *_once(place, want, asked))
    elif not things and _is_bare(view):
        yield _found(False, Rule.HALF_STOP, *_once(place, want))


def _not_receive(view: Sequence[int], place: int) -> Iterator[Found]:
    """Not to receive messages any more, as a wish: with "I" before it, it is a report."""
    blockers = STOP | OPT_OUT | END | REMOVE | BREAK | WANT | _OTHER_THINGS
    receive = _reach(view, place, 1, RECEIVE, blockers, 3, 0)
    if receive < 0 or _has_before(view, place, OTHER | ME | YOU):
        return
    if _around(view, place, receive, MORE) < 0 or _around(view, place, receive, _OTHER_THINGS) >= 0:
        return
    told = _around(view, place, receive, _TOLD)
    if told >= 0 or not _unknown_after(view, receive):
        yield _found(True, Rule.DO_NOT_WANT, *_once(place, receive, told))


def _only_orders(view: Sequence[int]) -> Found | None:
    """Write to me about my orders only."""
    for place, bits in enumerate(view):
        if not bits & ONLY:
            continue
        told = _object(view, place, SEND | RECEIVE | MESSAGE)
        kept = _reach(view, place, 1, ORDERS, BREAK, _LOOK + 2, 5)
        if told < 0 or kept < 0 or _turns_before(view, place) % 2:
            continue
        between = view[min(place, told) + 1 : kept]
        if view[told] & MESSAGE or any(bit & (ABOUT | IF | FROM | MESSAGE) for bit in between):
            return _found(True, Rule.STOP_MESSAGES, place, told, kept)
    return None


def _no_messages(view: Sequence[int], place: int) -> Iterator[Found]:
    """No more messages."""
    blockers = _OTHER_THINGS | RECEIVE | WANT | STOP | END | OPT_OUT | REMOVE | GO_ON | BREAK
    told = _reach(view, place, 1, _TOLD, blockers, _NEAR, int(bool(view[place] & NO)))
    if told >= 0:
        if _unknown_before(view, place) or _unknown_after(view, told):
            return
    else:
        told = _reach(view, place, -1, _TOLD, blockers, 3, 0)
        if told < 0 or _unknown_after(view, place):
            return
        no_more = view[place] & MORE or _reach(view, place, 1, MORE, BREAK, 2, 0) >= 0
        low, high = _clause(view, place)
        if not no_more and any(not bits & (_SOFT | _TOLD | NOT | NO) for bits in view[low:high]):
            return
    before, after = min(place, told), max(place, told)
    if _has_before(view, before, RECEIVE | OTHER | SEND | IF | WHY | YOU):
        return
    if _reach(view, after, 1, _OTHER_THINGS, BREAK | KEEP, _LOOK, 2) >= 0:
        return
    yield _found(True, Rule.NO_MESSAGES, place, told)


def _remove(view: Sequence[int], place: int) -> Iterator[Found]:
    """Remove me, delete my number, take me off the list."""
    if _is_turned(view, place) or _is_reported(view, place):
        return
    data = _object(view, place, DATA)
    thing = _object(view, place, NUMBER | LIST)
    if thing >= 0 and _around(view, min(place, thing), max(place, thing), _OTHER_THINGS) < 0:
        certainty = Certainty.STOP
        about = About.ERASURE if data >= 0 else None
        if _has(view, MAYBE):
            certainty = Certainty.UNSURE
        yield Found(certainty, Rule.REMOVE_ME, _once(place, thing), about)
    elif data >= 0:
        yield Found(Certainty.UNSURE, Rule.ERASURE, (place, data), About.ERASURE)
    else:
        me = _object(view, place, ME)
        if me >= 0 and _is_alone(view, place) and not _has(view, _TOLD):
            yield _found(not _has(view, MAYBE), Rule.REMOVE_ME, place, me)


def _revoke(view: Sequence[int], place: int) -> Iterator[Found]:
    """I withdraw my consent; I object to your marketing."""
    if _is_turned(view, place) or _is_reported(view, place):
        return
    thing = _object(view, place, CONSENT | _TOLD)
    if thing >= 0:
        yield _found(not _has(view, MAYBE), Rule.CONSENT_WITHDRAWN, place, thing)


def _read_unsure(view: Sequence[int]) -> Found | None:
    """Complaints, too many messages, why me, erase my data: for a person to look at."""
    places = {bit: at for at, bits in enumerate(view) for bit in _UNSURE if bits & bit}
    if not places or _has(view, OTHER):
        return None
    things = _has(view, _OTHER_THINGS)
    if (SPAM in places or REPORT in places) and not things:
        place = places.get(SPAM, places.get(REPORT, 0))
        return Found(Certainty.UNSURE, Rule.COMPLAINT, (place,), About.COMPLAINT)
    if MUCH in places and not things:
        told = _object(view, places[MUCH], _TOLD | SEND)
        if told >= 0:
            return Found(
                Certainty.UNSURE, Rule.TOO_MANY, (places[MUCH], told), About.COMPLAINT
            )
    if GIVE in places and NUMBER in places:
        return _found(False, Rule.WHERE_FROM, places[GIVE], places[NUMBER])
    if WHY in places and not things:
        told = _object(view, places[WHY], SEND | MESSAGE | ADVERT)
        if told >= 0 and _has(view, ME | NUMBER) and not _has(view, NOT):
            return _found(False, Rule.WHERE_FROM, places[WHY], told)
    if WRONG in places and not things:
        return _found(False, Rule.HALF_STOP, places[WRONG])
    return None


_UNSURE: Final = (SPAM, REPORT, MUCH, GIVE, NUMBER, WHY, WRONG)


# --- looking around -------------------------------------------------------------------------------


def _reach(
    view: Sequence[int],
    place: int,
    step: int,
    wanted: int,
    blockers: int,
    span: int,
    unknown_max: int,
) -> int:
    """Return the nearest place to one side with a wanted slot, before anything in the way; or -1."""
    last = min(len(view), place + span + 1) if step > 0 else max(-1, place - span - 1)
    unknown = 0
    for at in range(place + step, last, step):
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


def _object(view: Sequence[int], place: int, wanted: int) -> int:
    """Return what a trigger is about: to its right, or else to its left."""
    if view[place] & wanted:
        return place
    found = _reach(view, place, 1, wanted, _OTHER_THINGS | BREAK | KEEP, _LOOK, 2)
    if found < 0:
        blockers = _OTHER_THINGS | BREAK | NOT
        found = _reach(view, place, -1, wanted & ~RECEIVE, blockers | RECEIVE, _LOOK, 2)
    if found < 0 and wanted & RECEIVE:
        found = _reach(view, place, -1, RECEIVE, BREAK, 1, 0)
    return found


def _around(view: Sequence[int], low: int, high: int, wanted: int) -> int:
    """Return the nearest wanted slot within or a few words around two places, in their clause."""
    for at in range(low, high + 1):
        if view[at] & wanted:
            return at
    found = _reach(view, high, 1, wanted, BREAK, _NEAR, 2)
    return found if found >= 0 else _reach(view, low, -1, wanted, BREAK, _NEAR, 2)


def _turns_before(view: Sequence[int], place: int) -> int:
    """Count what turns a trigger round and stands before it, in its clause.

    What comes between must not end the thought: in "no messages, stop" the "no" is used up.
    """
    negations, asked = 0, 0
    for at in range(place - 1, max(-1, place - _LOOK), -1):
        bits = view[at]
        if bits & (BREAK | _TOLD | STOP | OPT_OUT) or (
            bits & POLITE and not bits & (_TURNS | WANT)
        ):
            break
        negations += bool(bits & (NOT | GO_ON))
        asked |= bool(bits & (IF | WHY))
    return negations + asked


def _is_turned(view: Sequence[int], place: int) -> bool:
    turns = _turns_before(view, place)
    after = place + 1
    while after < len(view) and view[after] & (SMALL | REST | YOU) and not view[after] & NOT:
        after += 1
    if after < len(view) and after <= place + 2 and view[after] & NOT and not view[after] & (WANT | SEND):
        ahead = _reach(view, after, 1, WANT | SEND | RECEIVE | MESSAGE | ADVERT, BREAK, 3, 1)
        turns += ahead < 0
    return bool(turns % 2)


def _is_reported(view: Sequence[int], place: int) -> bool:
    """Somebody else did it, or it was a mistake."""
    return _has_before(view, place, OTHER) or _has(view, MISTAKE)


def _is_of_another(view: Sequence[int], place: int) -> bool:
    """Unsubscribe from something that is none of our messages."""
    end = place
    while end + 1 < len(view) and view[end + 1] & REST:
        end += 1
    ours = _TOLD | LIST | ME | YOU | IT | ALL
    for step, at in ((1, end), (-1, place)):
        if _reach(view, at, step, THING, BREAK | _TOLD | LIST, _NEAR, 1) >= 0:
            return True
    source = _reach(view, end, 1, FROM | ABOUT, BREAK, 2, 0)
    if source < 0:
        return False
    return _reach(view, source, 1, ours, BREAK, _NEAR, 2) < 0 and _unknown_after(view, source)


def _keeps_only_orders(view: Sequence[int], place: int) -> bool:
    """Stop everything but what is about orders."""
    low, high = max(0, place - _NEAR), place + _NEAR
    return any(bits & ALL for bits in view[low:high]) and bool(keeps_orders(view))


def _is_much_unknown(view: Sequence[int]) -> bool:
    """Most of what stands beside the word for stop is about something else."""
    unknown = sum(not bits for bits in view)
    return unknown >= 2 and 3 * unknown >= len(view)  # noqa: PLR2004  # a third of it


def _is_about_things(view: Sequence[int], place: int, thing: int) -> bool:
    """The verb was found, but what it is about is a parcel or a bill."""
    low, high = min(place, thing), max(place, thing)
    if any(view[at] & THING for at in range(low, high)):
        return True
    if view[thing] & _TOLD:
        return False
    things = _around(view, low, high, _OTHER_THINGS)
    if things < 0:
        return False
    return _around(view, low, high, _TOLD) < 0


def _is_alone(view: Sequence[int], place: int) -> bool:
    """Nothing of weight stands in the clause beside the trigger: one unknown word at most."""
    low, high = _clause(view, place)
    soft = _SOFT | STOP | OPT_OUT | REMOVE | _TOLD
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
    return not unknown or (unknown <= _UNKNOWN_BESIDE_MAX and high - low <= _SHORT)


def _is_asked(view: Sequence[int], place: int, thing: int) -> bool:
    """When do the offers end? The question stands before what is to its left."""
    return thing < place and bool(_turns_before(view, thing) % 2)


def _is_it(view: Sequence[int], place: int) -> bool:
    """Do not send it: not these messages, but something that was spoken of."""
    after = view[place + 1] if place + 1 < len(view) else 0
    return bool(after & IT) and not any(bits & (_TOLD | MORE | ME) for bits in view[place:])


def _is_one_word(view: Sequence[int]) -> bool:
    return all(bits & (TRIGGERS | REST) for bits in view)


def _is_bare(view: Sequence[int]) -> bool:
    """The sentence has nothing but a trigger and small words."""
    return all(bits & (_SOFT | TRIGGERS | BREAK | WANT) for bits in view)


def _clause(view: Sequence[int], place: int) -> tuple[int, int]:
    low, high = place, place + 1
    while low > 0 and not view[low - 1] & BREAK:
        low -= 1
    while high < len(view) and not view[high] & BREAK:
        high += 1
    return low, high


def _has(view: Sequence[int], wanted: int) -> bool:
    return any(bits & wanted for bits in view)


def _has_before(view: Sequence[int], place: int, wanted: int) -> bool:
    """Whether one stands right before: the subject of the verb."""
    return _reach(view, place, -1, wanted, BREAK | _TOLD | STOP, 2, 1) >= 0


def _unknown_before(view: Sequence[int], place: int) -> bool:
    low, _ = _clause(view, place)
    return any(not bits for bits in view[low:place])


def _unknown_after(view: Sequence[int], place: int) -> bool:
    """Whether something unknown follows as the object, and it is not said "no more"."""
    _, high = _clause(view, place)
    if any(bits & MORE for bits in view[max(0, place - _NEAR) : high]):
        return False
    for bits in view[place + 1 : high]:
        if not bits & (SMALL | ME | REST):
            return not bits
    return False


def _once(*places: int) -> tuple[int, ...]:
    return tuple(dict.fromkeys(place for place in places if place >= 0))


def _found(sure: bool, rule: Rule, *places: int) -> Found:  # noqa: FBT001
    return Found(Certainty.STOP if sure else Certainty.UNSURE, rule, _once(*places))
