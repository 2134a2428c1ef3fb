"""Read phone numbers: the one reader, for every door.

One number has one answer, whoever asks: a yes, a stop, a check, a send and a code for any of its
spellings are about one contact. What cannot be told is refused, and nothing is guessed. Doors
differ only in what their callers may leave out, never in what a text means:

* where a person or an operator typed, the number has a plus or `00`, or it is dialled in a country
  that was named: chosen beside the number, or the business's own (`read_typed_number`). Digits
  alone are no answer: 51 98765 4321 is a mobile in Porto Alegre and one in Peru;
* where a client names a recipient as WhatsApp does (`to`), digits alone begin with the country
  code (`read_number`);
* what Meta names (`from`, `wa_id`) is never dropped: a number that no plan has is taken as it is
  named, so that a STOP from it counts (`read_whatsapp_number`, `canonical_names`).
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from askfirst.decision.countries.place import Place
from askfirst.domain.inbound.inbound_event import InboundEvent, NumberChanged
from askfirst.domain.value import replace
from askfirst.domain.values.alias import Alias, is_user_id, phone_alias, user_id_alias, wa_id_alias
from askfirst.domain.values.errors import InvalidInput
from askfirst.domain.values.number_text import (
    NO_PLUS,
    NOT_A_NUMBER,
    NOT_IN_COUNTRY,
    Written,
    undress,
)
from askfirst.domain.values.phone import PhoneNumber, is_former_spelling
from askfirst.ports.platform.phone_numbers import HasNumbering, Numbering

_PLAIN = re.compile(r"(\+?)([1-9][0-9]{6,16})", re.ASCII)


def read_number(numbering: Numbering, text: str, field: str) -> PhoneNumber:
    """Read a number that a client names: `+44 7700 900123`, or digits with a country code.

    It need not be valid, because some that WhatsApp knows are not: its length must be one of its
    country's.

    Raises:
        InvalidInput: it cannot be told which number is meant.
    """
    found = _known(numbering, _written_by_client(text, field))
    if not found:
        raise InvalidInput(field, NOT_A_NUMBER)
    return PhoneNumber(found)


def read_typed_number(
    numbering: Numbering, text: str, field: str, country: str = ""
) -> PhoneNumber:
    """Read a number that somebody typed: with a plus or `00`, or as it is dialled in `country`.

    `country` is an ISO 3166 code; without one, a number must have its country code. As it is
    dialled it has to be a number that the country really has.

    Raises:
        InvalidInput: it cannot be told which number is meant.
    """
    written = _written(text, field)
    if written.is_international:
        return read_number(numbering, text, field)
    example = numbering.example(country) if country else ""
    if not example:
        raise InvalidInput(field, NO_PLUS)
    found = numbering.in_country(written.digits, country)
    if not found:
        raise InvalidInput(field, NOT_IN_COUNTRY.format(country=country, example=example))
    return PhoneNumber(found)


def read_whatsapp_number(numbering: Numbering, text: str, field: str) -> PhoneNumber:
    """Read a number as WhatsApp names it; one that no plan has is taken by its shape.

    Raises:
        InvalidInput: it has not the shape of a number (E.164: 7 to 15 digits, no zero first).
    """
    written = _written_by_client(text, field)
    found = _known(numbering, written)
    if not found and numbering.has_trunk_prefix(written.digits):
        raise InvalidInput(field, NOT_A_NUMBER)
    try:
        return PhoneNumber(found or written.digits)
    except InvalidInput as error:
        raise InvalidInput(field, error.message) from error


def read_own_number(numbering: Numbering, text: str, field: str) -> PhoneNumber:
    """Read a business's own number, as its operator typed it: with a plus; it may be in no plan.

    Raises:
        InvalidInput: it has no plus, or not the shape of a number.
    """
    if not _written(text, field).is_international:
        raise InvalidInput(field, NO_PLUS)
    return read_whatsapp_number(numbering, text, field)


def read_typed_contact(numbering: Numbering, text: str, field: str, country: str = "") -> Alias:
    """Read the name of a contact that somebody typed: a number, or a business-scoped user id."""
    if is_user_id(text):
        return user_id_alias(text)
    return phone_alias(read_typed_number(numbering, text, field, country).digits)


def read_whatsapp_contact(numbering: Numbering, text: str, field: str) -> Alias:
    """Read the name of a contact as WhatsApp gives it: a `wa_id`, or a user id."""
    if is_user_id(text):
        return user_id_alias(text)
    try:
        return wa_id_alias(read_whatsapp_number(numbering, text, field).digits)
    except InvalidInput as error:
        message = "must be a number such as +447700900123 or a BSUID such as US.13491208"
        raise InvalidInput(field, message) from error


def canonical_names(numbering: Numbering, names: Iterable[Alias]) -> tuple[Alias, ...]:
    """Give names that Meta signed under the spelling that every other door uses.

    None is dropped: a number that no plan has stays as it is.
    """
    return tuple([_canonical_name(numbering, name) if name.is_number else name for name in names])


def with_canonical_names(numbering: Numbering, notice: InboundEvent) -> InboundEvent:
    """Return a notice of Meta's under the spellings that every other door uses."""
    if isinstance(notice, NumberChanged):
        names = canonical_names(numbering, notice.aliases)
        new = canonical_names(numbering, notice.new_aliases)
        return replace(notice, aliases=names, new_aliases=new)
    for name in notice.aliases:
        if name.is_number and numbering.canonical(name.value) not in ("", name.value):
            return replace(notice, aliases=canonical_names(numbering, notice.aliases))
    return notice


def _canonical_name(numbering: Numbering, name: Alias) -> Alias:
    found = numbering.canonical(name.value)
    return name if found in ("", name.value) else Alias(name.kind, found)


def _written_by_client(text: str, field: str) -> Written:
    """Undress what a client wrote: with anything between them, digits are a national number."""
    written = _written(text, field)
    if written.is_dressed and not written.is_international:
        raise InvalidInput(field, NO_PLUS)
    return written


def _written(text: str, field: str) -> Written:
    """Undress what was written; most numbers come without a dress."""
    if plain := _PLAIN.fullmatch(text):
        return Written(plain[2], bool(plain[1]))
    return undress(text, field)


def _known(numbering: Numbering, written: Written) -> str:
    """Find the number in its plan; a zero in brackets is left out where it is not part of it."""
    digits, without_zero = written.digits, written.without_zero
    found = numbering.canonical(digits)
    if not found and without_zero:
        found = numbering.canonical(without_zero)
    if not found and is_former_spelling(digits):
        return digits
    return found


def country_of_alias(services: HasNumbering, name: Alias) -> str:
    """Tell the recipient's country by the number, or else by the first letters of the BSUID."""
    return services.numbering.country(name.value) if name.is_number else name.value[:2]


def place_of_alias(services: HasNumbering, name: Alias) -> Place:
    """Tell where in the country the recipient may be."""
    digits = name.value if name.is_number else ""
    return services.numbering.place(digits, country_of_alias(services, name))
