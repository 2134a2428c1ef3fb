"""Bugs in counting what was sent."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, cast

from askfirst.bootstrap.database.store import Store
from askfirst.decision.decision import Decision
from askfirst.decision.traffic import Traffic
from askfirst.domain.values.ids import ContactId
from askfirst.ports.sending.gate import DecisionRecord
from askfirst.storage.sending.traffic_rows import Counter
from tests.promise.harness import letters
from tests.promise.harness.plants.patching import put, reworded

_FIRST = next(iter(letters.SENDERS))


def _count_then_send(_: Store) -> None:
    """What was counted when the facts were read is believed; nobody looks again."""

    def take(self: Counter, record: DecisionRecord) -> Decision | None:
        if record.counting is not None and record.contact_id is not None:
            traffic = self._traffic(record, record.contact_id, ())
            self._count(record, record.contact_id, traffic, "")
        return None

    put(Counter, "take", take)


def _cap_per_sender(_: Store) -> None:
    """What another number of the business sent does not count."""
    count = Counter._count

    def count_own(
        self: Counter, record: DecisionRecord, contact: ContactId, traffic: Traffic, content: str
    ) -> None:
        if record.question.sender == _FIRST:
            count(self, record, contact, traffic, content)

    put(Counter, "_count", count_own)


def _given_back_twice(store: Store) -> None:
    """A send that failed gives its own place back, and somebody else's."""
    decisions = cast("Any", store.decisions)
    sql = dict(decisions._sql)
    own = "decision_id = $3" if "$3" in sql["give_back"] else "decision_id = ?3"
    value = own.rpartition(" ")[2]
    oldest = own.replace("=", "<=")
    wider = f"({oldest} OR {value} IS NULL)"
    sql["give_back"] = reworded(sql["give_back"], own, wider)
    put(decisions, "_sql", sql)


COUNT_PLANTS: Mapping[str, Callable[[Store], None]] = {
    "count_then_send": _count_then_send,
    "cap_per_sender": _cap_per_sender,
    "given_back_twice": _given_back_twice,
}
