"""Find the language to answer a person in who wrote in the chat."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Protocol

from askfirst.domain.consent.stop_confirmation import choose_locale
from askfirst.domain.tenants.profile import NO_PROFILE
from askfirst.domain.values.alias import Alias
from askfirst.domain.values.ids import BusinessId
from askfirst.domain.values.locales import locale_of_country
from askfirst.ports.consent.ledger import HasLedger
from askfirst.ports.platform.phone_numbers import HasNumbering
from askfirst.ports.prompts.prompts import HasProfiles, HasPrompts
from askfirst.usecases.contacts.read_number import country_of_alias
from askfirst.usecases.contacts.show_contact import all_acts


class ReplyLocaleNeeds(HasLedger, HasNumbering, HasProfiles, HasPrompts, Protocol):
    """What this use case needs from the world."""


async def reply_locale(
    services: ReplyLocaleNeeds,
    business_id: BusinessId,
    alias: Alias,
    heard: Sequence[str],
    written: Collection[str],
) -> str:
    """Choose one of the locales that the answer is `written` in.

    By the languages of their words (`heard`), then those of their last question, of the business,
    and of the country.
    """
    known = [await _last_asked_in(services, business_id, alias)]
    profile = await services.profiles.profile(business_id)
    if profile != NO_PROFILE:
        known.append(profile.locale)
    known.append(locale_of_country(country_of_alias(services, alias)))
    return choose_locale(heard, tuple(filter(None, known)), written)


async def _last_asked_in(services: ReplyLocaleNeeds, business_id: BusinessId, alias: Alias) -> str:
    """Return the locale of the last question that the person answered; empty where nobody knows."""
    contact_id = await services.ledger.find(business_id, alias)
    if contact_id is None:
        return ""
    prompt = None
    async for event in all_acts(services, business_id, contact_id):
        prompt = event.prompt or prompt
    version = await services.prompts.version(business_id, prompt) if prompt else None
    return version.locale if version else ""
