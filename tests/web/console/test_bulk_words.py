"""Whatever a file may bring up has words: each state, question, result, reason and column."""

from __future__ import annotations

from collections.abc import Iterable

import pytest

from askfirst.domain.bulk.import_job import ImportState
from askfirst.domain.bulk.import_row import Repair, RowOutcome, RowReason
from askfirst.domain.bulk.import_settings import DateOrder, ImportMode, QuestionCode, Role
from askfirst.domain.bulk.screen_job import UNREAD, ScreenState
from askfirst.domain.operators.audit_entry import AuditAct
from askfirst.web.console.words import console_words


@pytest.mark.parametrize(
    ("keys", "codes"),
    [
        ("import_state.{}", (*ImportState, *ScreenState)),
        ("ask.{}", QuestionCode),
        ("order.{}", DateOrder),
        ("outcome_of.{}", RowOutcome),
        ("outcome_note.{}", RowOutcome),
        ("row.{}", [reason for reason in RowReason if reason]),
        ("repair.{}", Repair),
        ("holds_column.{}", Role),
        ("imports.{}", ImportMode),
        ("verdict.{}", [UNREAD]),
        ("act.{}", AuditAct),
    ],
)
def test_each_code_has_words(keys: str, codes: Iterable[str]) -> None:
    source = console_words()["en"].keys()
    assert {keys.format(code) for code in codes} <= source
