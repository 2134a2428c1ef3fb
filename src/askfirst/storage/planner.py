"""From changes to rows: every rule of writing, pure of any database.

A change is checked before it alters the workspace, so one that is refused leaves no trace and
the others of its batch go on.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import combinations

from askfirst.domain.alias import Alias
from askfirst.domain.errors import AskfirstError, Conflict, InvalidInput, UnknownReference
from askfirst.domain.event import (
    RESTRICTIVE,
    Assurance,
    Event,
    EventKind,
    NumberProof,
    Source,
    evidence_digest,
)
from askfirst.domain.ids import ContactId, Position
from askfirst.domain.instant import SECOND, Instant
from askfirst.domain.prompt import PromptHash, Surface
from askfirst.domain.standing import step
from askfirst.domain.stop_confirmation import newest_live_yes
from askfirst.ports.change import (
    Acquaintance,
    Act,
    Change,
    Committed,
    Idempotency,
    Item,
    MediaSighting,
    Move,
    Opening,
    Statement,
    TemplateSighting,
    Unreachable,
)
from askfirst.ports.clock import Ids
from askfirst.storage.identity import (
    Rebinding,
    contradict,
    inherited_noes,
    known_names,
    named,
    signed_statement,
)
from askfirst.storage.keyring import LOOKUP_BYTES, Keyring
from askfirst.storage.workspace import (
    Answered,
    ContactState,
    Hashed,
    Names,
    Needs,
    NewAlias,
    NewEvent,
    SaidStop,
    Workspace,
)


@dataclass(frozen=True, slots=True)
class Written:
    """A committed change and the contacts whose sends must be waited for."""

    committed: Committed
    fenced: frozenset[ContactId]


class Planner:
    """Plans changes of one business after another, in the order they came."""

    def __init__(self, keyring: Keyring, ids: Ids) -> None:
        self._keyring = keyring
        self._ids = ids

    def needs(self, changes: Iterable[Change]) -> Needs:
        """Tell what must be read before these changes can be planned."""
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
            for item in change.items:
                source = (item.source_id, item.source_at)
                if item.source_id and source not in hashed:
                    found = hashed[source] = self._source_lookups(item)
                    sources.update(found)
                for act in item.acts:
                    if not isinstance(act, TemplateSighting | MediaSighting):
                        names.update(_names(act))
                    if isinstance(act, Statement) and act.prompt:
                        prompts.add(act.prompt)
        lookups: set[bytes] = set()
        for name in names:
            found = hashed[name] = self._keyring.lookups(name)
            lookups.update(found)
        wanted = frozenset(lookups), frozenset(sources), frozenset(prompts), frozenset(keys)
        return Needs(*wanted, hashed)

    def _source_lookups(self, item: Item) -> list[bytes]:
        """Hash a source id behind its time: new ids then lie side by side in the index.

        Ids in random order would touch a page of the index each, and the more the larger it is.
        """
        seconds = (item.source_at // SECOND).to_bytes(5, "big")
        hashes = self._keyring.lookups("source:" + item.source_id)
        return [seconds + hash_[: LOOKUP_BYTES - len(seconds)] for hash_ in hashes]

    def learning(self, workspace: Workspace, changes: Iterable[Change]) -> set[ContactId]:
        """Return the known contacts that may get another name: their own must be read, too."""
        known: set[ContactId] = set()
        for act in (act for change in changes for item in change.items for act in item.acts):
            if isinstance(act, TemplateSighting | MediaSighting | Move) or len(act.aliases) == 1:
                continue
            found = [self._find(workspace, alias) for alias in act.aliases]
            if len(set(found)) > 1:
                known.update(contact_id for contact_id in found if contact_id)
        return known

    def work(self, workspace: Workspace, change: Change) -> Written | AskfirstError:
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

    def plan(self, workspace: Workspace, change: Change) -> Committed:
        """Work one change into the workspace.

        Raises:
            Conflict, UnknownReference: the change is refused; the workspace is as before.
            NamesNeeded: read that contact's names and plan the batch again from the start.
        """
        if replayed := self._replay(workspace, change):
            return replayed
        self._check_prompts(workspace, change)
        first = len(workspace.new_events)
        duplicates = sum(not self._plan_item(workspace, change, item) for item in change.items)
        events = tuple(new.event for new in workspace.new_events[first:])
        if change.idempotency:
            positions = tuple(event.position for event in events)
            answered = Answered(self._digests(change.idempotency)[0], positions)
            lookup = self._keyring.lookup("key:" + change.idempotency.key)
            workspace.answered[lookup] = answered
            workspace.new_answered.append((lookup, answered))
            workspace.replayable.update({event.position: event for event in events})
        if change.body:
            sealed = self._keyring.seal(change.body, change.business_id.encode())
            workspace.new_bodies.append((self._ids.webhook(), change.recorded_at, sealed))
        return Committed(events=events, duplicates=duplicates)

    def _replay(self, workspace: Workspace, change: Change) -> Committed | None:
        if change.idempotency is None:
            return None
        for lookup in self._keyring.lookups("key:" + change.idempotency.key):
            if answered := workspace.answered.get(lookup):
                if answered.digest not in self._digests(change.idempotency):
                    raise Conflict("the Idempotency-Key was used before for another request")
                events = tuple(workspace.replayable[position] for position in answered.positions)
                stops = (event.contact_id for event in events if event.kind in RESTRICTIVE)
                workspace.fenced.update(stops)  # the first answer may still be waiting
                return Committed(events=events, replayed=True)
        return None

    def _digests(self, idempotency: Idempotency) -> list[bytes]:
        """Hash the caller's digest with our keys: it was made from a phone number, too."""
        return self._keyring.lookups("digest:" + idempotency.digest.hex())

    def _check_prompts(self, workspace: Workspace, change: Change) -> None:
        own = change.prompt.hash if change.prompt else None
        for item in change.items:
            for act in item.acts:
                if isinstance(act, Statement) and act.prompt and act.prompt != own:
                    _check_prompt(workspace, act, act.prompt)
        if change.prompt and own not in workspace.prompts:
            workspace.prompts[change.prompt.hash] = frozenset(change.prompt.purposes)
            workspace.new_prompts.append(change.prompt)

    def _plan_item(self, workspace: Workspace, change: Change, item: Item) -> bool:
        """Work in one item; False where its source id was known."""
        if item.source_id:
            lookups = workspace.hashed[item.source_id, item.source_at]
            if any(lookup in workspace.seen for lookup in lookups):
                self._fence_again(workspace, item)
                return False
            workspace.seen.add(lookups[0])
            workspace.new_seen.append(lookups[0])
        for act in item.acts:
            self._plan_act(workspace, change, act)
        return True

    def _fence_again(self, workspace: Workspace, item: Item) -> None:
        """A second delivery of a stop is acknowledged no earlier than the first could be."""
        for act in item.acts:
            if isinstance(act, Move) or (isinstance(act, Statement) and act.kind in RESTRICTIVE):
                found = (self._find(workspace, alias) for alias in act.aliases)
                workspace.fenced.update(contact for contact in found if contact)

    def _plan_act(self, workspace: Workspace, change: Change, act: Act) -> None:
        if isinstance(act, TemplateSighting):
            workspace.sightings.append(act)
            return
        if isinstance(act, MediaSighting):
            lookup = self._keyring.lookup(media_name(act.media_id))
            workspace.media[lookup] = (act.sender, act.at)
            return
        if isinstance(act, Move):
            self._move(workspace, change, act)
            return
        source = act.source if isinstance(act, Statement | Acquaintance) else Source.WEBHOOK
        contact = self._contact(workspace, change, act, source)
        match act:
            case Statement():
                lived = newest_live_yes(contact.standing) if _is_to_be_confirmed(act) else None
                self._append(workspace, change, contact, act)
                if lived is not None:
                    workspace.said_stops.append(self._said_stop(workspace, contact, act, lived))
                for key in _nearby(act):
                    near = (workspace.aliases.get(lookup) for lookup in workspace.hashed[key])
                    workspace.fenced.update(contact_id for contact_id in near if contact_id)
            case Opening():
                place = (contact.contact_id, act.sender)
                workspace.openings[place] = Instant(max(act.at, workspace.openings.get(place, 0)))
                if contact.unreachable_at is not None and act.at > contact.unreachable_at:
                    contact.unreachable_at = None
                    contact.is_changed = True
            case Unreachable():
                contact.unreachable_at = act.at
                contact.is_changed = True

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
        )

    def _move(self, workspace: Workspace, change: Change, move: Move) -> None:
        """Suspend both ends of a number change; the new one inherits every no, and no yes."""
        old = self._contact(workspace, change, named(move.old, move), Source.WEBHOOK)
        inherited = inherited_noes(old.standing, move)
        self._append(workspace, change, old, signed_statement(move, EventKind.SUSPENDED))
        known = any(self._find(workspace, alias) for alias in move.new)
        if not move.new or not (known or inherited):
            return
        new = self._contact(workspace, change, named(move.new, move), Source.WEBHOOK)
        if new is old:
            return
        for statement in (signed_statement(move, EventKind.SUSPENDED), *inherited):
            self._append(workspace, change, new, statement)

    def _contact(
        self,
        workspace: Workspace,
        change: Change,
        act: Statement | Opening | Acquaintance | Unreachable,
        source: Source,
    ) -> ContactState:
        """Find, make or merge the contact that these names lead to, and learn new names."""
        names = self._names_of(workspace, act.aliases)
        found = sorted({contact for contact in names.values() if contact})
        if len(found) == 1 and None not in names.values():
            return workspace.contacts[found[0]]
        left = self._contradicted(workspace, act.aliases, found)
        stay = [contact_id for contact_id in found if contact_id not in left]
        at = act.occurred_at if isinstance(act, Statement) else act.at
        rebinding = Rebinding(tuple(left), Instant(max(0, at - 1)), source)
        target = self._joined(workspace, change, stay, rebinding)
        if left:
            self._rebind(workspace, change, target, names, rebinding)
        for alias, contact_id in names.items():
            if contact_id is None:
                self._learn(workspace, target, alias)
        return target

    def _names_of(
        self, workspace: Workspace, aliases: Sequence[Alias]
    ) -> dict[Alias, ContactId | None]:
        return {alias: self._find(workspace, alias) for alias in aliases}

    def _contradicted(
        self, workspace: Workspace, aliases: Sequence[Alias], found: Sequence[ContactId]
    ) -> list[ContactId]:
        """Return the contacts that have another number or id than these names, signed together.

        Then a number has a new owner, or an id a new number. Contacts that contradict each other
        are all left.
        """
        signed: Names = {}
        for alias in aliases:
            signed.setdefault(alias.kind.group, set()).update(workspace.hashed[alias.key])
        known = {contact_id: known_names(workspace, contact_id) for contact_id in found}
        left = [contact_id for contact_id, own in known.items() if contradict(own, signed)]
        stay = [own for contact_id, own in known.items() if contact_id not in left]
        others = [{kind: own[kind] for kind in own.keys() - signed.keys()} for own in stay]
        if any(contradict(one, other) for one, other in combinations(others, 2)):
            return list(found)
        return left

    def _joined(
        self,
        workspace: Workspace,
        change: Change,
        found: Sequence[ContactId],
        rebinding: Rebinding,
    ) -> ContactState:
        """Return the one contact that these are, or a new one where there is none."""
        if not found:
            contact = ContactState(self._ids.contact(), is_new=True, names={})
            workspace.contacts[contact.contact_id] = contact
            return contact
        survivor = workspace.contacts[found[0]]
        for other in found[1:]:
            self._merge(workspace, change, survivor, workspace.contacts[other], rebinding)
        return survivor

    def _rebind(
        self,
        workspace: Workspace,
        change: Change,
        target: ContactState,
        names: Mapping[Alias, ContactId | None],
        rebinding: Rebinding,
    ) -> None:
        """Give names to who has them now. Every no goes along, no yes does; all are suspended."""
        move = Move(old=(), new=(), at=rebinding.at)
        suspended = replace(signed_statement(move, EventKind.SUSPENDED), source=rebinding.source)
        inherited: list[Statement] = []
        for contact_id in rebinding.left:
            old = workspace.contacts[contact_id]
            inherited += inherited_noes(old.standing, move)
            self._append(workspace, change, old, suspended)
        for alias, owner in names.items():
            if owner in rebinding.left:
                self._move_name(workspace, alias, workspace.contacts[owner], target)
        for statement in (suspended, *inherited):
            self._append(workspace, change, target, replace(statement, source=rebinding.source))

    def _move_name(
        self, workspace: Workspace, alias: Alias, old: ContactState, new: ContactState
    ) -> None:
        for lookup in workspace.hashed[alias.key]:
            if workspace.aliases.get(lookup) == old.contact_id:
                workspace.aliases[lookup] = new.contact_id
                workspace.moved_aliases.append((lookup, new.contact_id))
                for contact, change in ((old, set.discard), (new, set.add)):
                    if contact.names is not None:
                        change(contact.names.setdefault(alias.kind.group, set()), lookup)

    def _find(self, workspace: Workspace, alias: Alias) -> ContactId | None:
        for lookup in workspace.hashed[alias.key]:
            if contact_id := workspace.aliases.get(lookup):
                return contact_id
        return None

    def _learn(self, workspace: Workspace, contact: ContactState, alias: Alias) -> None:
        lookup = workspace.hashed[alias.key][0]
        if lookup in workspace.aliases:
            return  # two spellings of one number in one act
        workspace.aliases[lookup] = contact.contact_id
        if contact.names is not None:
            contact.names.setdefault(alias.kind.group, set()).add(lookup)
        sealed = self._keyring.seal(alias.value.encode(), workspace.business_id.encode())
        new = NewAlias(lookup, contact.contact_id, alias.kind.value, sealed)
        workspace.new_aliases.append(new)

    def _merge(
        self,
        workspace: Workspace,
        change: Change,
        survivor: ContactState,
        other: ContactState,
        rebinding: Rebinding,
    ) -> None:
        """Make one contact of two; the event says so, and both sides' sends are waited for."""
        link = Statement(
            aliases=(),
            kind=EventKind.LINKED,
            occurred_at=rebinding.at,
            source=rebinding.source,
            surface=Surface.API if rebinding.source is Source.API else Surface.CHAT,
            number_proof=NumberProof.PROVEN,
            assurance=Assurance.CONFIRMED,
        )
        self._append(workspace, change, survivor, link, absorbed=other)
        if other.unreachable_at is not None:
            own = survivor.unreachable_at or other.unreachable_at
            survivor.unreachable_at = max(own, other.unreachable_at)
        other.absorbed_by = survivor.contact_id
        other.is_changed = True
        workspace.merges.append((other.contact_id, survivor.contact_id))
        if survivor.names is not None:
            for kind, lookups in known_names(workspace, other.contact_id).items():
                survivor.names.setdefault(kind, set()).update(lookups)
        workspace.fenced.add(other.contact_id)
        for lookup, owner in workspace.aliases.items():
            if owner == other.contact_id:
                workspace.aliases[lookup] = survivor.contact_id
        for (contact_id, sender), opened in list(workspace.openings.items()):
            if contact_id == other.contact_id:
                place = (survivor.contact_id, sender)
                newest = max(opened, workspace.openings.get(place, 0))
                workspace.openings[place] = Instant(newest)
                del workspace.openings[contact_id, sender]

    def _append(
        self,
        workspace: Workspace,
        change: Change,
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
        contact.standing = step(contact.standing, event, absorbed.standing if absorbed else None)
        contact.is_changed = True
        workspace.head = event.position
        context = event.event_id.encode()
        sealed = self._keyring.seal(act.evidence, context) if act.evidence else None
        workspace.new_events.append(NewEvent(event, sealed, salt))
        if event.kind in RESTRICTIVE:
            workspace.fenced.add(contact.contact_id)


def _is_to_be_confirmed(act: Statement) -> bool:
    """Tell whether it is a stop that the person said in the chat, as Meta delivers it."""
    is_said = act.stop_languages is not None and bool(act.aliases and act.sender)
    return is_said and act.kind is EventKind.WITHDRAWN and act.source is Source.WEBHOOK


def media_name(media_id: str) -> str:
    """Give the name under which a file is hashed."""
    return f"media:{media_id}"


def _check_prompt(workspace: Workspace, act: Statement, prompt: PromptHash) -> None:
    """A yes covers what was asked: another wording cannot lend its name to it."""
    asked = workspace.prompts.get(prompt)
    if asked is None:
        raise UnknownReference("prompt.hash", "is not a prompt version known here")
    if not asked.issuperset(act.purposes):
        raise InvalidInput("purposes", "must be among those that the prompt asked for")


def _names(act: Statement | Opening | Acquaintance | Unreachable | Move) -> list[str]:
    names = [alias.key for alias in act.aliases]
    return names + _nearby(act) if isinstance(act, Statement) else names


def _nearby(act: Statement) -> list[str]:
    """Give the names of numbers for which a no counts, too: their sends are waited for."""
    if act.kind not in RESTRICTIVE:
        return []
    return [key for alias in act.aliases for key in alias.neighbour_keys]
