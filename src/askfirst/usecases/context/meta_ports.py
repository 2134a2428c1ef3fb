"""What is asked of Meta."""

from __future__ import annotations

from dataclasses import dataclass

from askfirst.ports.codes.composer import Composer
from askfirst.ports.entry_points.entry_points import ManagedLinks
from askfirst.ports.sending.http_connection import CodeTemplates, HttpConnections, TemplateSource
from askfirst.ports.sending.media_files import MediaFiles
from askfirst.ports.tenants.accounts import Accounts


@dataclass(frozen=True, kw_only=True)
class MetaPorts:
    """Ports to Meta's Graph API: all of them go by the same connections."""

    connections: HttpConnections
    media_files: MediaFiles
    composer: Composer
    template_source: TemplateSource
    managed_links: ManagedLinks
    code_templates: CodeTemplates
    accounts: Accounts
