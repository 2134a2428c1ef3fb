"""Errands about what a business tells people about itself."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from askfirst.bootstrap.local.admin_command import Answer, Errand, business_of
from askfirst.bootstrap.local.answers import business_row
from askfirst.domain.prompts.prompt_rule import parse_country
from askfirst.domain.tenants.profile import Profile
from askfirst.domain.values.locales import parse_locale
from askfirst.usecases.context.services import Services
from askfirst.usecases.tenants.manage_profile import put_profile, show_profile


class ShowBusiness(Errand, frozen=True, kw_only=True, tag=True):
    """Give the business as its customers meet it."""

    async def run(self, services: Services) -> Answer:
        business_id = await business_of(services, self.business)
        return business_row(*await show_profile(services, business_id))


class SetBusiness(Errand, frozen=True, kw_only=True, tag=True):
    """Change what is named; None leaves it as it is, and empty takes it away."""

    name: str | None = None
    origins: tuple[str, ...] | None = None
    contact: str | None = None
    privacy_url: str | None = None
    country: str | None = None
    locale: str | None = None

    async def run(self, services: Services) -> Answer:
        business_id = await business_of(services, self.business)
        business, profile = await show_profile(services, business_id)
        name = business.name if self.name is None else self.name
        return business_row(*await put_profile(services, business_id, name, self._changed(profile)))

    def _changed(self, profile: Profile) -> Profile:
        told: dict[str, Any] = {
            "origins": self.origins,
            "contact": self.contact,
            "privacy_url": self.privacy_url,
            "country": None if self.country is None else parse_country(self.country),
            "locale": None if self.locale is None else parse_locale(self.locale, "locale"),
        }
        return replace(profile, **{name: it for name, it in told.items() if it is not None})
