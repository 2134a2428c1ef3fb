"""A name that changes hands without notice: every no goes along, no yes does."""

from __future__ import annotations

import pytest

from askfirst.bootstrap.database.store import Store
from askfirst.decision.decide import decide
from askfirst.decision.decision import Decision
from askfirst.decision.policy import Policy
from askfirst.decision.reason import Reason
from askfirst.domain.consent.event import EventKind
from askfirst.domain.consent.standing import Answer
from askfirst.domain.values.alias import Alias
from tests.support.builders import (
    ANA,
    ANA_BSUID,
    BEN,
    BEN_BSUID,
    BUSINESS,
    acquaintance,
    change,
    grant,
    opening,
    question,
    refuse,
    sender,
    statement,
    stop,
)
from tests.support.clocks import at
from tests.support.reading import all_events, answer_of, assert_sound, contact_of

UTILITY = ("utility",)


async def tell(store: Store, *names: Alias, moment: float = 200) -> None:
    """A message that Meta signed under these names."""
    await store.ledger.commit(change(opening(*names, at=at(moment)), at=at(moment)))


async def decided(store: Store, alias: Alias, moment: float = 300) -> Decision:
    async with store.gate.hold(question(alias)) as held:
        return decide(held.facts, Policy(), question(alias), at(moment))


async def test_a_number_with_another_id_has_a_new_owner(store: Store) -> None:
    await store.ledger.commit(change(grant(ANA, ANA_BSUID)))
    await tell(store, ANA, BEN_BSUID)
    assert await contact_of(store, ANA) == await contact_of(store, BEN_BSUID)
    assert await contact_of(store, ANA) != await contact_of(store, ANA_BSUID)
    assert await answer_of(store, ANA_BSUID) is Answer.SUSPENDED
    assert not (await decided(store, ANA)).allowed
    assert not (await decided(store, ANA_BSUID)).allowed
    await assert_sound(store)


async def test_an_id_with_another_number_brings_no_yes_along(store: Store) -> None:
    await store.ledger.commit(change(grant(ANA, ANA_BSUID)))
    await tell(store, BEN, ANA_BSUID)
    assert await contact_of(store, BEN) == await contact_of(store, ANA_BSUID)
    assert await contact_of(store, BEN) != await contact_of(store, ANA)
    assert await answer_of(store, ANA) is Answer.SUSPENDED
    assert not (await decided(store, BEN)).allowed
    await assert_sound(store)


@pytest.mark.parametrize("names", [(ANA, BEN_BSUID), (BEN, ANA_BSUID)])
async def test_every_no_goes_along_and_stays(store: Store, names: tuple[Alias, ...]) -> None:
    await store.ledger.commit(change(grant(ANA, ANA_BSUID)))
    await store.ledger.commit(change(stop(ANA, ANA_BSUID, at=at(10))))
    await store.ledger.commit(
        change(statement(EventKind.NATIVE_STOPPED, ANA, at=at(11), purposes=("marketing",)))
    )
    await tell(store, *names)
    for name in (ANA, ANA_BSUID, *names):
        assert await answer_of(store, name) is Answer.WITHDRAWN
        assert await answer_of(store, name, "utility") is Answer.WITHDRAWN
        standing = await store.ledger.standing(BUSINESS, await contact_of(store, name))
        assert standing.native_stops
    await assert_sound(store)


async def test_a_no_that_was_lifted_goes_along_since_the_yes_does_not(store: Store) -> None:
    await store.ledger.commit(change(refuse(ANA, ANA_BSUID)))
    await store.ledger.commit(change(grant(ANA, at=at(10))))
    await tell(store, ANA, BEN_BSUID)
    assert await answer_of(store, ANA) is Answer.WITHDRAWN


async def test_the_new_owners_own_yes_counts_even_in_the_message_that_tells(store: Store) -> None:
    await store.ledger.commit(change(grant(ANA, ANA_BSUID)))
    yes = grant(ANA, BEN_BSUID, at=at(200))
    await store.ledger.commit(change(opening(ANA, BEN_BSUID, at=at(200)), yes, at=at(201)))
    assert await answer_of(store, ANA) is Answer.GRANTED
    assert await answer_of(store, ANA_BSUID) is Answer.SUSPENDED
    await assert_sound(store)


async def test_both_names_known_elsewhere_make_a_contact_of_their_own(store: Store) -> None:
    await store.ledger.commit(change(grant(ANA, ANA_BSUID)))
    await store.ledger.commit(change(stop(BEN, BEN_BSUID)))
    await tell(store, ANA, BEN_BSUID)
    swapped = await contact_of(store, ANA)
    assert swapped == await contact_of(store, BEN_BSUID)
    assert swapped not in {await contact_of(store, BEN), await contact_of(store, ANA_BSUID)}
    assert await answer_of(store, ANA) is Answer.WITHDRAWN
    await assert_sound(store)


async def test_an_id_without_a_number_takes_over_the_number(store: Store) -> None:
    await store.ledger.commit(change(refuse(ANA, ANA_BSUID, purposes=UTILITY)))
    await store.ledger.commit(change(grant(BEN_BSUID)))
    await tell(store, ANA, BEN_BSUID)
    assert await contact_of(store, ANA) == await contact_of(store, BEN_BSUID)
    assert await answer_of(store, ANA) is Answer.SUSPENDED
    assert await answer_of(store, ANA, "utility") is Answer.WITHDRAWN
    await assert_sound(store)


async def test_several_changes_in_one_batch_end_where_the_last_one_says(store: Store) -> None:
    await store.ledger.commit(
        change(
            grant(ANA, ANA_BSUID),
            opening(ANA, BEN_BSUID, at=at(10)),
            opening(ANA, ANA_BSUID, at=at(20)),
            opening(BEN, BEN_BSUID, at=at(30)),
        )
    )
    assert await contact_of(store, ANA) == await contact_of(store, ANA_BSUID)
    assert await contact_of(store, BEN) == await contact_of(store, BEN_BSUID)
    assert await contact_of(store, BEN) != await contact_of(store, ANA)
    assert not (await decided(store, ANA)).allowed
    await assert_sound(store)


async def test_a_changed_hands_ends_an_open_window(store: Store) -> None:
    await tell(store, ANA, ANA_BSUID, moment=100)
    await store.ledger.commit(change(acquaintance(ANA, BEN_BSUID, at=at(200)), at=at(200)))
    free = question(ANA_BSUID)
    async with store.gate.hold(free) as held:
        assert held.facts.standing.suspended is not None


async def test_spellings_of_one_number_are_no_change(store: Store) -> None:
    """Meta may answer with another spelling than was asked for: both are this person's."""
    old, new = Alias(ANA.kind, "5215512345678"), Alias(ANA.kind, "525512345678")
    await store.ledger.commit(change(grant(old, ANA_BSUID)))
    await tell(store, new, ANA_BSUID)
    assert await answer_of(store, new) is Answer.GRANTED


async def test_a_change_is_told_by_suspensions_in_the_ledger(store: Store) -> None:
    await store.ledger.commit(change(grant(ANA, ANA_BSUID)))
    await tell(store, ANA, BEN_BSUID)
    kinds = [event.kind for event in await all_events(store)]
    assert kinds == [EventKind.GRANTED, EventKind.SUSPENDED, EventKind.SUSPENDED]
    await store.directory.put_sender(sender(), None, at(0))
    assert (await decided(store, ANA)).reason is Reason.NO_OPT_IN
    assert (await decided(store, ANA_BSUID)).reason is Reason.SUSPENDED
