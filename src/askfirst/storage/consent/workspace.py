"""What a batch of changes works on: read before, changed in memory, written after.

Both backends fill one workspace per business and transaction, let the planner change it, and
write what it holds. All rules are in the planner, so the backends cannot disagree.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal, TypeAlias

from askfirst.domain.consent.event import Event
from askfirst.domain.consent.standing import Standing
from askfirst.domain.opt_out.reading import About
from askfirst.domain.prompts.prompt import PromptHash, PromptVersion
from askfirst.domain.values.ids import BusinessId, ContactId, PhoneNumberId, Position
from askfirst.domain.values.timestamp import Instant
from askfirst.ports.consent.change import TaskEnqueued, TemplateObserved
from askfirst.storage.consent.standing_codec import NOTHING, decode_standing, encode_standing

Hashed: TypeAlias = dict[str | tuple[str, int], list[bytes]]
"""Look-ups, newest key first: of a name by its text, of a source by its id and its time."""


Names: TypeAlias = dict[str, set[bytes]]
"""The look-ups of a contact's names by `AliasKind.group`."""


class MoreNeeded(Exception):
    """A lesson is news: whether it was heard before, and a contact's names, must be at hand."""

    def __init__(self, contact_id: ContactId | None = None) -> None:
        super().__init__()
        self.contact_id = contact_id


@dataclass(slots=True)
class ContactState:
    """One contact in the workspace. `names` is None where they were not read.

    `stored` is the standing as it was read: most contacts are only found, never judged.
    """

    contact_id: ContactId
    stored: bytes = NOTHING
    unreachable_at: Instant | None = None
    absorbed_by: ContactId | None = None
    is_new: bool = False
    is_changed: bool = False
    names: Names | None = None
    _standing: Standing | None = None

    @property
    def standing(self) -> Standing:
        """What is in force for the contact by now."""
        return decode_standing(self.stored) if self._standing is None else self._standing

    def stand(self, standing: Standing) -> None:
        """Take what is in force from now on; it will be written."""
        self._standing = standing
        self.is_changed = True

    def reach(self, at: Instant) -> None:
        """Note that the contact is there: what said before then that it is not, is over."""
        if self.unreachable_at is not None and at > self.unreachable_at:
            self.unreachable_at = None
            self.is_changed = True

    @property
    def encoded(self) -> bytes:
        """The standing as it is to be written."""
        return self.stored if self._standing is None else encode_standing(self._standing)


@dataclass(frozen=True, slots=True)
class NewAlias:
    """A name learnt: found by `lookup`, kept sealed."""

    lookup: bytes
    contact_id: ContactId
    kind: str
    sealed: bytes


@dataclass(frozen=True, slots=True)
class NewEvent:
    """An event with its evidence, sealed, and the salt of the evidence's hash."""

    event: Event
    evidence: bytes | None
    salt: bytes | None


@dataclass(frozen=True, slots=True)
class SaidStop:
    """A stop said in the chat, before it is known whether it opens an episode; or what may be one.

    `lived` is the position of the newest yes that counted until then (0: none). The person's name
    is kept sealed.
    """

    contact_id: ContactId
    position: Position
    said_at: Instant
    lived: int
    alias_kind: str
    sealed: bytes
    sender: str
    purposes: tuple[str, ...]
    languages: tuple[str, ...]
    is_doubt: bool = False


@dataclass(frozen=True, slots=True)
class NewReview:
    """What an operator has to look at."""

    position: Position
    contact_id: ContactId
    about: About
    said_at: Instant


@dataclass(frozen=True, slots=True)
class Answered:
    """What an idempotency key was used for, and the positions it made."""

    digest: bytes
    positions: tuple[int, ...]


@dataclass(slots=True)
class Workspace:
    """Everything of one business that a batch reads and writes.

    `hashed` holds the look-ups of every name and source in the batch.
    """

    business_id: BusinessId
    head: Position
    hashed: Hashed
    contacts: dict[ContactId, ContactState] = field(default_factory=dict)
    aliases: dict[bytes, ContactId] = field(default_factory=dict)
    seen: set[bytes] = field(default_factory=set)
    prompts: dict[PromptHash, frozenset[str]] = field(default_factory=dict)
    answered: dict[bytes, Answered] = field(default_factory=dict)
    replayable: dict[int, Event] = field(default_factory=dict)

    new_aliases: list[NewAlias] = field(default_factory=list)
    new_events: list[NewEvent] = field(default_factory=list)
    new_seen: list[bytes] = field(default_factory=list)
    new_prompts: list[PromptVersion] = field(default_factory=list)
    new_answered: list[tuple[bytes, Answered]] = field(default_factory=list)
    new_bodies: list[tuple[str, Instant, bytes]] = field(default_factory=list)
    openings: dict[tuple[ContactId, PhoneNumberId], Instant] = field(default_factory=dict)
    media: dict[bytes, tuple[PhoneNumberId | Literal[""], Instant]] = field(default_factory=dict)
    moved_aliases: list[tuple[bytes, ContactId]] = field(default_factory=list)
    merges: list[tuple[ContactId, ContactId]] = field(default_factory=list)
    sightings: list[tuple[TemplateObserved, Instant]] = field(default_factory=list)
    said_stops: list[SaidStop] = field(default_factory=list)
    new_reviews: list[NewReview] = field(default_factory=list)
    tasks: list[TaskEnqueued] = field(default_factory=list)
    fenced: set[ContactId] = field(default_factory=set)

    def media_rows(self) -> list[tuple[bytes, str, Instant]]:
        """Return the files that were named, in one order for all: no two batches wait crosswise."""
        return [(lookup, *row) for lookup, row in sorted(self.media.items())]


@dataclass(frozen=True, slots=True)
class Needs:
    """What must be read before a batch can be planned. `names`: contacts whose names are read."""

    lookups: frozenset[bytes]
    sources: frozenset[bytes]
    prompts: frozenset[str]
    idempotency: frozenset[bytes]
    hashed: Hashed
    names: frozenset[ContactId] = frozenset()
