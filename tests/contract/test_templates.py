"""The registry remembers what a template was, and what an operator accepted."""

from __future__ import annotations

from askfirst.bootstrap.database.store import Store
from askfirst.domain.tenants.sender import Reading, Template
from askfirst.domain.tenants.template_content import (
    TemplateButton,
    TemplateContent,
    TemplateQuality,
)
from askfirst.domain.values.purpose import Category
from tests.support.builders import BUSINESS, RIVAL, change, sighting, template
from tests.support.clocks import at

WORDS = TemplateContent(
    header="Summer",
    body="A second coffee is on us.",
    footer="Café",
    more=("A card",),
    buttons=(TemplateButton("quick_reply", "Stop promotions"),),
)
READ = Reading(has_stop=True, is_advertising=False)


async def only(store: Store) -> Template:
    (found,) = await store.directory.templates(BUSINESS, "", 9)
    return found


async def test_a_list_is_kept_whole(store: Store) -> None:
    listed = template(quality=TemplateQuality.YELLOW, content=WORDS, reading=READ)
    await store.directory.put_templates((listed,))
    assert await only(store) == listed


async def test_a_change_of_category_is_seen_whether_it_is_told_or_listed(store: Store) -> None:
    await store.directory.put_templates((template(category=Category.UTILITY),))
    await store.ledger.commit(change(sighting(category=Category.MARKETING, at=at(1))))
    told = await only(store)
    assert (told.previous_category, told.category_changed_at) == (Category.UTILITY, at(1))
    assert told.became_marketing
    await store.directory.put_templates((template(category=Category.UTILITY, seen_at=at(2)),))
    listed = await only(store)
    assert (listed.previous_category, listed.category_changed_at) == (Category.MARKETING, at(2))
    assert not listed.became_marketing


async def test_what_was_marketing_when_it_was_first_seen_did_not_become_it(store: Store) -> None:
    await store.directory.put_templates((template(previous_category=Category.UTILITY),))
    found = await only(store)
    assert found.previous_category is Category.UTILITY
    assert not found.became_marketing


async def test_the_same_category_again_is_no_change(store: Store) -> None:
    await store.directory.put_templates((template(),))
    await store.ledger.commit(change(sighting(category=Category.MARKETING, at=at(1))))
    await store.directory.put_templates((template(seen_at=at(2)),))
    assert (await only(store)).category_changed_at is None


async def test_quality_state_and_words_have_times_of_their_own(store: Store) -> None:
    await store.directory.put_templates((template(content=WORDS, reading=READ),))
    other = TemplateContent(body="Other words")
    fresh = Reading(has_stop=False, is_advertising=True)
    await store.ledger.commit(change(sighting(quality=TemplateQuality.RED, at=at(1))))
    await store.ledger.commit(change(sighting(content=other, reading=fresh, at=at(2))))
    found = await only(store)
    assert (found.quality, found.quality_changed_at) == (TemplateQuality.RED, at(1))
    assert (found.content, found.reading, found.content_changed_at) == (other, fresh, at(2))
    assert found.state_changed_at is None


async def test_news_of_quality_does_not_hide_an_earlier_change_of_category(store: Store) -> None:
    """Meta's deliveries come in any order: what is about less must not outrank what counts."""
    await store.directory.put_templates((template(category=Category.UTILITY),))
    await store.ledger.commit(change(sighting(quality=TemplateQuality.RED, at=at(9))))
    await store.ledger.commit(change(sighting(category=Category.MARKETING, at=at(3))))
    assert (await only(store)).became_marketing


async def test_a_list_without_words_leaves_those_that_are_known(store: Store) -> None:
    await store.directory.put_templates((template(content=WORDS, reading=READ),))
    await store.directory.put_templates((template(seen_at=at(1)),))
    found = await only(store)
    assert (found.content, found.reading, found.content_changed_at) == (WORDS, READ, None)


async def test_acceptance_is_of_one_change(store: Store) -> None:
    await store.directory.put_templates((template(category=Category.UTILITY),))
    await store.ledger.commit(change(sighting(category=Category.MARKETING, at=at(1))))
    assert await store.directory.accept_template(BUSINESS, "offer", "")
    assert not (await only(store)).became_marketing
    await store.ledger.commit(change(sighting(category=Category.UTILITY, at=at(2))))
    await store.ledger.commit(change(sighting(category=Category.MARKETING, at=at(3))))
    assert (await only(store)).became_marketing


async def test_acceptance_is_of_the_language_that_is_named(store: Store) -> None:
    both = [template(category=Category.UTILITY, language=code) for code in ("de", "en")]
    await store.directory.put_templates(tuple(both))
    moved = sighting(category=Category.MARKETING, language="", at=at(1))
    await store.ledger.commit(change(moved))
    assert await store.directory.accept_template(BUSINESS, "offer", "de")
    found = await store.directory.templates_of_name(BUSINESS, "offer")
    assert [(one.language, one.became_marketing) for one in found] == [("de", False), ("en", True)]


async def test_nobody_accepts_what_is_another_businesss(store: Store) -> None:
    await store.directory.put_templates((template(business_id=RIVAL),))
    assert not await store.directory.accept_template(BUSINESS, "offer", "")
    assert await store.directory.templates_of_name(BUSINESS, "offer") == ()
