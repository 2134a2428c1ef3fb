"""One person's own page: what they said, a switch per purpose, and a stop of everything."""

from __future__ import annotations

import pytest

from askfirst.domain.consent.erasure import EraseReason
from askfirst.domain.consent.event import Assurance, EventKind, NumberProof, Source
from askfirst.domain.consent.standing import Answer, view
from askfirst.domain.prompts.prompt import Surface
from askfirst.domain.values.purpose import CONSENTED, MARKETING, ONE_ORDER, UTILITY, Purpose
from askfirst.ports.consent.change import Statement
from askfirst.usecases.consent.erase_contact import EraseOrder, erase_contact, erase_requests
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
    assert "offers and news Off You said no on 15 January 2026" in text
    await visitor.post(place, {"off": "utility"})
    text = (await visitor.get(place)).text
    why = "You stopped these messages on 15 January 2026 · on the page “Your choices”"
    assert f"updates Off {why}" in text
    await visitor.post(place, {"stop": "all"})
    assert "codes Off You stopped all messages on 15 January" in (await visitor.get(place)).text


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
    assert row.count("does not count: nobody confirmed this number") == 1
    assert await answer(street, MARKETING) is Answer.WITHDRAWN


async def test_the_same_answer_given_again_and_again_is_listed_once_with_each_receipt(
    street: Street,
) -> None:
    for _ in range(3):
        street.world.clock.advance(86_400)
        await street.join("fr")
    page = await street.visitor().get(await street.link())
    history = page.text.partition("Your answers")[2]
    assert history.count("You said yes · offers and news") == 1
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


async def test_a_pause_a_doubt_and_whatsapps_own_stop_do_not_contradict_each_other(
    street: Street,
) -> None:
    """What only WhatsApp turns on again has no date on which it may start again."""
    place, now = await furnished(street), street.services.clock.now()
    await street.visitor().post(place, {"pause": "marketing"})
    said = {"purposes": ("marketing",), "number_proof": NumberProof.PROVEN}
    doubt = statement(EventKind.DOUBTED, at=now, surface=Surface.CHAT, **said)
    await street.services.ledger.commit(change(doubt))
    page = await street.visitor().get(place)
    assert "They can start again on 14 February 2026. You wrote to Café Lune on" in page.text
    native = statement(EventKind.NATIVE_STOPPED, surface=Surface.CHAT, sender="200")
    await street.services.ledger.commit(change(native))
    page = await street.visitor().get(place)
    assert "offers and news Off You said yes · 15 January 2026" in page.text
    assert "You turned off offers from Café Lune in WhatsApp" in page.text
    assert "They can start again" not in page.text


async def test_what_only_whatsapp_can_turn_on_has_no_switch_here(street: Street) -> None:
    """Off there: the page says what they said here, and promises nothing that it cannot keep."""
    place = await furnished(street)
    native = statement(EventKind.NATIVE_STOPPED, surface=Surface.CHAT, sender="200")
    await street.services.ledger.commit(change(native))
    page = await street.visitor().get(place)
    assert "offers and news Off You said yes · 15 January 2026" in page.text
    await street.visitor().post(place, {"stop": "all"})
    page = await street.visitor().get(place)
    asked = {name for name, token in question_tokens(page).items() if token}
    assert asked == {"verification codes", "order and account updates"}


def code_yes(number_proof: NumberProof) -> Statement:
    """The yes to codes: as it is pressed, and as the number says it."""
    purposes = ("authentication",)
    return grant(purposes=purposes, surface=Surface.CODE, number_proof=number_proof)


async def test_one_log_in_is_told_once_and_two_are_told_with_both_dates(street: Street) -> None:
    for _ in range(2):
        street.world.clock.advance(86_400)
        for proof in (NumberProof.TYPED, NumberProof.PROVEN):
            now = street.world.clock.now()
            await street.services.ledger.commit(change(code_yes(proof), at=now))
            street.world.clock.advance(60)
    page = await street.visitor().get(await street.link())
    history = page.text.partition("Your answers")[2]
    assert history.count("You said yes · verification codes") == 1
    assert "All dates: 2" in history
    assert "not checked" not in history


