"""The ledger as a list: what a store must say, worked out in the simplest way."""

from __future__ import annotations

import itertools
from dataclasses import dataclass, field

from askfirst.domain.consent.event import Assurance, Event, EventKind, NumberProof, Source
from askfirst.domain.consent.standing import ANY_SENDER, EVERYTHING, NOTHING_SAID, Standing
from askfirst.domain.prompts.prompt import Surface
from askfirst.domain.values.alias import Alias
from askfirst.domain.values.ids import BusinessId, ContactId, EventId, Position
from askfirst.domain.values.timestamp import Instant
from askfirst.ports.consent.change import Statement, WindowOpened, WriteBatch
from tests.support.builders import BUSINESS
from tests.support.reading import folded


@dataclass
class Model:
    """People by name, events in the order of their commit, the newest opening of a window."""

    people: dict[str, ContactId] = field(default_factory=dict)
    events: list[Event] = field(default_factory=list)
    windows: dict[ContactId, Instant] = field(default_factory=dict)
    seen: set[str] = field(default_factory=set)
    count: int = 0

    def take(self, change: WriteBatch) -> int:
        """Do what a commit of this change must do; returns how many events it makes."""
        before = len(self.events)
        for item in change.items:
            if item.source_id in self.seen:
                continue
            self.seen.update({item.source_id} - {""})
            for act in item.acts:
                if isinstance(act, Statement):
                    person = self._person(act.aliases, act.occurred_at, change.recorded_at)
                    if act.kind is not EventKind.KEPT or self._is_asked(person, act):
                        self._append(person, act, change)
                elif isinstance(act, WindowOpened):
                    person = self._person(act.aliases, act.at, change.recorded_at)
                    self.windows[person] = max(act.at, self.windows.get(person, act.at))
        return len(self.events) - before

    def standing(self, alias: Alias) -> Standing:
        person = self.people.get(alias.key)
        return folded(self.events, person) if person else NOTHING_SAID

    def window(self, alias: Alias) -> Instant | None:
        person = self.people.get(alias.key)
        return self.windows.get(person) if person else None

    def _person(self, aliases: tuple[Alias, ...], at: Instant, now: Instant) -> ContactId:
        signed = {alias.key for alias in aliases}
        known = sorted({self.people[key] for key in signed & self.people.keys()})
        left = [person for person in known if _differ(self._names(person), signed)]
        stay = [person for person in known if person not in left]
        others = [_of_other_kinds(self._names(person), signed) for person in stay]
        if any(_differ(one, other) for one, other in itertools.combinations(others, 2)):
            left, stay = known, []
        if not stay:
            self.count += 1
            stay = [ContactId(f"person {self.count:04d}")]
        before = Instant(min(max(0, at - 1), now))
        for other in stay[1:]:
            self._merge(stay[0], other, before, now)
        if left:
            self._hand_over(stay[0], left, before, now)
        self.people.update(dict.fromkeys(signed, stay[0]))
        return stay[0]

    def _is_asked(self, person: ContactId, act: Statement) -> bool:
        """Whether it answers a message of the doubt that is there."""
        doubt = folded(self.events, person).doubt
        return doubt is not None and (act.answers or 0) in range(
            doubt.first, doubt.mark.position + 1
        )

    def _names(self, person: ContactId) -> set[str]:
        return {key for key, owner in self.people.items() if owner == person}

    def _hand_over(self, new: ContactId, left: list[ContactId], at: Instant, now: Instant) -> None:
        """Suspend everybody; say every no of those who had the names again, of who has them now."""
        noes: list[tuple[EventKind, tuple[str, ...], str]] = []
        for old in left:
            standing = folded(self.events, old)
            self._add(old, EventKind.SUSPENDED, at, now)
            scopes = sorted(name for name, scope in standing.scopes.items() if scope.no)
            noes += [(EventKind.WITHDRAWN, () if n == EVERYTHING else (n,), "") for n in scopes]
            if standing.doubt:
                noes.append((EventKind.DOUBTED, ("marketing",), ""))
            for sender in sorted(standing.native_stops):
                noes.append((EventKind.NATIVE_STOPPED, (), sender.replace(ANY_SENDER, "")))
        self._add(new, EventKind.SUSPENDED, at, now)
        for kind, purposes, sender in noes:
            self._add(new, kind, at, now, purposes=purposes, sender=sender)

    def _merge(self, survivor: ContactId, other: ContactId, at: Instant, now: Instant) -> None:
        self._add(survivor, EventKind.LINKED, at, now, absorbed=other)
        self.people = {k: survivor if p == other else p for k, p in self.people.items()}
        if other in self.windows:
            newest = max(self.windows[other], self.windows.get(survivor, self.windows[other]))
            self.windows[survivor] = newest

    def _append(self, person: ContactId, act: Statement, change: WriteBatch) -> None:
        occurred = Instant(min(act.occurred_at, change.recorded_at))
        self._add(person, act.kind, occurred, change.recorded_at, act=act)

    def _add(
        self,
        person: ContactId,
        kind: EventKind,
        occurred_at: Instant,
        recorded_at: Instant,
        *,
        act: Statement | None = None,
        absorbed: ContactId | None = None,
        purposes: tuple[str, ...] = (),
        sender: str = "",
    ) -> None:
        position = Position(len(self.events) + 1)
        self.events.append(
            Event(
                event_id=EventId(str(position)),
                business_id=BusinessId(BUSINESS),
                contact_id=person,
                position=position,
                kind=kind,
                occurred_at=occurred_at,
                recorded_at=recorded_at,
                source=act.source if act else Source.GATEWAY,
                surface=act.surface if act else Surface.CHAT,
                number_proof=act.number_proof if act else NumberProof.PROVEN,
                purposes=act.purposes if act else purposes,
                assurance=act.assurance if act else Assurance.CONFIRMED,
                sender=act.sender if act else sender,
                absorbed=absorbed,
            )
        )


def _kind(key: str) -> str:
    return key.partition(":")[0]


def _differ(one: set[str], other: set[str]) -> bool:
    """Whether both have names of one kind, and none of them in common."""
    kinds = {_kind(key) for key in one} & {_kind(key) for key in other}
    return any({key for key in one if _kind(key) == kind}.isdisjoint(other) for kind in kinds)


def _of_other_kinds(names: set[str], signed: set[str]) -> set[str]:
    kinds = {_kind(key) for key in signed}
    return {key for key in names if _kind(key) not in kinds}
