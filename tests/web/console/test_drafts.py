"""The next version of a question in the console: one writes it, another publishes it."""

from __future__ import annotations

import asyncio

import pytest

from askfirst.domain.operators.audit_entry import AuditAct
from askfirst.domain.operators.operator import OperatorRole
from askfirst.domain.prompts.prompt import PromptHash
from askfirst.domain.values.errors import NotPermitted
from askfirst.usecases.operators.manage_team import end_access
from askfirst.usecases.operators.review_draft import publish_submitted
from askfirst.usecases.operators.write_down import Actor
from askfirst.usecases.prompts.manage_prompts import delete_draft, find_prompt, put_draft
from askfirst.web.console.words import console_words
from tests.support.builders import BUSINESS
from tests.web.console.office import Office
from tests.web.public.visitors import Page

HOME = f"/console/{BUSINESS}"
VIEWER, SUPPORT, MARKETING, COMPLIANCE, ADMIN = OperatorRole
PLACE = "/prompts/signup"
TEXT = "Yes, {business} may send me {kinds} on WhatsApp. I can end that at any time: {stop}."


async def look(office: Office, role: OperatorRole, path: str = f"{PLACE}?draft=1&in=en") -> Page:
    return await office.at(role).get(f"{HOME}{path}")


async def write(
    office: Office, role: OperatorRole, text: str = TEXT, locale: str = "en", **more: str
) -> Page:
    form = await look(office, role, f"{PLACE}/edit?in={locale}")
    typed = {**form.fields(), "text": text, "in": locale, **more}
    return await office.send(role, f"{PLACE}/edit", typed)


async def step(office: Office, role: OperatorRole, act: str, **more: str) -> Page:
    return await office.send(role, f"{PLACE}/{act}", {"seen": await seen(office), **more})


async def seen(office: Office) -> str:
    return (await look(office, MARKETING, f"{PLACE}/edit")).fields()["seen"]


async def revision(office: Office) -> int:
    known = await find_prompt(office.world.services, BUSINESS, "signup")
    assert known
    return known.revision


@pytest.fixture
async def sent(office: Office) -> Office:
    """Marketing wrote and submitted a draft."""
    assert (await write(office, MARKETING)).got.status == 303
    assert (await step(office, MARKETING, "submit")).got.status == 303
    return office


async def test_a_draft_begins_with_what_is_asked_now_and_changes_one_language(
    office: Office,
) -> None:
    page = await look(office, MARKETING, f"{PLACE}/edit?in=de")
    assert "WhatsApp" in page.source
    await write(office, MARKETING)
    known = await find_prompt(office.world.services, BUSINESS, "signup")
    assert known
    assert known.draft
    assert known.draft.wordings["en"].text == TEXT
    before = office.world.services.catalogue.prompts["signup"].wordings
    assert known.draft.wordings["de"] == before["de"]
    assert known.draft.wordings["en"].after == before["en"].after
    assert known.draft.wordings.keys() == before.keys()
    assert "may send me" not in (await look(office, MARKETING, f"{PLACE}?in=en")).text


async def test_a_colleague_publishes_what_was_submitted(sent: Office) -> None:
    page = await look(sent, COMPLIANCE)
    assert "marketing submitted it" in page.text
    assert await revision(sent) == -1
    got = await step(sent, COMPLIANCE, "publish")
    assert got.got.headers["location"].endswith(f"{PLACE}?done=prompt_published")
    assert await revision(sent) == 1
    assert "may send me" in (await look(sent, VIEWER, f"{PLACE}?in=en")).text
    acts = await sent.acts()
    assert acts[0] is AuditAct.PROMPT_PUBLISHED
    assert {AuditAct.DRAFT_WRITTEN, AuditAct.DRAFT_SUBMITTED} <= set(acts)


async def test_what_changes_is_shown_word_by_word(sent: Office) -> None:
    page = await look(sent, COMPLIANCE)
    assert "<ins>" in page.source
    assert "<del>" in page.source
    assert page.source.count('class="label">English') == 1


