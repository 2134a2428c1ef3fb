"""Reads Meta's list of templates, page by page."""

from __future__ import annotations

from typing import Final
from urllib.parse import urlencode

from askfirst.domain.errors import InvalidInput, Unavailable
from askfirst.domain.sender import Sender, Template
from askfirst.graph.templates import TemplateEntry, TemplatePage, read_template_page
from askfirst.ports.clock import Clock
from askfirst.ports.line import Lines, NotSent, OutcomeUnknown

VERSION: Final = "v26.0"
PAGE_SIZE: Final = 200
PAGES_MAX: Final = 200
"""40,000 templates and languages: several times what Meta allows an account."""
_FIELDS = "name,language,status,category"
_OK = 200


class TemplatesFromGraph:
    """The registry's source."""

    def __init__(self, lines: Lines, clock: Clock, *, version: str = VERSION) -> None:
        self._lines = lines
        self._clock = clock
        self._version = version

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
        target = f"/{self._version}/{sender.waba_id}/message_templates?{urlencode(query)}"
        try:
            line = await self._lines.open()
            try:
                line.send("GET", target, {"authorization": f"Bearer {token}"}, b"")
            finally:
                line.release()
            answer = await line.answer()
        except (NotSent, OutcomeUnknown) as error:
            raise Unavailable("Meta did not answer with its list of templates") from error
        if answer.status != _OK:
            raise Unavailable(f"Meta answered {answer.status} to a request for the templates")
        try:
            return read_template_page(answer.body)
        except InvalidInput as error:
            raise Unavailable("Meta's list of templates could not be read") from error
