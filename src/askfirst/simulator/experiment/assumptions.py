"""What the simulation takes for granted, each with where it is from and how wrong it may be.

Nothing here is a fact about your customers. Where nobody has published a figure, `source` says so.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, fields
from typing import Any, Final, NamedTuple

from askfirst.domain.value import replace
from askfirst.domain.values.errors import InvalidInput

_QUALITY: Final = (
    "https://developers.facebook.com/documentation/business-messaging/whatsapp/templates/"
    "template-quality/"
)
_GETAPP: Final = (
    "GetApp, 2024 Advertising Preferences Survey "
    "(https://cxm.co.uk/?p=109367): 44 % of US consumers unsubscribe before the fourth message "
    "of a brand in a month, over half at the fourth"
)
_LOCALCIRCLES: Final = (
    "LocalCircles, February 2023, 12,673 answers in India "
    "(https://www.business-standard.com/amp/article/technology/"
    "76-see-rise-in-pesky-calls-after-interaction-with-whatsapp-biz-accounts-123022201284_1.html): "
    "73 % block who sends unwanted advertising on WhatsApp, 8 % mute or archive"
)
_GUESS: Final = "none found; our guess"


def _assume(
    value: float, says: str, source: str = _GUESS, *, low: float, high: float, most: float = 1.0
) -> Any:
    """Make a field: its value, what it means, where it is from, and the bounds to try."""
    notes = {"says": says, "source": source, "low": low, "high": high, "most": most}
    return field(default=value, metadata=notes)


@dataclass(frozen=True, slots=True, kw_only=True)
class Assumptions:
    """Shares and chances lie between 0 and 1, unless the text says otherwise."""

    said_yes: float = _assume(
        0.45, "share of the customers who said yes to offers when asked", low=0.2, high=1.0
    )
    claimed: float = _assume(
        0.1, "share whom only a list calls opted in; half of them did say yes", low=0, high=0.4
    )
    said_no: float = _assume(
        0.1, "share who said no, to a question or in another channel", low=0, high=0.2
    )
    yes_when_asked: float = _assume(
        0.3, "chance that a customer who orders says yes to offers when asked", low=0, high=0.6
    )
    orders_a_month: float = _assume(
        0.7, "orders of a customer in 30 days", low=0.2, high=2.0, most=30
    )
    tolerance: float = _assume(
        4.5,
        "offers in 30 days that half of those who said yes find too many (median; log-normal)",
        _GETAPP,
        low=2.25,
        high=18,
        most=1000,
    )
    unwelcome: float = _assume(
        0.25, "tolerance of people who never said yes, as a part of others'", low=0.1, high=1.0
    )
    impatience: float = _assume(
        0.04,
        "chance that somebody acts on one offer that they read, when there are twice as many as "
        "they tolerate",
        low=0.01,
        high=0.1,
    )
    irritation: float = _assume(
        0.05, "part of that chance where there are not too many", low=0, high=0.2
    )
    ignored_no: float = _assume(
        8.0, "times that chance after a no that was not heard", low=2, high=20, most=1000
    )
    blocks_unasked: float = _assume(
        0.73,
        "share of those who act who block, among people who never said yes",
        _LOCALCIRCLES,
        low=0.4,
        high=0.9,
    )
    blocks_invited: float = _assume(0.25, "the same, among people who said yes", low=0.1, high=0.73)
    mutes: float = _assume(
        0.08, "share of those who act who mute or archive", _LOCALCIRCLES, low=0, high=0.25
    )
    taps: float = _assume(
        0.4, "share of the stops that are a tap on the offer's own button", low=0.1, high=0.7
    )
    switches: float = _assume(
        0.15,
        "share of the stops that are WhatsApp's own switch for offers, which Meta itself enforces",
        low=0,
        high=0.3,
    )
    keywords: float = _assume(
        0.4, "share of the typed stops that are one word, as offers ask for", low=0.1, high=0.9
    )
    unforeseen: float = _assume(
        0.08,
        "share of the stops in own words that askfirst does not understand",
        "measured: what is not understood of a corpus that nobody looked at "
        "(`docs/opt-out-languages.md`)",
        low=0.02,
        high=0.3,
    )
    reads: float = _assume(0.8, "share of the messages that are read (mean)", low=0.5, high=0.95)
    interest: float = _assume(
        0.3, "chance that an offer is of use to somebody who said yes", low=0.1, high=0.6
    )
    interest_unasked: float = _assume(0.1, "the same, of somebody who did not", low=0.02, high=0.3)
    use_beyond: float = _assume(
        0.5, "part of that use that is left of an offer too many", low=0, high=1
    )
    yellow_at: float = _assume(
        10.0,
        "negative feedback per 1,000 delivered, in a week, at which quality is yellow",
        f"Meta names the colours and no figure ({_QUALITY}); our guess",
        low=5,
        high=20,
        most=1000,
    )
    red_times: float = _assume(
        2.0, "times that, at which it is red", "the same page; our guess", low=1.2, high=4, most=100
    )
    mute_counts: float = _assume(
        0.25,
        "what a mute or archive counts beside a block",
        'Meta, "Send messages", names both as signals, without weights; our guess',
        low=0,
        high=1,
    )
    sustained_days: float = _assume(
        7.0,
        "days of red after which Meta takes the next step: a warning; templates held for 1 day, "
        "then 3; everything for 5, 7, then 30 days; the account locked",
        'Meta, "Policy enforcement", has the steps; how long is our guess',
        low=3,
        high=30,
        most=365,
    )
    withheld: float = _assume(
        0.5,
        "chance that Meta withholds an offer from somebody who never reads, where it limits them",
        'Meta, "Per-user marketing template message limits", names read rates, no figure; our '
        "guess",
        low=0,
        high=1,
    )

    def __post_init__(self) -> None:
        for one in fields(self):
            value, most = getattr(self, one.name), one.metadata["most"]
            if not 0 <= value <= most:
                raise InvalidInput(one.name, f"must be a number from 0 to {most:g}")
        if self.said_yes + self.claimed + self.said_no > 1:
            raise InvalidInput("said_yes", "must leave the shares of customers at 1 at most")
        if self.red_times < 1:
            raise InvalidInput("red_times", "must be 1 at least")
        if self.sustained_days < 1:
            raise InvalidInput("sustained_days", "must be 1 at least")

    @property
    def red_at(self) -> float:
        """Negative feedback per 1,000 delivered at which quality is red."""
        return self.yellow_at * self.red_times

    def having(self, name: str, value: float) -> Assumptions:
        """Return these with one of them changed, and what hangs on it along."""
        changes = {name: value}
        if name == "said_yes":
            left = 1 - value
            changes |= {
                other: min(getattr(self, other), left / 2) for other in ("claimed", "said_no")
            }
        return replace(self, **changes)


class Assumption(NamedTuple):
    """One of them, as the guide lists it: `low` and `high` are the bounds that are tried."""

    name: str
    value: float
    says: str
    source: str
    low: float
    high: float
    most: float


def about() -> Iterator[Assumption]:
    """Yield what is assumed, in order."""
    plain = Assumptions()
    for one in fields(Assumptions):
        yield Assumption(name=one.name, value=getattr(plain, one.name), **one.metadata)
