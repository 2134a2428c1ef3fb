"""The contract of `ports.directory.Directory`."""

from __future__ import annotations

import asyncio

import pytest

from askfirst.bootstrap.database.store import Store
from askfirst.domain.tenants.api_key import ApiScope, Business
from askfirst.domain.tenants.sender import SenderState, TemplateState
from askfirst.domain.value import replace
from askfirst.domain.values.errors import Conflict
from askfirst.domain.values.ids import KeyId, PhoneNumberId, WabaId
from askfirst.domain.values.purpose import Category
from tests.support.builders import (
    BUSINESS,
    OTHER_SENDER,
    OTHER_WABA,
    RIVAL,
    SENDER,
    WABA,
    api_key,
    change,
    grant,
    named,
    sender,
    sighting,
    template,
)
from tests.support.clocks import NOON, FakeClock, at
from tests.support.stores import Home, fixed_keyring

ACME = Business(business_id=BUSINESS, name="Acme")
DIGEST = b"d" * 32


async def test_a_business_is_made_and_renamed(store: Store) -> None:
    assert await store.directory.business(BUSINESS) is None
    await store.directory.put_business(ACME, NOON)
    assert await store.directory.business(BUSINESS) == ACME
    renamed = Business(business_id=BUSINESS, name="Acme & Sons")
    await store.directory.put_business(renamed, at(1))
    assert await store.directory.business(BUSINESS) == renamed
    assert await store.directory.businesses() == (BUSINESS,)


async def test_renaming_a_business_leaves_its_ledger_alone(store: Store) -> None:
    await store.ledger.commit(change(grant()))
    await store.directory.put_business(ACME, at(1))
    assert await store.ledger.head(BUSINESS) == 1
    await store.ledger.commit(change(grant()))
    assert await store.ledger.head(BUSINESS) == 2
    assert await store.directory.business(BUSINESS) == ACME


async def test_all_businesses_are_listed(store: Store) -> None:
    await store.directory.put_business(ACME, NOON)
    await store.ledger.commit(change(grant(), business=RIVAL))
    assert sorted(await store.directory.businesses()) == [BUSINESS, RIVAL]


async def test_a_key_is_found_by_its_digest_with_its_scopes(store: Store) -> None:
    key = api_key(scopes=frozenset({ApiScope.CHECK, ApiScope.SEND}))
    await store.directory.add_key(key, DIGEST)
    assert await store.directory.key(DIGEST) == key
    assert await store.directory.key(b"x" * 32) is None


async def test_a_key_without_scopes_may_do_nothing(store: Store) -> None:
    await store.directory.add_key(api_key(scopes=frozenset()), DIGEST)
    found = await store.directory.key(DIGEST)
    assert found is not None
    assert found.scopes == frozenset()


async def test_a_revoked_key_is_not_found_at_once(store: Store) -> None:
    key = api_key()
    await store.directory.add_key(key, DIGEST)
    assert await store.directory.key(DIGEST) is not None
    assert await store.directory.revoke_key(BUSINESS, key.key_id, at(1))
    assert await store.directory.key(DIGEST) is None


async def test_a_revoked_key_is_still_listed_with_its_end(store: Store) -> None:
    for number in (2, 1):
        await store.directory.add_key(api_key(number), bytes([number]) * 32)
    await store.directory.revoke_key(BUSINESS, api_key(1).key_id, at(1))
    listed = await store.directory.keys(BUSINESS)
    assert [(key.key_id, key.revoked_at) for key in listed] == [
        (api_key(1).key_id, at(1)),
        (api_key(2).key_id, None),
    ]
    assert await store.directory.keys(RIVAL) == ()


async def test_only_a_live_key_of_the_business_can_be_revoked(store: Store) -> None:
    key = api_key()
    await store.directory.add_key(key, DIGEST)
    assert not await store.directory.revoke_key(RIVAL, key.key_id, NOON)
    assert not await store.directory.revoke_key(BUSINESS, KeyId("key_nobody"), NOON)
    assert await store.directory.key(DIGEST) == key
    assert await store.directory.revoke_key(BUSINESS, key.key_id, at(1))
    assert not await store.directory.revoke_key(BUSINESS, key.key_id, at(2))
    assert (await store.directory.keys(BUSINESS))[0].revoked_at == at(1)


