"""A template that is to be made. Source: Meta, "Message templates" and "Template library"."""

from __future__ import annotations

from typing import Any

from msgspec import UnsetType

from askfirst.graph.known.field import UNSET, Free, Known, Leaf, Maybe, Scalar


class NamedExample(Known):
    param_name: Scalar = UNSET
    example: Scalar = UNSET


class Example(Known):
    """Values that Meta's reviewers see."""

    header_text: Maybe[tuple[Leaf, ...]] = UNSET
    header_handle: Maybe[tuple[Leaf, ...]] = UNSET
    header_url: Maybe[tuple[Leaf, ...]] = UNSET
    header_text_named_params: Maybe[tuple[NamedExample, ...]] = UNSET
    body_text: Maybe[tuple[tuple[Leaf, ...] | Leaf, ...]] = UNSET
    body_text_named_params: Maybe[tuple[NamedExample, ...]] = UNSET


class DeepLink(Known):
    meta_app_id: Scalar = UNSET
    android_deep_link: Scalar = UNSET
    android_fallback_playstore_url: Scalar = UNSET


class DraftedApp(Known):
    package_name: Scalar = UNSET
    signature_hash: Scalar = UNSET


class DraftButton(Known):
    type: Scalar = UNSET
    text: Scalar = UNSET
    url: Scalar = UNSET
    phone_number: Scalar = UNSET
    example: tuple[Leaf, ...] | Scalar = UNSET
    app_deep_link: Maybe[DeepLink] = UNSET
    ttl_minutes: Scalar = UNSET
    icon: Scalar = UNSET
    flow_id: Scalar = UNSET
    flow_name: Scalar = UNSET
    flow_json: str | dict[str, Any] | UnsetType | None = UNSET
    flow_action: Scalar = UNSET
    navigate_screen: Scalar = UNSET
    otp_type: Scalar = UNSET
    autofill_text: Scalar = UNSET
    package_name: Scalar = UNSET
    signature_hash: Scalar = UNSET
    supported_apps: Maybe[tuple[DraftedApp, ...]] = UNSET
    zero_tap_terms_accepted: Scalar = UNSET


class DraftOffer(Known):
    text: Scalar = UNSET
    has_expiration: Scalar = UNSET


class DraftPart(Known):
    """A component, such as a header, a body or buttons."""

    type: Scalar = UNSET
    format: Scalar = UNSET
    text: Scalar = UNSET
    example: Maybe[Example] = UNSET
    buttons: Maybe[tuple[DraftButton, ...]] = UNSET
    limited_time_offer: Maybe[DraftOffer] = UNSET
    add_security_recommendation: Scalar = UNSET
    code_expiration_minutes: Scalar = UNSET


class DraftCard(Known):
    components: Maybe[tuple[DraftPart, ...]] = UNSET


class DraftComponent(DraftPart):
    cards: Maybe[tuple[DraftCard, ...]] = UNSET


class LibraryUrl(Known):
    base_url: Scalar = UNSET
    url_suffix_example: Scalar = UNSET


class LibraryButton(Known):
    type: Scalar = UNSET
    phone_number: Scalar = UNSET
    url: Maybe[LibraryUrl] = UNSET
    otp_type: Scalar = UNSET
    zero_tap_terms_accepted: Scalar = UNSET
    supported_apps: Maybe[tuple[DraftedApp, ...]] = UNSET


class LibraryBody(Known):
    add_contact_number: Scalar = UNSET
    add_learn_more_link: Scalar = UNSET
    add_security_recommendation: Scalar = UNSET
    add_track_package_link: Scalar = UNSET
    code_expiration_minutes: Scalar = UNSET


class FreedomSpec(Known):
    """Which changes of Meta's own are taken; each is named by Meta, with a switch."""

    creative_features_spec: Free = UNSET


class TemplateDraft(Known):
    """What is posted to `/message_templates`."""

    name: Scalar = UNSET
    language: Scalar = UNSET
    category: Scalar = UNSET
    sub_category: Scalar = UNSET
    parameter_format: Scalar = UNSET
    components: Maybe[tuple[DraftComponent, ...]] = UNSET
    allow_category_change: Scalar = UNSET
    message_send_ttl_seconds: Scalar = UNSET
    cta_url_link_tracking_opted_out: Scalar = UNSET
    display_format: Scalar = UNSET
    is_primary_device_delivery_only: Scalar = UNSET
    degrees_of_freedom_spec: Maybe[FreedomSpec] = UNSET
    library_template_name: Scalar = UNSET
    library_template_body_inputs: Maybe[LibraryBody] = UNSET
    library_template_button_inputs: Maybe[tuple[LibraryButton, ...]] = UNSET


class TemplatesDraft(TemplateDraft):
    """What is posted to `/upsert_message_templates`: one template in several languages."""

    languages: Maybe[tuple[str, ...]] = UNSET
