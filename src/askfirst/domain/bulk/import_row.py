"""One row of a file as it was understood, and what becomes of it."""

from __future__ import annotations

from enum import StrEnum
from typing import Final

from askfirst.domain.value import Value
from askfirst.domain.values.alias import Alias
from askfirst.domain.values.timestamp import Instant


class Said(StrEnum):
    """What a row says that the person said."""

    YES = "yes"
    NO = "no"
    NOTHING = "nothing"


class RowOutcome(StrEnum):
    """What becomes of a row. `refused`: it is damaged, and somebody has to look at it."""

    YES = "yes"
    YES_WITH_PROOF = "yes_with_proof"
    STOP = "stop"
    SKIPPED = "skipped"
    REFUSED = "refused"


STORED: Final = frozenset({RowOutcome.YES, RowOutcome.YES_WITH_PROOF, RowOutcome.STOP})


class RowReason(StrEnum):
    """Why a row is skipped or refused."""

    NONE = ""
    DUPLICATE = "duplicate"
    KNOWN = "known"
    ALREADY_YES = "already_yes"
    ALREADY_NO = "already_no"
    OLDER = "older"
    CONTRADICTED = "contradicted"
    NO_ANSWER = "no_answer"
    OTHER_CHANNEL = "other_channel"
    EXPIRED = "expired"
    NOT_CONTACTABLE = "not_contactable"
    NOT_A_PERSON = "not_a_person"
    NO_NUMBER = "no_number"
    BAD_NUMBER = "bad_number"
    WRONG_LENGTH = "wrong_length"
    SCIENTIFIC_NOTATION = "scientific_notation"
    ROUNDED_NUMBER = "rounded_number"
    TWO_NUMBERS = "two_numbers"
    EXTENSION = "extension"
    AMBIGUOUS_NUMBER = "ambiguous_number"
    FORMULA = "formula"
    UNKNOWN_STATE = "unknown_state"
    UNKNOWN_COUNTRY = "unknown_country"
    UNKNOWN_SCOPE = "unknown_scope"
    BAD_TIME = "bad_time"
    FUTURE_TIME = "future_time"
    CELL_TOO_LONG = "cell_too_long"
    BAD_ROW = "bad_row"


class Repair(StrEnum):
    """Damage that could be read in one way only, and was."""

    APOSTROPHE = "apostrophe"
    FLOAT_ARTEFACT = "float_artefact"
    PREFIX = "prefix"
    DOUBLE_ZERO = "double_zero"
    TRUNK_ZERO = "trunk_zero"
    LOST_LEADING_ZERO = "lost_leading_zero"
    NO_PLUS = "no_plus"
    EXTENSION = "extension"
    ENCODING = "encoding"
    TIME_NOT_UNDERSTOOD = "time_not_understood"


NO_PROOF: Final = ("", "", "")
NOT_TOLD: Final = Instant(0)
"""In place of a time that the file does not tell."""


class ImportRow(Value, frozen=True, kw_only=True):
    """A row that was read. `said_at` 0: the file does not tell.

    A no may name several numbers. `proof` is the wording, how it was said, and who took it down;
    `details` are what else is kept as evidence. Where `reason` is set, `outcome` is settled:
    nothing is recorded. `alarm`: it was an opt-out that could not be applied.
    """

    line: int
    said: Said = Said.NOTHING
    aliases: tuple[Alias, ...] = ()
    purposes: tuple[str, ...] = ()
    said_at: Instant = NOT_TOLD
    proof: tuple[str, str, str] = NO_PROOF
    details: tuple[tuple[str, str], ...] = ()
    repairs: tuple[Repair, ...] = ()
    outcome: RowOutcome = RowOutcome.SKIPPED
    reason: RowReason = RowReason.NONE
    column: str = ""
    alarm: bool = False

    @property
    def is_open(self) -> bool:
        """Whether it is still to be judged."""
        return self.reason is RowReason.NONE

    @property
    def has_proof(self) -> bool:
        """Whether it brings words, a time, how and who: all four."""
        wording, method, collected_by = self.proof
        return bool(self.said_at and wording and method and collected_by)


class RowVerdict(Value, frozen=True, kw_only=True):
    """What became of a row, without a word of what stands in it.

    `ask_again`: only a claim is known of this person, or they said no before: see re-permission.
    """

    line: int
    outcome: RowOutcome
    reason: RowReason = RowReason.NONE
    column: str = ""
    repairs: tuple[Repair, ...] = ()
    alarm: bool = False
    ask_again: bool = False
