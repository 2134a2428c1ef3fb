"""The facts of many people in one state of the database, for either backend.

What the gate reads of somebody is asked for all of them at once, and the rest, which is the same
for all, by the gate's own statement of nobody. Together they are that statement's rows, which are
put together as the gate puts them; a test compares the facts with the gate's.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from itertools import chain
from typing import Final, Protocol, TypeAlias

from askfirst.decision.facts import DecisionContext
from askfirst.decision.question import SendRequest
from askfirst.domain.values.alias import Alias, neighbour_keys, number_key
from askfirst.domain.values.ids import Position
from askfirst.ports.bulk.screens import Seen, YesClass
from askfirst.storage.consent.standing_codec import only_yes
from askfirst.storage.platform.keyring import Keyring
from askfirst.storage.platform.rows import Row
from askfirst.storage.sending.decision_rows import FactsRow, facts_of, facts_of_one

Lookups: TypeAlias = "tuple[tuple[bytes, ...], tuple[bytes, ...]]"
"""Those of a name under each key, and those of its neighbours."""
_PERSON: Final = (
    "contact_id",
    "standing",
    "confirmed_stop",
    "opened_at",
    "answered_code",
    "stop_to_confirm",
    "stop_said_at",
    "failed_days",
    "deferred_until",
    "held_out_until",
    "sent",
    "pair_began_at",
    "pair_free_at",
    "time_zones",
)
"""The columns of statement `known_facts` behind the look-up: those of `facts` about a person."""
_STANDING: Final = 2
"""Where the standing is in a row of it. What is behind it tells people apart, as do yeses."""
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
        self._asked: SendRequest | None = None
        self._base: FactsRow | None = None
        self._alike: dict[tuple[object, ...], Seen] = {}
        self._likenesses = 0

    async def nobody(self, question: SendRequest) -> DecisionContext:
        base = await self._of_all(question)
        if base is None:  # the business has no row: nobody ever said anything
            return DecisionContext(position=Position(0))
        return facts_of_one(question, base, self._keyring)

    async def _of_all(self, question: SendRequest) -> FactsRow | None:
        """Read what is the same for all, once: the state that is read does not change."""
        if question is not self._asked:
            rows = await self._facts(question, [b""])
            self._asked, self._base = question, rows[0] if rows else None
            self._alike.clear()
        return self._base

    async def look(
        self, question: SendRequest, names: Sequence[Alias | str], yes_class: YesClass
    ) -> Sequence[Seen | None]:
        base = await self._of_all(question)
        if base is None or not names:
            return [None] * len(names)
        asked = self._lookups(names)
        wanted = list(dict.fromkeys(chain.from_iterable(chain.from_iterable(asked))))
        known = await self._fetch(
            "known_facts", question.business_id, b"".join(wanted), len(wanted), question.sender
        )
        if not known:
            return [None] * len(names)
        rows = {bytes(row[0]): row for row in known}
        return [self._seen(question, each, rows, base, yes_class) for each in asked]

    def _lookups(self, names: Sequence[Alias | str]) -> list[Lookups]:
        """Hash the names, and those of their neighbours, which few have."""
        keys = [number_key(one) if isinstance(one, str) else one.key for one in names]
        near = [
            neighbour_keys(one) if isinstance(one, str) else one.neighbour_keys for one in names
        ]
        lookups = self._keyring.fresh_lookups  # those of a long list come once
        own = [lookups(key) for key in keys]
        if not any(near):
            return [(one, ()) for one in own]
        return [
            (one, tuple(chain.from_iterable(map(lookups, others))))
            for one, others in zip(own, near, strict=True)
        ]

    def _seen(
        self,
        question: SendRequest,
        asked: Lookups,
        rows: dict[bytes, Row],
        base: FactsRow,
        yes_class: YesClass,
    ) -> Seen | None:
        own, nearby = asked
        if not nearby and len(own) == 1:
            row = rows.get(own[0])
            return None if row is None else self._seen_alone(question, row, base, yes_class)
        found = [_row(base, rows[one]) for one in own if one in rows]
        near = [_row(base, rows[one]) for one in nearby if one in rows]
        if not found and not near:
            return None
        return Seen(facts_of(question, [found or [base]], near, self._keyring))

    def _seen_alone(
        self, question: SendRequest, row: Row, base: FactsRow, yes_class: YesClass
    ) -> Seen:
        """Put facts together once for all who are judged alike: they are most of a list."""
        yes = None if question.content else only_yes(row[_STANDING])
        if yes is None:
            return Seen(facts_of_one(question, _row(base, row), self._keyring))
        key = (yes.sort, yes_class(yes.at, yes.position), row[_STANDING + 1 :])
        seen = self._alike.get(key)
        if seen is None:
            if len(self._alike) >= _ALIKE_MAX:
                self._alike.clear()
            self._likenesses += 1
            seen = Seen(facts_of_one(question, _row(base, row), self._keyring), self._likenesses)
            self._alike[key] = seen
        return seen


def _row(base: FactsRow, person: Row) -> FactsRow:
    """Make it the row that the statement `facts` has of somebody."""
    return base._replace(**dict(zip(_PERSON, person[1:], strict=True)))
