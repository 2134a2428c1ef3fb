"""Look at a question that a client wants to ask in the chat: are its words the ones it names?"""

from __future__ import annotations

from askfirst.domain.prompts.chat_question import ChatQuestion, has_only_stops, prompt_named, shows
from askfirst.domain.prompts.prompt import CHAT_SURFACES
from askfirst.domain.values.ids import BusinessId
from askfirst.ports.prompts.prompts import HasPrompts


async def is_altered(services: HasPrompts, business_id: BusinessId, question: ChatQuestion) -> bool:
    """Return whether a tap below this message would be an answer to other words than it shows.

    So is one to words that we did not write for the chat, or that are asked no more.
    """
    if has_only_stops(question):
        return False
    name = prompt_named(question)
    if name is None:
        return True
    if await services.prompts.current_surface(business_id, name) not in CHAT_SURFACES:
        return True
    version = await services.prompts.version(business_id, name)
    return version is None or not shows(question, version)
