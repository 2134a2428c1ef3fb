"""Read the name of a contact, or a sender's own number, as a face was given it."""

from __future__ import annotations

from collections.abc import Mapping

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
    services: HasNumbering, field: str, names: Mapping[str, str | None], country: str = ""
) -> Alias | ContactId:
    """Read the one name that was given, of phone, wa_id, bsuid and id; None is what was not.

    A national `phone` is one of `country`; where that is empty, it has to have its country code.

    Raises:
        InvalidInput: none was given, or several, or the one is not understood.
    """
    given = [(kind, text) for kind, text in names.items() if text is not None]
    if len(given) != 1:
        raise InvalidInput(field, "must have exactly one of phone, wa_id, bsuid and id")
    ((kind, text),) = given
    place = f"{field}.{kind}"
    if kind == "id":
        return ContactId(parse_id(Prefix.CONTACT, text, place))
    return read_alias(services, kind, text, place, country)


def read_alias(
    services: HasNumbering, kind: str, text: str, field: str, country: str = ""
) -> Alias:
    """Read a `phone`, `wa_id` or `bsuid`; a national `phone` is one of `country`.

    Raises:
        InvalidInput: it is not understood.
    """
    match kind:
        case "phone":
            return phone_alias(read_typed_number(services.numbering, text, field, country).digits)
        case "wa_id":
            return wa_id_alias(read_whatsapp_number(services.numbering, text, field).digits)
    try:
        return user_id_alias(text)
    except InvalidInput as error:
        raise InvalidInput(field, error.message) from error


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


def read_typed_person(
    services: HasNumbering, text: str, field: str, country: str = ""
) -> Alias | ContactId:
    """Read a person as an operator names one: by their contact id, or as `read_typed_name` does."""
    return _contact_id(text, field) or read_typed_name(services, text, field, country)


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
