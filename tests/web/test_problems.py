"""What a caller is told of an error: the true story, and what to do."""

from __future__ import annotations

import pytest

from askfirst.domain.values.errors import Conflict, NotPermitted, Unavailable
from askfirst.web.api import openapi
from askfirst.web.problems import headers_of, problem_of


@pytest.mark.parametrize(
    "message", ["the Idempotency-Key was used before", "there is no sender in service"]
)
def test_a_conflict_is_not_always_about_a_name(message: str) -> None:
    problem = problem_of(Conflict(message))
    assert (problem.status, problem.detail) == (409, message)
    assert problem.kind.title == "It conflicts with what is there"


def test_a_scope_is_named_where_it_is_one_that_lacks() -> None:
    problem = problem_of(NotPermitted("the key lacks the scope send", needed="send"))
    headers = dict(headers_of(problem))
    assert headers[b"www-authenticate"].endswith(b'error="insufficient_scope", scope="send"')


def test_who_may_not_for_another_reason_is_not_sent_for_a_scope() -> None:
    problem = problem_of(NotPermitted("the form must come from a page of this site"))
    assert problem.kind.title == "The caller may not do this"
    assert b"www-authenticate" not in dict(headers_of(problem))


def test_what_is_unavailable_is_sent_again_with_the_same_key() -> None:
    """Where the connection broke during the commit, it may have been written nevertheless."""
    words = (Unavailable.__doc__ or "", openapi.WORDS[503])
    for told in words:
        assert "nothing is acknowledged" in told.lower()
        assert "with the same Idempotency-Key" in told
        assert "nothing was" not in told.lower()
