"""Understanding a no in a tapped list row, which has a description below its title."""

from __future__ import annotations

import re
from typing import Final

from askfirst.domain.opt_out.classifier import StopScope, read_tapped_stop

# A row that offers something may say how to end it later: that is no answer of the person's.
_HOW_TO_END: Final = re.compile(
    r"\b(any ?time|whenever|later|reply|replying|answer|respond|manage"
    r"|jederzeit|später|antworte|antworten"
    r"|à tout moment|quand vous voulez|répondez|réponds"
    r"|en cualquier momento|cuando quieras?|responde|responder"
    r"|a qualquer momento|quando quiser|responda"
    r"|in qualsiasi momento|quando vuoi|rispondi"
    r"|op elk moment|wanneer je wilt|antwoord)\b",
    re.IGNORECASE,
)


def read_row_stop(payload: str, title: str, description: str) -> StopScope | None:
    """Say what a tapped row or button asks to stop, if anything: the description speaks last.

    >>> read_row_stop("3", "Option 3", "Stop all messages")
    <StopScope.EVERYTHING: 'everything'>
    >>> read_row_stop("1", "Weekly offers", "Unsubscribe any time") is None
    True
    """
    scope = read_tapped_stop(payload, title)
    if scope is not None or not description or _HOW_TO_END.search(description):
        return scope
    return read_tapped_stop("", description)
