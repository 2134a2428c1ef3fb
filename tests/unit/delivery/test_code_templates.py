"""The templates for codes, at Meta."""

from __future__ import annotations

import json
from typing import Any

import pytest

from askfirst.delivery.templates import CodeTemplatesAtGraph, code_template
from askfirst.domain.codes.code_limits import CodeRules
from askfirst.domain.codes.code_template import CodeApp, CodeVariant
from askfirst.domain.tenants.sender import TemplateState
from askfirst.domain.values.errors import Unavailable
from askfirst.domain.values.purpose import Category
from askfirst.domain.values.timestamp import MINUTE
from askfirst.ports.sending.http_connection import TemplatesRefused
from tests.support.builders import BUSINESS, WABA, sender
from tests.support.clocks import NOON, FakeClock
from tests.unit.delivery.upstream import Act, hangs, lines_to, says, upstream

RULES = CodeRules(life=4 * MINUTE)


def made(*languages: str, status: str = "APPROVED") -> Act:
    rows = [{"id": str(n), "status": status, "language": one} for n, one in enumerate(languages)]
    body = json.dumps({"data": rows}).encode()
    return says(b"HTTP/1.1 200 OK\r\ncontent-length: %d\r\n\r\n%b" % (len(body), body))


async def test_the_template_is_made_in_every_language_and_dies_with_its_code() -> None:
    async with upstream(made("en", "pt_BR")) as up, lines_to(up.url) as lines:
        templates = CodeTemplatesAtGraph(lines, FakeClock(), code_template(RULES), version="v26.0")
        kept = await templates.make(sender(), "EAAG-meta", ("en", "pt_BR"))
    (heard,) = up.heard
    head, _, body = heard.partition(b"\r\n\r\n")
    asked: dict[str, Any] = json.loads(body)
    assert head.startswith(b"POST /v26.0/100/upsert_message_templates HTTP/1.1\r\n")
    assert b"authorization: Bearer EAAG-meta" in head
    assert asked["name"] == RULES.template
    assert asked["languages"] == ["en", "pt_BR"]
    assert asked["message_send_ttl_seconds"] == 240
    assert {"type": "FOOTER", "code_expiration_minutes": 4} in asked["components"]
    assert [(one.business_id, one.waba_id, one.name, one.language) for one in kept] == [
        (BUSINESS, WABA, RULES.template, "en"),
        (BUSINESS, WABA, RULES.template, "pt_BR"),
    ]
    assert {(one.category, one.state, one.seen_at) for one in kept} == {
        (Category.AUTHENTICATION, TemplateState.IN_SERVICE, NOON)
    }


@pytest.mark.parametrize("variant", [CodeVariant.ONE_TAP, CodeVariant.ZERO_TAP])
def test_apps_and_terms_go_with_the_variant(variant: CodeVariant) -> None:
    rules = CodeRules(variant=variant, apps=(CodeApp("com.example.shop", "K8a/AINcGX7"),))
    template = code_template(rules)
    assert template.button.value == variant.value.upper()
    assert template.apps[0].package_name == "com.example.shop"
    assert template.zero_tap_terms_accepted is (variant is CodeVariant.ZERO_TAP)


@pytest.mark.parametrize(
    "act",
    [
        hangs,
        says(b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\n[]"),
    ],
)
async def test_trouble_is_told(act: Act) -> None:
    async with upstream(act) as up, lines_to(up.url, answer_seconds=0.1) as lines:
        templates = CodeTemplatesAtGraph(lines, FakeClock(), code_template(RULES), version="v26.0")
        with pytest.raises(Unavailable):
            await templates.make(sender(), "EAAG-meta", ("en",))


@pytest.mark.parametrize(
    ("body", "code"), [(b"", 0), (b'{"error":{"code":192,"message":"Invalid language"}}', 192)]
)
async def test_a_refusal_brings_what_meta_said_about_it(body: bytes, code: int) -> None:
    refuses = says(b"HTTP/1.1 400 No\r\ncontent-length: %d\r\n\r\n%b" % (len(body), body))
    async with upstream(refuses) as up, lines_to(up.url) as lines:
        templates = CodeTemplatesAtGraph(lines, FakeClock(), code_template(RULES), version="v26.0")
        with pytest.raises(TemplatesRefused) as refused:
            await templates.make(sender(), "EAAG-meta", ("en",))
    assert (refused.value.status, refused.value.code) == (400, code)
