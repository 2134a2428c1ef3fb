"""How WhatsApp names the people: `wa_id` and business-scoped user id.

WhatsApp keeps some numbers in an older spelling than the one people dial, and answers a send
with its own. Here every such number has the old spelling, so that who relies on the dialled
one finds out.
Source: Meta, "Send messages": the prefix of Brazilian and Mexican numbers may be modified.
"""

from __future__ import annotations

import hashlib
import re

from askfirst.domain.values.phone import number_from_wa_id

_BRAZIL = re.compile(r"55([1-9][0-9])9([6-9][0-9]{7})", re.ASCII)
_BRAZIL_KEEPS_NINE = frozenset({*range(11, 20), 21, 22, 24, 27, 28})
_MEXICO = re.compile(r"52([2-9][0-9]{9})", re.ASCII)
_DRESSING = re.compile(r"[\s()+-]")
_COUNTRIES = {
    "1": "US",
    "33": "FR",
    "34": "ES",
    "39": "IT",
    "44": "GB",
    "49": "DE",
    "52": "MX",
    "54": "AR",
    "55": "BR",
    "91": "IN",
}
_ELSEWHERE = "ZZ"


def wa_id_of(number: str) -> str:
    """Spell a number as WhatsApp does; what is no number raises InvalidInput naming `to`."""
    digits = number_from_wa_id(_DRESSING.sub("", number), "to").digits
    if (found := _BRAZIL.fullmatch(digits)) and int(found[1]) not in _BRAZIL_KEEPS_NINE:
        return f"55{found[1]}{found[2]}"
    if found := _MEXICO.fullmatch(digits):
        return f"521{found[1]}"
    return digits


def user_id_of(wa_id: str) -> str:
    """Return the BSUID of whoever has this number now: another number, another id."""
    country = next(
        (name for code, name in _COUNTRIES.items() if wa_id.startswith(code)), _ELSEWHERE
    )
    digest = hashlib.blake2b(wa_id.encode(), digest_size=8, person=b"user").digest()
    return f"{country}.{int.from_bytes(digest, 'big'):020d}"
