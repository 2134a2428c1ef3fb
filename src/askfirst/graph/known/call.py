"""A voice call. Source: Meta, "Calling API"."""

from __future__ import annotations

from typing import Final

from msgspec import UnsetType

from askfirst.graph.known.field import UNSET, Known, Maybe, Scalar

ANSWERS: Final = frozenset({"pre_accept", "accept", "reject", "terminate"})
"""What is said about a call that is there already: nobody is called by it."""


class CallSession(Known):
    sdp_type: Scalar = UNSET
    sdp: Scalar = UNSET


class CallContent(Known):
    """What is posted to `/calls`. Its `action` decides, and whom it is to."""

    messaging_product: Scalar = UNSET
    to: str | int | UnsetType | None = UNSET
    recipient: str | int | UnsetType | None = UNSET
    action: Maybe[str] = UNSET
    call_id: Scalar = UNSET
    session: Maybe[CallSession] = UNSET
    biz_opaque_callback_data: Scalar = UNSET
