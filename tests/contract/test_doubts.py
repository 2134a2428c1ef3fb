"""What may be a stop, in either store: the question that waits, its answer, its review."""

from __future__ import annotations

from typing import Any

import pytest

from askfirst.bootstrap.database.store import Store
from askfirst.domain.consent.event import Assurance, EventKind, NumberProof, Source
from askfirst.domain.consent.review import ReviewOutcome
from askfirst.domain.opt_out.reading import About
from askfirst.domain.prompts.prompt import Surface
from askfirst.domain.tasks.task import Queue
from askfirst.domain.value import replace
from askfirst.domain.values.alias import Alias
from askfirst.domain.values.ids import Position
from askfirst.ports.consent.change import Statement
from tests.support.builders import (
    ANA,
    ANA_BSUID,
    BEN,
    BUSINESS,
    RIVAL,
    SENDER,
    acquaintance,
    change,
    question,
    stop,
)
from tests.support.clocks import at

FIRST = Position(0)


def doubt(*aliases: Alias, moment: float = 10, **parts: Any) -> Statement:
    """What may be a stop, said in the chat."""
    known: dict[str, Any] = {"sender": SENDER, "stop_languages": ("de",), "occurred_at": at(moment)}
    return _said(EventKind.DOUBTED, aliases or (ANA,), **(known | parts))


def keep(answers: int, *aliases: Alias, moment: float = 20) -> Statement:
    """The tap that says that nothing was to stop."""
    said = _said(EventKind.KEPT, aliases or (ANA,), sender=SENDER, occurred_at=at(moment))
    return replace(said, answers=Position(answers))


def _said(kind: EventKind, aliases: tuple[Alias, ...], **parts: Any) -> Statement:
    return Statement(
        aliases=aliases,
        kind=kind,
        source=Source.WEBHOOK,
        surface=Surface.CHAT,
        number_proof=NumberProof.PROVEN,
        assurance=Assurance.CONFIRMED,
        purposes=("marketing",),
        **parts,
    )


async def waiting(store: Store) -> list[tuple[int, bool]]:
    """The positions of what waits for a message of ours, and whether it is a question."""
    places = [Position(number) for number in range(1, 30)]
    read = [await store.stop_confirmations.find(BUSINESS, place) for place in places]
    due = await store.tasks.find_due(at(100), (Queue.STOPS,))
    found = [(one.position, one.is_doubt) for one in read if one]
    assert sum(one.waiting for one in due.queues) == len(found)
    return sorted(found)


async def rests(store: Store, *aliases: Alias) -> bool:
    return (await store.gate.look(question(*aliases))).standing.doubt is not None


async def test_one_question_waits_however_often_it_is_said(store: Store) -> None:
    for moment in (10, 11, 12):
        await store.ledger.commit(change(doubt(moment=moment)))
    await store.ledger.commit(change(doubt(moment=13), doubt(BEN, moment=14)))
    assert await waiting(store) == [(1, True), (5, True)]
    assert await rests(store)


async def test_a_new_question_waits_after_an_answer(store: Store) -> None:
    await store.ledger.commit(change(doubt(), keep(1)))
    assert not await rests(store)
    await store.ledger.commit(change(doubt(moment=30)))
    assert await waiting(store) == [(1, True), (3, True)]


@pytest.mark.parametrize("answers", [1, 2, 4, 17])
async def test_an_answer_to_another_question_is_not_recorded(store: Store, answers: int) -> None:
    await store.ledger.commit(change(doubt(), keep(1), doubt(moment=30)))
    await store.ledger.commit(change(keep(answers, moment=40)))
    assert await store.ledger.head(BUSINESS) == 3
    assert await rests(store)


async def test_nobody_answers_for_somebody_else(store: Store) -> None:
    await store.ledger.commit(change(doubt()))
    await store.ledger.commit(change(keep(1, BEN)))
    assert await rests(store)
    assert not await rests(store, BEN)


async def test_a_stop_after_it_has_its_own_confirmation(store: Store) -> None:
    await store.ledger.commit(change(doubt()))
    said = stop(at=at(20), sender=SENDER, stop_languages=("de",), purposes=())
    await store.ledger.commit(change(replace(said, number_proof=NumberProof.PROVEN)))
    assert await waiting(store) == [(1, True), (2, False)]
    assert not await rests(store)


async def test_who_stopped_everything_is_not_asked(store: Store) -> None:
    await store.ledger.commit(change(stop(at=at(5), purposes=())))
    await store.ledger.commit(change(doubt()))
    assert await waiting(store) == []
    assert await rests(store)


@pytest.mark.parametrize("parts", [{"stop_languages": None}, {"sender": ""}])
async def test_what_is_not_marked_rests_without_a_question(
    store: Store, parts: dict[str, Any]
) -> None:
    await store.ledger.commit(change(doubt(**parts)))
    assert await waiting(store) == []
    assert await rests(store)


async def test_two_names_of_one_person_rest_together(store: Store) -> None:
    await store.ledger.commit(change(doubt(ANA_BSUID)))
    await store.ledger.commit(change(stop(ANA, at=at(11), purposes=("utility",))))
    await store.ledger.commit(change(acquaintance(ANA, ANA_BSUID, at=at(12))))
    assert await rests(store, ANA)
    await store.ledger.commit(change(keep(1, moment=20)))
    assert not await rests(store, ANA)


async def test_what_is_to_be_looked_at_is_listed_until_it_is_closed(store: Store) -> None:
    await store.ledger.commit(change(doubt(about=About.COMPLAINT)))
    await store.ledger.commit(change(stop(at=at(20), about=About.ERASURE), doubt(moment=30)))
    found = await store.reviews.find(BUSINESS, FIRST, 9, is_open=True)
    assert [(one.position, one.about, one.said_at) for one in found] == [
        (1, About.COMPLAINT, at(10)),
        (2, About.ERASURE, at(20)),
    ]
    assert await store.reviews.find(BUSINESS, Position(1), 9, is_open=True) == found[1:]
    backlog = await store.reviews.backlog(BUSINESS)
    assert backlog
    assert (backlog.count, backlog.since) == (2, at(10))
    closed = await store.reviews.close(
        BUSINESS, Position(1), ReviewOutcome.KEPT, "rang them", at(50)
    )
    assert closed
    assert (closed.outcome, closed.closed_at, closed.reason) == (
        ReviewOutcome.KEPT,
        at(50),
        "rang them",
    )
    assert await store.reviews.find(BUSINESS, FIRST, 9, is_open=True) == found[1:]
    assert await store.reviews.find(BUSINESS, FIRST, 9, is_open=False) == (closed,)


async def test_a_review_is_closed_once_and_only_by_its_business(store: Store) -> None:
    await store.ledger.commit(change(doubt(about=About.COMPLAINT)))
    kept = (ReviewOutcome.KEPT, "", at(50))
    assert await store.reviews.close(RIVAL, Position(1), *kept) is None
    assert await store.reviews.close(BUSINESS, Position(1), *kept)
    assert await store.reviews.close(BUSINESS, Position(1), *kept) is None
    assert await store.reviews.backlog(BUSINESS) is None
