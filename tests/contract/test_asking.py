"""The contracts of what asking keeps: prompts, entries, proofs, links, receipts."""

from __future__ import annotations

import asyncio
import json

import pytest

from askfirst.adapters.jws_tokens import JwsTokens
from askfirst.bootstrap.database.store import Store
from askfirst.domain.consent.event import EventKind
from askfirst.domain.consent.number_confirmation import Proof, ProofKind
from askfirst.domain.consent.standing import Answer, notices, view
from askfirst.domain.entry_points.entry_point import EntryPoint
from askfirst.domain.opt_out.flow_stop import FlowStop
from askfirst.domain.prompts.catalogue import Prompt, Wording
from askfirst.domain.prompts.prompt import PromptKind, Surface
from askfirst.domain.tenants.profile import NO_PROFILE, Profile
from askfirst.domain.value import replace
from askfirst.domain.values.errors import InvalidInput, Unavailable, UnsafeStorage
from askfirst.domain.values.ids import ContactId, EntryId, LinkId, ProofId
from askfirst.domain.values.purpose import Purpose
from askfirst.domain.values.timestamp import Instant
from askfirst.ports.consent.proofs import PersonalLink
from askfirst.ports.prompts.prompts import DRAFT, NEVER_PUBLISHED
from askfirst.ports.tenants.tokens import TokenKind
from tests.support.builders import (
    ANA,
    ANA_BSUID,
    BUSINESS,
    RIVAL,
    SENDER,
    acquaintance,
    change,
    grant,
    prompt,
)
from tests.support.clocks import NOON, at
from tests.support.reading import contact_of
from tests.support.stores import Home

RECIPES = Prompt(
    key="recipes",
    surface=Surface.SIGNUP,
    purposes=("marketing",),
    wordings={"en": Wording(text="Recipes from {business}?"), "ar": Wording(text="وصفات؟")},
)
CODE = "AF-" + "7" * 26
PROOF = Proof(
    proof_id=ProofId("prf_1"),
    business_id=BUSINESS,
    kind=ProofKind.CONSENT,
    code=CODE,
    text=f"It is me ({CODE})",
    alias=ANA,
    sender=SENDER,
    created_at=NOON,
    expires_at=at(1800),
    purposes=("marketing",),
)


def entry(number: int = 1) -> EntryPoint:
    return EntryPoint(
        entry_id=EntryId(f"ent_{number}"),
        business_id=BUSINESS,
        code=f"AF-0000000{number}",
        sender=SENDER,
        name="Window",
        prompt_key="chat",
        locale="en",
        words="Hello!",
        created_at=at(number),
    )


async def test_a_draft_is_kept_until_it_is_published(store: Store) -> None:
    prompts = store.asking.prompts
    await prompts.put_draft(BUSINESS, RECIPES, NOON)
    (draft,) = await prompts.own(BUSINESS)
    assert (draft.prompt, draft.revision) == (RECIPES, DRAFT)
    assert await prompts.publish(BUSINESS, RECIPES, at(1)) == 1
    (published,) = await prompts.own(BUSINESS)
    assert (published.prompt, published.revision) == (RECIPES, 1)
    assert await prompts.own(RIVAL) == ()


async def test_only_the_newest_revision_is_listed_beside_the_draft(store: Store) -> None:
    prompts = store.asking.prompts
    for number in (1, 2, 3):
        assert await prompts.publish(BUSINESS, RECIPES, at(number)) == number
    await prompts.put_draft(BUSINESS, RECIPES, at(4))
    assert [one.revision for one in await prompts.own(BUSINESS)] == [DRAFT, 3]
    assert await prompts.delete_draft(BUSINESS, "recipes")
    assert not await prompts.delete_draft(BUSINESS, "recipes")


async def test_words_are_kept_under_their_name(store: Store) -> None:
    words = prompt("Darf es etwas mehr sein?", locale="de", purposes=("marketing", "utility"))
    await store.asking.prompts.keep(BUSINESS, words, NEVER_PUBLISHED)
    await store.asking.prompts.keep(BUSINESS, words, NEVER_PUBLISHED)
    assert await store.asking.prompts.version(BUSINESS, words.hash) == words
    assert await store.asking.prompts.version(RIVAL, words.hash) is None


