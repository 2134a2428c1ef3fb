"""A decision as it is stored, beside the one that the ledger gives."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Final, NamedTuple

from askfirst.domain.values.ids import Position
from askfirst.ports.sending.gate import ArchivedDecision, DecisionRecord

NOBODY: Final = "nobody with this number or id is known here"


class Incomparable(StrEnum):
    """Why a decision cannot be made again."""

    CIRCUMSTANCES_UNKNOWN = "circumstances_unknown"
    """It was made by a version of askfirst that did not keep them."""
    POLICY_UNKNOWN = "policy_unknown"
    """The text of its policy was not kept, or is one that this version cannot read."""
    COUNTS_NOT_KEPT = "counts_not_kept"
    """How much had been sent by then spoke against it; that is counted, and not kept for each."""


class Difference(NamedTuple):
    """One part of a decision that comes out differently: as it is stored, and as it is derived."""

    part: str
    stored: str
    derived: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DecisionSheet:
    """A decision, and how it compares with the one that the ledger gives.

    `basis` is the position of the event that the answer for its purpose rested on, by the fold;
    None where nothing was said, or the message needed no answer.
    """

    kept: ArchivedDecision
    basis: Position | None
    differences: tuple[Difference, ...] = ()
    incomparable: Incomparable | None = None

    @property
    def record(self) -> DecisionRecord:
        """The decision as it is stored."""
        return self.kept.record

    @property
    def matches(self) -> bool | None:
        """Whether both are the same; None where they cannot be compared."""
        return None if self.incomparable else not self.differences
