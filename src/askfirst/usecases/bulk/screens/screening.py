"""What the gate says of the rows of a list, in one state of the database and at one moment."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Final, Protocol

from askfirst.decision.decision import Decision
from askfirst.decision.facts import DecisionContext
from askfirst.decision.question import MessageKind, SendRequest
from askfirst.decision.rules.limits.brakes import list_of
from askfirst.domain.bulk.screen_job import UNREAD, RowAnswer, ScreenJob
from askfirst.domain.transparency.ledger_check import LedgerState
from askfirst.domain.values.alias import Alias, phone_alias
from askfirst.domain.values.errors import UnsafeStorage
from askfirst.domain.values.ids import PhoneNumberId
from askfirst.domain.values.purpose import Purpose
from askfirst.domain.values.timestamp import Instant
from askfirst.ports.bulk.screens import ListRow, Seen, Snapshot
from askfirst.ports.platform.clock import HasClock
from askfirst.ports.platform.phone_numbers import HasNumbering, NumberHome
from askfirst.ports.sending.gate import HasGate
from askfirst.ports.sending.rules import HasPolicy, HasRules
from askfirst.usecases.contacts.read_number import country_of_alias, place_of_alias

_NOBODY: Final = -1
"""In the place of a likeness: all of whom nothing is known are alike."""
_TOLD_MAX: Final = 50_000


class ScreeningNeeds(HasClock, HasGate, HasNumbering, HasPolicy, HasRules, Protocol):
    """What this use case needs from the world."""


class Screening:
    """Asks the gate's rules of row after row, in one state of the database and at one moment."""

    def __init__(
        self,
        services: ScreeningNeeds,
        question: SendRequest,
        state: Snapshot,
        nobody: DecisionContext,
        now: Instant,
    ) -> None:
        self._services = services
        self._state = state
        self._policy = services.policy
        self._rules = services.rules
        self._nobody = nobody
        self.question = question
        self.now = now
        self.position = nobody.position
        self.ledger = nobody.ledger
        self.fingerprint = services.policy.fingerprint
        self._own = nobody.sender.digits if nobody.sender else ""
        self._told: dict[tuple[int, NumberHome], RowAnswer] = {}

    @classmethod
    async def begin(cls, services: ScreeningNeeds, job: ScreenJob, state: Snapshot) -> Screening:
        """Begin with what holds for all: the sender, the template, the state of the ledger."""
        settings = job.settings
        question = SendRequest(
            business_id=job.business_id,
            sender=PhoneNumberId(settings.sender),
            recipients=(),
            kind=MessageKind.TEMPLATE if settings.template else MessageKind.PURPOSE,
            template=settings.template,
            language=settings.language,
            purpose=Purpose(settings.purpose) if settings.purpose else None,
        )
        ledger = (await services.gate.look(question)).ledger
        nobody = await state.nobody(question)
        now = services.clock.now()
        return cls(services, question, state, replace(nobody, ledger=ledger), now)

    async def answers(self, rows: Sequence[ListRow]) -> list[RowAnswer]:
        """Answer rows, in their order."""
        names = [row.name for row in rows if row.name is not None]
        seen = iter(await self._state.look(self.question, names, self._yes_class))
        return [
            _unread(row) if row.name is None else self._answer(row, row.name, next(seen))
            for row in rows
        ]

    async def ledger_now(self) -> LedgerState:
        """Return how the ledger is by now: an answer holds only where that has not changed."""
        return (await self._services.gate.look(self.question)).ledger

    def _yes_class(self, at: Instant, position: int) -> tuple[int, str]:
        return self._policy.age_class(at, self.now), list_of(position)

    def _answer(self, row: ListRow, name: Alias | str, seen: Seen | None) -> RowAnswer:
        """Run the gate's rules, once for all who are alike and live in the same place."""
        likeness = seen.likeness if seen else _NOBODY
        digits = name if isinstance(name, str) else name.value
        home = row.home or self._home(name)
        if not likeness or digits == self._own:
            return self._decided(seen, self._asked(name, home))
        told = self._told.get((likeness, home))
        if told is None:
            if len(self._told) >= _TOLD_MAX:
                self._told.clear()
            told = self._told[likeness, home] = self._decided(seen, self._asked(name, home))
        return told

    def _home(self, name: Alias | str) -> NumberHome:
        alias = phone_alias(name) if isinstance(name, str) else name
        country = country_of_alias(self._services, alias)
        return NumberHome(country, place_of_alias(self._services, alias))

    def _asked(self, name: Alias | str, home: NumberHome) -> SendRequest:
        alias = phone_alias(name) if isinstance(name, str) else name
        return replace(self.question, recipients=(alias,), country=home.country, place=home.place)

    def _decided(self, seen: Seen | None, question: SendRequest) -> RowAnswer:
        """Run the gate's rules."""
        facts = seen.facts if seen else self._nobody
        if facts.position != self.position:
            raise UnsafeStorage("a list was read at two positions of the ledger")
        facts = facts if facts.ledger is self.ledger else replace(facts, ledger=self.ledger)
        return _answer(self._rules.decide(facts, self._policy, question, self.now))


def _answer(decision: Decision) -> RowAnswer:
    return RowAnswer(decision.verdict.value, decision.reason.value, decision.retry_at)


def _unread(row: ListRow) -> RowAnswer:
    return RowAnswer(UNREAD, row.reason.value)
