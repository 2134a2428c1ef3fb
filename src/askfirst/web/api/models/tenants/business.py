"""What customers are told about the business, as it comes in and goes out."""

from __future__ import annotations

from pydantic import Field

from askfirst.domain.opt_out.flow_stop import FLOW_STOPS_MAX
from askfirst.domain.tenants.profile import ORIGINS_MAX
from askfirst.web.api.models.base import PURPOSES_MAX, TEXT_MAX, Asked, Locale, Told

_STOPS = "Answers in your WhatsApp Flows that end consent."


class FlowStopRequest(Asked):
    """An answer in a WhatsApp Flow that ends consent."""

    key: str = Field(max_length=TEXT_MAX, description="The field.", examples=["offers"])
    value: str = Field(
        max_length=TEXT_MAX,
        description="What it holds, as text: `false` for a switch that is off.",
        examples=["false"],
    )
    purposes: list[str] = Field(
        default_factory=list,
        max_length=PURPOSES_MAX,
        description="What it ends; empty: everything.",
        examples=[["marketing"]],
    )
    is_missing: bool = Field(
        default=False,
        description="It counts where the field was answered without this value.",
    )


class FlowStopSheet(Told):
    """An answer in a WhatsApp Flow that ends consent."""

    key: str
    value: str
    purposes: list[str]
    is_missing: bool


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
    flow_stops: list[FlowStopRequest] = Field(
        default_factory=list, max_length=FLOW_STOPS_MAX, description=_STOPS
    )


class BusinessSheet(Told):
    """The business as its customers meet it."""

    id: str
    name: str
    origins: list[str]
    contact: str
    privacy_url: str
    country: str
    locale: str
    flow_stops: list[FlowStopSheet] = Field(description=_STOPS)
