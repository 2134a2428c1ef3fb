"""The counter: a yes on the phone has a witness, and national numbers are taken everywhere."""

from __future__ import annotations

import httpx
import pytest

from tests.shop.conftest import FakeAskfirst

CALL = {"phone": "06 39 98 55 01", "askfirst_phone_token": "signed-phone"}


@pytest.mark.parametrize(("verb", "said"), [("grant", "they said yes"), ("refuse", "they said no")])
async def test_what_is_said_on_the_phone_is_recorded_with_who_took_it(
    visitor: httpx.AsyncClient, askfirst: FakeAskfirst, verb: str, said: str
) -> None:
    page = await visitor.post("/counter", data=CALL | {"askfirst_phone": verb})
    assert (page.status_code, said in page.text) == (200, True)
    (call,) = [one for one in askfirst.calls if one.path == "/v1/consents"]
    assert call.body is not None
    assert call.body["contact"] == {"phone": "+33639985501"}
    assert call.body["number_proof"] == "vouched"
    assert call.body["witness"]["taken_by"]
    assert call.body["prompt"] == {"token": "signed-phone"}


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"phone": "06 39 98"}, "it looks like 06"),
        ({"phone": "07700 900123"}, "it looks like 06"),
        ({"askfirst_phone": ""}, "Press the button"),
    ],
)
async def test_without_a_number_or_an_answer_nothing_is_recorded(
    visitor: httpx.AsyncClient, askfirst: FakeAskfirst, change: dict[str, str], words: str
) -> None:
    page = await visitor.post("/counter", data=CALL | {"askfirst_phone": "grant"} | change)
    assert (page.status_code, words in page.text.replace("\u00a0", " ")) == (422, True)
    assert [one for one in askfirst.calls if one.path == "/v1/consents"] == []


@pytest.mark.parametrize("path", ["/signup", "/order", "/login", "/login/message", "/counter"])
async def test_the_country_is_chosen_beside_every_number(
    visitor: httpx.AsyncClient, path: str
) -> None:
    page = await visitor.get(path)
    assert page.text.count("<option") > 240
    assert page.text.index('value="FR"') < page.text.index('value="AF"')
    assert "06\u00a012\u00a034\u00a056\u00a078" in page.text


async def test_a_tick_stays_where_only_the_number_was_wrong(visitor: httpx.AsyncClient) -> None:
    form = {"name": "Ada", "phone": "06 39", "country": "FR", "askfirst_signup": "grant"}
    page = await visitor.post("/signup", data=form)
    assert page.status_code == 422
    assert 'type="checkbox" checked' in page.text
    assert 'value="06 39"' in page.text
    untouched = await visitor.get("/signup")
    assert "checked" not in untouched.text
