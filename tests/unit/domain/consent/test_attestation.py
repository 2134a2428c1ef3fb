"""Who took an answer down: named, or there is none."""

from __future__ import annotations

import pytest

from askfirst.domain.consent.attestation import Attestation, needs_witness
from askfirst.domain.prompts.prompt import Surface
from askfirst.domain.values.errors import InvalidInput


def test_a_yes_by_word_of_mouth_or_on_paper_needs_one() -> None:
    assert {surface for surface in Surface if needs_witness(surface)} == {
        Surface.PHONE,
        Surface.PAPER,
    }


def test_what_is_not_known_is_left_out_of_the_evidence() -> None:
    assert Attestation(taken_by="agent 17").as_evidence() == {"taken_by": "agent 17"}
    whole = Attestation(taken_by="shop 3", form="2026-01", scan_sha256="0" * 64)
    assert list(whole.as_evidence()) == ["taken_by", "form", "scan_sha256"]


@pytest.mark.parametrize(
    ("parts", "field"),
    [
        ({"taken_by": ""}, "taken_by"),
        ({"taken_by": "  "}, "taken_by"),
        ({"taken_by": "x" * 257}, "taken_by"),
        ({"taken_by": "x", "form": "x" * 257}, "form"),
        ({"taken_by": "x", "scan_sha256": "0" * 63}, "scan_sha256"),
        ({"taken_by": "x", "scan_sha256": "G" * 64}, "scan_sha256"),
    ],
)
def test_what_is_no_witness_is_refused(parts: dict[str, str], field: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        Attestation(**parts)
    assert refused.value.field == field
