"""Languages as prompts name them: which one is meant, which one comes close, which way it runs."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final

from askfirst.domain.values.errors import InvalidInput

_SHAPE = re.compile(r"([A-Za-z]{2,3})(?:[_-]([A-Za-z]{4}))?(?:[_-]([A-Za-z]{2}|[0-9]{3}))?")
_RIGHT_TO_LEFT: Final = frozenset({"ar", "ckb", "dv", "fa", "he", "ps", "sd", "ug", "ur", "yi"})
_RIGHT_TO_LEFT_SCRIPTS: Final = frozenset({"Adlm", "Arab", "Hebr", "Nkoo", "Syrc", "Thaa"})
# Where only the language or the script is known, these readers are the most.
_LIKELY: Final = {
    "pt": "pt_BR",
    "zh": "zh_CN",
    "zh_Hans": "zh_CN",
    "zh_Hant": "zh_TW",
    "zh_HK": "zh_TW",
    "zh_MO": "zh_TW",
}
# Portuguese outside Brazil is written as in Portugal.
_WRITTEN_AS_IN_PORTUGAL: Final = frozenset({"AO", "CV", "GW", "MZ", "ST", "TL"})

# What is read by most where a number is from; elsewhere it would be a guess.
_SPOKEN_IN: Final = {
    "ar": "AE BH DZ EG IQ JO KW LB LY MA OM QA SA SD SY TN YE",
    "bn": "BD",
    "de": "AT DE LI",
    "el": "CY GR",
    "es": "AR BO CL CO CR CU DO EC ES GT HN MX NI PA PE PR PY SV UY VE",
    "fr": "BF BJ CG CI FR GA GN MC ML NE RE SN TG",
    "he": "IL",
    "id": "ID",
    "it": "IT SM VA",
    "ja": "JP",
    "ko": "KR",
    "ms": "BN MY",
    "nl": "NL SR",
    "pl": "PL",
    "pt_BR": "BR",
    "pt_PT": "AO CV GW MZ PT ST TL",
    "ro": "MD RO",
    "ru": "BY KG KZ RU",
    "th": "TH",
    "tr": "TR",
    "uk": "UA",
    "vi": "VN",
    "zh_CN": "CN",
    "zh_TW": "HK MO TW",
}
_LOCALE_OF: Final = {
    country: locale for locale, names in _SPOKEN_IN.items() for country in names.split()
}


def locale_of_country(country: str) -> str:
    """Return the locale that most people of a country read; empty where none is that clear."""
    return _LOCALE_OF.get(country, "")


def parse_locale(text: str, field: str) -> str:
    """Write a locale as prompts do: `pt_BR`, also for `pt-br`.

    >>> parse_locale("zh-hant-tw", "locale")
    'zh_Hant_TW'
    """
    found = _SHAPE.fullmatch(text)
    if found is None:
        raise InvalidInput(field, "must be a locale such as fr or pt_BR")
    language, script, region = found.groups()
    parts = (language.lower(), (script or "").title(), (region or "").upper())
    return "_".join(filter(None, parts))


def language_of(locale: str) -> str:
    """Return the language of a locale: `pt` of `pt_BR`."""
    return locale.partition("_")[0]


def closest_locale(wanted: str, known: Iterable[str]) -> str | None:
    """Find the locale whose readers of `wanted` read it best; None where none is their language."""
    locales = set(known)
    for candidate in _candidates(wanted):
        if candidate in locales:
            return candidate
    language = language_of(wanted)
    return next((one for one in sorted(locales) if language_of(one) == language), None)


def _candidates(wanted: str) -> Iterable[str]:
    language, _, rest = wanted.partition("_")
    yield wanted
    if language == "pt" and rest in _WRITTEN_AS_IN_PORTUGAL:
        yield "pt_PT"
    shorter = wanted
    while shorter:
        yield _LIKELY.get(shorter, shorter)
        shorter = shorter.rpartition("_")[0]


def is_right_to_left(locale: str) -> bool:
    """Return which way the language is written; a script that is named decides."""
    parts = locale.split("_")
    script = next((part for part in parts[1:] if len(part) == 4), None)  # noqa: PLR2004 (ISO 15924)
    if script is not None:
        return script in _RIGHT_TO_LEFT_SCRIPTS
    return parts[0] in _RIGHT_TO_LEFT
