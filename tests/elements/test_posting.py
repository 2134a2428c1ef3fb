"""With `post` an answer goes straight to askfirst: with a token, and within the site."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from tests.elements.conftest import heard
from tests.elements.questions import TOKEN, box, buttons, joining, optin
from tests.elements.shop import OPEN_POLICY, Shop, open_shop

pytestmark = pytest.mark.browser

ANSWERS = "/p/cafe/answers"
POST = f'post="{ANSWERS}"'
PHONE = "+44 7700 900123"
SAVED = "Your answer has been saved."
REFUSED = "Your answer cannot be sent from this page."


def asked(inside: str = buttons(), attributes: str = POST, more: str = "") -> str:
    """An order's form with the number that is known from the order."""
    return f"""
<form action="/order" method="post">
  <input type="hidden" name="phone" value="{PHONE}">
  {more}
  <askfirst-order {attributes}>{inside}</askfirst-order>
</form>"""


def test_a_saved_yes_leads_on_to_the_confirmation(shop: Shop, page: Page) -> None:
    places = {name: shop.url(f"/p/cafe/{name}/1") for name in ("thanks", "confirm")}
    shop.answer(ANSWERS, places | {"is_proof_needed": True}, 201)
    page.goto(shop.show(asked()))
    page.get_by_role("button", name="Yes").click()
    notice = page.get_by_role("alert")
    expect(notice).to_have_text(f"{SAVED} Confirm your number")
    link = notice.get_by_role("link", name="Confirm your number")
    expect(link).to_have_attribute("href", places["confirm"])


def test_where_nobody_can_be_written_to_nothing_is_to_be_confirmed(shop: Shop, page: Page) -> None:
    shop.answer(ANSWERS, {"confirm": None, "is_proof_needed": True}, 201)
    page.goto(shop.show(asked()))
    page.get_by_role("button", name="Yes").click()
    expect(page.get_by_role("alert")).to_have_text(SAVED)


@pytest.mark.parametrize(("name", "answer"), [("Yes", "grant"), ("No", "refuse")])
def test_a_press_posts_and_the_form_stays(shop: Shop, page: Page, name: str, answer: str) -> None:
    shop.answer(ANSWERS, {}, 201)
    page.goto(shop.show(asked()))
    page.get_by_role("button", name=name).click()
    expect(page.get_by_role("alert")).to_have_text(SAVED)
    assert [one.path for one in shop.received] == [ANSWERS]
    assert shop.received[0].json == {"token": TOKEN, "answer": answer, "phone": PHONE}
    assert [one["answer"] for one in heard(page)] == [answer]


def test_the_order_is_named_in_the_evidence(shop: Shop, page: Page) -> None:
    shop.answer(ANSWERS, {}, 201)
    page.goto(shop.show(asked(attributes=f'{POST} reference="4711"')))
    page.get_by_role("button", name="Yes").click()
    expect(page.get_by_role("alert")).to_have_text(SAVED)
    assert shop.received[0].json["evidence"] == {"order": "4711"}


def test_a_form_that_lacks_something_posts_nothing(shop: Shop, page: Page) -> None:
    page.goto(shop.show(asked(more='<label>Name <input name="who" required></label>')))
    page.get_by_role("button", name="Yes").click()
    expect(page.get_by_label("Name")).to_be_focused()
    assert shop.received == []


def test_no_cookie_goes_along(shop: Shop, page: Page) -> None:
    shop.answer(ANSWERS, {}, 201)
    page.context.add_cookies([{"name": "who", "value": "ada", "url": shop.url()}])
    page.goto(shop.show(asked()))
    page.get_by_role("button", name="Yes").click()
    expect(page.get_by_role("alert")).to_have_text(SAVED)
    assert "cookie" not in shop.received[0].headers


def test_what_is_saved_cannot_be_said_again(shop: Shop, page: Page) -> None:
    shop.answer(ANSWERS, {}, 201)
    page.goto(shop.show(asked()))
    page.get_by_role("button", name="Yes").dblclick()
    expect(page.locator("askfirst-order[posted] [aria-disabled=true]")).to_have_count(2)
    page.get_by_role("button", name="No").dispatch_event("click")
    page.get_by_role("button", name="No").press("Enter")
    assert len(shop.received) == len(heard(page)) == 1


def test_a_saved_answer_leads_to_the_thank_you_page(shop: Shop, page: Page) -> None:
    shop.answer(ANSWERS, {"thanks": shop.url("/p/cafe/thanks/1")}, 201)
    page.goto(shop.show(asked()))
    page.get_by_role("button", name="Yes").click()
    link = page.get_by_role("alert").get_by_role("link", name=SAVED)
    shop.show("<p>Thanks</p>", path="/p/cafe/thanks/1")
    link.click()
    expect(page).to_have_url(re.compile("/p/cafe/thanks/1$"))


@pytest.mark.parametrize("inside", [buttons(token=""), buttons().replace("_token", "_prompt")])
def test_without_a_token_nothing_is_sent(shop: Shop, page: Page, inside: str) -> None:
    page.goto(shop.show(asked(inside)))
    page.get_by_role("button", name="Yes").click()
    expect(page.get_by_role("alert")).to_have_text(REFUSED)
    assert shop.received == []


@pytest.mark.parametrize("host", ["localhost", "127.0.0.2", "elsewhere.localhost", "0.0.0.0"])
def test_nothing_is_sent_to_another_site(shop: Shop, page: Page, host: str) -> None:
    with open_shop() as other:
        attributes = f'post="{other.url(ANSWERS, host)}"'
        page.goto(shop.show(asked(attributes=attributes), policy=OPEN_POLICY))
        page.get_by_role("button", name="Yes").click()
        expect(page.get_by_role("alert")).to_have_text(REFUSED)
        assert other.received == []


