"""What is to be written, as values: the one way into the ledger.

A change is all or nothing: every act of it is durable when `Ledger.commit` returns, or none
is. It belongs to one business, so no transaction ever spans two.
"""

from __future__ import annotations

from typing import Literal

from askfirst.domain.brakes.verdicts import Mark
from askfirst.domain.consent.choice import Choice
from askfirst.domain.consent.event import Assurance, Event, EventKind, NumberProof, Source
from askfirst.domain.consent.standing import Standing
from askfirst.domain.inbound.delivery import Place
from askfirst.domain.opt_out.reading import About
from askfirst.domain.prompts.prompt import PromptHash, PromptVersion, Surface
from askfirst.domain.tasks.task import Task
from askfirst.domain.tenants.sender import Reading, TemplateState
from askfirst.domain.tenants.template_content import TemplateContent, TemplateQuality
from askfirst.domain.value import Value
from askfirst.domain.values.alias import Alias
from askfirst.domain.values.errors import InvalidInput
from askfirst.domain.values.ids import (
    BusinessId,
    ContactId,
    ImportId,
    PhoneNumberId,
    Position,
    WabaId,
)
from askfirst.domain.values.purpose import Category
from askfirst.domain.values.timestamp import Instant
from askfirst.ports.brakes.brakes import Report


class Statement(Value, frozen=True, kw_only=True):
    """One act of one person, about to become an event.

    `aliases` all name that person: where they lead to several contacts these are merged
    (only a door that Meta signs may name more than one). Nobody of that name: a contact is
    made. `evidence` is kept encrypted; the event carries its salted hash. `number_proof`: what
    Meta signed, or a code that was checked, is proven; a form that anybody fills in is typed.
    `stop_languages` is set for a stop said in the chat, which askfirst is to confirm, and for what
    may be one, which it is to ask about: the languages it may be in, if known. `answers` is the
    position of the message that a `kept` is about; where that is asked no more, nothing is written.
    `about` marks what an operator has to look at.
    """

    aliases: tuple[Alias, ...]
    kind: EventKind
    occurred_at: Instant
    source: Source
    surface: Surface
    number_proof: NumberProof
    purposes: tuple[str, ...] = ()
    assurance: Assurance = Assurance.ASSERTED
    sender: str = ""
    prompt: PromptHash | None = None
    evidence: bytes = b""
    choice: Choice | None = None
    stop_languages: tuple[str, ...] | None = None
    answers: Position | None = None
    about: About | None = None


class WindowOpened(Value, frozen=True, kw_only=True):
    """The person wrote to a sender: the 24-hour window opens, or its opening moves forward."""

    aliases: tuple[Alias, ...]
    sender: PhoneNumberId
    at: Instant


class LinkWished(Value, frozen=True, kw_only=True):
    """The person asks a sender for their preference page, in words of these locales.

    Its task is written with it (`ports.inbound.link_tasks`); of consent it says nothing.
    """

    aliases: tuple[Alias, ...]
    sender: PhoneNumberId
    locales: tuple[str, ...]
    at: Instant


class AliasesLinked(Value, frozen=True, kw_only=True):
    """Names that Meta says are one person: unknown ones are learnt, two contacts are merged."""

    aliases: tuple[Alias, ...]
    at: Instant
    source: Source


class TemplateObserved(Value, frozen=True, kw_only=True):
    """What Meta says about a template; None leaves that part as it is.

    `language` empty means every language of the name. `reading` comes with `content`.
    """

    waba_id: WabaId
    name: str
    language: str
    state: TemplateState | None
    category: Category | None
    at: Instant
    quality: TemplateQuality | None = None
    content: TemplateContent | None = None
    reading: Reading | None = None


class MessagingLimitObserved(Value, frozen=True, kw_only=True):
    """Meta says to how many people the business may write outside windows in 24 hours.

    None: to any number of them. A business is one portfolio, whatever numbers and accounts it has.
    """

    limit: int | None


class MediaObserved(Value, frozen=True, kw_only=True):
    """Meta named a file to the business: it may be fetched and deleted through us from now on.

    `sender` is whom it was named to; empty where only the account is known.
    """

    media_id: str
    sender: PhoneNumberId | Literal[""]
    at: Instant


class Unreachable(Value, frozen=True, kw_only=True):
    """Meta could not deliver to this number at all (131026). It says nothing about consent."""

    aliases: tuple[Alias, ...]
    at: Instant


class Deferred(Value, frozen=True, kw_only=True):
    """Meta does not bring marketing to this person for a time: `code` says why, and how long."""

    aliases: tuple[Alias, ...]
    at: Instant
    code: int


class PairSlowed(Value, frozen=True, kw_only=True):
    """Meta takes no message from the sender to this person before `until`.

    Of a person who is not known it says nothing, and makes no contact.
    """

    aliases: tuple[Alias, ...]
    sender: PhoneNumberId
    until: Instant


class SenderSlowed(Value, frozen=True, kw_only=True):
    """Meta takes no message from the sender before `until`."""

    sender: PhoneNumberId
    until: Instant


class MessageLost(Value, frozen=True, kw_only=True):
    """Meta says later of a message that it took: it surely reached nobody.

    The task is enqueued that gives back its place among what was sent (`Queue.LOST`).
    """

    message_id: str
    code: int
    at: Instant


class Reached(Value, frozen=True, kw_only=True):
    """Meta brought a message to this person: who could not be reached before then, can be.

    Of a person who is not known it says nothing, and makes no contact.
    """

    alias: Alias
    at: Instant


