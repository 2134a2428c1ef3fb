"""What the gate knows at the moment of deciding, read fresh from the primary."""

from __future__ import annotations

from dataclasses import dataclass

from askfirst.domain.consent.standing import NOTHING_SAID, Standing
from askfirst.domain.tenants.sender import Sender, Template
from askfirst.domain.transparency.ledger_check import LedgerState
from askfirst.domain.values.ids import ContactId, Position
from askfirst.domain.values.timestamp import Instant


@dataclass(frozen=True, slots=True, kw_only=True)
class DecisionContext:
    """Everything a decision may rest on, as of one ledger position.

    `contacts` are the contacts that the recipient's names lead to: none means that nobody of
    that name ever said anything; two mean that `to` and `recipient` are two people.
    `strangers` counts the names that lead to nobody.
    `standing` includes the noes of numbers that may be the same subscriber.
    `stop_to_confirm` is the position of the newest stop in the chat that opened an episode, which
    ends with the next yes that counts; `stop_said_at` is when it was said. `confirmed_stop` is the
    position of the newest such stop that already had its one confirmation, `answered_code` that of
    the newest wish for a code that was already answered with one.
    `ledger` tells whether what was read may be trusted: it may be older than what was acknowledged.
    """

    position: Position
    contacts: tuple[ContactId, ...] = ()
    strangers: int = 0
    standing: Standing = NOTHING_SAID
    sender: Sender | None = None
    template: Template | None = None
    window_opened_at: Instant | None = None
    stop_to_confirm: Position = Position(0)  # noqa: RUF009 - a NewType call is the value itself
    stop_said_at: Instant = Instant(0)  # noqa: RUF009 - the same
    confirmed_stop: Position = Position(0)  # noqa: RUF009 - the same
    answered_code: Position = Position(0)  # noqa: RUF009 - the same
    ledger: LedgerState = LedgerState.SOUND
