"""Understanding a no in a tapped list row, which has a description below its title."""

from __future__ import annotations

from askfirst.domain.opt_out.classifier import OptOutClassifier
from askfirst.domain.opt_out.reading import OptOutReading


def read_row_stop(
    opt_out: OptOutClassifier, payload: str, title: str, description: str
) -> OptOutReading:
    """Return what a tapped row or button asks to stop, if anything: the description speaks last.

    A row that offers something may say how to end it later ("Unsubscribe any time"): that is no
    answer of the person's.
    """
    reading = opt_out.read_tapped(payload, title)
    if reading.is_stop or not description or opt_out.says_how_to_end(description):
        return reading
    return opt_out.read_tapped("", description)
