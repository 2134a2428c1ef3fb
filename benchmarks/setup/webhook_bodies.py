"""Signed webhooks as Meta posts them, each unique: what number n says follows from n alone."""

from __future__ import annotations

import hmac
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum

from benchmarks.generators.frames import post
from benchmarks.setup.people import bsuid_of, digits_of, loaded

APP_SECRET = "the-app-secret-of-a-benchmark"  # noqa: S105 - it signs made-up webhooks only
PATH = "/webhooks/whatsapp"


class Mix(StrEnum):
    """What a business hears from Meta."""

    REAL = "real"
    """Three statuses a message, and replies: 70 % statuses, 30 % inbound."""
    TEXTS = "texts"
    """Inbound only."""


class Kind(StrEnum):
    """What one webhook says."""

    STATUS = "status"
    TEXT = "text"
    STOP = "stop"


@dataclass(frozen=True, slots=True, kw_only=True)
class Author:
    """Who is written to, and when."""

    phone_number_id: str
    waba_id: str
    mix: Mix
    population: int
    at: int


# Of 500 webhooks in a row these are stops: 3 of 150 inbound ones, or 10 of 500.
_STOPS = {
    Mix.REAL: frozenset({7, 178, 349}),
    Mix.TEXTS: frozenset(range(7, 500, 50)),
}
_STATUSES_OF_TEN = {Mix.REAL: 7, Mix.TEXTS: 0}
_PERIOD = 500
_STATUS_WORDS = ("sent", "delivered", "read")
_TEXTS = (
    "Is this still available?",
    "Thank you, that was quick!",
    "When do you open on Sunday?",
    "Could you send the invoice again, please?",
    "Sim, pode ser amanh\\u00e3 de manh\\u00e3",
)
_ENVELOPE = (
    '{"object":"whatsapp_business_account","entry":[{"id":"%s","changes":[{"value":'
    '{"messaging_product":"whatsapp","metadata":{"display_phone_number":"15550100001",'
    '"phone_number_id":"%s"},"contacts":[{"profile":{"name":"Sheena Nelson"},"wa_id":"%s",'
    '"user_id":"%s"}],%s},"field":"messages"}]}]}'
)
_STATUS = (
    '"statuses":[{"id":"wamid.HBgL%032x","status":"%s","timestamp":"%d","recipient_id":"%s",'
    '"recipient_user_id":"%s","conversation":{"id":"%032x","origin":{"type":"marketing"}},'
    '"pricing":{"billable":true,"pricing_model":"PMP","category":"marketing",'
    '"type":"regular"}}]'
)
_MESSAGE = (
    '"messages":[{"from":"%s","from_user_id":"%s","id":"wamid.HBgL%032x","timestamp":"%d",%s}]'
)
_TYPED = '"text":{"body":"%s"},"type":"text"'
_TAPPED = (
    '"context":{"from":"15550100001","id":"wamid.HBgL0"},"type":"button",'
    '"button":{"payload":"STOP","text":"Stop promotions"}'
)
_STOP_CONTENTS = (_TYPED % "STOP", _TAPPED, _TYPED % "Stopp", _TYPED % "parar")


def kind_of(number: int, mix: Mix) -> Kind:
    place = number % _PERIOD
    if place in _STOPS[mix]:
        return Kind.STOP
    return Kind.STATUS if place % 10 < _STATUSES_OF_TEN[mix] else Kind.TEXT


def webhooks(author: Author, numbers: Iterable[int]) -> Iterator[bytes]:
    """Write whole requests."""
    for number in numbers:
        yield _signed(_body(author, number))


def typed_stop(author: Author, person: int) -> bytes:
    """Write the whole request that brings a STOP which this person has typed."""
    wa_id, user_id = digits_of(person), bsuid_of(person)
    said = _MESSAGE % (wa_id, user_id, person, author.at, _TYPED % "STOP")
    whole = _ENVELOPE % (author.waba_id, author.phone_number_id, wa_id, user_id, said)
    return _signed(whole.encode())


def _signed(body: bytes) -> bytes:
    signature = hmac.digest(APP_SECRET.encode(), body, "sha256").hex()
    headers = {
        "User-Agent": "facebookexternalua",
        "Content-Type": "application/json",
        "X-Hub-Signature-256": f"sha256={signature}",
    }
    return post(PATH, headers, body)


def _body(author: Author, number: int) -> bytes:
    person = loaded(number, author.population)
    wa_id, user_id = digits_of(person), bsuid_of(person)
    kind = kind_of(number, author.mix)
    if kind is Kind.STATUS:
        word = _STATUS_WORDS[number % 3]
        said = _STATUS % (number, word, author.at, wa_id, user_id, number)
    else:
        content = _TYPED % _TEXTS[number % len(_TEXTS)]
        if kind is Kind.STOP:
            content = _STOP_CONTENTS[number // _PERIOD % len(_STOP_CONTENTS)]
        said = _MESSAGE % (wa_id, user_id, number, author.at, content)
    whole = _ENVELOPE % (author.waba_id, author.phone_number_id, wa_id, user_id, said)
    return whole.encode()
