"""Authentication templates: made of what a business may choose, sent with the code in two places.

Source: Meta, "Copy code authentication templates": the button is asked for as `otp` and kept as
`url`; the code stands in the text and in the button and has 15 characters at most.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

import msgspec

from askfirst.domain.values.errors import InvalidInput
from askfirst.graph.platform.errors import GraphCode
from askfirst.graph.sending.authentication import (
    CODE_MAX,
    DID_NOT_REQUEST_CODE,
    CodeButton,
    CodeTemplate,
    SupportedApp,
)
from askfirst.simulator.graph.code_texts import expiry_in, texts_in
from askfirst.simulator.graph.letter_parts import objects, parameters, url_parameter
from askfirst.simulator.graph.refused import Refused
from askfirst.simulator.state.state import Button, CopyCode, Template

AUTHENTICATION = "AUTHENTICATION"
_LABEL_MAX = 25
_MINUTES_UNLESS_SAID = 10
_ADDRESS = "https://www.whatsapp.com/otp/code/?otp_type="


class _Button(msgspec.Struct):
    type: str
    otp_type: str = ""
    text: str | None = None
    autofill_text: str | None = None
    supported_apps: list[dict[str, str]] | None = None
    zero_tap_terms_accepted: bool = False


class _Part(msgspec.Struct):
    type: str
    text: str | None = None
    add_security_recommendation: bool | None = None
    code_expiration_minutes: int | None = None
    buttons: list[_Button] | None = None


class Choice(NamedTuple):
    """What a business chose, and the labels it gave the buttons."""

    template: CodeTemplate
    label: str
    autofill_label: str


def read_choice(
    name: str, languages: Sequence[str], components: Sequence[Mapping[str, Any]]
) -> Choice:
    """Read what is asked for; what Meta would refuse is refused."""
    try:
        parts = {part.type.upper(): part for part in msgspec.convert(components, list[_Part])}
        body, footer, button = _taken_apart(parts)
        template = CodeTemplate(
            name=name,
            languages=tuple(languages),
            button=CodeButton(button.otp_type.upper()),
            apps=tuple(SupportedApp(**app) for app in button.supported_apps or ()),
            zero_tap_terms_accepted=button.zero_tap_terms_accepted,
            security_recommendation=bool(body.add_security_recommendation),
            expiration_minutes=footer.code_expiration_minutes,
        )
    except InvalidInput as error:
        details = f"{error.field} {error.message}"
        raise Refused(GraphCode.PARAMETER_INVALID, details) from error
    except (msgspec.ValidationError, TypeError, ValueError) as error:
        details = "components are not those of an authentication template"
        raise Refused(GraphCode.PARAMETER_INVALID, details) from error
    return Choice(template, button.text or "", button.autofill_text or "")


def _taken_apart(parts: Mapping[str, _Part]) -> tuple[_Part, _Part, _Button]:
    """Find the three parts; their words are Meta's, so none may be given."""
    body, buttons = parts.get("BODY"), parts.get("BUTTONS")
    footer = parts.get("FOOTER", _Part("FOOTER"))
    if parts.keys() - {"BODY", "FOOTER", "BUTTONS"} or body is None or buttons is None:
        raise InvalidInput("components", "must be a body, buttons, and a footer if any")
    if body.text or footer.text:
        raise InvalidInput("components", "must leave the words of a code's message to Meta")
    button, *more = buttons.buttons or [_Button("")]
    if more or button.type.upper() != "OTP":
        raise InvalidInput("components", "must have one button, of type otp")
    if any(len(label or "") > _LABEL_MAX for label in (button.text, button.autofill_text)):
        raise InvalidInput("text", f"of a button must have {_LABEL_MAX} characters at most")
    return body, footer, button


def stored_components(choice: Choice, language: str) -> list[dict[str, Any]]:
    """Write the components as a listing shows them."""
    texts, template = texts_in(language), choice.template
    warns = template.security_recommendation
    body = {
        "type": "BODY",
        "text": f"{texts.body} {texts.security}" if warns else texts.body,
        "add_security_recommendation": warns,
        "example": {"body_text": [["123456"]]},
    }
    minutes = template.expiration_minutes
    address = f"{_ADDRESS}{template.button}"
    address += f"&code_expiration_minutes={minutes}&code=otp" if minutes else "&code=otp"
    button = {
        "type": "URL",
        "text": choice.label or texts.copy,
        "url": address + "{{1}}",
        "example": [f"{address}123456"],
    }
    parts: list[dict[str, Any]] = [body]
    if minutes:
        words = expiry_in(language, minutes)
        parts.append({"type": "FOOTER", "text": words, "code_expiration_minutes": minutes})
    return [*parts, {"type": "BUTTONS", "buttons": [button]}]


def check_code(sent: Mapping[str, Any]) -> None:
    """Refuse a send whose code is not there twice, the same, and short enough."""
    written = _texts(parameters(sent, "BODY"))
    in_button = url_parameter(sent, 0)
    if in_button is None:
        details = "buttons: Button at index 0 of type Url requires a parameter"
        raise Refused(GraphCode.PARAMETER_MISSING, details)
    if not 0 < len(in_button) <= CODE_MAX:
        details = f"buttons: the code must have 1 to {CODE_MAX} characters"
        raise Refused(GraphCode.PARAMETER_VALUE_INVALID, details)
    if written != [in_button]:
        details = "the code in the body and the code in the button must be the same"
        raise Refused(GraphCode.PARAMETER_VALUE_INVALID, details)


def copy_button(template: Template, sent: Mapping[str, Any], now: float) -> CopyCode:
    """Make the button that copies the code, for as long as the code lives."""
    footer = template.component("FOOTER")
    minutes = int(footer.get("code_expiration_minutes") or _MINUTES_UNLESS_SAID)
    button = next(objects(template.component("BUTTONS").get("buttons")), {})
    title = str(button.get("text") or texts_in(template.language).copy)
    return CopyCode(title, url_parameter(sent, 0) or "", now + minutes * 60)


def not_requested(language: str) -> Button:
    """Make the button that Meta adds on its own."""
    return Button(texts_in(language).not_requested, DID_NOT_REQUEST_CODE, "button")


def _texts(given: Sequence[Mapping[str, Any]]) -> list[str]:
    return [str(parameter.get("text", "")) for parameter in given]
