"""Keeps the templates for codes at Meta as this askfirst needs them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from askfirst.delivery.graph_calls import GraphCalls
from askfirst.domain.codes.code_limits import CodeRules
from askfirst.domain.codes.code_template import LANGUAGES, CodeVariant
from askfirst.domain.tenants.sender import Sender, Template
from askfirst.domain.values.purpose import Category
from askfirst.domain.values.timestamp import MINUTE, SECOND
from askfirst.graph.sending.authentication import (
    CodeButton,
    CodeTemplate,
    SupportedApp,
    read_upsert,
    upsert_body,
)
from askfirst.graph.sending.send_answer import read_error_code
from askfirst.ports.platform.clock import Clock
from askfirst.ports.sending.http_connection import Lines, TemplatesRefused

_BUTTONS: Final = {
    CodeVariant.COPY_CODE: CodeButton.COPY_CODE,
    CodeVariant.ONE_TAP: CodeButton.ONE_TAP,
    CodeVariant.ZERO_TAP: CodeButton.ZERO_TAP,
}


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
    """See ports.line.CodeTemplates."""

    def __init__(self, lines: Lines, clock: Clock, template: CodeTemplate, *, version: str) -> None:
        self._calls = GraphCalls(lines=lines, version=version, subject="the templates for codes")
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
