"""Keep a business's own questions: drafts that change, published ones that never do."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Protocol

from askfirst.domain.prompts.catalogue import Prompt, Wording
from askfirst.domain.prompts.prompt_lint import LintFinding, lint_prompt
from askfirst.domain.prompts.prompt_rule import LintSeverity
from askfirst.domain.value import replace
from askfirst.domain.values.errors import AskfirstError, InvalidInput, UnknownReference
from askfirst.domain.values.ids import BusinessId
from askfirst.ports.platform.clock import HasClock
from askfirst.ports.prompts.catalogue import HasCatalogue
from askfirst.ports.prompts.prompts import DRAFT, HasProfiles, HasPrompts, OwnPrompt
from askfirst.ports.sending.asking_policy import HasAskingPolicy
from askfirst.ports.tenants.directory import HasDirectory
from askfirst.usecases.prompts.business_name import name_of

BUILT_IN = -1
"""In place of a revision: the question comes with askfirst."""


class ManagePromptsNeeds(
    HasCatalogue, HasClock, HasDirectory, HasAskingPolicy, HasProfiles, HasPrompts, Protocol
):
    """What this use case needs from the world."""


class NotPublished(AskfirstError):
    """The words break a rule that binds here; `findings` say which, and how to mend it."""

    code = "not_published"

    def __init__(self, findings: tuple[LintFinding, ...]) -> None:
        super().__init__("the words break rules that bind; mend them and publish again")
        self.findings = findings


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownPrompt:
    """A question that can be asked. `revision` 0 is a draft, BUILT_IN comes with askfirst."""

    prompt: Prompt
    revision: int
    draft: Prompt | None = None


async def list_prompts(
    services: ManagePromptsNeeds, business_id: BusinessId
) -> tuple[KnownPrompt, ...]:
    """Return all questions of a business by key, the built-in ones included."""
    found = {
        key: KnownPrompt(prompt=prompt, revision=BUILT_IN)
        for key, prompt in services.catalogue.prompts.items()
    }
    for one in await services.prompts.own(business_id):
        found[one.prompt.key] = _with(found.get(one.prompt.key), one)
    return tuple(found[key] for key in sorted(found))


def built_in_wording(services: HasCatalogue, key: str, locale: str) -> Wording | None:
    """Return the words that come with askfirst, where it has some."""
    prompt = services.catalogue.prompts.get(key)
    return prompt.wordings.get(locale) if prompt else None


async def find_prompt(
    services: ManagePromptsNeeds, business_id: BusinessId, key: str
) -> KnownPrompt | None:
    """Find one question by its key."""
    known = await list_prompts(services, business_id)
    return next((one for one in known if one.prompt.key == key), None)


async def put_draft(
    services: ManagePromptsNeeds, business_id: BusinessId, prompt: Prompt
) -> tuple[LintFinding, ...]:
    """Keep a draft; gives what lint finds in it. Nobody is shown a draft."""
    await services.prompts.put_draft(business_id, prompt, services.clock.now())
    return await lint_for(services, business_id, prompt)


async def delete_draft(services: HasPrompts, business_id: BusinessId, key: str) -> bool:
    """Throw a draft away; what is published stays."""
    return await services.prompts.delete_draft(business_id, key)


async def publish_prompt(
    services: ManagePromptsNeeds, business_id: BusinessId, key: str
) -> tuple[int, tuple[LintFinding, ...]]:
    """Publish a draft; gives the revision's number and the warnings.

    Raises:
        UnknownReference: there is no draft of that name.
        NotPublished: a binding rule is broken; the draft stays.
    """
    own = await services.prompts.own(business_id)
    draft = next((o.prompt for o in own if o.prompt.key == key and o.revision == DRAFT), None)
    if draft is None:
        raise UnknownReference("key", "has no draft to publish")
    findings = await lint_for(services, business_id, draft)
    if any(finding.severity is LintSeverity.ERROR for finding in findings):
        raise NotPublished(findings)
    revision = await services.prompts.publish(business_id, draft, services.clock.now())
    return revision, findings


async def publish_prompts(
    services: ManagePromptsNeeds, business_id: BusinessId, prompts: Iterable[Prompt]
) -> tuple[tuple[tuple[str, int], ...], tuple[LintFinding, ...]]:
    """Publish several questions, or none: gives the revisions' numbers, and what lint found."""
    prompts = tuple(check_prompt(services, prompt) for prompt in prompts)
    findings = [one for prompt in prompts for one in await lint_for(services, business_id, prompt)]
    findings.sort(key=lambda finding: finding.severity is not LintSeverity.ERROR)
    if any(finding.severity is LintSeverity.ERROR for finding in findings):
        return (), tuple(findings)
    now = services.clock.now()
    revisions = [
        (prompt.key, await services.prompts.publish(business_id, prompt, now)) for prompt in prompts
    ]
    return tuple(revisions), tuple(findings)


async def lint_for(
    services: ManagePromptsNeeds, business_id: BusinessId, prompt: Prompt
) -> tuple[LintFinding, ...]:
    """Examine a question under the law of the business's country; errors come first."""
    profile = await services.profiles.profile(business_id)
    name = await name_of(services, business_id)
    found = lint_prompt(prompt, services.catalogue, country=profile.country, business=name)
    return tuple(sorted(found, key=lambda finding: finding.severity is not LintSeverity.ERROR))


class CheckPromptNeeds(HasCatalogue, HasAskingPolicy, Protocol):
    """What checking a prompt needs from the world."""


def check_prompt(services: CheckPromptNeeds, prompt: Prompt) -> Prompt:
    """Refuse purposes that the policy does not know, and a notice where a page of ours asks."""
    built_in = services.catalogue.prompts.get(prompt.key)
    if built_in and built_in.kind is not prompt.kind:
        raise InvalidInput("kind", f"must be {built_in.kind}, as of the built-in prompt")
    for name in prompt.purposes:
        if "." in name and name not in services.policy.topics:
            raise InvalidInput("purposes", "must be built in or a topic of the policy")
    return prompt


def _with(known: KnownPrompt | None, own: OwnPrompt) -> KnownPrompt:
    if own.revision != DRAFT:
        return KnownPrompt(
            prompt=own.prompt, revision=own.revision, draft=known.draft if known else None
        )
    if known is None:
        return KnownPrompt(prompt=own.prompt, revision=DRAFT, draft=own.prompt)
    return replace(known, draft=own.prompt)
