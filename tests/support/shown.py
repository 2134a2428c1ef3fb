"""Words as if they had just been shown: kept, with the token that proves it."""

from __future__ import annotations

from askfirst.domain.prompts.prompt import PromptVersion
from askfirst.domain.prompts.prompt_token import PromptToken, prompt_token
from askfirst.domain.values.ids import BusinessId
from askfirst.domain.values.timestamp import HOUR, Instant
from askfirst.ports.prompts.prompts import NEVER_PUBLISHED
from askfirst.ports.tenants.tokens import TokenKind
from askfirst.usecases.context.services import Services


async def show(services: Services, business_id: BusinessId, words: PromptVersion) -> PromptToken:
    """Keep the words and make the token of one rendering of them."""
    await services.prompts.keep(business_id, words, NEVER_PUBLISHED)
    until = Instant(services.clock.now() + HOUR)
    return prompt_token(words, business=business_id, token_id=services.ids.secret(), until=until)


async def shown_token(services: Services, business_id: BusinessId, words: PromptVersion) -> str:
    """The same, as the text that travels in a form."""
    token = await show(services, business_id, words)
    return services.tokens.sign(TokenKind.PROMPT, token.fields())
