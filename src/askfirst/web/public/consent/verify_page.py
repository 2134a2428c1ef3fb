"""The page on which anybody can check a receipt."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from askfirst.domain.prompts.prompt import Surface
from askfirst.domain.values.timestamp import parse_rfc3339
from askfirst.web.public.consent.shown_words import ShownWords, noticed_words
from askfirst.web.public.consent.verify import Check, Verdict, check_receipt
from askfirst.web.public.pages.forms import read_upload
from askfirst.web.public.pages.reader import Reader, reader_of
from askfirst.web.public.pages.request_context import House, purposes_in, vocabulary_of, where_in


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
    vocabulary = vocabulary_of(house.services, reader)
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