async def test_nobody_publishes_or_declines_what_they_wrote(office: Office) -> None:
    """An admin may write and may publish; what they wrote, only others publish."""
    await write(office, ADMIN)
    await step(office, ADMIN, "submit")
    page = await look(office, ADMIN)
    assert f"{PLACE}/publish" not in page.source
    assert "You wrote some of this draft" in page.text
    before = await office.acts()
    for act in ("publish", "decline"):
        got = await step(office, ADMIN, act, reason="mine")
        assert got.got.status == 403
    assert await revision(office) == -1
    assert await office.acts() == before
    admin = office.operators[BUSINESS, ADMIN]
    with pytest.raises(NotPermitted):
        await publish_submitted(
            office.world.services, admin, "signup", PromptHash(await seen(office))
        )
    assert (await step(office, COMPLIANCE, "publish")).got.status == 303


async def test_whoever_changed_a_word_is_a_writer_too(office: Office) -> None:
    await write(office, ADMIN)
    await write(office, MARKETING, f"{TEXT} Thank you.")
    await step(office, MARKETING, "submit")
    assert (await step(office, ADMIN, "publish")).got.status == 403
    assert await revision(office) == -1


async def test_a_draft_that_changed_since_it_was_looked_at_is_not_published(sent: Office) -> None:
    looked_at = await seen(sent)
    await write(sent, MARKETING, f"{TEXT} And win a prize!")
    form = {"seen": looked_at}
    got = await sent.send(COMPLIANCE, f"{PLACE}/publish", form)
    assert got.got.status == 409
    assert "changed, submitted, declined or published meanwhile" in got.text
    assert (await step(sent, COMPLIANCE, "publish")).got.status == 409
    assert await revision(sent) == -1


async def test_a_key_of_the_interface_that_changes_a_draft_ends_its_review(sent: Office) -> None:
    services = sent.world.services
    known = await find_prompt(services, BUSINESS, "signup")
    assert known
    await put_draft(services, BUSINESS, known.prompt)
    assert (await step(sent, COMPLIANCE, "publish")).got.status == 409
    assert await revision(sent) == -1


async def test_of_two_who_publish_at_once_one_does(sent: Office) -> None:
    digest = await seen(sent)
    token = {role: await sent.token(role) for role in (COMPLIANCE, ADMIN)}
    pages = await asyncio.gather(
        *(
            sent.at(role).post(
                f"{HOME}{PLACE}/publish", {"form_token": token[role], "seen": digest}
            )
            for role in (COMPLIANCE, ADMIN)
        )
    )
    assert await revision(sent) == 1
    statuses = sorted(page.got.status for page in pages)
    assert statuses[0] == 303
    assert statuses[1] in (404, 409)


async def test_a_declined_draft_tells_its_writer_why(sent: Office) -> None:
    assert (await step(sent, COMPLIANCE, "decline", reason=" ")).got.status == 422
    got = await step(sent, COMPLIANCE, "decline", reason="Name the newsletter, <b>please</b>.")
    assert got.got.status == 303
    page = await look(sent, MARKETING)
    assert "compliance declined it" in page.text
    assert "Name the newsletter, <b>please</b>." in page.text
    assert "<b>please" not in page.source
    assert (await step(sent, ADMIN, "publish")).got.status == 409
    assert (await step(sent, MARKETING, "submit")).got.status == 303
    assert (await step(sent, ADMIN, "publish")).got.status == 303


async def test_words_that_break_a_binding_rule_are_saved_and_not_submitted(office: Office) -> None:
    await write(office, MARKETING, "Win a prize now!")
    page = await look(office, MARKETING, f"{PLACE}/edit?in=en")
    assert page.all("div", id="w-text")
    got = await step(office, MARKETING, "submit")
    assert got.got.status == 422
    assert "must change first" in got.text
    assert await office.world.services.prompts.submissions(BUSINESS) == ()


