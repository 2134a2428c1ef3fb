"""What changes a number.

Source: Meta, "Registration", "Settings", "Block users", "QR codes", "Commerce settings", "Business
encryption".
"""

from __future__ import annotations

from msgspec import UnsetType

from askfirst.graph.known.field import UNSET, Known, Maybe, Scalar


class Backup(Known):
    """What comes over from the on-premises API."""

    data: Scalar = UNSET
    password: Scalar = UNSET


class Registration(Known):
    """What is posted to `/register`."""

    messaging_product: Scalar = UNSET
    pin: Scalar = UNSET
    data_localization_region: Scalar = UNSET
    backup: Maybe[Backup] = UNSET
    cert: Scalar = UNSET


class Deregistration(Known):
    """What is posted to `/deregister`: nothing that matters."""

    messaging_product: Scalar = UNSET


class NumberCode(Known):
    """What is posted to `/request_code` and `/verify_code`."""

    messaging_product: Scalar = UNSET
    code_method: Scalar = UNSET
    language: Scalar = UNSET
    locale: Scalar = UNSET
    code: Scalar = UNSET


class NumberChange(Known):
    """What is posted to a number itself: its PIN. Its webhook address stays askfirst's."""

    messaging_product: Scalar = UNSET
    pin: Scalar = UNSET


class CommerceSettings(Known):
    """What is posted to `/whatsapp_commerce_settings`."""

    messaging_product: Scalar = UNSET
    is_catalog_visible: Scalar = UNSET
    is_cart_enabled: Scalar = UNSET
    id: Scalar = UNSET


class Encryption(Known):
    """What is posted to `/whatsapp_business_encryption`."""

    business_public_key: Scalar = UNSET


class LinkDraft(Known):
    """What is posted to `/message_qrdls`."""

    prefilled_message: Scalar = UNSET
    generate_qr_image: Scalar = UNSET
    code: Scalar = UNSET


class OpenHours(Known):
    day_of_week: Scalar = UNSET
    open_time: Scalar = UNSET
    close_time: Scalar = UNSET


class Holiday(Known):
    date: Scalar = UNSET
    start_time: Scalar = UNSET
    end_time: Scalar = UNSET


class CallHours(Known):
    status: Scalar = UNSET
    timezone_id: Scalar = UNSET
    weekly_operating_hours: Maybe[tuple[OpenHours, ...]] = UNSET
    holiday_schedule: Maybe[tuple[Holiday, ...]] = UNSET


class SipServer(Known):
    hostname: Scalar = UNSET
    port: Scalar = UNSET


class Sip(Known):
    status: Scalar = UNSET
    servers: Maybe[tuple[SipServer, ...]] = UNSET


class CallIcons(Known):
    restrict_to_user_countries: Maybe[tuple[str, ...]] = UNSET


class CallSettings(Known):
    status: Scalar = UNSET
    call_icon_visibility: Scalar = UNSET
    call_icons: Maybe[CallIcons] = UNSET
    call_hours: Maybe[CallHours] = UNSET
    callback_permission_status: Scalar = UNSET
    sip: Maybe[Sip] = UNSET
    srtp_key_exchange_protocol: Scalar = UNSET


class IdentityChange(Known):
    enable_identity_key_check: Scalar = UNSET


class PayloadEncryption(Known):
    status: Scalar = UNSET
    client_encryption_key: Scalar = UNSET


class StorageConfiguration(Known):
    status: Scalar = UNSET
    data_localization_region: Scalar = UNSET
    retention_minutes: Scalar = UNSET


class NumberSettings(Known):
    """What is posted to `/settings`."""

    messaging_product: Scalar = UNSET
    calling: Maybe[CallSettings] = UNSET
    user_identity_change: Maybe[IdentityChange] = UNSET
    payload_encryption: Maybe[PayloadEncryption] = UNSET
    storage_configuration: Maybe[StorageConfiguration] = UNSET


class BlockedUser(Known):
    """One person, by number or by user id."""

    user: str | int | UnsetType | None = UNSET
    user_id: Maybe[str] = UNSET


class Blocks(Known):
    """What is posted to, or deleted from, `/block_users`."""

    block_users: tuple[BlockedUser, ...]
    messaging_product: Scalar = UNSET
