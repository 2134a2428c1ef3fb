"""What holds for every decision, whatever the facts."""

from hypothesis import assume, given
from hypothesis import strategies as st

from askfirst.decision.decide import decide
from askfirst.decision.decision import Verdict
from askfirst.decision.facts import DecisionContext
from askfirst.decision.policy import Policy, Terms
from askfirst.decision.question import MessageKind, SendRequest
from askfirst.decision.reason import Reason
from askfirst.decision.rules.own_messages.code_asked_for import CODE_ASKED_WITHIN
from askfirst.domain.consent.event import Assurance, Event, EventKind, NumberProof
from askfirst.domain.consent.stamp import Stamp
from askfirst.domain.consent.standing import (
    NOTHING_SAID,
    fold,
    merge,
)
from askfirst.domain.consent.stop_confirmation import CONFIRMED_WITHIN, is_in_force
from askfirst.domain.prompts.prompt import Surface
from askfirst.domain.tenants.sender import SenderState, TemplateState
from askfirst.domain.value import replace
from askfirst.domain.values.ids import ContactId, Position
from askfirst.domain.values.purpose import BUILT_IN_TOPICS, Category
from askfirst.domain.values.timestamp import DAY, MINUTE, Instant
from tests.properties.histories import (
    LATEST,
    NOES,
    PURPOSES,
    arrange,
    event,
    events,
    histories,
)
from tests.support import builders

STOPS = (*NOES, EventKind.NATIVE_STOPPED)
NEEDING_A_YES = (MessageKind.PURPOSE, MessageKind.TEMPLATE, MessageKind.DIRECT)
COUNTRIES = ("GB", "DE", "US", "IR", "")

nows = st.sampled_from([LATEST, MINUTE, 6 * MINUTE, 2 * DAY, 400 * DAY]).map(Instant)
senders = st.none() | st.sampled_from(SenderState).map(lambda state: builders.sender(state=state))


@st.composite
def templates(draw: st.DrawFn) -> object:
    return builders.template(
        category=draw(st.sampled_from(Category)), state=draw(st.sampled_from(TemplateState))
    )


@st.composite
def worlds(draw: st.DrawFn) -> DecisionContext:
    """Facts about one contact; `standing` is given by the test."""
    return DecisionContext(
        position=Position(draw(st.integers(0, 9))),
        contacts=tuple(draw(st.sampled_from([(), (ContactId("con_1"),)]))),
        strangers=draw(st.integers(0, 1)),
        sender=draw(senders),
        template=draw(st.none() | templates()),  # type: ignore[arg-type]
        window_opened_at=draw(st.none() | st.integers(0, LATEST).map(Instant)),
        stop_to_confirm=Position(draw(st.integers(0, 9))),
        stop_said_at=Instant(draw(st.integers(0, LATEST))),
        confirmed_stop=Position(draw(st.integers(0, 9))),
        answered_code=Position(draw(st.integers(0, 9))),
    )


@st.composite
def policies(draw: st.DrawFn) -> Policy:
    terms = st.builds(
        Terms,
        assurance_min=st.sampled_from(Assurance),
        number_proof_min=st.sampled_from(NumberProof),
        age_days_max=st.sampled_from([0, 1, 365]),
    )
    lives = st.dictionaries(st.sampled_from(["marketing.offers"]), st.sampled_from([0, 1, 30]))
    consented = (Category.AUTHENTICATION, Category.UTILITY, Category.MARKETING)
    return Policy(
        purposes={category: draw(terms) for category in consented},
        topics=BUILT_IN_TOPICS | {"marketing.offers", "marketing.news"},
        topic_days=draw(lives),
        native_stop_covers_business=draw(st.booleans()),
    )


@st.composite
def questions(draw: st.DrawFn, kinds: tuple[MessageKind, ...] = tuple(MessageKind)) -> SendRequest:
    return builders.question(
        sender=draw(st.sampled_from(["1", "2"])),
        kind=draw(st.sampled_from(kinds)),
        template=draw(st.sampled_from(["", "offer", "askfirst_code_copy_code_5m"])),
        purpose=draw(st.none() | st.sampled_from(PURPOSES)),
        country=draw(st.sampled_from(COUNTRIES)),
    )


OBJECTIONS = {
    Reason.WITHDRAWN,
    Reason.REFUSED,
    Reason.SUSPENDED,
    Reason.NATIVE_STOPPED,
    Reason.AWAITING_ANSWER,
}
LINK = Stamp(Instant(LATEST + 1), Position(99), EventKind.LINKED)


