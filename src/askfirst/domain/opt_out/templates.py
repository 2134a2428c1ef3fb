"""The templates of a stop, the same for all languages: which slots together say it.

A template reads one sentence in one language, as a list with the slots that each word may fill
(`lexicon`); 0 is a word that the language does not have. It begins at a *trigger* (a word for
stop, not, remove, …) and looks to both sides, because languages differ in their order. **The
object decides**: "stop" with messages is a stop, with a parcel it is none.

Soundness: whatever turns a sentence round (not, if, why) is counted, so "don't stop" is none and
"if you don't stop" is one.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final, NamedTuple

from askfirst.domain.opt_out.lexicon import (
    ABOUT,
    ADVERT,
    BREAK,
    CONSENT,
    COUPON,
    DATA,
    DIGITS,
    ELSE,
    END,
    FOR,
    FROM,
    GIVE,
    GO_ON,
    HOW,
    IF,
    IT,
    LIST,
    MAYBE,
    ME,
    MESSAGE,
    MORE,
    MUCH,
    NO,
    NOT,
    NUMBER,
    OFF,
    ONLY,
    OPT_OUT,
    ORDERS,
    OTHER,
    POLITE,
    RECEIVE,
    REMOVE,
    REPORT,
    REVOKE,
    SEND,
    SMALL,
    SPAM,
    STOP,
    THING,
    TOPIC_END,
    TURN,
    WANT,
    WHEN,
    WHY,
    WRONG,
    YOU,
)
from askfirst.domain.opt_out.reading import About, Certainty, StopRule
from askfirst.domain.opt_out.sentence import (
    ASKED,
    LOOK,
    NEAR,
    OTHER_THINGS,
    SHORT,
    SOFT,
    TOLD,
    TRIGGERS,
    View,
    ahead,
    around,
    behind,
    clause_of,
    goes_elsewhere,
    goes_on_to_other_things,
    has,
    has_before,
    is_about_things,
    is_alone,
    is_asked,
    is_asked_about,
    is_asked_of_us,
    is_bare,
    is_for_me,
    is_interjection,
    is_much_unknown,
    is_of_another,
    is_of_other_things,
    is_one_word,
    is_reported,
    is_turned,
    keeps_only_orders,
    names_topic,
    object_of,
    orders_and_nothing_else,
    spaced_number,
    turns_before,
    unknown_after,
    unknown_before,
)

_TRIGGERS_READ_MAX: Final = 6
"""Nobody says stop more often in a sentence; it also bounds the work on a hostile text."""


class Found(NamedTuple):
    """A template that was found, and the places of the words that fill it."""

    certainty: Certainty
    rule: StopRule
    places: tuple[int, ...]
    about: About | None = None


def read_sentence(view: View, *, alone: bool, asked: bool) -> Found | None:
    """Return what a sentence says, the surest first.

    `alone`: the message has no other sentence. `asked`: it ends in a question mark.
    """
    unsure, is_maybe = None, has(view, MAYBE)
    places = [place for place, bits in enumerate(view) if bits & TRIGGERS]
    if len(places) > _TRIGGERS_READ_MAX:
        places = [*places[: _TRIGGERS_READ_MAX // 2], *places[-_TRIGGERS_READ_MAX // 2 :]]
    for place in places:
        for found in _at_trigger(view, place, alone=alone, asked=asked):
            if found is None:
                continue
            if found.certainty is Certainty.STOP and not is_maybe:
                return found
            unsure = unsure or found._replace(certainty=Certainty.UNSURE)
    return _only_orders(view) or unsure or _read_unsure(view)


def _at_trigger(view: View, place: int, *, alone: bool, asked: bool) -> Iterator[Found | None]:
    bits = view[place]
    if bits & OPT_OUT:
        yield _opt_out(view, place, asked=asked)
    if bits & STOP:
        yield _stop(view, place, asked=asked)
    if bits & END:
        yield _end(view, place, alone=alone, asked=asked)
    if bits & (NOT | NO):
        yield from _at_not(view, place, asked=asked)
    if bits & REMOVE:
        yield _remove(view, place, asked=asked)
    if bits & REVOKE:
        yield _revoke(view, place)
    if bits & TURN:
        yield _turn_off(view, place)


def _at_not(view: View, place: int, *, asked: bool) -> Iterator[Found | None]:
    bits, said = view[place], view.any
    if turns_before(view, place, IF | WHY) % 2:
        return
    # A template whose word is nowhere in the sentence need not look for it.
    if bits & NOT:
        if said & SEND:
            yield _not_send(view, place, bits, asked=asked)
        if said & WANT:
            yield _not_want(view, place, bits)
        if said & RECEIVE and said & MORE:
            yield _not_receive(view, place)
        if said & CONSENT:
            yield _no_consent(view, place)
    if said & ABOUT and said & MORE:
        yield _no_more_about(view, place)
    if said & (TOLD | MORE):
        yield _no_messages(view, place)


# --- the templates --------------------------------------------------------------------------------


def _opt_out(view: View, place: int, *, asked: bool) -> Found | None:
    """Unsubscribe."""
    if is_turned(view, place) or is_reported(view, place) or is_of_another(view, place):
        return None
    return _found_if(not (asked and is_one_word(view)), StopRule.OPT_OUT_WORD, place)


def _stop(view: View, place: int, *, asked: bool) -> Found | None:
    """Stop sending me messages; or stop, and nothing else of weight beside it."""
    if is_turned(view, place) or is_reported(view, place):
        return None
    thing = object_of(view, place, ASKED)
    if thing >= 0:
        is_question = is_asked(view, place, thing) or is_asked_about(view, thing, asked=asked)
        if not is_question and not is_about_things(view, place, thing):
            return _stops(StopRule.STOP_MESSAGES, place, thing)
        return None
    if keeps_only_orders(view, place):
        return _stops(StopRule.STOP_MESSAGES, place)
    about = names_topic(view, place)
    if about >= 0:
        return _stops(StopRule.STOP_MESSAGES, place, about)
    if is_interjection(view, place) or (
        asked and not (is_one_word(view) or has(view, POLITE | YOU | IT))
    ):
        return None
    if is_alone(view, place, unknown_max=0 if asked else 1):
        sure = not (is_much_unknown(view) or goes_elsewhere(view, place))
        return _found_if(sure and not (asked and is_one_word(view)), StopRule.STOP_WORD, place)
    return None


def _turn_off(view: View, place: int) -> Found | None:
    """Turn these messages off: the verb is in two parts, with the object between them."""
    off = ahead(view, place, OFF, BREAK | OTHER_THINGS, LOOK, 1)
    if off < 0 or is_turned(view, place) or is_reported(view, place) or unknown_after(view, off):
        return None
    between = view[place + 1 : off]
    if any(bits & NOT for bits in between):
        return None
    told = around(view, place, off, TOLD | LIST | IT)
    _, high = clause_of(view, place)
    if (
        told < 0
        and any(bits & ME for bits in between)
        and all(between)
        and not any(not bits & SOFT for bits in view[off + 1 : high])
    ):
        # Write me off, sign me off.
        told = ahead(view, place, ME, 0, LOOK, 0)
    if told < 0 or view[told] & COUPON:
        return None
    if around(view, place, off, OTHER_THINGS) < 0:
        return _stops(StopRule.STOP_MESSAGES, place, told, off)
    return None


def _end(view: View, place: int, *, alone: bool, asked: bool) -> Found | None:
    """End the messages; or end, and nothing else in the whole message."""
    if is_turned(view, place) or is_reported(view, place):
        return None
    if keeps_only_orders(view, place):
        return _stops(StopRule.STOP_MESSAGES, place)
    thing = object_of(view, place, TOLD | LIST | SEND)
    about = names_topic(view, place)
    if about >= 0 and thing < 0:
        return _stops(StopRule.STOP_MESSAGES, place, about)
    if thing >= 0:
        is_question = is_asked(view, place, thing) or is_asked_about(view, thing, asked=asked)
        is_coupon = view[place] & REMOVE and view[thing] & COUPON
        if is_question or is_coupon or is_about_things(view, place, thing):
            return None
        last = max(place, thing)
        if unknown_after(view, last) or ahead(view, last, THING, BREAK, NEAR, 1) >= 0:
            return None
        return _stops(StopRule.STOP_MESSAGES, place, thing)
    # "Enough, thanks, that is all" is none.
    if (
        alone
        and not has(view, THING)
        and all(bits & (END | STOP | SOFT | BREAK | WRONG) for bits in view)
    ):
        return _found_if(not asked, StopRule.STOP_WORD, place)
    return None


def _not_send(view: View, place: int, bits: int, *, asked: bool) -> Found | None:
    """Do not write to me."""
    blockers = WANT | RECEIVE | STOP | OPT_OUT | END | REMOVE | BREAK
    send = place if bits & SEND else ahead(view, place, SEND, blockers, NEAR, 0)
    if send < 0:
        send = behind(view, place, SEND, blockers | OTHER_THINGS, NEAR, 0)
    low, high = min(place, send), max(place, send)
    if send < 0 or has_before(view, place, YOU) or behind(view, low, OTHER, BREAK, 5, 2) >= 0:
        return None
    told = around(view, low, high, TOLD)
    if told >= 0 and is_about_things(view, low, told):
        return None
    if told < 0 and (is_of_other_things(view, low, high) or is_asked_of_us(view, low, asked=asked)):
        return None
    if not is_for_me(view, high):
        return None
    if told < 0 and has(view, WHEN) and around(view, low, high, MORE) < 0:
        # "Do not send it today": this once; "do not call me today" may mean more.
        return _leaves_open(StopRule.HALF_STOP, place, send) if has(view, ME) else None
    return _stops(StopRule.DO_NOT_SEND, place, send, told)


def _not_want(view: View, place: int, bits: int) -> Found | None:
    """I do not want messages; I do not want to hear from you any more."""
    blockers = STOP | OPT_OUT | END | REMOVE | BREAK | GO_ON
    want = place if bits & WANT else ahead(view, place, WANT, blockers, NEAR, 1)
    if want < 0:
        want = behind(view, place, WANT, blockers, NEAR, 1)
    low, high = min(place, want), max(place, want)
    if want < 0 or has_before(view, low, OTHER):
        return None
    if ahead(view, high, STOP | OPT_OUT | END | REMOVE | GO_ON, BREAK | TOLD | IT, NEAR, 2) >= 0:
        return None
    thing = object_of(view, high, TOLD) if high else -1
    if thing < 0:
        thing = object_of(view, low, TOLD)
    if thing >= 0:
        if not is_about_things(view, low, thing):
            return _stops(StopRule.DO_NOT_WANT, place, want, thing)
        return None
    asked = object_of(view, high, SEND | RECEIVE | LIST)
    if asked < 0:
        asked = object_of(view, low, SEND | RECEIVE | LIST)
    things = around(view, low, high, OTHER_THINGS) >= 0
    last = max(high, asked)
    if asked >= 0 and not things and not unknown_after(view, last):
        return _stops(StopRule.DO_NOT_WANT, place, want, asked)
    if not things and is_bare(view):
        return _found_if(has(view, IT) and len(view) <= SHORT, StopRule.HALF_STOP, place, want)
    return None


def _not_receive(view: View, place: int) -> Found | None:
    """Not to receive messages any more, as a wish: with "I" before it, it is a report."""
    blockers = STOP | OPT_OUT | END | REMOVE | BREAK | WANT | OTHER_THINGS
    receive = ahead(view, place, RECEIVE, blockers, 3, 0)
    if receive < 0 or view[receive] & ME or has_before(view, place, OTHER | ME | YOU):
        return None
    if around(view, place, receive, MORE) < 0 or around(view, place, receive, OTHER_THINGS) >= 0:
        return None
    told = around(view, place, receive, TOLD)
    if told >= 0 or not unknown_after(view, receive):
        return _stops(StopRule.DO_NOT_WANT, place, receive, told)
    return None


def _no_consent(view: View, place: int) -> Found | None:
    """You do not have my consent to write to me."""
    consent = ahead(view, place, CONSENT, BREAK | STOP, NEAR, 1)
    if consent < 0 or has(view, WRONG | OTHER_THINGS):
        return None
    if around(view, place, consent, SEND | MORE) >= 0:
        return _stops(StopRule.CONSENT_WITHDRAWN, place, consent)
    return None


def _only_orders(view: View) -> Found | None:
    """Write to me about my orders only."""
    if not has(view, ONLY | ELSE):
        return None
    for place, bits in enumerate(view):
        if not bits & ONLY:
            continue
        told = ahead(view, place, SEND | RECEIVE | MESSAGE, BREAK, LOOK, 3)
        if told < 0:
            told = behind(view, place, SEND | RECEIVE | MESSAGE, BREAK, NEAR, 2)
        kept = ahead(view, place, ORDERS, BREAK, LOOK + 2, 5)
        before = MESSAGE | ABOUT | TOPIC_END | ORDERS | ME | SMALL
        if kept < 0 and place and view[place - 1] & before:
            # "Order messages only": as in Japanese, Korean and Hindi.
            kept = behind(view, place, ORDERS, BREAK, 3, 0)
        if told < 0 or kept < 0 or turns_before(view, place) % 2:
            continue
        between = view[min(place, told) : max(told, kept, place) + 1]
        if view[told] & MESSAGE or any(
            bit & (ABOUT | IF | FROM | FOR | MESSAGE) for bit in between
        ):
            return _stops(StopRule.STOP_MESSAGES, place, told, kept)
    rest = orders_and_nothing_else(view)
    return _stops(StopRule.STOP_MESSAGES, *rest) if rest else None


def _no_more_about(view: View, place: int) -> Found | None:
    """Nothing more about football."""
    about = names_topic(view, place)
    if about >= 0 and around(view, place, about, MORE) >= 0 and not has(view, OTHER | ORDERS):
        return _stops(StopRule.NO_MESSAGES, place, about)
    return None


def _no_messages(view: View, place: int) -> Found | None:
    """No more messages."""
    blockers = OTHER_THINGS | RECEIVE | WANT | STOP | END | OPT_OUT | REMOVE | GO_ON | BREAK
    blockers |= SEND if view[place] & NOT else 0
    told = ahead(view, place, TOLD, blockers, NEAR, int(bool(view[place] & NO)))
    if told < 0 and place + 1 < len(view) and view[place + 1] & MORE and is_bare(view):
        # "No more" answers any question; "no more from you" does not.
        return _found_if(has(view, YOU | FROM), StopRule.HALF_STOP, place, place + 1)
    if told >= 0:
        if unknown_before(view, place) or unknown_after(view, told):
            return None
    else:
        told = behind(view, place, TOLD, blockers, 3, 0)
        if told < 0 or unknown_after(view, place):
            return None
        no_more = view[place] & MORE or ahead(view, place, MORE, BREAK, 2, 0) >= 0
        low, high = clause_of(view, place)
        if not no_more and any(not bits & (SOFT | TOLD | NOT | NO) for bits in view[low:high]):
            return None
    before, after = min(place, told), max(place, told)
    is_report = behind(view, before, OTHER, BREAK | WANT, SHORT, 2) >= 0
    if is_report or has_before(view, before, RECEIVE | OTHER | IF | WHY | YOU):
        return None
    if not goes_on_to_other_things(view, before, after):
        return _stops(StopRule.NO_MESSAGES, place, told)
    return None


def _remove(view: View, place: int, *, asked: bool) -> Found | None:
    """Remove me, delete my number, take me off the list."""
    if is_turned(view, place) or is_reported(view, place):
        return None
    data = object_of(view, place, DATA)
    thing = object_of(view, place, NUMBER | LIST | ADVERT)
    if thing < 0:
        thing = spaced_number(view, place)
    if thing >= 0 and view[thing] & COUPON:
        return None
    if thing >= 0 and asked and view[thing] & NUMBER and not has(view, POLITE | HOW):
        # "Did you delete my number?"
        return _leaves_open(StopRule.HALF_STOP, place, thing)
    if thing >= 0 and around(view, min(place, thing), max(place, thing), OTHER_THINGS) < 0:
        about = About.ERASURE if data >= 0 else None
        return Found(Certainty.STOP, StopRule.REMOVE_ME, _once(place, thing), about)
    if data >= 0:
        return Found(Certainty.UNSURE, StopRule.ERASURE, (place, data), About.ERASURE)
    me = object_of(view, place, ME)
    if has(view, WRONG) and not has(view, OTHER_THINGS):
        return _stops(StopRule.REMOVE_ME, place)
    if me >= 0 and is_alone(view, place) and not has(view, TOLD):
        return _stops(StopRule.REMOVE_ME, place, me)
    return None


def _revoke(view: View, place: int) -> Found | None:
    """I withdraw my consent; I object to your marketing."""
    if is_turned(view, place) or is_reported(view, place):
        return None
    thing = object_of(view, place, CONSENT | TOLD | DATA)
    if thing < 0:
        thing = object_of(view, place, SEND)
    if thing >= 0 and not has(view, DIGITS | ORDERS):
        return _stops(StopRule.CONSENT_WITHDRAWN, place, thing)
    return None


def _read_unsure(view: View) -> Found | None:
    """Complaints, too many messages, why me, erase my data: for a person to look at."""
    if not has(view, SPAM | REPORT | MUCH | GIVE | WHY | WRONG):
        return None
    places = {bit: at for at, bits in enumerate(view) for bit in _UNSURE if bits & bit}
    if not places or has(view, OTHER):
        return None
    things = has(view, OTHER_THINGS)
    if (SPAM in places or REPORT in places) and not things:
        place = places.get(SPAM, places.get(REPORT, 0))
        return Found(Certainty.UNSURE, StopRule.COMPLAINT, (place,), About.COMPLAINT)
    if MUCH in places and not things and (found := _read_too_many(view)):
        return found
    if GIVE in places and NUMBER in places and has(view, HOW | WHY):
        return _leaves_open(StopRule.WHERE_FROM, places[GIVE], places[NUMBER])
    if WHY in places and not things:
        told = object_of(view, places[WHY], SEND | MESSAGE | ADVERT | LIST | RECEIVE)
        if told >= 0 and has(view, ME | NUMBER) and not has(view, NOT):
            return _leaves_open(StopRule.WHERE_FROM, places[WHY], told)
    if WRONG in places and not things:
        return _leaves_open(StopRule.HALF_STOP, places[WRONG])
    return None


def _read_too_many(view: View) -> Found | None:
    for much, bits in enumerate(view):
        told = object_of(view, much, TOLD | SEND) if bits & MUCH else -1
        if told >= 0:
            return Found(Certainty.UNSURE, StopRule.TOO_MANY, (much, told), About.COMPLAINT)
    return None


_UNSURE: Final = (SPAM, REPORT, MUCH, GIVE, NUMBER, WHY, WRONG)


def _once(*places: int) -> tuple[int, ...]:
    return tuple(dict.fromkeys([place for place in places if place >= 0]))


def _stops(rule: StopRule, *places: int) -> Found:
    return Found(Certainty.STOP, rule, _once(*places))


def _leaves_open(rule: StopRule, *places: int) -> Found:
    return Found(Certainty.UNSURE, rule, _once(*places))


def _found_if(sure: object, rule: StopRule, *places: int) -> Found:
    return _stops(rule, *places) if sure else _leaves_open(rule, *places)
