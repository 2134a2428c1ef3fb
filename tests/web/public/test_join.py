"""The opt-in page: an act with the words that were shown, from a page of ours, or nothing."""

from __future__ import annotations

import pytest

from askfirst.domain.consent.event import Assurance, EventKind
from askfirst.domain.prompts.catalogue import Prompt, Wording
from askfirst.domain.prompts.prompt import Surface
from askfirst.domain.tenants.profile import Profile
from askfirst.usecases.prompts.manage_prompts import publish_prompt, put_draft
from askfirst.usecases.tenants.manage_profile import put_profile
from tests.support.builders import BUSINESS, RIVAL
from tests.web.public.visitors import NUMBER, SHOP, SITE, STRANGER, Street

JOIN = "/p/acme/join"
YES = {"phone": NUMBER, "askfirst_signup": "grant"}


@pytest.mark.parametrize("locale", ["en", "fr", "ar"])
async def test_a_yes_is_recorded_with_the_words_that_were_shown(
    street: Street, locale: str
) -> None:
    got = await street.join(locale)
    assert got.got.status == 303
    (event,) = await street.events()
    assert (event.kind, event.assurance) == (EventKind.GRANTED, Assurance.SHOWN)
    assert (event.surface.value, event.purposes) == ("signup", ("marketing",))
    assert event.prompt is not None
    words = await street.services.prompts.version(event.business_id, event.prompt)
    assert words is not None
    assert words.locale == locale


async def test_the_box_is_empty_and_the_number_can_be_filled_in_by_the_browser(
    street: Street,
) -> None:
    page = await street.visitor().get(JOIN)
    (box,) = page.all("input", type="checkbox")
    assert "checked" not in box
    (number,) = page.all("input", type="tel")
    assert (number["autocomplete"], number["value"]) == ("tel", "")
    assert "Café Lune" in page.text


async def test_without_the_tick_nothing_is_recorded_and_the_page_says_so(street: Street) -> None:
    visitor = street.visitor()
    page = await visitor.get(JOIN)
    got = await visitor.post(JOIN, page.fields() | {"phone": NUMBER})
    assert (got.got.status, await street.head()) == (422, 0)
    assert "Tick the box if you agree" in got.text


@pytest.mark.parametrize("typed", ["07700 900123", "", "+999", "<script>", "+44 7700"])
async def test_a_number_that_is_none_is_asked_for_again(street: Street, typed: str) -> None:
    visitor = street.visitor()
    page = await visitor.get(JOIN)
    got = await visitor.post(JOIN, page.fields() | YES | {"phone": typed})
    assert (got.got.status, await street.head()) == (422, 0)
    (number,) = got.all("input", type="tel")
    assert (number["value"], number["aria-invalid"]) == (typed, "true")
    told = set(number["aria-describedby"].split())
    assert told == {one["id"] for _, one in got.tags if one.get("id") in told}
    assert "country code" in got.text


async def test_a_number_is_taken_as_it_is_dialled_in_the_country_that_was_chosen(
    street: Street,
) -> None:
    visitor = street.visitor()
    page = await visitor.get(f"{JOIN}?locale=fr")
    form = page.fields() | YES | {"phone": "06 39 98 55 01", "country": "FR"}
    assert (await visitor.post(f"{JOIN}?locale=fr", form)).got.status == 303
    (event,) = await street.events()
    names = await street.services.ledger.names(BUSINESS, event.contact_id)
    assert [name.value for name in names] == ["33639985501"]


async def test_all_countries_are_there_in_the_reader_s_language_and_the_business_s_is_first(
    street: Street,
) -> None:
    page = await street.visitor().get(f"{JOIN}?locale=fr")
    countries = [one for one in page.all("option") if "data-example" in one]
    assert len(countries) > 240
    assert countries[0]["value"] == "US"  # its sender's
    assert [one["value"] for one in countries if "selected" in one] == ["US"]
    assert [one["value"] for one in countries[1:4]] == ["AF", "ZA", "AL"]
    assert "Allemagne (\u2066+49\u2069)" in page.text
    assert "Par exemple \u2066(201) 555-0123\u2069" in page.text


