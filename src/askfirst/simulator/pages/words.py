"""The words of the simulator's own pages, by language.

What people write to each other is theirs; these are the words around it. A language is all of
`Words` or nothing, so none is half translated.
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass, fields
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from typing import Final

from werkzeug.datastructures import LanguageAccept
from werkzeug.http import parse_accept_header

from askfirst.domain.values.errors import InvalidInput
from askfirst.domain.values.locales import closest_locale, parse_locale


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """What a page says. `{name}`, `{number}`, `{count}` and `{code}` are filled in."""

    # the start page
    title: str
    nothing_real: str
    open_phone: str
    number: str
    open: str
    phones_used: str
    received: str
    templates: str
    template_name: str
    template_language: str
    template_category: str
    template_status: str

    # a chat
    all_phones: str
    chats: str
    on_phone: str
    messages: str
    message: str
    send: str
    no_messages: str
    today: str
    yesterday: str
    delivered: str
    not_taken: str
    nobody_listens: str
    template: str
    copied: str
    expired: str

    # what a person can do
    menu: str
    stop_offers: str
    resume_offers: str
    sign_up: str
    block: str
    unblock: str
    mark_read: str
    you_stopped: str
    you_resumed: str
    you_signed_up: str
    you_blocked: str
    you_unblocked: str
    is_blocked: str

    # what can go wrong
    troubles: str
    troubles_on: str
    not_on_whatsapp: str
    no_delivery: str
    sms_fails: str
    fail_with: str
    set: str
    on: str
    off: str

    # text messages
    sms: str
    sms_no_answer: str

    # following a link into a chat
    open_chat: str
    which_phone: str
    another_phone: str
    text_ready: str
    link_gone: str
    link_gone_why: str
    nobody: str
    nobody_why: str
    businesses: str

    # what cannot be done
    no_such_page: str
    not_a_number: str
    empty_message: str
    not_possible: str


DEFAULT: Final = "en"
_SUFFIX: Final = ".toml"


@cache
def languages() -> tuple[str, ...]:
    """Return the languages that the pages speak: one file each."""
    names = [one.name for one in _folder().iterdir() if one.name.endswith(_SUFFIX)]
    return tuple(sorted(name.removesuffix(_SUFFIX) for name in names))


@cache
def words_in(language: str) -> Words:
    """Return the words of one of `languages()`; its file is read once.

    Raises:
        InvalidInput: a word is missing in the file, or one stands there that no page says.
    """
    table = tomllib.loads(_folder().joinpath(language + _SUFFIX).read_text(encoding="utf-8"))
    known = {field.name for field in fields(Words)}
    wrong = sorted(known ^ table.keys()) + [key for key in table if not table[key]]
    if wrong:
        raise InvalidInput(f"{language}{_SUFFIX}: {wrong[0]}", "must be there, once, with words")
    return Words(**table)


def _folder() -> Traversable:
    return files("askfirst.simulator.pages").joinpath("locale")


def language_for(accepted: str) -> str:
    """Choose a language by `Accept-Language`; the first one wanted most that there is."""
    for wanted, weight in parse_accept_header(accepted, LanguageAccept):
        try:
            found = closest_locale(parse_locale(wanted, "language"), languages())
        except InvalidInput:
            continue
        if found and weight > 0:
            return found
    return DEFAULT
