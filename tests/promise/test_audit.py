"""The judge of the kill loop, on ledgers made by hand: it must see every kind of damage."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import pytest

from askfirst.domain.consent.event import (
    Assurance,
    Event,
    EventKind,
    NumberProof,
    Source,
    evidence_digest,
)
from askfirst.domain.prompts.prompt import Surface
from askfirst.domain.value import replace
from askfirst.domain.values.alias import phone_alias
from askfirst.domain.values.ids import BusinessId, ContactId, EventId, Position
from askfirst.storage.consent.standing_codec import encode_standing
from askfirst.storage.platform.rows import event_row
from tests.promise.harness.audit import Account, Audit, audit
from tests.support.clocks import at
from tests.support.reading import folded

ANA, BEN = "447700900123", "447700900456"
PEOPLE = {ANA: ContactId("con_ana"), BEN: ContactId("con_ben")}


def lookup(text: str) -> bytes:
    return hashlib.sha256(text.encode()).digest()


def event(position: int, person: str, kind: EventKind, source: Source = Source.API) -> Event:
    evidence = b"words" if source is Source.WEBHOOK else b""
    return Event(
        event_id=EventId(f"evt_{position}"),
        business_id=BusinessId("race"),
        contact_id=PEOPLE[person],
        position=Position(position),
        kind=kind,
        occurred_at=at(position),
        recorded_at=at(position),
        source=source,
        surface=Surface.SIGNUP,
        number_proof=NumberProof.VOUCHED,
        purposes=("marketing",) if kind is EventKind.GRANTED else (),
        assurance=Assurance.SHOWN,
        sender="",
        prompt=None,
        absorbed=None,
        evidence_digest=evidence_digest(evidence, b"salt") if evidence else b"",
    )


@dataclass
class Books:
    """A ledger as it lies on disk, to be damaged: two people agree, then both type STOP."""

    events: list[Event] = field(
        default_factory=lambda: [
            event(1, ANA, EventKind.GRANTED),
            event(2, BEN, EventKind.GRANTED),
            event(3, ANA, EventKind.WITHDRAWN, Source.WEBHOOK),
            event(4, BEN, EventKind.WITHDRAWN, Source.WEBHOOK),
        ]
    )
    head: int = 4
    seen: int = 2
    openings: int = 2
    answered: int = 2
    evidence: tuple[int, ...] = (3, 4)
    leaf_of_2: bytes | None = None
    stands: dict[str, ContactId] = field(default_factory=lambda: dict(PEOPLE))

    def rows(self) -> list[list[Any]]:
        rows = [event_row(one) for one in self.events]
        if self.leaf_of_2:
            rows[1] = (*rows[1][:-1], self.leaf_of_2)
        contacts = [
            (contact, encode_standing(folded(self.events, self.stands[person])))
            for person, contact in PEOPLE.items()
        ]
        aliases = [(lookup(phone_alias(name).key), contact) for name, contact in PEOPLE.items()]
        counts = [[(count,)] for count in (self.head, self.seen, self.openings, self.answered)]
        return [rows, contacts, aliases, *counts, [(place,) for place in self.evidence]]


def attempt(name: str, kind: str, *people: str, status: int = 200) -> dict[str, Any]:
    return {"what": "attempt", "name": name, "kind": kind, "people": people, "status": status}


TOLD = (
    attempt("a", "yes", ANA, status=201),
    attempt("b", "yes", BEN, status=0),
    attempt("c", "stops", ANA, BEN),
)


def audited(books: Books, *told: dict[str, Any]) -> Audit:
    account = Account()
    account.take(told or TOLD)
    return audit(account, account.done, books.rows(), lookup)


def test_sound_books_are_sound() -> None:
    found = audited(Books())
    assert found.is_sound
    assert (found.acknowledged, found.events) == (3, 4)


def _without(position: int) -> Callable[[Books], None]:
    def damage(books: Books) -> None:
        books.events = [one for one in books.events if one.position != position]

    return damage


def _twice(books: Books) -> None:
    again = replace(books.events[0], position=Position(5), event_id=EventId("evt_5"))
    books.events.append(again)
    books.head, books.answered = 5, 3


def _moved_on(books: Books) -> None:
    books.events[3] = replace(books.events[3], position=Position(5))
    books.head, books.evidence = 5, (3, 5)


def _other_leaf(books: Books) -> None:
    books.leaf_of_2 = b"x" * 32


def _other_standing(books: Books) -> None:
    books.events[1] = event(2, BEN, EventKind.REFUSED)
    books.events.pop()
    books.stands[ANA] = PEOPLE[BEN]


def _set(name: str, value: object) -> Callable[[Books], None]:
    return lambda books: setattr(books, name, value)


@pytest.mark.parametrize(
    ("damage", "fault"),
    [
        (_without(1), "lost"),
        (_without(4), "lost"),
        (_without(4), "torn"),
        (_without(2), "gaps"),
        (_twice, "doubled"),
        (_moved_on, "gaps"),
        (_set("head", 5), "gaps"),
        (_set("seen", 1), "torn"),
        (_set("openings", 1), "torn"),
        (_set("answered", 1), "torn"),
        (_set("evidence", (3,)), "torn"),
        (_other_leaf, "wrong_leaves"),
        (_other_standing, "wrong_standings"),
    ],
)
def test_damage_is_named(damage: Callable[[Books], None], fault: str) -> None:
    books = Books()
    damage(books)
    found = audited(books)
    assert getattr(found, fault)
    assert not found.is_sound


def test_an_event_that_nobody_tried_is_invented() -> None:
    assert audited(Books(), *TOLD[1:]).invented == 1


def test_an_unacknowledged_event_may_be_missing() -> None:
    books = Books()
    books.events = [event(1, ANA, EventKind.GRANTED)]
    books.head = books.answered = 1
    books.seen = books.openings = 0
    books.evidence = ()
    assert audited(books, TOLD[0], TOLD[1], attempt("c", "stops", ANA, BEN, status=0)).is_sound


def test_a_request_that_was_turned_down_is_noticed() -> None:
    assert audited(Books(), *TOLD, attempt("d", "yes", ANA, status=409)).refused == (409,)


def test_a_commit_that_a_power_cut_would_undo_is_noticed() -> None:
    found = audited(Books(), *TOLD, {"what": "unsynced"})
    assert found.unsynced == 1
    assert not found.is_sound
