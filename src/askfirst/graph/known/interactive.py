"""Interactive messages: buttons, lists, products, flows, addresses, payments.

Source: Meta, "Messages", pages "Interactive reply buttons messages", "Interactive list messages",
"Interactive call-to-action URL button messages", "Sending a flow", "Address messages", "Sell
products and services".
"""

from __future__ import annotations

from askfirst.graph.known.field import UNSET, Free, Known, Maybe, Scalar
from askfirst.graph.known.media import MediaContent
from askfirst.graph.known.payment import OrderDetails


class Header(Known):
    type: Scalar = UNSET
    text: Scalar = UNSET
    sub_text: Scalar = UNSET
    image: Maybe[MediaContent] = UNSET
    video: Maybe[MediaContent] = UNSET
    document: Maybe[MediaContent] = UNSET


class Words(Known):
    """A body or a footer."""

    text: Scalar = UNSET


class Reply(Known):
    id: Scalar = UNSET
    title: Scalar = UNSET


class Button(Known):
    type: Scalar = UNSET
    reply: Maybe[Reply] = UNSET
    quick_reply: Maybe[Reply] = UNSET


class ListRow(Known):
    id: Scalar = UNSET
    title: Scalar = UNSET
    description: Scalar = UNSET


class Product(Known):
    product_retailer_id: Scalar = UNSET
    catalog_id: Scalar = UNSET


class Section(Known):
    """A part of a list, or of a list of products."""

    title: Scalar = UNSET
    rows: Maybe[tuple[ListRow, ...]] = UNSET
    product_items: Maybe[tuple[Product, ...]] = UNSET


class FlowScreen(Known):
    screen: Scalar = UNSET
    data: Free = UNSET


class SavedAddress(Known):
    id: Scalar = UNSET
    value: Free = UNSET


class ActionParameters(OrderDetails):
    """What the action is about: an address, a product, a flow, a call, a payment."""

    display_text: Scalar = UNSET
    url: Scalar = UNSET
    thumbnail_product_retailer_id: Scalar = UNSET
    ttl_minutes: Scalar = UNSET
    payload: Scalar = UNSET
    mode: Scalar = UNSET
    flow_message_version: Scalar = UNSET
    flow_id: Scalar = UNSET
    flow_name: Scalar = UNSET
    flow_cta: Scalar = UNSET
    flow_token: Scalar = UNSET
    flow_action: Scalar = UNSET
    flow_action_payload: Maybe[FlowScreen] = UNSET
    country: Scalar = UNSET
    values: Free = UNSET
    saved_addresses: Maybe[tuple[SavedAddress, ...]] = UNSET
    validation_errors: Free = UNSET


class CardAction(Known):
    name: Scalar = UNSET
    parameters: Maybe[ActionParameters] = UNSET
    buttons: Maybe[tuple[Button, ...]] = UNSET
    product_retailer_id: Scalar = UNSET
    catalog_id: Scalar = UNSET


class CarouselCard(Known):
    """One card of a carousel."""

    card_index: Scalar = UNSET
    type: Scalar = UNSET
    header: Maybe[Header] = UNSET
    body: Maybe[Words] = UNSET
    footer: Maybe[Words] = UNSET
    action: Maybe[CardAction] = UNSET


class Action(CardAction):
    button: Scalar = UNSET
    sections: Maybe[tuple[Section, ...]] = UNSET
    cards: Maybe[tuple[CarouselCard, ...]] = UNSET


class InteractiveContent(Known):
    type: Scalar = UNSET
    header: Maybe[Header] = UNSET
    body: Maybe[Words] = UNSET
    footer: Maybe[Words] = UNSET
    action: Maybe[Action] = UNSET
