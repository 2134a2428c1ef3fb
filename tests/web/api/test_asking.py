"""Prompts, entries, proofs, personal links and receipts over REST."""

from __future__ import annotations

import base64
import re
from typing import Any

import httpx
import pytest

from askfirst.domain.opt_out.reading import About
from askfirst.domain.values.errors import InvalidInput
from askfirst.usecases.consent.issue_receipt import public_keys, verify_receipt
from tests.support.builders import BUSINESS, change, stop
from tests.support.clocks import NOON
from tests.unit.domain.tenants.test_brand import png
from tests.web.api.bodies import ADA, shown
from tests.web.api.desk import Desk

RECIPES: dict[str, Any] = {
    "surface": "signup",
    "purposes": ["marketing.offers"],
    "texts": {
        "en": {
            "text": "Send me {kinds} from {business} on WhatsApp. To stop, reply {stop}.",
            "kinds": "a recipe a week",
        }
    },
}
SHOP = {"name": "Café Lune", "origins": ["https://shop.example"], "country": "FR"}


async def test_the_built_in_prompts_are_listed(caller: httpx.AsyncClient) -> None:
    told = (await caller.get("/v1/prompts")).json()["data"]
    signup = next(one for one in told if one["key"] == "signup")
    assert (signup["source"], signup["revision"], signup["has_draft"]) == ("built_in", None, False)
    assert {"en", "fr", "ar", "zh_TW"} <= set(signup["locales"])


async def test_a_rendering_has_words_a_fragment_and_a_token(caller: httpx.AsyncClient) -> None:
    await caller.put("/v1/business", json=SHOP)
    told = (await caller.get("/v1/prompts/signup/render?locale=fr")).json()
    assert "Café Lune" in told["text"]
    assert (told["locale"], told["dir"], told["purposes"]) == ("fr", "ltr", ["marketing"])
    assert f'name="{told["fields"]["answer"]}" value="grant"' in told["html"]
    assert f'name="{told["fields"]["token"]}" value="{told["token"]}"' in told["html"]
    assert "checked" not in told["html"]
    assert told["expires_at"] == "2026-03-01T10:00:00.000000Z"


async def test_the_look_of_the_pages_is_kept_and_what_became_of_the_colour_is_told(
    caller: httpx.AsyncClient,
) -> None:
    logo = base64.b64encode(png()).decode()
    told = await caller.put("/v1/business", json=SHOP | {"colour": "#ffcc00", "logo": logo})
    assert told.json()["colour"] == {
        "fill": "#ffcc00",
        "on_fill": "#000000",
        "words_on_light": "#7f6600",
        "words_on_dark": "#ffcc00",
    }
    assert re.search(r"/p/\w+/logo-[0-9a-f]{16}\.png$", told.json()["logo"])
    kept = await caller.put("/v1/business", json=SHOP)
    assert (kept.json()["colour"], kept.json()["logo"]) == (None, told.json()["logo"])
    assert (await caller.put("/v1/business", json=SHOP | {"logo": ""})).json()["logo"] is None


@pytest.mark.parametrize(
    ("field", "value"),
    [("colour", "red"), ("colour", "#FFCC00"), ("logo", "no base64"), ("logo", "PHN2Zy8+")],
)
async def test_a_look_that_is_none_is_named(
    caller: httpx.AsyncClient, field: str, value: str
) -> None:
    refused = await caller.put("/v1/business", json=SHOP | {field: value})
    assert (refused.status_code, refused.json()["errors"][0]["field"]) == (422, field)


async def test_each_rendering_has_a_token_of_its_own(caller: httpx.AsyncClient) -> None:
    one = (await caller.get("/v1/prompts/signup/render")).json()
    two = (await caller.get("/v1/prompts/signup/render")).json()
    assert one["hash"] == two["hash"]
    assert one["token"] != two["token"]


