"""One line of the ledger, and the bytes that stand for it.

An event is made once and never changed. It names a contact by a random id only; numbers,
names and evidence live elsewhere, so the leaf commits to the event without holding personal
data (EDPB Guidelines 02/2025; GDPR Article 17).
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from enum import IntEnum, StrEnum
from functools import lru_cache

from askfirst.domain.consent.choice import Choice, choice_text
from askfirst.domain.prompts.prompt import PromptHash, Surface
from askfirst.domain.value import Value, set_at_birth
from askfirst.domain.values.errors import InvalidInput
from askfirst.domain.values.ids import BusinessId, ContactId, EventId, Position
from askfirst.domain.values.purpose import Purpose
from askfirst.domain.values.timestamp import Instant


class EventKind(StrEnum):
    """What happened."""

    GRANTED = "granted"
    INFORMED = "informed"
    """The person was shown a notice, and asked nothing: no yes, and never one."""
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"
    CONFIRMED = "confirmed"
    SUSPENDED = "suspended"
    NATIVE_STOPPED = "native_stopped"
    NATIVE_RESUMED = "native_resumed"
    PAUSED = "paused"
    """The person wants none of these messages before a moment."""
    LIMITED = "limited"
    """The person chose how often at most they want offers; without a choice, as often as others."""
    DOUBTED = "doubted"
    """The person wrote what may be a stop: marketing rests until they say what they meant."""
    KEPT = "kept"
    """The person answered that question: nothing was to stop. It ends the doubt, no more."""
    LINKED = "linked"
    ERASED = "erased"
    ACCEPTED = "accepted"
    """An operator's word that the ledger counts as it is: about no contact, and part of no fold."""


LEAF_FORMAT = 2
"""The format of new leaves. Format 1 had no number proof; its leaves still verify."""
LEAF_FORMAT_OF_CHOICES = 3
"""The format of leaves with a choice in them."""

_LEAF_TAG = b"askfirst/event/%d"

RESTRICTIVE = frozenset(
    {
        EventKind.REFUSED,
        EventKind.WITHDRAWN,
        EventKind.SUSPENDED,
        EventKind.NATIVE_STOPPED,
        EventKind.PAUSED,
        EventKind.LIMITED,
        EventKind.DOUBTED,
        EventKind.LINKED,
        EventKind.ERASED,
    }
)
"""Kinds that can turn an allow into a no: acknowledged only once no older allow can leave."""


class Assurance(IntEnum):
    """What was agreed to, and how it is known.

    `asserted`: a business or a file says so. `shown`: a prompt of askfirst was answered.
    `confirmed`: the number itself said it, in a message that Meta signed or by a code that
    askfirst checked.
    """

    ASSERTED = 1
    SHOWN = 2
    CONFIRMED = 3


class NumberProof(IntEnum):
    """How it is known whose number it is.

    `typed`: anybody could have typed it. `vouched`: the business answers for it (an account that
    was logged in, a call). `proven`: Meta signed a message from it, or askfirst checked a code.
    """

    TYPED = 1
    VOUCHED = 2
    PROVEN = 3


class Source(StrEnum):
    """The door through which the event came in.

    `form`: a form that anybody can fill in. `import` and `history` (what Meta tells of chats from
    before a number was connected) bring what was said in the past: see `Event.is_history`.
    """

    API = "api"
    FORM = "form"
    CLI = "cli"
    WEBHOOK = "webhook"
    GATEWAY = "gateway"
    CONSOLE = "console"
    IMPORT = "import"
    HISTORY = "history"


_HISTORY = frozenset({Source.IMPORT, Source.HISTORY})


