"""The fixed words of authentication templates, by language.

English and Spanish are those of Meta's page "Authentication templates", section "Template
previews"; the other languages say the same. A language that is not here gets English.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from babel.units import format_unit

from askfirst.domain.values.errors import InvalidInput
from askfirst.domain.values.locales import closest_locale, parse_locale


@dataclass(frozen=True, slots=True, kw_only=True)
class CodeTexts:
    """What Meta writes around a code."""

    body: str
    security: str
    expires: str
    copy: str
    not_requested: str


_TEXTS: Final[Mapping[str, CodeTexts]] = {
    "en": CodeTexts(
        body="*{{1}}* is your verification code.",
        security="For your security, do not share this code.",
        expires="This code expires in {time}.",
        copy="Copy code",
        not_requested="I didn't request a code",
    ),
    "es": CodeTexts(
        body="Tu código de verificación es *{{1}}*.",
        security="Por tu seguridad, no lo compartas.",
        expires="Este código caduca en {time}.",
        copy="Copiar código",
        not_requested="No solicité un código",
    ),
    "fr": CodeTexts(
        body="*{{1}}* est votre code de vérification.",
        security="Pour votre sécurité, ne le partagez pas.",
        expires="Ce code expire dans {time}.",
        copy="Copier le code",
        not_requested="Je n'ai pas demandé de code",
    ),
    "de": CodeTexts(
        body="*{{1}}* ist dein Verifizierungscode.",
        security="Teile diesen Code zu deiner Sicherheit nicht.",
        expires="Dieser Code läuft in {time} ab.",
        copy="Code kopieren",
        not_requested="Ich habe keinen Code angefordert",
    ),
    "ar": CodeTexts(
        body="*{{1}}* هو رمز التحقق الخاص بك.",
        security="للحفاظ على أمانك، لا تشارك هذا الرمز.",
        expires="تنتهي صلاحية هذا الرمز خلال {time}.",
        copy="نسخ الرمز",
        not_requested="لم أطلب رمزًا",
    ),
}
_DEFAULT: Final = "en"


def texts_in(language: str) -> CodeTexts:
    """Find the words in a template's language."""
    return _TEXTS[_known(language)]


def expiry_in(language: str, minutes: int) -> str:
    """Return how long a code lives, with the number bent as the language wants it."""
    known = _known(language)
    time = format_unit(minutes, "duration-minute", locale=known)
    return _TEXTS[known].expires.format(time=time)


def _known(language: str) -> str:
    try:
        return closest_locale(parse_locale(language, "language"), _TEXTS) or _DEFAULT
    except InvalidInput:
        return _DEFAULT
