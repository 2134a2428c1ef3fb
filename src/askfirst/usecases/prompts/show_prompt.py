"""Show a business's question, with the token that proves it was shown."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol

from askfirst.domain.prompts.catalogue import Catalogue, Vocabulary
from askfirst.domain.prompts.interpolation import FilledPrompt, Filling
from askfirst.domain.prompts.prompt_lint import filled_question, lint_filled
from askfirst.domain.prompts.prompt_rule import LintSeverity
from askfirst.domain.prompts.prompt_token import PromptToken, prompt_token, read_prompt_token
from askfirst.domain.value import replace
from askfirst.domain.values.errors import InvalidInput
from askfirst.domain.values.ids import BusinessId
from askfirst.domain.values.locales import closest_locale, parse_locale
from askfirst.domain.values.timestamp import Instant
from askfirst.ports.platform.clock import HasClock, HasIds
from askfirst.ports.prompts.catalogue import HasCatalogue
from askfirst.ports.prompts.prompts import (
    DRAFT,
    NEVER_PUBLISHED,
    HasProfiles,
    HasPrompts,
    OwnPrompt,
)
from askfirst.ports.tenants.directory import HasDirectory
from askfirst.ports.tenants.site import HasSite
from askfirst.ports.tenants.tokens import HasTokens, TokenKind
from askfirst.usecases.memory.shown_prompts import Content, HasShownPrompts
from askfirst.usecases.prompts.business_name import name_of
from askfirst.usecases.prompts.render_prompt import PromptRequest, render_prompt


class ShowPromptNeeds(
    HasCatalogue,
    HasClock,
    HasDirectory,
    HasIds,
    HasProfiles,
    HasPrompts,
    HasShownPrompts,
    HasSite,
    HasTokens,
    Protocol,
):
    """What this use case needs from the world."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownPrompt:
    """A question as it is about to be shown; `token` comes back with the answer."""

    filled: FilledPrompt
    token: str
    expires_at: Instant


async def catalogue_of(services: ShowPromptNeeds, business_id: BusinessId) -> Catalogue:
    """Return the built-in questions with the business's own published ones in their place."""
    return _with(services.catalogue, await _published(services, business_id))


def vocabulary_in(services: HasCatalogue, locale: str) -> Vocabulary:
    """Return the words that questions are made of; the first language's where `locale` has none."""
    catalogue = services.catalogue
    return catalogue.vocabulary(locale) or next(iter(catalogue.vocabularies.values()))


async def _published(services: HasPrompts, business_id: BusinessId) -> dict[str, OwnPrompt]:
    own = await services.prompts.own(business_id)
    return {one.prompt.key: one for one in own if one.revision != DRAFT}


def _with(catalogue: Catalogue, published: Mapping[str, OwnPrompt]) -> Catalogue:
    if not published:
        return catalogue
    own = {key: one.prompt for key, one in published.items()}
    return replace(catalogue, prompts={**catalogue.prompts, **own})


async def fill_prompt(
    services: ShowPromptNeeds, business_id: BusinessId, key: str, locale: str, filling: Filling
) -> FilledPrompt:
    """Fill a question in, and keep its words under their name: they may be answered later.

    Raises:
        UnknownReference: there is no such question.
        InvalidInput: it has no words in this language, something to fill in is missing, or what
            is filled in breaks a rule that binds in the business's country.
    """
    filled, revision = await _fill(services, business_id, key, locale, filling)
    await services.prompts.keep(business_id, filled.version, revision)
    return filled


async def _fill(
    services: ShowPromptNeeds, business_id: BusinessId, key: str, locale: str, filling: Filling
) -> tuple[FilledPrompt, int]:
    """Fill a question in; gives the revision that the words are of, too."""
    published = await _published(services, business_id)
    revision = published[key].revision if key in published else NEVER_PUBLISHED
    country = (await services.profiles.profile(business_id)).country
    owner = business_id if revision else None
    content = Content(owner, key, revision, locale, filling, country)
    filled = services.shown_prompts.filled.find(content)
    if filled is None:
        catalogue = _with(services.catalogue, published)
        request = PromptRequest(key=key, locale=locale, filling=filling)
        filled = render_prompt(catalogue, request)
        _check_words(catalogue, filled, filling, country)
        services.shown_prompts.filled.keep(content, filled)
    return filled, revision


