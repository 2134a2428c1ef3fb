"""What a receipt says, and what it does not."""

from __future__ import annotations

import json
from typing import Any

import pytest

from askfirst.domain.consent.event import Assurance, Event, EventKind, NumberProof, Source
from askfirst.domain.consent.receipt import STATES, Issue, receipt_of, state_of
from askfirst.domain.prompts.prompt import PromptVersion, Surface
from askfirst.domain.tenants.api_key import Business
from askfirst.domain.tenants.profile import NO_PROFILE, Profile
from askfirst.domain.values.errors import InvalidInput
from askfirst.domain.values.ids import ContactId, EventId, Position
from tests.support.builders import BUSINESS, prompt
from tests.support.clocks import NOON, at

ACME = Business(business_id=BUSINESS, name="Acme")


def event(kind: EventKind = EventKind.GRANTED, **parts: Any) -> Event:
    known: dict[str, Any] = {
        "purposes": ("marketing",),
        "assurance": Assurance.SHOWN,
        "number_proof": NumberProof.VOUCHED,
    }
    return Event(
        event_id=EventId("evt_00000000000000000000000001"),
        business_id=BUSINESS,
        contact_id=ContactId("con_1"),
        position=Position(7),
        kind=kind,
        occurred_at=NOON,
        recorded_at=NOON,
        source=Source.API,
        surface=Surface.SIGNUP,
        **(known | parts),
    )


def receipt(
    kind: EventKind = EventKind.GRANTED,
    words: PromptVersion | None = None,
    profile: Profile = NO_PROFILE,
    *,
    stranger: bool = False,
    **parts: Any,
) -> Any:
    address = "https://optin.example/p/acme/stop"
    issue = Issue(principal="psn_1", issued_at=at(9), withdraw_at=address, is_for_stranger=stranger)
    return receipt_of(event(kind, **parts), words, ACME, profile, issue)


def test_it_has_the_exact_words_and_their_hash() -> None:
    words = prompt("Darf es etwas mehr sein?", locale="de")
    notice = receipt(words=words)["notice"]
    assert notice["words"] == words.text
    assert notice["hash"] == words.hash
    assert notice["language"] == "de"


def test_it_says_who_when_for_what_and_how_to_withdraw() -> None:
    told = receipt(profile=Profile(contact="hello@acme.example", country="FR"))
    assert told["party"] == {
        "role": "controller",
        "id": "acme",
        "name": "Acme",
        "contact": "hello@acme.example",
        "jurisdiction": "FR",
    }
    assert told["purposes"] == ["marketing"]
    assert told["event"]["occurred_at"] == "2026-01-15T12:00:00.000000Z"
    assert told["issued_at"] == "2026-01-15T12:00:09.000000Z"
    assert told["withdrawal"] == {"reply": "STOP", "page": "https://optin.example/p/acme/stop"}
    assert told["ledger"]["position"] == 7


@pytest.mark.parametrize("kind", EventKind)
def test_only_answers_have_receipts(kind: EventKind) -> None:
    if kind in STATES:
        assert receipt(kind)["event"]["state"] == STATES[kind]
        return
    with pytest.raises(InvalidInput) as refused:
        receipt(kind)
    assert refused.value.field == "position"


def test_only_what_was_proven_is_called_confirmed() -> None:
    """A business's `confirm` is its word, whatever evidence it brings."""
    for proof in NumberProof:
        told = receipt(EventKind.CONFIRMED, number_proof=proof)["event"]
        is_proven = proof is NumberProof.PROVEN
        assert told["state"] == state_of(event(EventKind.CONFIRMED, number_proof=proof))
        assert (told["state"] == "confirmed") is is_proven
        assert told["number_proof"] == proof.name.lower()


def test_a_withdrawal_of_everything_says_so() -> None:
    assert receipt(EventKind.WITHDRAWN, purposes=())["purposes"] == ["*"]


def test_what_is_not_known_is_left_out() -> None:
    told = receipt()
    assert "notice" not in told
    assert set(told["party"]) == {"role", "id", "name"}
    assert "null" not in json.dumps(told)


def test_a_stranger_is_not_told_what_was_known_of_the_number() -> None:
    told = receipt(stranger=True)
    assert "assurance" not in told["event"]
    assert told["principal_id"] == "psn_1"
    assert "con_1" not in json.dumps(told)
