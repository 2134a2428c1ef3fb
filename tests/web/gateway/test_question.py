"""From a message to a question."""

from __future__ import annotations

import pytest

from askfirst.decision.question import MessageKind
from askfirst.domain.values.alias import AliasKind
from askfirst.domain.values.ids import PhoneNumberId
from askfirst.domain.values.purpose import MARKETING, UTILITY
from askfirst.graph.sending.outgoing import MessageKind as Shape
from askfirst.graph.sending.outgoing import OutgoingMessage
from askfirst.graph.sending.send_answer import SendAnswer, SentTo
from askfirst.web.gateway.question import AskedSend, ask
from tests.support.builders import BUSINESS
from tests.support.services import World


async def _ask(world: World, **parts: object) -> AskedSend:
    message = OutgoingMessage(**({"kind": Shape.FREE_FORM, "type": "text"} | parts))  # type: ignore[arg-type]
    return await ask(world.services, BUSINESS, PhoneNumberId("200"), message)


@pytest.mark.parametrize(
    ("typed", "forwarded"),
    [
        ("+447700900123", "+447700900123"),
        ("447700900123", "+447700900123"),
        ("+44 7700 900-123", "+447700900123"),
        ("+1 (631) 555-1234", "+16315551234"),
        ("15551234567", "+15551234567"),
        ("5215512345678", "+5215512345678"),
        ("554188887777", "+554188887777"),
        ("22961234567", "+22961234567"),
        ("00447700900123", "+447700900123"),
        ("+44 (0) 7700 900123", "+447700900123"),
        ("4407700900123", "+447700900123"),
        ("whatsapp:+447700900123", "+447700900123"),
        ("+\N{ARABIC-INDIC DIGIT FOUR}47700900123", "+447700900123"),
    ],
)
async def test_a_number_with_its_country_code_is_forwarded_with_a_plus(
    sqlite_world: World, typed: str, forwarded: str
) -> None:
    asked = await _ask(sqlite_world, to=typed)
    assert asked.to == forwarded
    assert [name.value for name in asked.question.recipients] == [forwarded[1:]]


@pytest.mark.parametrize(
    "typed",
    [
        "07700900123",
        "(631) 555-1234",
        "631-555-1234",
        "44 7700 900123",
        "+0447700900123",
        "999123456789",
        "+99912345678",
        "12345",
        "1234567890123456",
        "+44770090012a",
        "tel:447700900123",
        "+4400 7700 900123",
        "+44 7700 900123 ext. 5",
        "++447700900123",
        "120363041234567890",
        "US.13491208",
    ],
)
async def test_what_could_be_another_number_leaves_no_recipient(
    sqlite_world: World, typed: str
) -> None:
    asked = await _ask(sqlite_world, to=typed)
    assert asked.question.recipients == ()
    assert asked.to == ""


async def test_both_names_are_asked_about_and_a_bad_one_spoils_both(sqlite_world: World) -> None:
    both = (await _ask(sqlite_world, to="447700900123", recipient="GB.1349")).question
    assert [name.kind for name in both.recipients] == [AliasKind.PHONE, AliasKind.BSUID]
    assert (await _ask(sqlite_world, to="0770", recipient="GB.1349")).question.recipients == ()
    assert (await _ask(sqlite_world, to="447700900123", recipient="?")).question.recipients == ()
    assert (await _ask(sqlite_world, recipient="447700900123")).question.recipients == ()
    assert (await _ask(sqlite_world)).question.recipients == ()


async def test_a_user_id_alone_tells_the_country(sqlite_world: World) -> None:
    asked = await _ask(sqlite_world, recipient="BR.ENT.1349")
    assert asked.question.country == "BR"
    assert asked.question.recipients[0].kind is AliasKind.PARENT_BSUID
    assert asked.to == ""
    assert (await _ask(sqlite_world, to="12125550123")).question.country == "US"


async def test_a_group_is_no_recipient_that_could_have_said_yes(sqlite_world: World) -> None:
    asked = await _ask(sqlite_world, to="447700900123", is_group=True)
    assert asked.question.kind is MessageKind.UNKNOWN


@pytest.mark.parametrize("shape", [Shape.UNKNOWN, Shape.READ_RECEIPT])
async def test_what_is_not_a_message_is_unknown(sqlite_world: World, shape: Shape) -> None:
    assert (await _ask(sqlite_world, kind=shape)).question.kind is MessageKind.UNKNOWN


async def test_a_direct_send_is_for_what_it_says_and_else_for_marketing(
    sqlite_world: World,
) -> None:
    utility = await _ask(sqlite_world, kind=Shape.DIRECT, direct_category="utility")
    assert utility.question.purpose == UTILITY
    for word in ("service", "Utility.orders", "?"):
        odd = await _ask(sqlite_world, kind=Shape.DIRECT, direct_category=word)
        assert odd.question.purpose == MARKETING


async def test_names_are_learnt_from_an_answer_about_one_person() -> None:
    ana = SentTo("+447700900123", "447700900123", "GB.1349")
    assert [name.value for name in SendAnswer((), (ana,)).names()] == ["447700900123", "GB.1349"]
    assert SendAnswer((), (ana, ana)).names() == ()
    assert SendAnswer().names() == ()
    assert SendAnswer((), (SentTo("x", "?", "?"),)).names() == ()
    assert SendAnswer((), (SentTo("x", "", ""),)).names() == ()