@given(worlds(), histories(), histories(), policies(), questions(NEEDING_A_YES), nows)
def test_what_a_merge_allows_one_side_allowed_and_neither_objected_to(
    facts: DecisionContext,
    one: list[Event],
    other: list[Event],
    policy: Policy,
    question: SendRequest,
    now: Instant,
) -> None:
    """Whatever the policy: a side that was never asked, or is weak or old, objects to nothing."""
    sides = fold(one), fold(arrange(other, first=len(one) + 1))
    merged = decide(replace(facts, standing=merge(*sides, LINK)), policy, question, now)
    if merged.allowed:
        alone = [decide(replace(facts, standing=side), policy, question, now) for side in sides]
        assert any(decision.allowed for decision in alone)
        assert not OBJECTIONS & {decision.reason for decision in alone}


@given(worlds(), histories(), histories(), policies(), questions(NEEDING_A_YES), nows)
def test_a_weak_or_old_yes_takes_nothing_from_the_better_one(
    facts: DecisionContext,
    one: list[Event],
    other: list[Event],
    policy: Policy,
    question: SendRequest,
    now: Instant,
) -> None:
    sides = fold(one), fold(arrange(other, first=len(one) + 1))
    assume(not any(side.doubt for side in sides))  # a doubt of either side objects
    alone = [decide(replace(facts, standing=side), policy, question, now) for side in sides]
    merged = decide(replace(facts, standing=merge(*sides, LINK)), policy, question, now)
    if any(each.allowed for each in alone) and not OBJECTIONS & {each.reason for each in alone}:
        assert merged.allowed


@given(worlds(), histories(), policies(), questions(), nows)
def test_every_question_has_an_answer_with_a_reason(
    facts: DecisionContext,
    history: list[Event],
    policy: Policy,
    question: SendRequest,
    now: Instant,
) -> None:
    known = replace(facts, standing=fold(history))
    decision = decide(known, policy, question, now)
    assert decision.reason.explanation
    assert decision == decide(known, policy, question, now)
    assert (decision.position, decision.policy_fingerprint) == (facts.position, policy.fingerprint)


@given(worlds(), histories(), policies(), questions(NEEDING_A_YES), nows, events(STOPS))
def test_a_stop_never_turns_a_no_into_a_yes(
    facts: DecisionContext,
    history: list[Event],
    policy: Policy,
    question: SendRequest,
    now: Instant,
    stop: Event,
) -> None:
    before = decide(replace(facts, standing=fold(history)), policy, question, now)
    stopped = fold(arrange([*history, stop]))
    after = decide(replace(facts, standing=stopped), policy, question, now)
    assert before.allowed or not after.allowed


@given(worlds(), histories(), policies(), questions((MessageKind.FREE_FORM,)), nows, events(STOPS))
def test_a_stop_never_turns_a_no_to_a_reply_into_a_yes(
    facts: DecisionContext,
    history: list[Event],
    policy: Policy,
    question: SendRequest,
    now: Instant,
    stop: Event,
) -> None:
    before = decide(replace(facts, standing=fold(history)), policy, question, now)
    stopped = fold(arrange([*history, stop]))
    after = decide(replace(facts, standing=stopped), policy, question, now)
    assert before.allowed or not after.allowed
    assert after.reason is not Reason.STOP_CONFIRMATION


@given(worlds(), histories(), policies(), questions(), nows, st.sampled_from([(), ("marketing",)]))
def test_only_a_declared_confirmation_uses_the_exception_and_only_for_the_stop_that_waits(
    facts: DecisionContext,
    history: list[Event],
    policy: Policy,
    question: SendRequest,
    now: Instant,
    stopped: tuple[str, ...],
) -> None:
    known = replace(facts, standing=fold(history))
    decision = decide(known, policy, replace(question, stopped=stopped), now)
    assert decision.allowed or decision.reservations == ()
    if decision.reason is not Reason.STOP_CONFIRMATION:
        assert not (decision.allowed and question.kind is MessageKind.STOP_CONFIRMATION)
        return
    assert question.kind is MessageKind.STOP_CONFIRMATION
    (once,) = decision.reservations
    assert (decision.rule, once.key, once.bound) == (8, str(facts.stop_to_confirm), 1)
    assert now - facts.stop_said_at < CONFIRMED_WITHIN
    assert is_in_force(known.standing, stopped)
    used = replace(known, confirmed_stop=facts.stop_to_confirm)
    assert not decide(used, policy, replace(question, stopped=stopped), now).allowed