async def test_a_revocation_holds_after_close_and_open(home: Home) -> None:
    store = await home.open()
    await store.directory.add_key(api_key(), DIGEST)
    await store.directory.revoke_key(BUSINESS, api_key().key_id, at(1))
    await store.close()
    store = await home.open()
    assert await store.directory.key(DIGEST) is None
    await store.close()


@pytest.mark.postgres
async def test_a_revocation_counts_in_other_processes_within_a_second(
    postgres_home: Home, clock: FakeClock
) -> None:
    here = await postgres_home.open(clock=clock)
    there = await postgres_home.open(clock=clock)
    await here.directory.add_key(api_key(), DIGEST)
    assert await there.directory.key(DIGEST) is not None
    await here.directory.revoke_key(BUSINESS, api_key().key_id, NOON)
    clock.advance(1)
    assert await there.directory.key(DIGEST) is None
    await here.close()
    await there.close()


async def test_a_sender_is_registered_and_changed(store: Store) -> None:
    await store.directory.put_sender(sender(), "token", NOON)
    paused = sender(state=SenderState.PAUSED, name="Acme Shop", waba_id=WabaId("101"))
    await store.directory.put_sender(paused, None, at(1))
    assert await store.directory.senders(BUSINESS) == (paused,)
    assert await store.directory.token(BUSINESS, SENDER) == "token"


async def test_a_token_is_changed_when_given(store: Store) -> None:
    await store.directory.put_sender(sender(), "old", NOON)
    assert await store.directory.token(BUSINESS, SENDER) == "old"
    await store.directory.put_sender(sender(), "new", at(1))
    assert await store.directory.token(BUSINESS, SENDER) == "new"


async def test_a_token_is_lent_to_its_business_only(store: Store) -> None:
    await store.directory.put_sender(sender(), "token", NOON)
    assert await store.directory.token(RIVAL, SENDER) is None
    assert await store.directory.token(BUSINESS, OTHER_SENDER) is None


async def test_a_sender_without_a_token_lends_none(store: Store) -> None:
    await store.directory.put_sender(sender(), None, NOON)
    assert await store.directory.token(BUSINESS, SENDER) is None


async def test_a_phone_number_id_of_another_business_is_a_conflict(store: Store) -> None:
    await store.directory.put_sender(sender(), "ours", NOON)
    with pytest.raises(Conflict):
        await store.directory.put_sender(sender(business_id=RIVAL), "theirs", at(1))
    assert await store.directory.senders(RIVAL) == ()
    assert await store.directory.token(BUSINESS, SENDER) == "ours"
    assert await store.directory.owner(SENDER, None) == BUSINESS


async def test_of_two_businesses_that_claim_a_sender_at_once_one_gets_a_conflict(
    store: Store,
) -> None:
    claims = [
        store.directory.put_sender(sender(business_id=business), None, NOON)
        for business in (BUSINESS, RIVAL)
    ]
    results = await asyncio.gather(*claims, return_exceptions=True)
    assert [type(result) for result in results if result is not None] == [Conflict]
    assert await store.directory.owner(SENDER, None) in (BUSINESS, RIVAL)


async def test_a_webhook_goes_to_the_owner_of_its_phone_number(store: Store) -> None:
    assert await store.directory.owner(SENDER, WABA) is None
    await store.directory.put_sender(sender(), None, NOON)
    assert await store.directory.owner(SENDER, None) == BUSINESS
    assert await store.directory.owner(SENDER, WABA) == BUSINESS
    assert await store.directory.owner(SENDER, WabaId("999")) == BUSINESS


async def test_a_webhook_for_a_number_that_is_not_registered_goes_to_the_owner_of_its_account(
    store: Store,
) -> None:
    await store.directory.put_sender(sender(), None, NOON)
    theirs = sender(OTHER_SENDER, business_id=RIVAL)
    await store.directory.put_sender(theirs, None, NOON)
    stranger = PhoneNumberId("999")
    assert await store.directory.owner(stranger, WABA) == BUSINESS
    assert await store.directory.owner(stranger, OTHER_WABA) == RIVAL
    assert await store.directory.owner(None, WABA) == BUSINESS
    assert await store.directory.owner(stranger, None) is None
    assert await store.directory.owner(stranger, WabaId("999")) is None
    assert await store.directory.owner(None, None) is None


