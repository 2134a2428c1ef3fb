"""What was sent, as rows and values, for both backends; and counting it as it is written down."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, Final, NamedTuple

from askfirst.decision.decision import Decision
from askfirst.decision.question import SendRequest
from askfirst.decision.reason import Reason
from askfirst.decision.traffic import (
    NO_TRAFFIC,
    PaceState,
    People,
    SentMessage,
    Traffic,
    oldest_hour,
    pair_subject,
)
from askfirst.domain.consent.frequency import DAYS_MAX
from askfirst.domain.values.ids import ContactId
from askfirst.domain.values.timestamp import DAY, HOUR, Instant
from askfirst.ports.sending.gate import DecisionRecord
from askfirst.storage.platform.keyring import Keyring
from askfirst.storage.platform.rows import Row

KEPT: Final = (DAYS_MAX + 1) * DAY
"""How long it is known what was sent: the longest window, and a day for clocks that differ."""
_CONTENT_DIGITS: Final = 32


class TrafficRow(NamedTuple):
    """The columns about traffic of the statements `facts` and `traffic`."""

    sent: str | None
    pair_began_at: int | None
    pair_free_at: int | None
    sender_began_at: int | None
    sender_free_at: int | None
    messaging_limit: int | None
    people: str | None


TRAFFIC_COLUMNS: Final = len(TrafficRow._fields)
_NOTHING: Final = TrafficRow(*[None] * TRAFFIC_COLUMNS)


def traffic_of(
    row: Sequence[Any], question: SendRequest, contact_id: ContactId, keyring: Keyring
) -> Traffic:
    """Put traffic together out of one row's columns; mostly there is nothing."""
    if row == _NOTHING:
        return NO_TRAFFIC
    found = TrafficRow._make(row)
    return Traffic(
        sent=sent_messages(found.sent, question, contact_id, keyring),
        pair=_pace(found.pair_began_at, found.pair_free_at),
        sender=_pace(found.sender_began_at, found.sender_free_at),
        people=People(found.messaging_limit, _hours(found.people)),
    )


def sent_messages(
    text: str | None, question: SendRequest, contact_id: ContactId, keyring: Keyring
) -> tuple[SentMessage, ...]:
    """Read what was sent to a contact; `is_same` is told by the keyed hash of the content."""
    if not text:
        return ()
    return _sent(text, content_digests(question, contact_id, keyring))


def _sent(text: str | None, same: tuple[str, ...]) -> tuple[SentMessage, ...]:
    """Read what was sent; `same` are the digests of the content that is judged."""
    if not text:
        return ()
    return tuple(
        SentMessage(Instant(int(at)), purpose, is_outside == "1", content in same)
        for at, purpose, is_outside, content in (one.split(",") for one in text.split(";"))
    )


def content_digests(
    question: SendRequest, contact_id: ContactId, keyring: Keyring
) -> tuple[str, ...]:
    """Hash a message's content for one person, under every key; the one to write is the first."""
    if not question.content:
        return ()
    found = keyring.fresh_lookups(f"content:{contact_id}:{question.content}")
    return tuple([one.hex()[:_CONTENT_DIGITS] for one in found])


def _pace(began_at: int | None, free_at: int | None) -> PaceState:
    if began_at is None or free_at is None:
        return PaceState()
    return PaceState(Instant(began_at), Instant(free_at))


def _hours(text: str | None) -> tuple[tuple[int, int], ...]:
    if not text:
        return ()
    pairs = (one.split(",") for one in text.split(";"))
    return tuple((int(hour), int(people)) for hour, people in pairs)


class _Mark(NamedTuple):
    sent: int
    new: dict[ContactId, int]
    paces: dict[str, PaceState]
    people: dict[int, int]


