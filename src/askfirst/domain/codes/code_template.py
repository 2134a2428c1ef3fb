"""The templates that askfirst keeps for codes, in every language that it asks in."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from askfirst.domain.values.errors import InvalidInput

LANGUAGES: Final = (
    *("ar", "bn", "de", "el", "en", "es", "fr", "he", "hi", "id", "it", "ja", "ko", "ms", "nl"),
    *("pl", "pt_BR", "pt_PT", "ro", "ru", "th", "tr", "uk", "vi", "zh_CN", "zh_TW"),
)
"""The languages of the built-in question about codes, as Meta writes them, too."""
_PREFIX: Final = "askfirst_code"
_APPS_MAX: Final = 5
_APP: Final = re.compile(
    r"(?P<package>[A-Za-z]\w*(\.[A-Za-z]\w*)+)=(?P<hash>[A-Za-z0-9+/=]{11})", re.ASCII
)


class CodeVariant(StrEnum):
    """How WhatsApp hands a code over. What a phone cannot do becomes a copy button."""

    COPY_CODE = "copy_code"
    ONE_TAP = "one_tap"
    ZERO_TAP = "zero_tap"


class TemplateFault(StrEnum):
    """Why a template for codes cannot be used."""

    UNANSWERED = "unanswered"
    REFUSED = "refused"
    REJECTED = "rejected"


@dataclass(frozen=True, slots=True, kw_only=True)
class TemplateTrouble:
    """Languages in which codes cannot go by WhatsApp, and why.

    `unanswered`: Meta could not be asked to make them. `refused`: Meta did not make them. Then
    `status` is that of its answer and `code` that of its error, 0 where there is none. `rejected`:
    they are there, and Meta does not send them.
    """

    fault: TemplateFault
    languages: tuple[str, ...]
    status: int = 0
    code: int = 0


@dataclass(frozen=True, slots=True)
class CodeApp:
    """An Android app that may take the code: its package, and the hash of its signing key."""

    package_name: str
    signature_hash: str


def is_code_template(name: str) -> bool:
    """Return whether a template is called as those that askfirst keeps for codes."""
    return name.startswith(_PREFIX + "_")


def parse_apps(text: str) -> tuple[CodeApp, ...]:
    """Read `com.example.shop=K8a/AINcGX7`, several with commas between."""
    parts = [part.strip() for part in text.split(",") if part.strip()]
    found = [_APP.fullmatch(part) for part in parts]
    if len(parts) > _APPS_MAX or not all(found):
        message = "must be package=hash, five at most: com.example.shop=K8a/AINcGX7"
        raise InvalidInput("code_apps", message)
    return tuple(CodeApp(one["package"], one["hash"]) for one in found if one)


def code_template_name(variant: CodeVariant, minutes: int, apps: Sequence[CodeApp]) -> str:
    """Name a template by what is in it, so that none ever has to be edited.

    Meta looks at an edited template anew, and lets it be edited a few times a month.
    """
    name = f"{_PREFIX}_{variant.value}_{minutes}m"
    if not apps:
        return name
    content = "\n".join(f"{app.package_name} {app.signature_hash}" for app in apps)
    return f"{name}_{hashlib.sha256(content.encode()).hexdigest()[:8]}"
