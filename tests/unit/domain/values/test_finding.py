"""A finding that asks for attention says what to do."""

from __future__ import annotations

import pytest

from askfirst.domain.values.errors import InvalidInput
from askfirst.domain.values.finding import Finding, Severity


def test_a_problem_without_a_remedy_is_refused() -> None:
    with pytest.raises(InvalidInput, match="what to do"):
        Finding(check="clock", severity=Severity.PROBLEM, summary="The clock is behind.")


def test_what_is_fine_needs_no_remedy() -> None:
    finding = Finding(check="clock", severity=Severity.OK, summary="The clock is right.")
    assert finding.remedy == ""
