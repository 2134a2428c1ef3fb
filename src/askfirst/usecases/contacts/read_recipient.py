"""Read whom a client wants to send to, the same at every door that stands before a send."""

from __future__ import annotations

from askfirst.decision.countries.place import NOWHERE, Place
from askfirst.domain.value import Value
from askfirst.domain.values.alias import Alias, phone_alias, user_id_alias
from askfirst.domain.values.errors import InvalidInput
from askfirst.domain.values.phone import PhoneNumber
from askfirst.ports.platform.phone_numbers import HasNumbering, Numbering
from askfirst.usecases.contacts.read_number import read_number, read_typed_number


class Recipient(Value, frozen=True):
    """The names that were given, the number among them, and the country and place they tell."""

    names: tuple[Alias, ...]
    digits: str
    country: str
    place: Place


NO_RECIPIENT = Recipient((), "", "", NOWHERE)


def read_recipient(
    services: HasNumbering, to: str | None, recipient: str | None, dialled_in: str = ""
) -> Recipient:
    """Read a number, a business-scoped user id, or both; None is what was not given.

    With `dialled_in`, a country, `to` is a number as somebody typed it there; without, as WhatsApp
    names it.

    Raises:
        InvalidInput: one of them is not understood.
    """
    names: tuple[Alias, ...] = ()
    digits = country = ""
    if to is not None:
        digits = _number(services.numbering, to, dialled_in).digits
        names, country = (phone_alias(digits),), services.numbering.country(digits)
    if recipient is not None:
        names += (_user_id(recipient),)
        country = country or recipient[:2]
    return Recipient(names, digits, country, services.numbering.place(digits, country))


def _number(numbering: Numbering, to: str, country: str) -> PhoneNumber:
    if country:
        return read_typed_number(numbering, to, "to", country)
    return read_number(numbering, to, "to")


def _user_id(text: str) -> Alias:
    try:
        return user_id_alias(text)
    except InvalidInput as error:
        message = "must be a business-scoped user id; put a number into to"
        raise InvalidInput("recipient", message) from error
