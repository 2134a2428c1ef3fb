"""What becomes of a row, by what else the file says and by what the ledger holds.

Pure, and the same for the preview and for the run: a yes of a file adds, and never revives; a no
that is older than a yes ends nothing; what is known is not written twice.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from askfirst.domain.bulk.cell_times import EARLIEST
from askfirst.domain.bulk.import_row import ImportRow, RowOutcome, RowReason, RowVerdict, Said
from askfirst.domain.consent.event import Assurance, EventKind
from askfirst.domain.consent.stamp import Stamp, lifts
from askfirst.domain.consent.standing import (
    EVERYTHING,
    Answer,
    EffectiveConsent,
    Standing,
    view,
)
from askfirst.domain.value import replace
from askfirst.domain.values.purpose import Purpose
from askfirst.domain.values.timestamp import Instant

_NOES: Final = frozenset({Answer.REFUSED, Answer.WITHDRAWN, Answer.ERASED, Answer.SUSPENDED})


@dataclass(frozen=True, slots=True, kw_only=True)
class InFile:
    """What the other rows of the file say of the same person.

    `repeats`: an earlier row says the same. `no_before`: an earlier row says no, or another one
    did before this yes was said. `rounded`: several people share a number that ends in zeros.
    """

    repeats: bool = False
    no_before: bool = False
    rounded: bool = False


ALONE: Final = InFile()


@dataclass(frozen=True, slots=True, kw_only=True)
class InLedger:
    """What is known of the people that a row names.

    `is_known`: this very row was recorded before. `is_erased`: a name is one of somebody erased;
    `is_near_erased`: it may be the number of one under another spelling.
    """

    standings: tuple[Standing, ...] = ()
    is_known: bool = False
    is_erased: bool = False
    is_near_erased: bool = False


def settle_in_file(row: ImportRow, others: InFile) -> ImportRow:
    """Settle what the file alone decides of a row."""
    if not row.is_open:
        return row
    if others.rounded and row.said is not Said.NO:
        return replace(row, outcome=RowOutcome.REFUSED, reason=RowReason.ROUNDED_NUMBER)
    if others.repeats:
        return replace(row, reason=RowReason.DUPLICATE)
    if others.no_before and row.said is Said.YES:
        return replace(row, reason=RowReason.CONTRADICTED)
    return row


def judge(row: ImportRow, known: InLedger) -> RowVerdict:
    """Decide what becomes of a row."""
    if not row.is_open:
        return _verdict(row, row.outcome, row.reason)
    if known.is_erased or (known.is_near_erased and row.said is Said.YES):
        return _verdict(row, RowOutcome.SKIPPED, RowReason.NOT_CONTACTABLE)
    if row.said is Said.YES:
        reason = RowReason.KNOWN if known.is_known else _against_yes(row, known)
        outcome = RowOutcome.YES_WITH_PROOF if row.has_proof else RowOutcome.YES
    else:
        reason = RowReason.KNOWN if known.is_known else _against_no(row, known)
        outcome = RowOutcome.STOP
    return _verdict(row, RowOutcome.SKIPPED if reason else outcome, reason)


def _verdict(row: ImportRow, outcome: RowOutcome, reason: RowReason) -> RowVerdict:
    was_no = reason in (RowReason.ALREADY_NO, RowReason.CONTRADICTED)
    is_claim = outcome is RowOutcome.YES
    return RowVerdict(
        line=row.line,
        outcome=outcome,
        reason=reason,
        column=row.column,
        repairs=row.repairs,
        alarm=row.alarm,
        ask_again=row.said is Said.YES and (was_no or is_claim),
    )


def _against_yes(row: ImportRow, known: InLedger) -> RowReason:
    if not known.standings:  # most rows are about people whom nobody knows
        return RowReason.NONE
    seen = [_seen(standing, name) for standing in known.standings for name in row.purposes]
    if any(one.answer in _NOES for one in seen):
        return RowReason.ALREADY_NO
    if seen and all(_says_as_much(one, row) for one in seen):
        return RowReason.ALREADY_YES
    return RowReason.NONE


def _says_as_much(seen: EffectiveConsent, row: ImportRow) -> bool:
    """Whether a yes that is at least as new, and at least as sure, is alive."""
    least = Assurance.SHOWN if row.has_proof else Assurance.ASSERTED
    at = row.said_at or EARLIEST
    return any(yes.assurance >= least and yes.mark.at >= at for yes in seen.alive)


def _against_no(row: ImportRow, known: InLedger) -> RowReason:
    names = row.purposes or (EVERYTHING,)
    if len(known.standings) < len(row.aliases):
        return RowReason.NONE
    if all(_holds(standing, name, row) for standing in known.standings for name in names):
        return RowReason.ALREADY_NO
    older = [
        _is_older(standing, name, row.said_at) for standing in known.standings for name in names
    ]
    return RowReason.OLDER if all(older) else RowReason.NONE


def _holds(standing: Standing, name: str, row: ImportRow) -> bool:
    """Whether a no as wide and as new stands already."""
    if name == EVERYTHING:
        scope = standing.scopes.get(EVERYTHING)
        no = scope.no if scope else None
        is_clear = not any(one.yeses for one in standing.scopes.values())
        return no is not None and is_clear and no.at >= row.said_at
    seen = _seen(standing, name)
    return seen.answer in _NOES and seen.since is not None and seen.since.at >= row.said_at


def _is_older(standing: Standing, name: str, at: Instant) -> bool:
    """Whether the person said yes after this no, in a way that counts against it."""
    if name == EVERYTHING or not at:
        return False
    alive = _seen(standing, name).alive
    no = Stamp(at, 0, EventKind.WITHDRAWN)
    return bool(alive) and all(lifts(yes, no) for yes in alive)


def _seen(standing: Standing, name: str) -> EffectiveConsent:
    return view(standing, Purpose(name))
