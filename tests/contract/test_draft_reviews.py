"""A draft on its way to be published: two people, one content, one revision."""

from __future__ import annotations

import asyncio

import pytest

from askfirst.bootstrap.database.store import Store
from askfirst.domain.prompts.catalogue import Prompt, Wording
from askfirst.domain.prompts.drafts.draft_review import DraftReview, draft_hash
from askfirst.domain.prompts.prompt import PromptHash, Surface
from askfirst.domain.tenants.api_key import Business
from askfirst.domain.value import replace
from askfirst.domain.values.errors import Conflict, NotPermitted
from askfirst.domain.values.ids import OperatorId
from askfirst.ports.prompts.prompts import DRAFT
from tests.support.builders import BUSINESS, RIVAL
from tests.support.clocks import NOON, at
from tests.support.stores import PostgresHome

KEY = "recipes"
RECIPES = Prompt(
    key=KEY,
    surface=Surface.SIGNUP,
    purposes=("marketing",),
    wordings={"en": Wording(text="Recipes from {business}?"), "ar": Wording(text="وصفات؟")},
)
OTHER = replace(RECIPES, wordings={"en": Wording(text="Recipes and offers from {business}?")})
SEEN = draft_hash(RECIPES)
_TURNS = 20
WRITER, READER, THIRD = (OperatorId(f"opr_{name}") for name in ("writer", "reader", "third"))


async def submitted(store: Store) -> None:
    prompts = store.asking.prompts
    await prompts.write_draft(BUSINESS, RECIPES, WRITER, NOON, instead_of=None)
    await prompts.submit(BUSINESS, KEY, SEEN, WRITER, at(1))


async def revisions(store: Store) -> list[int]:
    return [one.revision for one in await store.asking.prompts.own(BUSINESS)]


async def test_somebody_else_publishes_what_they_looked_at(store: Store) -> None:
    prompts = store.asking.prompts
    await submitted(store)
    (waiting,) = await prompts.submissions(BUSINESS)
    assert (waiting.key, waiting.hash, waiting.by, waiting.at) == (KEY, SEEN, WRITER, at(1))
    assert waiting.waits
    assert await prompts.publish_reviewed(BUSINESS, KEY, SEEN, READER, at(2)) == 1
    (own,) = await prompts.own(BUSINESS)
    assert (own.prompt, own.revision) == (RECIPES, 1)
    assert await prompts.review(BUSINESS, KEY) == DraftReview()
    assert await prompts.submissions(BUSINESS) == ()


async def test_a_writer_neither_publishes_nor_declines(store: Store) -> None:
    prompts = store.asking.prompts
    await submitted(store)
    with pytest.raises(NotPermitted):
        await prompts.publish_reviewed(BUSINESS, KEY, SEEN, WRITER, at(2))
    with pytest.raises(NotPermitted):
        await prompts.decline(BUSINESS, KEY, SEEN, WRITER, at(2), reason="no")
    assert await revisions(store) == [DRAFT]


async def test_whoever_wrote_some_of_it_is_a_writer_to_the_end(store: Store) -> None:
    """Also where a colleague changed it last, and submitted it."""
    prompts = store.asking.prompts
    await prompts.write_draft(BUSINESS, OTHER, WRITER, NOON, instead_of=None)
    await prompts.write_draft(BUSINESS, RECIPES, READER, at(1), instead_of=draft_hash(OTHER))
    await prompts.submit(BUSINESS, KEY, SEEN, THIRD, at(2))
    review = await prompts.review(BUSINESS, KEY)
    assert review.writers == {WRITER, READER, THIRD}
    for operator in (WRITER, READER, THIRD):
        with pytest.raises(NotPermitted):
            await prompts.publish_reviewed(BUSINESS, KEY, SEEN, operator, at(3))


async def test_a_draft_that_was_not_submitted_is_published_by_nobody(store: Store) -> None:
    prompts = store.asking.prompts
    await prompts.write_draft(BUSINESS, RECIPES, WRITER, NOON, instead_of=None)
    with pytest.raises(Conflict):
        await prompts.publish_reviewed(BUSINESS, KEY, SEEN, READER, at(1))


async def test_a_draft_that_changed_has_to_be_looked_at_anew(store: Store) -> None:
    """By whomever, a key of the interface included; the same words again change nothing."""
    prompts = store.asking.prompts
    await submitted(store)
    await prompts.put_draft(BUSINESS, RECIPES, at(2))
    assert len(await prompts.submissions(BUSINESS)) == 1
    await prompts.put_draft(BUSINESS, OTHER, at(3))
    assert await prompts.submissions(BUSINESS) == ()
    for seen in (SEEN, draft_hash(OTHER)):
        with pytest.raises(Conflict):
            await prompts.publish_reviewed(BUSINESS, KEY, seen, READER, at(4))
    await prompts.submit(BUSINESS, KEY, draft_hash(OTHER), THIRD, at(5))
    with pytest.raises(Conflict):
        await prompts.publish_reviewed(BUSINESS, KEY, SEEN, READER, at(6))
    with pytest.raises(NotPermitted):
        await prompts.publish_reviewed(BUSINESS, KEY, draft_hash(OTHER), WRITER, at(6))
    await prompts.publish_reviewed(BUSINESS, KEY, draft_hash(OTHER), READER, at(7))
    assert [one.prompt for one in await prompts.own(BUSINESS)] == [OTHER]


