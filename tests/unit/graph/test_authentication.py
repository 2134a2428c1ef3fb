import json
from typing import Any

import pytest

from askfirst.domain.tenants.sender import TemplateState
from askfirst.domain.values.errors import InvalidInput
from askfirst.graph.sending.authentication import (
    CodeButton,
    CodeTemplate,
    SupportedApp,
    code_components,
    read_upsert,
    upsert_body,
)

APP = SupportedApp("com.example.shop", "K8a/AINcGX7")


def test_a_template_is_made_in_all_languages_as_meta_shows_it() -> None:
    template = CodeTemplate(
        name="login_code", languages=("en_US", "fr"), expiration_minutes=5, ttl_seconds=300
    )
    assert json.loads(upsert_body(template)) == {
        "name": "login_code",
        "languages": ["en_US", "fr"],
        "category": "AUTHENTICATION",
        "message_send_ttl_seconds": 300,
        "components": [
            {"type": "BODY", "add_security_recommendation": True},
            {"type": "FOOTER", "code_expiration_minutes": 5},
            {"type": "BUTTONS", "buttons": [{"type": "OTP", "otp_type": "COPY_CODE"}]},
        ],
    }


def test_what_is_not_said_of_a_template_is_left_out() -> None:
    template = CodeTemplate(
        name="login_code", languages=("en_US", "fr"), security_recommendation=False
    )
    assert json.loads(upsert_body(template)) == {
        "name": "login_code",
        "languages": ["en_US", "fr"],
        "category": "AUTHENTICATION",
        "components": [
            {"type": "BODY", "add_security_recommendation": False},
            {"type": "BUTTONS", "buttons": [{"type": "OTP", "otp_type": "COPY_CODE"}]},
        ],
    }


def test_an_app_takes_the_code_with_one_tap_or_none() -> None:
    one = CodeTemplate(name="c", languages=("en",), button=CodeButton.ONE_TAP, apps=(APP,))
    zero = CodeTemplate(
        name="c",
        languages=("en",),
        button=CodeButton.ZERO_TAP,
        apps=(APP,),
        zero_tap_terms_accepted=True,
    )
    app = {"package_name": "com.example.shop", "signature_hash": "K8a/AINcGX7"}
    button: dict[str, Any] = {"type": "OTP", "otp_type": "ONE_TAP", "supported_apps": [app]}
    assert json.loads(upsert_body(one))["components"][1]["buttons"] == [button]
    button |= {"otp_type": "ZERO_TAP", "zero_tap_terms_accepted": True}
    assert json.loads(upsert_body(zero))["components"][1]["buttons"] == [button]


@pytest.mark.parametrize(
    ("odd", "field"),
    [
        ({"name": "Login code"}, "name"),
        ({"languages": ()}, "languages"),
        ({"languages": ("fr", "fr")}, "languages"),
        ({"languages": ("pt-br",)}, "languages"),
        ({"apps": (APP,)}, "apps"),
        ({"button": CodeButton.ONE_TAP}, "apps"),
        ({"button": CodeButton.ONE_TAP, "apps": (APP,) * 6}, "apps"),
        ({"button": CodeButton.ZERO_TAP, "apps": (APP,)}, "zero_tap_terms_accepted"),
        ({"expiration_minutes": 0}, "expiration_minutes"),
        ({"expiration_minutes": 91}, "expiration_minutes"),
        ({"ttl_seconds": 29}, "ttl_seconds"),
        ({"ttl_seconds": 901}, "ttl_seconds"),
    ],
)
def test_what_meta_would_refuse_cannot_be_described(odd: dict[str, Any], field: str) -> None:
    with pytest.raises(InvalidInput) as told:
        CodeTemplate(**{"name": "login_code", "languages": ("en",)} | odd)
    assert told.value.field == field


@pytest.mark.parametrize(
    ("package", "signature"),
    [("shop", "K8a/AINcGX7"), ("com.1shop", "K8a/AINcGX7"), ("com.example.shop", "K8a/AINcGX")],
)
def test_an_app_has_a_package_and_the_hash_of_its_key(package: str, signature: str) -> None:
    with pytest.raises(InvalidInput):
        SupportedApp(package, signature)


def test_a_code_stands_in_the_text_and_in_the_button() -> None:
    text = [{"type": "text", "text": "12345678"}]
    assert code_components("12345678") == [
        {"type": "body", "parameters": text},
        {"type": "button", "sub_type": "url", "index": "0", "parameters": text},
    ]


@pytest.mark.parametrize("code", ["", "1234567890123456"])
def test_a_code_has_1_to_15_characters_and_is_not_told(code: str) -> None:
    with pytest.raises(InvalidInput) as told:
        code_components(code)
    assert told.value.field == "code"
    assert not code or code not in str(told.value)


def test_the_answer_to_an_upsert_is_read() -> None:
    body = (
        b'{"data": [{"id": "954638012257287", "status": "APPROVED", "language": "en_US"},'
        b' {"id": 969725527415202, "status": "PENDING", "language": "es-ES"}]}'
    )
    assert read_upsert(body) == (
        ("954638012257287", "en_US", TemplateState.IN_SERVICE),
        ("969725527415202", "es_ES", TemplateState.PENDING),
    )
    for odd in (b"", b"{}", b'{"data": [{}]}', b"[" * 100_000):
        with pytest.raises(InvalidInput):
            read_upsert(odd)
