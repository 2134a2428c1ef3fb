"""Read the file of an import, and tell what an import of it would do: nothing is recorded yet."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, field
from datetime import UTC, tzinfo
from functools import lru_cache, partial
from itertools import islice
from typing import Final, Protocol, TypeAlias
from zoneinfo import ZoneInfo

from askfirst.domain.bulk.cell_answers import is_blank
from askfirst.domain.bulk.cell_times import read_time
from askfirst.domain.bulk.columns import Layout, lay_out
from askfirst.domain.bulk.import_job import (
    PART_ROWS,
    ImportJob,
    ImportPreview,
    ImportState,
    hash_of,
)
from askfirst.domain.bulk.import_row import ImportRow
from askfirst.domain.bulk.import_settings import (
    DateOrder,
    ImportQuestion,
    ImportSettings,
    QuestionCode,
    Role,
)
from askfirst.domain.bulk.import_words import Concept, ImportWords, plain
from askfirst.domain.bulk.table import Record, TableShape
from askfirst.domain.bulk.verdict import settle_in_file
from askfirst.domain.value import replace
from askfirst.domain.values.errors import InvalidInput
from askfirst.ports.bulk.imports import HasImports
from askfirst.ports.bulk.tables import FileFacts, HasTables, RowFile, SourceFile, Table
from askfirst.ports.platform.clock import HasClock
from askfirst.ports.platform.phone_numbers import HasNumbering
from askfirst.ports.prompts.prompts import HasProfiles
from askfirst.ports.sending.asking_policy import HasAskingPolicy
from askfirst.usecases.bulk.imports.judge_rows import judge_rows
from askfirst.usecases.bulk.imports.read_rows import RowContext, RowReader
from askfirst.usecases.bulk.imports.summary import SummaryCounter
from askfirst.usecases.contacts.countries import country_of

_NAMELESS: Final = frozenset({"jsonl", "parquet"})
"""Kinds of files whose columns have names though no line is a header."""
_TIMES: Final = (Role.SAID_AT, Role.STOPPED_AT, Role.ENDS_AT)
_VALUES_MAX: Final = 50
_VALUE_MAX: Final = 80
Turn: TypeAlias = Callable[[], Awaitable[None]]


class PrepareImportNeeds(
    HasClock, HasImports, HasNumbering, HasAskingPolicy, HasProfiles, HasTables, Protocol
):
    """What this use case needs from the world."""


@dataclass(slots=True)
class Survey:
    """What a table settles itself, and what has to be asked: fed record by record.

    One 25/12 tells which number is the day in all its column.
    """

    layout: Layout
    zone: tzinfo
    rows: int = 0
    swaps: bool = False
    day_first: int = 0
    month_first: int = 0
    zoneless: bool = False
    channels: Counter[str] = field(default_factory=Counter)

    def see(self, record: Record) -> None:
        """Look at one record."""
        self.rows += 1
        cells, places = record.cells, self.layout.places
        if record.trouble or len(cells) != len(self.layout.header):
            return
        for role in _TIMES:
            at = places.get(role)
            if at is not None and cells[at]:
                self._see_time(cells[at])
        at = places.get(Role.CHANNEL)
        if at is not None and not is_blank(cells[at]) and len(self.channels) < _VALUES_MAX:
            self.channels[cells[at].strip()[:_VALUE_MAX]] += 1

    def _see_time(self, text: str) -> None:
        found = read_time(text, self.zone, None)
        if found is None:
            return
        self.swaps = self.swaps or found.swaps
        self.day_first += found.first_is_day
        self.month_first += found.second_is_day
        self.zoneless = self.zoneless or not found.has_zone

    def fits(self, settings: ImportSettings) -> bool:
        """Whether rows that were read with these settings are read as they are to be.

        Once it does not, it never will: what was not read need not be, then.
        """
        is_swapped = self.swaps and settings.date_order is None
        return not (is_swapped or (self.channels and not settings.only))

    def understood(self, settings: ImportSettings, words: ImportWords) -> ImportSettings:
        """Return the settings with what was found out."""
        order, only = self.date_order(settings), self.only(settings, words)
        return replace(settings, date_order=order, only=only)

    def date_order(self, settings: ImportSettings) -> DateOrder | None:
        """Tell the order of day and month: as it was said, or as the file settles it."""
        if settings.date_order:
            return settings.date_order
        if self.day_first and not self.month_first:
            return DateOrder.DAY_FIRST
        if self.month_first and not self.day_first:
            return DateOrder.MONTH_FIRST
        return None

    def only(self, settings: ImportSettings, words: ImportWords) -> tuple[str, ...]:
        """Tell which values of the channel column are about WhatsApp."""
        if settings.only:
            return settings.only
        return tuple(
            value for value in self.channels if words.has_word(Concept.WHATSAPP, plain(value))
        )

    def questions(
        self, settings: ImportSettings, words: ImportWords, zones: tuple[str, ...]
    ) -> list[ImportQuestion]:
        """Return what only the operator can know."""
        asked = []
        if self.channels and not self.only(settings, words):
            about = f"which values of {self.layout.column(Role.CHANNEL)} are about WhatsApp"
            choices = tuple(value for value, _ in self.channels.most_common())
            asked.append(ImportQuestion(code=QuestionCode.CHANNEL, about=about, choices=choices))
        if self.swaps and self.date_order(settings) is None:
            about = "whether 03/04/2025 is the 3rd of April or the 4th of March in this file"
            orders = tuple(order.value for order in DateOrder)
            asked.append(ImportQuestion(code=QuestionCode.DATE_ORDER, about=about, choices=orders))
        if self.zoneless and not settings.time_zone and len(zones) != 1:
            about = "in which time zone the times of the file are"
            asked.append(ImportQuestion(code=QuestionCode.TIME_ZONE, about=about, choices=zones))
        return asked


async def give_way() -> None:
    """Let others have their turn."""
    await asyncio.sleep(0)


async def prepare_import(
    services: PrepareImportNeeds, job: ImportJob, turn: Turn = give_way
) -> ImportJob:
    """Read its file: it is ready then, or something has to be asked, or it cannot be read.

    `turn` is waited for between parts of the rows.

    Raises:
        UnsafeStorage: the file is gone: the import was given up.
    """
    with services.tables.source_file() as file:
        for part in range(job.source_parts):
            file.write(await services.imports.source(job, part))
        try:
            prepared = await _prepare(services, job, file, turn)
        except InvalidInput as error:
            problem = f"{error.field}: {error.message}"
            prepared = replace(job, state=ImportState.UNREADABLE, problem=problem)
    is_kept = await services.imports.change(prepared)
    if not is_kept and await services.imports.find(job.business_id, job.import_id) is None:
        await services.imports.forget(job)  # it was given up meanwhile: nothing of it stays
    return prepared


async def _prepare(
    services: PrepareImportNeeds, job: ImportJob, file: SourceFile, turn: Turn
) -> ImportJob:
    """Find out how it is to be read; then read it.

    Raises:
        InvalidInput: it cannot be read as a table.
    """
    settings, words = job.settings, services.tables.words
    country = settings.country or await country_of(services, job.business_id)
    table = await asyncio.to_thread(file.open_table, settings, words, country)
    shape = table.shape
    is_named = bool(shape.header_line) or shape.format in _NAMELESS
    layout = lay_out(shape.header, settings, words, is_named=is_named)
    zones = services.numbering.place("", country).zones if country else ()
    zone = _zone(settings, zones)
    context = RowContext(
        settings=replace(settings, country=country),
        layout=layout,
        words=words,
        numbering=services.numbering,
        zone=zone,
        country=country,
        topics=services.policy.topics,
        now=services.clock.now(),
        is_named=is_named,
    )
    asked = (*_sheet_question(shape, settings), *layout.questions)
    while True:
        survey, reading = Survey(layout, zone), _Reading(table=table, context=context, turn=turn)
        with services.tables.file_facts() as facts, services.tables.row_file() as kept:
            await reading.take_in(survey, facts, kept, is_asked=bool(asked))
            if asked := (*asked, *survey.questions(settings, words, zones)):
                return replace(
                    job, state=ImportState.ASKING, questions=asked, rows=survey.rows, problem=""
                )
            was_read_with = context.settings
            context = replace(context, settings=survey.understood(was_read_with, words))
            if survey.fits(was_read_with):
                return await _judge(services, job, replace(reading, context=context), facts, kept)


def _zone(settings: ImportSettings, zones: tuple[str, ...]) -> tzinfo:
    """Return the zone of times without one: as it was said, or the only one of the country."""
    if settings.time_zone:
        return ZoneInfo(settings.time_zone)
    return ZoneInfo(zones[0]) if len(zones) == 1 else UTC


def _sheet_question(shape: TableShape, settings: ImportSettings) -> list[ImportQuestion]:
    if settings.sheet or len(shape.sheets) < 2:  # noqa: PLR2004 - a choice
        return []
    about = "which sheet of the workbook is to be read"
    return [ImportQuestion(code=QuestionCode.SHEET, about=about, choices=shape.sheets)]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Reading:
    table: Table
    context: RowContext
    turn: Turn

    async def take_in(
        self, survey: Survey, facts: FileFacts, kept: RowFile, *, is_asked: bool
    ) -> None:
        """Survey the file, and read its rows as long as they need not be read otherwise."""
        reader, records = RowReader(self.context), self.table.records()
        while part := list(islice(records, PART_ROWS)):
            for record in part:
                survey.see(record)
            if not is_asked and survey.fits(self.context.settings):
                rows = [reader.read(record) for record in part]
                facts.learn(rows)
                kept.put(rows)
            await self.turn()


async def _judge(
    services: PrepareImportNeeds, job: ImportJob, reading: _Reading, facts: FileFacts, kept: RowFile
) -> ImportJob:
    """Judge the rows that were read: what they say of each other is known only then."""
    read = replace(job, preview=_preview(reading, SummaryCounter()), questions=(), problem="")
    counter, parts = SummaryCounter(), 0
    names_others = lru_cache(256)(partial(_names_others, reading.context.words))
    async for rows in _settled(kept, facts, reading.turn):
        await services.imports.put_rows(read, parts, rows)
        verdicts = await judge_rows(services, read, rows)
        for row, verdict in zip(rows, verdicts, strict=True):
            counter.add(verdict)
            counter.other_words += row.has_proof and names_others(row.proof[0])
        parts += 1
    preview = _preview(reading, counter)
    preview = replace(preview, hash=hash_of(job.digest, preview))
    return replace(
        read,
        state=ImportState.READY,
        rows=preview.summary.rows,
        parts=parts,
        done=0,
        preview=preview,
        settings=reading.context.settings,
    )


async def _settled(kept: RowFile, facts: FileFacts, turn: Turn) -> AsyncIterator[list[ImportRow]]:
    for part in kept.parts():
        yield [
            settle_in_file(row, others) for row, others in zip(part, facts.of(part), strict=True)
        ]
        await turn()


def _names_others(words: ImportWords, wording: str) -> bool:
    """Whether the words of a proof do not speak of WhatsApp at all."""
    return not words.has_word(Concept.WHATSAPP, plain(wording))


def _preview(reading: _Reading, counter: SummaryCounter) -> ImportPreview:
    shape, context = reading.table.shape, reading.context
    layout: Layout = context.layout
    settings = context.settings
    return ImportPreview(
        format=shape.format,
        encoding=shape.encoding,
        delimiter=shape.delimiter,
        header_line=shape.header_line,
        sheet=shape.sheet,
        other_sheets=shape.others,
        preset=layout.preset.name if layout.preset else "",
        columns=layout.read,
        country=context.country,
        time_zone=str(context.zone),
        date_order=settings.date_order.value if settings.date_order else "",
        summary=counter.total(),
    )
