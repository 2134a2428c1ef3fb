"""From changes to rows: every rule of writing, pure of any database.

A change is checked before it alters the workspace, so one that is refused leaves no trace and
the others of its batch go on.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence

from askfirst.domain.consent.event import (
    RESTRICTIVE,
    Event,
    EventKind,
    Source,
    evidence_digest,
)
from askfirst.domain.consent.standing import step
from askfirst.domain.value import replace
from askfirst.domain.values.errors import AskfirstError, Conflict
from askfirst.domain.values.ids import ContactId, Position
from askfirst.domain.values.timestamp import SECOND, Instant
from askfirst.ports.consent.change import (
    AliasesLinked,
    AliasesMoved,
    Command,
    Committed,
    ContactErased,
    Deferred,
    Idempotency,
    LinkWished,
    PairSlowed,
    Statement,
    TaskEnqueued,
    Unreachable,
    WindowOpened,
    WriteBatch,
    WriteEntry,
)
from askfirst.ports.inbound.link_tasks import LinkWish, link_task
from askfirst.ports.platform.clock import Ids
from askfirst.storage.brakes.arrivals import count_arrivals
from askfirst.storage.brakes.brake_steps import BrakeSteps
from askfirst.storage.consent.chat_replies import is_asked, live_yes_ended, note_replies
from askfirst.storage.consent.contact_book import ContactBook
from askfirst.storage.consent.deliveries import (
    NAMELESS,
    forget_deliveries,
    names_of_plain,
    note_arrival,
    plan_delivery,
    plan_sighting,
    spelled_out,
    take_plain,
)
from askfirst.storage.consent.identity import (
    Handover,
    inherited_noes,
    named,
    signed_statement,
)
from askfirst.storage.consent.import_parts import import_rows
from askfirst.storage.consent.newcomers import Newcomers
from askfirst.storage.consent.suppressions import (
    check_claims,
    inherited_no,
    is_held,
    is_news_of_nobody,
    is_own_word,
    lift,
    names_nobody,
    names_of,
    nearby_names,
    suppress,
    suppressed_names,
)
from askfirst.storage.consent.workspace import (
    Answered,
    ContactState,
    ErasedContact,
    Hashed,
    MoreNeeded,
    Needs,
    NewEvent,
    Workspace,
    Written,
    check_prompts,
)
from askfirst.storage.platform.keyring import Keyring
from askfirst.storage.platform.sources import hash_source
from askfirst.storage.platform.statements import TransactionScript

_Named = (
    Statement | WindowOpened | LinkWished | AliasesLinked | Unreachable | Deferred | AliasesMoved
)
_Sourced = (Statement, AliasesLinked)
_NOTHING_NEW = Committed(events=())
_NOTHING_TO_DO = Written(_NOTHING_NEW, frozenset())
_TOLD = Written(_NOTHING_NEW, frozenset(), is_told=True)


class Planner:
    """Plans changes of one business after another, in the order they came."""

    def __init__(self, keyring: Keyring, ids: Ids) -> None:
        self._keyring = keyring
        self._ids = ids
        self._book = ContactBook(keyring, ids, self._append)
        self._newcomers = Newcomers(keyring, ids)

    def needs(self, changes: Iterable[WriteBatch]) -> Needs:
        """Return what must be read before these changes can be planned.

        Most lessons are known already, so whether they were heard before is read only by `more`.
        """
        hashed: Hashed = {}
        names, others = names_of_plain(changes)
        prompts, sources, keys = set[str](), set[bytes](), set[bytes]()
        for change in others:
            if change.idempotency:
                keys.update(self._keyring.lookups("key:" + change.idempotency.key))
            if change.prompt:
                prompts.add(change.prompt.hash)
            names.update([reached.alias.key for reached in change.reached])
            for item in change.items:
                if item.source_id and not item.is_lesson:
                    sources.update(self._hash_source(hashed, item))
                for act in item.acts:
                    if not isinstance(act, NAMELESS):
                        names.update(names_of(act))
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
        changes = [spelled_out(change) for change in changes]
        lessons = (item for change in changes for item in change.items if item.is_lesson)
        sources = {found for item in lessons for found in self._hash_source(needs.hashed, item)}
        names = self._learning(workspace, changes) | needs.names
        if missed.contact_id is not None:
            names |= {missed.contact_id}
        return replace(needs, sources=needs.sources | sources, names=names)

    def _hash_source(self, hashed: Hashed, item: WriteEntry) -> list[bytes]:
        source = (item.source_id, item.source_at)
        if source not in hashed:
            hashed[source] = hash_source(self._keyring, *source)
        return hashed[source]

    def _learning(
        self, workspace: Workspace, changes: Iterable[WriteBatch]
    ) -> frozenset[ContactId]:
        """Return the stored contacts that may get another name: their own must be read, too."""
        known: set[ContactId] = set()
        for act in (act for change in changes for item in change.items for act in item.acts):
            if isinstance(act, (AliasesMoved, *NAMELESS)) or len(act.aliases) == 1:
                continue
            found = [self._book.find(workspace, alias) for alias in act.aliases]
            if len(set(found)) > 1:
                known.update(contact_id for contact_id in found if contact_id)
        return frozenset(
            known - {new.contact_id for new in workspace.contacts.values() if new.is_new}
        )

    def work(self, workspace: Workspace, change: WriteBatch) -> Written | AskfirstError:
        """Plan one change of a batch: a refusal is its own result and leaves the others alone."""
        if change.plain:
            if take_plain(workspace, change, self._keyring):
                self._keep_body(workspace, change)
                return _TOLD if change.forwarding and workspace.receivers else _NOTHING_TO_DO
            change = spelled_out(change)
        fenced_before = workspace.fenced
        workspace.fenced = set()
        try:
            committed = self.plan(workspace, change)
            is_told = bool(committed.events and workspace.subscribers)
            is_told = is_told or bool(change.forwarding and workspace.receivers)
            if committed is _NOTHING_NEW and not (workspace.fenced or is_told):
                return _NOTHING_TO_DO
            return Written(committed, frozenset(workspace.fenced), is_told)
        except AskfirstError as error:
            return error
        finally:
            workspace.fenced |= fenced_before

    def count(self, workspace: Workspace, now: Instant) -> TransactionScript[bool]:
        """Count what arrived, once all else is written; False: somebody else is at the brakes."""
        return count_arrivals(BrakeSteps(workspace.business_id, self._ids, now), workspace.arrivals)

    def plan(self, workspace: Workspace, change: WriteBatch) -> Committed:
        """Work one change into the workspace.

        Raises:
            Conflict, UnknownReference: the change is refused; the workspace is as before.
            MoreNeeded: read what `more` tells and plan the batch again from the start.
        """
        if change.idempotency and (replayed := self._replay(workspace, change.idempotency)):
            return replayed
        if change.items or change.prompt:
            check_prompts(workspace, change)
            check_claims(workspace, change)
        first = len(workspace.new_events)
        duplicates = self._plan_items(workspace, change)
        for reached in change.reached:
            if contact_id := self._book.find(workspace, reached.alias):
                workspace.contacts[contact_id].hear(reached.at)
        for report in change.reports:
            note_arrival(workspace, *report, self._keyring)
        events = tuple([new.event for new in workspace.new_events[first:]])
        if change.idempotency:
            self._remember(workspace, change.idempotency, events)
        workspace.tasks += change.tasks
        if change.import_part:
            workspace.import_parts.append(import_rows(self._keyring, change))
        if not (workspace.suppressed and names_nobody(workspace, change)):
            self._keep_body(workspace, change, events)
        if not events and not duplicates:
            return _NOTHING_NEW
        return Committed(events=events, duplicates=duplicates)

    def _plan_items(self, workspace: Workspace, change: WriteBatch) -> int:
        """Work in what items say; return how many of them were written before."""
        duplicates = 0
        for item in change.items:
            if change.import_part and self._newcomers.take(workspace, change, item):
                continue
            duplicates += not self._plan_item(workspace, change, item)
        return duplicates

    def _keep_body(
        self, workspace: Workspace, change: WriteBatch, events: tuple[Event, ...] = ()
    ) -> None:
        if change.body:
            sealed = self._keyring.seal(change.body, change.business_id.encode())
            place = (self._ids.webhook(), change.recorded_at, sealed)
            workspace.keep_body(place, change.forwarding, events)

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

    def _remember(
        self, workspace: Workspace, idempotency: Idempotency, events: tuple[Event, ...]
    ) -> None:
        positions = tuple(event.position for event in events)
        answered = Answered(self._digests(idempotency)[0], positions)
        lookup = self._keyring.lookup("key:" + idempotency.key)
        workspace.answered[lookup] = answered
        workspace.new_answered.append((lookup, answered))
        workspace.replayable.update({event.position: event for event in events})

    def _digests(self, idempotency: Idempotency) -> list[bytes]:
        """Hash the caller's digest with our keys: it was made from a phone number, too."""
        return self._keyring.lookups("digest:" + idempotency.digest.hex())

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
        for act in _lessons(lesson):
            contact_id = self._book.find(workspace, act.aliases[0])
            if contact_id is None:
                return False
            for other in act.aliases[1:]:
                if self._book.find(workspace, other) != contact_id:
                    return False
        return True

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

    def _named(
        self, workspace: Workspace, act: AliasesLinked | PairSlowed
    ) -> set[ContactId | None]:
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
        if isinstance(act, NAMELESS):
            plan_sighting(workspace, change, act, self._keyring)
            return
        if isinstance(act, ContactErased):
            self._erase(workspace, change, act)
            return
        if is_news_of_nobody(workspace, act):
            return
        if isinstance(act, PairSlowed):
            for found in filter(None, self._named(workspace, act)):
                plan_delivery(workspace, workspace.contacts[found], act)
            return
        self._plan_named(workspace, change, act)

    def _plan_named(self, workspace: Workspace, change: WriteBatch, act: _Named) -> None:
        if isinstance(act, AliasesMoved):
            self._move(workspace, change, act)
            return
        source = act.source if isinstance(act, _Sourced) else Source.WEBHOOK
        contact = self._book.contact(workspace, change, act, source)
        match act:
            case Statement():
                self._state(workspace, change, contact, act)
            case WindowOpened():
                place = (contact.contact_id, act.sender)
                workspace.openings[place] = Instant(max(act.at, workspace.openings.get(place, 0)))
                contact.hear(act.at)
            case LinkWished():
                wish = LinkWish(contact.contact_id, act.sender, act.locales)
                task = link_task(workspace.business_id, wish)
                workspace.tasks.append(TaskEnqueued(task=task, due_at=act.at))
            case Unreachable() | Deferred():
                plan_delivery(workspace, contact, act)

    def _state(
        self, workspace: Workspace, change: WriteBatch, contact: ContactState, act: Statement
    ) -> None:
        """Write a statement, with what follows it. A tap that answers no open question is none."""
        if act.kind is EventKind.KEPT and not is_asked(contact, act):
            return
        ended = live_yes_ended(contact, act)
        self._append(workspace, change, contact, act)
        note_replies(workspace, self._keyring, contact, act, ended)
        self._mind_erased(workspace, change, contact, act)
        for key in nearby_names(act):
            found = (workspace.aliases.get(lookup) for lookup in workspace.hashed[key])
            near = {contact_id for contact_id in found if contact_id}
            workspace.fenced.update(near)
            workspace.mind_held(workspace.new_events[-1].event, sorted(near))

    def _mind_erased(
        self, workspace: Workspace, change: WriteBatch, contact: ContactState, act: Statement
    ) -> None:
        """End a yes to a suppressed name at once; one that Meta signed ends the suppression."""
        if is_held(workspace, act):
            no = inherited_no(change.recorded_at, act.source)
            self._append(workspace, change, contact, no)
        elif act.kind is EventKind.GRANTED and is_own_word(act):
            lift(workspace, act.aliases)

    def _erase(self, workspace: Workspace, change: WriteBatch, act: ContactErased) -> None:
        """Write that a contact is erased; what belongs to them goes when that is written.

        A no counts for neighbouring numbers, too, so they keep this one as their own.
        """
        found = {self._book.find(workspace, alias) for alias in act.aliases}
        if found != {act.contact_id}:
            raise Conflict("the names of this person have changed meanwhile: try again")
        contact = workspace.contacts[act.contact_id]
        if contact.names is None:
            raise MoreNeeded(act.contact_id)
        told = {lookup for alias in act.aliases for lookup in workspace.hashed[alias.key]}
        if not set().union(*contact.names.values()) <= told:
            raise Conflict("this person has got another name meanwhile: try again")
        erased = replace(inherited_no(act.at, act.source), evidence=act.evidence)
        self._append(workspace, change, contact, erased)
        forget_deliveries(contact)
        event = workspace.new_events[-1].event
        names = json.dumps([[alias.kind.value, alias.value] for alias in act.aliases])
        sealed = self._keyring.seal(names.encode(), act.contact_id.encode())
        row = ErasedContact(act.contact_id, event.position, change.recorded_at, sealed)
        workspace.erased.append(row)
        no = replace(inherited_no(act.at, act.source), kind=EventKind.WITHDRAWN)
        near = (key for alias in act.aliases for key in alias.neighbour_keys)
        for other in {
            workspace.aliases.get(lookup) for key in near for lookup in workspace.hashed[key]
        }:
            if other and other != act.contact_id:
                self._append(workspace, change, workspace.contacts[other], no)

    def _move(self, workspace: Workspace, change: WriteBatch, move: AliasesMoved) -> None:
        """Suspend both ends of a number change; the new one inherits every no, and no yes.

        So the new names of somebody who was erased are suppressed with the old ones.
        """
        if suppressed_names(workspace, move.old):
            suppress(workspace, move.new, move.at)
            if not any(self._book.find(workspace, alias) for alias in move.old):
                self._pass_on_erasure(workspace, change, move)
                return
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

    def _pass_on_erasure(
        self, workspace: Workspace, change: WriteBatch, move: AliasesMoved
    ) -> None:
        """Nobody has the old names any more: whoever has the new ones begins with the no."""
        if any(self._book.find(workspace, alias) for alias in move.new):
            new = self._book.contact(workspace, change, named(move.new, move), Source.WEBHOOK)
            handover = Handover(move.at, Source.WEBHOOK, move.sender)
            self._append(workspace, change, new, signed_statement(handover, EventKind.SUSPENDED))
            self._append(workspace, change, new, inherited_no(move.at, Source.WEBHOOK))

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
            choice=act.choice,
        )
        contact.stand(step(contact.standing, event, absorbed.standing if absorbed else None))
        workspace.head = event.position
        context = event.event_id.encode()
        sealed = self._keyring.seal(act.evidence, context) if act.evidence else None
        workspace.new_events.append(NewEvent(event, sealed, salt))
        if event.kind in RESTRICTIVE:
            workspace.fenced.add(contact.contact_id)
        workspace.mind_held(event, (contact.contact_id,))


def _lessons(item: WriteEntry) -> list[AliasesLinked]:
    return [act for act in item.acts if isinstance(act, AliasesLinked)]