async def test_words_that_were_kept_can_be_answered(store: Store) -> None:
    words = prompt()
    await store.asking.prompts.keep(BUSINESS, words, NEVER_PUBLISHED)
    committed = await store.ledger.commit(change(grant(prompt=words.hash)))
    assert committed.events[0].prompt == words.hash
    again = await store.ledger.commit(change(grant(prompt=words.hash), prompt=words))
    assert again.events[0].prompt == words.hash


async def test_words_that_were_changed_in_the_database_are_noticed(
    home: Home, store: Store
) -> None:
    words = prompt()
    await store.asking.prompts.keep(BUSINESS, words, NEVER_PUBLISHED)
    await home.raw("UPDATE prompt SET words = 'Other words'")
    with pytest.raises(UnsafeStorage):
        await store.asking.prompts.version(BUSINESS, words.hash)


async def test_a_notice_is_kept_as_one_and_no_tap_says_yes_to_it(store: Store) -> None:
    prompts = store.asking.prompts
    asked = prompt("News about your order comes on WhatsApp.", surface=Surface.ORDER)
    notice = replace(asked, kind=PromptKind.NOTICE)
    assert asked.hash != notice.hash
    for words in (asked, notice):
        await prompts.keep(BUSINESS, words, NEVER_PUBLISHED)
        assert await prompts.version(BUSINESS, words.hash) == words
    assert await prompts.current_surface(BUSINESS, asked.hash) is Surface.ORDER
    assert await prompts.current_surface(BUSINESS, notice.hash) is None
    own = replace(RECIPES, kind=PromptKind.NOTICE)
    await prompts.publish(BUSINESS, own, NOON)
    assert [one.prompt for one in await prompts.own(BUSINESS)] == [own]


async def test_a_notice_in_the_ledger_stands_beside_the_answers(store: Store) -> None:
    shown = replace(grant(), kind=EventKind.INFORMED, purposes=("utility.order",))
    (event,) = (await store.ledger.commit(change(shown))).events
    standing = await store.ledger.standing(BUSINESS, event.contact_id)
    order = Purpose("utility.order")
    assert [one.mark.position for one in notices(standing, order)] == [event.position]
    assert view(standing, order).answer is Answer.UNASKED
    await store.ledger.commit(change(replace(grant(), kind=EventKind.WITHDRAWN, purposes=())))
    standing = await store.ledger.standing(BUSINESS, event.contact_id)
    assert notices(standing, order) == ()


async def test_publishing_anew_retires_the_words_shown_before(store: Store) -> None:
    prompts, old, new = store.asking.prompts, prompt("Old?", key="recipes"), prompt("New?")
    await prompts.keep(BUSINESS, old, NEVER_PUBLISHED)
    await prompts.keep(BUSINESS, new, NEVER_PUBLISHED)
    assert await prompts.current_surface(BUSINESS, old.hash) is Surface.SIGNUP
    assert await prompts.current_surface(RIVAL, old.hash) is None
    await prompts.publish(BUSINESS, RECIPES, NOON)
    assert await prompts.current_surface(BUSINESS, old.hash) is None
    assert await prompts.current_surface(BUSINESS, new.hash) is Surface.SIGNUP
    await prompts.keep(BUSINESS, old, 1)
    assert await prompts.current_surface(BUSINESS, old.hash) is Surface.SIGNUP


async def test_words_that_a_business_claims_are_current_once_we_wrote_them(store: Store) -> None:
    prompts, words = store.asking.prompts, prompt()
    assert await prompts.current_surface(BUSINESS, words.hash) is None
    await store.ledger.commit(change(grant(prompt=words.hash), prompt=words))
    assert await prompts.version(BUSINESS, words.hash) == words
    assert await prompts.current_surface(BUSINESS, words.hash) is None
    await prompts.keep(BUSINESS, words, NEVER_PUBLISHED)
    assert await prompts.current_surface(BUSINESS, words.hash) is Surface.SIGNUP


