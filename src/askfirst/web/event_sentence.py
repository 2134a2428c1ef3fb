"""An event as a sentence of plain English, for lists that people read."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from askfirst.domain.consent.event import Event, EventKind, NumberProof
from askfirst.domain.prompts.prompt import Surface

_DID: Final[Mapping[EventKind, str]] = {
    EventKind.GRANTED: "Said yes to {what}",
    EventKind.INFORMED: "Was shown a notice about {what}",
    EventKind.REFUSED: "Said no to {what}",
    EventKind.WITHDRAWN: "Stopped {what}",
    EventKind.CONFIRMED: "The number was confirmed for {what}",
    EventKind.SUSPENDED: "Paused: the number may have a new owner",
    EventKind.NATIVE_STOPPED: "Turned offers off with WhatsApp's own switch",
    EventKind.NATIVE_RESUMED: "Turned offers on again with WhatsApp's own switch",
    EventKind.PAUSED: "Paused {what} until a date",
    EventKind.LIMITED: "Chose how often offers may come",
    EventKind.DOUBTED: "Wrote what may be a stop: offers rest until they say what they meant",
    EventKind.KEPT: "Answered that nothing was to stop",
    EventKind.LINKED: "Two records were joined: they are one person",
    EventKind.ERASED: "The person's data was erased",
    EventKind.ACCEPTED: "An operator accepted the ledger as it is",
}
_WHERE: Final[Mapping[Surface, str]] = {
    Surface.SIGNUP: "on the sign-up form",
    Surface.LOGIN: "on the log-in form",
    Surface.CODE: "where a code was asked for",
    Surface.ORDER: "after an order",
    Surface.QR: "through a QR code",
    Surface.LINK: "through a link",
    Surface.CHAT: "in the WhatsApp chat",
    Surface.PREFERENCES: "on the preference page",
    Surface.PHONE: "by phone",
    Surface.PAPER: "on paper",
    Surface.IMPORT: "in an imported file",
    Surface.API: "as your system reported",
}
_PROOF: Final[Mapping[NumberProof, str]] = {
    NumberProof.TYPED: "the number was typed, not checked",
    NumberProof.VOUCHED: "the business answers for the number",
    NumberProof.PROVEN: "the number itself said it",
}
_BY_A_PERSON: Final = frozenset(
    {
        EventKind.GRANTED,
        EventKind.INFORMED,
        EventKind.REFUSED,
        EventKind.WITHDRAWN,
        EventKind.CONFIRMED,
        EventKind.PAUSED,
        EventKind.LIMITED,
    }
)
_NAMES: Final[Mapping[str, str]] = {
    "authentication": "codes",
    "utility": "service messages",
    "utility.order": "messages about an order",
    "marketing": "offers and news",
}


def event_sentence(event: Event) -> str:
    """Write an event down: what was done, where, and how it is known whose number it is.

    Two events of one log-in differ in how the number is known, so they do not read the same.
    """
    did = _DID[event.kind].format(what=_what(event.purposes))
    if event.kind not in _BY_A_PERSON:
        return did
    proof = _PROOF[event.number_proof]
    if event.surface is Surface.CODE and event.number_proof is NumberProof.PROVEN:
        proof = "by the code that was sent to the number"

    return f"{did} {_WHERE[event.surface]}; {proof}"


def _what(purposes: tuple[str, ...]) -> str:
    if not purposes:
        return "all messages"
    return ", ".join(_NAMES.get(name, name) for name in purposes)
