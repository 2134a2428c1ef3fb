"""No room reads numbers by itself: all of them go to the one reader."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

import askfirst
from askfirst.adapters.phone_numbers import WorldNumbering
from askfirst.domain.values.errors import InvalidInput
from askfirst.usecases.contacts.read_number import (
    read_number,
    read_typed_number,
    read_whatsapp_number,
)

SOURCE = Path(askfirst.__file__).parent

MAKERS = {
    *("PhoneNumber", "number_from_wa_id", "phone_alias", "wa_id_alias", "parse_alias", "undress"),
    *("numbering.canonical", "phonenumbers.parse"),
}
"""What makes a number, or a name of somebody by it, out of text."""

KNOWN = {
    # The reader, what it is made of, and the plans behind it.
    "usecases/contacts/read_number.py": {
        "undress",
        "numbering.canonical",
        "PhoneNumber",
        "phone_alias",
        "wa_id_alias",
    },
    "domain/values/phone.py": {"PhoneNumber"},
    "domain/values/alias.py": {"number_from_wa_id", "wa_id_alias"},
    "adapters/phone_numbers.py": {"phonenumbers.parse"},
    # Doors: each names what the reader has read.
    "usecases/contacts/read_recipient.py": {"phone_alias"},
    "usecases/consent/answer_prompt.py": {"phone_alias"},
    "usecases/contacts/read_contact.py": {"phone_alias", "wa_id_alias"},
    "web/api/codes/routes.py": {"PhoneNumber"},
    # What was read before, and kept: a sender's digits, a code's number.
    "usecases/codes/request_code.py": {"phone_alias"},
    "usecases/codes/deliver_code.py": {"PhoneNumber"},
    "usecases/opt_out/opt_out_link.py": {"PhoneNumber"},
    "usecases/consent/prove_number.py": {"PhoneNumber"},
    "usecases/entry_points/manage_entries.py": {"PhoneNumber"},
    "usecases/codes/guide_to_code.py": {"PhoneNumber"},
    "storage/codes/code_rows.py": {"phone_alias"},
    # The sender's own digits, as they were kept with a decision.
    "decision/decide_again.py": {"phone_alias"},
    # Rows of a file: numbers as spreadsheets leave them, undressed and then found in their plans.
    "usecases/bulk/imports/read_file_number.py": {"numbering.canonical", "phone_alias", "undress"},
    "usecases/bulk/imports/read_rows.py": {"wa_id_alias"},
    # Digits of a list, once its reader has found them in a plan.
    "usecases/bulk/screens/screening.py": {"phone_alias"},
    # Meta's own names; the use case that takes them asks the reader (`canonical_names`).
    "graph/sending/send_answer.py": {"parse_alias"},
    # A WhatsApp of its own, which names people as Meta does.
    "simulator/state/spelling.py": {"number_from_wa_id"},
    "simulator/pages/rendering.py": {"phonenumbers.parse"},
}


def makers(path: Path) -> set[str]:
    """Name the makers of numbers that a module calls."""
    calls = [
        node.func for node in ast.walk(ast.parse(path.read_text())) if isinstance(node, ast.Call)
    ]
    names = {".".join(ast.unparse(call).split(".")[-2:]) for call in calls}
    return names & MAKERS


def test_whoever_makes_a_number_is_known() -> None:
    found = {path.relative_to(SOURCE).as_posix(): makers(path) for path in SOURCE.rglob("*.py")}
    assert {name: names for name, names in found.items() if names} == KNOWN


@pytest.fixture(scope="module")
def numbering() -> WorldNumbering:
    return WorldNumbering()


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("447911123456", "must start with a plus and the country code"),
        ("07911 123456", "must start with a plus and the country code"),
        ("+44 7911 123456 ext. 5", "without an extension"),
        ("tel:+447911123456;ext=5", "without an extension"),
        ("+44 7911 123456 / +44 7911 123457", "one number alone"),
        ("+49 30 123456/7", "one number alone"),
        ("4.47911E+11", "a spreadsheet made an amount of it"),
        ("+447911123456.0", "a spreadsheet made an amount of it"),
        ("+44 7911 1234", "as long as numbers of that country are"),
        ("+44 7911 123456\x00", "must be a phone number"),
        ("\ud800+447911123456", "must be a phone number"),
    ],
)
def test_a_refusal_says_what_would_be_right(
    numbering: WorldNumbering, text: str, said: str
) -> None:
    with pytest.raises(InvalidInput) as refused:
        read_typed_number(numbering, text, "contact.phone")
    assert refused.value.field == "contact.phone"
    assert said in refused.value.message
    assert "for example +447700900123" in refused.value.message
    assert "7911" not in refused.value.message


@pytest.mark.parametrize("text", ["+" * 5_000, "(" * 5_000, "'" * 5_000, "1" * 5_000, "٣" * 5_000])
def test_a_long_text_costs_nothing(numbering: WorldNumbering, text: str) -> None:
    for read in (read_number, read_typed_number, read_whatsapp_number):
        with pytest.raises(InvalidInput):
            read(numbering, text, "to")


@pytest.mark.parametrize("text", ["( " * 48, "+( " * 32, "= \"'" * 24, "0 /" * 32, ") 1" * 32])
def test_no_text_makes_the_reader_slow(numbering: WorldNumbering, text: str) -> None:
    for _ in range(200):
        with pytest.raises(InvalidInput):
            read_typed_number(numbering, text, "to")
