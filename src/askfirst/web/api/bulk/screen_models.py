"""What goes in and comes out about screenings."""

from __future__ import annotations

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from askfirst.domain.bulk.import_settings import NAME_MAX
from askfirst.domain.bulk.screen_job import ScreenState
from askfirst.web.api.platform.models import Time, Told

_Name = Annotated[str, Field(max_length=NAME_MAX)]
_Code = Annotated[str, Field(max_length=64)]


class ScreenQuery(BaseModel):
    """What is asked of each person of a list. Name a purpose, or a template."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    purpose: str = Field(
        "", max_length=64, description="What messages are for, such as `marketing.offers`."
    )
    template: str = Field("", max_length=512, description="Or the name of a template.")
    language: str = Field("", max_length=16, description="The language of the template.")
    sender: str = Field(
        "",
        max_length=64,
        description="Meta's phone number id of the sender. Default: your only sender.",
    )
    country: str = Field(
        "",
        max_length=2,
        description="Where numbers without a country code are dialled. Default: your country.",
    )
    sheet: _Name = Field("", description="The sheet of the workbook to read.")
    phone_column: _Name = Field(
        "", description="The column that holds the number, where it is not found by its name."
    )


class ScreenRowsQuery(BaseModel):
    """Which rows are wanted: those of one answer."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    verdict: _Code = Field(description="As `answers` names it: `allow`, `deny`, `wait`, `unread`.")
    reason: _Code = Field(description="As `answers` names it, such as `no_opt_in`.")


class ScreenAnswerCount(Told):
    """How many rows have one answer."""

    verdict: str = Field(description="`allow`, `deny`, `wait`; `unread`: the row names nobody.")
    reason: str = Field(description="The reason, for programs. It never changes.")
    explanation: str = Field(description="What it means.")
    remedy: str = Field(description="What to do about it. May be empty.")
    rows: int = Field(description="How many rows have this answer.")
    percent: float = Field(description="Their part, to a tenth. All parts sum to 100.")


class ScreenAnswer(Told):
    """A screening."""

    id: str = Field(description="Its id.", examples=["scr_01KGA2V8M0Q3R5T7W9Y1B3D5F7"])
    state: ScreenState = Field(
        description="`screening`: wait. `done`: read the answers. `unreadable`: see `problem`."
    )
    sender: str = Field(description="Whom the messages would go from.")
    purpose: str | None = Field(description="What the messages are for.")
    template: str | None = Field(description="Or of which template they are.")
    language: str | None = Field(description="The language of the template.")
    created_at: Time = Field(description="When the list came.")
    rows: int = Field(description="Rows that are answered.")
    problem: str | None = Field(description="Why the list cannot be read, and what would be right.")
    decided_at: Time | None = Field(description="The moment of which all answers are.")
    position: int | None = Field(description="The ledger position that all answers rest on.")
    policy: str | None = Field(description="The fingerprint of the policy that was followed.")
    answers: list[ScreenAnswerCount] = Field(
        description="By answer, the most frequent first: each row is in one of them."
    )
    note: str = Field(description="That no answer is a permit.")


class ScreenPage(Told):
    """A part of the list."""

    data: list[ScreenAnswer] = Field(description="The screenings, the newest first.")
    next_cursor: str | None = Field(description="Give it as `after`; null: this was the last.")
