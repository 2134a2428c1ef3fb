"""The templates for codes are made where they are missing, and otherwise left alone."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

import pytest

from askfirst.domain.codes.code_template import LANGUAGES, TemplateFault, TemplateTrouble
from askfirst.domain.tenants.sender import Sender, Template, TemplateState
from askfirst.domain.values.errors import Unavailable
from askfirst.ports.sending.http_connection import TemplatesRefused
from askfirst.usecases.inbound.register_sender import register_sender
from askfirst.usecases.tenants.manage_senders import refresh_templates
from tests.support.builders import BUSINESS, OTHER_SENDER, sender, template
from tests.support.clocks import NOON
from tests.support.services import World, code_templates_of


@dataclass
class Meta:
    """Makes templates, all or none; refuses some languages, has enough after so many calls."""

    is_there: bool = True
    refused: frozenset[str] = frozenset()
    calls_most: int = 99
    status: TemplateState = TemplateState.PENDING
    kept: list[str] = field(default_factory=list)
    asked: list[int] = field(default_factory=list)

    async def make(
        self, sender: Sender, token: str, languages: Sequence[str]
    ) -> tuple[Template, ...]:
        self.asked.append(len(languages))
        if not self.is_there:
            raise Unavailable("Meta did not answer")
        if len(self.asked) > self.calls_most:
            raise TemplatesRefused(429, 80007)
        if not self.refused.isdisjoint(languages):
            raise TemplatesRefused(400, 192)
        self.kept.append(token)
        made = (one for one in code_templates_of(sender) if one.language in languages)
        return tuple(replace(one, state=self.status) for one in made)


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
    await register_sender(world.services, sender(), "EAAG-meta")
    assert meta.kept == ["EAAG-meta"]
    assert set((await states(world)).values()) == {TemplateState.PENDING}
    await world.services.directory.put_sender(sender(OTHER_SENDER), "EAAG-other", 0)  # type: ignore[arg-type]
    await refresh_templates(world.services, BUSINESS)
    assert meta.kept == ["EAAG-meta"] * 2


async def test_what_meta_lists_is_not_made_again(world: World, meta: Meta) -> None:
    world.template_source.listed = (*code_templates_of(sender()), template("offer"))
    await register_sender(world.services, sender(), "EAAG-meta")
    assert meta.kept == []
    assert set((await states(world)).values()) == {TemplateState.IN_SERVICE}


async def test_what_meta_has_rejected_is_not_asked_for_again(world: World, meta: Meta) -> None:
    rejected = TemplateState.OUT_OF_SERVICE
    listed = (replace(one, state=rejected) for one in code_templates_of(sender()))
    world.template_source.listed = tuple(listed)
    await register_sender(world.services, sender(), "EAAG-meta")
    assert meta.kept == []


async def test_a_language_that_is_missing_is_made_and_the_others_stay(
    world: World, meta: Meta
) -> None:
    missing, *there = code_templates_of(sender())
    world.template_source.listed = tuple(there)
    await register_sender(world.services, sender(), "EAAG-meta")
    assert meta.kept == ["EAAG-meta"]
    found = await states(world)
    assert found.pop(missing.language) is TemplateState.PENDING
    assert set(found.values()) == {TemplateState.IN_SERVICE}


async def test_one_language_that_meta_refuses_does_not_take_the_others_along(
    world: World, meta: Meta
) -> None:
    meta.refused = frozenset({"th"})
    await register_sender(world.services, sender(), "EAAG-meta")
    assert set(await states(world)) == set(LANGUAGES) - {"th"}
    assert world.telemetry.troubles == [
        TemplateTrouble(fault=TemplateFault.REFUSED, languages=("th",), status=400, code=192)
    ]
    assert meta.asked == [len(LANGUAGES), *[1] * len(LANGUAGES)]


async def test_the_next_time_only_the_refused_one_is_asked_for(world: World, meta: Meta) -> None:
    meta.refused = frozenset({"th"})
    listed = (one for one in code_templates_of(sender()) if one.language != "th")
    world.template_source.listed = tuple(listed)
    await register_sender(world.services, sender(), "EAAG-meta")
    assert meta.asked == [1]
    assert [one.languages for one in world.telemetry.troubles] == [("th",)]


async def test_meta_is_left_alone_when_it_has_enough(world: World, meta: Meta) -> None:
    meta.refused, meta.calls_most = frozenset({"ar"}), 4
    await register_sender(world.services, sender(), "EAAG-meta")
    assert meta.asked == [len(LANGUAGES), 1, 1, 1, 1]
    assert set(await states(world)) == set(LANGUAGES[1:3])
    told = [(one.languages, one.status, one.code) for one in world.telemetry.troubles]
    assert told == [(("ar",), 400, 192), ((LANGUAGES[3],), 429, 80007)]


@pytest.mark.parametrize("is_listed", [True, False])
async def test_what_meta_lists_and_does_not_send_is_told(
    world: World, meta: Meta, is_listed: bool
) -> None:
    meta.status = TemplateState.OUT_OF_SERVICE
    if is_listed:
        listed = (replace(one, state=meta.status) for one in code_templates_of(sender()))
        world.template_source.listed = tuple(listed)
    await register_sender(world.services, sender(), "EAAG-meta")
    assert world.telemetry.troubles == [
        TemplateTrouble(fault=TemplateFault.REJECTED, languages=LANGUAGES)
    ]


async def test_what_is_in_service_or_still_looked_at_is_no_trouble(
    world: World, meta: Meta
) -> None:
    await register_sender(world.services, sender(), "EAAG-meta")
    world.template_source.listed = code_templates_of(sender())
    await refresh_templates(world.services, BUSINESS)
    assert world.telemetry.troubles == []


async def test_where_they_cannot_be_made_the_list_is_read_all_the_same(
    world: World, meta: Meta
) -> None:
    meta.is_there = False
    world.template_source.listed = (template("offer"),)
    await register_sender(world.services, sender(), "EAAG-meta")
    found = await world.services.directory.templates(BUSINESS, "", 99)
    assert [one.name for one in found] == ["offer"]
    assert world.telemetry.troubles == [
        TemplateTrouble(fault=TemplateFault.UNANSWERED, languages=LANGUAGES)
    ]


async def test_without_a_token_nothing_is_made(world: World, meta: Meta) -> None:
    await world.services.directory.put_sender(sender(), None, NOON)
    assert await refresh_templates(world.services, BUSINESS) == 0
    assert meta.kept == []
