"""What is judged again where a send is counted, by the rules of traffic alone, is what all say."""

from __future__ import annotations

from askfirst.decision.decide import RULES, decide, decide_and_count
from askfirst.decision.traffic import NO_TRAFFIC
from askfirst.domain.value import replace
from tests.properties.pairs import pairs

_PAIRS, _OTHERS = 2_000, 40


def test_a_send_is_judged_again_as_all_rules_judge_it() -> None:
    """Whatever others sent in between: here, what somebody else was sent."""
    drawn = [pair.facts.traffic for pair in pairs(64, 400)]
    others = [one for one in drawn if one != NO_TRAFFIC][:_OTHERS]
    judged = refused = 0
    for pair in pairs(46, _PAIRS):
        asked = (pair.policy, pair.request, pair.now)
        decision, counting = decide_and_count(pair.facts, *asked)
        assert decision == decide(pair.facts, *asked)
        assert (counting is not None) == decision.allowed
        for other in others if counting is not None else ():
            traffic = other._replace(nearby=pair.facts.traffic.nearby)
            again = counting.judge(traffic) if counting is not None else None
            assert again == decide(replace(pair.facts, traffic=traffic), *asked)
            judged, refused = judged + 1, refused + (again != decision)
    assert judged > _PAIRS
    assert refused > judged // 20


def test_the_rules_that_are_asked_again_are_those_that_a_count_can_change() -> None:
    asked = {rule.name for rule in RULES if rule.is_of_traffic}
    assert asked == {
        "duplicate",
        "frequency cap",
        "messaging limit",
        "pair rate",
        "throughput",
    }
