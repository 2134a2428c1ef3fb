"""The gate's look at a SQLite file."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Mapping
from functools import partial

from askfirst.decision.facts import DecisionContext
from askfirst.decision.question import SendRequest
from askfirst.domain.value import Value
from askfirst.domain.values.ids import ContactId, Position
from askfirst.storage.platform.keyring import Keyring
from askfirst.storage.sending.decision_rows import FACTS_COLUMNS, FactsRow, facts_of, facts_of_one
from askfirst.storage.sqlite.file import OpenFile
from askfirst.storage.sqlite.locks import SendLocks
from askfirst.storage.sqlite.trouble import unavailable


class SqliteHeld(Value, frozen=True):
    """See ports.gate.Held. The lock lives in this process: it holds while that may act."""

    facts: DecisionContext
    is_in_force: Callable[[], bool]

    def alive(self) -> bool:
        return self.is_in_force()


class SqliteHold:
    """One hold, from `async with` to its end."""

    __slots__ = ("_contacts", "_hold", "_is_in_force", "_locks", "_look")

    def __init__(
        self,
        look: Callable[[], tuple[DecisionContext, tuple[ContactId, ...]]],
        is_in_force: Callable[[], bool],
        locks: SendLocks,
    ) -> None:
        self._look = look
        self._is_in_force = is_in_force
        self._locks = locks

    async def __aenter__(self) -> SqliteHeld:
        # Read and hold without an await between them: a stop that commits later waits for us,
        # one that committed earlier was read.
        facts, self._contacts = self._look()
        self._hold = self._locks.hold(self._contacts)
        return SqliteHeld(facts, self._is_in_force)

    async def __aexit__(self, *_: object) -> None:
        self._locks.release(self._hold, self._contacts)


class SqliteGate:
    """See ports.gate.Gate."""

    def __init__(
        self,
        file: OpenFile,
        sql: Mapping[str, str],
        keyring: Keyring,
        locks: SendLocks,
    ) -> None:
        self._read = file.reading.execute
        self._epoch = file.epoch
        self._is_in_force = partial(file.epoch.holds, file.reading)
        self._facts_sql = sql["facts"]
        self._keyring = keyring
        self._locks = locks

    async def look(self, question: SendRequest) -> DecisionContext:
        return self._look(question)[0]

    def check(self) -> None:
        """Raise what the driver raises where the facts of a decision cannot be read."""
        self._read(self._facts_sql, ("", "", "", b"", "", "")).fetchone()

    def hold(self, question: SendRequest) -> SqliteHold:
        return SqliteHold(lambda: self._look(question), self._is_in_force, self._locks)

    def _look(self, question: SendRequest) -> tuple[DecisionContext, tuple[ContactId, ...]]:
        try:
            return self._read_facts(question)
        except sqlite3.Error as error:
            raise unavailable(error, "read") from error

    def _read_facts(self, question: SendRequest) -> tuple[DecisionContext, tuple[ContactId, ...]]:
        keys = [self._keyring.lookups(alias.key) for alias in question.recipients]
        nearby_keys = [
            lookup
            for alias in question.recipients
            for key in alias.neighbour_keys
            for lookup in self._keyring.lookups(key)
        ]
        if len(keys) == 1 and len(keys[0]) == 1 and not nearby_keys:
            row = self._row(question, keys[0][0])
            if row is None:
                return DecisionContext(position=Position(0), strangers=1), ()
            facts = facts_of_one(question, row, self._keyring)
            return facts, facts.contacts
        return self._read_many(question, keys or [[b""]], nearby_keys)

    def _read_many(
        self, question: SendRequest, keys: list[list[bytes]], nearby_keys: list[bytes]
    ) -> tuple[DecisionContext, tuple[ContactId, ...]]:
        """Several look-ups see one state: a read transaction holds it."""
        self._read("BEGIN")
        try:
            names = [self._rows(question, lookups) for lookups in keys]
            nearby = self._rows(question, nearby_keys)
        finally:
            self._read("COMMIT")
        if not names[0]:
            return DecisionContext(position=Position(0), strangers=len(question.recipients)), ()
        facts = facts_of(question, names, nearby, self._keyring)
        others = tuple(row.contact_id for row in nearby if row.contact_id is not None)
        return facts, facts.contacts + others

    def _rows(self, question: SendRequest, lookups: list[bytes]) -> list[FactsRow]:
        """Read a row for each name; none where the business has no row."""
        rows = (self._row(question, lookup) for lookup in lookups)
        return [row for row in rows if row is not None]

    def _row(self, question: SendRequest, lookup: bytes) -> FactsRow | None:
        parameters = (
            question.sender,
            question.template,
            question.language,
            lookup,
            question.sender,
            question.business_id,
        )
        row = self._read(self._facts_sql, parameters).fetchone()
        if row is None:
            return None
        self._epoch.compare(row[-1])
        return FactsRow._make(row[:FACTS_COLUMNS])
