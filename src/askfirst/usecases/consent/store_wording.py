"""Keep the words that an answer is about, before it is recorded."""

from __future__ import annotations

from dataclasses import replace

from askfirst.domain.prompts.prompt_token import PromptToken
from askfirst.domain.values.errors import InvalidInput
from askfirst.usecases.consent.record_consent import Consent, ConsentVerb
from askfirst.usecases.context.services import Services
from askfirst.usecases.prompts.show_prompt import recall_words


async def keep_words(services: Services, consent: Consent) -> Consent:
    """Give the answer with its words kept. A no whose words are lost counts without them.

    Raises:
        InvalidInput: a yes to words that are lost.
    """
    token = consent.prompt
    if not isinstance(token, PromptToken) or token.business_id != consent.business_id:
        return consent
    if await recall_words(services, token):
        return consent
    if consent.verb is ConsentVerb.GRANT:
        raise InvalidInput(
            "prompt.token", "is of words that were changed; render the question again"
        )
    return replace(consent, prompt=None)
