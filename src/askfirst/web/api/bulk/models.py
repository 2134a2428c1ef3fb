"""What goes in and comes out about imports."""

from __future__ import annotations

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from askfirst.domain.bulk.import_job import ImportState
from askfirst.domain.bulk.import_settings import (
    COLUMNS_MAX,
    NAME_MAX,
    DateOrder,
    ImportMode,
    Role,
)
from askfirst.web.api.platform.models import Asked, Time, Told

_ColumnName = Annotated[str, Field(max_length=NAME_MAX)]
_Country = Annotated[str, Field(max_length=2)]
_Zone = Annotated[str, Field(max_length=64)]


class ImportQuery(BaseModel):
    """How a file is to be read, as far as you know it. What is left out is found, or asked."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    purpose: str = Field(
        "",
        max_length=64,
        description="What a yes in the file is for, such as `marketing.offers`. Needed, but for "
        "a list of stops: without it, they end everything.",
    )
    mode: ImportMode = Field(
        ImportMode.CONTACTS,
        description="`contacts`: people with their answers. `suppression`: people who want "
        "nothing; each row is a no.",
    )
    preset: str = Field(
        "", max_length=32, description="The product that wrote the file, where it is not found."
    )
    country: _Country = Field(
        "", description="Where numbers without a country code are dialled. Default: your country."
    )
    time_zone: _Zone = Field("", description="The zone of times that have none.")
    date_order: DateOrder | None = Field(None, description="What 03/04/2025 means.")
    everybody: bool | None = Field(
        None,
        description="In place of a column of answers: whether everybody in the file said yes. "
        "It is kept as your word.",
    )


class ColumnAnswer(Asked):
    """What one column holds."""

    name: _ColumnName = Field(description="The column, as the file names it.")
    holds: Annotated[
        Role, Field(strict=False, description="What it holds; `none`: do not read it.")
    ]


class ImportAnswersRequest(Asked):
    """Answers to what is asked of a file. What is left out stays as it was."""

    columns: Annotated[list[ColumnAnswer], Field(max_length=COLUMNS_MAX)] = Field(
        [], description="What columns hold."
    )
    only: Annotated[list[_ColumnName], Field(max_length=50)] = Field(
        [], description="The values of the channel column that are about WhatsApp."
    )
    sheet: _ColumnName = Field("", description="The sheet of the workbook to read.")
    country: _Country = Field("", description="Where numbers without a country code are dialled.")
    time_zone: _Zone = Field("", description="The zone of times that have none.")
    date_order: Annotated[
        DateOrder | None, Field(strict=False, description="What 03/04/2025 means.")
    ] = None
    everybody: bool | None = Field(
        None, description="In place of a column of answers: whether everybody said yes."
    )
    encoding: Annotated[str, Field(max_length=32)] = Field(
        "", description="The encoding, where the one that was found is wrong."
    )
    delimiter: Annotated[str, Field(max_length=16)] = Field(
        "", description="`comma`, `semicolon`, `tab` or `pipe`, where it was found wrong."
    )


class ConfirmRequest(Asked):
    """Your word that what the preview says is to be done."""

    hash: Annotated[str, Field(max_length=64)] = Field(description="`preview.hash`, as you saw it.")


class ImportQuestionAnswer(Told):
    """What has to be known before a row can be read."""

    code: str = Field(
        description="`sheet`, `columns`, `phone`, `state`, `channel`, `date_order` or `time_zone`."
    )
    about: str = Field(description="The question, in words.")
    choices: list[str] = Field(description="What can be answered; it may be empty.")


class RowCountAnswer(Told):
    """How many rows have one outcome."""

    outcome: str = Field(
        description="`yes`, `yes_with_proof`, `stop`: recorded. `skipped`: nothing is to be "
        "recorded. `refused`: the row is damaged."
    )
    reason: str | None = Field(description="Why a row is skipped or refused.")
    rows: int = Field(description="How many.")
    lines: list[int] = Field(description="The first lines of them.")


class LostAnswer(Told):
    """Opt-outs that cannot be read: somebody in there may have said stop."""

    rows: int = Field(description="How many.")
    lines: list[int] = Field(description="The first lines of them.")


class RePermissionAnswer(Told):
    """Whom you can ask again."""

    asserted: int = Field(description="People of whom there is only this file's word.")
    said_no: int = Field(
        description="People who said no, and whom a row calls a yes. Only they can say yes again."
    )


class SummaryAnswer(Told):
    """What becomes of the rows."""

    rows: int = Field(description="Rows of the file.")
    counts: list[RowCountAnswer] = Field(description="By outcome and reason.")
    repaired: dict[str, int] = Field(
        description="Rows with damage that could be undone in one way only, by its kind."
    )
    opt_outs_lost: LostAnswer = Field(description="Look at these first.")
    re_permission: RePermissionAnswer = Field(description="Whom you can ask again.")
    proofs_without_whatsapp: int = Field(
        description="Rows with proof whose words do not name WhatsApp."
    )


class ReadColumnAnswer(Told):
    """A column that is read."""

    name: str = Field(description="The column, as the file names it.")
    holds: str = Field(description="What it holds.")


class PreviewAnswer(Told):
    """How the file was read, and what an import of it would do."""

    hash: str = Field(description="Confirm this.")
    format: str = Field(description="`csv`, `jsonl`, `xlsx` or `parquet`.")
    encoding: str | None = Field(description="The encoding of text.")
    delimiter: str | None = Field(description="What parts the cells.")
    header_line: int | None = Field(description="The line that names the columns.")
    sheet: str | None = Field(description="The sheet that is read.")
    other_sheets: list[str] = Field(description="Sheets that are not read.")
    preset: str | None = Field(description="The product that wrote it, if that was found.")
    columns: list[ReadColumnAnswer] = Field(description="What is read. Nothing else is.")
    country: str | None = Field(description="Where numbers without a country code are dialled.")
    time_zone: str = Field(description="The zone of times that have none.")
    date_order: str | None = Field(description="What 03/04/2025 means.")
    would: SummaryAnswer = Field(description="What becomes of the rows, if you confirm.")


class ProgressAnswer(Told):
    """How far it is."""

    done: int = Field(description="Parts that are written.")
    parts: int = Field(description="Parts that there are, of 1,000 rows.")


class ImportAnswer(Told):
    """An import."""

    id: str = Field(description="Its id.", examples=["imp_01KGA2V8M0Q3R5T7W9Y1B3D5F7"])
    state: ImportState = Field(
        description="`preparing` and `running`: wait. `asking`: answer its questions. `ready`: "
        "look at the preview and confirm. `unreadable`: see `problem`."
    )
    mode: ImportMode = Field(description="What the rows are.")
    purpose: str | None = Field(description="What a yes is for. Null: stops end everything.")
    created_at: Time = Field(description="When the file came.")
    rows: int = Field(description="Rows of the file, once they are counted.")
    progress: ProgressAnswer = Field(description="How far it is.")
    problem: str | None = Field(description="Why the file cannot be read.")
    questions: list[ImportQuestionAnswer] = Field(description="What has to be answered.")
    preview: PreviewAnswer | None = Field(description="What was found.")
    summary: SummaryAnswer | None = Field(description="What became of the rows, once it is done.")


class ImportPage(Told):
    """A part of the list."""

    data: list[ImportAnswer] = Field(description="The imports, the newest first.")
    next_cursor: str | None = Field(description="Give it as `after`; null: this was the last.")
