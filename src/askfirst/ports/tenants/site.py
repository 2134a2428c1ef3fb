"""Where this deployment is reached."""

from __future__ import annotations

from typing import Protocol

from askfirst.domain.tenants.deployment import Site


class HasSite(Protocol):
    """Whatever brings where this deployment is reached along."""

    @property
    def site(self) -> Site:
        """Where this deployment is reached."""
        ...
