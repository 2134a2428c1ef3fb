"""A template as it is sent. Source: Meta, "Messages API" and the pages on kinds of templates."""

from __future__ import annotations

from msgspec import UnsetType

from askfirst.graph.known.field import UNSET, Free, Known, Maybe, Scalar
from askfirst.graph.known.interactive import Product, Section
from askfirst.graph.known.media import Location, MediaContent
from askfirst.graph.known.payment import OrderDetails


class Language(Known):
    code: Maybe[str] = UNSET
    policy: Scalar = UNSET


class Currency(Known):
    fallback_value: Scalar = UNSET
    code: Scalar = UNSET
    amount_1000: Scalar = UNSET


class DateTime(Known):
    fallback_value: Scalar = UNSET
    timestamp: Scalar = UNSET
    day_of_week: Scalar = UNSET
    day_of_month: Scalar = UNSET
    year: Scalar = UNSET
    month: Scalar = UNSET
    hour: Scalar = UNSET
    minute: Scalar = UNSET
    calendar: Scalar = UNSET


class Offer(Known):
    expiration_time_ms: Scalar = UNSET


class TapTarget(Known):
    url: Scalar = UNSET
    title: Scalar = UNSET


class ButtonAction(Known):
    """What a button of a template opens: a flow, a catalogue, a payment."""

    flow_token: Scalar = UNSET
    flow_action_data: Free = UNSET
    thumbnail_product_retailer_id: Scalar = UNSET
    catalog_id: Scalar = UNSET
    sections: Maybe[tuple[Section, ...]] = UNSET
    order_details: Maybe[OrderDetails] = UNSET


class Parameter(Known):
    """What stands in one place of a template; `type` names the field that holds it."""

    type: Scalar = UNSET
    parameter_name: Scalar = UNSET
    text: Scalar = UNSET
    payload: Scalar = UNSET
    coupon_code: Scalar = UNSET
    ttl_minutes: Scalar = UNSET
    currency: Maybe[Currency] = UNSET
    date_time: Maybe[DateTime] = UNSET
    image: Maybe[MediaContent] = UNSET
    video: Maybe[MediaContent] = UNSET
    gif: Maybe[MediaContent] = UNSET
    document: Maybe[MediaContent] = UNSET
    location: Maybe[Location] = UNSET
    product: Maybe[Product] = UNSET
    action: Maybe[ButtonAction] = UNSET
    limited_time_offer: Maybe[Offer] = UNSET
    order_status: Maybe[OrderDetails] = UNSET
    tap_target_configuration: Maybe[tuple[TapTarget, ...]] = UNSET


class Part(Known):
    """A component, such as a header, a body or a button."""

    type: Scalar = UNSET
    sub_type: Scalar = UNSET
    index: Scalar = UNSET
    parameters: Maybe[tuple[Parameter, ...]] = UNSET


class TemplateCard(Known):
    """One card of a carousel."""

    card_index: Scalar = UNSET
    components: Maybe[tuple[Part, ...]] = UNSET


class Component(Part):
    cards: Maybe[tuple[TemplateCard, ...]] = UNSET


class Template(Known):
    """The gate decides by `name` and `language`: these are texts, or the send is refused."""

    name: Maybe[str] = UNSET
    language: Language | str | UnsetType | None = UNSET
    namespace: Scalar = UNSET
    components: Maybe[tuple[Component, ...]] = UNSET
