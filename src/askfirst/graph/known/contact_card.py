"""Contact cards. Source: Meta, "Contacts messages"."""

from __future__ import annotations

from askfirst.graph.known.field import UNSET, Known, Maybe, Scalar


class Address(Known):
    street: Scalar = UNSET
    city: Scalar = UNSET
    state: Scalar = UNSET
    zip: Scalar = UNSET
    country: Scalar = UNSET
    country_code: Scalar = UNSET
    type: Scalar = UNSET


class Email(Known):
    email: Scalar = UNSET
    type: Scalar = UNSET


class Name(Known):
    formatted_name: Scalar = UNSET
    first_name: Scalar = UNSET
    middle_name: Scalar = UNSET
    last_name: Scalar = UNSET
    prefix: Scalar = UNSET
    suffix: Scalar = UNSET


class Organisation(Known):
    company: Scalar = UNSET
    department: Scalar = UNSET
    title: Scalar = UNSET


class Phone(Known):
    phone: Scalar = UNSET
    type: Scalar = UNSET
    wa_id: Scalar = UNSET
    user_id: Scalar = UNSET


class Url(Known):
    url: Scalar = UNSET
    type: Scalar = UNSET


class ContactCard(Known):
    """One person of a contacts message."""

    name: Maybe[Name] = UNSET
    birthday: Scalar = UNSET
    phones: Maybe[tuple[Phone, ...]] = UNSET
    emails: Maybe[tuple[Email, ...]] = UNSET
    urls: Maybe[tuple[Url, ...]] = UNSET
    addresses: Maybe[tuple[Address, ...]] = UNSET
    org: Maybe[Organisation] = UNSET
