"""Operators as values: roles, addresses, passwords, waits, lines of the log."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from askfirst.domain.operators.audit_entry import AuditAct, AuditEntry
from askfirst.domain.operators.operator import (
    MAY,
    OperatorRole,
    Permission,
    check_name,
    check_password,
    parse_email,
    parse_role,
)
from askfirst.domain.operators.sign_in_waits import SignInSubject, SignInTries, wait_after
from askfirst.domain.values.errors import InvalidInput
from askfirst.domain.values.ids import AuditEntryId, BusinessId
from askfirst.domain.values.timestamp import DAY, MINUTE
from tests.support.clocks import at


def test_a_viewer_may_see_no_number_and_change_nothing() -> None:
    assert MAY[OperatorRole.VIEWER] == {Permission.OVERVIEW, Permission.PEOPLE}


def test_only_an_admin_keeps_the_team_and_may_do_everything() -> None:
    assert MAY[OperatorRole.ADMIN] == frozenset(Permission)
    assert [role for role in OperatorRole if Permission.TEAM in MAY[role]] == [OperatorRole.ADMIN]


def test_marketing_sees_no_number_and_erases_nobody() -> None:
    forbidden = {Permission.NUMBERS, Permission.ERASE, Permission.EVIDENCE, Permission.AUDIT}
    assert not forbidden & MAY[OperatorRole.MARKETING]


@pytest.mark.parametrize("text", ["ana", "ana@host", "a b@c.example", "a@b.example?x=1", ""])
def test_what_is_no_address_is_refused(text: str) -> None:
    with pytest.raises(InvalidInput, match="e-mail address"):
        parse_email(text)


def test_two_spellings_of_an_address_are_one() -> None:
    assert parse_email(" Ana@Example.COM ") == "ana@example.com"


@pytest.mark.parametrize("text", ["short", "a" * 12, "x" * 257, "ana.maria@example.com"])
def test_a_password_is_long_and_not_the_address(text: str) -> None:
    with pytest.raises(InvalidInput, match="must"):
        check_password(text, "ana.maria@example.com")


def test_names_and_roles_are_checked() -> None:
    assert check_name("  Ana   Maria ") == "Ana Maria"
    with pytest.raises(InvalidInput):
        check_name("x" * 81)
    with pytest.raises(InvalidInput, match="viewer, support"):
        parse_role("boss")


@given(st.sampled_from(SignInSubject), st.integers(1, 500))
def test_waits_never_shrink_and_never_pass_half_an_hour(subject: SignInSubject, count: int) -> None:
    assert wait_after(subject, count) <= wait_after(subject, count + 1) <= 30 * MINUTE


def test_a_guesser_has_fewer_than_a_hundred_tries_a_day_for_one_operator() -> None:
    tries, now, count = SignInTries(), at(0), 0
    while now < at(DAY // 1_000_000):
        now = max(now, tries.opens_at)
        tries = tries.counted(SignInSubject.OPERATOR, now)
        count += 1
        now = type(now)(now + 1)
    assert count < 100


def test_a_line_of_the_log_takes_ids_and_codes_only() -> None:
    with pytest.raises(InvalidInput):
        AuditEntry(
            entry_id=AuditEntryId("aud_1"),
            business_id=BusinessId("shop"),
            at=at(0),
            operator_id=None,
            act=AuditAct.LOOKED_AT,
            about="+33 6 12 34 56 78",
        )
