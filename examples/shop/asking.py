"""The two calls with which any product asks: fetch the question, hand back the answer."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from askfirst_client import Answer, Askfirst, Away, Refused

GRANTED, REFUSED, SILENT, FAILED = "granted", "refused", "silent", "failed"
INFORMED = "informed"
_KINDS = {"grant": GRANTED, "refuse": REFUSED, "inform": INFORMED}


@dataclass(frozen=True)
class Outcome:
    """What came of a question. `position` is the line of askfirst's ledger, 0 for none.

    `remedies` would make a yes count that does not: askfirst knows, since it knows what was said
    before. Only the number's holder may be told; whoever typed a number is told none of it.
    """

    kind: str
    position: int = 0
    assurance: str = ""
    purposes: tuple[str, ...] = ()
    remedies: frozenset[str] = frozenset()


async def fetch_question(
    askfirst: Askfirst, key: str, locale: str, **filling: str
) -> Answer | None:
    """Get a question in the visitor's language.

    `html` is a fragment for any form. In it is a token that proves which words were shown; it
    lives for an hour and works once, so a question is fetched for every page that shows it.
    Without askfirst the shop goes on: it sells coffee, and does not ask.
    """
    query = urlencode({"locale": locale, **filling})
    try:
        return await askfirst.call("GET", f"/v1/prompts/{key}/render?{query}")
    except Away:
        return None


async def record_answer(
    askfirst: Askfirst,
    key: str,
    form: Mapping[str, str],
    phone: str,
    *,
    is_proven: bool = False,
    witness: Answer | None = None,
    **evidence: Any,
) -> Outcome:
    """Hand the answer in a form back, with its token. The shop never says what was shown.

    An empty box is no answer, so nothing is recorded. Neither is a yes whose token is not one that
    askfirst has made: then the shop must not count on it. `is_proven`: the customer has shown that
    the number is theirs; otherwise anybody may have typed it, and a yes lifts no earlier no.
    `witness` is who took the answer, where it was not the customer who pressed.
    `evidence` is whatever may prove the answer later; askfirst keeps it encrypted.
    """
    verb = form.get(f"askfirst_{key}", "")
    if verb not in _KINDS:
        return Outcome(SILENT)
    body = {
        "verb": verb,
        "contact": {"phone": phone},
        "prompt": {"token": form.get(f"askfirst_{key}_token", "")},
        "number_proof": "vouched" if is_proven else "typed",
        "evidence": evidence,
    }
    if witness is not None:
        body["witness"] = witness
    try:
        event = await askfirst.call("POST", "/v1/consents", body)
    except (Refused, Away):
        return Outcome(FAILED)
    standing = event["standing"]
    return Outcome(
        _KINDS[verb],
        event["position"],
        event["assurance"],
        tuple(event["purposes"]),
        frozenset(remedy for one in standing for remedy in one["would_make_it_effective"]),
    )