class AliasesMoved(Value, frozen=True, kw_only=True):
    """Meta says that a person left these names, and which ones they have now (none: unknown).

    The old names may belong to a stranger soon, so the two stay two contacts: every yes of
    both is suspended until asked again, and every no of the old is copied to the new.
    """

    old: tuple[Alias, ...]
    new: tuple[Alias, ...]
    at: Instant
    sender: str = ""

    @property
    def aliases(self) -> tuple[Alias, ...]:
        """All names that must be looked up."""
        return self.old + self.new


class ContactErased(Value, frozen=True, kw_only=True):
    """Everything that tells who a contact is goes; keyed hashes of their names stay suppressed.

    It is alone in its batch. `aliases` are all names of the contact: where they are others by now,
    nothing is written and Conflict is raised. `evidence` holds nothing about the person.
    """

    aliases: tuple[Alias, ...]
    contact_id: ContactId
    at: Instant
    source: Source
    evidence: bytes


Command = (
    Statement
    | WindowOpened
    | LinkWished
    | AliasesLinked
    | TemplateObserved
    | MediaObserved
    | MessagingLimitObserved
    | Unreachable
    | Deferred
    | PairSlowed
    | SenderSlowed
    | MessageLost
    | AliasesMoved
    | ContactErased
)


class WriteEntry(Value, frozen=True, kw_only=True):
    """Acts that stand or fall together with one source id; a known id is skipped, for ever.

    `source_at` is the time that the source itself gives, the same at each delivery (0: none).
    `is_lesson`: its acts only tell names, mostly known ones; its id is kept only where it taught
    some.
    """

    acts: tuple[Command, ...]
    source_id: str = ""
    source_at: Instant | Literal[0] = 0
    is_lesson: bool = False


class TaskEnqueued(Value, frozen=True, kw_only=True):
    """Work that follows from what is written, to be done from `due_at` on; see ports.tasks."""

    task: Task
    due_at: Instant


class Idempotency(Value, frozen=True, kw_only=True):
    """The caller's key and a digest of what was asked with it; `name` is what they call the key."""

    key: str
    digest: bytes
    name: str = "Idempotency-Key"


class Forwarding(Value, frozen=True):
    """How a delivery goes on: the business's places in it, and the signatures of its bytes.

    `events` were made by parts of the delivery that are written already.
    """

    places: tuple[Place, ...]
    signatures: str
    events: tuple[Event, ...] = ()


class ImportPart(Value, frozen=True, kw_only=True):
    """A part of an import, numbered from 0, with the report of its rows as it is kept.

    It is written once, after those before it: where it was written already, Conflict is raised and
    nothing of its batch is written.
    """

    import_id: ImportId
    part: int
    report: bytes


class PlainReport(Value, frozen=True):
    """A status that asks for nothing: what became of a message that did not fail.

    `mark` says what arrived or was read; None: it was sent, and nothing more is known. `is_lesson`:
    its names were not seen together lately. Source id and time are of use only where they are news.
    """

    aliases: tuple[Alias, ...]
    at: Instant
    message_id: str
    mark: Mark | None
    is_lesson: bool
    source_id: str
    source_at: Instant | Literal[0]


class WriteBatch(Value, frozen=True, kw_only=True):
    """One all-or-nothing write. `body` is a webhook's raw bytes, kept encrypted for a set time.

    `forwarding` says how the body goes on to receivers, where the business has any; None: not at
    all.

    `reached` and `reports` need no source id: twice is no more than once. `reports` tell what
    arrived and what was read, and are counted for the brakes. `tasks` are enqueued with it, but not
    where the idempotency key is known. `plain` are all statuses of a delivery that has no others,
    and then there are no items: they mean what `reached`, `reports` and lessons would.

    `standing_of` is a name of its statements whose standing is told with what was written.
    """

    business_id: BusinessId
    recorded_at: Instant
    items: tuple[WriteEntry, ...]
    reached: tuple[Reached, ...] = ()
    reports: tuple[Report, ...] = ()
    plain: tuple[PlainReport, ...] = ()
    body: bytes = b""
    forwarding: Forwarding | None = None
    prompt: PromptVersion | None = None
    idempotency: Idempotency | None = None
    tasks: tuple[TaskEnqueued, ...] = ()
    import_part: ImportPart | None = None
    standing_of: Alias | None = None

    def __post_init__(self) -> None:
        if self.tasks and any(new.task.business_id != self.business_id for new in self.tasks):
            raise InvalidInput("tasks", "must be of the business of the batch")
        if self.plain and (self.items or self.reached or self.reports):
            raise InvalidInput("plain", "must be all that the batch tells")

    @property
    def is_erasure(self) -> bool:
        """Whether it erases somebody."""
        for item in self.items:  # asked of each batch, and most teach names or have no items
            if item.is_lesson:
                continue
            for act in item.acts:
                if isinstance(act, ContactErased):
                    return True
        return False

    @property
    def has_tasks(self) -> bool:
        """Whether there may be something to be done at once: a stop has its confirmation."""
        for item in self.items:
            if not item.is_lesson and any(map(_is_answered, item.acts)):
                return True
        return bool(self.tasks)


class Committed(Value, frozen=True, kw_only=True):
    """What was written. `duplicates` counts items that said nothing new: their source id was known.

    `replayed` says that the idempotency key was known: `events` are those of the first time.
    `standing` is what its transaction left in force for the name that the batch asks about, noes of
    neighbouring numbers included, as the gate would read it; None: nobody asked, or time has passed
    since, so that it must be read anew.
    """

    events: tuple[Event, ...]
    duplicates: int = 0
    replayed: bool = False
    standing: Standing | None = None


def _is_answered(act: Command) -> bool:
    """Whether something is to be done at once: an answer in the chat, a place to give back."""
    if isinstance(act, Statement):
        return act.stop_languages is not None
    return isinstance(act, (LinkWished, MessageLost))
