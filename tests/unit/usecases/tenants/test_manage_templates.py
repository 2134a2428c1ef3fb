"""What is read out of templates, told and accepted."""

from __future__ import annotations

import pytest

from askfirst.domain.tenants.template_content import (
    TemplateButton,
    TemplateContent,
    TemplateFlag,
)
from askfirst.domain.values.purpose import Category
from askfirst.usecases.inbound.register_sender import register_sender
from askfirst.usecases.tenants.manage_senders import refresh_templates
from askfirst.usecases.tenants.manage_templates import (
    accept_template,
    count_flags,
    lint_templates,
    show_template,
)
from tests.support.builders import BUSINESS, change, sender, sighting, template
from tests.support.clocks import at
from tests.support.services import World

SHIPPED = TemplateContent(body="Your order {{1}} is on its way.")
OFFER = TemplateContent(body="Get 20% off today.")
WITH_STOP = TemplateContent(
    body="Get 20% off today.", buttons=(TemplateButton("quick_reply", "Stop promotions"),)
)


@pytest.fixture
async def world(sqlite_world: World) -> World:
    sqlite_world.template_source.listed = (
        template("order_update", category=Category.UTILITY, content=SHIPPED),
        template("parcel", category=Category.UTILITY, content=OFFER),
        template("sale", content=OFFER),
        template("weekly", content=WITH_STOP),
        template("unread"),
        template("code", category=Category.AUTHENTICATION, content=OFFER),
    )
    await register_sender(sqlite_world.services, sender(), "EAAG-meta")
    return sqlite_world


async def flags(world: World) -> dict[str, list[TemplateFlag]]:
    amiss = await lint_templates(world.services, BUSINESS)
    return {one.template.name: [found.flag for found in one.findings] for one in amiss}


async def test_what_is_amiss_follows_from_words_and_category(world: World) -> None:
    assert await flags(world) == {
        "parcel": [TemplateFlag.UTILITY_LIKE_AD],
        "sale": [TemplateFlag.WITHOUT_STOP],
    }
    (parcel, _) = await lint_templates(world.services, BUSINESS)
    assert parcel.findings[0].words == "20% off"


async def test_what_meta_moves_to_marketing_is_amiss_until_it_is_accepted(world: World) -> None:
    moved = sighting(name="order_update", category=Category.MARKETING, at=at(1))
    await world.services.ledger.commit(change(moved))
    assert (await flags(world))["order_update"] == [
        TemplateFlag.BECAME_MARKETING,
        TemplateFlag.WITHOUT_STOP,
    ]
    assert await accept_template(world.services, BUSINESS, "order_update", "")
    assert (await flags(world))["order_update"] == [TemplateFlag.WITHOUT_STOP]


async def test_how_many_there_are_is_counted(world: World) -> None:
    await count_flags(world.services, BUSINESS)
    assert world.telemetry.flags[BUSINESS] == {
        TemplateFlag.UTILITY_LIKE_AD: 1,
        TemplateFlag.WITHOUT_STOP: 1,
    }


async def test_what_is_no_marketing_cannot_be_accepted_as_that(world: World) -> None:
    for name in ("order_update", "nothing", "x" * 600, "a\nb"):
        assert not await accept_template(world.services, BUSINESS, name, "")
    assert await show_template(world.services, BUSINESS, "nothing") == ()


async def test_words_that_are_mended_are_read_anew(world: World) -> None:
    world.template_source.listed = (template("sale", content=WITH_STOP, seen_at=at(2)),)
    await refresh_templates(world.services, BUSINESS)
    assert "sale" not in await flags(world)
    (sale,) = await show_template(world.services, BUSINESS, "sale")
    assert sale.template.content == WITH_STOP
    assert sale.template.content_changed_at == at(2)
