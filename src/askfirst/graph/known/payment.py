"""Orders and payments. Source: Meta, "Payments API" (Brazil, India) and "Orders"."""

from __future__ import annotations

from askfirst.graph.known.field import UNSET, Free, Known, Maybe, Scalar
from askfirst.graph.known.media import MediaContent


class Amount(Known):
    value: Scalar = UNSET
    offset: Scalar = UNSET
    description: Scalar = UNSET
    discount_program_name: Scalar = UNSET


class PostalAddress(Known):
    """A beneficiary's or an importer's."""

    name: Scalar = UNSET
    address_line1: Scalar = UNSET
    address_line2: Scalar = UNSET
    city: Scalar = UNSET
    state: Scalar = UNSET
    zone_code: Scalar = UNSET
    country: Scalar = UNSET
    country_code: Scalar = UNSET
    postal_code: Scalar = UNSET


class OrderItem(Known):
    retailer_id: Scalar = UNSET
    product_id: Scalar = UNSET
    name: Scalar = UNSET
    image: Maybe[MediaContent] = UNSET
    amount: Maybe[Amount] = UNSET
    sale_amount: Maybe[Amount] = UNSET
    quantity: Scalar = UNSET
    country_of_origin: Scalar = UNSET
    importer_name: Scalar = UNSET
    importer_address: Maybe[PostalAddress] = UNSET


class Expiration(Known):
    timestamp: Scalar = UNSET
    description: Scalar = UNSET


class PaymentOrder(Known):
    status: Scalar = UNSET
    type: Scalar = UNSET
    description: Scalar = UNSET
    catalog_id: Scalar = UNSET
    expiration: Maybe[Expiration] = UNSET
    items: Maybe[tuple[OrderItem, ...]] = UNSET
    subtotal: Maybe[Amount] = UNSET
    tax: Maybe[Amount] = UNSET
    shipping: Maybe[Amount] = UNSET
    discount: Maybe[Amount] = UNSET


class PixCode(Known):
    code: Scalar = UNSET
    merchant_name: Scalar = UNSET
    key: Scalar = UNSET
    key_type: Scalar = UNSET
    flow_type: Scalar = UNSET


class PaymentLink(Known):
    uri: Scalar = UNSET


class Boleto(Known):
    digitable_line: Scalar = UNSET


class CardOnFile(Known):
    last_four_digits: Scalar = UNSET
    credential_id: Scalar = UNSET


class PaymentGateway(Known):
    """A provider of payments; what it is told beside the payment is the business's own."""

    type: Scalar = UNSET
    configuration_name: Scalar = UNSET
    billdesk: Free = UNSET
    payu: Free = UNSET
    razorpay: Free = UNSET
    upi: Free = UNSET
    zaakpay: Free = UNSET


class PaymentSetting(Known):
    type: Scalar = UNSET
    boleto: Maybe[Boleto] = UNSET
    offsite_card_pay: Maybe[CardOnFile] = UNSET
    payment_gateway: Maybe[PaymentGateway] = UNSET
    payment_link: Maybe[PaymentLink] = UNSET
    pix_dynamic_code: Maybe[PixCode] = UNSET
    pix_static_code: Maybe[PixCode] = UNSET


class Payment(Known):
    """What became of a payment."""

    status: Scalar = UNSET
    timestamp: Scalar = UNSET


class OrderDetails(Known):
    """What `order_details` and `order_status` say of an order, in messages and templates."""

    reference_id: Scalar = UNSET
    type: Scalar = UNSET
    payment_type: Scalar = UNSET
    payment_configuration: Scalar = UNSET
    payment_settings: Maybe[tuple[PaymentSetting, ...]] = UNSET
    currency: Scalar = UNSET
    total_amount: Maybe[Amount] = UNSET
    order: Maybe[PaymentOrder] = UNSET
    payment: Maybe[Payment] = UNSET
    beneficiaries: Maybe[tuple[PostalAddress, ...]] = UNSET
    shipping_info: Free = UNSET