@pytest.mark.parametrize(
    ("at", "to"),
    [
        ("shop.localhost", "askfirst.localhost"),
        ("shop.localhost", "localhost"),
        ("shop.localhost", "evilshop.localhost"),
        ("www.shop.localhost", "evilshop.localhost"),
    ],
)
def test_a_sibling_is_another_site(shop: Shop, page: Page, at: str, to: str) -> None:
    with open_shop() as other:
        attributes = f'post="{other.url(ANSWERS, to)}"'
        shop.show(asked(attributes=attributes), policy=OPEN_POLICY)
        page.goto(shop.url(host=at))
        page.get_by_role("button", name="Yes").click()
        expect(page.get_by_role("alert")).to_have_text(REFUSED)
        assert other.received == []


@pytest.mark.parametrize("attribute", ["javascript:alert(1)", "data:,", "https://127.0.0.1/"])
def test_an_address_of_another_kind_is_refused(shop: Shop, page: Page, attribute: str) -> None:
    page.goto(shop.show(asked(attributes=f'post="{attribute}"'), policy=OPEN_POLICY))
    page.get_by_role("button", name="Yes").click()
    expect(page.get_by_role("alert")).to_have_text(REFUSED)


def test_a_page_and_its_subdomain_speak_one_protocol(shop: Shop, page: Page) -> None:
    attributes = 'post="https://askfirst.shop.localhost/"'
    shop.show(asked(attributes=attributes), policy=OPEN_POLICY)
    page.goto(shop.url(host="shop.localhost"))
    page.get_by_role("button", name="Yes").click()
    expect(page.get_by_role("alert")).to_have_text(REFUSED)


@pytest.mark.parametrize("at", ["shop.localhost", "www.shop.localhost"])
def test_a_subdomain_belongs_to_the_site(shop: Shop, page: Page, at: str) -> None:
    with open_shop() as askfirst:
        askfirst.answer(ANSWERS, {}, 201)
        attributes = f'post="{askfirst.url(ANSWERS, "askfirst.shop.localhost")}"'
        shop.show(asked(attributes=attributes), policy=OPEN_POLICY)
        page.goto(shop.url(host=at))
        page.get_by_role("button", name="Yes").click()
        expect(page.get_by_role("alert")).to_have_text(SAVED)
        assert len(askfirst.posted(ANSWERS)) == 1


def test_a_refusal_is_told_in_its_own_words_and_can_be_mended(shop: Shop, page: Page) -> None:
    number = "Veuillez indiquer un numéro valable."
    problem = {"detail": "over", "errors": [{"field": "phone", "message": number}]}
    shop.answer(ANSWERS, problem, 422)
    shop.answer(ANSWERS, {"detail": "Trop de réponses."}, 429)
    shop.answer(ANSWERS, {}, 201)
    page.goto(shop.show(asked()))
    for said in (number, "Trop de réponses.", SAVED):
        page.get_by_role("button", name="Yes").click()
        expect(page.get_by_role("alert")).to_have_text(said)
    assert len(shop.posted(ANSWERS)) == 3


def test_words_come_in_the_language_of_the_page(shop: Shop, page: Page) -> None:
    words = 'data-refused="Refusé." data-done="Enregistré." data-failed="Échec."'
    page.goto(shop.show(asked(attributes=f"{POST} {words}"), lang="fr"))
    page.get_by_role("button", name="Yes").click()
    expect(page.get_by_role("alert")).to_have_text("Enregistré.")
    shop.answer(ANSWERS, [], 500)
    page.reload()
    page.get_by_role("button", name="Yes").click()
    expect(page.get_by_role("alert")).to_have_text("Échec.")
    page.goto(shop.show(asked(buttons(token=""), f"{POST} {words}"), lang="fr"))
    page.get_by_role("button", name="Yes").click()
    expect(page.get_by_role("alert")).to_have_text("Refusé.")


def test_a_line_that_is_cut_is_told(shop: Shop, page: Page) -> None:
    page.goto(shop.show(asked()))
    page.route(f"**{ANSWERS}", lambda route: route.fulfill(status=500, body=""))
    page.get_by_role("button", name="Yes").click()
    expect(page.get_by_role("alert")).to_have_text("Something went wrong. Please try again later.")
    expect(page.locator("askfirst-order")).not_to_have_attribute("posted", "")


def test_a_box_waits_for_its_form(shop: Shop, page: Page) -> None:
    shop.answer(ANSWERS, {}, 201)
    page.goto(shop.show(joining(optin(box(), POST))))
    page.get_by_role("checkbox").check()
    assert shop.received == []
    page.locator("#join").click()
    expect(page.get_by_role("alert")).to_have_text(SAVED)
    page.locator("#join").click()
    assert [one.path for one in shop.received] == [ANSWERS]
    assert shop.received[0].json == {"token": TOKEN, "answer": "grant", "phone": PHONE}


def test_each_of_two_boxes_is_posted(shop: Shop, page: Page) -> None:
    shop.answer(ANSWERS, {}, 201)
    page.goto(shop.show(joining(optin(box(), POST), optin(box("news", token="other"), POST))))
    for ticked in page.get_by_role("checkbox").all():
        ticked.check()
    page.locator("#join").click()
    expect(page.locator("askfirst-optin[posted] [role=alert]")).to_have_text([SAVED, SAVED])
    assert sorted(one.json["token"] for one in shop.received) == sorted([TOKEN, "other"])


def test_an_empty_box_posts_nothing(shop: Shop, page: Page) -> None:
    page.goto(shop.show(joining(optin(box(), POST))))
    with page.expect_navigation():
        page.locator("#join").click()
    assert [one.path for one in shop.received if one.method == "POST"] == ["/join"]