class Event(Value, frozen=True, kw_only=True):
    """One act of one person as one business knows them.

    `purposes` is empty where the act concerns everything. `sender` is set where it concerns
    one sender (Meta's own stop). `absorbed` names the contact that `linked` merged into this
    one. `evidence_digest` is a salted hash; the evidence itself is kept encrypted elsewhere.
    `choice` is what the person chose, of `paused` and `limited`.
    """

    event_id: EventId
    business_id: BusinessId
    contact_id: ContactId
    position: Position
    kind: EventKind
    occurred_at: Instant
    recorded_at: Instant
    source: Source
    surface: Surface
    purposes: tuple[str, ...] = ()
    assurance: Assurance = Assurance.ASSERTED
    sender: str = ""
    prompt: PromptHash | None = None
    absorbed: ContactId | None = None
    evidence_digest: bytes = b""
    number_proof: NumberProof
    choice: Choice | None = None
    leaf_format: int = LEAF_FORMAT

    def __post_init__(self) -> None:
        if self.occurred_at > self.recorded_at:
            message = "an act cannot have happened after it was recorded"
            raise ValueError(message)
        if (self.choice is not None) != (self.leaf_format == LEAF_FORMAT_OF_CHOICES):
            of_choices = LEAF_FORMAT if self.choice is None else LEAF_FORMAT_OF_CHOICES
            set_at_birth(self, "leaf_format", of_choices)

    @property
    def is_history(self) -> bool:
        """Whether it tells of the past: folded by time, it lifts no *no* and ends no later yes."""
        return self.source in _HISTORY

    @property
    def order(self) -> tuple[int, bool, int]:
        """Sort key of the fold: when the person acted; at a tie the no wins; then position."""
        return (self.occurred_at, self.kind in RESTRICTIVE, self.position)


@dataclass(frozen=True, slots=True, kw_only=True)
class EventFilter:
    """Which events are wanted; what is empty or None lets all through.

    A purpose stands for its topics, and a topic for what is said of its parent: an act on
    `marketing` changes what may be sent for `marketing.offers`. An act on everything concerns
    every purpose. `since`: recorded at this moment or later.
    """

    kinds: frozenset[EventKind] = frozenset()
    purposes: frozenset[str] = frozenset()
    surface: Surface | None = None
    since: Instant | None = None

    def __post_init__(self) -> None:
        for name in self.purposes:
            try:
                Purpose(name)
            except InvalidInput as error:
                raise InvalidInput("purposes", error.message) from error


def leaf_bytes(event: Event) -> bytes:
    """Return the bytes of an event, so that two events never share them.

    A fixed sequence of fields, each as a 4-byte big-endian length and its bytes, after a tag
    that names the format; lists carry their own count. Equal bytes mean equal events.
    """
    parts = [
        _framed_start(event.leaf_format, event.business_id),
        _frame(event.event_id.encode()),
        _frame(event.contact_id.encode()),
        _frame(b"%d" % event.position),
        _framed(event.kind.value),
        _frame(b"%d" % event.occurred_at),
        _frame(b"%d" % event.recorded_at),
        _framed_sort(event.source, event.surface, event.assurance),
        _framed(event.sender),
        _framed(event.prompt or ""),
        _frame((event.absorbed or "").encode()),
        _framed_list(event.purposes),
        _frame(event.evidence_digest),
    ]
    if event.leaf_format > 1:
        parts.append(_framed(str(event.number_proof.value)))
    if event.leaf_format > LEAF_FORMAT:
        parts.append(_framed(choice_text(event.choice)))
    return b"".join(parts)


@lru_cache(maxsize=256)
def _framed_start(leaf_format: int, business_id: BusinessId) -> bytes:
    return _LEAF_TAG % leaf_format + _framed(business_id)


@lru_cache(maxsize=256)
def _framed_sort(source: Source, surface: Surface, assurance: Assurance) -> bytes:
    """Frame what many events have in common."""
    texts = (source.value, surface.value, str(assurance.value))
    return b"".join(map(_framed, texts))


@lru_cache(maxsize=256)
def _framed_list(texts: tuple[str, ...]) -> bytes:
    """Frame a list behind its count."""
    return b"".join(map(_framed, (str(len(texts)), *texts)))


def _frame(part: bytes) -> bytes:
    return len(part).to_bytes(4, "big") + part


@lru_cache(maxsize=4096)
def _framed(field: str) -> bytes:
    """Frame a field of which there are few."""
    return _frame(field.encode())


def leaf_hash(leaf: bytes) -> bytes:
    """Hash a leaf as RFC 9162, section 2.1.1, does: SHA-256 over a zero byte and the leaf."""
    return hashlib.sha256(b"\0" + leaf).digest()


def evidence_digest(evidence: bytes, salt: bytes) -> bytes:
    """Commit to evidence without revealing it: destroying the salt makes it unguessable."""
    return hashlib.blake2b(evidence, key=salt, digest_size=32).digest()
