"""What holds for each purpose of one person, whoever sends."""

from __future__ import annotations

from typing import Protocol

from askfirst.decision.facts import DecisionContext
from askfirst.decision.question import MessageKind, SendRequest
from askfirst.domain.consent.standing import (
    EVERYTHING,
    Standing,
    newest_notice,
    view,
)
from askfirst.domain.values.alias import Alias
from askfirst.domain.values.ids import BusinessId, PhoneNumberId, Position
from askfirst.domain.values.purpose import CONSENTED, Purpose
from askfirst.domain.values.timestamp import Instant
from askfirst.ports.platform.phone_numbers import HasNumbering
from askfirst.ports.sending.rules import HasPolicy, HasRules
from askfirst.usecases.consent.evidence.case_file import PurposeStanding
from askfirst.usecases.contacts.read_number import country_of_alias


class PurposeStandingsNeeds(HasNumbering, HasPolicy, HasRules, Protocol):
    """What this use case needs from the world."""


def purpose_standings(
    services: PurposeStandingsNeeds,
    business_id: BusinessId,
    standing: Standing,
    position: Position,
    names: tuple[Alias, ...],
    now: Instant,
) -> tuple[PurposeStanding, ...]:
    """Return the answer for each purpose, and what speaks against messages by the policy of now."""
    known = {purpose.value for purpose in CONSENTED} | set(standing.scopes)
    facts = DecisionContext(position=position, standing=standing)
    return tuple(
        PurposeStanding(
            purpose=purpose,
            answer=view(standing, purpose),
            notice=newest_notice(standing, purpose),
            reason=services.rules.objection(
                facts, services.policy, _question(services, business_id, purpose, names), now
            ),
        )
        for purpose in (Purpose(name) for name in sorted(known - {EVERYTHING}))
    )


def _question(
    services: HasNumbering, business_id: BusinessId, purpose: Purpose, names: tuple[Alias, ...]
) -> SendRequest:
    return SendRequest(
        business_id=business_id,
        sender=PhoneNumberId(""),
        recipients=names[:1],
        kind=MessageKind.PURPOSE,
        purpose=purpose,
        country=country_of_alias(services, names[0]) if names else "",
    )
