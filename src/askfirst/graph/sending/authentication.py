"""Templates that carry a one-time code: what Meta wants to make them, and to send them.

The words are Meta's own in every language; a business chooses whether to warn against sharing,
whether to tell how long the code lives, and how the code is handed over. A code goes to a phone
number, never to a user id (131062).

Sources, all Meta: "Authentication templates"; "Copy code", "One-tap autofill" and "Zero-tap
authentication templates" (making and sending); "Bulk management" (several languages at once);
"Time-to-live".
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final, NamedTuple

import msgspec

from askfirst.domain.tenants.sender import TemplateState
from askfirst.domain.values.errors import InvalidInput
from askfirst.graph.tenants.template_state import template_language, template_state

CODE_MAX: Final = 15
MINUTES_MIN, MINUTES_MAX = 1, 90
TTL_MIN_SECONDS, TTL_MAX_SECONDS = 30, 900
APPS_MAX: Final = 5
DID_NOT_REQUEST_CODE: Final = "DID_NOT_REQUEST_CODE"
"""Payload of the button "I didn't request a code", which Meta adds to codes on its own."""

_NAME = re.compile(r"[a-z0-9_]{1,512}", re.ASCII)
_LANGUAGE = re.compile(r"[a-z]{2,3}(_[A-Z]{2,3})?", re.ASCII)
_PACKAGE = re.compile(r"[A-Za-z]\w*(\.[A-Za-z]\w*)+", re.ASCII)
_SIGNATURE = re.compile(r"[A-Za-z0-9+/=]{11}", re.ASCII)


class CodeButton(StrEnum):
    """How the code is handed over; what a phone cannot do becomes a copy button."""

    COPY_CODE = "COPY_CODE"
    ONE_TAP = "ONE_TAP"
    ZERO_TAP = "ZERO_TAP"


@dataclass(frozen=True, slots=True)
class SupportedApp:
    """An Android app that may take the code: its package, and the hash of its signing key."""

    package_name: str
    signature_hash: str

    def __post_init__(self) -> None:
        if not _PACKAGE.fullmatch(self.package_name):
            raise InvalidInput("package_name", "must be an app's package such as com.example.shop")
        if not _SIGNATURE.fullmatch(self.signature_hash):
            raise InvalidInput("signature_hash", "must be the 11 characters of the app's hash")


@dataclass(frozen=True, slots=True, kw_only=True)
class CodeTemplate:
    """A template for codes, in all its languages.

    `expiration_minutes` is what the message says; without it the button works for ten minutes.
    `ttl_seconds` is how long Meta tries to deliver: not longer than the code lives, or somebody
    gets a code that is dead.
    """

    name: str
    languages: tuple[str, ...]
    button: CodeButton = CodeButton.COPY_CODE
    apps: tuple[SupportedApp, ...] = ()
    zero_tap_terms_accepted: bool = False
    security_recommendation: bool = True
    expiration_minutes: int | None = None
    ttl_seconds: int | None = None

    def __post_init__(self) -> None:
        if not _NAME.fullmatch(self.name):
            raise InvalidInput("name", "must be 1 to 512 small letters, digits and underscores")
        if not self.languages or len(set(self.languages)) != len(self.languages):
            raise InvalidInput("languages", "must be one or more, each once")
        for language in self.languages:
            if not _LANGUAGE.fullmatch(language):
                raise InvalidInput("languages", "must be written as Meta does, for example pt_BR")
        self._check_button()
        minutes, ttl = self.expiration_minutes, self.ttl_seconds
        if minutes is not None and not MINUTES_MIN <= minutes <= MINUTES_MAX:
            message = f"must be {MINUTES_MIN} to {MINUTES_MAX}"
            raise InvalidInput("expiration_minutes", message)
        if ttl is not None and not TTL_MIN_SECONDS <= ttl <= TTL_MAX_SECONDS:
            raise InvalidInput("ttl_seconds", f"must be {TTL_MIN_SECONDS} to {TTL_MAX_SECONDS}")

    def _check_button(self) -> None:
        if self.button is CodeButton.COPY_CODE:
            if self.apps:
                raise InvalidInput("apps", "are for one_tap and zero_tap only")
        elif not 0 < len(self.apps) <= APPS_MAX:
            raise InvalidInput("apps", f"must be 1 to {APPS_MAX} for one_tap and zero_tap")
        if self.button is CodeButton.ZERO_TAP and not self.zero_tap_terms_accepted:
            message = (
                "must be accepted for zero_tap: people have to expect the code to be filled in"
            )
            raise InvalidInput("zero_tap_terms_accepted", message)


class MadeTemplate(NamedTuple):
    """One language of a template that was just made or changed."""

    template_id: str
    language: str
    state: TemplateState


def upsert_body(template: CodeTemplate) -> bytes:
    """Write the body of `POST /{waba_id}/upsert_message_templates`: makes or changes them all.

    Meta writes the buttons' labels in each language; this call takes none of ours.
    """
    return msgspec.json.encode({"languages": template.languages, **_described(template)})


def _described(template: CodeTemplate) -> Mapping[str, Any]:
    warns = template.security_recommendation
    body: dict[str, Any] = {"type": "BODY", "add_security_recommendation": warns}
    footer = {"type": "FOOTER", "code_expiration_minutes": template.expiration_minutes}
    buttons = {"type": "BUTTONS", "buttons": [_button(template)]}
    components = [body, footer, buttons] if template.expiration_minutes else [body, buttons]
    described: dict[str, Any] = {
        "name": template.name,
        "category": "AUTHENTICATION",
        "components": components,
    }
    if template.ttl_seconds:
        described["message_send_ttl_seconds"] = template.ttl_seconds
    return described


def _button(template: CodeTemplate) -> Mapping[str, Any]:
    button: dict[str, Any] = {"type": "OTP", "otp_type": template.button.value}
    if template.apps:
        button["supported_apps"] = [
            {"package_name": app.package_name, "signature_hash": app.signature_hash}
            for app in template.apps
        ]
    if template.button is CodeButton.ZERO_TAP:
        button["zero_tap_terms_accepted"] = True
    return button


def code_components(code: str) -> list[dict[str, Any]]:
    """Write the `components` of a send: the code stands in the text and in the button.

    Whatever the button is, it is sent as the URL button that Meta turns it into.
    """
    if not 0 < len(code) <= CODE_MAX:
        raise InvalidInput("code", f"must have 1 to {CODE_MAX} characters, for WhatsApp")
    parameters = [{"type": "text", "text": code}]
    return [
        {"type": "body", "parameters": parameters},
        {"type": "button", "sub_type": "url", "index": "0", "parameters": parameters},
    ]


class _Made(msgspec.Struct):
    id: str | int
    language: str
    status: str | None = None


class _Upserted(msgspec.Struct):
    data: tuple[_Made, ...]


_UPSERTED = msgspec.json.Decoder(_Upserted)


def read_upsert(body: bytes) -> tuple[MadeTemplate, ...]:
    """Read the answer to an upsert; another shape raises InvalidInput."""
    try:
        answer = _UPSERTED.decode(body)
    except (msgspec.DecodeError, RecursionError) as error:
        raise InvalidInput("body", "must be a list of templates") from error
    return tuple(
        MadeTemplate(str(made.id), template_language(made.language), template_state(made.status))
        for made in answer.data
    )
