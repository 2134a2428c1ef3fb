"""What holds of caps and paces, whatever is tried and whenever."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from askfirst.decision.decide import decide
from askfirst.decision.decision import Verdict
from askfirst.decision.facts import DecisionContext
from askfirst.decision.limits import Caps, Duplicates, Pacing
from askfirst.decision.policy import Policy
from askfirst.decision.traffic import Pace, PaceState, People, SentMessage, Traffic
from askfirst.domain.consent.event import EventKind
from askfirst.domain.consent.frequency import Frequency
from askfirst.domain.consent.standing import fold
from askfirst.domain.value import replace
from askfirst.domain.values.ids import ContactId, Position
from askfirst.domain.values.purpose import Purpose
from askfirst.domain.values.timestamp import DAY, HOUR, SECOND, Instant
from tests.properties.histories import LATEST, arrange, event
from tests.support import builders

TOPICS = ("marketing", "marketing.offers", "marketing.news")

frequencies = st.builds(Frequency, st.integers(1, 5), st.integers(1, 30))
caps = st.dictionaries(
    st.sampled_from([*TOPICS, "overall"]), st.lists(frequencies, max_size=3).map(tuple), max_size=4
)
steps = st.lists(
    st.tuples(
        st.integers(0, 3 * DAY) | st.sampled_from([0, 1, DAY, 7 * DAY, DAY - 1]),
        st.sampled_from(TOPICS),
    ),
    max_size=40,
)


def roomy(limits: dict[str, tuple[Frequency, ...]]) -> Policy:
    return Policy(
        topics=frozenset(TOPICS[1:]),
        caps=Caps(limits=limits),
        duplicates=Duplicates(minutes={}),
        pace=Pacing(pair_seconds=0, messages_per_second=0),
    )


def facts(sent: list[SentMessage], now: Instant) -> DecisionContext:
    """What is known of a person whose yes is never too old."""
    said = replace(event(EventKind.GRANTED, at=0), occurred_at=Instant(now - 1), recorded_at=now)
    return DecisionContext(
        position=Position(1),
        contacts=(ContactId("con_1"),),
        standing=fold(arrange([said])),
        sender=builders.sender(),
        traffic=Traffic(sent=tuple(sent)),
    )


def counts_for(name: str, purpose: str) -> bool:
    return name in {"overall", purpose, purpose.split(".", maxsplit=1)[0]}


@given(caps, steps)
def test_no_window_ever_holds_more_than_its_cap_and_waiting_as_told_is_enough(
    limits: dict[str, tuple[Frequency, ...]], steps: list[tuple[int, str]]
) -> None:
    policy, sent, now = roomy(limits), list[SentMessage](), Instant(LATEST)
    for pause, name in steps:
        now = Instant(now + pause)
        question = builders.question(purpose=Purpose(name))
        decision = decide(facts(sent, now), policy, question, now)
        if decision.verdict is Verdict.WAIT:
            assert decision.retry_at is not None
            assert decision.retry_at > now
            before = Instant(decision.retry_at - 1)
            assert not decide(facts(sent, before), policy, question, before).allowed
            now = decision.retry_at
            decision = decide(facts(sent, now), policy, question, now)
        assert decision.allowed
        sent.append(SentMessage(now, name))
    for name, own in limits.items():
        times = [one.at for one in sent if counts_for(name, one.purpose)]
        for cap in own:
            for start in times:
                within = [at for at in times if start <= at < start + cap.days * DAY]
                assert len(within) <= cap.count


@given(
    st.integers(1, 10),
    st.integers(1, 50),
    st.lists(st.integers(0, 20 * SECOND), min_size=1, max_size=120),
)
def test_a_pace_never_owes_more_than_its_burst_and_is_paid_for(
    seconds: int, burst: int, pauses: list[int]
) -> None:
    pace = Pace(seconds * SECOND, burst, 6 * SECOND)
    state, now, sent = PaceState(), Instant(LATEST), list[int]()
    for pause in pauses:
        now = Instant(now + pause)
        until = pace.next_at(state, now)
        if until is not None:
            assert until > now
            now = until
        assert pace.next_at(state, now) is None
        state = pace.taken(state, now)
        sent.append(now)
    most = burst if pace.interval >= pace.within else burst + pace.within // pace.interval
    for start in sent:
        assert len([at for at in sent if start <= at < start + pace.within]) <= most
    total = sent[-1] - sent[0]
    assert len(sent) <= total // pace.interval + burst + 1


@given(
    st.integers(1, 9),
    st.dictionaries(st.integers(0, 30), st.integers(0, 5), max_size=30),
)
def test_people_are_never_counted_too_few(limit: int, ago: dict[int, int]) -> None:
    """Whoever was written to at any time of an hour that touches the last day counts."""
    now = Instant(LATEST + 40 * DAY + 1)
    hours = tuple((now // HOUR - back, people) for back, people in ago.items())
    people = People(limit, hours)
    sure = sum(number for back, number in ago.items() if back <= 24)
    assert people.counted(now) >= sum(number for back, number in ago.items() if back < 24)
    assert people.counted(now) <= sure
    if people.counted(now):
        assert people.next_at(now) > now
        assert people.counted(people.next_at(now)) < people.counted(now)
