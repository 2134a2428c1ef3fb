"""From changes to rows: every rule of writing, pure of any database.

A change is checked before it alters the workspace, so one that is refused leaves no trace and
the others of its batch go on.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from askfirst.domain.consent.event import (
    RESTRICTIVE,
    Event,
    EventKind,
    Source,
    evidence_digest,
)
from askfirst.domain.consent.standing import step
from askfirst.domain.consent.stop_confirmation import is_in_force, newest_live_yes
from askfirst.domain.prompts.prompt import PromptHash
from askfirst.domain.values.errors import AskfirstError, Conflict, InvalidInput, UnknownReference
from askfirst.domain.values.ids import ContactId, Position
from askfirst.domain.values.timestamp import SECOND, Instant
from askfirst.ports.consent.change import (
    AliasesLinked,
    AliasesMoved,
    Command,
    Committed,
    Idempotency,
    MediaObserved,
    Statement,
    TemplateObserved,
    Unreachable,
    WindowOpened,
    WriteBatch,
    WriteEntry,
)
from askfirst.ports.platform.clock import Ids
from askfirst.storage.consent.contact_book import ContactBook
from askfirst.storage.consent.identity import (
    Handover,
    inherited_noes,
    named,
    signed_statement,
)
from askfirst.storage.consent.workspace import (
    Answered,
    ContactState,
    Hashed,
    MoreNeeded,
    Needs,
    NewEvent,
    NewReview,
    SaidStop,
    Workspace,
)
from askfirst.storage.platform.keyring import LOOKUP_BYTES, Keyring


@dataclass(frozen=True, slots=True)
class Written:
    """A committed change and the contacts whose sends must be waited for."""

    committed: Committed
    fenced: frozenset[ContactId]


Sighting = TemplateObserved | MediaObserved
_Nameless = (TemplateObserved, MediaObserved)
_Sourced = (Statement, AliasesLinked)


class Planner:
    """Plans changes of one business after another, in the order they came."""

    def __init__(self, keyring: Keyring, ids: Ids) -> None:
        self._keyring = keyring
        self._ids = ids
        self._book = ContactBook(keyring, ids, self._append)

    def needs(self, changes: Iterable[WriteBatch]) -> Needs:
        """Return what must be read before these changes can be planned.

        Most lessons are known already, so whether they were heard before is read only by `more`.
        """
        hashed: Hashed = {}
        names: set[str] = set()
        sources: set[bytes] = set()
        prompts: set[str] = set()
        keys: set[bytes] = set()
        for change in changes:
            if change.idempotency:
                keys.update(self._keyring.lookups("key:" + change.idempotency.key))
            if change.prompt:
                prompts.add(change.prompt.hash)
            names.update([reached.alias.key for reached in change.reached])
            for item in change.items:
                if item.source_id and not item.is_lesson:
                    sources.update(self._hash_source(hashed, item))
                for act in item.acts:
                    if not isinstance(act, _Nameless):
                        names.update(_names(act))
                    if isinstance(act, Statement) and act.prompt:
                        prompts.add(act.prompt)
        lookups: set[bytes] = set()
        for name in names:
            found = hashed[name] = self._keyring.lookups(name)
            lookups.update(found)
        wanted = frozenset(lookups), frozenset(sources), frozenset(prompts), frozenset(keys)
        return Needs(*wanted, hashed)

    def more(
        self, needs: Needs, missed: MoreNeeded, workspace: Workspace, changes: Sequence[WriteBatch]
    ) -> Needs:
        """Return everything that a lesson which is news may need, for the whole batch at once."""
        lessons = (item for change in changes for item in change.items if item.is_lesson)
        sources = {found for item in lessons for found in self._hash_source(needs.hashed, item)}
        names = self._learning(workspace, changes) | needs.names
        if missed.contact_id is not None:
            names |= {missed.contact_id}
        return replace(needs, sources=needs.sources | sources, names=names)

    def _hash_source(self, hashed: Hashed, item: WriteEntry) -> list[bytes]:
        source = (item.source_id, item.source_at)
        if source not in hashed:
            hashed[source] = self._source_lookups(item)
        return hashed[source]

    def _source_lookups(self, item: WriteEntry) -> list[bytes]:
        """Hash a source id behind its time: new ids then lie side by side in the index.

        Ids in random order would touch a page of the index each, and the more the larger it is.
        """
        seconds = (item.source_at // SECOND).to_bytes(5, "big")
        hashes = self._keyring.lookups("source:" + item.source_id)
        return [seconds + hash_[: LOOKUP_BYTES - len(seconds)] for hash_ in hashes]

    def _learning(
        self, workspace: Workspace, changes: Iterable[WriteBatch]
    ) -> frozenset[ContactId]:
        """Return the stored contacts that may get another name: their own must be read, too."""
        known: set[ContactId] = set()
        for act in (act for change in changes for item in change.items for act in item.acts):
            if isinstance(act, (AliasesMoved, *_Nameless)) or len(act.aliases) == 1:
                continue
            found = [self._book.find(workspace, alias) for alias in act.aliases]
            if len(set(found)) > 1:
                known.update(contact_id for contact_id in found if contact_id)
        return frozenset(
            known - {new.contact_id for new in workspace.contacts.values() if new.is_new}
        )

    def work(self, workspace: Workspace, change: WriteBatch) -> Written | AskfirstError:
        """Plan one change of a batch: a refusal is its own result and leaves the others alone."""
        fenced_before = workspace.fenced
        workspace.fenced = set()
        try:
            committed = self.plan(workspace, change)
            return Written(committed, frozenset(workspace.fenced))
        except AskfirstError as error:
            return error
        finally:
            workspace.fenced |= fenced_before

    def plan(self, workspace: Workspace, change: WriteBatch) -> Committed:
        """Work one change into the workspace.

        Raises:
            Conflict, UnknownReference: the change is refused; the workspace is as before.
            MoreNeeded: read what `more` tells and plan the batch again from the start.
        """
        if change.idempotency and (replayed := self._replay(workspace, change.idempotency)):
            return replayed
        self._check_prompts(workspace, change)
        first = len(workspace.new_events)
        duplicates = 0
        for item in change.items:
            duplicates += not self._plan_item(workspace, change, item)
        for reached in change.reached:
            if contact_id := self._book.find(workspace, reached.alias):
                workspace.contacts[contact_id].reach(reached.at)
        events = tuple([new.event for new in workspace.new_events[first:]])
        if change.idempotency:
            positions = tuple(event.position for event in events)
            answered = Answered(self._digests(change.idempotency)[0], positions)
            lookup = self._keyring.lookup("key:" + change.idempotency.key)
            workspace.answered[lookup] = answered
            workspace.new_answered.append((lookup, answered))
            workspace.replayable.update({event.position: event for event in events})
        workspace.tasks += change.tasks
        if change.body:
            sealed = self._keyring.seal(change.body, change.business_id.encode())
            workspace.new_bodies.append((self._ids.webhook(), change.recorded_at, sealed))
        return Committed(events=events, duplicates=duplicates)

    def _replay(self, workspace: Workspace, idempotency: Idempotency) -> Committed | None:
        for lookup in self._keyring.lookups("key:" + idempotency.key):
            if answered := workspace.answered.get(lookup):
                if answered.digest not in self._digests(idempotency):
                    raise Conflict(f"the {idempotency.name} was used before for another request")
                events = tuple(workspace.replayable[position] for position in answered.positions)
                stops = (event.contact_id for event in events if event.kind in RESTRICTIVE)
                workspace.fenced.update(stops)  # the first answer may still be waiting
                return Committed(events=events, replayed=True)
        return None

    def _digests(self, idempotency: Idempotency) -> list[bytes]:
        """Hash the caller's digest with our keys: it was made from a phone number, too."""
        return self._keyring.lookups("digest:" + idempotency.digest.hex())

    def _check_prompts(self, workspace: Workspace, change: WriteBatch) -> None:
        own = change.prompt.hash if change.prompt else None
        for item in change.items:
            for act in item.acts:
                if isinstance(act, Statement) and act.prompt and act.prompt != own:
                    _check_prompt(workspace, act, act.prompt)
        if change.prompt and own not in workspace.prompts:
            workspace.prompts[change.prompt.hash] = frozenset(change.prompt.purposes)
            workspace.new_prompts.append(change.prompt)

    def _plan_item(self, workspace: Workspace, change: WriteBatch, item: WriteEntry) -> bool:
        """Work in one item; False where its source id was known, or what it tells is over."""
        if item.is_lesson and self._is_known(workspace, item):
            return True
        if item.source_id:
            lookups = workspace.hashed.get((item.source_id, item.source_at))
            if lookups is None:
                raise MoreNeeded
            if any(lookup in workspace.seen for lookup in lookups):
                self._fence_again(workspace, item)
                return False
            if item.is_lesson and self._is_out_of_date(workspace, item):
                return False
            workspace.seen.add(lookups[0])
            workspace.new_seen.append(lookups[0])
        for act in item.acts:
            self._plan_act(workspace, change, act)
        return True

    def _is_known(self, workspace: Workspace, lesson: WriteEntry) -> bool:
        """Return whether all names that belong together are together already."""
        found = [self._named(workspace, act) for act in _lessons(lesson)]
        return all(len(names) == 1 and None not in names for names in found)

    def _is_out_of_date(self, workspace: Workspace, lesson: WriteEntry) -> bool:
        """Return whether a name has changed hands since: old news must not give it back.

        Meta tells whole seconds; within one, the change of hands came last.
        """
        for act in _lessons(lesson):
            for contact_id in filter(None, self._named(workspace, act)):
                mark = workspace.contacts[contact_id].standing.suspended
                if mark is not None and act.at < mark.at + SECOND:
                    return True
        return False

    def _named(self, workspace: Workspace, act: AliasesLinked) -> set[ContactId | None]:
        return {self._book.find(workspace, alias) for alias in act.aliases}

    def _fence_again(self, workspace: Workspace, item: WriteEntry) -> None:
        """A second delivery of a stop is acknowledged no earlier than the first could be."""
        for act in item.acts:
            if isinstance(act, AliasesMoved) or (
                isinstance(act, Statement) and act.kind in RESTRICTIVE
            ):
                found = (self._book.find(workspace, alias) for alias in act.aliases)
                workspace.fenced.update(contact for contact in found if contact)

    def _plan_act(self, workspace: Workspace, change: WriteBatch, act: Command) -> None:
        if isinstance(act, _Nameless):
            self._plan_sighting(workspace, change, act)
            return
        if isinstance(act, AliasesMoved):
            self._move(workspace, change, act)
            return
        source = act.source if isinstance(act, _Sourced) else Source.WEBHOOK
        contact = self._book.contact(workspace, change, act, source)
        match act:
            case Statement(kind=EventKind.KEPT) if not _is_asked(contact, act):
                pass  # the tap of a question that is answered, or about nobody's doubt
            case Statement():
                lived = newest_live_yes(contact.standing) if _is_to_be_confirmed(act) else None
                self._append(workspace, change, contact, act)
                if lived is not None or _is_to_be_asked(contact, act):
                    workspace.said_stops.append(
                        self._said_stop(workspace, contact, act, lived or 0)
                    )
                if act.about:
                    event = workspace.new_events[-1].event
                    workspace.new_reviews.append(
                        NewReview(event.position, contact.contact_id, act.about, event.occurred_at)
                    )
                for key in _nearby(act):
                    near = (workspace.aliases.get(lookup) for lookup in workspace.hashed[key])
                    workspace.fenced.update(contact_id for contact_id in near if contact_id)
            case WindowOpened():
                place = (contact.contact_id, act.sender)
                workspace.openings[place] = Instant(max(act.at, workspace.openings.get(place, 0)))
                contact.reach(act.at)
            case Unreachable():
                contact.unreachable_at = Instant(max(act.at, contact.unreachable_at or 0))
                contact.is_changed = True

    def _plan_sighting(self, workspace: Workspace, change: WriteBatch, act: Sighting) -> None:
        """Note what needs no contact to be found first."""
        match act:
            case TemplateObserved():
                workspace.sightings.append((act, change.recorded_at))
            case MediaObserved():
                lookup = self._keyring.lookup(media_name(act.media_id))
                workspace.media[lookup] = (act.sender, act.at)

    def _said_stop(
        self, workspace: Workspace, contact: ContactState, act: Statement, lived: int
    ) -> SaidStop:
        event = workspace.new_events[-1].event
        alias = next((alias for alias in act.aliases if alias.is_number), act.aliases[0])
        return SaidStop(
            contact_id=contact.contact_id,
            position=event.position,
            said_at=event.occurred_at,
            lived=lived,
            alias_kind=alias.kind.value,
            sealed=self._keyring.seal(alias.value.encode(), workspace.business_id.encode()),
            sender=act.sender,
            purposes=act.purposes,
            languages=act.stop_languages or (),
            is_doubt=act.kind is EventKind.DOUBTED,
        )

    def _move(self, workspace: Workspace, change: WriteBatch, move: AliasesMoved) -> None:
        """Suspend both ends of a number change; the new one inherits every no, and no yes."""
        old = self._book.contact(workspace, change, named(move.old, move), Source.WEBHOOK)
        handover = Handover(move.at, Source.WEBHOOK, move.sender)
        inherited = inherited_noes(old.standing, handover)
        self._append(workspace, change, old, signed_statement(handover, EventKind.SUSPENDED))
        known = any(self._book.find(workspace, alias) for alias in move.new)
        if not move.new or not (known or inherited):
            return
        new = self._book.contact(workspace, change, named(move.new, move), Source.WEBHOOK)
        if new is old:
            return
        for statement in (signed_statement(handover, EventKind.SUSPENDED), *inherited):
            self._append(workspace, change, new, statement)

    def _append(
        self,
        workspace: Workspace,
        change: WriteBatch,
        contact: ContactState,
        act: Statement,
        absorbed: ContactState | None = None,
    ) -> None:
        salt = self._ids.salt() if act.evidence else None
        event = Event(
            event_id=self._ids.event(),
            business_id=workspace.business_id,
            contact_id=contact.contact_id,
            position=Position(workspace.head + 1),
            kind=act.kind,
            occurred_at=Instant(min(act.occurred_at, change.recorded_at)),
            recorded_at=change.recorded_at,
            source=act.source,
            surface=act.surface,
            purposes=act.purposes,
            assurance=act.assurance,
            sender=act.sender,
            prompt=act.prompt,
            absorbed=absorbed.contact_id if absorbed else None,
            evidence_digest=evidence_digest(act.evidence, salt) if salt else b"",
            number_proof=act.number_proof,
        )
        contact.stand(step(contact.standing, event, absorbed.standing if absorbed else None))
        workspace.head = event.position
        context = event.event_id.encode()
        sealed = self._keyring.seal(act.evidence, context) if act.evidence else None
        workspace.new_events.append(NewEvent(event, sealed, salt))
        if event.kind in RESTRICTIVE:
            workspace.fenced.add(contact.contact_id)


