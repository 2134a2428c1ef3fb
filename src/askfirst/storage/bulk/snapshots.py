"""The facts of many people in one state of the database, for either backend.

Who is known at all is asked for all of them at once; only of those the gate's own statement is run,
and its rows are put together as the gate puts them.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterator, Sequence
from collections.abc import Set as AbstractSet
from typing import Protocol, TypeAlias

from askfirst.decision.facts import DecisionContext
from askfirst.decision.question import SendRequest
from askfirst.domain.values.alias import Alias
from askfirst.domain.values.ids import BusinessId, Position
from askfirst.storage.platform.keyring import Keyring
from askfirst.storage.platform.rows import Row
from askfirst.storage.sending.decision_rows import FactsRow, facts_of, facts_of_one

Lookups: TypeAlias = "tuple[list[list[bytes]], list[bytes]]"
"""Those of a question's names under each key, and those of their neighbours."""


class ReadFacts(Protocol):
    """Runs statement `facts` of one question for many look-ups; a row each, or none at all."""

    async def __call__(
        self, question: SendRequest, lookups: Sequence[bytes]
    ) -> Sequence[FactsRow]: ...


Fetch: TypeAlias = Callable[..., Awaitable[Sequence[Row]]]


class FactsSnapshot:
    """See ports.bulk.screens.Snapshot."""

    def __init__(self, fetch: Fetch, facts: ReadFacts, keyring: Keyring) -> None:
        self._fetch = fetch
        self._facts = facts
        self._keyring = keyring

    async def known(self, business_id: BusinessId, names: Sequence[Alias]) -> Sequence[bool]:
        asked = [_keys(alias) for alias in names]
        lookups = self._keyring.lookups
        hashed = [[one for key in keys for one in lookups(key)] for keys in asked]
        people = await self._people(business_id, {one for each in hashed for one in each})
        return [not people.isdisjoint(each) for each in hashed]

    async def look(self, questions: Sequence[SendRequest]) -> Sequence[DecisionContext]:
        if not questions:
            return ()
        first = questions[0]
        asked = [self._lookups(question) for question in questions]
        wanted = {one for each in asked for one in _all_of(each)}
        people = list(await self._people(first.business_id, wanted))
        nobody, *found = await self._facts(first, [b"", *people]) or (None,)
        if nobody is None:  # the business has no row: nobody ever said anything
            return [_unknown(question) for question in questions]
        rows = dict(zip(people, found, strict=True))
        return [
            self._context(question, each, rows, nobody)
            for question, each in zip(questions, asked, strict=True)
        ]

    async def _people(self, business_id: BusinessId, lookups: AbstractSet[bytes]) -> set[bytes]:
        wanted = list(lookups)
        known = await self._fetch("known_names", business_id, b"".join(wanted), len(wanted))
        return {bytes(row[0]) for row in known if row[1] is not None}

    def _lookups(self, question: SendRequest) -> Lookups:
        names = [self._keyring.lookups(alias.key) for alias in question.recipients] or [[b""]]
        near = [
            lookup
            for alias in question.recipients
            for key in alias.neighbour_keys
            for lookup in self._keyring.lookups(key)
        ]
        return names, near

    def _context(
        self, question: SendRequest, asked: Lookups, rows: dict[bytes, FactsRow], nobody: FactsRow
    ) -> DecisionContext:
        names, near = asked
        found = [[rows.get(one, nobody) for one in each] for each in names]
        nearby = [rows[one] for one in near if one in rows]
        if len(found) == len(found[0]) == 1 and not nearby:
            return facts_of_one(question, found[0][0], self._keyring)
        return facts_of(question, found, nearby, self._keyring)


def _keys(alias: Alias) -> tuple[str, ...]:
    return (alias.key, *alias.neighbour_keys)


def _all_of(asked: Lookups) -> Iterator[bytes]:
    for names in asked[0]:
        yield from names
    yield from asked[1]


def _unknown(question: SendRequest) -> DecisionContext:
    return DecisionContext(position=Position(0), strangers=len(question.recipients))
