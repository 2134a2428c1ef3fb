"""A business's profile. Source: Meta, "Business profiles"."""

from __future__ import annotations

from askfirst.graph.known.field import UNSET, Known, Maybe, Scalar


class Profile(Known):
    """What is posted to `/whatsapp_business_profile`."""

    messaging_product: Scalar = UNSET
    about: Scalar = UNSET
    address: Scalar = UNSET
    description: Scalar = UNSET
    email: Scalar = UNSET
    profile_picture_handle: Scalar = UNSET
    vertical: Scalar = UNSET
    websites: Maybe[tuple[str, ...]] = UNSET
