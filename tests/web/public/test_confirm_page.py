"""The page on which a number proves itself. Looking at it proves nothing."""

from __future__ import annotations

from urllib.parse import urlsplit

import pytest

from askfirst.domain.consent.number_confirmation import PROOF_LIFE, ProofKind
from askfirst.domain.values.purpose import MARKETING
from askfirst.usecases.consent.prove_number import OfferedProof, ProofOrder, offer_proof
from tests.support.builders import ANA, BUSINESS
from tests.web.public.visitors import Street


async def offered(street: Street, **parts: object) -> tuple[OfferedProof, str]:
    known: dict[str, object] = {
        "business_id": BUSINESS,
        "alias": ANA,
        "purposes": (MARKETING,),
        "words": "Hello",
        "locale": "en",
    }
    proof = await offer_proof(street.services, ProofOrder(**(known | parts)))  # type: ignore[arg-type]
    return proof, urlsplit(proof.page).path


async def test_it_says_what_the_message_agrees_to(street: Street) -> None:
    proof, place = await offered(street)
    page = await street.visitor().get(place + "?locale=fr")
    assert page.all("a", href=proof.link)
    assert "pourra ensuite vous envoyer : offres et actualités" in page.text
    assert page.all("div", **{"data-proof": "open"})


@pytest.mark.parametrize("parts", [{"purposes": ()}, {"kind": ProofKind.CODE, "purposes": ()}])
async def test_a_proof_about_nothing_in_particular_promises_nothing(
    street: Street, parts: dict[str, object]
) -> None:
    _, place = await offered(street, **parts)
    page = await street.visitor().get(place)
    assert "Open WhatsApp and send the message that’s ready there." in page.text
    assert "can then send you" not in page.text


async def test_it_works_without_scripts(street: Street) -> None:
    _, place = await offered(street)
    page = await street.visitor().get(place)
    assert page.all("a", href="")
    assert "I have sent the message" in page.text


async def test_looking_at_it_proves_nothing(street: Street) -> None:
    proof, place = await offered(street)
    for _ in range(3):
        await street.visitor().get(place)
    found = await street.services.proofs.proof(BUSINESS, proof.proof.proof_id)
    assert found is not None
    assert (found.proven_at, await street.head()) == (None, 0)


async def test_it_says_when_it_is_done(street: Street) -> None:
    proof, place = await offered(street)
    await street.services.proofs.prove(proof.proof, street.world.clock.now())
    page = await street.visitor().get(place)
    assert (page.got.status, "Your number is confirmed." in page.text) == (200, True)
    assert not page.all("a", href=proof.link)
    assert not page.all("script")


@pytest.mark.parametrize("change", ["over", "altered", "foreign"])
async def test_a_link_that_is_over_or_not_ours_opens_nothing(street: Street, change: str) -> None:
    proof, place = await offered(street)
    if change == "over":
        street.world.clock.advance(PROOF_LIFE / 1_000_000)
    if change == "altered":
        place = place[:-3] + ("AAA" if place[-3:] != "AAA" else "BBB")
    if change == "foreign":
        place = place.replace("/acme/", "/rival/")
    page = await street.visitor().get(place)
    assert page.got.status == 410
    assert proof.proof.code not in page.source
