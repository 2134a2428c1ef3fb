"""What an answer amounts to is what the gate would say; a remedy that is named does help."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from askfirst.decision.decide import decide
from askfirst.decision.decision import Verdict
from askfirst.decision.facts import DecisionContext
from askfirst.decision.policy import Policy
from askfirst.decision.question import MessageKind, SendRequest
from askfirst.decision.reason import Reason
from askfirst.decision.telling.effect import effect_of, is_proof_needed
from askfirst.decision.telling.remedy import Effect, Remedy
from askfirst.domain.consent.event import Assurance, Event, EventKind, NumberProof, Source
from askfirst.domain.consent.standing import fold
from askfirst.domain.prompts.prompt import Surface
from askfirst.domain.value import replace
from askfirst.domain.values.ids import ContactId, EventId, PhoneNumberId, Position
from askfirst.domain.values.purpose import Purpose
from askfirst.domain.values.timestamp import DAY, Instant
from tests.properties.histories import LATEST, arrange, histories
from tests.support.builders import ANA, BUSINESS, SENDER, sender
from tests.support.clocks import NOON, at
from tests.support.law import TIMELESS

Parts = dict[str, object]
TYPED: Parts = {"assurance": Assurance.SHOWN, "number_proof": NumberProof.TYPED}
VOUCHED: Parts = {"assurance": Assurance.SHOWN, "number_proof": NumberProof.VOUCHED}
PROVEN: Parts = {"assurance": Assurance.CONFIRMED, "number_proof": NumberProof.PROVEN}
YES, NO, NATIVE = EventKind.GRANTED, EventKind.WITHDRAWN, EventKind.NATIVE_STOPPED
NOWHERE = PhoneNumberId("")


def said(*acts: tuple[EventKind, Parts], purpose: str = "marketing") -> DecisionContext:
    """What is known of somebody who said these, a second apart."""
    events = [
        Event(
            event_id=EventId(f"evt_{place}"),
            business_id=BUSINESS,
            contact_id=ContactId("con_1"),
            position=Position(place + 1),
            kind=kind,
            occurred_at=at(place),
            recorded_at=at(place),
            source=Source.API,
            surface=Surface.SIGNUP,
            purposes=(purpose,) if kind is YES else (),
            sender=SENDER if kind is NATIVE else "",
            **parts,  # type: ignore[arg-type]
        )
        for place, (kind, parts) in enumerate(acts)
    ]
    return DecisionContext(position=Position(len(events)), standing=fold(events))


def about(purpose: str = "marketing", country: str = "GB", **parts: object) -> SendRequest:
    known: dict[str, object] = {"sender": NOWHERE, "recipients": (ANA,)}
    return SendRequest(
        business_id=BUSINESS,
        kind=MessageKind.PURPOSE,
        purpose=Purpose(purpose),
        country=country,
        **(known | parts),  # type: ignore[arg-type]
    )


def effect(
    facts: DecisionContext, question: SendRequest | None = None, policy: Policy | None = None
) -> Effect:
    return effect_of(facts, policy or Policy(law=TIMELESS), question or about(), at(60))


def test_a_yes_that_is_good_enough_is_in_force() -> None:
    told = effect(said((YES, VOUCHED)))
    assert (told.is_effective, told.reason, told.remedies) == (True, None, ())


@pytest.mark.parametrize(
    ("acts", "country", "reason", "remedies"),
    [
        (
            [(YES, TYPED)],
            "GB",
            Reason.NUMBER_PROOF_TOO_LOW,
            ["vouch", "ask", "confirm_in_whatsapp"],
        ),
        ([(YES, VOUCHED)], "DE", Reason.ASSURANCE_TOO_LOW, ["confirm_in_whatsapp"]),
        ([(NO, PROVEN), (YES, TYPED)], "GB", Reason.WITHDRAWN, ["ask", "confirm_in_whatsapp"]),
        ([], "GB", Reason.NO_OPT_IN, ["ask", "confirm_in_whatsapp"]),
        ([(YES, PROVEN), (NATIVE, PROVEN)], "GB", Reason.NATIVE_STOPPED, ["resume_in_whatsapp"]),
        ([(YES, PROVEN)], "US", Reason.MARKETING_WITHHELD, []),
        ([(YES, PROVEN)], "CU", Reason.COUNTRY_EMBARGOED, []),
    ],
)
def test_what_is_missing_is_named_with_what_would_help(
    acts: list[tuple[EventKind, Parts]],
    country: str,
    reason: Reason,
    remedies: list[str],
) -> None:
    told = effect(said(*acts), about(country=country))
    assert (told.reason, list(told.remedies)) == (reason, remedies)


def test_where_two_things_are_missing_the_first_step_is_named() -> None:
    told = effect(said((NATIVE, PROVEN), (NO, PROVEN)))
    assert told.reason is Reason.WITHDRAWN
    assert told.remedies == (Remedy.ASK, Remedy.CONFIRM_IN_WHATSAPP)


def test_a_stop_at_one_sender_counts_where_none_is_named() -> None:
    policy = Policy(native_stop_covers_business=False)
    facts = said((YES, PROVEN), (NATIVE, PROVEN))
    assert effect(facts, policy=policy).reason is Reason.NATIVE_STOPPED
    other = about(sender=PhoneNumberId("201"))
    assert effect(facts, other, policy).reason is None


@given(history=histories(), purpose=st.sampled_from(["marketing", "utility", "authentication"]))
def test_it_says_what_the_gate_says_of_a_sender_in_service(history: object, purpose: str) -> None:
    facts = DecisionContext(
        position=Position(9),
        contacts=(ContactId("con_1"),),
        sender=sender(),
        standing=fold(arrange(history)),  # type: ignore[arg-type]
    )
    now = Instant(LATEST + DAY)
    question = about(purpose, sender=SENDER)
    decision = decide(facts, Policy(law=TIMELESS), question, now)
    told = effect_of(facts, Policy(law=TIMELESS), question, now)
    assert told.is_effective is (decision.verdict is Verdict.ALLOW)
    if told.reason:
        assert decision.reasons == (told.reason,)


def test_policy_alone_asks_for_more_of_a_typed_yes_and_nothing_else_counts() -> None:
    typed = Event(
        event_id=EventId("evt_1"),
        business_id=BUSINESS,
        contact_id=ContactId("con_1"),
        position=Position(7),
        kind=YES,
        occurred_at=NOON,
        recorded_at=NOON,
        source=Source.FORM,
        surface=Surface.SIGNUP,
        purposes=("marketing",),
        assurance=Assurance.SHOWN,
        number_proof=NumberProof.TYPED,
    )
    vouched = replace(typed, number_proof=NumberProof.VOUCHED)
    orders = replace(typed, purposes=("utility",))
    assert is_proof_needed(typed, Policy(law=TIMELESS), about(), at(1))
    assert is_proof_needed(vouched, Policy(law=TIMELESS), about(country="DE"), at(1))
    assert not is_proof_needed(vouched, Policy(law=TIMELESS), about(), at(1))
    assert not is_proof_needed(orders, Policy(law=TIMELESS), about("utility"), at(1))
    assert not is_proof_needed(typed, Policy(law=TIMELESS), about(country="US"), at(1))