async def test_the_country_that_the_business_has_set_comes_before_its_sender_s(
    street: Street,
) -> None:
    await put_profile(street.services, BUSINESS, "Café Lune", Profile(country="FR"))
    page = await street.visitor().get(JOIN)
    first = next(one for one in page.all("option") if "data-example" in one)
    assert (first["value"], first["data-example"]) == (
        "FR",
        "\u206606\u00a012\u00a034\u00a056\u00a078\u2069",
    )


async def test_what_was_typed_chosen_and_ticked_is_kept_where_the_number_is_wrong(
    street: Street,
) -> None:
    visitor = street.visitor()
    page = await visitor.get(JOIN)
    got = await visitor.post(JOIN, page.fields() | YES | {"phone": "06 39 98", "country": "FR"})
    assert (got.got.status, await street.head()) == (422, 0)
    (number,) = got.all("input", type="tel")
    (box,) = got.all("input", type="checkbox")
    chosen = [one["value"] for one in got.all("option") if {"selected", "data-example"} <= set(one)]
    assert (number["value"], "checked" in box, chosen) == ("06 39 98", True, ["FR"])
    assert "In the country chosen (France) it looks like \u206606" in got.text
    form = got.fields() | YES | {"phone": "06 39 98 55 01", "country": "FR"}
    assert (await visitor.post(JOIN, form)).got.status == 303


async def test_a_tick_to_other_words_is_not_kept(street: Street) -> None:
    visitor = street.visitor()
    form = (await visitor.get(JOIN)).fields() | YES | {"phone": "0"}
    own = Prompt(
        key="signup",
        surface=Surface.SIGNUP,
        purposes=("marketing",),
        wordings={
            "en": Wording(
                text="Get offers and news from {business} on WhatsApp. Reply STOP to stop."
            )
        },
    )
    await put_draft(street.services, BUSINESS, own)
    await publish_prompt(street.services, BUSINESS, "signup")
    got = await visitor.post(JOIN, form)
    assert "checked" not in got.all("input", type="checkbox")[0]


async def test_a_country_that_is_none_records_nothing(street: Street) -> None:
    visitor = street.visitor()
    page = await visitor.get(JOIN)
    for country in ("XX", "fr", "<b>"):
        got = await visitor.post(JOIN, page.fields() | YES | {"country": country})
        assert (got.got.status, await street.head()) == (422, 0)


async def test_two_zeros_are_a_plus(street: Street) -> None:
    assert (await street.join(number="0044 7700 900123")).got.status == 303


async def test_pressing_send_twice_is_one_answer(street: Street) -> None:
    visitor = street.visitor()
    form = (await visitor.get(JOIN)).fields() | YES
    for _ in range(2):
        assert (await visitor.post(JOIN, form)).got.status == 303
    assert await street.head() == 1


async def test_a_page_answered_for_one_number_is_not_answered_for_another(street: Street) -> None:
    visitor = street.visitor()
    form = (await visitor.get(JOIN)).fields() | YES
    await visitor.post(JOIN, form)
    got = await visitor.post(JOIN, form | {"phone": "+44 7700 900456"})
    assert (got.got.status, await street.head()) == (422, 1)


async def test_a_page_that_was_open_too_long_is_shown_anew_with_what_was_typed(
    street: Street,
) -> None:
    visitor = street.visitor()
    form = (await visitor.get(JOIN)).fields() | YES
    street.world.clock.advance(street.services.site.prompt_token_life / 1_000_000)
    got = await visitor.post(JOIN, form)
    assert (got.got.status, await street.head()) == (422, 0)
    assert got.all("input", type="tel")[0]["value"] == NUMBER
    assert "checked" not in got.all("input", type="checkbox")[0]
    assert got.fields() != {key: form[key] for key in got.fields()}


async def test_an_altered_token_is_none(street: Street) -> None:
    visitor = street.visitor()
    form = (await visitor.get(JOIN)).fields() | YES
    token = form["askfirst_signup_token"]
    for forged in (token[:-2] + ("AA" if token[-2:] != "AA" else "BB"), "", "x" * 5000):
        got = await visitor.post(JOIN, form | {"askfirst_signup_token": forged})
        assert (got.got.status, await street.head()) == (422, 0)