class Counter:
    """Counts a batch of decisions of one business, read behind locks that nobody shares.

    `take` judges each on what was there and on what those before it in the batch took. What is to
    be written is left in `sent`, `paces` and `people`.
    """

    def __init__(self, keyring: Keyring) -> None:
        self._keyring = keyring
        self._texts: dict[ContactId, str | None] = {}
        self._new: dict[ContactId, list[tuple[SentMessage, str]]] = {}
        self._people = People()
        self.paces: dict[str, PaceState] = {}
        self._known_paces: dict[str, PaceState] = {}
        self.sent: list[tuple[Any, ...]] = []
        self.people: dict[int, int] = {}

    @staticmethod
    def pairs(records: Iterable[DecisionRecord]) -> list[tuple[ContactId, str]]:
        """Return the contacts and senders of which the traffic is to be read."""
        found = {
            (record.contact_id, record.question.sender): None
            for record in records
            if record.counting is not None and record.contact_id is not None
        }
        return list(found)

    @staticmethod
    def subjects(records: Iterable[DecisionRecord]) -> list[str]:
        """Return what has to be locked: what more than one decision may count for."""
        found: set[str] = set()
        for record in records:
            if record.counting is not None and record.contact_id is not None:
                uses = record.counting.uses
                found.add(f"contact:{record.contact_id}")
                if uses.sender is not None:
                    found.add(f"sender:{record.question.sender}")
                if uses.is_limited and uses.is_outside:
                    found.add("people")
        return sorted(found)

    def load(self, contact_id: ContactId, sender: str, row: Sequence[Any]) -> None:
        """Take in one row of the statement `traffic`."""
        found = TrafficRow._make(row)
        self._texts[contact_id] = found.sent
        self._known_paces[pair_subject(contact_id, sender)] = _pace(
            found.pair_began_at, found.pair_free_at
        )
        self._known_paces[sender] = _pace(found.sender_began_at, found.sender_free_at)
        self._people = People(found.messaging_limit, _hours(found.people))

    def take(self, record: DecisionRecord) -> Decision | None:
        """Count a decision, or return the no that speaks now. A contact that is gone gets none."""
        counting, contact_id = record.counting, record.contact_id
        if counting is None or contact_id is None:
            return None
        if contact_id not in self._texts:
            return record.decision.denied(Reason.PERMIT_EXPIRED)
        same = content_digests(record.question, contact_id, self._keyring)
        traffic = self._traffic(record, contact_id, same)
        decision = counting.judge(traffic)
        if not decision.allowed:
            return decision
        self._count(record, contact_id, traffic, same[0] if same else "")
        return None

    def mark(self) -> _Mark:
        """Return how far the batch is counted."""
        new = {contact_id: len(sent) for contact_id, sent in self._new.items()}
        return _Mark(len(self.sent), new, dict(self.paces), dict(self.people))

    def back_to(self, mark: _Mark) -> None:
        """Count as if nothing had been taken since."""
        del self.sent[mark.sent :]
        self._new = {
            contact: sent[: mark.new.get(contact, 0)] for contact, sent in self._new.items()
        }
        self.paces, self.people = mark.paces, mark.people

    def _traffic(
        self, record: DecisionRecord, contact_id: ContactId, same: tuple[str, ...]
    ) -> Traffic:
        sender, sent = record.question.sender, _sent(self._texts[contact_id], same)
        if new := self._new.get(contact_id):
            sent += tuple(
                one._replace(is_same=bool(content) and content in same) for one, content in new
            )
        return Traffic(
            sent=sent,
            pair=self._state(pair_subject(contact_id, sender)),
            sender=self._state(sender),
            people=self._people_now(),
        )

    def _people_now(self) -> People:
        if not self.people:
            return self._people
        hours = dict(self._people.hours)
        for hour, change in self.people.items():
            hours[hour] = hours.get(hour, 0) + change
        return People(self._people.limit, tuple(hours.items()))

    def _state(self, subject: str) -> PaceState:
        return self.paces.get(subject) or self._known_paces.get(subject) or PaceState()

    def _count(
        self, record: DecisionRecord, contact_id: ContactId, traffic: Traffic, content: str
    ) -> None:
        counting, question, now = record.counting, record.question, record.decided_at
        if counting is None:
            return
        uses = counting.uses
        if uses.pair is not None:
            subject = pair_subject(contact_id, question.sender)
            self.paces[subject] = uses.pair.taken(traffic.pair, now)
        if uses.sender is not None:
            self.paces[question.sender] = uses.sender.taken(traffic.sender, now)
        if uses.is_outside and traffic.people.limit is not None:
            self._move_person(traffic.last_outside(now), now)
        if not uses.is_kept:
            return
        one = SentMessage(now, record.decision.purpose, uses.is_outside)
        self._new.setdefault(contact_id, []).append((one, content))
        outside = int(uses.is_outside)
        row = (contact_id, record.decision_id, now, record.decision.purpose, outside, content)
        self.sent.append(row)

    def _move_person(self, last: Instant | None, now: Instant) -> None:
        """Count a person in the hour of the newest message, and in no other."""
        if last is not None:
            self.people[last // HOUR] = self.people.get(last // HOUR, 0) - 1
        self.people[now // HOUR] = self.people.get(now // HOUR, 0) + 1


def reach(now: Instant) -> tuple[int, int]:
    """Return after which moment, and after which hour, what was sent is looked at."""
    return now - KEPT, oldest_hour(now) - 1


def moves_back(outside: Sequence[Row], decision_id: str) -> tuple[tuple[int, int], ...]:
    """Return how the people of hours change where a decision's place is given back.

    `outside` has the contact's two newest messages outside windows, that decision's still among
    them: only the newest counted the person.
    """
    if not outside or outside[0][0] != decision_id:
        return ()
    at = outside[0][1]
    changes = {at // HOUR: -1}
    if len(outside) > 1 and at - outside[1][1] < DAY:
        before = outside[1][1] // HOUR
        changes[before] = changes.get(before, 0) + 1
    return tuple((hour, change) for hour, change in changes.items() if change)
