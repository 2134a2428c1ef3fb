"""Make a decision once more, from the ledger and from what was kept beside it."""

from __future__ import annotations

from typing import Final

from askfirst.decision.decide import decide
from askfirst.decision.decision import Decision
from askfirst.decision.facts import Circumstances
from askfirst.decision.policy import Policy
from askfirst.decision.question import SendRequest
from askfirst.domain.consent.standing import NOTHING_SAID, Standing, restrict
from askfirst.domain.value import replace
from askfirst.domain.values.alias import Alias, phone_alias, user_id_alias
from askfirst.domain.values.ids import ContactId
from askfirst.domain.values.timestamp import Instant

_SOMEBODY: Final = user_id_alias("ZZ.1")
"""Stands where a recipient stood: the rules look at who it is only to know the sender's own."""


def decide_again(
    kept: Circumstances,
    standings: dict[ContactId, Standing],
    policy: Policy,
    question: SendRequest,
    now: Instant,
) -> Decision:
    """Make a decision once more, with standings that were folded anew.

    `standings` are those of `kept.contacts` at the position of the decision; who is not in it had
    said nothing then. `question` may be without recipients.
    """
    first, nearby = kept.facts.contacts[:1], kept.facts.nearby
    standing = standings.get(first[0], NOTHING_SAID) if first else NOTHING_SAID
    for contact_id in nearby:
        standing = restrict(standing, standings.get(contact_id, NOTHING_SAID))
    asked = replace(question, recipients=_recipients(kept))
    decision = decide(replace(kept.facts, standing=standing), policy, asked, now)
    return decision.denied(kept.objection) if kept.objection else decision


def _recipients(kept: Circumstances) -> tuple[Alias, ...]:
    names = [_SOMEBODY] * kept.recipients
    if kept.is_to_sender and kept.facts.sender:
        names[0] = phone_alias(kept.facts.sender.digits)
    return tuple(names)
