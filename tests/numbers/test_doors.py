"""One number has one answer at every door, however it is written: one person, or one refusal."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable

import pytest

from askfirst.domain.consent.answer_limits import NUMBER_MOST
from askfirst.domain.tenants.profile import Profile
from askfirst.domain.values.alias import phone_alias
from askfirst.usecases.tenants.manage_profile import put_profile
from tests.numbers import doors
from tests.numbers.doors import (
    CLIENT,
    NAMED,
    OWN,
    SIGNED,
    TYPED,
    Door,
    House,
    meta_answers,
    open_house,
    say_yes,
)
from tests.support.builders import BUSINESS
from tests.support.services import World
from tests.web.public.visitors import SHOP

KEYCAPS = "4\ufe0f\u20e34\ufe0f\u20e3"

READ = [
    ("+447911123456", "447911123456"),
    ("+44 7911 123456", "447911123456"),
    ("+44 07911 123456", "447911123456"),
    ("+44 (0)7911 123456", "447911123456"),
    ("+44(0) 7911-123456", "447911123456"),
    ("+4407911123456", "447911123456"),
    ("00447911123456", "447911123456"),
    ("0044 (0)7911 123456", "447911123456"),
    ("(0044) 7911 123456", "447911123456"),
    ("(+44) 7911 123456", "447911123456"),
    ("+44.7911.123456", "447911123456"),
    ("+44·7911·123456", "447911123456"),
    ("+44\u00a07911\u202f123456", "447911123456"),
    ("+44\u20117911\u2013123\u2212456", "447911123456"),
    ("＋４４（０）７９１１－１２３４５６", "447911123456"),
    ("+٤٤٧٩١١١٢٣٤٥٦", "447911123456"),
    ("+४४ ७९११ १२३४५६", "447911123456"),
    (f"+{KEYCAPS}7911123456", "447911123456"),
    ("\u200e+447911123456\u200f", "447911123456"),
    ("\ufeff+44\u200b7911\u2060123\u00ad456", "447911123456"),
    ("\u2066+44 7911 123456\u2069", "447911123456"),
    ("\u202a+44 7911 123456\u202c ", "447911123456"),
    ("tel:+44-7911-123456", "447911123456"),
    ("whatsapp:+447911123456", "447911123456"),
    ("p:+447911123456", "447911123456"),
    ("'+447911123456", "447911123456"),
    ('"+447911123456"', "447911123456"),
    ('="+447911123456"', "447911123456"),
    ("+447700900123", "447700900123"),  # kept free for stories, so not valid
    ("+33 0612345678", "33612345678"),
    ("+33 (0)6.12.34.56.78", "33612345678"),
    ("+49 (0)151/12345678", "4915112345678"),
    ("+49 0151 12345678", "4915112345678"),
    ("+91 09876543210", "919876543210"),
    ("+7 8 912 123-45-67", "79121234567"),
    ("+36 06 20 123 4567", "36201234567"),
    ("+370 8 612 34567", "37061234567"),
    ("+1 (212) 555-0123", "12125550123"),
    ("+1 1 212 555 0123", "12125550123"),
    ("+15550100002", "15550100002"),
    ("+39 06 1234 5678", "390612345678"),  # a zero of the number's own
    ("+39 (0)6 1234 5678", "390612345678"),
    ("+39 347 123 4567", "393471234567"),
    ("+39 (0)347 123 4567", "393471234567"),
    ("+34 (0)612 345 678", "34612345678"),
    ("+352 (0)621 123 456", "352621123456"),
    ("+225 07 07 12 34 56", "2250707123456"),
    ("+225 (0)7 07 12 34 56", "2250707123456"),
    ("+241 06 03 12 34", "24106031234"),
    ("+242 06 123 4567", "242061234567"),
    ("+54 9 11 2345-6789", "5491123456789"),
    ("+54 11 15 2345-6789", "5491123456789"),
    ("+54 011 15 2345-6789", "5491123456789"),
    ("+55 0 15 11 98765-4321", "5511987654321"),
    ("+52 1 55 1234 5678", "5215512345678"),  # the old prefix of mobiles: known to WhatsApp
    ("+225 07 12 34 56", "22507123456"),  # before the ten-digit plan: the same
]
"""What is surely one number."""

BARE = [
    ("447911123456", "447911123456"),
    ("4407911123456", "447911123456"),
    ("４４７９１１１２３４５６", "447911123456"),
    ("\u200e447911123456", "447911123456"),
    (" 447911123456\n", "447911123456"),
    ("'447911123456", "447911123456"),
    ("330612345678", "33612345678"),
    ("5215512345678", "5215512345678"),
    ("15550100002", "15550100002"),
    ("51987654321", "51987654321"),  # a mobile in Peru, and one in Porto Alegre
]
"""Digits alone: a number where clients speak as WhatsApp does, a refusal where somebody typed."""

REFUSED = [
    "",
    "+",
    "none",
    "07911 123456",
    "7911 123456",
    "44 7911 123456",
    "(631) 555-1234",
    "tel:447911123456",
    "tel:7911123456;phone-context=+44",
    "+0447911123456",
    "+0044 7911 123456",
    "++447911123456",
    "+44 7911 1234",
    "+44 7911 123456 7",
    "+44 0044 7911 123456",
    "+44 00 7911 123456",
    "+33 00612345678",
    "+33 000612345678",
    "3300612345678",
    "+49 00151 12345678",
    "+39 0347 123 4567",  # nobody can tell: a mobile with a zero too many?
    "+352 0621 123 456",
    "+34 0612 345 678",
    "+999 1234 5678",
    "+44 7911 123456 ext 5",
    "+44 7911 123456x5",
    "+44 7911 123456#5",
    "+44 7911 123456,5",
    "+44 7911 123456 доб. 5",
    "tel:+447911123456;ext=5",
    "+447911123456 / +447911123457",
    "+49 30 123456/7",
    "+44 7911 123456\n+44 7911 123457",
    "+44 7911 123456, +44 7911 123457",
    "+49 30 1234\n567890",
    "4.47911E+11",
    "+4.47911E+11",
    "+49 1511234567.0",
    "447911123456.0",
    "+44 7911 123456²",
    "+44 7911 12345O",
    "+1 800 FLOWERS",
    "+447911123456" + "0" * 200,
]
"""What is no number, not one, or not surely one."""

FIELDS: dict[Door, str] = {
    **dict.fromkeys((doors.consent, doors.lookup), "contact.phone"),
    **dict.fromkeys((doors.consent_by_wa_id, doors.lookup_by_wa_id), "contact.wa_id"),
    **dict.fromkeys((doors.answer, doors.join), "phone"),
    **dict.fromkeys((doors.record_command, doors.link_command), "contact"),
    **dict.fromkeys((*CLIENT, doors.check_command), "to"),
    **dict.fromkeys(OWN, "number"),
    doors.address: "alias",
}
"""How each door calls the number."""

FOUND_BY = (doors.check, doors.gateway, doors.check_command, doors.link_command, doors.lookup)
WRITTEN_BY = (doors.code, doors.join, doors.answer, doors.consent, doors.record_command)


@pytest.fixture
async def house(sqlite_world: World) -> House:
    return await open_house(sqlite_world)


async def asked(house: House, some: Iterable[Door], text: str) -> dict[str, str]:
    """Go through doors with one spelling, and name each number by the key of its contact."""
    found = {door.__name__: await door(house, text) for door in some}
    return {name: phone_alias(one).key if one.isdigit() else one for name, one in found.items()}


@pytest.mark.parametrize(("text", "digits"), READ)
async def test_one_number_is_one_person_at_every_door(house: House, text: str, digits: str) -> None:
    """Who said yes under the canonical spelling is found, sent to and stopped under each."""
    await say_yes(house, digits)
    some = [*FOUND_BY, *OWN, *NAMED, *WRITTEN_BY]
    assert {*some} == {*TYPED, *CLIENT, *NAMED, *OWN}
    if "/" in text:  # no path carries one
        some.remove(doors.address)
    found = await asked(house, some, text)
    assert found == dict.fromkeys(found, phone_alias(digits).key)


@pytest.mark.parametrize(("text", "digits"), READ)
async def test_a_yes_under_any_spelling_is_found_under_the_canonical_one(
    house: House, text: str, digits: str
) -> None:
    body = {"verb": "grant", "contact": {"phone": text}, "surface": "order"}
    body |= {"purposes": ["utility"], "prompt": {"key": "a", "locale": "en", "text": "May we?"}}
    assert (await house.rest("POST", "/v1/consents", body)).status == 201
    found = await house.rest("POST", "/v1/contacts/lookup", {"contact": {"wa_id": digits}})
    assert found.status == 200


@pytest.mark.parametrize(("text", "digits"), BARE)
async def test_digits_alone_are_a_number_where_clients_speak_as_whatsapp_does(
    house: House, text: str, digits: str
) -> None:
    await say_yes(house, digits)
    found = await asked(house, (*CLIENT, *NAMED), text)
    assert found == dict.fromkeys(found, phone_alias(digits).key)


@pytest.mark.parametrize(("text", "digits"), BARE)
async def test_digits_alone_are_refused_where_somebody_typed(
    house: House, text: str, digits: str
) -> None:
    """They may be a national number, of a country that nobody named: no yes rests on a guess."""
    await say_yes(house, digits)
    some = (*TYPED, *OWN)
    assert await asked(house, some, text) == {d.__name__: f"refused {FIELDS[d]}" for d in some}
    assert await house.world.services.ledger.head(BUSINESS) == 1


NATIONAL = [
    ("07911 123456", "447911123456"),
    ("(0)7911-123456", "447911123456"),
    ("07911123456", "447911123456"),
    ("7911 123456", "447911123456"),
    ("tel:07911 123456", "447911123456"),
    ("٠٧٩١١١٢٣٤٥٦", "447911123456"),
    ("447911123456", "447911123456"),
    ("+33 6 39 98 55 01", "33639985501"),
    ("0033 6 39 98 55 01", "33639985501"),
]
"""What somebody types in the United Kingdom."""


@pytest.mark.parametrize(("text", "digits"), NATIONAL)
async def test_a_national_number_is_one_of_the_country_that_the_business_has_set(
    house: House, text: str, digits: str
) -> None:
    await at_home(house, "GB")
    await say_yes(house, digits)
    some = sorted(TYPED, key=lambda door: door in WRITTEN_BY)  # what is written may be a no
    found = await asked(house, some, text)
    assert found == dict.fromkeys(found, phone_alias(digits).key)


@pytest.mark.parametrize("text", ["07911 123456", "7911 123456", "tel:07911123456"])
async def test_where_clients_speak_as_whatsapp_does_no_country_is_assumed(
    house: House, text: str
) -> None:
    """A send is for exactly the number that was recorded: that has its country code."""
    await at_home(house, "GB")
    some = (*CLIENT, doors.consent_by_wa_id, doors.lookup_by_wa_id)
    assert await asked(house, some, text) == {d.__name__: f"refused {FIELDS[d]}" for d in some}


@pytest.mark.parametrize("text", ["07911 1234", "0", "none", "07911 123456 / 07911 123457", "12"])
async def test_what_nobody_dials_in_that_country_is_refused(house: House, text: str) -> None:
    await at_home(house, "GB")
    assert await asked(house, TYPED, text) == {d.__name__: f"refused {FIELDS[d]}" for d in TYPED}
    assert await house.world.services.ledger.head(BUSINESS) == 0


async def test_a_caller_names_the_country_with_the_number(house: House) -> None:
    contact = {"phone": "06 39 98 55 01", "country": "FR"}
    body = {"verb": "withdraw", "contact": contact, "surface": "api"}
    assert (await house.rest("POST", "/v1/consents", body)).status == 201
    assert await house.newest() == "33639985501"
    wish = {"to": "06 39 98 55 01", "country": "FR", "channel": "whatsapp_inbound"}
    got = await house.rest("POST", "/v1/codes", wish)
    assert (got.status, got.json.get("masked", "")[-2:]) == (201, "01"), got.json
    for country in ("fr", "XX", "FRA"):
        body["contact"] = contact | {"country": country}
        got = await house.rest("POST", "/v1/consents", body)
        assert got.json["errors"][0]["field"] == "contact.country"


async def at_home(house: House, country: str) -> None:
    """Let the business say where it is."""
    profile = Profile(origins=(SHOP,), country=country)
    await put_profile(house.world.services, BUSINESS, "Acme", profile)


@pytest.mark.parametrize("text", REFUSED)
async def test_what_is_not_surely_one_number_is_refused_everywhere(house: House, text: str) -> None:
    some = (*TYPED, *CLIENT)
    assert await asked(house, some, text) == {d.__name__: f"refused {FIELDS[d]}" for d in some}
    assert await house.world.services.ledger.head(BUSINESS) == 0
    assert house.world.connections.sent == []


@pytest.mark.parametrize(
    "text",
    ["none", "44 7911 123456", "330061234567", "+49 00151 12345678", "+44 7911 123456 ext 5"],
)
async def test_what_whatsapp_names_nobody_by_is_refused_as_its_name(
    house: House, text: str
) -> None:
    some = (doors.consent_by_wa_id, doors.lookup_by_wa_id, doors.address)
    assert await asked(house, some, text) == {d.__name__: f"refused {FIELDS[d]}" for d in some}


SIGNED_AS = [
    ("447911123456", "447911123456"),
    ("+447911123456", "447911123456"),
    ("4407911123456", "447911123456"),
    ("5491123456789", "5491123456789"),
    ("554188887777", "5541988887777"),
    ("5215512345678", "525512345678"),
    ("390612345678", "390612345678"),
    ("2250707123456", "2250707123456"),
    ("22507123456", "22507123456"),
]


@pytest.mark.parametrize("door", SIGNED)
@pytest.mark.parametrize(("text", "digits"), SIGNED_AS)
async def test_a_no_that_meta_signed_reaches_whoever_the_other_doors_mean(
    house: House, door: Door, text: str, digits: str
) -> None:
    await say_yes(house, digits)
    assert phone_alias(await door(house, text)).key == phone_alias(digits).key
    assert await doors.check(house, f"+{digits}") == doors.NOBODY


@pytest.mark.parametrize("door", SIGNED)
@pytest.mark.parametrize("strange", ["99912345678", "4479111234", "330061234567", "1234567"])
async def test_a_no_from_a_number_in_no_plan_is_not_dropped(
    house: House, door: Door, strange: str
) -> None:
    assert await door(house, strange) == strange


async def test_a_strange_number_is_found_by_the_name_that_meta_gave(house: House) -> None:
    await doors.message(house, "99912345678")
    found = await asked(house, NAMED, "99912345678")
    assert found == dict.fromkeys(found, "number:99912345678")


async def test_metas_name_of_a_recipient_is_learnt_in_the_one_spelling(house: House) -> None:
    await say_yes(house, "447911123456")
    meta_answers(house.world, "+447911123456", "4407911123456")
    assert await doors.gateway(house, "+44 (0)7911 123456") == "447911123456"
    assert await house.world.services.ledger.head(BUSINESS) == 1
    names = await house.names()
    assert names == ["447911123456"]


async def test_a_body_leaves_with_the_number_that_was_judged(house: House) -> None:
    await say_yes(house, "33612345678")
    assert await doors.gateway(house, "0033 (0)6.12.34.56.78") == "33612345678"
    (left,) = house.world.connections.sent
    assert json.loads(left.body)["to"] == "+33612345678"


ONE_SUBSCRIBER = [
    ("+33 6 12 34 56 78", "+33 0612345678"),
    ("+44 7911 123456", "4407911123456"),
    ("+44 7911 123456", "0044 (0)7911 123456"),
    ("+54 9 11 2345 6789", "+54 11 2345 6789"),
    ("+54 11 15 2345 6789", "541123456789"),
    ("+55 41 98888 7777", "+55 0 41 8888 7777"),
    ("+52 55 1234 5678", "+52 1 55 1234 5678"),
    ("+229 01 97 12 34 56", "+229 97 12 34 56"),
    ("+225 07 07 12 34 56", "+225 07 12 34 56"),
]


@pytest.mark.parametrize(("first", "second"), ONE_SUBSCRIBER)
async def test_codes_are_counted_for_the_subscriber_not_for_the_spelling(
    house: House, first: str, second: str
) -> None:
    for one, other in ((first, second), (second, first)):
        body = {"to": one, "channel": "sms"}
        assert (await house.rest("POST", "/v1/codes", body)).status == 201
        got = await house.rest("POST", "/v1/codes", body | {"to": other})
        assert (got.status, got.json["policy"]) == (429, "cool_down")
        house.world.clock.advance(60)


async def test_all_spellings_of_a_subscriber_share_the_codes_of_a_day(house: House) -> None:
    spellings = ["+54 9 11 2345 6789", "+54 11 2345 6789", "+54 11 15 2345 6789", "541123456789"]
    statuses = []
    for text in spellings * 2:
        got = await house.rest("POST", "/v1/codes", {"to": text, "channel": "sms"})
        statuses.append(got.status)
        house.world.clock.advance(60)
    assert statuses == [201] * 5 + [429] * 3


async def test_a_code_is_right_for_its_number_in_any_spelling(house: House) -> None:
    made = await house.rest("POST", "/v1/codes", {"to": "+33 0612345678", "channel": "sms"})
    ((to, text, _),) = house.world.sms.sent
    assert to == "33612345678"
    (typed,) = re.findall(r"[0-9]{8}", text)
    path = f"/v1/codes/{made.json['id']}/check"
    got = await house.rest("POST", path, {"code": f"*{typed}*", "to": "0033 6 12 34 56 78"})
    assert got.json["result"] == "approved"


async def test_answers_about_a_number_are_counted_for_the_subscriber(house: House) -> None:
    spellings = ["+54 9 11 2345 6789", "+54 11 2345 6789", "+54 011 15 2345 6789"]
    statuses = [(await doors.post_answer(house, text)).status for text in spellings * 3]
    assert statuses == [201] * NUMBER_MOST + [429] * (9 - NUMBER_MOST)


async def test_who_said_stop_gets_no_code_under_another_spelling(house: House) -> None:
    ask = {"channel": "whatsapp,sms"}
    assert (await house.rest("POST", "/v1/codes", ask | {"to": "+33612345678"})).status == 201
    house.world.clock.advance(60)
    await doors.message(house, "33612345678")
    before = (len(house.world.connections.sent), len(house.world.sms.sent))
    for text in ("+33 0612345678", "0033 (0)6 12 34 56 78", "330612345678"):
        got = await house.rest("POST", "/v1/codes", ask | {"to": text})
        assert got.status == 201
        sheet = await house.rest("GET", f"/v1/codes/{got.json['id']}")
        assert sheet.json["history"][-1]["reason"] == "codes_unwanted"
        house.world.clock.advance(60)
    assert (len(house.world.connections.sent), len(house.world.sms.sent)) == before
