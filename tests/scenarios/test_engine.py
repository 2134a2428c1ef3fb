"""Every case, on the pure engine: fold, then decide."""

import pytest

from askfirst.decision.decide import decide
from tests.scenarios.book import Book
from tests.scenarios.story import Case, load_cases

CASES = load_cases()


def test_there_are_enough_cases_and_each_has_its_own_title() -> None:
    assert len(CASES) >= 45
    assert len({str(case) for case in CASES}) == len(CASES)


@pytest.mark.parametrize("case", CASES, ids=str)
def test_the_engine_decides(case: Case) -> None:
    book = Book()
    for act in case.acts:
        book.play(act)
    facts, question = book.ask(case)
    decision = decide(facts, case.policy, question, case.ask.at)
    assert (decision.verdict, decision.reason) == (case.verdict, case.reason)
    assert case.purpose is None or decision.purpose == case.purpose
    assert decision.retry_at == case.retry
