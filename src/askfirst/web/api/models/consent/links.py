"""Links to one person's preference page, as they are asked for and go out."""

from __future__ import annotations

from pydantic import Field

from askfirst.usecases.consent.manage_links import LIFE_DAYS_DEFAULT, LIFE_DAYS_MAX
from askfirst.web.api.models.base import Asked, Time, Told
from askfirst.web.api.models.consent.contacts import ContactName


class LinkRequest(Asked):
    """Whose preference page."""

    contact: ContactName
    days: int = Field(LIFE_DAYS_DEFAULT, ge=1, le=LIFE_DAYS_MAX, description="How long it works.")


class LinkAnswer(Told):
    """A link for one person. Whoever has it can see and end their consents."""

    id: str
    url: str
    expires_at: Time
