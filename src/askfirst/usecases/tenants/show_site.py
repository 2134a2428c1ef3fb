"""Say where this installation is reached from outside."""

from __future__ import annotations

from askfirst.domain.tenants.deployment import Site
from askfirst.usecases.context.services import Services


def show_site(services: Services) -> Site:
    """Return the addresses under which pages and chats are reached."""
    return services.site
