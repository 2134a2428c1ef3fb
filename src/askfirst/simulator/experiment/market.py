"""Days with campaigns and orders: the same people, with one way of sending.

Nothing is drawn here: all luck came with the people. What the way of sending lets through goes to
Meta, what Meta delivers is read or not, and what people then do is heard by the way of sending, as
far as it is told: of a block, nobody tells it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final

from askfirst.domain.values.timestamp import DAY, HOUR, SECOND, Instant
from askfirst.simulator.experiment.assumptions import Assumptions
from askfirst.simulator.experiment.figures import DayFigures, Life, Reach, Tally
from askfirst.simulator.experiment.meta import Fate, Meta
from askfirst.simulator.experiment.people import SAID_NO, OfferLuck, OrderLuck, Person
from askfirst.simulator.experiment.plan import Plan, Sending
from askfirst.simulator.experiment.temper import (
    Manner,
    Mood,
    Reaction,
    Remark,
    does_read,
    say_something,
    take_offer,
)
from askfirst.simulator.experiment.way import ORDER_NEWS, AnswerAtOrder, Message, Way

FIRST_MORNING: Final = Instant(1_798_761_600 * SECOND + 3 * DAY)
"""Monday, 4 January 2027, midnight UTC."""
_ORDERS_AT: Final = 8
_SHIPPED_AFTER: Final = 2
_ANSWERS_AFTER: Final = HOUR
_WRITES_ABOUT_ORDER: Final = 0.2
"""How many orders somebody writes about. A guess."""
_ACCEPTS_ORDER_NEWS: Final = 0.8
_PROVES: Final = 0.4
"""How many say yes to messages about an order, and how many confirm in WhatsApp. Guesses."""

OnDay = Callable[[int], None]


class Market:
    """People and their moods, Meta, a way of sending, and what is counted."""

    def __init__(
        self, people: Sequence[Person], plan: Plan, way: Way, assumptions: Assumptions
    ) -> None:
        self._people = people
        self._plan = plan
        self._way = way
        self._assumptions = assumptions
        self._meta = Meta(len(people), assumptions)
        self._moods = [
            Mood(is_welcome=person.is_welcome, has_said_no=person.agreement in SAID_NO)
            for person in people
        ]
        self._tally = Tally()
        self._waiting: dict[int, list[tuple[Person, Sending]]] = {}
        self._days_held = 0

    def live(self, days: int, on_day: OnDay = lambda _: None) -> Life:
        """Live through so many days. `on_day` is told each one that has ended."""
        sendings: dict[int, list[Sending]] = {}
        for sending in self._plan.sendings(days):
            sendings.setdefault(sending.day, []).append(sending)
        orders = self._orders(days)
        reach_at_start = self._reach_of_offers(0)
        told: list[DayFigures] = []
        for day in range(days):
            useful = self._tally.useful
            self._orders_of(day, orders.get(day, ()))
            self._offers_of(day, sendings.get(day, ()))
            told.append(self._end(day, useful))
            on_day(day)
        return Life(
            people=len(self._people),
            days=tuple(told),
            tally=self._tally,
            steps=tuple(self._meta.steps),
            templates_disabled=self._meta.templates_disabled,
            days_held=self._days_held,
            reach_at_start=reach_at_start,
            reach=self._reach_of_offers(days),
            reach_orders=self._reach_of_orders(days),
        )

    # --- orders -----------------------------------------------------------------------------------

    def _orders(self, days: int) -> dict[int, list[tuple[Person, int]]]:
        """Return who has news about which order on each day: it was taken, it was shipped."""
        found: dict[int, list[tuple[Person, int]]] = {}
        for person in self._people:
            for ordered in person.order_days:
                for day in (ordered, ordered + _SHIPPED_AFTER):
                    if day < days:
                        found.setdefault(day, []).append((person, ordered))
        return found

    def _orders_of(self, day: int, news: Sequence[tuple[Person, int]]) -> None:
        now = _moment(day, _ORDERS_AT)
        for person, ordered in news:
            if ordered == day:
                self._order(person, day, now)
            self._tell_order_news(person, ordered, day, Instant(now + HOUR))

    def _order(self, person: Person, day: int, now: Instant) -> None:
        mood, luck = self._moods[person.number], person.luck_with_order(day)
        is_willing = luck.offers < self._assumptions.yes_when_asked and not mood.has_said_no
        answer = AnswerAtOrder(
            order_news=luck.order_news < _ACCEPTS_ORDER_NEWS,
            offers=is_willing,
            is_proven=luck.proving < _PROVES,
        )
        if self._way.ask_at_order(person, answer, now):
            mood.is_welcome = True
            self._tally.said_yes += 1

    def _tell_order_news(self, person: Person, ordered: int, day: int, now: Instant) -> None:
        mood, luck, tally = self._moods[person.number], person.luck_with_order(ordered), self._tally
        message = Message(ORDER_NEWS, f"{ordered}/{day}")
        tally.order_news_due += 1
        if not self._way.may_leave(person, message, now).may_leave:
            return
        fate = self._meta.take_order_news(person, mood, day)
        if fate is Fate.DELIVERED or fate is Fate.UNDELIVERED:
            self._way.was_sent(person, message, now)
        if fate is not Fate.DELIVERED:
            return
        if does_read(person, mood, luck.first_read if ordered == day else luck.second_read):
            tally.order_news_read += 1
            if ordered == day and luck.writing < _WRITES_ABOUT_ORDER:
                self._write_about_order(person, luck, Instant(now + _ANSWERS_AFTER))

    def _write_about_order(self, person: Person, luck: OrderLuck, now: Instant) -> None:
        was_noted = self._way.has_noted_no(person)
        self._say(person, say_something(person, luck.words), luck.answering, now)
        self._tally.false_stops += self._way.has_noted_no(person) and not was_noted

    def _say(self, person: Person, remark: Remark, luck: float, now: Instant) -> None:
        """Let the way of sending hear it; answer if it asks what was meant, and that is read."""
        is_asked = self._way.hear(person, remark, now)
        if is_asked and does_read(person, self._moods[person.number], luck):
            self._way.hear_answer(person, is_no=remark.is_no, now=Instant(now + _ANSWERS_AFTER))

    # --- offers -----------------------------------------------------------------------------------

    def _offers_of(self, day: int, sendings: Sequence[Sending]) -> None:
        for person, sending in self._waiting.pop(day, ()):
            self._offer(person, sending, day)
        for sending in sendings:
            share = sending.campaign.share
            for person in self._people:
                if person.place < share:
                    self._tally.offers_planned += 1
                    self._offer(person, sending, day)

    def _offer(self, person: Person, sending: Sending, day: int) -> None:
        campaign = sending.campaign
        message = Message(campaign.name, f"{campaign.name}/{sending.number}")
        now = _moment(day, campaign.hour)
        verdict = self._way.may_leave(person, message, now)
        if not verdict.may_leave:
            self._put_off(person, sending, day, verdict.retry_at)
            return
        luck, mood = person.luck_with_offer(sending.number), self._moods[person.number]
        fate = self._meta.take_offer(person, mood, campaign.name, day, luck.delivery)
        if fate is Fate.DELIVERED or fate is Fate.UNDELIVERED:
            self._way.was_sent(person, message, now)
        if fate is Fate.OVER_LIMIT:
            self._put_off(person, sending, day, Instant(now + DAY))
        if fate is Fate.DELIVERED:
            self._arrive(person, sending, luck, now)

    def _put_off(
        self, person: Person, sending: Sending, day: int, retry_at: Instant | None
    ) -> None:
        """Ask again while the campaign runs; else the message is refused, or dropped."""
        if retry_at is None:
            self._tally.offers_refused += 1
            return
        then = day + 1
        while _moment(then, sending.campaign.hour) < retry_at:
            then += 1
        if then > sending.last_day:
            self._tally.offers_dropped += 1
            return
        self._waiting.setdefault(then, []).append((person, sending))

    def _arrive(self, person: Person, sending: Sending, luck: OfferLuck, now: Instant) -> None:
        mood, tally = self._moods[person.number], self._tally
        tally.offers_delivered += 1
        tally.offers_against_no += mood.has_said_no
        tally.offers_against_noted += self._way.has_noted_no(person)
        if not does_read(person, mood, luck.reading):
            return
        day = (now - FIRST_MORNING) // DAY
        reaction = take_offer(person, mood, luck, day, self._assumptions)
        self._react(person, sending, reaction, luck.answering, Instant(now + _ANSWERS_AFTER))

    def _react(
        self, person: Person, sending: Sending, reaction: Reaction, luck: float, now: Instant
    ) -> None:
        tally, template = self._tally, sending.campaign.name
        tally.offers_useful += reaction.is_useful
        if reaction.is_blocked:
            tally.blocked += 1
            self._meta.hear(template, 1.0)
        elif reaction.is_muted:
            tally.muted += 1
            self._meta.hear(template, self._assumptions.mute_counts)
        elif reaction.remark is not None:
            tally.stopped += 1
            self._say(person, reaction.remark, luck, now)
            is_heard = reaction.remark.manner is Manner.SWITCH or self._way.has_noted_no(person)
            tally.stops_not_understood += not is_heard

    # --- ends of days -----------------------------------------------------------------------------

    def _end(self, day: int, useful_before: int) -> DayFigures:
        self._days_held += self._meta.is_held(day)
        feedback = self._meta.feedback.per_1000
        self._meta.end_day(day)
        tally = self._tally
        useful = tally.useful - useful_before
        return DayFigures(feedback, self._meta.quality, tally.blocked, tally.stopped, useful)

    def _reach_of_offers(self, day: int) -> Reach:
        """Count whom an offer would reach who has not said no, and who of them said yes."""
        now = _moment(day, _ORDERS_AT)
        reached = [
            mood.is_welcome
            for person, mood in zip(self._people, self._moods, strict=True)
            if not (mood.is_blocking or mood.has_said_no)
            and self._meta.can_offer(person, mood)
            and self._way.may_offer(person, now)
        ]
        return Reach(len(reached), sum(reached))

    def _reach_of_orders(self, day: int) -> int:
        """Count whoever would get news of an order that they place now: they are asked there."""
        if self._meta.is_locked():
            return 0
        now, reached = _moment(day, _ORDERS_AT), 0
        for person, mood in zip(self._people, self._moods, strict=True):
            if not mood.is_blocking:
                message = Message(ORDER_NEWS, "at the end")
                reached += self._way.may_leave(person, message, now).may_leave
        return reached


def _moment(day: int, hour: int) -> Instant:
    return Instant(FIRST_MORNING + day * DAY + hour * HOUR)
