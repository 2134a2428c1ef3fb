"""The facts of many people in one state of the database, for either backend.

Who is known at all is asked for all of them at once; only of those the gate's own statement is run,
and its rows are put together as the gate puts them.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from itertools import chain
from typing import Final, Protocol, TypeAlias

from askfirst.decision.facts import DecisionContext
from askfirst.decision.question import SendRequest
from askfirst.domain.values.alias import Alias
from askfirst.domain.values.ids import Position
from askfirst.ports.bulk.screens import Seen, YesClass
from askfirst.storage.consent.standing_codec import only_yes
from askfirst.storage.platform.keyring import Keyring
from askfirst.storage.platform.rows import Row
from askfirst.storage.sending.decision_rows import FactsRow, facts_of, facts_of_one

Lookups: TypeAlias = "tuple[list[bytes], list[bytes]]"
"""Those of a name under each key, and those of its neighbours."""
_WHO: Final = FactsRow._fields.index("contact_id")
"""Where it stands who somebody is, and behind it what they said."""
_ALIKE_MAX: Final = 10_000
"""Sorts of people that are kept in memory."""


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
        self._alike: dict[tuple[object, ...], Seen] = {}
        self._likenesses = 0

    async def nobody(self, question: SendRequest) -> DecisionContext:
        rows = await self._facts(question, [b""])
        if not rows:  # the business has no row: nobody ever said anything
            return DecisionContext(position=Position(0))
        return facts_of_one(question, rows[0], self._keyring)

    async def look(
        self, question: SendRequest, names: Sequence[Alias], yes_class: YesClass
    ) -> Sequence[Seen | None]:
        asked = [self._lookups(alias) for alias in names]
        wanted = list({one for own, near in asked for one in chain(own, near)})
        known = await self._fetch(
            "known_names", question.business_id, b"".join(wanted), len(wanted)
        )
        people = [bytes(row[0]) for row in known if row[1] is not None]
        if not people:
            return [None] * len(names)
        nobody, *found = await self._facts(question, [b"", *people])
        rows = dict(zip(people, found, strict=True))
        return [self._seen(question, each, rows, nobody, yes_class) for each in asked]

    def _lookups(self, alias: Alias) -> Lookups:
        lookups = self._keyring.lookups
        near = [one for key in alias.neighbour_keys for one in lookups(key)]
        return lookups(alias.key), near

    def _seen(
        self,
        question: SendRequest,
        asked: Lookups,
        rows: dict[bytes, FactsRow],
        nobody: FactsRow,
        yes_class: YesClass,
    ) -> Seen | None:
        own = [rows[one] for one in asked[0] if one in rows]
        nearby = [rows[one] for one in asked[1] if one in rows]
        if not own and not nearby:
            return None
        if len(own) == 1 and not nearby:
            return self._seen_alone(question, own[0], yes_class)
        return Seen(facts_of(question, [own or [nobody]], nearby, self._keyring))

    def _seen_alone(self, question: SendRequest, row: FactsRow, yes_class: YesClass) -> Seen:
        """Put facts together once for all who are judged alike: they are most of a list."""
        yes = None if question.content else only_yes(row.standing)
        if yes is None:
            return Seen(facts_of_one(question, row, self._keyring))
        key = (yes.sort, yes_class(yes.at, yes.position), *row[:_WHO], *row[_WHO + 2 :])
        seen = self._alike.get(key)
        if seen is None:
            if len(self._alike) >= _ALIKE_MAX:
                self._alike.clear()
            self._likenesses += 1
            seen = Seen(facts_of_one(question, row, self._keyring), self._likenesses)
            self._alike[key] = seen
        return seen