@pytest.mark.parametrize(
    ("query", "status", "field"),
    [
        ("locale=tlh", 422, "locale"),
        ("locale=!!", 422, "locale"),
        ("purpose=service", 422, "purpose"),
        ("kinds=%00", 422, "kinds"),
        ("open_url=javascript:alert(1)", 422, "open_url"),
        ("sideways=1", 422, "sideways"),
    ],
)
async def test_what_cannot_be_rendered_names_the_field(
    caller: httpx.AsyncClient, query: str, status: int, field: str
) -> None:
    response = await caller.get(f"/v1/prompts/signup/render?{query}")
    assert response.status_code == status
    assert response.json()["errors"][0]["field"] == field


@pytest.mark.parametrize(
    ("query", "field", "rule"),
    [
        ("purpose=marketing&purpose=utility", "purpose", "asks-one-thing"),
        ("kinds=offers.+By+signing+up+you+agree+to+our+terms", "kinds", "stands-alone"),
    ],
)
async def test_a_rendering_keeps_the_law_of_the_country(
    caller: httpx.AsyncClient, query: str, field: str, rule: str
) -> None:
    await caller.put("/v1/business", json=SHOP | {"country": "DE"})
    refused = await caller.get(f"/v1/prompts/signup/render?locale=en&{query}")
    assert (refused.status_code, refused.json()["code"]) == (422, "invalid_input")
    error = refused.json()["errors"][0]
    assert error["field"] == field
    assert f"({rule})" in error["message"]


async def test_where_no_law_is_known_a_warning_stops_no_rendering(
    caller: httpx.AsyncClient,
) -> None:
    told = await caller.get("/v1/prompts/signup/render?purpose=marketing&purpose=utility")
    assert told.status_code == 200


async def test_words_that_a_new_country_forbids_are_shown_no_more(
    caller: httpx.AsyncClient,
) -> None:
    endless = {"text": "Send me {kinds} from {business} on WhatsApp.", "kinds": "recipes"}
    await caller.put("/v1/prompts/recipes", json=RECIPES | {"texts": {"en": endless}})
    assert (await caller.post("/v1/prompts/recipes/publish", json={})).status_code == 201
    assert (await caller.get("/v1/prompts/recipes/render")).status_code == 200
    await caller.put("/v1/business", json=SHOP | {"name": "Acme", "country": "DE"})
    refused = await caller.get("/v1/prompts/recipes/render")
    assert refused.status_code == 422
    assert "(tells-stop)" in refused.json()["errors"][0]["message"]


async def test_a_draft_is_shown_to_nobody_until_it_is_published(caller: httpx.AsyncClient) -> None:
    kept = await caller.put("/v1/prompts/recipes", json=RECIPES)
    assert (kept.status_code, kept.json()["has_draft"]) == (200, True)
    assert (await caller.get("/v1/prompts/recipes/render")).status_code == 422
    published = await caller.post("/v1/prompts/recipes/publish", json={})
    assert (published.status_code, published.json()["revision"]) == (201, 1)
    told = (await caller.get("/v1/prompts/recipes/render")).json()
    assert "a recipe a week" in told["text"]
    assert told["purposes"] == ["marketing.offers"]


async def test_a_published_prompt_takes_the_place_of_a_built_in_one(
    caller: httpx.AsyncClient,
) -> None:
    before = (await caller.get("/v1/prompts/signup/render")).json()["hash"]
    await caller.put("/v1/prompts/signup", json=RECIPES | {"purposes": ["marketing"]})
    await caller.post("/v1/prompts/signup/publish", json={})
    after = (await caller.get("/v1/prompts/signup/render")).json()["hash"]
    assert before != after


async def test_a_new_revision_is_shown_at_once_in_place_of_the_one_before(
    caller: httpx.AsyncClient,
) -> None:
    for text in ("{kinds} from {business}, STOP ends it.", "{business}: {kinds}. STOP ends it."):
        texts = {"en": {"text": text, "kinds": "recipes"}}
        await caller.put("/v1/prompts/recipes", json=RECIPES | {"texts": texts})
        await caller.post("/v1/prompts/recipes/publish", json={})
        told = (await caller.get("/v1/prompts/recipes/render")).json()
        assert told["text"] == text.format(kinds="recipes", business="Acme")


