"""Pages that are not there, are over, or could not be made."""

from __future__ import annotations

from http import HTTPStatus

from starlette.responses import Response

from askfirst.web.public.pages.reader import Reader
from askfirst.web.public.pages.request_context import House, Visit


def missing(visit: Visit) -> Response:
    """There is no such page of this business."""
    return visit.page("hosted_missing.html", HTTPStatus.NOT_FOUND)


def gone(visit: Visit) -> Response:
    """The link is over, was revoked, or is not one of ours: who has it is not told which."""
    return visit.page("gone.html", HTTPStatus.GONE)


def missing_at_all(house: House, reader: Reader) -> Response:
    """There is no such business, or no such page of anybody."""
    return house.render("hosted_missing.html", reader, HTTPStatus.NOT_FOUND, business=None)


def sorry(house: House, reader: Reader, status: int, words: str) -> Response:
    """It did not work; `words` is the key of what is said."""
    return house.render("sorry.html", reader, status, business=None, words=words)
