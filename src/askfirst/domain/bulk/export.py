"""What leaves in an export: kinds, and one row of each as it is read.

Rows hold what tables hold (times in microseconds, names of kinds as they are kept): a ledger of
millions of lines is written of them, and each is made once.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from typing import Final, NamedTuple

from askfirst.domain.consent.event import Assurance, EventKind, NumberProof
from askfirst.domain.consent.stamp import Grant, Stamp
from askfirst.domain.consent.standing import NOTHING_SAID, Answer, PurposeState, Standing, view
from askfirst.domain.prompts.prompt import Surface
from askfirst.domain.value import replace
from askfirst.domain.values.errors import InvalidInput
from askfirst.domain.values.ids import BusinessId, Position, Prefix, parse_id
from askfirst.domain.values.purpose import CONSENTED, Purpose
from askfirst.domain.values.timestamp import Instant

FORMAT: Final = 1
EVERYTHING: Final = "*"
_POSITION: Final = re.compile(r"[0-9]{1,18}", re.ASCII)
_HASH: Final = re.compile(r"([0-9a-f]{2}){1,64}", re.ASCII)
_NOES: Final = frozenset({Answer.REFUSED, Answer.WITHDRAWN, Answer.SUSPENDED, Answer.ERASED})


class ExportKind(StrEnum):
    """What is exported."""

    CONTACTS = "contacts"
    SUPPRESSIONS = "suppressions"
    DECISIONS = "decisions"
    LEDGER = "ledger"


class FileFormat(StrEnum):
    """How a file is written."""

    LINES = "jsonl"
    PARQUET = "parquet"


def export_kind_of(text: str) -> ExportKind:
    """Read the name of a kind.

    Raises:
        InvalidInput: it is none.
    """
    try:
        return ExportKind(text)
    except ValueError as error:
        raise InvalidInput("kind", f"must be one of {', '.join(ExportKind)}") from error


def file_format_of(text: str) -> FileFormat:
    """Read the name of a format.

    Raises:
        InvalidInput: it is none.
    """
    try:
        return FileFormat(text)
    except ValueError as error:
        raise InvalidInput("format", "must be jsonl or parquet") from error


@dataclass(frozen=True, slots=True, kw_only=True)
class ExportOrder:
    """What is wanted, behind which line.

    `after` is what the last line that somebody has is named by: a position of the ledger, the id of
    a contact or decision, the hash of a name; empty: from the first. `with_numbers`: with the names
    that people are found by. `with_evidence`: with what was given to prove what they said; numbers
    may stand in it, so it is only for those who may see them.

    Raises:
        InvalidInput: `after` is no such name, or a part is wanted that the kind does not have.
    """

    business_id: BusinessId
    kind: ExportKind
    after: str = ""
    with_numbers: bool = False
    with_evidence: bool = False

    def __post_init__(self) -> None:
        if self.with_evidence and self.kind not in {ExportKind.CONTACTS, ExportKind.LEDGER}:
            raise InvalidInput(
                "evidence", f"is not part of {self.kind}: contacts and ledger have it"
            )
        if self.with_numbers and self.kind not in {ExportKind.CONTACTS, ExportKind.SUPPRESSIONS}:
            raise InvalidInput("numbers", "are part of contacts and suppressions only")
        if self.after:
            _check_after(self.kind, self.after)


def _check_after(kind: ExportKind, after: str) -> None:
    match kind:
        case ExportKind.LEDGER:
            if not _POSITION.fullmatch(after):
                raise InvalidInput("after", "must be a position of the ledger, such as 1500")
        case ExportKind.DECISIONS:
            parse_id(Prefix.DECISION, after, "after")
        case ExportKind.CONTACTS:
            parse_id(Prefix.CONTACT, after, "after")
        case ExportKind.SUPPRESSIONS:
            if not _HASH.fullmatch(after):
                parse_id(Prefix.CONTACT, after, "after")


class ExportedName(NamedTuple):
    """A name of a person: of which kind, and what it is."""

    kind: str
    value: str


class ExportedEvidence(NamedTuple):
    """What proves the event at a position. `is_as_recorded`: the event's hash commits to it."""

    position: Position
    content: bytes
    is_as_recorded: bool


