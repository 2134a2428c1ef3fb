"""Give a name of a contact that was named by its id."""

from __future__ import annotations

from askfirst.domain.values.alias import Alias
from askfirst.domain.values.errors import UnknownReference
from askfirst.domain.values.ids import BusinessId, ContactId
from askfirst.ports.consent.ledger import HasLedger


async def name_contact(
    services: HasLedger, business_id: BusinessId, person: Alias | ContactId, field: str
) -> Alias:
    """Return the name that was given, or one of the contact's: their number, where it is known.

    Raises:
        UnknownReference: no contact has this id, or it was erased, with all its names.
    """
    if isinstance(person, Alias):
        return person
    found = await services.ledger.find(business_id, person)
    names = await services.ledger.names(business_id, found) if found else ()
    if not names:
        raise UnknownReference(field, "must be the id of a contact that is known here")
    return names[0]
