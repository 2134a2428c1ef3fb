"""Do what follows when Meta says later that a message surely reached nobody.

Its place among what was sent is given back, once, however often that is said. A status may come
before the answer to the send is written down: then it is looked for again.
"""

from __future__ import annotations

from typing import Final, Protocol

from askfirst.domain.sending.meta_answers import answer_of
from askfirst.domain.tasks.retry_later import RetryLater
from askfirst.domain.tasks.task import LeasedTask
from askfirst.domain.values.ids import BusinessId, DecisionId
from askfirst.domain.values.timestamp import SECOND, Instant
from askfirst.ports.consent.change import WriteBatch, WriteEntry
from askfirst.ports.consent.ledger import HasLedger
from askfirst.ports.platform.clock import HasClock
from askfirst.ports.sending.decision_archive import HasDecisionArchive
from askfirst.ports.sending.gate import HasDecisions
from askfirst.ports.sending.lost_messages import LostMessage, lost_of
from askfirst.usecases.sending.delivery_status import TEMPLATE_STATES, template_seen

LOOKED_FOR_AGAIN_AFTER: Final = 5 * SECOND
TIMES_MAX: Final = 4
"""A message that is not found by then did not leave through here."""


class SettleLostMessageNeeds(HasClock, HasDecisionArchive, HasDecisions, HasLedger, Protocol):
    """What this use case needs from the world."""


async def settle_lost_message(services: SettleLostMessageNeeds, leased: LeasedTask) -> None:
    """Give back the place of the message of a task of `Queue.LOST`, and take in what it tells.

    Raises:
        RetryLater: nobody has written down yet by which decision it left.
    """
    business_id, lost = leased.task.business_id, lost_of(leased.task)
    decision_id = await services.decisions.give_back(business_id, lost.lookups)
    if decision_id is None:
        if leased.attempts < TIMES_MAX:
            again = services.clock.now() + LOOKED_FOR_AGAIN_AFTER * leased.attempts
            raise RetryLater(Instant(again))
        return
    await _mind_template(services, business_id, decision_id, lost)


async def _mind_template(
    services: SettleLostMessageNeeds,
    business_id: BusinessId,
    decision_id: DecisionId,
    lost: LostMessage,
) -> None:
    if answer_of(lost.code).effect not in TEMPLATE_STATES:
        return
    kept = await services.decision_archive.find(business_id, decision_id)
    if kept is None or kept.record.circumstances is None:
        return
    sender, question = kept.record.circumstances.facts.sender, kept.record.question
    waba = sender.waba_id if sender else None
    if seen := template_seen((lost.code,), waba, question.template, question.language, lost.at):
        now = services.clock.now()
        items = (WriteEntry(acts=(seen,)),)
        await services.ledger.commit(
            WriteBatch(business_id=business_id, recorded_at=now, items=items)
        )
