"""What a batch of changes works on: read before, changed in memory, written after.

Both backends fill one workspace per business and transaction, let the planner change it, and
write what it holds. All rules are in the planner, so the backends cannot disagree.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any, Final, Literal, TypeAlias

from askfirst.domain.consent.event import Event
from askfirst.domain.consent.standing import Standing
from askfirst.domain.held.held_message import ENDING
from askfirst.domain.opt_out.reading import About
from askfirst.domain.prompts.prompt import PromptHash, PromptVersion
from askfirst.domain.sending.reachability import (
    Obstacles,
    Reachability,
    read_days,
    write_days,
)
from askfirst.domain.value import Value
from askfirst.domain.values.errors import InvalidInput, UnknownReference
from askfirst.domain.values.ids import BusinessId, ContactId, PhoneNumberId, Position, WebhookId
from askfirst.domain.values.timestamp import DAY, Instant
from askfirst.ports.brakes.brakes import Report
from askfirst.ports.consent.change import (
    Committed,
    Forwarding,
    Statement,
    TaskEnqueued,
    TemplateObserved,
    WriteBatch,
)
from askfirst.storage.consent.import_parts import ImportRows
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


UNKNOWN_REACH: Final = Reachability()


@lru_cache(maxsize=1_024)
def _known(failed_at: Instant | None, days: str, reached_day: int) -> Reachability:
    """Read how a contact can be reached: most never failed, and were reached on one of few days."""
    if days or reached_day:
        return Reachability(failed_at, read_days(days), reached_day)
    return UNKNOWN_REACH


@dataclass(slots=True)
class ContactState:
    """One contact in the workspace. `names` is None where they were not read.

    `stored` is the standing as it was read: most contacts are only found, never judged.
    """

    contact_id: ContactId
    stored: bytes = NOTHING
    reachability: Reachability = UNKNOWN_REACH
    deferred_until: Instant | None = None
    held_out_until: Instant | None = None
    absorbed_by: ContactId | None = None
    is_new: bool = False
    is_changed: bool = False
    names: Names | None = None
    _standing: Standing | None = None

    @classmethod
    def read(cls, contact_id: ContactId, stored: bytes, *delivery: Any) -> ContactState:
        """Make one of the columns of its row."""
        failed_at, days, reached_day, *until = delivery
        return cls(contact_id, stored, _known(failed_at, days, reached_day), *until)

    @property
    def standing(self) -> Standing:
        """What is in force for the contact by now."""
        return decode_standing(self.stored) if self._standing is None else self._standing

    def stand(self, standing: Standing) -> None:
        """Take what is in force from now on; it will be written."""
        self._standing = standing
        self.is_changed = True

    def reach(self, reachability: Reachability) -> None:
        """Take how the contact can be reached; what is known already is not written again."""
        if reachability != self.reachability:
            self.reachability = reachability
            self.is_changed = True

    def hear(self, at: Instant) -> None:
        """Take in that a message arrived, or that they wrote: the first of a day is news."""
        known, day = self.reachability, at // DAY
        if day > known.reached_day:
            never_failed = known.failed_at is None and not known.failed_days
            self.reachability = _known(None, "", day) if never_failed else known.reached(at)
            self.is_changed = True

    @property
    def delivery(self) -> tuple[int | None, str, int, int | None, int | None]:
        """How messages reach the contact, in the order of its columns."""
        known = self.reachability
        days = write_days(known.failed_days) if known.failed_days else ""
        times = (self.deferred_until, self.held_out_until)
        return (known.failed_at, days, known.reached_day, *times)

    @property
    def obstacles(self) -> Obstacles:
        """What the gate knows of how messages reach the contact."""
        days = self.reachability.failed_days
        return Obstacles(days, self.deferred_until, self.held_out_until)

    @property
    def encoded(self) -> bytes:
        """The standing as it is to be written."""
        return self.stored if self._standing is None else encode_standing(self._standing)


class NewAlias(Value, frozen=True):
    """A name learnt: found by `lookup`, kept sealed."""

    lookup: bytes
    contact_id: ContactId
    kind: str
    sealed: bytes


class NewEvent(Value, frozen=True):
    """An event with its evidence, sealed, and the salt of the evidence's hash."""

    event: Event
    evidence: bytes | None
    salt: bytes | None


class NewBody(Value, frozen=True):
    """A webhook, sealed. With a `number` it is forwarded, as `forwarding` says.

    `events` are all that the delivery made.
    """

    webhook_id: WebhookId
    received_at: Instant
    sealed: bytes
    number: int | None = None
    forwarding: Forwarding | None = None
    events: tuple[Event, ...] = ()


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


@dataclass(frozen=True, slots=True)
class ErasedContact:
    """A contact that is erased by the event at `position`; `sealed` holds the names they had."""

    contact_id: ContactId
    position: Position
    at: Instant
    sealed: bytes


@dataclass(frozen=True, slots=True)
class EndingNo:
    """A no that ends the messages held for a contact: to these purposes, or to everything."""

    contact_id: ContactId
    purposes: tuple[str, ...]
    reason: str
    at: Instant


