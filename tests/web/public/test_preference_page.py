"""One person's own page: what they said, a switch per purpose, and a stop of everything."""

from __future__ import annotations

import pytest

from askfirst.domain.consent.event import Assurance, EventKind, NumberProof
from askfirst.domain.consent.standing import Answer, view
from askfirst.domain.prompts.prompt import Surface
from askfirst.domain.values.purpose import CONSENTED, MARKETING, ONE_ORDER, UTILITY, Purpose
from askfirst.usecases.consent.issue_receipt import public_keys, verify_receipt
from askfirst.usecases.consent.manage_links import open_link, revoke_link
from tests.support.builders import ANA, BEN, BUSINESS, RIVAL, change, grant, statement
from tests.web.public.visitors import SHOP, STRANGER, Page, Street


async def furnished(street: Street) -> str:
    """Ana said yes to offers on the opt-in page, and on paper to order updates."""
    await street.join("fr")
    on_paper = grant(purposes=("utility",), surface=Surface.PAPER)
    await street.services.ledger.commit(change(on_paper))
    return await street.link()


async def answer(street: Street, purpose: Purpose) -> Answer:
    contact = await street.services.ledger.find(BUSINESS, ANA)
    assert contact is not None
    standing = await street.services.ledger.standing(BUSINESS, contact)
    return view(standing, purpose).answer


def switches(page: Page) -> list[str]:
    return [one["value"] for one in page.all("button", name="off")]


async def test_it_shows_what_was_said_when_where_and_with_which_words(street: Street) -> None:
    page = await street.visitor().get(await furnished(street))
    assert page.got.status == 200
    assert switches(page) == ["marketing", "utility"]
    assert "offers and news On Yes since 15 January 2026 · on the website" in page.text
    assert "order and account updates On Yes since 15 January 2026 · on paper" in page.text
    assert "Je souhaite recevoir sur WhatsApp des messages envoyés par Café Lune" in page.text
    assert "verification codes Off You have not been asked, so nothing is sent" in page.text


async def test_it_says_why_something_is_off(street: Street) -> None:
    """They said no, they stopped it, they stopped everything: each is told apart, and where."""
    commit = street.services.ledger.commit
    await commit(change(grant(purposes=("utility",))))
    await commit(change(statement(EventKind.REFUSED, purposes=("marketing",))))
    place, visitor = await street.link(), street.visitor()
    text = (await visitor.get(place)).text
    assert "offers and news Off You said no on January 15, 2026" in text
    await visitor.post(place, {"off": "utility"})
    text = (await visitor.get(place)).text
    assert (
        "updates Off You stopped these messages on January 15, 2026 · Page “Your choices”" in text
    )
    await visitor.post(place, {"stop": "all"})
    assert "codes Off You stopped all messages on January" in (await visitor.get(place)).text


async def test_a_yes_that_anybody_could_have_typed_is_told_beside_the_no_that_it_does_not_lift(
    street: Street,
) -> None:
    place = await furnished(street)
    await street.visitor().post(place, {"stop": "all"})
    before = await street.visitor().get(place)
    assert "does not count" not in before.text  # the yes that the stop ended was said before it
    for _ in range(3):
        street.world.clock.advance(60)
        assert (await street.join("fr")).got.status == 303
    page = await street.visitor().get(place)
    row = page.text.partition("Your answers")[0]
    assert row.count("does not count: anybody could have typed this number") == 1
    assert await answer(street, MARKETING) is Answer.WITHDRAWN


async def test_the_same_answer_given_again_and_again_is_listed_once_with_each_receipt(
    street: Street,
) -> None:
    for _ in range(3):
        street.world.clock.advance(86_400)
        await street.join("fr")
    page = await street.visitor().get(await street.link())
    history = page.text.partition("Your answers")[2]
    assert history.count("Yes · offers and news") == 1
    assert "All dates: 3" in history
    receipts = [one for one in page.all("a") if one.get("href", "").endswith(".jws")]
    assert len({one["href"] for one in receipts}) == 3
    for one in receipts:
        assert (await street.visitor().raw("GET", one["href"])).status == 200