class ExportedEvent(NamedTuple):
    """A line of the ledger."""

    position: int
    event_id: str
    contact_id: str
    kind: str
    occurred_at: int
    recorded_at: int
    source: str
    surface: str
    purposes: str
    assurance: int
    sender: str
    prompt: str | None
    absorbed: str | None
    number_proof: int
    choice: str | None
    evidence_digest: bytes
    evidence: ExportedEvidence | None = None


class YesSort(NamedTuple):
    """A sort of yes, as it is kept: what is told of two of one sort differs in time and place."""

    purpose: str
    kind: str
    assurance: int
    surface: str
    number_proof: int
    can_lift: bool

    def standing(self, at: Instant, position: int) -> Standing:
        """Return the standing of somebody who said this yes, and nothing else ever."""
        mark = Stamp(at, position, EventKind(self.kind))
        sure = (Assurance(self.assurance), Surface(self.surface), NumberProof(self.number_proof))
        state = PurposeState(None, (Grant(mark, *sure, self.can_lift),))
        return replace(NOTHING_SAID, scopes={self.purpose: state})


class LoneYes(NamedTuple):
    """The one thing that somebody ever said: most people's standing, not put together."""

    sort: YesSort
    at: Instant
    position: int

    @property
    def standing(self) -> Standing:
        """The standing that it makes."""
        return self.sort.standing(self.at, self.position)


class ExportedContact(NamedTuple):
    """A person. `merged_into`: who they turned out to be; the answers of both stand there."""

    contact_id: str
    standing: Standing | LoneYes
    merged_into: str | None
    unreachable_at: int | None
    deferred_until: int | None
    held_out_until: int | None
    names: tuple[ExportedName, ...] = ()
    evidence: tuple[ExportedEvidence, ...] = ()


class ExportedErasure(NamedTuple):
    """The keyed hash of a name whose person was erased."""

    lookup: str
    erased_at: int


class ExportedDecision(NamedTuple):
    """A decision, and what became of it: no `status` where nobody knows; `left_at` 0: it stayed."""

    decision_id: str
    decided_at: int
    contact_id: str | None
    verdict: str
    reasons: str
    rule: int
    purpose: str
    position: int
    policy: str
    retry_at: int | None
    sender: str
    message_kind: str
    template: str
    language: str
    country: str
    campaign: str | None
    left_at: int | None
    status: int | None


ExportedRow = ExportedEvent | ExportedContact | ExportedErasure | ExportedDecision


class ExportPage(NamedTuple):
    """Rows in their order, and what to go on behind; `after` None: that was all."""

    rows: tuple[ExportedRow, ...]
    after: str | None


def spoken_of(standing: Standing) -> tuple[Purpose, ...]:
    """Return the purposes of which something was said, in order; of everything: the built-in ones.

    A standing of which nothing was said has none.
    """
    names = set(standing.scopes) | set(standing.pauses)
    if EVERYTHING in names:
        names = names - {EVERYTHING} | {purpose.value for purpose in CONSENTED}
    return tuple(Purpose(name) for name in sorted(names))


def is_suppressed(standing: Standing | LoneYes, now: Instant) -> bool:
    """Return whether there is something for which this person must not be written to now."""
    if isinstance(standing, LoneYes):
        return _is_sort_suppressed(standing.sort)
    return bool(
        standing.native_stops
        or standing.doubt
        or any(pause.until > now for pause in standing.pauses.values())
        or any(view(standing, purpose).answer in _NOES for purpose in spoken_of(standing))
    )


@lru_cache(maxsize=256)
def _is_sort_suppressed(sort: YesSort) -> bool:
    """It is the same whenever it was said: there is nothing that it could be set against."""
    return is_suppressed(sort.standing(Instant(1), 1), Instant(1))


def positions_of(standing: Standing | LoneYes) -> frozenset[int]:
    """Return the positions of the events that a standing rests on."""
    if isinstance(standing, LoneYes):
        return frozenset((standing.position,))
    marks = [standing.suspended, *standing.native_stops.values()]
    marks += [pause.mark for pause in standing.pauses.values()]
    marks += [standing.doubt.mark] if standing.doubt else []
    for scope in standing.scopes.values():
        marks += [scope.no, *(yes.mark for yes in scope.yeses)]
        marks += [notice.mark for notice in scope.notices]
    return frozenset(mark.position for mark in marks if mark and mark.position)