async def test_a_new_name_of_the_business_is_shown_at_once(caller: httpx.AsyncClient) -> None:
    for name in ("Acme", "Lune"):
        await caller.put("/v1/business", json=SHOP | {"name": name})
        told = (await caller.get("/v1/prompts/signup/render")).json()
        assert name in told["text"]
        assert name in told["html"]


async def test_each_business_is_shown_its_own_words(
    desk: Desk, caller: httpx.AsyncClient, stranger: httpx.AsyncClient
) -> None:
    rival = {"authorization": f"Bearer {await desk.rivals_key()}"}
    for client, headers, words in ((caller, {}, "Ours"), (stranger, rival, "Theirs")):
        texts = {
            "en": {"text": words + ": {kinds} from {business}. {stop} ends it.", "kinds": "recipes"}
        }
        await client.put("/v1/business", json={"name": "Acme"}, headers=headers)
        await client.put("/v1/prompts/recipes", json=RECIPES | {"texts": texts}, headers=headers)
        await client.post("/v1/prompts/recipes/publish", json={}, headers=headers)
        told = (await client.get("/v1/prompts/recipes/render", headers=headers)).json()
        assert told["text"].startswith(words)


async def test_each_rendering_has_its_own_token_in_the_fragment(caller: httpx.AsyncClient) -> None:
    for _ in range(2):
        told = (await caller.get("/v1/prompts/signup/render")).json()
        assert told["html"].count(told["token"]) == 1


@pytest.mark.parametrize("end", ["", "%00", "%00x%00"])
async def test_a_link_has_no_place_for_the_token(caller: httpx.AsyncClient, end: str) -> None:
    query = f"open_url=https://wa.me/1{end}&locale=en"
    told = (await caller.get(f"/v1/prompts/code/render?{query}")).json()
    assert told["html"].count(told["token"]) == 1
    assert told["token"] not in told["after_html"]


async def test_words_that_break_a_binding_rule_are_not_published(caller: httpx.AsyncClient) -> None:
    nameless = {"text": "Send me {kinds} on WhatsApp. To stop, reply {stop}.", "kinds": "recipes"}
    await caller.put("/v1/prompts/recipes", json=RECIPES | {"texts": {"en": nameless}})
    refused = await caller.post("/v1/prompts/recipes/publish", json={})
    assert (refused.status_code, refused.json()["code"]) == (422, "not_published")
    assert refused.json()["errors"][0]["field"] == "prompts.recipes.texts.en.text"
    assert (await caller.get("/v1/prompts/recipes")).json()["has_draft"] is True


async def test_the_country_of_the_business_makes_rules_binding(caller: httpx.AsyncClient) -> None:
    channel_less = {"text": "Send me {kinds} from {business}. Reply {stop}.", "kinds": "recipes"}
    await caller.put("/v1/prompts/recipes", json=RECIPES | {"texts": {"en": channel_less}})
    await caller.put("/v1/business", json=SHOP)
    assert (await caller.post("/v1/prompts/recipes/publish", json={})).status_code == 422
    await caller.put("/v1/business", json={"name": "Café Lune"})
    assert (await caller.post("/v1/prompts/recipes/publish", json={})).status_code == 201


async def test_a_draft_is_thrown_away(caller: httpx.AsyncClient) -> None:
    await caller.put("/v1/prompts/recipes", json=RECIPES)
    assert (await caller.delete("/v1/prompts/recipes")).status_code == 204
    assert (await caller.delete("/v1/prompts/recipes")).status_code == 404
    assert (await caller.get("/v1/prompts/recipes")).status_code == 404


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"origins": ["https://shop.example/path"]}, "origins[0]"),
        ({"name": "\u0420aypal"}, "name"),
        ({"country": "XX"}, "country"),
        ({"locale": "french"}, "locale"),
        ({"privacy_url": "shop.example"}, "privacy_url"),
        ({"flow_stops": [{"key": "", "value": "false"}]}, "flow_stops.key"),
        (
            {"flow_stops": [{"key": "a", "value": "b", "purposes": ["service"]}]},
            "flow_stops.purposes",
        ),
    ],
)
async def test_a_profile_that_is_not_right_names_the_field(
    caller: httpx.AsyncClient, change: dict[str, Any], field: str
) -> None:
    response = await caller.put("/v1/business", json=SHOP | change)
    assert response.status_code == 422
    assert response.json()["errors"][0]["field"] == field


