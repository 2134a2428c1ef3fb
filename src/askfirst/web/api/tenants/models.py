"""The business, its senders and templates, and who is calling."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field, SecretStr

from askfirst.domain.opt_out.flow_stop import FLOW_STOPS_MAX
from askfirst.domain.tenants.profile import ORIGINS_MAX
from askfirst.domain.tenants.sender import SenderState
from askfirst.domain.tenants.sender_health import Quality
from askfirst.web.api.platform.models import PURPOSES_MAX, TEXT_MAX, Asked, Locale, Time, Told

_COLOUR = "The colour of buttons on your pages, as `#rrggbb`."
_STOPS = "Answers in your WhatsApp Flows that end consent."
State = Annotated[SenderState, Field(strict=False)]


class SenderRequest(Asked):
    """A WhatsApp business phone number."""

    waba_id: str = Field(description="Meta's id of the account.", examples=["102290129340398"])
    number: str = Field(description="Its own number, with plus.", examples=["+15551234567"])
    name: str = Field(
        min_length=1, max_length=TEXT_MAX, description="What people see.", examples=["Ada's Shop"]
    )
    state: State = Field(SenderState.ACTIVE, description="Only an active sender may send.")
    token: SecretStr | None = Field(
        None,
        description="Meta's access token. Kept encrypted, never given back; left out: unchanged.",
        max_length=1024,
        json_schema_extra={"writeOnly": True},
    )


class SenderAnswer(Told):
    """A sender, without its token."""

    phone_number_id: str = Field(description="Meta's id of the phone number.")
    waba_id: str = Field(description="Meta's id of the WhatsApp business account.")
    number: str = Field(description="The phone number.")
    name: str = Field(description="What people see.")
    state: SenderState
    quality: Quality | None = Field(
        None,
        description="How Meta rates its messages of the last seven days. Null: not read yet.",
    )
    messaging_limit: int | None = Field(
        None,
        description="To how many people a day its portfolio may write outside 24-hour windows. 0: "
        "to any number of them; null: not known.",
    )
    health_seen_at: Time | None = Field(
        None, description="When both were read from Meta: about once an hour."
    )


class SenderList(Told):
    """All senders of the business."""

    data: list[SenderAnswer] = Field(description="The senders.")


class BusinessAnswer(Told):
    """A tenant."""

    id: str = Field(description="The id of the business.")
    name: str = Field(description="The name that customers know.")


class KeyAnswer(Told):
    """An API key, without its secret."""

    id: str = Field(description="The id of the key.")
    name: str = Field(description="The name that the key was given.")
    scopes: list[str] = Field(description="What the key may do.")


class CallerAnswer(Told):
    """Who is calling."""

    business: BusinessAnswer
    key: KeyAnswer


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

    key: str = Field(description="The field of the form.")
    value: str = Field(description="What it holds, as text.")
    purposes: list[str] = Field(description="What it ends. Empty: everything.")
    is_missing: bool = Field(
        description="Whether it counts where the field was answered without this value."
    )


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
    country: str = Field(
        "",
        max_length=2,
        description="Where it is at home (ISO 3166): its law binds the wording, and numbers "
        "without a country code are dialled there.",
        examples=["FR"],
    )
    locale: Locale = Field("en", description="Spoken where the reader's is not known.")
    colour: str = Field("", max_length=7, description=_COLOUR, examples=["#0b6b57"])
    logo: str | None = Field(
        None,
        max_length=48 * 1024,
        description="A PNG of 32 KB at most, in base64, for the head of your pages. Left out: "
        "unchanged; empty: taken away.",
    )
    flow_stops: list[FlowStopRequest] = Field(
        default_factory=list, max_length=FLOW_STOPS_MAX, description=_STOPS
    )


class ColourSheet(Told):
    """A colour on the pages: as it was given where it fills, adjusted where it is read."""

    fill: str = Field(description="The colour of buttons, as it was given.")
    on_fill: str = Field(description="Words on it: black or white.")
    words_on_light: str = Field(description="Made darker until it reaches 4.5 to 1 (WCAG 2.2 AA).")
    words_on_dark: str = Field(description="Made lighter until it does.")


class BusinessSheet(Told):
    """The business as its customers meet it."""

    id: str = Field(description="The id of the business.")
    name: str = Field(description="The name that customers know.")
    origins: list[str] = Field(description="Sites whose pages may show prompts and post answers.")
    contact: str = Field(description="How people reach it.")
    privacy_url: str = Field(description="Its privacy notice.")
    country: str = Field(description="Whose law binds the wording; numbers are read as there.")
    locale: str = Field(description="The language where the reader's is not known.")
    colour: ColourSheet | None = Field(description="The colour of its pages, if one is set.")
    logo: str | None = Field(description="Where the logo is, if there is one.")
    flow_stops: list[FlowStopSheet] = Field(description=_STOPS)