async def test_a_declined_draft_says_why_and_may_be_submitted_again(store: Store) -> None:
    prompts = store.asking.prompts
    await submitted(store)
    await prompts.decline(BUSINESS, KEY, SEEN, READER, at(2), reason="Name the sender.")
    (declined,) = await prompts.submissions(BUSINESS)
    assert not declined.waits
    assert (declined.declined_by, declined.declined_at) == (READER, at(2))
    assert declined.reason == "Name the sender."
    with pytest.raises(Conflict):
        await prompts.publish_reviewed(BUSINESS, KEY, SEEN, THIRD, at(3))
    await prompts.submit(BUSINESS, KEY, SEEN, WRITER, at(4))
    (again,) = await prompts.submissions(BUSINESS)
    assert again.waits
    assert (again.reason, again.declined_at) == ("", None)


async def test_two_who_write_at_once_do_not_overwrite_each_other(store: Store) -> None:
    prompts = store.asking.prompts
    await prompts.write_draft(BUSINESS, RECIPES, WRITER, NOON, instead_of=None)
    for stale in (None, draft_hash(OTHER)):
        with pytest.raises(Conflict):
            await prompts.write_draft(BUSINESS, OTHER, READER, at(1), instead_of=stale)
    assert [one.prompt for one in await prompts.own(BUSINESS)] == [RECIPES]
    assert (await prompts.review(BUSINESS, KEY)).writers == {WRITER}


async def test_what_ends_a_draft_forgets_who_wrote_it(store: Store) -> None:
    prompts = store.asking.prompts
    await submitted(store)
    assert await prompts.delete_draft(BUSINESS, KEY)
    assert await prompts.review(BUSINESS, KEY) == DraftReview()
    await submitted(store)
    await prompts.publish(BUSINESS, RECIPES, at(3))
    assert await prompts.review(BUSINESS, KEY) == DraftReview()
    assert await revisions(store) == [1]


async def test_a_review_is_nothing_to_another_business(store: Store) -> None:
    prompts = store.asking.prompts
    await submitted(store)
    assert await prompts.submissions(RIVAL) == ()
    assert await prompts.review(RIVAL, KEY) == DraftReview()
    with pytest.raises(Conflict):
        await prompts.publish_reviewed(RIVAL, KEY, SEEN, READER, at(2))


async def test_of_many_who_publish_at_once_one_does(store: Store) -> None:
    """And one who declines at that moment: it is published or declined, never both."""
    prompts = store.asking.prompts
    await store.directory.put_business(Business(business_id=BUSINESS, name="Lune"), NOON)
    for turn in range(1, 6):
        await submitted(store)
        readers = [OperatorId(f"opr_{number}") for number in range(8)]
        found = await asyncio.gather(
            *(prompts.publish_reviewed(BUSINESS, KEY, SEEN, who, at(2)) for who in readers),
            prompts.decline(BUSINESS, KEY, SEEN, THIRD, at(2), reason="no"),
            return_exceptions=True,
        )
        published = [one for one in found[:-1] if isinstance(one, int)]
        refused = [one for one in found if isinstance(one, BaseException)]
        assert all(isinstance(one, Conflict) for one in refused), refused
        if found[-1] is None:
            assert not published
            await prompts.submit(BUSINESS, KEY, SEEN, WRITER, at(3))
            published = [await prompts.publish_reviewed(BUSINESS, KEY, SEEN, READER, at(4))]
        assert published == [turn]
        assert await revisions(store) == [turn]


async def test_of_two_servers_one_publishes_what_the_other_does_not_change(
    postgres_home: PostgresHome,
) -> None:
    """What was looked at is published, or what was written since stays a draft; never half."""
    first, second = await postgres_home.open(), await postgres_home.open()
    await first.directory.put_business(Business(business_id=BUSINESS, name="Lune"), NOON)
    for _ in range(_TURNS):
        await first.asking.prompts.delete_draft(BUSINESS, KEY)
        await submitted(first)
        published, written, again = await asyncio.gather(
            first.asking.prompts.publish_reviewed(BUSINESS, KEY, SEEN, READER, at(2)),
            second.asking.prompts.write_draft(BUSINESS, OTHER, WRITER, at(2), instead_of=SEEN),
            second.asking.prompts.publish_reviewed(BUSINESS, KEY, SEEN, THIRD, at(2)),
            return_exceptions=True,
        )
        done = [one for one in (published, written, again) if not isinstance(one, Exception)]
        assert len(done) == 1, (published, written, again)
    await first.close()
    await second.close()


@pytest.mark.parametrize(
    "changed",
    [
        replace(RECIPES, purposes=("marketing", "utility")),
        replace(RECIPES, surface=Surface.LOGIN),
        replace(RECIPES, wordings=dict(reversed([*RECIPES.wordings.items()]))),
        replace(RECIPES, wordings={**RECIPES.wordings, "ar": Wording(text="وصفات؟", yes="نعم")}),
        replace(RECIPES, wordings={**RECIPES.wordings, "ar": Wording(text="وصفات؟", no="نعم")}),
    ],
)
def test_a_draft_is_named_by_all_that_it_says(changed: Prompt) -> None:
    assert draft_hash(changed) != SEEN
    assert draft_hash(replace(RECIPES)) == SEEN == PromptHash(SEEN)
