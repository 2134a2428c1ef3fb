"""What may be set about codes, their templates, and the names that travel with them."""

from __future__ import annotations

import pytest

from askfirst.bootstrap.catalogue_files import built_in_catalogue
from askfirst.domain.codes.code import Channel
from askfirst.domain.codes.code_limits import (
    FAILURES_MOST,
    NUMBER_MOST,
    CodeRules,
    LiveCode,
    NumberSheet,
    address_uses,
    budget_use,
)
from askfirst.domain.codes.code_signal import DID_NOT_REQUEST_CODE, CodeName, read_code_name
from askfirst.domain.codes.code_template import LANGUAGES, CodeApp, CodeVariant, parse_apps
from askfirst.domain.values.errors import InvalidInput
from askfirst.domain.values.ids import CodeId
from askfirst.domain.values.network_address import NetworkAddress
from askfirst.domain.values.timestamp import MINUTE, SECOND
from askfirst.graph.sending import authentication

CATALOGUE = built_in_catalogue()
APP = CodeApp("com.example.shop", "K8a/AINcGX7")
NAME = CodeName(CodeId("cod_01KGA2V8M0Q3R5T7W9Y1B3D5F7"), 3)


def test_blind_guessing_stays_below_what_was_promised() -> None:
    rules = CodeRules()
    chance = 10.0**-rules.digits
    assert NUMBER_MOST * rules.tries * chance <= 1.5e-7 * 1.0000001
    assert FAILURES_MOST * chance <= 3e-7 * 1.0000001


@pytest.mark.parametrize(
    ("parts", "field"),
    [
        ({"digits": 5}, "code_digits"),
        ({"digits": 11}, "code_digits"),
        ({"life": 11 * MINUTE}, "code_life"),
        ({"life": 59 * SECOND}, "code_life"),
        ({"life": 90 * SECOND}, "code_life"),
        ({"tries": 4}, "code_tries"),
        ({"tries": 0}, "code_tries"),
        ({"fallback_after": 0}, "code_fallback_after"),
        ({"fallback_after": 301 * SECOND}, "code_fallback_after"),
        ({"budget": -1}, "code_budget"),
        ({"sms_cost": -1}, "code_budget"),
        ({"business_most": 0}, "code_business_most"),
        ({"variant": CodeVariant.ONE_TAP}, "code_apps"),
        ({"apps": (APP,)}, "code_apps"),
    ],
)
def test_what_would_weaken_codes_cannot_be_set(parts: dict[str, object], field: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        CodeRules(**parts)  # type: ignore[arg-type]
    assert refused.value.field == field


def test_a_template_is_named_by_what_is_in_it() -> None:
    names = {
        CodeRules().template,
        CodeRules(life=10 * MINUTE).template,
        CodeRules(variant=CodeVariant.ONE_TAP, apps=(APP,)).template,
        CodeRules(variant=CodeVariant.ZERO_TAP, apps=(APP,)).template,
        CodeRules(variant=CodeVariant.ONE_TAP, apps=(CodeApp("com.a.b", "K8a/AINcGX7"),)).template,
    }
    assert len(names) == 5
    assert CodeRules().template == "askfirst_code_copy_code_5m"


def test_the_templates_speak_every_language_that_is_asked_in() -> None:
    assert set(LANGUAGES) == set(CATALOGUE.prompts["code"].wordings)
    assert set(LANGUAGES) == set(CATALOGUE.vocabularies)


def test_apps_are_read() -> None:
    assert parse_apps(" com.example.shop=K8a/AINcGX7 ,") == (APP,)
    assert parse_apps("") == ()


@pytest.mark.parametrize(
    "text", ["shop", "com.example=short", "com.example.shop", "a.b=K8a/AINcGX7," * 6]
)
def test_other_apps_are_refused(text: str) -> None:
    with pytest.raises(InvalidInput):
        parse_apps(text)


def test_the_name_of_a_code_comes_back_as_it_went() -> None:
    assert read_code_name(str(NAME)) == NAME


@pytest.mark.parametrize(
    "text", ["", "order 7", str(NAME) + " ", "cod_1:1", str(NAME).replace("3", "0"), f"{NAME}0000"]
)
def test_what_others_put_into_their_messages_names_no_code(text: str) -> None:
    found = read_code_name(text)
    assert found is None or str(found) == text
    assert found is None or found.made > 0


def test_metas_word_for_an_unwanted_code_is_the_same_everywhere() -> None:
    assert DID_NOT_REQUEST_CODE == authentication.DID_NOT_REQUEST_CODE


def test_costs_are_those_of_the_channel() -> None:
    rules = CodeRules(whatsapp_cost=1, sms_cost=2)
    costs = [budget_use(rules, channel).amount for channel in Channel]
    assert dict(zip(Channel, costs, strict=True)) == {
        Channel.WHATSAPP: 1,
        Channel.SMS: 2,
        Channel.WHATSAPP_INBOUND: 0,
    }


def test_an_address_that_is_not_told_is_not_limited() -> None:
    assert address_uses(None) == ()
    assert address_uses(NetworkAddress("2001:db8::7"))[0].subject == "2001:db8::/64"


def test_a_sheet_adds_up_what_failed() -> None:
    live = (LiveCode(CodeId("cod_1"), 2),)
    assert NumberSheet(failures=3, live=live).failed == 5


def test_a_request_may_fail_as_often_as_the_others_leave() -> None:
    mine, other = LiveCode(CodeId("cod_1"), 2), LiveCode(CodeId("cod_2"), 4)
    assert NumberSheet(failures=20, live=(mine, other)).tries_most(CodeId("cod_1")) == 6
    assert NumberSheet(failures=31).tries_most(CodeId("cod_1")) == 0