async def test_one_order_can_be_ended_there_and_is_never_asked_about(street: Street) -> None:
    await street.services.ledger.commit(change(grant(purposes=(ONE_ORDER.name,))))
    place = await street.link()
    page = await street.visitor().get(place)
    assert switches(page) == [ONE_ORDER.name]
    assert "updates about one order On Yes since 15 January 2026" in page.text
    got = await street.visitor().post(place, {"off": ONE_ORDER.name})
    page = await street.visitor().get(got.got.headers["location"])
    assert switches(page) == []
    assert await answer(street, ONE_ORDER) is Answer.WITHDRAWN
    assert await answer(street, UTILITY) is Answer.UNASKED
    questions = page.all("input", name="askfirst_preferences_token")
    assert len(questions) == len(CONSENTED)


async def test_only_the_end_of_the_number_is_shown(street: Street) -> None:
    page = await street.visitor().get(await furnished(street))
    assert "Number ending in 23" in page.text
    assert "900123" not in page.source


async def test_a_switch_is_turned_off_in_one_step(street: Street) -> None:
    place = await furnished(street)
    got = await street.visitor().post(place, {"off": "marketing"})
    assert got.got.status == 303
    event = (await street.events())[-1]
    assert (event.kind, event.purposes) == (EventKind.WITHDRAWN, ("marketing",))
    assert event.surface is Surface.PREFERENCES
    assert await answer(street, UTILITY) is Answer.GRANTED
    page = await street.visitor().get(got.got.headers["location"])
    assert "Your answer has been saved." in page.text
    assert switches(page) == ["utility"]


async def test_everything_stops_in_one_step(street: Street) -> None:
    place = await furnished(street)
    got = await street.visitor().post(place, {"stop": "all"})
    event = (await street.events())[-1]
    assert (event.kind, event.purposes) == (EventKind.WITHDRAWN, ())
    page = await street.visitor().get(got.got.headers["location"])
    assert "Café Lune will not send you any more messages" in page.text
    assert switches(page) == []
    assert not page.all("button", name="stop")


async def test_a_switch_is_turned_on_by_answering_its_question(street: Street) -> None:
    place = await furnished(street)
    visitor = street.visitor()
    await visitor.post(place, {"stop": "all"})
    street.world.clock.advance(1)
    page = await visitor.get(place)
    token = question_tokens(page)["offers and news"]
    form = {"askfirst_preferences": "grant", "askfirst_preferences_token": token}
    assert (await visitor.post(place, form)).got.status == 303
    event = (await street.events())[-1]
    assert (event.kind, event.assurance) == (EventKind.GRANTED, Assurance.SHOWN)
    assert event.purposes == ("marketing",)
    assert await answer(street, MARKETING) is Answer.GRANTED
    assert await answer(street, UTILITY) is Answer.WITHDRAWN


async def test_switching_on_without_the_tick_changes_nothing(street: Street) -> None:
    await street.join()
    place = await street.link()
    token = question_tokens(await street.visitor().get(place))["order and account updates"]
    got = await street.visitor().post(place, {"askfirst_preferences_token": token})
    assert (got.got.status, await street.head()) == (422, 1)
    assert "Tick the box if you agree" in got.text


@pytest.mark.parametrize("trick", ["altered", "over", "other question", "rival"])
async def test_a_question_that_was_not_shown_here_is_not_answered(
    street: Street, trick: str
) -> None:
    await street.join()
    place = await street.link()
    token = question_tokens(await street.visitor().get(place))["order and account updates"]
    if trick == "altered":
        token = token[:-2] + ("AA" if token[-2:] != "AA" else "BB")
    if trick == "over":
        street.world.clock.advance(60 * 60)
    if trick == "other question":
        token = await street.token("order")
    if trick == "rival":
        token = await street.token("preferences", RIVAL)
    form = {"askfirst_preferences": "grant", "askfirst_preferences_token": token}
    got = await street.visitor().post(place, form)
    assert (got.got.status, await street.head()) == (422, 1)
    assert "out of date" in got.text


@pytest.mark.parametrize(
    "form", [{}, {"off": "nothing"}, {"off": "service"}, {"off": "*"}, {"other": "1"}]
)
async def test_a_form_that_says_nothing_changes_nothing(
    street: Street, form: dict[str, str]
) -> None:
    await street.join()
    place = await street.link()
    got = await street.visitor().post(place, form)
    assert (got.got.status, await street.head()) == (422, 1)


@pytest.mark.parametrize("origin", [STRANGER, SHOP, "", "null"])
async def test_a_choice_is_taken_from_its_own_page_only(street: Street, origin: str) -> None:
    place = await furnished(street)
    before = await street.head()
    got = await street.visitor().post(place, {"stop": "all"}, origin)
    assert (got.got.status, await street.head()) == (403, before)


