"""Check a receipt: who signed it, and whether it is still what was signed. Nothing is kept."""

from __future__ import annotations

import base64
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final

from askfirst.domain.values.errors import AskfirstError, InvalidInput
from askfirst.usecases.consent.issue_receipt import public_keys, verify_receipt
from askfirst.usecases.context.services import Services
from askfirst.usecases.tenants.resolve_business import meet_business
from askfirst.web.strict_json import parse

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
