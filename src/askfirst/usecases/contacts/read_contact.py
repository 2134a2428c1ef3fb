"""Read the name of a contact, or a sender's own number, as a face was given it."""

from __future__ import annotations

from askfirst.domain.values.alias import Alias, phone_alias, user_id_alias, wa_id_alias
from askfirst.domain.values.errors import InvalidInput
from askfirst.domain.values.ids import ContactId, Prefix, parse_id
from askfirst.domain.values.phone import PhoneNumber
from askfirst.ports.platform.phone_numbers import HasNumbering
from askfirst.usecases.contacts.read_number import (
    read_own_number,
    read_typed_contact,
    read_typed_number,
    read_whatsapp_contact,
    read_whatsapp_number,
)


def read_contact(
    services: HasNumbering,
    field: str,
    *,
    phone: str | None = None,
    wa_id: str | None = None,
    bsuid: str | None = None,
    country: str = "",
) -> Alias:
    """Read the one name that was given; None is what was not.

    A national `phone` is one of `country`; where that is empty, it has to have its country code.

    Raises:
        InvalidInput: none was given, or several, or the one is not understood.
    """
    names = {"phone": phone, "wa_id": wa_id, "bsuid": bsuid}
    given = [key for key, value in names.items() if value is not None]
    if len(given) != 1:
        raise InvalidInput(field, "must have exactly one of phone, wa_id and bsuid")
    place, numbering = f"{field}.{given[0]}", services.numbering
    if phone is not None:
        return phone_alias(read_typed_number(numbering, phone, place, country).digits)
    if wa_id is not None:
        return wa_id_alias(read_whatsapp_number(numbering, wa_id, place).digits)
    try:
        return user_id_alias(bsuid or "")
    except InvalidInput as error:
        raise InvalidInput(place, error.message) from error


def read_contact_name(services: HasNumbering, text: str, field: str) -> Alias:
    """Read a name as WhatsApp gives it: a `wa_id`, or a business-scoped user id."""
    return read_whatsapp_contact(services.numbering, text, field)


def read_typed_name(services: HasNumbering, text: str, field: str, country: str = "") -> Alias:
    """Read a name that an operator typed: a number, or a business-scoped user id.

    The number has a plus, or is dialled in `country`.
    """
    return read_typed_contact(services.numbering, text, field, country)


def read_person(services: HasNumbering, text: str, field: str) -> Alias | ContactId:
    """Read a person as a client names one: by their contact id, or as `read_contact_name` does."""
    return _contact_id(text, field) or read_contact_name(services, text, field)


def read_typed_person(services: HasNumbering, text: str, field: str) -> Alias | ContactId:
    """Read a person as an operator names one: by their contact id, or as `read_typed_name` does."""
    return _contact_id(text, field) or read_typed_name(services, text, field)


def _contact_id(text: str, field: str) -> ContactId | None:
    if not text.startswith(f"{Prefix.CONTACT}_"):
        return None
    return ContactId(parse_id(Prefix.CONTACT, text, field))


def read_sender_number(services: HasNumbering, text: str, field: str) -> PhoneNumber:
    """Read a sender's own number: with a plus; it may be in no plan, as Meta's test numbers were.

    Raises:
        InvalidInput: it has no plus, or not the shape of a number.
    """
    return read_own_number(services.numbering, text, field)
