"""Receipts: the file to keep, the keys that it is checked with, and the page that checks one."""

from __future__ import annotations

import base64
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from http import HTTPStatus
from typing import Any, Final

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from askfirst.domain.prompts.prompt import Surface
from askfirst.domain.values.errors import AskfirstError, InvalidInput
from askfirst.domain.values.timestamp import parse_rfc3339
from askfirst.usecases.consent.issue_receipt import public_keys, verify_receipt
from askfirst.usecases.context.services import Services
from askfirst.usecases.prompts.show_prompt import vocabulary_in
from askfirst.usecases.tenants.resolve_business import meet_business
from askfirst.web.pages.forms import read_upload
from askfirst.web.pages.headers import FOR_ALL
from askfirst.web.pages.reader import Reader, reader_of
from askfirst.web.pages.request_context import House, Visit, purposes_in, where_in
from askfirst.web.public.consent.shown_words import ShownWords, noticed_words
from askfirst.web.strict_json import parse

_JOSE: Final = "application/jose"
"""A JWS in its compact form (RFC 7515, section 9.2.1)."""


def receipt_file(receipt: str, position: int) -> Response:
    """Hand a receipt out as a file."""
    name = f'attachment; filename="receipt-{position}.jws"'
    return Response(receipt, media_type=_JOSE, headers={"content-disposition": name})


_MINUTES: Final = "public, max-age=300"
"""A new key is known everywhere soon after it has signed its first receipt."""


async def get_keys(visit: Visit) -> Response:
    """Return all keys, the retired ones included."""
    keys = await public_keys(visit.services, visit.business.business_id)
    content = {"keys": [dict(key) for key in keys]}
    headers = {**FOR_ALL, "cache-control": _MINUTES}
    return JSONResponse(content, headers=headers, media_type="application/jwk-set+json")


_LENGTH_MAX: Final = 64 * 1024


class Verdict(StrEnum):
    """What came out."""

    VALID = "valid"
    CHANGED = "changed"
    UNKNOWN = "unknown"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class Check:
    """The verdict; what the receipt says is told only where it is valid."""

    verdict: Verdict
    receipt: Mapping[str, Any] | None = None


async def check_receipt(services: Services, text: str) -> Check:
    """Take the keys of the business that the receipt names, and check with them.

    A receipt that names another business than the one whose key signed it is not valid: that
    business's keys do not know it.
    """
    text = "".join(text.split())
    try:
        business, key_id = _named(text)
    except (AskfirstError, ValueError, KeyError, TypeError, AttributeError):
        return Check(Verdict.NONE)
    met = await meet_business(services, business)
    keys = await public_keys(services, met[0].business_id) if met else ()
    if not _is_known(keys, key_id):
        return Check(Verdict.UNKNOWN)
    try:
        return Check(Verdict.VALID, verify_receipt(services, text, keys))
    except InvalidInput:
        return Check(Verdict.CHANGED)


def _named(text: str) -> tuple[str, str]:
    """Read which business and which key a receipt names, before anything of it is believed."""
    head, content, _ = text.split(".")
    if len(text) > _LENGTH_MAX:
        raise ValueError
    return str(_json(content)["party"]["id"]), str(_json(head)["kid"])


def _json(part: str) -> Any:
    return parse(base64.urlsafe_b64decode(part + "=" * (-len(part) % 4)))


def _is_known(keys: Sequence[Mapping[str, str]], key_id: str) -> bool:
    return any(key.get("kid") == key_id for key in keys)


@dataclass(frozen=True, slots=True, kw_only=True)
class VerifySheet:
    """What a valid receipt says, in the reader's language; its words in their own.

    `proof`: how it is known whose number it is; empty on receipts that do not say.
    """

    business: str
    answer: str
    purposes: str
    date: str
    where: str
    proof: str
    words: ShownWords | None


async def show_verify(house: House, request: Request) -> Response:
    """Show the empty form."""
    return _page(house, reader_of(request))


async def take_verify(house: House, request: Request) -> Response:
    """Check what was pasted, or the file."""
    reader = reader_of(request)
    form = await read_upload(request)
    text = form.get("file", "").strip() or form.get("receipt", "")
    if not text.strip():
        return _page(house, reader, is_empty=True)
    return _page(house, reader, await check_receipt(house.services, text))


def _page(
    house: House, reader: Reader, check: Check | None = None, *, is_empty: bool = False
) -> Response:
    is_good = not is_empty and (check is None or check.verdict is Verdict.VALID)
    return house.render(
        "verify.html",
        reader,
        HTTPStatus.OK if is_good else HTTPStatus.UNPROCESSABLE_ENTITY,
        business=None,
        is_empty=is_empty,
        verdict=check.verdict.value if check else "",
        sheet=_sheet(house, reader, check.receipt) if check and check.receipt else None,
    )


def _sheet(house: House, reader: Reader, receipt: Mapping[str, Any]) -> VerifySheet:
    event = receipt["event"]
    names = tuple(name for name in receipt["purposes"] if name != "*")
    vocabulary = vocabulary_in(house.services, reader.locale)
    return VerifySheet(
        business=receipt["party"]["name"],
        answer=reader.words.plain(f"answer.{event['state']}"),
        purposes=purposes_in(reader, vocabulary, names),
        date=reader.date(parse_rfc3339(event["occurred_at"], "occurred_at")),
        where=where_in(reader, Surface(event["surface"])),
        proof=reader.words.plain(f"proof.{event['number_proof']}")
        if "number_proof" in event
        else "",
        words=noticed_words(receipt.get("notice")),
    )
