"""Who is calling, as it goes out."""

from __future__ import annotations

from askfirst.web.api.models.base import Told


class BusinessAnswer(Told):
    """A tenant."""

    id: str
    name: str


class KeyAnswer(Told):
    """An API key, without its secret."""

    id: str
    name: str
    scopes: list[str]


class CallerAnswer(Told):
    """Who is calling."""

    business: BusinessAnswer
    key: KeyAnswer
