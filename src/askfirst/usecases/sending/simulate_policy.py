"""Say what another policy would have done to the sends of the last days.

Each decision that was written down is made once more, under the other policy, from what it rested
on then. What was sent is not looked at, and nothing is written.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from typing import Final, NamedTuple, Protocol

from askfirst.decision.countries.place import NOWHERE
from askfirst.decision.decision import Decision, Verdict
from askfirst.decision.policy import Policy
from askfirst.decision.policy_file import parse_policy
from askfirst.decision.reason import Reason
from askfirst.domain.consent.standing import Standing
from askfirst.domain.value import replace
from askfirst.domain.values.errors import InvalidInput
from askfirst.domain.values.ids import BusinessId, ContactId, Prefix, mint
from askfirst.domain.values.timestamp import DAY, SECOND, Instant
from askfirst.ports.consent.ledger import HasLedger
from askfirst.ports.platform.clock import HasClock
from askfirst.ports.platform.phone_numbers import HasNumbering
from askfirst.ports.sending.gate import DecisionRecord, HasDecisions
from askfirst.ports.sending.rules import HasPolicy, HasRules
from askfirst.usecases.contacts.show_contact import all_acts
from askfirst.usecases.sending.show_decision import Fold, contacts_of

_PAGE: Final = 500
_DAYS_MAX: Final = 366
_MILLISECOND: Final = SECOND // 1000
_FIRST: Final = bytes(16)


class SimulatePolicyNeeds(
    HasClock, HasDecisions, HasLedger, HasNumbering, HasPolicy, HasRules, Protocol
):
    """What this use case needs from the world."""


class Change(NamedTuple):
    """What was decided, and what would have been: and how many decisions it is about."""

    was: Reason
    was_verdict: Verdict
    would_be: Reason
    verdict: Verdict
    decisions: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Simulation:
    """All decisions since a moment, under another policy.

    `policy` and `in_force` are the fingerprints of that policy and of the one that is followed now.
    `unknown` were made by a version of askfirst that did not keep what they rested on.
    """

    policy: str
    in_force: str
    changes: tuple[Change, ...]
    unknown: int

    def count(self, verdict: Verdict, *, then: bool) -> int:
        """Count decisions by their verdict: as it was (`then`), or as it would have been."""
        return sum(
            one.decisions
            for one in self.changes
            if (one.was_verdict if then else one.verdict) is verdict
        )


async def simulate_policy_file(
    services: SimulatePolicyNeeds, business_id: BusinessId, text: str, days: int
) -> Simulation:
    """Decide the sends of so many days anew, by a policy as it is written.

    Raises:
        InvalidInput: the policy is not understood, or so many days are none.
    """
    if not 1 <= days <= _DAYS_MAX:
        raise InvalidInput("days", f"must be a whole number from 1 to {_DAYS_MAX}")
    policy = parse_policy(text, services.policy.law)
    since = Instant(services.clock.now() - days * DAY)
    return await simulate_policy(services, business_id, policy, since)


async def simulate_policy(
    services: SimulatePolicyNeeds, business_id: BusinessId, policy: Policy, since: Instant
) -> Simulation:
    """Decide anew whatever was decided since a moment."""
    counts: Counter[tuple[Reason, Verdict, Reason, Verdict]] = Counter()
    unknown = 0
    async for page in _pages(services, business_id, since):
        standings = await _standings(services, business_id, page)
        for record, folded in zip(page, standings, strict=True):
            again = _again(services, record, folded, policy)
            if again is None:
                unknown += 1
                continue
            was = record.decision
            counts[was.reason, was.verdict, again.reason, again.verdict] += 1
    changes = tuple(Change(*key, count) for key, count in counts.most_common())
    return Simulation(
        policy=policy.fingerprint,
        in_force=services.policy.fingerprint,
        changes=changes,
        unknown=unknown,
    )


async def _pages(
    services: HasDecisions, business_id: BusinessId, since: Instant
) -> AsyncIterator[Sequence[DecisionRecord]]:
    after = mint(Prefix.DECISION, since // _MILLISECOND, _FIRST)
    while page := await services.decisions.decisions(business_id, after, _PAGE):
        yield sorted(page, key=lambda record: record.decision.position)
        after = page[-1].decision_id


async def _standings(
    services: HasLedger, business_id: BusinessId, page: Sequence[DecisionRecord]
) -> list[dict[ContactId, Standing]]:
    """Fold each person's events up to the position of each decision."""
    folds: dict[ContactId, Fold] = {}
    found = []
    for record in page:
        contacts = contacts_of(record)
        for contact_id in contacts:
            if contact_id not in folds:
                acts = all_acts(services, business_id, contact_id)
                folds[contact_id] = Fold([event async for event in acts])
        at = record.decision.position
        found.append({one: folds[one].at(one, at) for one in contacts})
    return found


def _again(
    services: SimulatePolicyNeeds,
    record: DecisionRecord,
    standings: dict[ContactId, Standing],
    policy: Policy,
) -> Decision | None:
    kept, question = record.circumstances, record.question
    if kept is None:
        return None
    if question.place == NOWHERE:  # it was not kept then: anywhere in the country
        place = services.numbering.place("", question.country)
        question = replace(question, place=place)
    return services.rules.decide_again(kept, standings, policy, question, record.decided_at)
