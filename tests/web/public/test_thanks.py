"""After the yes: the words once more, a receipt to keep, and a way to confirm the number."""

from __future__ import annotations

import base64
import json
from urllib.parse import unquote, urlsplit

import pytest

from askfirst.bootstrap.database.store import Store
from askfirst.decision.policy import Policy, Terms
from askfirst.domain.consent.answer_limits import NUMBER_MOST
from askfirst.domain.consent.consent import Consent, ConsentVerb
from askfirst.domain.consent.event import Assurance, Source
from askfirst.domain.consent.number_confirmation import PROOF_LIFE, Proof, ProofStep
from askfirst.domain.entry_points.chat_code import find_codes
from askfirst.domain.inbound.inbound_event import TextReceived
from askfirst.domain.prompts.prompt import Surface
from askfirst.domain.tenants.sender import SenderState
from askfirst.domain.values.alias import phone_alias
from askfirst.domain.values.purpose import CONSENTED
from askfirst.domain.values.timestamp import SECOND
from askfirst.usecases.consent.issue_receipt import public_keys, verify_receipt
from askfirst.usecases.consent.prove_number import show_proof
from askfirst.usecases.consent.record_consent import record_consent
from askfirst.usecases.inbound.take_webhook import take_webhook
from tests.support.builders import BUSINESS, sender
from tests.support.clocks import FakeClock
from tests.support.services import build_world
from tests.web.public.visitors import SITE, STRANGER, Page, Street, furnish

DAY = 24 * 60 * 60


async def thanked(street: Street, locale: str = "en", number: str = "+44 7700 900123") -> str:
    """Join; gives the path of the thank-you page."""
    return urlsplit((await street.join(locale, number)).got.headers["location"]).path


async def test_the_words_are_shown_once_more(street: Street) -> None:
    page = await street.visitor().get(await thanked(street, "fr") + "?locale=fr")
    assert page.got.status == 200
    (words,) = page.all("blockquote")
    assert (words["lang"], words["dir"]) == ("fr", "ltr")
    assert "Je souhaite recevoir sur WhatsApp des messages envoyés par Café Lune" in page.text


async def test_the_words_keep_their_language_whoever_reads_the_page(street: Street) -> None:
    page = await street.visitor().get(await thanked(street, "ar") + "?locale=en")
    assert page.all("html")[0]["lang"] == "en"
    assert page.all("blockquote")[0]["dir"] == "rtl"


async def test_the_receipt_can_be_kept_and_checked(street: Street) -> None:
    page = await street.visitor().get(await thanked(street))
    (link,) = [one["href"] for one in page.all("a") if "download" in one]
    got = (await street.visitor().get(link)).got
    assert "receipt-1.jws" in got.headers["content-disposition"]
    keys = await public_keys(street.services, BUSINESS)
    receipt = verify_receipt(street.services, got.body.decode(), keys)
    assert receipt["event"]["state"] == "given"
    assert "Café Lune" in receipt["notice"]["words"]
    assert "7700" not in json.dumps(dict(receipt))


async def test_the_address_names_nobody(street: Street) -> None:
    token = (await thanked(street)).rpartition("/")[2]
    content = base64.urlsafe_b64decode(token.split(".")[1] + "==").decode()
    assert set(json.loads(content)) == {"b", "n", "p", "e"}
    assert "7700900123" not in content


async def test_a_way_to_confirm_the_number_is_offered(street: Street) -> None:
    page = await street.visitor().get(await thanked(street))
    (link,) = [one["href"] for one in page.all("a", **{"class": "button"})]
    assert link.startswith(
        "https://wa.me/15550100001?text=Yes%2C%20please%20send%20me%20offers%20and%20news"
    )
    assert "AF-" in link
    assert "One more step" in page.text
    assert "<svg" in page.source


async def test_where_a_typed_number_is_enough_it_is_offered_all_the_same(street: Street) -> None:
    """A stop of before would still be in the way; the page must not tell whether there was one."""
    body = {"token": await street.token("order"), "answer": "grant", "phone": "+447700900123"}
    headers = {"content_type": "application/json", "origin": SITE}
    got = await street.visitor().raw(
        "POST", "/p/acme/answers", json.dumps(body).encode(), **headers
    )
    page = await street.visitor().get(urlsplit(json.loads(got.body)["thanks"]).path)
    assert page.all("a", **{"class": "button"})
    assert "You can also confirm" in page.text


@pytest.mark.parametrize(
    ("locale", "agreed", "said"),
    [
        (
            "en",
            "Café Lune can then send you offers and news.",
            "Yes, please send me offers and news",
        ),
        (
            "fr",
            "Café Lune pourra ensuite vous envoyer",
            "Oui, j’accepte de recevoir sur",
        ),
        ("ar", "Café Lune", "نعم، أوافق على تلقي رسائل من \u2068Café Lune\u2069"),
    ],
)
async def test_whoever_confirms_reads_and_says_what_it_agrees_to(
    street: Street, locale: str, agreed: str, said: str
) -> None:
    visitor = street.visitor()
    thanks = await visitor.get(f"{await thanked(street, locale)}?locale={locale}")
    proof = await proof_of(street, thanks)
    offered = await show_proof(street.services, BUSINESS, proof.proof_id)
    assert offered is not None
    confirm = await visitor.get(f"{urlsplit(offered.page).path}?locale={locale}")
    for page in (thanks, confirm):
        assert agreed in page.text
        assert page.all("div", **{"class": "askfirst-prompt"})
    assert proof.text.startswith(said)


