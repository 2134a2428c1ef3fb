"""The ledger as a list: what a store must say, worked out in the simplest way."""

from __future__ import annotations

from dataclasses import dataclass, field

from askfirst.domain.alias import Alias
from askfirst.domain.event import Assurance, Event, EventKind, NumberProof, Source
from askfirst.domain.ids import BusinessId, ContactId, EventId, Position
from askfirst.domain.instant import Instant
from askfirst.domain.prompt import Surface
from askfirst.domain.standing import NOTHING_SAID, Standing
from askfirst.ports.change import Change, Opening, Statement
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

    def take(self, change: Change) -> int:
        """Do what a commit of this change must do; returns how many events it makes."""
        before = len(self.events)
        for item in change.items:
            if item.source_id in self.seen:
                continue
            self.seen.update({item.source_id} - {""})
            for act in item.acts:
                if isinstance(act, Statement):
                    self._append(self._person(act.aliases, change.recorded_at), act, change)
                elif isinstance(act, Opening):
                    person = self._person(act.aliases, change.recorded_at)
                    self.windows[person] = max(act.at, self.windows.get(person, act.at))
        return len(self.events) - before

    def standing(self, alias: Alias) -> Standing:
        person = self.people.get(alias.key)
        return folded(self.events, person) if person else NOTHING_SAID

    def window(self, alias: Alias) -> Instant | None:
        person = self.people.get(alias.key)
        return self.windows.get(person) if person else None

    def _person(self, aliases: tuple[Alias, ...], now: Instant) -> ContactId:
        known = sorted({self.people[alias.key] for alias in aliases if alias.key in self.people})
        if not known:
            self.count += 1
            known = [ContactId(f"person {self.count:04d}")]
        for other in known[1:]:
            self._merge(known[0], other, now)
        self.people.update({alias.key: known[0] for alias in aliases})
        return known[0]

    def _merge(self, survivor: ContactId, other: ContactId, now: Instant) -> None:
        self._add(survivor, EventKind.LINKED, now, now, absorbed=other)
        self.people = {k: survivor if p == other else p for k, p in self.people.items()}
        if other in self.windows:
            newest = max(self.windows[other], self.windows.get(survivor, self.windows[other]))
            self.windows[survivor] = newest

    def _append(self, person: ContactId, act: Statement, change: Change) -> None:
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
                purposes=act.purposes if act else (),
                assurance=act.assurance if act else Assurance.CONFIRMED,
                sender=act.sender if act else "",
                absorbed=absorbed,
            )
        )