async def test_a_token_of_another_business_is_none(street: Street) -> None:
    form = YES | {"askfirst_signup_token": await street.token(business=RIVAL)}
    got = await street.visitor().post(JOIN, form)
    assert (got.got.status, await street.head()) == (422, 0)


@pytest.mark.parametrize("origin", [STRANGER, "https://shop.example.evil.example", ""])
async def test_a_form_from_elsewhere_is_refused(street: Street, origin: str) -> None:
    visitor = street.visitor()
    form = (await visitor.get(JOIN)).fields() | YES
    got = await visitor.post(JOIN, form, origin)
    assert (got.got.status, await street.head()) == (403, 0)
    assert "did not come from a page of this site" in got.text


@pytest.mark.parametrize("origin", [SITE, SHOP])
async def test_a_form_of_the_business_itself_is_taken(street: Street, origin: str) -> None:
    visitor = street.visitor()
    form = (await visitor.get(JOIN)).fields() | YES
    assert (await visitor.post(JOIN, form, origin)).got.status == 303


@pytest.mark.parametrize(
    ("origin", "site", "status"),
    [
        ("null", "same-origin", 303),
        ("", "same-origin", 303),
        ("null", "cross-site", 403),
        ("null", "", 403),
        (STRANGER, "same-origin", 403),
    ],
)
async def test_a_browser_that_hides_its_origin_must_say_that_it_is_ours(
    street: Street, origin: str, site: str, status: int
) -> None:
    visitor = street.visitor(**({"sec_fetch_site": site} if site else {}))
    form = (await visitor.get(JOIN)).fields() | YES
    assert (await visitor.post(JOIN, form, origin)).got.status == status


async def test_who_answers_again_and_again_is_asked_to_come_back_later(street: Street) -> None:
    for _ in range(6):
        assert (await street.join()).got.status == 303
    got = await street.join()
    assert (got.got.status, got.got.headers["retry-after"]) == (429, "3600")
    assert await street.head() == 6
    street.world.clock.advance(60 * 60)
    assert (await street.join()).got.status == 303


async def test_the_language_stays_through_the_form(street: Street) -> None:
    got = await street.join("fr")
    assert got.got.headers["location"].endswith("?locale=fr")


async def test_the_question_is_in_the_readers_language(street: Street) -> None:
    page = await street.visitor(accept_language="fr-CA,en;q=0.5").get(JOIN)
    assert page.all("html")[0] == {"lang": "fr", "dir": "ltr"}
    assert "Je souhaite recevoir sur WhatsApp" in page.text
    page = await street.visitor(accept_language="ar").get(JOIN)
    assert page.all("html")[0] == {"lang": "ar", "dir": "rtl"}


async def test_an_answer_is_counted_without_a_name(street: Street) -> None:
    await street.join()
    counts = street.metrics.render().decode()
    assert 'askfirst_events_total{door="public"} 1.0' in counts
    assert 'askfirst_requests_total{door="public",status="303"} 1.0' in counts


async def test_a_form_that_names_a_field_twice_is_refused(street: Street) -> None:
    body = b"phone=%2B447700900123&askfirst_signup=refuse&askfirst_signup=grant"
    got = await street.visitor().raw("POST", JOIN, body, origin=SITE)
    assert (got.status, await street.head()) == (422, 0)


async def test_a_form_that_is_too_large_is_refused(street: Street) -> None:
    got = await street.visitor().raw("POST", JOIN, b"phone=" + b"1" * 20_000, origin=SITE)
    assert (got.status, await street.head()) == (413, 0)


async def test_the_page_is_missing_where_the_business_asks_its_question_elsewhere(
    street: Street,
) -> None:
    text = "May {business} send you {kinds} on WhatsApp? To stop, reply {stop}."
    spoken = Prompt(
        key="signup",
        surface=Surface.PHONE,
        purposes=("marketing",),
        wordings={"en": Wording(text=text)},
    )
    await put_draft(street.services, BUSINESS, spoken)
    await publish_prompt(street.services, BUSINESS, "signup")
    assert (await street.visitor().get(JOIN)).got.status == 404
