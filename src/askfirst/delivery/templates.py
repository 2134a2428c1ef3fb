"""Reads Meta's list of templates, page by page."""

from __future__ import annotations

from typing import Final
from urllib.parse import urlencode

from askfirst.delivery.graph_calls import GraphCalls
from askfirst.domain.tenants.sender import Sender, Template
from askfirst.domain.values.errors import Unavailable
from askfirst.graph.tenants.templates import TemplateEntry, TemplatePage, read_template_page
from askfirst.ports.platform.clock import Clock
from askfirst.ports.sending.http_connection import Lines

VERSION: Final = "v26.0"
PAGE_SIZE: Final = 200
PAGES_MAX: Final = 200
"""40,000 templates and languages: several times what Meta allows an account."""
_FIELDS = "name,language,status,category"


class TemplatesFromGraph:
    """The registry's source."""

    def __init__(self, lines: Lines, clock: Clock, *, version: str = VERSION) -> None:
        self._calls = GraphCalls(lines=lines, version=version, subject="the list of templates")
        self._clock = clock

    async def read(self, sender: Sender, token: str) -> tuple[Template, ...]:
        seen_at = self._clock.now()  # what changes while we read is newer than what we read
        entries: list[TemplateEntry] = []
        cursor: str | None = None
        for _ in range(PAGES_MAX):
            page = await self._page(sender, token, cursor)
            entries += page.templates
            if page.next_cursor is None:
                return tuple(
                    Template(
                        business_id=sender.business_id,
                        waba_id=sender.waba_id,
                        name=entry.name,
                        language=entry.language,
                        category=entry.category,
                        state=entry.state,
                        seen_at=seen_at,
                    )
                    for entry in entries
                )
            cursor = page.next_cursor
        raise Unavailable(f"Meta's list of templates has more than {PAGES_MAX} pages")

    async def _page(self, sender: Sender, token: str, cursor: str | None) -> TemplatePage:
        query = {"fields": _FIELDS, "limit": str(PAGE_SIZE)} | ({"after": cursor} if cursor else {})
        path = f"{sender.waba_id}/message_templates?{urlencode(query)}"
        answer = await self._calls.make("GET", path, token)
        return self._calls.read(answer, read_template_page)
