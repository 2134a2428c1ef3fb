"""Preview a question as customers see it, with what lint finds in it; nothing is kept."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from askfirst.domain.prompts.catalogue import Prompt
from askfirst.domain.prompts.interpolation import FilledPrompt, Filling
from askfirst.domain.prompts.prompt_lint import LintFinding
from askfirst.domain.value import replace
from askfirst.domain.values.ids import BusinessId
from askfirst.usecases.prompts.business_name import name_of
from askfirst.usecases.prompts.manage_prompts import (
    KnownPrompt,
    ManagePromptsNeeds,
    find_prompt,
    lint_for,
)
from askfirst.usecases.prompts.render_prompt import PromptRequest, render_prompt
from askfirst.usecases.prompts.show_prompt import known_locale

_ORDER: Final = "1234"


@dataclass(frozen=True, slots=True, kw_only=True)
class PromptPreview:
    """A question in one language. `prompt` is the draft or what is asked now, as was wanted."""

    known: KnownPrompt
    prompt: Prompt
    filled: FilledPrompt
    findings: tuple[LintFinding, ...]


async def preview_prompt(
    services: ManagePromptsNeeds,
    business_id: BusinessId,
    key: str,
    wanted: Sequence[str],
    *,
    of_draft: bool,
) -> PromptPreview | None:
    """Fill a question in, in the first of the wanted languages that it has; None: there is none.

    Of one that has no draft it is what is asked now, with or without `of_draft`.
    """
    known = await find_prompt(services, business_id, key)
    if known is None:
        return None
    prompt = known.draft if of_draft and known.draft else known.prompt
    built_in = services.catalogue
    catalogue = replace(built_in, prompts={**built_in.prompts, key: prompt})
    filling = Filling(business=await name_of(services, business_id), order=_ORDER)
    locale = known_locale(catalogue, key, tuple(wanted))
    filled = render_prompt(catalogue, PromptRequest(key=key, locale=locale, filling=filling))
    findings = await lint_for(services, business_id, prompt)
    return PromptPreview(known=known, prompt=prompt, filled=filled, findings=findings)
