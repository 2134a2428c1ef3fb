"""What customers are told about the business, as it comes in and goes out."""

from __future__ import annotations

from pydantic import Field

from askfirst.domain.profile import ORIGINS_MAX
from askfirst.web.api.models.base import TEXT_MAX, Asked, Locale, Told


class BusinessRequest(Asked):
    """What customers are told about the business."""

    name: str = Field(max_length=TEXT_MAX, description="The name that they know.")
    origins: list[str] = Field(
        default_factory=list,
        max_length=ORIGINS_MAX,
        description="Sites whose pages may fetch prompts and post answers with their tokens.",
        examples=[["https://shop.example"]],
    )
    contact: str = Field("", max_length=TEXT_MAX, description="How people reach it.")
    privacy_url: str = Field("", max_length=1000, description="Its privacy notice.")
    country: str = Field("", max_length=2, description="Whose law binds the wording: DE, BR, …")
    locale: Locale = Field("en", description="Spoken where the reader's is not known.")


class BusinessSheet(Told):
    """The business as its customers meet it."""

    id: str
    name: str
    origins: list[str]
    contact: str
    privacy_url: str
    country: str
    locale: str
