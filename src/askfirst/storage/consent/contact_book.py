"""Finds, makes and merges contacts, and learns their names."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import combinations
from typing import Protocol

from askfirst.domain.consent.event import Assurance, EventKind, NumberProof, Source
from askfirst.domain.prompts.prompt import Surface
from askfirst.domain.values.alias import Alias
from askfirst.domain.values.ids import ContactId
from askfirst.domain.values.timestamp import Instant
from askfirst.ports.consent.change import (
    AliasesLinked,
    Deferred,
    LinkWished,
    Statement,
    Unreachable,
    WindowOpened,
    WriteBatch,
)
from askfirst.ports.platform.clock import Ids
from askfirst.storage.consent.deliveries import join_deliveries
from askfirst.storage.consent.identity import (
    Handover,
    contradict,
    inherited_noes,
    known_names,
    signed_statement,
)
from askfirst.storage.consent.suppressions import inherited_no, suppress, suppressed_names
from askfirst.storage.consent.workspace import ContactState, Names, NewAlias, Workspace
from askfirst.storage.platform.keyring import Keyring


class Append(Protocol):
    """Appends an event to the ledger of a workspace."""

    def __call__(
        self,
        workspace: Workspace,
        change: WriteBatch,
        contact: ContactState,
        act: Statement,
        absorbed: ContactState | None = None,
    ) -> None:
        """Make the event and fold it into the contact's standing."""
        ...


class ContactBook:
    """Knows which names lead to whom while a batch is planned."""

    def __init__(self, keyring: Keyring, ids: Ids, append: Append) -> None:
        self._keyring = keyring
        self._ids = ids
        self._append = append

    def contact(
        self,
        workspace: Workspace,
        change: WriteBatch,
        act: Statement | WindowOpened | LinkWished | AliasesLinked | Unreachable | Deferred,
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
        # Just before the act that tells it, which may be the person's own yes.
        handover = Handover(Instant(max(0, at - 1)), source, left=tuple(left))
        target = self._joined(workspace, change, stay, handover)
        if left:
            self._rebind(workspace, change, target, names, handover)
        new = [alias for alias, contact_id in names.items() if contact_id is None]
        for alias in new:
            self._learn(workspace, target, alias)
        if suppressed_names(workspace, new):
            suppress(workspace, act.aliases, handover.at)
            self._append(workspace, change, target, inherited_no(handover.at, source))
        return target

    def _names_of(
        self, workspace: Workspace, aliases: Sequence[Alias]
    ) -> dict[Alias, ContactId | None]:
        return {alias: self.find(workspace, alias) for alias in aliases}

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
        change: WriteBatch,
        found: Sequence[ContactId],
        handover: Handover,
    ) -> ContactState:
        """Return the one contact that these are, or a new one where there is none."""
        if not found:
            contact = ContactState(self._ids.contact(), is_new=True, names={})
            workspace.contacts[contact.contact_id] = contact
            return contact
        survivor = workspace.contacts[found[0]]
        for other in found[1:]:
            self._merge(workspace, change, survivor, workspace.contacts[other], handover)
        return survivor

    def _rebind(
        self,
        workspace: Workspace,
        change: WriteBatch,
        target: ContactState,
        names: Mapping[Alias, ContactId | None],
        handover: Handover,
    ) -> None:
        """Give names to who has them now. Every no goes along, no yes does; all are suspended."""
        suspended = signed_statement(handover, EventKind.SUSPENDED)
        inherited: list[Statement] = []
        for contact_id in handover.left:
            old = workspace.contacts[contact_id]
            inherited += inherited_noes(old.standing, handover)
            self._append(workspace, change, old, suspended)
        for alias, owner in names.items():
            if owner in handover.left:
                self._move_name(workspace, alias, workspace.contacts[owner], target)
        for statement in (suspended, *inherited):
            self._append(workspace, change, target, statement)

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

    def find(self, workspace: Workspace, alias: Alias) -> ContactId | None:
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
        change: WriteBatch,
        survivor: ContactState,
        other: ContactState,
        handover: Handover,
    ) -> None:
        """Make one contact of two; the event says so, and both sides' sends are waited for."""
        link = Statement(
            aliases=(),
            kind=EventKind.LINKED,
            occurred_at=handover.at,
            source=handover.source,
            surface=Surface.API if handover.source is Source.API else Surface.CHAT,
            number_proof=NumberProof.PROVEN,
            assurance=Assurance.CONFIRMED,
        )
        self._append(workspace, change, survivor, link, absorbed=other)
        join_deliveries(survivor, other)
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
