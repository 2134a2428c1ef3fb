"""Commands about templates: list and show them, say what is amiss, accept, make those for codes."""

from __future__ import annotations

from collections.abc import Sequence

from askfirst.domain.values.errors import UnknownReference
from askfirst.domain.values.ids import PhoneNumberId, parse_node_id
from askfirst.usecases.context.services import Services
from askfirst.usecases.tenants.code_templates import create_code_templates
from askfirst.usecases.tenants.manage_templates import (
    LintedTemplate,
    accept_template,
    lint_templates,
    list_templates,
    show_template,
)
from askfirst.usecases.tenants.read_senders import list_senders
from askfirst.web.admin.admin_command import AdminCommand, Answer, business_of
from askfirst.web.admin.templates.template_row import template_row

_PAGE = 500


class ListTemplates(AdminCommand, frozen=True, kw_only=True, tag=True):
    """List the registry, whole."""

    async def run(self, services: Services) -> Answer:
        business_id = await business_of(services, self.business)
        found: list[LintedTemplate] = []
        after = ""
        while page := await list_templates(services, business_id, after, _PAGE):
            found += page
            last = page[-1].template
            after = f"{last.name}/{last.language}/{last.waba_id}"
        return _rows(found)


class ShowTemplate(AdminCommand, frozen=True, kw_only=True, tag=True):
    """Show one template in all its languages."""

    name: str

    async def run(self, services: Services) -> Answer:
        business_id = await business_of(services, self.business)
        found = await show_template(services, business_id, self.name)
        if not found:
            raise UnknownReference("name", "no template of that name; askfirst templates list")
        return _rows(found)


class LintTemplates(AdminCommand, frozen=True, kw_only=True, tag=True):
    """List what is amiss."""

    async def run(self, services: Services) -> Answer:
        business_id = await business_of(services, self.business)
        return _rows(await lint_templates(services, business_id))


class AcceptTemplate(AdminCommand, frozen=True, kw_only=True, tag=True):
    """Accept that Meta moved a template to marketing."""

    name: str
    language: str = ""

    async def run(self, services: Services) -> Answer:
        business_id = await business_of(services, self.business)
        if not await accept_template(services, business_id, self.name, self.language):
            raise UnknownReference("name", "no template of that name and language is marketing")
        return _rows(await show_template(services, business_id, self.name))


class CreateCodeTemplates(AdminCommand, frozen=True, kw_only=True, tag=True):
    """Make the templates for codes in the account of a sender; empty: of the only one."""

    sender: str = ""
    languages: tuple[str, ...]

    async def run(self, services: Services) -> Answer:
        business_id = await business_of(services, self.business)
        sender = self.sender
        if not sender:
            senders = await list_senders(services, business_id)
            if len(senders) != 1:
                raise UnknownReference("sender", "must be given; askfirst sender list shows them")
            sender = senders[0].phone_number_id
        sender_id = PhoneNumberId(parse_node_id(sender, "sender"))
        made = await create_code_templates(services, business_id, sender_id, self.languages)
        return {
            "name": made.name,
            "made": [one.language for one in made.made],
            "there": [one.language for one in made.there],
            "troubles": [
                {
                    "fault": one.fault.value,
                    "languages": list(one.languages),
                    "status": one.status,
                    "code": one.code,
                }
                for one in made.troubles
            ],
        }


def _rows(found: Sequence[LintedTemplate]) -> Answer:
    return {"templates": [template_row(one) for one in found]}
