"""A business that asks: known, with one sender and its token, and a site of its own."""

from __future__ import annotations

from typing import Any

from askfirst.domain.consent.consent import ConsentVerb
from askfirst.domain.entry_points.entry_point import EntryPoint
from askfirst.domain.prompts.interpolation import Filling
from askfirst.domain.tenants.api_key import Business
from askfirst.domain.tenants.profile import Profile
from askfirst.usecases.consent.answer_prompt import PublicAnswer
from askfirst.usecases.entry_points.manage_entries import EntryOrder, make_entry
from askfirst.usecases.prompts.show_prompt import show_prompt
from tests.support.builders import BUSINESS, sender
from tests.support.clocks import NOON
from tests.support.services import World

ORIGIN = "https://shop.example"


async def open_business(world: World) -> World:
    """Make it known."""
    directory = world.store.directory
    await directory.put_business(Business(business_id=BUSINESS, name="Acme"), NOON)
    await directory.put_sender(sender(), "meta-token", NOON)
    await world.store.asking.profiles.put_profile(BUSINESS, Profile(origins=(ORIGIN,)), NOON)
    return world


async def entry_of(world: World, **parts: Any) -> EntryPoint:
    """An entry, in French."""
    known: dict[str, Any] = {"name": "Window", "words": "Hello!", "locale": "fr"}
    return await make_entry(world.services, EntryOrder(business_id=BUSINESS, **(known | parts)))


async def public_answer(world: World, **parts: Any) -> PublicAnswer:
    """A yes on a page of its site, to the question `signup`."""
    shown = await show_prompt(world.services, BUSINESS, "signup", "en", Filling(business="Acme"))
    known: dict[str, Any] = {
        "verb": ConsentVerb.GRANT,
        "token": shown.token,
        "phone": "+44 7700 900123",
        "origin": ORIGIN,
        "address": "198.51.100.7",
    }
    return PublicAnswer(business_id=BUSINESS, **(known | parts))
