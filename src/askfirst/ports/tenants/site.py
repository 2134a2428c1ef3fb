"""What the operator laid down for this deployment."""

from __future__ import annotations

from typing import Protocol

from askfirst.domain.tenants.deployment import Site


class HasSite(Protocol):
    """Whatever brings where this deployment is reached along."""

    @property
    def site(self) -> Site:
        """Where this deployment is reached."""
        ...


class ConfirmsStops(Protocol):
    """Whatever knows if a stop in the chat is answered."""

    @property
    def confirms_stops(self) -> bool:
        """Whether stops in the chat are confirmed."""
        ...