async def test_whoever_must_confirm_is_told_so(sqlite_store: Store, clock: FakeClock) -> None:
    terms = Terms(assurance_min=Assurance.CONFIRMED)
    policy = Policy(purposes=dict.fromkeys(CONSENTED, terms))
    strict = await furnish(build_world(sqlite_store, clock, policy=policy))
    page = await strict.visitor().get(await thanked(strict))
    assert "One more step" in page.text


async def test_a_german_number_must_be_confirmed_for_offers(street: Street) -> None:
    page = await street.visitor().get(await thanked(street, number="+49 151 23456789"))
    assert "One more step" in page.text


async def test_the_page_does_not_tell_whether_a_number_was_known(street: Street) -> None:
    """A stranger who types somebody's number must see what everybody sees."""
    number = "+49 151 23456789"
    fresh = await street.visitor().get(await thanked(street, number=number))
    proven = Consent(
        business_id=BUSINESS,
        verb=ConsentVerb.CONFIRM,
        alias=phone_alias("4915123456789"),
        purposes=(),
        surface=Surface.LINK,
        source=Source.API,
        evidence=b"{}",
    )
    await record_consent(street.services, proven)
    again = await street.visitor().get(await thanked(street, number=number))
    assert [tag for tag, _ in fresh.tags] == [tag for tag, _ in again.tags]
    assert fresh.text == again.text


async def proof_of(street: Street, page: Page) -> Proof:
    """The proof that the page's link carries."""
    (code,) = find_codes(unquote(page.all("a", **{"class": "button"})[0]["href"]))
    proof = await street.services.proofs.by_code(BUSINESS, code)
    assert proof is not None
    return proof


async def test_a_confirmed_number_is_thanked_for_it(street: Street) -> None:
    place = await thanked(street)
    page = await street.visitor().get(place)
    proof = await proof_of(street, page)
    await street.services.proofs.prove(proof, street.world.clock.now())
    page = await street.visitor().get(place)
    assert "Your number is confirmed." in page.text
    assert page.all("time", datetime="2026-01-15T12:00:00.000000Z")
    assert not page.all("a", **{"class": "button"})
    assert not page.all("form", method="post")


async def test_who_comes_back_too_late_to_confirm_can_begin_again(street: Street) -> None:
    place = await thanked(street, number="+49 151 23456789")
    first = await proof_of(street, await street.visitor().get(place))
    street.world.clock.advance(PROOF_LIFE // SECOND)
    page = await street.visitor().get(place)
    assert not page.all("a", **{"class": "button"})
    assert "One more step" in page.text
    assert page.all("form", method="post")
    head = await street.head()
    again = await street.visitor().post(place, {})
    assert again.got.status == 303
    assert await street.head() == head
    fresh = await street.visitor().get(urlsplit(again.got.headers["location"]).path)
    second = await proof_of(street, fresh)
    assert second.code != first.code
    assert (second.alias, second.text.split(" (")[0]) == (first.alias, first.text.split(" (")[0])


async def test_a_way_to_confirm_that_is_open_is_not_made_twice(street: Street) -> None:
    place = await thanked(street)
    again = await street.visitor().post(place, {})
    assert urlsplit(again.got.headers["location"]).path == place


async def test_beginning_again_is_for_our_own_pages_and_limited(street: Street) -> None:
    place = await thanked(street)
    street.world.clock.advance(PROOF_LIFE // SECOND)
    assert (await street.visitor().post(place, {}, STRANGER)).got.status == 403
    statuses = [(await street.visitor().post(place, {})).got.status for _ in range(NUMBER_MOST)]
    assert (statuses[0], statuses[-1]) == (303, 429)


async def test_how_many_are_offered_a_confirmation_and_how_many_finish_is_counted(
    street: Street,
) -> None:
    page = await street.visitor().get(await thanked(street))
    proof = await proof_of(street, page)
    text = TextReceived(
        aliases=(proof.alias,),
        phone_number_id=proof.sender,
        waba_id=None,
        source_id="wamid.1",
        occurred_at=street.world.clock.now(),
        text=proof.text,
    )
    for _ in range(2):
        await take_webhook(street.services, [text], b"{}")
    assert street.world.telemetry.proofs == [
        (ProofStep.OFFERED, Surface.SIGNUP),
        (ProofStep.CONFIRMED, Surface.SIGNUP),
    ]


async def test_without_a_sender_there_is_nothing_to_confirm(street: Street) -> None:
    paused = sender(state=SenderState.PAUSED)
    await street.services.directory.put_sender(paused, None, street.world.clock.now())
    page = await street.visitor().get(await thanked(street))
    assert page.got.status == 200
    assert not page.all("a", **{"class": "button"})


@pytest.mark.parametrize("change", ["over", "altered", "foreign"])
async def test_a_link_that_is_over_or_not_ours_opens_nothing(street: Street, change: str) -> None:
    place = await thanked(street)
    if change == "over":
        street.world.clock.advance(DAY)
    if change == "altered":
        place = place[:-3] + ("AAA" if place[-3:] != "AAA" else "BBB")
    if change == "foreign":
        place = place.replace("/acme/", "/rival/")
    for path in (place, place + "/receipt.jws"):
        page = await street.visitor().get(path)
        assert page.got.status == 410
        assert "no longer valid" in page.text
