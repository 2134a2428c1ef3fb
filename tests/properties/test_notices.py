"""The laws of notices: they inform, and outrank nothing."""

from hypothesis import assume, given
from hypothesis import strategies as st

from askfirst.decision.decide import decide
from askfirst.decision.decision import Decision
from askfirst.decision.facts import DecisionContext
from askfirst.decision.policy import NoticeTerms, Policy, Terms
from askfirst.decision.question import MessageKind
from askfirst.decision.reason import Reason
from askfirst.domain.consent.event import Assurance, Event, EventKind, NumberProof
from askfirst.domain.consent.standing import Standing, fold, merge, notices, view
from askfirst.domain.value import replace
from askfirst.domain.values.ids import ContactId, Position
from askfirst.domain.values.purpose import BUILT_IN_TOPICS, Category, Purpose
from askfirst.domain.values.timestamp import DAY, Instant
from tests.properties.histories import (
    EVERY_KIND,
    NAMES,
    NOES,
    ORDER,
    arrange,
    event,
    events,
    histories,
)
from tests.properties.test_decide import LINK, OBJECTIONS
from tests.support import builders

NOW = Instant(DAY)
CONSENTED = (Category.AUTHENTICATION, Category.UTILITY, Category.MARKETING)
terms = st.builds(
    Terms, assurance_min=st.sampled_from(Assurance), number_proof_min=st.sampled_from(NumberProof)
)
policies = st.builds(
    Policy,
    topics=st.just(BUILT_IN_TOPICS | {"marketing.offers", "marketing.news"}),
    purposes=st.fixed_dictionaries(dict.fromkeys(CONSENTED, terms)),
    notices=st.sampled_from([NoticeTerms(), NoticeTerms(enough_for=frozenset({"utility"}))]),
)
purposes = st.sampled_from([Purpose(name) for name in (*NAMES, ORDER, ORDER)])
shown = events([EventKind.INFORMED])
everything = histories(EVERY_KIND)


def decided(standing: Standing, policy: Policy, purpose: Purpose) -> Decision:
    facts = DecisionContext(
        position=Position(9),
        contacts=(ContactId("con_1"),),
        standing=standing,
        sender=builders.sender(),
    )
    question = builders.question(kind=MessageKind.PURPOSE, purpose=purpose, country="GB")
    return decide(facts, policy, question, NOW)


def speaks_against(act: Event, purpose: Purpose) -> bool:
    is_about = not act.purposes or bool(set(act.purposes) & set(purpose.chain))
    return act.kind in NOES and (is_about or act.kind is EventKind.SUSPENDED)


@given(everything, shown, policies, purposes)
def test_a_notice_changes_nothing_where_there_ever_was_a_no(
    history: list[Event], notice: Event, policy: Policy, purpose: Purpose
) -> None:
    """Of any age, lifted or not, before or after the notice."""
    assume(any(speaks_against(act, purpose) for act in history))
    before = decided(fold(history), policy, purpose)
    for at in range(len(history) + 1):
        informed = fold(arrange([*history[:at], notice, *history[at:]]))
        assert notices(informed, purpose) == ()
        assert decided(informed, policy, purpose).allowed == before.allowed


@given(everything, shown, policies, purposes)
def test_a_notice_never_opens_marketing_or_codes(
    history: list[Event], notice: Event, policy: Policy, purpose: Purpose
) -> None:
    assume(purpose.category is not Category.UTILITY)
    before, after = fold(history), fold(arrange([*history, notice]))
    assert decided(before, policy, purpose).allowed == decided(after, policy, purpose).allowed


@given(everything, shown, policies, purposes)
def test_no_answer_changes_by_a_notice(
    history: list[Event], notice: Event, policy: Policy, purpose: Purpose
) -> None:
    before, after = fold(history), fold(arrange([*history, notice]))
    assert view(before, purpose) == view(after, purpose)
    was = decided(before, policy, purpose)
    if was.reason in {Reason.OPTED_IN, *OBJECTIONS}:
        is_now = decided(after, policy, purpose)
        assert (is_now.verdict, is_now.reasons) == (was.verdict, was.reasons)


@given(everything, policies, purposes)
def test_what_rests_on_a_notice_was_shown_and_never_objected_to(
    history: list[Event], policy: Policy, purpose: Purpose
) -> None:
    if decided(fold(history), policy, purpose).reason is Reason.INFORMED:
        kinds = {act.kind for act in history if set(act.purposes) & set(purpose.chain)}
        assert EventKind.INFORMED in kinds
        assert not any(speaks_against(act, purpose) for act in history)


@given(everything, everything, policies, purposes)
def test_what_a_merge_allows_one_side_allowed_with_notices_too(
    one: list[Event], other: list[Event], policy: Policy, purpose: Purpose
) -> None:
    sides = fold(one), fold(arrange(other, first=len(one) + 1))
    if decided(merge(*sides, LINK), policy, purpose).allowed:
        alone = [decided(side, policy, purpose) for side in sides]
        assert any(decision.allowed for decision in alone)
        assert not OBJECTIONS & {decision.reason for decision in alone}


@given(policies)
def test_a_notice_of_today_is_enough_for_an_order_where_the_policy_asks_for_no_more(
    policy: Policy,
) -> None:
    notice = event(EventKind.INFORMED, 5, purposes=(ORDER,))
    asked = policy.purposes[Category.UTILITY]
    is_enough = asked.assurance_min <= Assurance.SHOWN
    is_enough = is_enough and asked.number_proof_min <= NumberProof.VOUCHED
    decision = decided(fold(arrange([notice])), policy, Purpose(ORDER))
    reason = Reason.INFORMED if is_enough else Reason.NOTICE_NOT_ENOUGH
    assert (decision.allowed, decision.reason, decision.rule) == (is_enough, reason, 5)


@given(st.permutations([NumberProof.VOUCHED, NumberProof.TYPED]))
def test_a_typed_notice_takes_nothing_from_a_vouched_one(proofs: list[NumberProof]) -> None:
    told = [
        replace(event(EventKind.INFORMED, at, purposes=(ORDER,)), number_proof=proof)
        for at, proof in enumerate(proofs)
    ]
    vouched = Policy(
        purposes={
            **Policy().purposes,
            Category.UTILITY: Terms(number_proof_min=NumberProof.VOUCHED),
        }
    )
    assert decided(fold(arrange(told)), vouched, Purpose(ORDER)).reason is Reason.INFORMED