async def test_typed_words_stay_in_the_form_where_they_were_not_kept(office: Office) -> None:
    for text, status in (("", 422), ("x" * 5000, 422)):
        page = await write(office, MARKETING, text, after="Reply STOP.")
        assert page.got.status == status
        assert "Reply STOP." in page.source
    stale = (await look(office, MARKETING, f"{PLACE}/edit?in=en")).fields()
    await write(office, ADMIN)
    late = await office.send(
        MARKETING, f"{PLACE}/edit", {**stale, "in": "en", "text": "Mine, {business}!"}
    )
    assert late.got.status == 409
    assert "Mine, {business}!" in late.source
    known = await find_prompt(office.world.services, BUSINESS, "signup")
    assert known
    assert known.draft
    assert known.draft.wordings["en"].text == TEXT


async def test_languages_are_taken_out_and_added_again(office: Office) -> None:
    await write(office, MARKETING)
    got = await step(office, MARKETING, "languages", **{"keep.en": "1", "keep.de": "1"})
    assert got.got.status == 303
    known = await find_prompt(office.world.services, BUSINESS, "signup")
    assert known
    assert known.draft
    assert set(known.draft.wordings) == {"en", "de"}
    assert (await step(office, MARKETING, "languages")).got.status == 422
    page = await look(office, MARKETING, f"{PLACE}/edit?in=fr")
    assert "New language" in page.text
    await write(office, MARKETING, "Oui, {business} : {kinds}. {stop}", "fr")
    known = await find_prompt(office.world.services, BUSINESS, "signup")
    assert known
    assert known.draft
    assert set(known.draft.wordings) == {"en", "de", "fr"}


async def test_a_discarded_draft_is_gone_with_its_review(sent: Office) -> None:
    assert (await step(sent, MARKETING, "discard")).got.status == 303
    assert await sent.world.services.prompts.submissions(BUSINESS) == ()
    assert "Write a new version" in (await look(sent, MARKETING, PLACE)).text
    assert not await delete_draft(sent.world.services, BUSINESS, "signup")


async def test_the_first_page_tells_of_a_draft_that_waits(sent: Office) -> None:
    assert "A new version of signup waits" in (await look(sent, COMPLIANCE, "")).text
    await step(sent, COMPLIANCE, "decline", reason="no")
    assert "A new version of signup waits" not in (await look(sent, COMPLIANCE, "")).text


async def test_whoever_is_alone_is_told_what_to_do(office: Office) -> None:
    services = office.world.services
    actor = Actor(business_id=BUSINESS, operator_id=None)
    await write(office, ADMIN)
    assert "Nobody else here may publish it" not in (await look(office, ADMIN)).text
    other = office.operators[BUSINESS, COMPLIANCE].operator_id
    await end_access(services, actor, other)
    page = await look(office, ADMIN)
    assert "Nobody else here may publish it" in page.text
    assert "/v1/prompts/signup/publish" in page.text


async def test_a_preview_is_what_stands_in_a_page_of_the_business(office: Office) -> None:
    for locale, way in (("en", "ltr"), ("ar", "rtl")):
        page = await look(office, VIEWER, f"{PLACE}?in={locale}")
        assert page.source.count('class="askfirst-prompt"') == 2
        assert page.all("div", **{"class": "askfirst-prompt", "lang": locale, "dir": way})
        assert "checked" not in page.source


async def test_each_page_of_a_draft_has_words_in_each_language(sent: Office) -> None:
    for locale in console_words():
        for place in (f"{PLACE}?draft=1&", f"{PLACE}/edit?", "/prompts?", "?"):
            for role in (MARKETING, COMPLIANCE) if "edit" not in place else (MARKETING,):
                page = await look(sent, role, f"{place}locale={locale}")
                assert page.got.status == 200, (locale, place)
    for key in ("order", "chat", "paper", "orders_notice", "code", "phone", "link"):
        page = await look(sent, MARKETING, f"/prompts/{key}/edit")
        assert page.got.status in (200, 404), key
