"""What is remembered of a sort of yes, for whom policy asks for more, is never another sort's."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any, cast

from hypothesis import given
from hypothesis import strategies as st

from askfirst.adapters.phone_numbers import WorldNumbering
from askfirst.decision.gate_rules import GATE_RULES
from askfirst.decision.policy import Policy
from askfirst.decision.question import MessageKind, SendRequest
from askfirst.decision.telling.effect import is_proof_needed
from askfirst.domain.consent.event import Assurance, EventKind
from askfirst.domain.value import replace
from askfirst.domain.values.alias import Alias, phone_alias
from askfirst.domain.values.ids import PhoneNumberId
from askfirst.domain.values.purpose import Purpose
from askfirst.domain.values.timestamp import DAY, Instant
from askfirst.usecases.consent.tell_effect import TellEffectNeeds, needs_proof
from tests.properties.histories import arrange, events
from tests.support.builders import ANA

PLAIN = Policy()
STRICT = replace(
    PLAIN,
    purposes={
        category: replace(terms, assurance_min=Assurance.CONFIRMED, age_days_max=2)
        for category, terms in PLAIN.purposes.items()
    },
)
NUMBERING = WorldNumbering()
PEOPLE = (ANA, phone_alias("4915123456789"), phone_alias("12025550188"), phone_alias("5353123456"))


@given(
    events((EventKind.GRANTED,)),
    st.sampled_from(PEOPLE),
    st.sampled_from((PLAIN, STRICT)),
    st.sampled_from([0, 1, 2, 3, 800]),
)
def test_what_is_remembered_is_what_the_rules_say(
    event: Any, alias: Alias, policy: Policy, days: int
) -> None:
    (event,) = arrange([event])
    now = Instant(event.recorded_at + days * DAY)
    world = SimpleNamespace(
        rules=GATE_RULES,
        policy=policy,
        numbering=NUMBERING,
        clock=SimpleNamespace(now=lambda: now),
    )
    expected = any(
        is_proof_needed(event, policy, about(event, name, alias), now) for name in event.purposes
    )
    assert needs_proof(cast("TellEffectNeeds", world), event, alias) is expected


def about(event: Any, name: str, alias: Alias) -> SendRequest:
    return SendRequest(
        business_id=event.business_id,
        sender=PhoneNumberId(""),
        recipients=(alias,),
        kind=MessageKind.PURPOSE,
        purpose=Purpose(name),
        country=NUMBERING.country(alias.value),
    )