async def test_a_yes_that_the_number_never_said_is_still_told(street: Street) -> None:
    for proof in (NumberProof.PROVEN, NumberProof.TYPED):
        street.world.clock.advance(86_400)
        now = street.world.clock.now()
        await street.services.ledger.commit(change(code_yes(proof), at=now))
    page = await street.visitor().get(await street.link())
    history = page.text.partition("Your answers")[2]
    assert history.count("You said yes · verification codes") == 2
    assert history.count("not checked") == 1


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


async def test_who_was_only_informed_reads_so_and_can_turn_it_off(street: Street) -> None:
    told = statement(EventKind.INFORMED, purposes=(ONE_ORDER.name,), surface=Surface.ORDER)
    await street.services.ledger.commit(change(told))
    place, visitor = await street.link(), street.visitor()
    page = await visitor.get(place)
    assert switches(page) == [ONE_ORDER.name]
    assert "You were informed on 15 January 2026, not asked" in page.text
    assert "You said yes" not in page.text
    await visitor.post(place, {"off": ONE_ORDER.name})
    after = await visitor.get(place)
    assert switches(after) == []
    assert "informed on" not in after.text
    assert await answer(street, ONE_ORDER) is Answer.WITHDRAWN


async def test_a_person_asks_there_for_their_data_to_be_erased(street: Street) -> None:
    """Nothing is erased by a press that might be a slip: an operator does it."""
    place = await furnished(street)
    page = await street.visitor().get(place)
    assert "Ask for your data to be erased" in page.text
    got = await street.visitor().post(place, {"erase": "all"})
    assert got.got.status == 303
    page = await street.visitor().get(got.got.headers["location"])
    assert "Done. Café Lune has your request and will erase your data." in page.text
    await street.visitor().post(place, {"erase": "all"})
    (wish,) = await erase_requests(street.services, BUSINESS, "", 10)
    assert wish.contact_id == await street.services.ledger.find(BUSINESS, ANA)
    assert await answer(street, UTILITY) is Answer.GRANTED


async def test_a_link_of_somebody_who_was_erased_opens_nothing(street: Street) -> None:
    place = await furnished(street)
    order = EraseOrder(
        business_id=BUSINESS, person=ANA, reason=EraseReason.REQUESTED, source=Source.CLI
    )
    await erase_contact(street.services, order)
    page = await street.visitor().get(place)
    assert page.got.status == 410


async def test_a_form_tells_nobody_who_was_erased(street: Street) -> None:
    await street.join("en")
    order = EraseOrder(
        business_id=BUSINESS, person=ANA, reason=EraseReason.REQUESTED, source=Source.CLI
    )
    await erase_contact(street.services, order)
    await street.join("en")
    assert await answer(street, MARKETING) is Answer.ERASED


async def test_a_pause_of_thirty_days_is_one_tap_and_ends_by_itself(street: Street) -> None:
    await furnished(street)
    place, visitor = await street.link(days=60), street.visitor()
    page = await visitor.get(place)
    assert [one["value"] for one in page.all("button", name="pause")] == ["marketing", "utility"]
    await visitor.post(place, {"pause": "marketing"})
    page = await visitor.get(place)
    assert "You paused these messages. They can start again on 14 February 2026." in page.text
    assert switches(page) == ["utility"]
    assert await answer(street, MARKETING) is Answer.GRANTED
    street.world.clock.advance(30 * 24 * 3600)
    assert switches(await visitor.get(place)) == ["marketing", "utility"]


async def test_only_what_is_shown_can_be_paused(street: Street) -> None:
    place, visitor = await furnished(street), street.visitor()
    page = await visitor.post(place, {"pause": "marketing.secret"})
    assert page.got.status == 422
    page = await visitor.post(place, {"often": "at_most=1/7"})
    assert page.got.status == 422