async def test_a_browser_that_hides_its_origin_can_stop_too(street: Street) -> None:
    place = await furnished(street)
    visitor = street.visitor(sec_fetch_site="same-origin")
    assert (await visitor.post(place, {"stop": "all"}, "null")).got.status == 303


@pytest.mark.parametrize("change_to", ["revoked", "over", "altered", "foreign"])
async def test_a_link_that_is_no_longer_one_opens_nothing(street: Street, change_to: str) -> None:
    place = await furnished(street)
    before = await street.head()
    if change_to == "revoked":
        token = place.rpartition("/")[2]
        link = await open_link(street.services, BUSINESS, token)
        assert link is not None
        await revoke_link(street.services, BUSINESS, link.link_id)
    if change_to == "over":
        street.world.clock.advance(31 * 24 * 60 * 60)
    if change_to == "altered":
        place = place[:-3] + ("AAA" if place[-3:] != "AAA" else "BBB")
    if change_to == "foreign":
        place = place.replace("/acme/", "/rival/")
    visitor = street.visitor()
    for page in (
        await visitor.get(place),
        await visitor.post(place, {"stop": "all"}),
        await visitor.get(f"{place}/receipts/1.jws"),
    ):
        assert page.got.status == 410
        assert "no longer valid" in page.text
    assert await street.head() == before


async def test_each_answer_has_its_receipt(street: Street) -> None:
    place = await furnished(street)
    await street.visitor().post(place, {"stop": "all"})
    page = await street.visitor().get(place)
    links = [one["href"] for one in page.all("a") if "download" in one]
    assert links == [f"{place}/receipts/{position}.jws" for position in (3, 2, 1)]
    for link in links:
        got = (await street.visitor().get(link)).got
        keys = await public_keys(street.services, BUSINESS)
        assert verify_receipt(street.services, got.body.decode(), keys)


async def test_nobody_gets_the_receipt_of_somebody_else(street: Street) -> None:
    await street.join()
    await street.services.ledger.commit(change(grant(BEN)))
    place = await street.link(BEN)
    assert (await street.visitor().get(f"{place}/receipts/2.jws")).got.status == 200
    for position in (1, 3, 0):
        got = await street.visitor().get(f"{place}/receipts/{position}.jws")
        assert got.got.status == 404


async def test_it_says_that_whatsapps_own_stop_is_on(street: Street) -> None:
    place = await furnished(street)
    assert "turned off offers" not in (await street.visitor().get(place)).text
    native = statement(EventKind.NATIVE_STOPPED, surface=Surface.CHAT, sender="200")
    await street.services.ledger.commit(change(native))
    page = await street.visitor().get(place)
    assert "You turned off offers from Café Lune in WhatsApp" in page.text


async def test_it_says_why_offers_rest_and_not_what_was_written(street: Street) -> None:
    place = await furnished(street)
    doubt = statement(
        EventKind.DOUBTED,
        at=street.services.clock.now(),
        purposes=("marketing",),
        number_proof=NumberProof.PROVEN,
        surface=Surface.CHAT,
        evidence=b"far too many messages",
    )
    await street.services.ledger.commit(change(doubt))
    page = await street.visitor().get(place)
    assert "You wrote to Café Lune on" in page.text
    assert "Until you answer there, you get no offers." in page.text
    assert "far too many" not in page.source


async def test_topics_have_switches_of_their_own(street: Street) -> None:
    await street.services.ledger.commit(change(grant(purposes=("marketing.new_recipes",))))
    page = await street.visitor().get(await street.link())
    assert switches(page) == ["marketing.new_recipes"]
    assert "offers and news: new recipes" in page.text


async def test_a_message_in_the_address_is_one_of_ours(street: Street) -> None:
    place = await furnished(street)
    page = await street.visitor().get(f"{place}?done=<script>")
    assert "<script>" not in page.source
    assert not page.all("div", role="status")


def question_tokens(page: Page) -> dict[str, str]:
    """Tokens by what their question is about."""
    names = page.source.split('<h2 id="choice-')[1:]
    found = {}
    for part in names:
        name = part.partition(">")[2].partition("<")[0]
        token = part.partition('askfirst_preferences_token" value="')[2].partition('"')[0]
        found[name] = token
    return found