async def test_answers_of_forms_that_end_consent_are_kept(caller: httpx.AsyncClient) -> None:
    stop = {"key": "offers", "value": "false", "purposes": ["marketing"], "is_missing": False}
    response = await caller.put("/v1/business", json=SHOP | {"flow_stops": [stop]})
    assert response.json()["flow_stops"] == [stop]
    assert (await caller.get("/v1/business")).json()["flow_stops"] == [stop]


async def test_an_entry_has_link_page_and_codes(caller: httpx.AsyncClient) -> None:
    made = await caller.post("/v1/entries", json={"name": "Window", "text": "Hello!"})
    told = made.json()
    assert made.status_code == 201
    assert told["text"] == f"Hello! ({told['code']})"
    assert told["link"].startswith("https://wa.me/")
    assert told["page"] == f"http://127.0.0.1:8080/p/{BUSINESS}/chat/{told['code']}"
    assert (await caller.get(f"/v1/entries/{told['id']}")).json() == told
    assert (await caller.get("/v1/entries")).json()["data"] == [told]


async def test_metas_own_link_is_used_where_it_was_asked_for(caller: httpx.AsyncClient) -> None:
    body = {"name": "Window", "text": "Hello!", "managed": True}
    told = (await caller.post("/v1/entries", json=body)).json()
    assert told["link"] == "https://wa.me/message/LINK1"


async def test_an_ended_entry_is_ended_once(caller: httpx.AsyncClient) -> None:
    told = (await caller.post("/v1/entries", json={"name": "Window", "text": "Hello!"})).json()
    assert (await caller.delete(f"/v1/entries/{told['id']}")).status_code == 204
    assert (await caller.delete(f"/v1/entries/{told['id']}")).status_code == 404
    assert (await caller.get(f"/v1/entries/{told['id']}")).json()["ended_at"]


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"text": "x" * 140}, "text"),
        ({"name": ""}, "name"),
        ({"locale": "tlh"}, "locale"),
        ({"prompt": "signup"}, "prompt"),
        ({"sender": "999"}, "sender"),
    ],
)
async def test_an_entry_that_is_not_right_names_the_field(
    caller: httpx.AsyncClient, change: dict[str, Any], field: str
) -> None:
    body = {"name": "Window", "text": "Hello!"} | change
    response = await caller.post("/v1/entries", json=body)
    assert response.status_code == 422
    assert response.json()["errors"][0]["field"] == field


async def test_a_confirmation_has_a_text_that_nobody_guesses(caller: httpx.AsyncClient) -> None:
    body = {"contact": {"phone": ADA}, "text": "I confirm my number.", "purposes": ["marketing"]}
    made = await caller.post("/v1/confirmations", json=body)
    told = made.json()
    assert made.status_code == 201
    assert len(told["text"]) == len("I confirm my number. (AF-)") + 26
    assert told["expires_at"] == "2026-03-01T09:30:00.000000Z"
    assert (await caller.get(f"/v1/confirmations/{told['id']}")).json() == told
    assert ADA.removeprefix("+") not in told["link"] + told["page"]


async def test_a_personal_link_is_for_somebody_who_is_known(caller: httpx.AsyncClient) -> None:
    body = {"contact": {"phone": ADA}}
    assert (await caller.post("/v1/preference-links", json=body)).status_code == 404
    await caller.post("/v1/consents", json=await shown(caller))
    made = await caller.post("/v1/preference-links", json=body)
    assert made.status_code == 201
    link = f"/v1/preference-links/{made.json()['id']}"
    assert (await caller.delete(link)).status_code == 204
    assert (await caller.delete(link)).status_code == 404


