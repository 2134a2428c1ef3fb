"""Flows that are to be made or changed. Source: Meta, "Flows API"."""

from __future__ import annotations

from typing import Any

from msgspec import UnsetType

from askfirst.graph.known.field import UNSET, Known, Maybe, Scalar


class FlowDraft(Known):
    """What is posted to `/flows`, and to a flow itself."""

    name: Scalar = UNSET
    categories: Maybe[tuple[str, ...]] = UNSET
    clone_flow_id: Scalar = UNSET
    endpoint_uri: Scalar = UNSET
    application_id: Scalar = UNSET
    flow_json: str | dict[str, Any] | UnsetType | None = UNSET
    publish: Scalar = UNSET


class NoFields(Known):
    """What is posted where the address says it all."""
