"""The few words of the custom elements: they come with the question, in its language.

They are not part of what is asked: no version of a prompt holds them, and no hash changes with
them. In the HTML they stand as `data-…` around the question, where an element finds them.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from askfirst.domain.prompts.interpolation import FilledPrompt
from askfirst.domain.prompts.prompt import Surface
from askfirst.domain.values.locales import closest_locale
from askfirst.web.words import all_words

_ANSWER: Final = {
    "done": "saved",
    "confirm": "confirm.title",
    "failed": "failed",
    "refused": "error.page",
}
_CODE: Final = {
    "scan": "qr.show",
    "wait": "code.wait",
    "resent": "code.resent",
    "approved": "code.done",
    "wrong": "code.wrong",
    "expired": "code.expired",
    "used": "code.used",
    "locked": "code.locked",
    "over": "code.over",
    "again": "code.begin",
}
KEYS: Final[Mapping[Surface, Mapping[str, str]]] = MappingProxyType(
    {
        Surface.SIGNUP: _ANSWER,
        Surface.LOGIN: _ANSWER,
        Surface.ORDER: _ANSWER,
        Surface.CODE: _ANSWER | _CODE,
    }
)
"""Where an element asks, and in which words of the catalogues it speaks there."""


def element_words(prompt: FilledPrompt) -> Mapping[str, str]:
    """Return the words by their names; `{tries}` and `{seconds}` are left for the element to fill.

    `digits` are those in which it fills them, where they are not the Latin ones.

    There are none where no element asks, and none in a language that only the business speaks.
    """
    keys = KEYS.get(prompt.version.surface, {})
    locale = closest_locale(prompt.version.locale, all_words())
    if not keys or locale is None:
        return {}
    words = all_words()[locale]
    said = {name: words.unfilled(key) for name, key in keys.items()}
    if words.digits:
        said["digits"] = words.digits
    return said | {"open": prompt.open} if prompt.version.surface is Surface.CODE else said
