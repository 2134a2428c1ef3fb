"""Make askfirst's templates for codes at Meta, on demand and in the languages that are wanted.

Nothing is made unasked: a customer's account is the customer's.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Protocol

from askfirst.domain.codes.code_template import LANGUAGES, TemplateFault, TemplateTrouble
from askfirst.domain.tenants.sender import Sender, Template, TemplateState
from askfirst.domain.values.errors import InvalidInput, Unavailable, UnknownReference
from askfirst.domain.values.ids import BusinessId, PhoneNumberId
from askfirst.ports.codes.code_rules import HasCodeRules
from askfirst.ports.platform.telemetry import HasTelemetry
from askfirst.ports.sending.http_connection import HasCodeTemplates, TemplatesRefused
from askfirst.usecases.tenants.manage_senders import ReadTemplatesNeeds, read_templates
from askfirst.usecases.tenants.read_senders import find_sender

_ASKED_WRONGLY: Final = 400
"""Something about what was asked is wrong, maybe one language of many; all else is trouble."""


class CreateCodeTemplatesNeeds(
    ReadTemplatesNeeds, HasCodeRules, HasCodeTemplates, HasTelemetry, Protocol
):
    """What this use case needs from the world."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CodeTemplatesMade:
    """What came of it: new ones, languages that were there before, and what Meta did not make."""

    name: str
    made: tuple[Template, ...]
    there: tuple[Template, ...]
    troubles: tuple[TemplateTrouble, ...]


def parse_languages(codes: Sequence[str], field: str) -> tuple[str, ...]:
    """Read Meta's codes of languages, each once.

    Meta writes the words of such templates itself; askfirst's question about codes has to exist in
    the language, too.

    Raises:
        InvalidInput: none is given, or one that askfirst has no words in.
    """
    wanted = tuple(dict.fromkeys(code.strip().replace("-", "_") for code in codes))
    if not wanted or not set(wanted) <= set(LANGUAGES):
        raise InvalidInput(field, "must be some of " + ", ".join(LANGUAGES))
    return wanted


async def create_code_templates(
    services: CreateCodeTemplatesNeeds,
    business_id: BusinessId,
    sender_id: PhoneNumberId,
    languages: Sequence[str],
) -> CodeTemplatesMade:
    """Make the wanted languages that the sender's account has not; those it has stay as they are.

    Raises:
        UnknownReference: the business has no such sender.
        InvalidInput: a language is none of ours, or Meta's token for the sender is not known.
        Unavailable: Meta's list cannot be read.
    """
    wanted = parse_languages(languages, "languages")
    sender = await find_sender(services, business_id, sender_id)
    if sender is None:
        raise UnknownReference("sender", "must be the phone_number_id of a sender of the business")
    token = await services.directory.token(business_id, sender_id)
    if token is None:
        raise InvalidInput("sender", "has no access token of Meta's yet; store it first")
    listed = await read_templates(services, sender, token)
    name = services.code_rules.template
    there = tuple(one for one in listed if one.name == name and one.language in wanted)
    known = {one.language for one in there}
    missing = tuple(language for language in wanted if language not in known)
    made, troubles = await _make(services, sender, token, missing) if missing else ((), ())
    await services.directory.put_templates(made)
    for trouble in troubles:
        services.telemetry.template_trouble(business_id, trouble)
    return CodeTemplatesMade(name=name, made=made, there=there, troubles=troubles)


_Made = tuple[tuple[Template, ...], tuple[TemplateTrouble, ...]]


async def _make(
    services: HasCodeTemplates, sender: Sender, token: str, languages: tuple[str, ...]
) -> _Made:
    """Make them at once; where Meta takes offence, one by one: one may be what it refuses."""
    made, trouble = await _try(services, sender, token, languages)
    if trouble and trouble.status == _ASKED_WRONGLY and len(languages) > 1:
        return await _make_each(services, sender, token, languages)
    return made, (trouble,) if trouble else _rejected(made)


async def _make_each(
    services: HasCodeTemplates, sender: Sender, token: str, languages: tuple[str, ...]
) -> _Made:
    made: tuple[Template, ...] = ()
    troubles: tuple[TemplateTrouble, ...] = ()
    for language in languages:
        one, trouble = await _try(services, sender, token, (language,))
        made += one
        if trouble is None:
            continue
        troubles += (trouble,)
        if trouble.status != _ASKED_WRONGLY:
            break  # Meta has enough, or is away: the rest is left for another time
    return made, (*troubles, *_rejected(made))


def _rejected(made: tuple[Template, ...]) -> tuple[TemplateTrouble, ...]:
    languages = tuple(one.language for one in made if one.state is TemplateState.OUT_OF_SERVICE)
    return (TemplateTrouble(fault=TemplateFault.REJECTED, languages=languages),) * bool(languages)


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
