"""A dry run is the send: whoever only asks gets the verdict of whoever sends, and why.

ASKFIRST_DRY_RUN_PAIRS says how many pairs of facts and requests are tried, `make dryrun` tries ten
million; ASKFIRST_DRY_RUN_SEED draws others.
"""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from askfirst.decision.decision import Decision
from askfirst.decision.facts import DecisionContext
from askfirst.decision.gate_rules import GATE_RULES, GateRules
from askfirst.decision.policy import Policy
from askfirst.decision.question import SendRequest
from askfirst.decision.telling.explanation import RuleVerdict
from askfirst.domain.values.ids import BusinessId
from askfirst.ports.sending.gate import DecisionRecord, Outcome
from askfirst.usecases.sending.check_send import check_send
from askfirst.usecases.sending.explain_send import explain_send
from askfirst.usecases.sending.outbound.sends import Send
from askfirst.usecases.sending.send_message import send_message
from tests.properties.pairs import Pair, pairs
from tests.support.clocks import CountingIds, FakeClock
from tests.support.services import FakeConnections
from tests.support.signals import FakeSignals

COUNT = int(os.environ.get("ASKFIRST_DRY_RUN_PAIRS", "100000"))
SEED = int(os.environ.get("ASKFIRST_DRY_RUN_SEED", "12"))
_EXPLAINED_OF = 20


@dataclass(slots=True)
class OneFact:
    """A gate before which the world stands still: who looks sees what who holds sees."""

    facts: DecisionContext

    async def look(self, question: SendRequest) -> DecisionContext:
        return self.facts

    @asynccontextmanager
    async def hold(self, question: SendRequest) -> AsyncIterator[OneFact]:
        yield self

    def alive(self) -> bool:
        return True


@dataclass(slots=True)
class Kept:
    """The log and the archive of decisions: the last record, and no more."""

    record_of: DecisionRecord | None = None

    async def record(self, record: DecisionRecord) -> None:
        self.record_of = record

    def conclude(self, outcome: Outcome) -> None:
        """Nobody asks what became of it."""

    async def keep_policy(self, business_id: BusinessId, policy: Policy) -> None:
        """Nobody asks for it."""


@dataclass(slots=True)
class Doors:
    """What both use cases need, over one world."""

    gate: OneFact
    policy: Policy
    clock: FakeClock
    decisions: Kept
    decision_archive: Kept
    rules: GateRules = GATE_RULES
    ids: CountingIds = field(default_factory=CountingIds)
    connections: FakeConnections = field(default_factory=FakeConnections)
    telemetry: FakeSignals = field(default_factory=FakeSignals)
    numbering: object = None
    ledger: object = None


def doors(pair: Pair) -> Doors:
    kept = Kept()
    return Doors(OneFact(pair.facts), pair.policy, FakeClock(pair.now), kept, kept)


async def sent(services: Doors, request: SendRequest) -> Decision:
    """Send it, and return what was decided and written down."""
    send = Send(question=request, target="/v24.0/200/messages", headers={}, body=b"{}")
    outcome = await send_message(services, send)  # type: ignore[arg-type]
    record = services.decisions.record_of
    assert record is not None
    assert record.decision == outcome.decision
    assert bool(services.connections.sent) == outcome.decision.allowed
    return outcome.decision


async def test_who_asks_gets_the_verdict_of_who_sends() -> None:
    reasons: Counter[str] = Counter()
    for number, pair in enumerate(pairs(SEED, COUNT)):
        services = doors(pair)
        asked = await check_send(services, pair.request)
        assert asked == await sent(services, pair.request), (SEED, number, pair)
        if number % _EXPLAINED_OF == 0:
            told = await explain_send(services, pair.request)
            assert told.decision == asked, (SEED, number, pair)
        reasons[asked.reason] += 1
    if COUNT >= 10_000:
        assert len(reasons) > 25, "the pairs hardly differ"


async def test_of_every_explanation_one_rule_spoke_and_none_after_a_no_was_asked() -> None:
    for pair in pairs(SEED + 1, min(COUNT, 5_000)):
        told = await explain_send(doors(pair), pair.request)
        verdicts = [account.verdict for account in told.rules]
        assert verdicts.count(RuleVerdict.SPOKE) == 1, pair
        (spoke,) = (one for one in told.rules if one.verdict is RuleVerdict.SPOKE)
        assert (spoke.reason, spoke.rule.number) == (told.decision.reason, told.decision.rule)
        assert spoke.retry_at == told.decision.retry_at
        if not told.decision.allowed:
            later = told.rules[told.rules.index(spoke) + 1 :]
            assert all(
                one.verdict is RuleVerdict.NOT_ASKED for one in later if not one.rule.lifts
            ), pair
