"""Checking a receipt: genuine, changed, or not known here; and in words what it says."""

from __future__ import annotations

import base64
import json

import pytest
from joserfc.jwk import OKPKey

from askfirst.domain.consent.consent import Consent, ConsentVerb
from askfirst.domain.consent.event import NumberProof, Source
from askfirst.domain.prompts.prompt import Surface
from askfirst.domain.values.ids import Position
from askfirst.storage.consent.evidence.receipts import sign_receipt
from askfirst.usecases.consent.issue_receipt import issue_receipt
from askfirst.usecases.consent.record_consent import record_consent
from tests.support.builders import ANA, BUSINESS, RIVAL
from tests.web.public.visitors import Page, Street


async def receipt_of(street: Street, locale: str = "fr") -> str:
    await street.join(locale)
    receipt = await issue_receipt(street.services, BUSINESS, Position(1))
    assert receipt is not None
    return receipt


async def check(street: Street, receipt: str, locale: str = "en") -> Page:
    return await street.visitor().post(f"/p/verify?locale={locale}", {"receipt": receipt}, "")


async def test_the_form_alone_says_nothing(street: Street) -> None:
    page = await street.visitor().get("/p/verify")
    assert page.got.status == 200
    assert page.all("textarea", name="receipt")
    assert page.all("input", type="file")
    assert "Genuine" not in page.text


async def test_a_receipt_is_genuine_and_told_in_words(street: Street) -> None:
    page = await check(street, await receipt_of(street))
    assert page.got.status == 200
    assert "Genuine: signed on behalf of Café Lune, and unchanged." in page.text
    for said in ("You said yes", "offers and news", "15 January 2026", "on the website"):
        assert said in page.text
    assert page.all("blockquote", lang="fr")


async def test_it_says_whose_word_the_number_rests_on(street: Street) -> None:
    page = await check(street, await receipt_of(street))
    assert "Whose number Typed in, not checked" in page.text


async def test_a_claim_of_the_business_is_called_one(street: Street) -> None:
    """Whatever the evidence says: only what was proven is called confirmed."""
    claim = Consent(
        business_id=BUSINESS,
        verb=ConsentVerb.CONFIRM,
        alias=ANA,
        purposes=(),
        surface=Surface.API,
        source=Source.API,
        number_proof=NumberProof.VOUCHED,
        evidence=b'{"x":1}',
    )
    await record_consent(street.services, claim)
    receipt = await issue_receipt(street.services, BUSINESS, Position(1))
    assert receipt is not None
    page = await check(street, receipt)
    assert "Number stated by the business" in page.text
    assert "On the business’s word" in page.text
    assert "onfirmed" not in page.text


async def test_it_is_told_in_the_readers_language(street: Street) -> None:
    page = await check(street, await receipt_of(street), "ar")
    assert "العروض والمستجدات" in page.text
    assert "15 يناير 2026" in page.text


async def test_line_breaks_of_a_mail_do_not_matter(street: Street) -> None:
    receipt = await receipt_of(street)
    broken = "\r\n ".join(receipt[at : at + 60] for at in range(0, len(receipt), 60))
    assert "Genuine" in (await check(street, broken)).text


async def test_a_file_is_checked_too(street: Street) -> None:
    receipt = await receipt_of(street)
    body = (
        '--edge\r\nContent-Disposition: form-data; name="receipt"\r\n\r\n\r\n'
        '--edge\r\nContent-Disposition: form-data; name="file"; filename="r.jws"\r\n'
        f"Content-Type: application/octet-stream\r\n\r\n{receipt}\n\r\n--edge--\r\n"
    )
    got = await street.visitor().raw(
        "POST",
        "/p/verify",
        body.encode(),
        content_type="multipart/form-data; boundary=edge",
    )
    assert (got.status, b"Genuine" in got.body) == (200, True)


@pytest.mark.parametrize(
    "body",
    [
        '--edge\r\nContent-Disposition: form-data; name="receipt"\r\n\r\n1\r\n',
        '--edge\r\nContent-Disposition: form-data;\r\n name="receipt"\r\n\r\n1\r\n--edge--\r\n',
        "--edge\r\nContent-Disposition: form-data; name=a; name=receipt\r\n\r\n1\r\n--edge--\r\n",
        "receipt=1",
    ],
)
async def test_a_form_that_is_not_whole_or_is_ambiguous_is_refused(
    street: Street, body: str
) -> None:
    kind = "multipart/form-data; boundary=edge"
    got = await street.visitor().raw("POST", "/p/verify", body.encode(), content_type=kind)
    assert got.status == 422


