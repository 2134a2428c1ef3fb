"""Answers to what is asked of a file, out of the form of its page.

A column stands in the form by its place among what was asked: names of columns are anybody's.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from askfirst.domain.bulk.import_job import ImportJob
from askfirst.domain.bulk.import_settings import DateOrder, ImportQuestion, QuestionCode, Role
from askfirst.domain.values.errors import InvalidInput
from askfirst.usecases.bulk.imports.receive_import import ImportAnswers

_EVERYBODY: Final = {"everybody": True, "nobody": False}
"""In the place of a column of answers: the operator's word about all rows."""


def answers_of(form: Mapping[str, str], job: ImportJob) -> ImportAnswers:
    """Read the answers to a file's questions, or how it is to be read otherwise.

    Raises:
        InvalidInput: a question has no answer, or none that can be.
    """
    asked = {question.code: question for question in job.questions}
    columns = (*_columns(form, _names(job, asked)), *_chosen_columns(form, asked))
    return ImportAnswers(
        columns=columns,
        only=_values(form, asked.get(QuestionCode.CHANNEL)),
        sheet=_one_of(form, "sheet", asked.get(QuestionCode.SHEET)),
        country=form.get("country", ""),
        time_zone=_needed(form, "time_zone", asked.get(QuestionCode.TIME_ZONE)).strip(),
        date_order=_order(_needed(form, "date_order", asked.get(QuestionCode.DATE_ORDER))),
        everybody=_EVERYBODY.get(form.get("state", "")) if QuestionCode.STATE in asked else None,
        encoding=form.get("encoding", "").strip(),
        delimiter=form.get("delimiter", ""),
    )


def _names(job: ImportJob, asked: Mapping[QuestionCode, ImportQuestion]) -> Sequence[str]:
    """Return the columns that the form may say something of, in the order of its fields."""
    if QuestionCode.COLUMNS in asked:
        return asked[QuestionCode.COLUMNS].choices
    return [name for name, _ in job.preview.columns] if job.preview else ()


def _columns(form: Mapping[str, str], names: Sequence[str]) -> list[tuple[str, Role]]:
    given = [
        (name, _role(form[field]))
        for place, name in enumerate(names)
        if (field := f"column.{place}") in form
    ]
    other = form.get("other", "").strip()
    return [*given, (other, _role(form.get("other_role", "")))] if other else given


def _chosen_columns(
    form: Mapping[str, str], asked: Mapping[QuestionCode, ImportQuestion]
) -> list[tuple[str, Role]]:
    found = []
    for code, role in ((QuestionCode.PHONE, Role.PHONE), (QuestionCode.STATE, Role.STATE)):
        question, text = asked.get(code), form.get(code.value, "")
        if question is None or (code is QuestionCode.STATE and text in _EVERYBODY):
            continue
        if not text.isascii() or not text.isdigit() or int(text) >= len(question.choices):
            raise InvalidInput(code.value, "must be answered: choose a column")
        found.append((question.choices[int(text)], role))
    return found


def _values(form: Mapping[str, str], question: ImportQuestion | None) -> tuple[str, ...]:
    if question is None:
        return ()
    values = tuple(value for place, value in enumerate(question.choices) if f"only.{place}" in form)
    if not values:
        raise InvalidInput("channel", "must be answered: choose one value or more")
    return values


def _one_of(form: Mapping[str, str], name: str, question: ImportQuestion | None) -> str:
    text = _needed(form, name, question)
    if question and text not in question.choices:
        raise InvalidInput(name, "must be one of those in the file")
    return text


def _needed(form: Mapping[str, str], name: str, question: ImportQuestion | None) -> str:
    text = form.get(name, "")
    if question and not text.strip():
        raise InvalidInput(name, "must be answered")
    return text


def _order(text: str) -> DateOrder | None:
    try:
        return DateOrder(text) if text else None
    except ValueError as error:
        raise InvalidInput("date_order", "must be one of " + ", ".join(DateOrder)) from error


def _role(text: str) -> Role:
    try:
        return Role(text)
    except ValueError as error:
        raise InvalidInput("columns", "must say of each what it holds") from error
