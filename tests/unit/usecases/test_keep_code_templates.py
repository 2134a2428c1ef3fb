"""The templates for codes are made where they are missing, and otherwise left alone."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

import pytest

from askfirst.domain.errors import Unavailable
from askfirst.domain.sender import Sender, Template, TemplateState
from askfirst.usecases.manage_senders import put_sender, refresh_templates
from tests.support.builders import BUSINESS, OTHER_SENDER, sender, template
from tests.support.services import World, code_templates_of


@dataclass
class Meta:
    """Takes templates, or does not answer."""

    is_there: bool = True
    kept: list[str] = field(default_factory=list)

    async def keep(self, sender: Sender, token: str) -> tuple[Template, ...]:
        if not self.is_there:
            raise Unavailable("Meta did not answer")
        self.kept.append(token)
        pending = (replace(one, state=TemplateState.PENDING) for one in code_templates_of(sender))
        return tuple(pending)


@pytest.fixture
def meta() -> Meta:
    return Meta()


@pytest.fixture
def world(sqlite_world: World, meta: Meta) -> World:
    return replace(sqlite_world, services=replace(sqlite_world.services, code_templates=meta))


async def states(world: World) -> dict[str, TemplateState]:
    found = await world.services.directory.templates(BUSINESS, "", 99)
    return {one.language: one.state for one in found if one.name.startswith("askfirst_code")}


async def test_they_are_made_with_the_sender_once_for_an_account(world: World, meta: Meta) -> None:
    await put_sender(world.services, sender(), "EAAG-meta")
    assert meta.kept == ["EAAG-meta"]
    assert set((await states(world)).values()) == {TemplateState.PENDING}
    await world.services.directory.put_sender(sender(OTHER_SENDER), "EAAG-other", 0)  # type: ignore[arg-type]
    await refresh_templates(world.services, BUSINESS)
    assert meta.kept == ["EAAG-meta"] * 2


async def test_what_meta_lists_is_not_made_again(world: World, meta: Meta) -> None:
    world.template_source.listed = (*code_templates_of(sender()), template("offer"))
    await put_sender(world.services, sender(), "EAAG-meta")
    assert meta.kept == []
    assert set((await states(world)).values()) == {TemplateState.IN_SERVICE}


async def test_what_meta_has_rejected_is_not_asked_for_again(world: World, meta: Meta) -> None:
    rejected = TemplateState.OUT_OF_SERVICE
    listed = (replace(one, state=rejected) for one in code_templates_of(sender()))
    world.template_source.listed = tuple(listed)
    await put_sender(world.services, sender(), "EAAG-meta")
    assert meta.kept == []


async def test_a_language_that_is_missing_is_made_and_the_others_stay(
    world: World, meta: Meta
) -> None:
    missing, *there = code_templates_of(sender())
    world.template_source.listed = tuple(there)
    await put_sender(world.services, sender(), "EAAG-meta")
    assert meta.kept == ["EAAG-meta"]
    found = await states(world)
    assert found.pop(missing.language) is TemplateState.PENDING
    assert set(found.values()) == {TemplateState.IN_SERVICE}


async def test_where_they_cannot_be_made_the_list_is_read_all_the_same(
    world: World, meta: Meta
) -> None:
    meta.is_there = False
    world.template_source.listed = (template("offer"),)
    await put_sender(world.services, sender(), "EAAG-meta")
    found = await world.services.directory.templates(BUSINESS, "", 99)
    assert [one.name for one in found] == ["offer"]


async def test_without_a_token_nothing_is_made(world: World, meta: Meta) -> None:
    await put_sender(world.services, sender(), None)
    assert meta.kept == []
