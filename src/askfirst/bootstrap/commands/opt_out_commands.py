"""What the command line can do with stops; needs no ledger and no server."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from askfirst.adapters.lexicon_files import built_in_opt_out
from askfirst.domain.opt_out.reading import Certainty, OptOutReading, StopRule, StopScope

_OUTCOMES: Final = {
    Certainty.STOP: "A stop.",
    Certainty.UNSURE: "Unsure: a person should look at it.",
    Certainty.NONE: "No stop.",
}
_SCOPES: Final = {
    StopScope.EVERYTHING: "All messages stop.",
    StopScope.MARKETING: "Marketing stops; other messages may go on.",
    StopScope.KEEP_ORDERS: "Marketing stops; messages about orders are wanted.",
    StopScope.TOPIC: "Messages about one topic stop.",
}
_RULES: Final = {
    StopRule.STOP_WORD: "It is a word for stop, with nothing of weight beside it.",
    StopRule.OPT_OUT_WORD: "A word says by itself that somebody wants to be left out.",
    StopRule.STOP_MESSAGES: "Something is to stop or end, and it is messages.",
    StopRule.NO_MESSAGES: "It asks for no messages, or no more of them.",
    StopRule.DO_NOT_SEND: "It asks not to be written to.",
    StopRule.DO_NOT_WANT: "It says that messages are not wanted.",
    StopRule.REMOVE_ME: "It asks to remove the person or their number.",
    StopRule.CONSENT_WITHDRAWN: "It withdraws consent, or objects.",
    StopRule.HALF_STOP: "It says that something is not wanted, but not what.",
    StopRule.COMPLAINT: "It complains, and asks for nothing in so many words.",
    StopRule.TOO_MANY: "It says that there are too many messages.",
    StopRule.WHERE_FROM: "It asks why they are written to, or where the number is from.",
    StopRule.ERASURE: "It asks to erase personal data, which is a right of its own.",
    StopRule.NOTHING: "No words were found that together make one.",
}


def explain(text: str, business: str) -> tuple[OptOutReading, dict[str, Any]]:
    """Read a text as the chat does; the sheet is for machines."""
    reading = built_in_opt_out().read_typed(text, business=business)
    sheet = {
        "certainty": reading.certainty.value,
        "scope": reading.scope.value if reading.scope else None,
        "purposes": None if reading.purposes is None else list(reading.purposes),
        "about": reading.about.value if reading.about else None,
        "rule": reading.rule.value,
        "matched": [{"word": one.word, "slots": list(one.slots)} for one in reading.matched],
        "languages": list(reading.languages),
    }
    return reading, sheet


def in_words(reading: OptOutReading) -> Iterator[str]:
    """Say what was understood, and why."""
    scope = _SCOPES[reading.scope] if reading.scope else ""
    yield " ".join(filter(None, (_OUTCOMES[reading.certainty], scope)))
    yield _RULES[reading.rule]
    for word in reading.matched:
        yield f"  {word.word}: {', '.join(word.slots).replace('_', ' ')}"
    if reading.languages:
        yield f"Read as: {', '.join(reading.languages)}"
    if reading.about:
        yield f"It is also a matter of: {reading.about.value}"