async def test_an_account_of_another_business_is_a_conflict_and_nothing_is_written(
    store: Store,
) -> None:
    await store.directory.put_sender(sender(), "ours", NOON)
    claim = sender(OTHER_SENDER, business_id=RIVAL, waba_id=WABA)
    with pytest.raises(Conflict) as refused:
        await store.directory.put_sender(claim, "theirs", NOON)
    assert BUSINESS not in str(refused.value)
    with pytest.raises(Conflict):
        await store.directory.claim_waba(RIVAL, WABA, NOON)
    assert await store.directory.senders(RIVAL) == ()
    assert await store.directory.owner(OTHER_SENDER, None) is None
    assert await store.directory.owner(None, WABA) == BUSINESS


async def test_an_account_that_was_claimed_without_a_sender_is_a_conflict_too(store: Store) -> None:
    await store.directory.claim_waba(BUSINESS, WABA, NOON)
    await store.directory.claim_waba(BUSINESS, WABA, at(1))
    with pytest.raises(Conflict):
        await store.directory.put_sender(sender(business_id=RIVAL, waba_id=WABA), None, NOON)
    assert await store.directory.owner(SENDER, WABA) == BUSINESS


async def test_a_claim_that_is_refused_leaves_the_account_free(store: Store) -> None:
    await store.directory.put_sender(sender(), None, NOON)
    with pytest.raises(Conflict):
        await store.directory.put_sender(sender(business_id=RIVAL), None, NOON)
    assert await store.directory.owner(None, OTHER_WABA) is None


async def test_of_two_businesses_that_claim_an_account_at_once_one_gets_a_conflict(
    store: Store,
) -> None:
    claims = [
        store.directory.put_sender(sender(number, business_id=business, waba_id=WABA), None, NOON)
        for number, business in ((SENDER, BUSINESS), (OTHER_SENDER, RIVAL))
    ]
    results = await asyncio.gather(*claims, return_exceptions=True)
    assert [type(result) for result in results if result is not None] == [Conflict]
    lost = RIVAL if await store.directory.owner(None, WABA) == BUSINESS else BUSINESS
    assert await store.directory.senders(lost) == ()


async def test_a_template_replaces_what_was_known_of_it(store: Store) -> None:
    await store.directory.put_templates((template(), template("other")))
    newer = template(state=TemplateState.PAUSED, category=Category.UTILITY, seen_at=at(1))
    await store.directory.put_templates((newer,))
    known = replace(
        newer,
        previous_category=Category.MARKETING,
        category_changed_at=at(1),
        state_changed_at=at(1),
    )
    found = await store.directory.templates(BUSINESS, "", 9)
    assert found == (known, template("other"))


async def test_an_older_look_at_a_template_does_not_replace_a_newer_one(store: Store) -> None:
    newer = template(state=TemplateState.PAUSED, seen_at=at(1))
    await store.directory.put_templates((newer,))
    await store.directory.put_templates((template(),))
    assert await store.directory.templates(BUSINESS, "", 9) == (newer,)


async def test_no_templates_are_taken_without_complaint(store: Store) -> None:
    await store.directory.put_templates(())
    assert await store.directory.templates(BUSINESS, "", 9) == ()


@pytest.mark.parametrize("size", range(1, 8))
async def test_templates_are_paged_by_name_language_and_account(store: Store, size: int) -> None:
    names = [("a", "de"), ("a", "en"), ("a_b", "en"), ("B", "en"), ("z", "pt_BR")]
    listed = [template(name, language=code) for name, code in names]
    listed.append(template("a", waba_id=WabaId("99")))
    await store.directory.put_templates(tuple(listed))
    await store.directory.put_templates((template("a", business_id=RIVAL),))
    seen: list[str] = [""]
    for _ in listed:
        page = await store.directory.templates(BUSINESS, seen[-1], size)
        seen += [f"{found.name}/{found.language}/{found.waba_id}" for found in page]
    assert seen == ["", *sorted(f"{one.name}/{one.language}/{one.waba_id}" for one in listed)]