async def test_every_changed_byte_is_noticed(street: Street) -> None:
    receipt = await receipt_of(street)
    for at in range(0, len(receipt), 11):
        changed = receipt[:at] + ("A" if receipt[at] != "A" else "B") + receipt[at + 1 :]
        page = await check(street, changed)
        assert page.got.status == 422
        assert "Genuine" not in page.text


async def test_what_is_inside_cannot_be_changed(street: Street) -> None:
    head, content, signature = (await receipt_of(street)).split(".")
    inside = json.loads(base64.urlsafe_b64decode(content + "=="))
    inside["purposes"] = ["marketing", "utility"]
    written = base64.urlsafe_b64encode(json.dumps(inside).encode()).decode().rstrip("=")
    page = await check(street, f"{head}.{written}.{signature}")
    assert "this is not what was signed" in page.text


async def test_a_key_of_somebody_else_is_not_known(street: Street) -> None:
    receipt = await issue_for(street, {"party": {"id": "acme", "name": "Café Lune"}})
    page = await check(street, receipt)
    assert "was not signed here" in page.text


async def test_one_business_cannot_sign_for_another(street: Street) -> None:
    await street.services.receipts.sign(RIVAL, {"party": {"id": "rival"}}, street.world.clock.now())
    forged = await street.services.receipts.sign(
        RIVAL, {"party": {"id": "acme", "name": "Café Lune"}}, street.world.clock.now()
    )
    assert "was not signed here" in (await check(street, forged)).text


async def test_a_retired_key_still_counts(street: Street) -> None:
    receipt = await receipt_of(street)
    await street.services.receipts.rotate(BUSINESS, street.world.clock.now())
    assert "Genuine" in (await check(street, receipt)).text


DEEP = base64.urlsafe_b64encode(b"[" * 9000).decode()


@pytest.mark.parametrize(
    "text",
    [
        "hello",
        "a.b.c",
        "....",
        "<script>alert(1)</script>",
        "e30.e30.e30",
        pytest.param("x" * 9000, id="long"),
        pytest.param(f"e30.{DEEP}.e30", id="nested without end"),
    ],
)
async def test_what_is_no_receipt_is_called_so(street: Street, text: str) -> None:
    page = await check(street, text)
    assert page.got.status == 422
    assert "This is not a record of a choice." in page.text
    assert text[:6] not in page.text


async def test_where_nothing_was_given_the_page_says_what_to_do(street: Street) -> None:
    page = await check(street, "  ")
    assert page.got.status == 422
    assert page.all("div", role="alert")
    assert page.text.count("Paste the record or choose its file.") == 1


async def test_checking_keeps_nothing(street: Street) -> None:
    receipt = await receipt_of(street)
    before = await street.head()
    await check(street, receipt)
    assert await street.head() == before


async def issue_for(street: Street, content: dict[str, object]) -> str:
    """A receipt that somebody signed with a key of their own."""
    return sign_receipt(content, OKPKey.generate_key("Ed25519"))


async def test_the_keys_are_public_for_everybody(street: Street) -> None:
    await receipt_of(street)
    got = await street.visitor().raw("GET", "/p/acme/keys.json", origin="https://anywhere.example")
    assert got.headers["access-control-allow-origin"] == "*"
    assert got.headers["cache-control"] == "public, max-age=300"
    assert got.headers["content-type"] == "application/jwk-set+json"
    (key,) = got.json["keys"]
    assert (key["kty"], key["alg"], "d" in key) == ("OKP", "Ed25519", False)


async def test_a_business_that_signed_nothing_has_no_keys(street: Street) -> None:
    assert (await street.visitor().raw("GET", "/p/rival/keys.json")).json == {"keys": []}
    got = await street.visitor().raw("GET", "/p/nobody/keys.json")
    assert (got.status, got.json["code"]) == (404, "not_found")
