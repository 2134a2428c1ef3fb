"""Templates at Meta: reads the list of them, and keeps those for codes as askfirst needs them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final
from urllib.parse import urlencode

from askfirst.delivery.graph_client import GraphCalls
from askfirst.domain.codes.code_limits import CodeRules
from askfirst.domain.codes.code_template import LANGUAGES, CodeVariant
from askfirst.domain.tenants.sender import Sender, Template
from askfirst.domain.value import replace
from askfirst.domain.values.errors import Unavailable
from askfirst.domain.values.purpose import Category
from askfirst.domain.values.timestamp import MINUTE, SECOND, Instant
from askfirst.graph.sending.authentication import (
    CodeButton,
    CodeTemplate,
    SupportedApp,
    read_upsert,
    upsert_body,
)
from askfirst.graph.sending.send_answer import read_error_code
from askfirst.graph.tenants.templates import TemplateEntry, TemplatePage, read_template_page
from askfirst.ports.platform.clock import Clock
from askfirst.ports.sending.http_connection import HttpConnections, TemplatesRefused

VERSION: Final = "v26.0"
PAGE_SIZE: Final = 200
PAGES_MAX: Final = 200
"""40,000 templates and languages: several times what Meta allows an account."""
_FIELDS: Final = (
    "name,language,status,category,previous_category,correct_category,quality_score,components",
    "name,language,status,category,components",
)
"""All that is of use, and what every version of the Graph API lists: one field that Meta does not
know is an error for all of them."""
_ASKED_WRONGLY: Final = 400
_BUTTONS: Final = {
    CodeVariant.COPY_CODE: CodeButton.COPY_CODE,
    CodeVariant.ONE_TAP: CodeButton.ONE_TAP,
    CodeVariant.ZERO_TAP: CodeButton.ZERO_TAP,
}


class TemplatesFromGraph:
    """The registry's source."""

    def __init__(
        self, connections: HttpConnections, clock: Clock, *, version: str = VERSION
    ) -> None:
        self._calls = GraphCalls(
            connections=connections, version=version, subject="the list of templates"
        )
        self._clock = clock

    async def read(self, sender: Sender, token: str) -> tuple[Template, ...]:
        seen_at = self._clock.now()  # what changes while we read is newer than what we read
        entries: list[TemplateEntry] = []
        cursor: str | None = None
        fields = list(_FIELDS)
        for _ in range(PAGES_MAX):
            page = await self._page(sender, token, cursor, fields)
            entries += page.templates
            if page.next_cursor is None:
                return tuple(_template(entry, sender, seen_at) for entry in entries)
            cursor = page.next_cursor
        raise Unavailable(f"Meta's list of templates has more than {PAGES_MAX} pages")

    async def _page(
        self, sender: Sender, token: str, cursor: str | None, fields: list[str]
    ) -> TemplatePage:
        """Read a page with the first of the fields that Meta takes; the others are dropped."""
        while True:
            query = {"fields": fields[0], "limit": str(PAGE_SIZE)}
            path = f"{sender.waba_id}/message_templates?"
            path += urlencode(query | ({"after": cursor} if cursor else {}))
            answer = await self._calls.make("GET", path, token)
            if answer.status == _ASKED_WRONGLY and len(fields) > 1:
                del fields[0]
                continue
            return self._calls.read(answer, read_template_page)


def _template(entry: TemplateEntry, sender: Sender, seen_at: Instant) -> Template:
    return Template(
        business_id=sender.business_id,
        waba_id=sender.waba_id,
        name=entry.name,
        language=entry.language,
        category=entry.category,
        state=entry.state,
        seen_at=seen_at,
        previous_category=entry.previous_category,
        quality=entry.quality,
        content=entry.content,
    )


def code_template(rules: CodeRules) -> CodeTemplate:
    """Describe the template. Meta gives up when the code is over: nobody gets one that is dead."""
    return CodeTemplate(
        name=rules.template,
        languages=LANGUAGES,
        button=_BUTTONS[rules.variant],
        apps=tuple(SupportedApp(app.package_name, app.signature_hash) for app in rules.apps),
        zero_tap_terms_accepted=rules.variant is CodeVariant.ZERO_TAP,
        expiration_minutes=rules.life // MINUTE,
        ttl_seconds=rules.life // SECOND,
    )


class CodeTemplatesAtGraph:
    """See ports.http_connection.CodeTemplates."""

    def __init__(
        self, connections: HttpConnections, clock: Clock, template: CodeTemplate, *, version: str
    ) -> None:
        self._calls = GraphCalls(
            connections=connections, version=version, subject="the templates for codes"
        )
        self._clock = clock
        self._template = template

    async def make(
        self, sender: Sender, token: str, languages: Sequence[str]
    ) -> tuple[Template, ...]:
        seen_at = self._clock.now()
        body = upsert_body(replace(self._template, languages=tuple(languages)))
        path = f"{sender.waba_id}/upsert_message_templates"
        answer = await self._calls.make("POST", path, token, body)
        if not answer.is_success:
            raise TemplatesRefused(answer.status, read_error_code(answer.body))
        return tuple(
            Template(
                business_id=sender.business_id,
                waba_id=sender.waba_id,
                name=self._template.name,
                language=one.language,
                category=Category.AUTHENTICATION,
                state=one.state,
                seen_at=seen_at,
            )
            for one in self._calls.read(answer, read_upsert)
        )
