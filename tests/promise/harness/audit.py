"""The judge of the kill loop: a pure function over the clients' notes and the rows on disk."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from typing import Any

from askfirst.domain.consent.event import Event, EventKind, Source, leaf_bytes, leaf_hash
from askfirst.domain.values.alias import phone_alias
from askfirst.domain.values.ids import ContactId
from askfirst.storage.consent.standing_codec import decode_standing
from askfirst.storage.platform.rows import row_event
from tests.promise.harness.journal import Record
from tests.support.reading import folded

EVENT_COLUMNS = (
    "business_id, position, event_id, contact_id, kind, occurred_at, recorded_at, source, "
    "surface, purposes, assurance, sender, prompt, absorbed, evidence_digest, number_proof, choice"
)
STATEMENTS = (
    f"SELECT {EVENT_COLUMNS}, leaf_hash FROM event WHERE business_id = 'race' ORDER BY position",
    "SELECT contact_id, standing FROM contact WHERE business_id = 'race'",
    "SELECT lookup, contact_id FROM alias WHERE business_id = 'race'",
    "SELECT last_position FROM business WHERE business_id = 'race'",
    "SELECT count(*) FROM seen WHERE business_id = 'race'",
    "SELECT count(*) FROM opening WHERE business_id = 'race'",
    "SELECT count(*) FROM answered WHERE business_id = 'race'",
    "SELECT position FROM evidence WHERE business_id = 'race'",
)
"""What is read, on one snapshot."""

_GOOD = range(200, 300)
_LEAF = len(EVENT_COLUMNS.split(","))
_DEEDS = {
    "yes": (EventKind.GRANTED, Source.API),
    "refusal": (EventKind.REFUSED, Source.API),
    "withdrawal": (EventKind.WITHDRAWN, Source.API),
    "stops": (EventKind.WITHDRAWN, Source.WEBHOOK),
}

Deed = tuple[str, EventKind, Source]
"""Who did what, and through which door: each at most once."""


@dataclass(slots=True)
class Account:
    """What the clients tried, and what they were told is done."""

    tried: dict[str, tuple[Deed, ...]] = field(default_factory=dict)
    done: set[str] = field(default_factory=set)
    refused: Counter[int] = field(default_factory=Counter)
    unsynced: int = 0

    def take(self, records: Iterable[Record]) -> None:
        for record in records:
            if record["what"] == "unsynced":
                self.unsynced += 1
                continue
            kind, source = _DEEDS[record["kind"]]
            deeds = tuple((person, kind, source) for person in record["people"])
            self.tried[record["name"]] = deeds
            if record["status"] in _GOOD:
                self.done.add(record["name"])
            elif record["status"] not in (0, 503):
                self.refused[record["status"]] += 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Audit:
    """How many of each fault; all but `acknowledged` and `events` must be none.

    `torn`: a delivery of which only a part is there, or an event without its companions (the id
    that makes deduplication last, the opened window, the answer to the key, the evidence).
    `unsynced`: commits acknowledged before the disk had them, which only a power cut would show.
    `refused`: answers that are neither a success nor 503, which no client should ever get here.
    """

    acknowledged: int
    events: int
    lost: int
    doubled: int
    invented: int
    gaps: int
    torn: int
    wrong_leaves: int
    wrong_standings: int
    unsynced: int
    refused: tuple[int, ...]

    @property
    def is_sound(self) -> bool:
        faults = (self.lost, self.doubled, self.invented, self.gaps, self.torn)
        wrong = (self.wrong_leaves, self.wrong_standings, self.unsynced)
        return not any((*faults, *wrong, self.refused))


def audit(
    account: Account,
    done: AbstractSet[str],
    rows: Sequence[Sequence[Sequence[Any]]],
    lookup: Callable[[str], bytes],
) -> Audit:
    """Compare what was told with what is there.

    `done` is what was acknowledged before the rows were read, `account` what had been tried by
    then or later; `lookup` is the keyring's hash of a name.
    """
    event_rows, contact_rows, alias_rows, head_rows, *companions = rows
    events = [row_event(row) for row in event_rows]
    contacts = {bytes(found): contact for found, contact in alias_rows}
    written = Counter((event.contact_id, event.kind, event.source) for event in events)

    def times(deed: Deed) -> int:
        person, kind, source = deed
        contact = contacts.get(lookup(phone_alias(person).key))
        return written[contact, kind, source] if contact else 0

    counts = {name: [times(deed) for deed in deeds] for name, deeds in account.tried.items()}
    found = [count for name in counts for count in counts[name]]
    return Audit(
        acknowledged=sum(len(counts[name]) for name in done),
        events=len(events),
        lost=sum(count == 0 for name in done for count in counts[name]),
        doubled=sum(max(0, count - 1) for count in found),
        invented=len(events) - sum(found),
        gaps=_gaps(events, head_rows[0][0]),
        torn=sum(min(own) == 0 < max(own) for own in counts.values()) + _bare(events, companions),
        wrong_leaves=sum(
            bytes(row[_LEAF]) != leaf_hash(leaf_bytes(event))
            for row, event in zip(event_rows, events, strict=True)
        ),
        wrong_standings=_wrong_standings(events, contact_rows),
        unsynced=account.unsynced,
        refused=tuple(account.refused.elements()),
    )


def _gaps(events: Sequence[Event], head: int) -> int:
    wanted = range(1, max(head, len(events)) + 1)
    return len(set(wanted) ^ {event.position for event in events})


def _bare(events: Sequence[Event], companions: Sequence[Sequence[Sequence[Any]]]) -> int:
    seen, openings, answered, evidence = companions
    stops = {event.position for event in events if event.source is Source.WEBHOOK}
    kept = {row[0] for row in evidence}
    by_api = len(events) - len(stops)
    missing = (seen[0][0] - len(stops), openings[0][0] - len(stops), answered[0][0] - by_api)
    return len(stops - kept) + sum(abs(int(count)) for count in missing)


def _wrong_standings(events: Sequence[Event], contacts: Sequence[Sequence[Any]]) -> int:
    own: dict[ContactId, list[Event]] = {}
    for event in events:
        own.setdefault(event.contact_id, []).append(event)
    return sum(
        decode_standing(standing) != folded(own.get(contact, []), contact)
        for contact, standing in contacts
    )
