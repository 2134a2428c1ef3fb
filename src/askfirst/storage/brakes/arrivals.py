"""What arrived and what was read, counted for the brakes in the transaction that keeps its webhook.

Good news sets no brake, so nothing is judged here, and nothing that others hold is waited for.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Mapping
from typing import Final

from askfirst.domain.brakes.verdicts import Mark
from askfirst.storage.brakes.brake_steps import BrakeSteps
from askfirst.storage.platform.rows import Row
from askfirst.storage.platform.statements import TransactionScript

_GOOD: Final = (Mark.DELIVERED, Mark.READ)


ARRIVAL_BITS: Final = {mark: sum(one.bit for one in mark.implied) for mark in _GOOD}
"""The bits that a report of good news sets in a message's row."""


def count_arrivals(steps: BrakeSteps, told: Mapping[str, int]) -> TransactionScript[bool]:
    """Count what was told of messages, by their hashes; each thing counts once a message.

    It comes last in its transaction. False: somebody else is at the brakes of the business, and
    nothing was counted; whoever waited for them here would hold up those who write events.
    """
    place = (steps.business_id, json.dumps(sorted(told)))
    if not (yield "known_marketing_sends", place):
        return True
    if not (yield "try_lock_brakes", (steps.business_id,)):
        return False
    news: defaultdict[int, list[str]] = defaultdict(list)
    marked: list[tuple[Mark, Row]] = []
    for message, marks, *counted in (yield "known_marketing_sends", place):
        if new := told[message] & ~marks:
            news[new].append(message)
            marked += [(mark, counted) for mark in _GOOD if mark.bit & new]
    for bits, messages in news.items():
        yield "mark_messages", (steps.business_id, bits, json.dumps(messages))
    if news:
        yield from steps.count(marked)
    return True
