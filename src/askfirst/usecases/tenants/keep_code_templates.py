"""Keep askfirst's templates for codes at Meta: make what is missing, say what cannot be used."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, Protocol

from askfirst.domain.codes.code_template import LANGUAGES, TemplateFault, TemplateTrouble
from askfirst.domain.tenants.sender import Sender, Template, TemplateState
from askfirst.domain.values.errors import Unavailable
from askfirst.ports.codes.code_rules import HasCodeRules
from askfirst.ports.platform.telemetry import HasTelemetry
from askfirst.ports.sending.http_connection import HasCodeTemplates, TemplatesRefused

_ASKED_WRONGLY: Final = 400
"""Something about what was asked is wrong, maybe one language of many; all else is trouble."""
_UNUSABLE: Final = frozenset({TemplateState.PAUSED, TemplateState.OUT_OF_SERVICE})


class KeepCodeTemplatesNeeds(HasCodeRules, HasCodeTemplates, HasTelemetry, Protocol):
    """What this use case needs from the world."""


async def keep_code_templates(
    services: KeepCodeTemplatesNeeds, sender: Sender, token: str, known: Sequence[Template]
) -> tuple[Template, ...]:
    """Make the languages that Meta does not list; gives what was made. Never raises.

    What Meta refuses, or lists and does not send, is signalled. It is asked for again when the
    templates are read again, so once in a while and not with each code.
    """
    name = services.code_rules.template
    ours = [template for template in known if template.name == name]
    there = {template.language for template in ours}
    missing = tuple(language for language in LANGUAGES if language not in there)
    made = await _make(services, sender, token, missing) if missing else ()
    unusable = tuple(one.language for one in (*ours, *made) if one.state in _UNUSABLE)
    if unusable:
        trouble = TemplateTrouble(fault=TemplateFault.REJECTED, languages=unusable)
        services.telemetry.template_trouble(sender.business_id, trouble)
    return made


async def _make(
    services: KeepCodeTemplatesNeeds, sender: Sender, token: str, languages: tuple[str, ...]
) -> tuple[Template, ...]:
    """Make them at once; where Meta takes offence, one by one: one may be what it refuses."""
    made, trouble = await _try(services, sender, token, languages)
    if trouble and trouble.status == _ASKED_WRONGLY and len(languages) > 1:
        return await _make_each(services, sender, token, languages)
    if trouble:
        services.telemetry.template_trouble(sender.business_id, trouble)
    return made


async def _make_each(
    services: KeepCodeTemplatesNeeds, sender: Sender, token: str, languages: tuple[str, ...]
) -> tuple[Template, ...]:
    made: tuple[Template, ...] = ()
    for language in languages:
        one, trouble = await _try(services, sender, token, (language,))
        made += one
        if trouble is None:
            continue
        services.telemetry.template_trouble(sender.business_id, trouble)
        if trouble.status != _ASKED_WRONGLY:
            break  # Meta has enough, or is away: the rest waits for the next time
    return made


async def _try(
    services: HasCodeTemplates, sender: Sender, token: str, languages: tuple[str, ...]
) -> tuple[tuple[Template, ...], TemplateTrouble | None]:
    try:
        return await services.code_templates.make(sender, token, languages), None
    except TemplatesRefused as refused:
        return (), TemplateTrouble(
            fault=TemplateFault.REFUSED,
            languages=languages,
            status=refused.status,
            code=refused.code,
        )
    except Unavailable:
        return (), TemplateTrouble(fault=TemplateFault.UNANSWERED, languages=languages)