@dataclass(slots=True)
class Workspace:
    """Everything of one business that a batch reads and writes.

    `hashed` holds the look-ups of every name and source in the batch; `arrivals` the hashes of
    messages that arrived or were read, with the bits of their marks; `subscribers` are the ids of
    the live subscriptions, `receivers` those of the live receivers, and a dash for each other.
    """

    business_id: BusinessId
    head: Position
    hashed: Hashed
    subscribers: tuple[str, ...] = ()
    receivers: tuple[str, ...] = ()
    last_webhook: int = 0
    contacts: dict[ContactId, ContactState] = field(default_factory=dict)
    aliases: dict[bytes, ContactId] = field(default_factory=dict)
    suppressed: set[bytes] = field(default_factory=set)
    seen: set[bytes] = field(default_factory=set)
    prompts: dict[PromptHash, frozenset[str]] = field(default_factory=dict)
    answered: dict[bytes, Answered] = field(default_factory=dict)
    replayable: dict[int, Event] = field(default_factory=dict)

    new_aliases: list[NewAlias] = field(default_factory=list)
    new_events: list[NewEvent] = field(default_factory=list)
    new_seen: list[bytes] = field(default_factory=list)
    new_prompts: list[PromptVersion] = field(default_factory=list)
    new_answered: list[tuple[bytes, Answered]] = field(default_factory=list)
    new_bodies: list[NewBody] = field(default_factory=list)
    openings: dict[tuple[ContactId, PhoneNumberId], Instant] = field(default_factory=dict)
    media: dict[bytes, tuple[PhoneNumberId | Literal[""], Instant]] = field(default_factory=dict)
    moved_aliases: list[tuple[bytes, ContactId]] = field(default_factory=list)
    merges: list[tuple[ContactId, ContactId]] = field(default_factory=list)
    messaging_limits: list[int | None] = field(default_factory=list)
    slowed: dict[str, Instant] = field(default_factory=dict)
    arrivals: dict[str, int] = field(default_factory=dict)
    sightings: list[tuple[TemplateObserved, Instant]] = field(default_factory=list)
    said_stops: list[SaidStop] = field(default_factory=list)
    new_reviews: list[NewReview] = field(default_factory=list)
    tasks: list[TaskEnqueued] = field(default_factory=list)
    import_parts: list[ImportRows] = field(default_factory=list)
    fenced: set[ContactId] = field(default_factory=set)
    new_suppressed: dict[bytes, Instant] = field(default_factory=dict)
    lifted: set[bytes] = field(default_factory=set)
    erased: list[ErasedContact] = field(default_factory=list)
    ending_noes: list[EndingNo] = field(default_factory=list)

    def mind_held(self, event: Event, people: Iterable[ContactId]) -> None:
        """Note for whom an event ends what is held for them."""
        if event.kind in ENDING:
            row = (event.purposes, event.kind.value, event.recorded_at)
            self.ending_noes += [EndingNo(contact_id, *row) for contact_id in people]

    def slow(self, subject: str, until: Instant) -> None:
        """Let nothing leave before a moment, of a sender or of a sender and a person."""
        self.slowed[subject] = Instant(max(until, self.slowed.get(subject, 0)))

    def keep_body(
        self,
        place: tuple[WebhookId, Instant, bytes],
        forwarding: Forwarding | None,
        events: tuple[Event, ...],
    ) -> None:
        """Keep a webhook; with the next number, where it goes on to somebody, now or later."""
        if forwarding is None or not self.receivers:
            self.new_bodies.append(NewBody(*place))
            return
        self.last_webhook += 1
        told = forwarding.events + events
        self.new_bodies.append(NewBody(*place, self.last_webhook, forwarding, told))

    @property
    def is_numbered(self) -> bool:
        """Whether a webhook of it is forwarded."""
        return bool(self.receivers) and any(new.number is not None for new in self.new_bodies)

    def answered_rows(self) -> list[tuple[Any, ...]]:
        """Return the rows of idempotency keys, with the positions that they made."""
        return [
            (self.business_id, key, answered.digest, ",".join(map(str, answered.positions)))
            for key, answered in self.new_answered
        ]

    def media_rows(self) -> list[tuple[bytes, str, Instant]]:
        """Return the files that were named, in one order for all: no two batches wait crosswise."""
        return [(lookup, *row) for lookup, row in sorted(self.media.items())]


class Written(Value, frozen=True):
    """A committed change and the contacts whose sends must be waited for.

    `is_told`: somebody is told of it, so there are tasks. `uncounted`: what of its reports the
    brakes have not counted yet.
    """

    committed: Committed
    fenced: frozenset[ContactId]
    is_told: bool = False
    uncounted: tuple[Report, ...] = ()


@dataclass(frozen=True, slots=True)
class Needs:
    """What must be read before a batch can be planned. `names`: contacts whose names are read."""

    lookups: frozenset[bytes]
    sources: frozenset[bytes]
    prompts: frozenset[str]
    idempotency: frozenset[bytes]
    hashed: Hashed
    names: frozenset[ContactId] = frozenset()


def check_prompts(workspace: Workspace, change: WriteBatch) -> None:
    """Take in the wording that a change brings, and check that each statement's is known.

    Raises:
        UnknownReference, InvalidInput: a statement names another, or more than that asked for.
    """
    own = change.prompt.hash if change.prompt else None
    for item in change.items:
        for act in () if item.is_lesson else item.acts:
            if isinstance(act, Statement) and act.prompt and act.prompt != own:
                _check_prompt(workspace, act, act.prompt)
    if change.prompt and own not in workspace.prompts:
        workspace.prompts[change.prompt.hash] = frozenset(change.prompt.purposes)
        workspace.new_prompts.append(change.prompt)


def _check_prompt(workspace: Workspace, act: Statement, prompt: PromptHash) -> None:
    """A yes covers what was asked: another wording cannot lend its name to it."""
    asked = workspace.prompts.get(prompt)
    if asked is None:
        raise UnknownReference("prompt.hash", "is not a prompt version known here")
    if not asked.issuperset(act.purposes):
        raise InvalidInput("purposes", "must be among those that the prompt asked for")
