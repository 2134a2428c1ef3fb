"""Templates for codes are made when somebody asks for them, and never otherwise."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import pytest

from askfirst.domain.codes.code_template import TemplateFault, TemplateTrouble
from askfirst.domain.tenants.sender import Sender, Template, TemplateState
from askfirst.domain.value import replace
from askfirst.domain.values.errors import InvalidInput, Unavailable, UnknownReference
from askfirst.ports.sending.http_connection import TemplatesRefused
from askfirst.usecases.inbound.register_sender import register_sender
from askfirst.usecases.tenants.code_templates import CodeTemplatesMade, create_code_templates
from askfirst.usecases.tenants.manage_senders import refresh_templates
from tests.support.builders import BUSINESS, OTHER_SENDER, SENDER, sender, template
from tests.support.clocks import NOON
from tests.support.services import World, code_templates_of

WANTED = ("en", "de", "fr", "th")


@dataclass
class Meta:
    """Makes templates, all or none; refuses some languages, has enough after so many calls."""

    is_there: bool = True
    refused: frozenset[str] = frozenset()
    calls_most: int = 99
    status: TemplateState = TemplateState.PENDING
    kept: list[str] = field(default_factory=list)
    asked: list[tuple[str, ...]] = field(default_factory=list)

    async def make(
        self, sender: Sender, token: str, languages: Sequence[str]
    ) -> tuple[Template, ...]:
        self.asked.append(tuple(languages))
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
async def world(sqlite_world: World, meta: Meta) -> World:
    world = replace(sqlite_world, services=replace(sqlite_world.services, code_templates=meta))
    await register_sender(world.services, sender(), "EAAG-meta")
    return world


async def states(world: World) -> dict[str, TemplateState]:
    found = await world.services.directory.templates(BUSINESS, "", 99)
    return {one.language: one.state for one in found if one.name.startswith("askfirst_code")}


async def create(world: World, *languages: str) -> CodeTemplatesMade:
    return await create_code_templates(world.services, BUSINESS, SENDER, languages or WANTED)


async def test_registering_a_sender_makes_nothing(world: World, meta: Meta) -> None:
    await refresh_templates(world.services, BUSINESS)
    assert meta.asked == []
    assert await states(world) == {}


async def test_the_languages_that_are_asked_for_are_made_and_no_others(
    world: World, meta: Meta
) -> None:
    made = await create(world, "en", "de")
    assert meta.asked == [("en", "de")]
    assert await states(world) == {"en": TemplateState.PENDING, "de": TemplateState.PENDING}
    assert (sorted(one.language for one in made.made), made.there, made.troubles) == (
        ["de", "en"],
        (),
        (),
    )


async def test_what_is_there_is_left_as_it_is(world: World, meta: Meta) -> None:
    there = (one for one in code_templates_of(sender()) if one.language == "de")
    world.template_source.listed = (*there, template("offer"))
    made = await create(world, "en", "de")
    assert meta.asked == [("en",)]
    assert [one.language for one in made.there] == ["de"]
    assert (await states(world))["de"] is TemplateState.IN_SERVICE


async def test_what_meta_has_rejected_is_not_asked_for_again(world: World, meta: Meta) -> None:
    rejected = TemplateState.OUT_OF_SERVICE
    listed = (replace(one, state=rejected) for one in code_templates_of(sender()))
    world.template_source.listed = tuple(listed)
    await create(world)
    assert meta.asked == []


@pytest.mark.parametrize("languages", [("xx",), ("en", "klingon"), ("",)])
async def test_a_language_that_is_none_of_ours_is_refused(
    world: World, meta: Meta, languages: tuple[str, ...]
) -> None:
    with pytest.raises(InvalidInput) as refused:
        await create(world, *languages)
    assert refused.value.field == "languages"
    assert meta.asked == []


async def test_a_language_may_be_written_with_a_hyphen(world: World, meta: Meta) -> None:
    await create(world, "pt-BR", "pt_BR")
    assert meta.asked == [("pt_BR",)]


async def test_a_sender_of_nobody_gets_none(world: World, meta: Meta) -> None:
    with pytest.raises(UnknownReference):
        await create_code_templates(world.services, BUSINESS, OTHER_SENDER, WANTED)
    await world.services.directory.put_sender(sender(OTHER_SENDER), None, NOON)
    with pytest.raises(InvalidInput):
        await create_code_templates(world.services, BUSINESS, OTHER_SENDER, WANTED)
    assert meta.asked == []


async def test_one_language_that_meta_refuses_does_not_take_the_others_along(
    world: World, meta: Meta
) -> None:
    meta.refused = frozenset({"th"})
    made = await create(world)
    assert set(await states(world)) == set(WANTED) - {"th"}
    trouble = TemplateTrouble(fault=TemplateFault.REFUSED, languages=("th",), status=400, code=192)
    assert made.troubles == (trouble,)
    assert world.telemetry.troubles == [trouble]
    assert meta.asked == [WANTED, *((language,) for language in WANTED)]


async def test_meta_is_left_alone_when_it_has_enough(world: World, meta: Meta) -> None:
    meta.refused, meta.calls_most = frozenset({"en"}), 3
    made = await create(world)
    assert meta.asked == [WANTED, ("en",), ("de",), ("fr",)]
    assert set(await states(world)) == {"de"}
    told = [(one.languages, one.status, one.code) for one in made.troubles]
    assert told == [(("en",), 400, 192), (("fr",), 429, 80007)]


async def test_where_meta_does_not_answer_it_is_told(world: World, meta: Meta) -> None:
    meta.is_there = False
    made = await create(world)
    assert made.troubles == (TemplateTrouble(fault=TemplateFault.UNANSWERED, languages=WANTED),)


async def test_what_meta_lists_and_does_not_send_is_told_at_each_reading(world: World) -> None:
    paused = (replace(one, state=TemplateState.PAUSED) for one in code_templates_of(sender()))
    world.template_source.listed = tuple(paused)[:2]
    await refresh_templates(world.services, BUSINESS)
    languages = tuple(one.language for one in world.template_source.listed)
    assert world.telemetry.troubles == [
        TemplateTrouble(fault=TemplateFault.REJECTED, languages=languages)
    ]


async def test_what_is_in_service_or_still_looked_at_is_no_trouble(world: World) -> None:
    await create(world)
    world.template_source.listed = code_templates_of(sender())
    await refresh_templates(world.services, BUSINESS)
    assert world.telemetry.troubles == []