async def test_a_rendering_that_began_before_undoes_no_publication(store: Store) -> None:
    prompts, known = store.asking.prompts, prompt("Old?", key="recipes")
    await prompts.publish(BUSINESS, RECIPES, NOON)
    await prompts.keep(BUSINESS, known, 1)
    await prompts.publish(BUSINESS, RECIPES, at(1))
    late = prompt("Older?", key="recipes")
    for words in (known, late):
        await prompts.keep(BUSINESS, words, 1)
        assert await prompts.current_surface(BUSINESS, words.hash) is None
        assert await prompts.version(BUSINESS, words.hash) == words


async def test_renderings_and_publications_at_once_leave_no_old_words_current(
    store: Store,
) -> None:
    prompts = store.asking.prompts
    words = [prompt(f"Number {number}?", key="recipes") for number in range(20)]
    acts = [prompts.keep(BUSINESS, one, NEVER_PUBLISHED) for one in words]
    await asyncio.gather(*acts[:10], prompts.publish(BUSINESS, RECIPES, NOON), *acts[10:])
    assert not any([await prompts.current_surface(BUSINESS, one.hash) for one in words])


async def test_a_publication_that_breaks_off_leaves_the_draft(home: Home, store: Store) -> None:
    prompts = store.asking.prompts
    await prompts.put_draft(BUSINESS, RECIPES, NOON)
    await prompts.keep(BUSINESS, prompt("Old?", key="recipes"), NEVER_PUBLISHED)
    await home.raw("ALTER TABLE current_prompt RENAME TO away")
    with pytest.raises(Unavailable):
        await prompts.publish(BUSINESS, RECIPES, at(1))
    await home.raw("ALTER TABLE away RENAME TO current_prompt")
    assert [one.revision for one in await prompts.own(BUSINESS)] == [DRAFT]


async def test_a_profile_is_kept(store: Store) -> None:
    profiles = store.asking.profiles
    assert await profiles.profile(BUSINESS) == NO_PROFILE
    stop = FlowStop(key="offers", value="false", purposes=("marketing",), is_missing=True)
    origins = ("https://shop.example",)
    profile = Profile(origins=origins, contact="hello@shop.example", flow_stops=(stop,))
    await profiles.put_profile(BUSINESS, profile, NOON)
    assert await profiles.profile(BUSINESS) == profile
    await profiles.put_profile(BUSINESS, NO_PROFILE, at(1))
    assert await profiles.profile(BUSINESS) == NO_PROFILE


async def test_a_logo_is_kept_beside_the_profile(store: Store) -> None:
    profiles = store.asking.profiles
    assert await profiles.logo(BUSINESS) == b""
    await profiles.put_profile(BUSINESS, Profile(logo="a1"), NOON, b"\x89PNG\x00\xff")
    await profiles.put_profile(BUSINESS, Profile(logo="a1", locale="fr"), at(1))
    assert await profiles.logo(BUSINESS) == b"\x89PNG\x00\xff"
    assert await profiles.profile(BUSINESS) == Profile(logo="a1", locale="fr")
    assert await profiles.logo(RIVAL) == b""
    await profiles.put_profile(BUSINESS, NO_PROFILE, at(2), b"")
    assert await profiles.logo(BUSINESS) == b""


async def test_a_profile_from_before_forms_were_read_is_read(store: Store, home: Home) -> None:
    profiles = store.asking.profiles
    await profiles.put_profile(BUSINESS, Profile(contact="hello@shop.example"), NOON)
    ((content,),) = await home.raw("SELECT content FROM profile")
    older = json.dumps({k: v for k, v in json.loads(content).items() if k != "flow_stops"})
    await home.raw(f"UPDATE profile SET content = '{older}'")
    assert await profiles.profile(BUSINESS) == Profile(contact="hello@shop.example")


async def test_entries_come_in_pages_in_the_order_they_were_made(store: Store) -> None:
    entries = store.asking.entries
    for number in (1, 2, 3):
        await entries.put(entry(number))
    assert await entries.list(BUSINESS, "", 2) == (entry(1), entry(2))
    assert await entries.list(BUSINESS, "ent_2", 2) == (entry(3),)
    assert await entries.list(RIVAL, "", 9) == ()
    assert await entries.by_code(BUSINESS, entry(2).code) == entry(2)
    assert await entries.by_code(RIVAL, entry(2).code) is None