@given(worlds(), histories(), policies(), questions((MessageKind.TEMPLATE,)), nows)
def test_an_unknown_template_is_never_laxer_than_marketing(
    facts: DecisionContext,
    history: list[Event],
    policy: Policy,
    question: SendRequest,
    now: Instant,
) -> None:
    known = replace(facts, standing=fold(history), template=None)
    marketing = replace(question, kind=MessageKind.PURPOSE, purpose=PURPOSES[0])
    if decide(known, policy, question, now).allowed:
        assert decide(known, policy, marketing, now).allowed


@given(worlds(), policies(), questions(NEEDING_A_YES), nows)
def test_no_record_means_no(
    facts: DecisionContext, policy: Policy, question: SendRequest, now: Instant
) -> None:
    nothing = replace(facts, standing=NOTHING_SAID)
    assert decide(nothing, policy, question, now).verdict is Verdict.DENY


@given(worlds(), histories(), policies(), questions((MessageKind.UNKNOWN,)), nows)
def test_an_unknown_kind_of_message_never_leaves(
    facts: DecisionContext,
    history: list[Event],
    policy: Policy,
    question: SendRequest,
    now: Instant,
) -> None:
    known = replace(facts, standing=fold(history))
    assert not decide(known, policy, question, now).allowed


@given(worlds(), histories(), policies(), questions(NEEDING_A_YES), nows)
def test_a_stricter_policy_never_allows_more(
    facts: DecisionContext,
    history: list[Event],
    policy: Policy,
    question: SendRequest,
    now: Instant,
) -> None:
    known = replace(facts, standing=fold(history))
    strictest = {
        category: Terms(assurance_min=Assurance.CONFIRMED, age_days_max=terms.age_days_max)
        for category, terms in policy.purposes.items()
    }
    if decide(known, replace(policy, purposes=strictest), question, now).allowed:
        assert decide(known, policy, question, now).allowed


@given(worlds(), histories(), policies(), questions(NEEDING_A_YES), nows)
def test_after_a_stop_of_everything_nothing_that_needs_a_yes_leaves(
    facts: DecisionContext,
    history: list[Event],
    policy: Policy,
    question: SendRequest,
    now: Instant,
) -> None:
    stop = event(EventKind.WITHDRAWN, LATEST, purposes=())
    known = replace(facts, standing=fold(arrange([*history, stop])))
    assert not decide(known, policy, question, now).allowed


@given(worlds(), histories(), policies(), questions(NEEDING_A_YES), nows)
def test_a_code_is_sent_once_for_a_fresh_wish_and_for_nothing_else(
    facts: DecisionContext,
    history: list[Event],
    policy: Policy,
    question: SendRequest,
    now: Instant,
) -> None:
    known = replace(facts, standing=fold(history))
    decision = decide(known, policy, question, now)
    if decision.reason is not Reason.CODE_ASKED_FOR:
        return
    assert decision.purpose.startswith("authentication")
    (once,) = decision.reservations
    assert once.bound == 1
    wish = next(one for one in history if str(one.position) == once.key)
    assert (wish.kind, wish.surface) == (EventKind.GRANTED, Surface.CODE)
    assert now - wish.occurred_at < CODE_ASKED_WITHIN
    used = replace(known, answered_code=wish.position)
    assert not decide(used, policy, question, now).allowed


@given(worlds(), histories(), policies(), questions(NEEDING_A_YES), nows)
def test_a_wish_that_is_only_claimed_never_lifts_a_no(
    facts: DecisionContext,
    history: list[Event],
    policy: Policy,
    question: SendRequest,
    now: Instant,
) -> None:
    claimed = [
        replace(one, assurance=Assurance.ASSERTED)
        for one in history
        if one.kind is not EventKind.CONFIRMED
    ]
    stop = event(EventKind.WITHDRAWN, 0, purposes=())
    wish = event(
        EventKind.GRANTED,
        LATEST,
        purposes=("authentication",),
        assurance=Assurance.ASSERTED,
        surface=Surface.CODE,
    )
    known = replace(facts, standing=fold(arrange([stop, *claimed, wish])))
    assert not decide(known, policy, question, now).allowed
