"""What an import writes of newcomers is what the planner writes of everybody, to the byte."""

from __future__ import annotations

from collections.abc import Sequence

from hypothesis import given, settings
from hypothesis import strategies as st

from askfirst.domain.consent.event import Assurance, EventKind, NumberProof, Source
from askfirst.domain.consent.standing import NOTHING_SAID, step
from askfirst.domain.prompts.prompt import Surface
from askfirst.domain.value import replace
from askfirst.domain.values.alias import Alias, phone_alias
from askfirst.domain.values.ids import ImportId, Position
from askfirst.domain.values.timestamp import Instant
from askfirst.ports.consent.change import (
    Committed,
    ImportPart,
    Statement,
    WriteBatch,
    WriteEntry,
)
from askfirst.storage.consent.newcomers import first_standing
from askfirst.storage.consent.planner import Planner
from askfirst.storage.consent.standing_codec import encode_standing
from askfirst.storage.consent.workspace import ContactState, Workspace
from askfirst.storage.platform.keyring import Keyring
from tests.support.builders import (
    ANA,
    BEN,
    BUENOS_AIRES,
    BUENOS_AIRES_WITHOUT_9,
    BUSINESS,
    CLEO,
    person,
)
from tests.support.clocks import NOON, CountingIds

PEOPLE = (ANA, BEN, CLEO, BUENOS_AIRES, BUENOS_AIRES_WITHOUT_9, *map(person, range(4)))
SCOPES = ((), ("marketing",), ("marketing.offers",), ("marketing.offers", "utility"))
PART = ImportPart(import_id=ImportId("imp_1"), part=0, report=b"")


def acts() -> st.SearchStrategy[Statement]:
    return st.builds(
        Statement,
        aliases=st.lists(st.sampled_from(PEOPLE), min_size=1, max_size=2, unique=True).map(tuple),
        kind=st.sampled_from([EventKind.GRANTED, EventKind.WITHDRAWN, EventKind.REFUSED]),
        occurred_at=st.integers(NOON - 10**13, NOON + 10).map(Instant),
        source=st.sampled_from([Source.IMPORT, Source.IMPORT, Source.API]),
        surface=st.just(Surface.IMPORT),
        number_proof=st.just(NumberProof.VOUCHED),
        purposes=st.sampled_from(SCOPES[1:]),
        assurance=st.sampled_from([Assurance.ASSERTED, Assurance.SHOWN]),
        evidence=st.sampled_from([b"", b'{"line":2}']),
    )


def entries() -> st.SearchStrategy[WriteEntry]:
    return st.builds(
        WriteEntry,
        acts=st.lists(acts(), min_size=1, max_size=2).map(tuple),
        source_id=st.integers(0, 9).map(str),
    )


def planned(
    items: Sequence[WriteEntry], before: Sequence[WriteEntry], part: ImportPart | None
) -> tuple[Committed | str, Workspace]:
    """Plan a batch on top of what is known already, as a part of an import or not."""
    ids = CountingIds()
    keyring = Keyring.generate(ids.entropy)
    planner = Planner(keyring, ids)
    known = WriteBatch(business_id=BUSINESS, recorded_at=NOON, items=tuple(before))
    change = WriteBatch(
        business_id=BUSINESS, recorded_at=Instant(NOON + 1), items=tuple(items), import_part=part
    )
    workspace = Workspace(BUSINESS, Position(7), planner.needs([known, change]).hashed)
    planner.plan(workspace, known)
    workspace.suppressed.update(keyring.lookups(person(0).key))
    for contact in workspace.contacts.values():  # as the next batch finds them
        contact.names = contact.names or {}
    try:
        return planner.plan(workspace, change), workspace
    except Exception as error:  # noqa: BLE001 - both are to fail alike
        return type(error).__name__, workspace


def entry(kind: EventKind, alias: Alias, number: int = 1) -> WriteEntry:
    """A row of a file: one act of one name."""
    act = Statement(
        aliases=(alias,),
        kind=kind,
        occurred_at=NOON,
        source=Source.IMPORT,
        surface=Surface.IMPORT,
        number_proof=NumberProof.VOUCHED,
        purposes=("marketing",),
    )
    return WriteEntry(acts=(act,), source_id=f"row {number}")


def test_somebody_erased_is_no_newcomer() -> None:
    committed, workspace = planned([entry(EventKind.WITHDRAWN, person(0))], (), PART)
    assert committed == Committed(events=())
    assert not workspace.new_aliases


def test_a_no_of_a_newcomer_is_one_of_the_neighbouring_number_too() -> None:
    before = [entry(EventKind.GRANTED, BUENOS_AIRES)]
    items = [entry(EventKind.WITHDRAWN, BUENOS_AIRES_WITHOUT_9, 2)]
    _, workspace = planned(items, before, PART)
    neighbour = workspace.new_events[0].event.contact_id
    assert neighbour in workspace.fenced
    assert neighbour in {no.contact_id for no in workspace.ending_noes}


def told(contact: ContactState) -> tuple[object, ...]:
    return (contact.contact_id, contact.encoded, contact.is_new, contact.names)


@settings(max_examples=150)
@given(st.lists(entries(), max_size=8), st.lists(entries(), max_size=2))
def test_both_ways_write_the_same_events_standings_and_names(
    items: list[WriteEntry], before: list[WriteEntry]
) -> None:
    committed, fast = planned(items, before, PART)
    ordinary, slow = planned(items, before, None)
    _, known = planned((), before, None)
    assert waited_for(fast, known) == waited_for(slow, known)
    assert committed == ordinary
    assert fast.head == slow.head
    assert [new.event for new in fast.new_events] == [new.event for new in slow.new_events]
    assert fast.new_events == slow.new_events
    assert fast.new_aliases == slow.new_aliases
    assert (fast.aliases, fast.suppressed) == (slow.aliases, slow.suppressed)
    assert (fast.seen, fast.new_seen) == (slow.seen, slow.new_seen)
    assert list(map(told, fast.contacts.values())) == list(map(told, slow.contacts.values()))


def waited_for(workspace: Workspace, known: Workspace) -> tuple[object, ...]:
    """Return whose sends are waited for, and whose held messages end; newcomers have none."""
    ended = [no for no in workspace.ending_noes if no.contact_id in known.contacts]
    return workspace.fenced & known.contacts.keys(), ended


@given(acts(), st.integers(1, 2**53))
def test_the_first_standing_is_the_fold_of_the_first_event(act: Statement, place: int) -> None:
    event = planned([WriteEntry(acts=(of_import(act),), source_id="1")], (), None)[1].new_events[0]
    moved = replace(event.event, position=Position(place))
    assert first_standing(moved) == encode_standing(step(NOTHING_SAID, moved))


def of_import(act: Statement) -> Statement:
    return replace(act, aliases=(phone_alias("447700900999"),), source=Source.IMPORT)