async def test_a_message_is_attributed_once(store: Store) -> None:
    entries, contact = store.asking.entries, ContactId("con_1")
    await entries.put(entry())
    assert await entries.arrive(entry(), contact, "wamid.1", NOON)
    assert not await entries.arrive(entry(), contact, "wamid.1", NOON)
    assert await entries.arrive(entry(), contact, "wamid.2", NOON)
    found = await entries.entry(BUSINESS, EntryId("ent_1"))
    assert found is not None
    assert found.arrivals == 2


async def test_an_entry_ends_once(store: Store) -> None:
    entries = store.asking.entries
    await entries.put(entry())
    assert await entries.end(BUSINESS, EntryId("ent_1"), at(9))
    assert not await entries.end(BUSINESS, EntryId("ent_1"), at(10))
    found = await entries.entry(BUSINESS, EntryId("ent_1"))
    assert found is not None
    assert found.ended_at == at(9)


async def test_of_many_at_once_one_may_ask(store: Store) -> None:
    entries, contact = store.asking.entries, ContactId("con_1")
    asked = await asyncio.gather(
        *(entries.ask_once(BUSINESS, contact, "chat", NOON) for _ in range(20))
    )
    assert sum(asked) == 1
    assert await entries.ask_once(BUSINESS, contact, "orders", NOON)
    assert await entries.ask_once(RIVAL, contact, "chat", NOON)


async def test_whoever_was_asked_before_a_merge_is_not_asked_after_it(store: Store) -> None:
    entries, ledger = store.asking.entries, store.ledger
    await ledger.commit(change(grant(ANA)))
    await ledger.commit(change(grant(ANA_BSUID)))
    before = [await contact_of(store, name) for name in (ANA, ANA_BSUID)]
    for contact, prompt_key in zip(before, ("chat", "orders"), strict=True):
        assert await entries.ask_once(BUSINESS, contact, prompt_key, NOON)
    await ledger.commit(change(acquaintance(ANA, ANA_BSUID, at=at(200)), at=at(200)))
    merged = await contact_of(store, ANA)
    assert not await entries.ask_once(BUSINESS, merged, "chat", at(300))
    assert not await entries.ask_once(BUSINESS, merged, "orders", at(300))
    assert await entries.ask_once(BUSINESS, merged, "signup", at(300))


async def test_a_proof_is_found_by_its_code_and_counts_once(store: Store) -> None:
    proofs = store.asking.proofs
    await proofs.put(PROOF)
    assert await proofs.by_code(BUSINESS, CODE) == PROOF
    assert await proofs.by_code(RIVAL, CODE) is None
    assert await proofs.prove(PROOF, at(5))
    assert not await proofs.prove(PROOF, at(6))
    found = await proofs.proof(BUSINESS, PROOF.proof_id)
    assert found is not None
    assert found.proven_at == at(5)


async def test_neither_number_nor_code_of_a_proof_lies_open_on_disk(
    home: Home, store: Store
) -> None:
    await store.asking.proofs.put(PROOF)
    kept = await home.raw_bytes()
    assert PROOF.proof_id.encode() in kept
    assert ANA.value.encode() not in kept
    assert CODE.encode() not in kept


async def test_proofs_and_counters_that_are_over_are_forgotten(store: Store) -> None:
    await store.ledger.commit(change(grant()))
    await store.asking.proofs.put(PROOF)
    await store.sweep(BUSINESS, PROOF.expires_at)
    assert await store.asking.proofs.proof(BUSINESS, PROOF.proof_id) is not None
    await store.sweep(BUSINESS, Instant(PROOF.expires_at + 1))
    assert await store.asking.proofs.proof(BUSINESS, PROOF.proof_id) is None