async def test_a_webhook_changes_only_the_part_of_a_template_that_it_tells(store: Store) -> None:
    await store.directory.put_templates((template(category=Category.UTILITY),))
    await store.ledger.commit(change(sighting(state=TemplateState.PAUSED, at=at(1))))
    (found,) = await store.directory.templates(BUSINESS, "", 9)
    assert (found.category, found.state) == (Category.UTILITY, TemplateState.PAUSED)
    await store.ledger.commit(change(sighting(category=Category.MARKETING, at=at(2))))
    (found,) = await store.directory.templates(BUSINESS, "", 9)
    assert (found.category, found.state) == (Category.MARKETING, TemplateState.PAUSED)


async def test_a_webhook_about_an_unknown_template_makes_it_marketing(store: Store) -> None:
    await store.ledger.commit(change(sighting(state=TemplateState.IN_SERVICE)))
    (found,) = await store.directory.templates(BUSINESS, "", 9)
    assert (found.category, found.state) == (Category.MARKETING, TemplateState.IN_SERVICE)


async def test_an_older_webhook_does_not_undo_a_newer_one(store: Store) -> None:
    await store.ledger.commit(change(sighting(state=TemplateState.PAUSED, at=at(5))))
    await store.ledger.commit(change(sighting(state=TemplateState.IN_SERVICE, at=at(1))))
    everywhere = sighting(state=TemplateState.IN_SERVICE, language="", at=at(2))
    await store.ledger.commit(change(everywhere))
    (found,) = await store.directory.templates(BUSINESS, "", 9)
    assert found.state is TemplateState.PAUSED


async def test_a_webhook_without_a_language_changes_every_language(store: Store) -> None:
    await store.directory.put_templates((template(), template(language="de"), template("other")))
    await store.ledger.commit(
        change(sighting(language="", state=TemplateState.OUT_OF_SERVICE, at=at(1)))
    )
    states = {
        (found.name, found.language): found.state
        for found in await store.directory.templates(BUSINESS, "", 9)
    }
    assert states == {
        ("offer", "de"): TemplateState.OUT_OF_SERVICE,
        ("offer", "en"): TemplateState.OUT_OF_SERVICE,
        ("other", "en"): TemplateState.IN_SERVICE,
    }


async def test_a_webhook_changes_templates_of_its_own_business_only(store: Store) -> None:
    await store.directory.put_templates((template(), template(business_id=RIVAL)))
    await store.ledger.commit(change(sighting(state=TemplateState.PAUSED, at=at(1))))
    (theirs,) = await store.directory.templates(RIVAL, "", 9)
    assert theirs.state is TemplateState.IN_SERVICE


async def test_a_file_belongs_to_whom_meta_named_it_to(store: Store) -> None:
    await store.ledger.commit(change(named("555"), named("556", sender=OTHER_SENDER)))
    assert await store.directory.media_sender(BUSINESS, "555") == SENDER
    assert await store.directory.media_sender(BUSINESS, "556") == OTHER_SENDER
    assert await store.directory.media_sender(BUSINESS, "557") is None
    assert await store.directory.media_sender(RIVAL, "555") is None
    await store.ledger.commit(change(named("555", sender=OTHER_SENDER, at=at(1)), named("555")))
    assert await store.directory.media_sender(BUSINESS, "555") == SENDER


async def test_a_file_named_to_two_businesses_belongs_to_both(store: Store) -> None:
    """Two systems may share an account, and Meta names the file to both."""
    await store.ledger.commit(change(named("555")))
    await store.ledger.commit(change(named("555", sender=OTHER_SENDER), business=RIVAL))
    assert await store.directory.media_sender(BUSINESS, "555") == SENDER
    assert await store.directory.media_sender(RIVAL, "555") == OTHER_SENDER


async def test_files_are_forgotten_with_the_bodies(store: Store) -> None:
    await store.ledger.commit(change(named("555"), named("556")))
    await store.ledger.commit(change(named("556", at=at(9))))
    await store.sweep(BUSINESS, at(5))
    assert await store.directory.media_sender(BUSINESS, "555") is None
    assert await store.directory.media_sender(BUSINESS, "556") == SENDER


async def test_a_file_is_found_after_the_keyring_was_rotated(home: Home) -> None:
    store = await home.open()
    await store.ledger.commit(change(named("555")))
    await store.close()
    store = await home.open(keyring=fixed_keyring().rotated())
    assert await store.directory.media_sender(BUSINESS, "555") == SENDER
    await store.close()
