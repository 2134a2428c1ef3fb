"""A question on a page and as JSON: for those who decide, and for pages of the business's own."""

from __future__ import annotations

import pytest

from askfirst.domain.prompts.catalogue import Prompt, Wording
from askfirst.domain.prompts.prompt import Surface
from askfirst.usecases.prompts.manage_prompts import publish_prompt, put_draft
from askfirst.usecases.prompts.show_prompt import open_token
from askfirst.web.api.prompts.models import RenderingAnswer
from tests.support.builders import BUSINESS
from tests.web.public.visitors import SHOP, STRANGER, Street

BUILT_IN = (
    *("signup", "login", "code", "chat", "order", "orders"),
    *("preferences", "phone", "paper", "confirm"),
)


@pytest.mark.parametrize("key", BUILT_IN)
async def test_every_question_can_be_looked_at(street: Street, key: str) -> None:
    page = await street.visitor().get(f"/p/acme/prompts/{key}?locale=fr")
    assert page.got.status == 200
    assert page.all("a", hreflang="ar")
    assert "sha256:" in page.text
    assert "Rien n’est enregistré ici" in page.text


async def test_a_preview_cannot_be_answered(street: Street) -> None:
    page = await street.visitor().get("/p/acme/prompts/signup")
    assert not [name for name in page.fields() if name.endswith("_token")]
    assert not page.all("form", method="post")


async def test_a_preview_shows_what_comes_after_the_answer(street: Street) -> None:
    page = await street.visitor().get("/p/acme/prompts/code")
    assert "Go to WhatsApp to get your code" in page.text


async def test_a_draft_is_shown_to_nobody(street: Street) -> None:
    prompt = own("Send me a recipe a week from {business} on WhatsApp. To stop, reply {stop}.")
    await put_draft(street.services, BUSINESS, prompt)
    assert (await street.visitor().get("/p/acme/prompts/recipes")).got.status == 404
    await publish_prompt(street.services, BUSINESS, "recipes")
    page = await street.visitor().get("/p/acme/prompts/recipes")
    assert "a recipe a week" in page.text
    assert [one["hreflang"] for one in page.all("a") if "hreflang" in one] == ["en"]


async def test_a_question_with_an_order_is_shown_with_one(street: Street) -> None:
    text = "May {business} write on WhatsApp about order {order}? To stop, reply {stop}."
    prompt = own(text, surface=Surface.ORDER, purposes=("utility",))
    await put_draft(street.services, BUSINESS, prompt)
    await publish_prompt(street.services, BUSINESS, "recipes")
    assert "about order 1234" in (await street.visitor().get("/p/acme/prompts/recipes")).text


@pytest.mark.parametrize("path", ["prompts/none", "prompts/none.json", "prompts/Ünknown"])
async def test_a_question_that_there_is_not_is_missing(street: Street, path: str) -> None:
    assert (await street.visitor().raw("GET", f"/p/acme/{path}")).status == 404


async def test_the_json_has_the_members_of_the_rest_rendering(street: Street) -> None:
    got = await street.visitor().raw("GET", "/p/acme/prompts/signup.json?locale=ar")
    assert set(got.json) == set(RenderingAnswer.model_fields)
    assert (got.json["locale"], got.json["dir"], got.json["surface"]) == ("ar", "rtl", "signup")
    assert got.json["fields"] == {"answer": "askfirst_signup", "token": "askfirst_signup_token"}
    assert got.json["token"] in got.json["html"]
    token = open_token(street.services, got.json["token"])
    assert (token.business_id, token.prompt) == (BUSINESS, got.json["hash"])


@pytest.mark.parametrize("key", ["signup", "login", "code", "order", "orders"])
async def test_what_is_asked_on_open_pages_can_be_fetched(street: Street, key: str) -> None:
    assert (await street.visitor().raw("GET", f"/p/acme/prompts/{key}.json")).status == 200


@pytest.mark.parametrize("key", ["phone", "paper", "preferences", "chat", "confirm", "recipes"])
async def test_what_is_asked_elsewhere_is_shown_to_nobody_with_a_token(
    street: Street, key: str
) -> None:
    text = "May {business} write to you on WhatsApp: a recipe a week? To stop, reply {stop}."
    await put_draft(street.services, BUSINESS, own(text, surface=Surface.PHONE))
    await publish_prompt(street.services, BUSINESS, "recipes")
    assert (await street.visitor().raw("GET", f"/p/acme/prompts/{key}.json")).status == 404
    assert (await street.visitor().get(f"/p/acme/prompts/{key}")).got.status == 200


@pytest.mark.parametrize("query", ["purpose=utility", "kinds=nothing", "order=1", "business=X"])
async def test_nobody_else_chooses_the_words(street: Street, query: str) -> None:
    """Else anybody could have us sign words that the business never asked with."""
    plain = await street.visitor().raw("GET", "/p/acme/prompts/signup.json")
    tried = await street.visitor().raw("GET", f"/p/acme/prompts/signup.json?{query}")
    assert (tried.json["text"], tried.json["purposes"]) == (
        plain.json["text"],
        plain.json["purposes"],
    )


@pytest.mark.parametrize("method", ["GET", "OPTIONS"])
@pytest.mark.parametrize(
    ("origin", "allowed"),
    [(SHOP, SHOP), (STRANGER, None), ("null", None), ("https://a.shop.example", None)],
)
async def test_only_the_sites_of_the_business_may_read_it(
    street: Street, method: str, origin: str, allowed: str | None
) -> None:
    got = await street.visitor().raw(method, "/p/acme/prompts/signup.json", origin=origin)
    assert got.headers.get("access-control-allow-origin") == allowed
    assert "origin" in got.headers["vary"]
    assert "access-control-allow-credentials" not in got.headers


async def test_a_site_of_one_business_may_not_read_the_questions_of_another(street: Street) -> None:
    got = await street.visitor().raw("GET", "/p/rival/prompts/signup.json", origin=SHOP)
    assert "access-control-allow-origin" not in got.headers


def own(text: str, **parts: object) -> Prompt:
    """A question that the business wrote."""
    known: dict[str, object] = {
        "key": "recipes",
        "surface": Surface.SIGNUP,
        "purposes": ("marketing",),
        "wordings": {"en": Wording(text=text)},
    }
    return Prompt(**(known | parts))  # type: ignore[arg-type]
