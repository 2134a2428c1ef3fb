"""Where an entry leads: a page, a code that a phone can read, and posters."""

from __future__ import annotations

import re
from urllib.parse import quote
from xml.etree import ElementTree as ET

import pytest

from askfirst.usecases.entry_points.manage_entries import end_entry, list_entries
from askfirst.web.pages.qr import qr_png, qr_svg
from tests.support.builders import BUSINESS
from tests.web.public.visitors import Street

SVG = "{http://www.w3.org/2000/svg}"
LINK = "https://wa.me/15550100001?text=Hello%20Caf%C3%A9%20Lune%21%20%28"


async def test_the_page_opens_the_chat_and_says_what_happens(street: Street) -> None:
    place = await street.entry()
    page = await street.visitor().get(place)
    (link,) = [one["href"] for one in page.all("a", **{"class": "button"})]
    assert link.startswith(LINK)
    assert quote(place.rpartition("/")[2]) in link
    assert "You start the chat." in page.text
    assert "Café Lune asks you once" in page.text
    assert page.all("a", href=f"{place}/poster")


async def test_the_page_speaks_the_readers_language_else_that_of_the_entry(street: Street) -> None:
    place = await street.entry(locale="fr")
    assert (await street.visitor().get(place)).all("html")[0]["lang"] == "fr"
    arabic = await street.visitor(accept_language="ar,fr;q=0.9").get(place)
    assert arabic.all("html")[0]["lang"] == "ar"


async def test_a_picture_of_a_poster_opens_where_it_begins_in_every_language(
    street: Street,
) -> None:
    """Browsers scroll a picture that runs from right to left away from its left edge."""
    got = await street.visitor().raw("GET", f"{await street.entry()}/poster.svg?locale=ar")
    picture = ET.fromstring(got.body.decode())
    assert "direction" not in picture.attrib
    assert picture.find(f"{SVG}g[@direction='rtl']") is not None


@pytest.mark.parametrize("path", ["", "/qr.svg", "/qr.png", "/poster", "/poster.svg"])
async def test_an_entry_that_has_ended_leads_nowhere(street: Street, path: str) -> None:
    place = await street.entry()
    assert (await street.visitor().raw("GET", place + path)).status == 200
    (entry,) = await list_entries(street.services, BUSINESS, "", 10)
    await end_entry(street.services, BUSINESS, entry.entry_id)
    assert (await street.visitor().raw("GET", place + path)).status == 404


async def test_an_entry_of_another_business_is_missing(street: Street) -> None:
    place = (await street.entry()).replace("acme", "rival")
    assert (await street.visitor().get(place)).got.status == 404


async def test_the_code_is_the_link_in_black_on_white_with_a_quiet_zone(street: Street) -> None:
    got = await street.visitor().raw("GET", await street.entry() + "/qr.svg")
    assert got.headers["content-type"] == "image/svg+xml"
    picture = ET.fromstring(got.body.decode())
    assert picture.findtext(f"{SVG}title") == "Café Lune on WhatsApp"
    ground, code = picture.findall(f"{SVG}path")
    size = int(picture.attrib["viewBox"].split()[2])
    assert (ground.attrib["fill"], ground.attrib["d"]) == ("#fff", f"M0 0h{size}v{size}h-{size}z")
    assert (code.attrib["stroke"], code.attrib["d"][:5]) == ("#000", "M4 4.")


async def test_the_code_is_a_png_too(street: Street) -> None:
    got = await street.visitor().raw("GET", await street.entry() + "/qr.png")
    assert got.headers["content-type"] == "image/png"
    assert got.body.startswith(b"\x89PNG")


def test_a_title_is_never_markup() -> None:
    picture = qr_svg("text", title="<script>alert(1)</script> & Co")
    assert "<script" not in picture
    assert ET.fromstring(picture).findtext(f"{SVG}title") == "<script>alert(1)</script> & Co"


def test_a_worn_code_can_still_be_read() -> None:
    """Level M; a code that is as fine as the longest link still has whole modules."""
    longest = "https://wa.me/15550100001?text=" + quote("م" * 120)
    assert len(qr_png(longest)) > 1000
    size = int(re.findall(r'viewBox="0 0 (\d+)', qr_svg(longest, title="t"))[0])
    assert size <= 8 + 177


@pytest.mark.parametrize("size", ["a4", "a6"])
async def test_a_poster_says_who_what_and_what_then(street: Street, size: str) -> None:
    place = await street.entry(locale="ar")
    page = await street.visitor().get(f"{place}/poster?size={size}")
    assert page.all("html")[0] == {"lang": "ar", "dir": "rtl"}
    assert "Café Lune" in page.text
    assert "امسح رمز QR" in page.text
    assert page.all("link", href=f"/static/poster-{size}.css")
    assert "<svg" in page.source


async def test_a_poster_is_in_the_language_of_its_readers_not_of_who_prints_it(
    street: Street,
) -> None:
    place = await street.entry(locale="fr")
    english = street.visitor(accept_language="en")
    assert (await english.get(f"{place}/poster")).all("html")[0]["lang"] == "fr"
    assert (await english.get(f"{place}/poster?locale=de")).all("html")[0]["lang"] == "de"


async def test_there_is_no_other_size(street: Street) -> None:
    assert (await street.visitor().get(await street.entry() + "/poster?size=a0")).got.status == 404


@pytest.mark.parametrize("locale", ["en", "fr", "ar", "ja", "th", "de"])
async def test_everything_on_a_picture_stands_within_the_sheet(street: Street, locale: str) -> None:
    got = await street.visitor().raw("GET", f"{await street.entry()}/poster.svg?locale={locale}")
    sheet = ET.fromstring(got.body.decode())
    texts = sheet.findall(f".//{SVG}text")
    assert "Café Lune" in [one.text for one in texts]
    assert all(28 < float(one.attrib["y"]) < 1400 for one in texts)
    code = sheet.find(f"{SVG}svg")
    assert code is not None
    below = [float(one.attrib["y"]) for one in texts]
    end = float(code.attrib["y"]) + float(code.attrib["height"])
    assert any(y > end for y in below)
    assert not [y for y in below if float(code.attrib["y"]) + 10 < y < end]


async def test_a_code_that_nobody_made_is_missing(street: Street) -> None:
    for code in ("AF-00000000", "AF-", "..%2f..", "x" * 300):
        assert (await street.visitor().get(f"/p/acme/chat/{code}")).got.status == 404