async def test_a_personal_link_lives_until_it_is_revoked(store: Store) -> None:
    links = store.asking.personal_links
    contact = (await store.ledger.commit(change(grant()))).events[0].contact_id
    link = PersonalLink(
        link_id=LinkId("lnk_1"),
        business_id=BUSINESS,
        contact_id=contact,
        created_at=NOON,
        expires_at=at(60),
    )
    await links.put(link)
    assert await links.link(BUSINESS, link.link_id) == link
    assert await links.link(RIVAL, link.link_id) is None
    assert link.is_alive(at(59.9))
    assert not link.is_alive(at(60))
    assert await links.revoke(BUSINESS, link.link_id, at(5))
    assert not await links.revoke(BUSINESS, link.link_id, at(6))
    found = await links.link(BUSINESS, link.link_id)
    assert found is not None
    assert not found.is_alive(at(5))


async def test_after_a_merge_a_link_leads_to_who_the_person_is_now(store: Store) -> None:
    ana = (await store.ledger.commit(change(grant()))).events[0].contact_id
    await store.ledger.commit(change(grant(ANA_BSUID)))
    await store.ledger.commit(change(acquaintance(ANA, ANA_BSUID)))
    survivor = await store.ledger.find(BUSINESS, ANA)
    other = await store.ledger.history(BUSINESS, survivor or ana, 0, 9)  # type: ignore[arg-type]
    for contact_id in {event.contact_id for event in other}:
        link = PersonalLink(
            link_id=LinkId(f"lnk_{contact_id}"),
            business_id=BUSINESS,
            contact_id=contact_id,
            created_at=NOON,
            expires_at=at(60),
        )
        await store.asking.personal_links.put(link)
        found = await store.asking.personal_links.link(BUSINESS, link.link_id)
        assert found is not None
        assert found.contact_id == survivor


async def test_a_contacts_names_are_given_open(store: Store) -> None:
    await store.ledger.commit(change(grant()))
    await store.ledger.commit(change(acquaintance(ANA, ANA_BSUID)))
    contact = await store.ledger.find(BUSINESS, ANA)
    assert contact is not None
    names = await store.ledger.names(BUSINESS, contact)
    assert {name.key for name in names} == {ANA.key, ANA_BSUID.key}
    assert names[0].is_number
    assert await store.ledger.names(RIVAL, contact) == ()


async def test_a_receipt_is_signed_with_a_key_that_is_made_once(store: Store) -> None:
    receipts = store.asking.receipts
    text = await receipts.sign(BUSINESS, {"a": 1}, NOON)
    again = await receipts.sign(BUSINESS, {"a": 1}, at(1))
    assert text == again
    (key,) = await receipts.keys(BUSINESS)
    assert "d" not in key
    assert receipts.verify(text, [key]) == {"a": 1}


async def test_another_businesss_key_does_not_check_it(store: Store) -> None:
    receipts = store.asking.receipts
    text = await receipts.sign(BUSINESS, {"a": 1}, NOON)
    await receipts.sign(RIVAL, {"a": 1}, NOON)
    with pytest.raises(InvalidInput):
        receipts.verify(text, await receipts.keys(RIVAL))


async def test_what_an_old_key_signed_stays_valid_and_it_signs_no_more(store: Store) -> None:
    receipts = store.asking.receipts
    old = await receipts.sign(BUSINESS, {"a": 1}, NOON)
    name = await receipts.rotate(BUSINESS, at(1))
    new = await receipts.sign(BUSINESS, {"a": 1}, at(2))
    assert new != old
    keys = await receipts.keys(BUSINESS)
    assert receipts.verify(old, keys) == receipts.verify(new, keys) == {"a": 1}
    assert receipts.verify(new, [key for key in keys if key["kid"] == name]) == {"a": 1}


async def test_a_token_is_read_by_whoever_has_the_keys(home: Home, store: Store) -> None:
    text = JwsTokens(store.asking.token_keys).sign(TokenKind.PROMPT, {"a": [1, "é"]})
    assert JwsTokens(store.asking.token_keys).read(TokenKind.PROMPT, text) == {"a": [1, "é"]}
    with pytest.raises(InvalidInput):
        JwsTokens(store.asking.token_keys).read(TokenKind.CONFIRM, text)