def _check_words(
    catalogue: Catalogue, filled: FilledPrompt, filling: Filling, country: str
) -> None:
    """What lint would not let be published is not shown, either: a rendering makes a `shown`."""
    prompt, locale = catalogue.prompt(filled.version.key), filled.version.locale
    question = filled_question(prompt, locale, catalogue, filling, country)
    for one in lint_filled(question):
        if one.severity is LintSeverity.ERROR:
            raise InvalidInput(one.where, f"{one.message} ({one.rule.id}). {one.rule.fix}")


async def show_prompt(
    services: ShowPromptNeeds, business_id: BusinessId, key: str, locale: str, filling: Filling
) -> ShownPrompt:
    """Render a question and make its token."""
    filled = await fill_prompt(services, business_id, key, locale, filling)
    return _shown(services, business_id, filled)


async def show_openly(
    services: ShowPromptNeeds,
    business_id: BusinessId,
    key: str,
    locale: str,
    purposes: tuple[str, ...],
) -> ShownPrompt:
    """Render a question for a page that anybody may look at: nothing is written.

    Nobody chooses words there, so they can be found again from the token: see `recall_words`.
    """
    filling = Filling(business=await name_of(services, business_id), purposes=purposes)
    filled, _ = await _fill(services, business_id, key, locale, filling)
    return _shown(services, business_id, filled)


def _shown(services: ShowPromptNeeds, business_id: BusinessId, filled: FilledPrompt) -> ShownPrompt:
    until = Instant(services.clock.now() + services.site.prompt_token_life)
    token = prompt_token(
        filled.version, business=business_id, token_id=services.ids.secret(), until=until
    )
    text = services.tokens.sign(TokenKind.PROMPT, token.fields())
    services.shown_prompts.note(business_id, filled.version)
    return ShownPrompt(filled=filled, token=text, expires_at=until)


async def recall_words(services: ShowPromptNeeds, token: PromptToken) -> bool:
    """Keep the words of a token that comes back, if nobody has yet; False where they are lost.

    What an open page shows is rendered again, by whatever process. It is lost where the question
    was published anew, or the business was renamed, between the first look and the answer.
    """
    business_id = token.business_id
    if await services.prompts.version(business_id, token.prompt):
        return True
    filling = Filling(business=await name_of(services, business_id), purposes=token.purposes)
    try:
        filled, revision = await _fill(services, business_id, token.key, token.locale, filling)
    except InvalidInput:
        return False
    if filled.version.hash != token.prompt:
        return False
    await services.prompts.keep(business_id, filled.version, revision)
    return True


def known_locale(catalogue: Catalogue, key: str, wanted: tuple[str, ...]) -> str:
    """Find the first of the reader's languages that a question has; else its first wording."""
    wordings = catalogue.prompt(key).wordings
    for text in wanted:
        try:
            found = closest_locale(parse_locale(text, "locale"), wordings)
        except InvalidInput:
            continue
        if found:
            return found
    return next(iter(wordings))


def open_token(services: HasTokens, text: str, field: str = "prompt.token") -> PromptToken:
    """Read the token of a prompt.

    Raises:
        InvalidInput: we did not make exactly this token.
    """
    try:
        fields = services.tokens.read(TokenKind.PROMPT, text)
    except InvalidInput as error:
        raise InvalidInput(field, error.message) from error
    return read_prompt_token(fields, field)


def open_live_token(services: ShowPromptNeeds, text: str) -> PromptToken:
    """Read the token of a prompt that is answered now.

    Raises:
        InvalidInput: we did not make exactly this token, or it came back too late.
    """
    token = open_token(services, text)
    if token.is_expired(services.clock.now()):
        raise InvalidInput("token", "has expired: load the page again")
    return token
