"""Keep the senders of a business, and what Meta says about its templates."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, Protocol

from askfirst.domain.codes.code_template import TemplateFault, TemplateTrouble
from askfirst.domain.tenants.sender import Sender, Template, TemplateState
from askfirst.domain.tenants.sender_health import SenderHealth
from askfirst.domain.tenants.template_lint import read_template
from askfirst.domain.value import replace
from askfirst.domain.values.ids import BusinessId
from askfirst.ports.codes.code_rules import HasCodeRules
from askfirst.ports.platform.telemetry import HasTelemetry
from askfirst.ports.prompts.catalogue import HasCatalogue
from askfirst.ports.sending.http_connection import HasTemplateSource
from askfirst.ports.tenants.directory import HasDirectory

_UNUSABLE: Final = frozenset({TemplateState.PAUSED, TemplateState.OUT_OF_SERVICE})


class ReadTemplatesNeeds(HasCatalogue, HasDirectory, HasTemplateSource, Protocol):
    """What reading one list needs from the world."""


class ManageSendersNeeds(ReadTemplatesNeeds, HasCodeRules, HasTelemetry, Protocol):
    """What this use case needs from the world."""


async def list_health(services: HasDirectory, business_id: BusinessId) -> tuple[SenderHealth, ...]:
    """Return what Meta last said of the business's senders."""
    return await services.directory.health(business_id)


async def token_for_node(services: HasDirectory, business_id: BusinessId, node: str) -> str | None:
    """Lend Meta's token for a phone number id or WABA id of this business; None for others'."""
    for sender in await services.directory.senders(business_id):
        if node in (sender.phone_number_id, sender.waba_id):
            token = await services.directory.token(business_id, sender.phone_number_id)
            if token is not None:
                return token
    return None


async def refresh_templates(services: ManageSendersNeeds, business_id: BusinessId) -> int:
    """Read Meta's list for each WABA of the business; returns how many templates were seen.

    Nothing is made at Meta. Templates for codes that Meta lists and does not send are signalled.

    Raises:
        Unavailable: Meta did not answer; what was known stays.
    """
    seen: list[Template] = []
    wabas: set[str] = set()
    for sender in await services.directory.senders(business_id):
        token = await services.directory.token(business_id, sender.phone_number_id)
        if token is None or sender.waba_id in wabas:
            continue
        wabas.add(sender.waba_id)
        seen += await read_templates(services, sender, token)
    _signal(services, business_id, seen)
    return len(seen)


async def read_templates(
    services: ReadTemplatesNeeds, sender: Sender, token: str
) -> tuple[Template, ...]:
    """Read Meta's list for the sender's WABA into the registry, with what its words amount to."""
    catalogue = services.catalogue
    listed = await services.template_source.read(sender, token)
    templates = tuple(
        replace(
            one,
            reading=read_template(one.content, one.language, catalogue.patterns, catalogue.opt_out),
        )
        if one.content is not None
        else one
        for one in listed
    )
    await services.directory.put_templates(templates)
    return templates


def _signal(
    services: ManageSendersNeeds, business_id: BusinessId, seen: Sequence[Template]
) -> None:
    ours = (one for one in seen if one.name == services.code_rules.template)
    unusable = tuple(one.language for one in ours if one.state in _UNUSABLE)
    if unusable:
        trouble = TemplateTrouble(fault=TemplateFault.REJECTED, languages=unusable)
        services.telemetry.template_trouble(business_id, trouble)
