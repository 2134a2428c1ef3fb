"""Say where this installation is reached from outside."""

from __future__ import annotations

from askfirst.domain.tenants.deployment import Site
from askfirst.ports.tenants.site import HasSite


def show_site(services: HasSite) -> Site:
    """Return the addresses under which pages and chats are reached."""
    return services.site