def _is_to_be_confirmed(act: Statement) -> bool:
    """Return whether it is a stop that the person said in the chat, as Meta delivers it."""
    return _is_said(act) and act.kind is EventKind.WITHDRAWN


def _is_said(act: Statement) -> bool:
    is_marked = act.stop_languages is not None and bool(act.aliases and act.sender)
    return is_marked and act.source is Source.WEBHOOK


def _is_to_be_asked(contact: ContactState, act: Statement) -> bool:
    """Return whether the person is to be asked what they meant: once for each doubt.

    Who has stopped everything is sent nothing, so there is nothing to ask.
    """
    if act.kind is not EventKind.DOUBTED or not _is_said(act):
        return False
    standing = contact.standing
    is_new = standing.doubt is not None and standing.doubt.first == standing.through
    return is_new and not is_in_force(standing, ())


def _is_asked(contact: ContactState, act: Statement) -> bool:
    """Return whether it answers the question about the doubt that is there now."""
    doubt, answered = contact.standing.doubt, act.answers
    return bool(doubt and answered and doubt.first <= answered <= doubt.mark.position)


def media_name(media_id: str) -> str:
    """Return the name under which a file is hashed."""
    return f"media:{media_id}"


def _lessons(item: WriteEntry) -> list[AliasesLinked]:
    return [act for act in item.acts if isinstance(act, AliasesLinked)]


def _check_prompt(workspace: Workspace, act: Statement, prompt: PromptHash) -> None:
    """A yes covers what was asked: another wording cannot lend its name to it."""
    asked = workspace.prompts.get(prompt)
    if asked is None:
        raise UnknownReference("prompt.hash", "is not a prompt version known here")
    if not asked.issuperset(act.purposes):
        raise InvalidInput("purposes", "must be among those that the prompt asked for")


def _names(act: Statement | WindowOpened | AliasesLinked | Unreachable | AliasesMoved) -> list[str]:
    names = [alias.key for alias in act.aliases]
    return names + _nearby(act) if isinstance(act, Statement) else names


def _nearby(act: Statement) -> list[str]:
    """Return the names of numbers for which a no counts, too: their sends are waited for."""
    if act.kind not in RESTRICTIVE:
        return []
    return [key for alias in act.aliases for key in alias.neighbour_keys]
