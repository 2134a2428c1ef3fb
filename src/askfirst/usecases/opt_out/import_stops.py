"""Take a file of stops: each row is stored or refused, and what is stored is in force."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Final, Protocol

from askfirst.domain.consent.event import EventKind, NumberProof, Source
from askfirst.domain.consent.standing import EVERYTHING
from askfirst.domain.opt_out.stop_file import StopRow
from askfirst.domain.opt_out.stop_time import latest_reading
from askfirst.domain.prompts.prompt import Surface
from askfirst.domain.values.alias import Alias
from askfirst.domain.values.errors import InvalidInput
from askfirst.domain.values.ids import BusinessId
from askfirst.domain.values.purpose import parse_purpose
from askfirst.domain.values.timestamp import Instant
from askfirst.ports.consent.change import Statement, WriteBatch, WriteEntry
from askfirst.ports.consent.ledger import HasLedger
from askfirst.ports.platform.clock import HasClock
from askfirst.ports.platform.phone_numbers import HasNumbering
from askfirst.ports.prompts.prompts import HasProfiles
from askfirst.ports.sending.asking_policy import HasAskingPolicy
from askfirst.usecases.contacts.countries import country_of
from askfirst.usecases.contacts.read_contact import read_alias

BATCH_ROWS: Final = 250
"""Written together. A stop that is typed meanwhile waits some milliseconds for so many."""
_ALL: Final = frozenset({"", "all", "everything", EVERYTHING})
_TIME_UNREAD: Final = "said_at is not understood, so the stop counts from now on"
_CELL_ERROR: Final = "must be a number: the spreadsheet wrote an error there"
_ROUNDED: Final = "must have all its digits: a spreadsheet rounded it, the last six are zeros"
_ZEROS: Final = "000000"
_BETWEEN: Final = re.compile(r"[\s,;|]+")


class ImportStopsNeeds(HasClock, HasLedger, HasNumbering, HasAskingPolicy, HasProfiles, Protocol):
    """What this use case needs from the world."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RowRemark:
    """What is to be said of one row, without a word of what stands in it."""

    line: int
    field: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportedStops:
    """What became of the rows. `known` of those stored were there before, and changed nothing."""

    stored: int
    known: int
    refused: tuple[RowRemark, ...]
    noted: tuple[RowRemark, ...]

    def __add__(self, other: ImportedStops) -> ImportedStops:
        return ImportedStops(
            stored=self.stored + other.stored,
            known=self.known + other.known,
            refused=self.refused + other.refused,
            noted=self.noted + other.noted,
        )


NO_STOPS: Final = ImportedStops(stored=0, known=0, refused=(), noted=())


@dataclass(frozen=True, slots=True, kw_only=True)
class _Read:
    entry: WriteEntry
    remark: RowRemark | None


async def import_stops(
    services: ImportStopsNeeds, business_id: BusinessId, digest: str, rows: Iterable[StopRow]
) -> ImportedStops:
    """Store the stops of a file; when it returns, no message that was allowed before can leave.

    A row that says when the stop was said is one stop, in whichever file it stands; one that does
    not is one in its file, which `digest` names. So the same file again changes nothing, and a
    person who stopped, said yes and is in a newer file has stopped again. A row may name a person
    by several columns: each name stops.

    Raises:
        Unavailable: it cannot be written now. What was written before is in force; take the same
            file again.
    """
    country = await country_of(services, business_id)
    told = NO_STOPS
    waiting = iter(rows)
    while part := tuple(islice(waiting, BATCH_ROWS)):
        now = services.clock.now()
        reader = _RowReader(services, digest, country, now)
        read = list(reader.read_all(part))
        entries = tuple(one.entry for one in read)
        known = 0
        if entries:
            change = WriteBatch(business_id=business_id, recorded_at=now, items=entries)
            known = (await services.ledger.commit(change)).duplicates
        noted = tuple(one.remark for one in read if one.remark)
        refused = tuple(reader.refused)
        told += ImportedStops(stored=len(read), known=known, refused=refused, noted=noted)
    return told


@dataclass(frozen=True, slots=True, kw_only=True)
class ListedStop:
    """A stop that a file tells of. `purposes` empty: of everything; `said_at` None: not told."""

    aliases: tuple[Alias, ...]
    purposes: tuple[str, ...]
    said_at: Instant | None
    evidence: bytes


def stop_entry(stop: ListedStop, digest: str, now: Instant) -> WriteEntry:
    """Write down a stop of a file, whichever door the file came through.

    One that says when it was said is one stop in whichever file it stands; one that does not is one
    in its file, which `digest` names, and counts from now.
    """
    statements = tuple(
        Statement(
            aliases=(alias,),
            kind=EventKind.WITHDRAWN,
            occurred_at=min(stop.said_at or now, now),
            source=Source.IMPORT,
            surface=Surface.IMPORT,
            number_proof=NumberProof.VOUCHED,
            purposes=stop.purposes,
            evidence=stop.evidence,
        )
        for alias in stop.aliases
    )
    return WriteEntry(acts=statements, source_id=stop_source(stop, digest))


def stop_source(stop: ListedStop, digest: str) -> str:
    """Name a stop, so that it is written once."""
    what = (*(alias.key for alias in stop.aliases), *stop.purposes, stop.said_at or digest)
    return "stop_file:" + json.dumps(what)


def read_scope(scope: str, topics: frozenset[str]) -> tuple[str, ...]:
    """Read what is to stop; nothing is everything, and then nothing is named.

    Raises:
        InvalidInput: it names what the business does not use.
    """
    names = _BETWEEN.split(scope.strip().lower())
    if _ALL.issuperset(names):
        return ()
    return tuple(dict.fromkeys(parse_purpose(name, topics, "scope").name for name in names))


class _RowReader:
    def __init__(self, services: ImportStopsNeeds, digest: str, country: str, now: Instant) -> None:
        self._services = services
        self._digest, self._country, self._now = digest, country, now
        self.refused: list[RowRemark] = []

    def read_all(self, rows: Iterable[StopRow]) -> Iterator[_Read]:
        for row in rows:
            try:
                yield self._read(row)
            except InvalidInput as error:
                remark = RowRemark(line=row.line, field=error.field, reason=error.message)
                self.refused.append(remark)

    def _read(self, row: StopRow) -> _Read:
        if row.trouble:
            raise InvalidInput("row", row.trouble)
        aliases = tuple(self._alias(column, value) for column, value in row.names)
        purposes = read_scope(row.scope, self._services.policy.topics)
        said_at = latest_reading(row.said_at) if row.said_at else None
        remark = None
        if row.said_at and said_at is None:
            remark = RowRemark(line=row.line, field="said_at", reason=_TIME_UNREAD)
        stop = ListedStop(
            aliases=aliases, purposes=purposes, said_at=said_at, evidence=self._evidence(row)
        )
        return _Read(entry=stop_entry(stop, self._digest, self._now), remark=remark)

    def _alias(self, column: str, value: str) -> Alias:
        if value.startswith("#"):
            raise InvalidInput(column, _CELL_ERROR)
        alias = read_alias(self._services, column, value, column, self._country)
        if alias.is_number and alias.value.endswith(_ZEROS):
            raise InvalidInput(column, _ROUNDED)
        return alias

    def _evidence(self, row: StopRow) -> bytes:
        told = {"file_sha256": self._digest, "line": row.line} | (
            {"note": row.note} if row.note else {}
        )
        return json.dumps(told, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()
