"""The command that packs one person's story for a regulator."""

from __future__ import annotations

from base64 import b64encode

from askfirst.domain.values.locales import parse_locale
from askfirst.usecases.contacts.read_contact import read_typed_person
from askfirst.usecases.context.services import Services
from askfirst.web.admin.admin_command import AdminCommand, Answer, business_of
from askfirst.web.pages.evidence.pack import make_pack


class PackEvidence(AdminCommand, frozen=True, kw_only=True, tag=True):
    """Give the pack, in Base64, and its name."""

    contact: str
    locale: str = "en"

    async def run(self, services: Services) -> Answer:
        business_id = await business_of(services, self.business)
        person = read_typed_person(services, self.contact, "contact")
        language = parse_locale(self.locale, "locale")
        name, content = await make_pack(services, business_id, person, language)
        return {"name": name, "zip": b64encode(content).decode()}