async def test_a_receipt_says_what_was_agreed_to_and_can_be_checked(
    caller: httpx.AsyncClient, desk: Desk
) -> None:
    await caller.put("/v1/business", json=SHOP)
    rendered = (await caller.get("/v1/prompts/signup/render?locale=fr")).json()
    body = {"verb": "grant", "contact": {"phone": ADA}, "prompt": {"token": rendered["token"]}}
    event = (await caller.post("/v1/consents", json=body)).json()
    told = (await caller.get(f"/v1/events/{event['position']}/receipt")).json()
    keys = await public_keys(desk.services, BUSINESS)
    receipt = verify_receipt(desk.services, told["receipt"], keys)
    assert receipt["event"]["id"] == event["id"]
    assert receipt["event"]["state"] == "given"
    assert receipt["notice"]["words"] == rendered["text"]
    assert receipt["notice"]["hash"] == rendered["hash"]
    assert receipt["party"]["name"] == "Café Lune"
    assert ADA.removeprefix("+") not in str(receipt)


async def test_any_changed_byte_of_a_receipt_fails(caller: httpx.AsyncClient, desk: Desk) -> None:
    await caller.post("/v1/consents", json=await shown(caller))
    text = (await caller.get("/v1/events/1/receipt")).json()["receipt"]
    keys = await public_keys(desk.services, BUSINESS)
    for place, character in enumerate(text):
        other = "A" if character != "A" else "B"
        with pytest.raises(InvalidInput):
            verify_receipt(desk.services, text[:place] + other + text[place + 1 :], keys)


async def test_a_new_key_leaves_old_receipts_valid(caller: httpx.AsyncClient, desk: Desk) -> None:
    await caller.post("/v1/consents", json=await shown(caller))
    old = (await caller.get("/v1/events/1/receipt")).json()["receipt"]
    await desk.services.receipts.rotate(BUSINESS, desk.clock.now())
    new = (await caller.get("/v1/events/1/receipt")).json()["receipt"]
    keys = await public_keys(desk.services, BUSINESS)
    assert len(keys) == 2
    assert old.split(".")[0] != new.split(".")[0]
    for text in (old, new):
        assert verify_receipt(desk.services, text, keys)["event"]["state"] == "given"


@pytest.mark.parametrize("position", ["0", "2", "x"])
async def test_there_is_no_receipt_of_nothing(caller: httpx.AsyncClient, position: str) -> None:
    await caller.post("/v1/consents", json=await shown(caller))
    assert (await caller.get(f"/v1/events/{position}/receipt")).status_code in (404, 422)


async def test_nothing_of_another_business_is_found(caller: httpx.AsyncClient, desk: Desk) -> None:
    entry = (await caller.post("/v1/entries", json={"name": "Window", "text": "Hello!"})).json()
    body = {"contact": {"phone": ADA}}
    proof = (await caller.post("/v1/confirmations", json=body)).json()
    await caller.post("/v1/consents", json=await shown(caller))
    link = (await caller.post("/v1/preference-links", json=body)).json()
    caller.headers["authorization"] = f"Bearer {await desk.rivals_key()}"
    assert (await caller.get(f"/v1/entries/{entry['id']}")).status_code == 404
    assert (await caller.delete(f"/v1/entries/{entry['id']}")).status_code == 404
    assert (await caller.get(f"/v1/confirmations/{proof['id']}")).status_code == 404
    assert (await caller.delete(f"/v1/preference-links/{link['id']}")).status_code == 404
    assert (await caller.get("/v1/events/1/receipt")).status_code == 404


async def test_complaints_are_listed_open_or_closed(caller: httpx.AsyncClient, desk: Desk) -> None:
    assert (await caller.get("/v1/reviews")).json() == {"data": [], "next_cursor": None}
    said = (stop(at=NOON, about=about) for about in (About.COMPLAINT, About.ERASURE))
    await desk.services.ledger.commit(change(*said))
    page = (await caller.get("/v1/reviews?limit=1")).json()
    assert [(one["about"], one["outcome"]) for one in page["data"]] == [("complaint", None)]
    rest = (await caller.get("/v1/reviews", params={"after": page["next_cursor"]})).json()
    assert [one["about"] for one in rest["data"]] == ["erasure"]
    assert (await caller.get("/v1/reviews?state=closed")).json()["data"] == []
    assert (await caller.get("/v1/reviews?state=old")).status_code == 422
