"""Rows of brakes as values, for both backends."""

from __future__ import annotations

from functools import lru_cache
from typing import Any, Final, NamedTuple

import msgspec

from askfirst.domain.brakes.brake import Brake, BrakeChange, BrakeStep, Cause, Colour, Hold
from askfirst.domain.brakes.subject import BrakeScope, Subject, read_subject
from askfirst.domain.value import replace
from askfirst.domain.values.ids import BrakeChangeId, BrakeId, BusinessId
from askfirst.domain.values.timestamp import DAY, Instant
from askfirst.storage.platform.rows import Row

FACTS_BRAKES_MAX: Final = 200
"""How many brakes that are on the facts of a decision hold; where there are more, all marketing
is held."""
KEPT_FOR_BRAKES: Final = 10 * DAY
"""How long it is known what was sent and counted: longer than anything is judged by."""
SWEPT_WITH_BRAKES: Final = ("sweep_marketing_sends", "sweep_brake_counts")
_BETWEEN: Final = "\n"
_read_json = msgspec.json.Decoder(list[tuple[Any, ...]]).decode


class BrakeRow(NamedTuple):
    """The columns of each statement that reads brakes."""

    brake_id: str
    subject: str
    holds: str
    colour: str
    cause: str
    since: int
    lifts_at: int | None
    detail: str
    set_by: str
    reason: str
    lifted_at: int | None = None


class BrakeChangeRow(NamedTuple):
    """The columns of each statement that reads changes."""

    change_id: str
    brake_id: str
    changed_at: int
    step: str
    colour: str
    lifts_at: int | None
    detail: str
    changed_by: str
    reason: str


class BrakeSubjectRow(NamedTuple):
    """The columns of a subject."""

    subject: str
    sends: int
    filled_at: int | None
    passed_at: int | None
    judged_from: int


def row_brake(business_id: BusinessId, columns: Row) -> Brake:
    """Read a brake."""
    row = BrakeRow._make(columns)
    return Brake(
        business_id=business_id,
        brake_id=BrakeId(row.brake_id),
        subject=read_subject(row.subject),
        holds=Hold(row.holds),
        colour=Colour(row.colour),
        cause=Cause(row.cause),
        since=Instant(row.since),
        lifts_at=_instant(row.lifts_at),
        detail=row.detail,
        set_by=row.set_by,
        reason=row.reason,
        lifted_at=_instant(row.lifted_at),
    )


def brake_row(brake: Brake) -> tuple[object, ...]:
    """Parameters of statement `put_brake`."""
    return (
        brake.business_id,
        brake.brake_id,
        brake.subject.key,
        brake.holds.value,
        brake.colour.value,
        brake.cause.value,
        brake.since,
        brake.lifts_at,
        brake.detail,
        brake.set_by,
        brake.reason,
        brake.lifted_at,
    )


def change_row(change: BrakeChange) -> tuple[object, ...]:
    """Parameters of statement `add_brake_change`."""
    brake = change.brake
    return (
        brake.business_id,
        change.change_id,
        brake.brake_id,
        change.at,
        change.step.value,
        brake.colour.value,
        brake.lifts_at,
        brake.detail,
        change.by,
        change.reason,
    )


def row_change(brake: Brake, columns: Row) -> BrakeChange:
    """Read a change of a brake: the brake as it was after it."""
    row = BrakeChangeRow._make(columns)
    step = BrakeStep(row.step)
    after = replace(
        brake,
        colour=Colour(row.colour),
        lifts_at=_instant(row.lifts_at),
        detail=row.detail,
        lifted_at=Instant(row.changed_at) if step is BrakeStep.LIFTED else None,
    )
    return BrakeChange(
        change_id=BrakeChangeId(row.change_id),
        brake=after,
        step=step,
        at=Instant(row.changed_at),
        by=row.changed_by,
        reason=row.reason,
    )


@lru_cache(maxsize=256)
def brakes_of(business_id: BusinessId, text: str | None) -> tuple[Brake, ...]:
    """Read the column `brakes` of the facts: mostly there is none. Equal texts are read once."""
    if not text or text == "[]":
        return ()
    rows = _read_json(text)
    found = tuple(row_brake(business_id, (*row, None)) for row in rows[:FACTS_BRAKES_MAX])
    if len(rows) <= FACTS_BRAKES_MAX:
        return found
    return (*found, _too_many(found[0]))


def _too_many(brake: Brake) -> Brake:
    """Doubt means no: what was not read may hold this message, too."""
    return replace(
        brake,
        subject=Subject(BrakeScope.BUSINESS),
        holds=Hold.MARKETING,
        colour=Colour.RED,
        cause=Cause.ALERT,
        lifts_at=None,
        detail=f"more than {FACTS_BRAKES_MAX} brakes are on",
    )


@lru_cache(maxsize=4096)
def subjects_text(subjects: tuple[Subject, ...]) -> str:
    """Write what a message is counted under, for its row."""
    return _BETWEEN.join(subject.key for subject in subjects)


def read_subjects(text: str) -> tuple[Subject, ...]:
    """Read it back."""
    return tuple(read_subject(key) for key in text.split(_BETWEEN))


def _instant(value: int | None) -> Instant | None:
    return None if value is None else Instant(value)
